"""Weights: what each clue is worth, as a capped log-likelihood ratio; a register that reads like a page.

In: :class:`Conduct`. Out: one array an entry of :data:`WEIGHTS`: natural logarithms, positive against the account, NaN for no
data (worth nothing). Caps keep any single clue from deciding: one that honest people share (a batch behind one
network, no sleep in a team's account) stays under ln 10 = 2.3, the floor of :mod:`graphscan.accounts.probability`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from graphscan.accounts.conduct import Conduct
from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Flags, Ints


@dataclass(frozen=True)
class Weight:
    """One clue: name, evidence family, most it can count in either direction, and its function."""

    name: str
    family: str
    cap: float
    of: Callable[[Conduct], Floats]


def _by_tool(share: Floats, known: Ints, cap: float, prior: float) -> Floats:
    """Square of the share (a few deeds by tool are occasional use, not a managed life), less for few deeds."""
    return np.asarray(cap * share**2 * known / (known + prior))


def _registered(c: Conduct) -> Floats:
    return 2.5 * c.tools.registered_by_agent


def _posting(c: Conduct) -> Floats:
    return _by_tool(c.tools.posting_share, c.tools.known[:, 0], 6.0, 2.0)


def _interaction(c: Conduct) -> Floats:
    return _by_tool(c.tools.interaction_share, c.tools.known[:, 1:].sum(axis=1), 4.0, 5.0)


def _regular(c: Conduct) -> Floats:
    """Bound of Sellke, Bayarri and Berger (2001): p tells at most 1/(-e p ln p) against the null; from p = 0.01."""
    p = np.clip(c.regularity.p_value, 1e-300, 1.0)
    worth = np.log(-1 / (np.e * p * np.log(np.minimum(p, 0.3))))
    return np.where(np.isnan(p), np.nan, np.where(p <= 0.01, worth, 0.0))


def _sleepless(c: Conduct) -> Floats:
    return 2.0 * c.sleep.sleepless


def _constant(c: Conduct) -> Floats:
    return 2.0 * c.replies.constant


def _beat(c: Conduct) -> Floats:
    return 1.5 * c.heartbeat.beats


def _batch(c: Conduct) -> Floats:
    """A device of one's own is easier to have than a network of one's own."""
    found = c.registration
    worth = np.array([1.5 if b.kind == "device" else 1.0 for b in found.batches] + [0.0])
    return np.asarray(found.in_batch * worth[found.batch])


def _template(c: Conduct) -> Floats:
    return c.template_llr


def _declared(c: Conduct) -> Floats:
    """Labelling lowers, never raises; a note posted by an agent tool gains nothing by its label."""
    return np.asarray(-1.0 * c.notes.declared_share * (1 - np.nan_to_num(c.tools.posting_share)))


def _identified(c: Conduct) -> Floats:
    return np.asarray(-3.0 * c.presence.verified - 4.0 * c.presence.labelled_human)


def _age(c: Conduct) -> Floats:
    age = c.presence.age_days
    return np.where(np.isnan(age), np.nan, np.where(age >= 180, -0.7, np.where(age >= 30, -0.3, 0.0)))


def _media(c: Conduct) -> Floats:
    return -0.5 * c.presence.own_media_share


def _talk(c: Conduct) -> Floats:
    return -0.5 * c.presence.partners


def _rest(c: Conduct) -> Floats:
    quiet = c.sleep.quiet_share
    return np.where(np.isnan(quiet), np.nan, np.where(quiet <= 0.01, -0.5, 0.0))


WEIGHTS: tuple[Weight, ...] = (
    Weight("registered_by_tool", "A1", 2.5, _registered),
    Weight("posted_by_tool", "A1", 6.0, _posting),
    Weight("interacted_by_tool", "A1", 4.0, _interaction),
    Weight("regular_gaps", "A2", 2.2, _regular),  # below ln 10: METHOD 0.6, never as a sole reason
    Weight("no_sleep", "A2", 2.0, _sleepless),
    Weight("constant_replies", "A2", 2.0, _constant),
    Weight("heartbeat", "A2", 1.5, _beat),
    Weight("template", "A3", 4.0, _template),
    Weight("registration_batch", "A4", 1.5, _batch),
    Weight("against_declared", "context", 1.0, _declared),
    Weight("against_identified", "context", 5.0, _identified),
    Weight("against_age", "context", 0.7, _age),
    Weight("against_own_media", "context", 0.5, _media),
    Weight("against_talk", "context", 1.5, _talk),
    Weight("against_rest", "context", 0.5, _rest),
)
"""Every clue of this room, in the order of the evidence families. Adding one is one function and one line here."""

TOLD_AS = {"against_rest": "against_sleep"}
"""Weights whose clue is told under another name."""

FAMILY_CAPS = {"A1": 12.0, "A2": 3.5, "A3": 4.0, "A4": 1.5, "context": 6.0}
"""Most that a family can count: clues of one family depend on each other (four looks at one clock are not four clocks)."""


def weigh(found: Conduct) -> dict[str, Floats]:
    """Return each clue's capped weight, one array an account, not to be written to; NaN is no data. Worked out once."""
    if not found.weights:
        found.weights.update({w.name: found.keep(np.clip(w.of(found), -w.cap, w.cap)) for w in WEIGHTS})
    return found.weights


def told_weights(found: Conduct) -> dict[str, Floats]:
    """Return what each clue of :mod:`graphscan.accounts.evidence` counts, by its name there; NaN is no data."""
    weights = dict(weigh(found))
    identified = weights.pop("against_identified")
    verified = np.where(found.presence.verified, np.maximum(identified, -3.0), np.nan)
    labelled = np.where(found.presence.labelled_human, identified - np.nan_to_num(verified), np.nan)
    named = {TOLD_AS.get(name, name): weight for name, weight in weights.items()}
    return {**named, "against_verified": verified, "against_labelled_human": labelled}


def own_weight(weights: dict[str, Floats]) -> Floats:
    """Sum over families, each within its cap: an account's own log-likelihood ratio. No data counts nothing."""
    total = np.zeros(len(next(iter(weights.values()))))
    for family, cap in FAMILY_CAPS.items():
        total += np.clip(summed(weights, {family}), -cap, cap)
    return total


def summed(weights: dict[str, Floats], families: Collection[str]) -> Floats:
    """Sum of some families' weights, one after the other: of a day's accounts each is an array of 80 MB."""
    total = np.zeros(len(next(iter(weights.values()))))
    for weight in WEIGHTS:
        if weight.family in families:
            total += np.nan_to_num(weights[weight.name])
    return total


def spoken_for(weights: dict[str, Floats]) -> Floats:
    """What speaks for a person behind each account, as a positive log-likelihood ratio within its family's cap."""
    return np.asarray(np.clip(-summed(weights, {"context"}), 0.0, FAMILY_CAPS["context"]))


def anything_known(weights: dict[str, Floats]) -> Flags:
    """Whether any clue that could speak against the account had data."""
    return known_by(weights, [w.name for w in WEIGHTS if w.family != "context"])


def known_by(weights: dict[str, Floats], names: Collection[str]) -> Flags:
    """Whether any of these clues had data."""
    known = np.zeros(len(next(iter(weights.values()))), np.bool_)
    for name in names:
        known |= ~np.isnan(weights[name])
    return known
