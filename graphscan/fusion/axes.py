"""Axes: the four things that are weighed about a cluster: coordination, automation, commerce, and the presence of people.

In: clusters, ties, conduct. Out: :class:`Axes`. Each is a mean over the members, each member's share capped, so that
neither one member nor one axis decides. A small, new, honest club and a small, new farm look the same in coordination: only the other three
can part them (METHOD section 0.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graphscan.accounts.conduct import Conduct
from graphscan.accounts.deeds import Floats
from graphscan.accounts.weights import WEIGHTS, known_by, spoken_for, summed, weigh
from graphscan.behaviours.actions import Flags
from graphscan.fusion.ties import Ties
from graphscan.groups.clusters import Cluster

CAPS = {"coordination": 3.0, "automation": 4.0, "commerce": 3.0, "presence": 4.0}
"""Most that an axis counts, in the units of a log-likelihood ratio: e³ is 20 to 1, e⁴ 55 to 1. One axis alone stays under 99 %."""

ORDERS_OF_MAGNITUDE = 4.0
"""−log₁₀ p of a member's best tie that counts as one unit of coordination: an enforcement tie's q of 10⁻⁴."""

OWN_FAMILIES = ("A1", "A2", "A4")  # tools, clock, registration: what others cannot write
SOLD = ("link_shared", "contact_shared")  # where readers are led
WORDS = ("template_used", "text_copied", "media_reused", "tags_repeated")
WORTH_OF_SOLD, WORTH_OF_WORDS = 2.0, 1.5
"""Most that shared shops and contacts, and shared words and pictures, count. Customers share a shop's link too: under ln 10 each."""


@dataclass(frozen=True)
class Axes:
    """One row a cluster. ``known`` says whether anything but coordination is known of any member."""

    coordination: Floats
    automation: Floats
    commerce: Floats
    presence: Floats
    known: Flags

    @property
    def columns(self) -> Floats:
        """The axes side by side, presence negative: what a curve is fitted to."""
        return np.stack([self.coordination, self.automation, self.commerce, -self.presence], axis=1)


def weigh_axes(clusters: Sequence[Cluster], ties: Ties, found: Conduct) -> Axes:
    """Return the axes of every cluster; the ties must be those of these clusters."""
    weights = weigh(found)
    own, for_people = _own(weights), spoken_for(weights)
    known = _anything_known(weights)
    rows = [
        (
            _coordination(ties, k, len(c.community.accounts)),
            _mean(own[c.community.accounts], CAPS["automation"]),
            _commerce(ties, k, found, c),
            _mean(for_people[c.community.accounts], CAPS["presence"]),
            bool(known[c.community.accounts].any() or (_speaks(ties, k, SOLD) | _speaks(ties, k, WORDS)).any()),
        )
        for k, c in enumerate(clusters)
    ]
    worth = np.array([row[:4] for row in rows], np.float64).reshape(-1, 4)
    return Axes(worth[:, 0], worth[:, 1], worth[:, 2], worth[:, 3], np.array([row[4] for row in rows], np.bool_))


def _mean(values: Floats, cap: float) -> float:
    return float(np.clip(values, 0.0, cap).mean())


def _own(weights: dict[str, Floats]) -> Floats:
    """What a member's own tools, clock and registration say against it; no data counts nothing."""
    return summed(weights, OWN_FAMILIES)


def _anything_known(weights: dict[str, Floats]) -> Flags:
    """Whether any own evidence, or anything that speaks for a person, is recorded; a flag that is not set is no data."""
    asked = [w.name for w in WEIGHTS if w.name != "against_identified"]
    return known_by(weights, asked) | (weights["against_identified"] < 0)


def _coordination(ties: Ties, k: int, size: int) -> float:
    """Mean over members of their best tie, in orders of magnitude."""
    inside = ties.cluster == k
    ends = np.concatenate([ties.account_a[inside], ties.account_b[inside]])
    if len(ends) == 0:
        return 0.0
    worth = np.tile(-np.log10(ties.p_value[inside]) / ORDERS_OF_MAGNITUDE, 2)
    members, place = np.unique(ends, return_inverse=True)
    best = np.zeros(len(members))
    np.maximum.at(best, place, np.minimum(worth, CAPS["coordination"]))
    return float(best.sum() / size)


def _commerce(ties: Ties, k: int, found: Conduct, cluster: Cluster) -> float:
    """Shares of members who lead to the same shop or contact, who use the same words, and what their templates say."""
    members = cluster.community.accounts
    sold, words = (_share_tied(ties, _speaks(ties, k, names), len(members)) for names in (SOLD, WORDS))
    template = _mean(np.nan_to_num(found.template_llr[members]), WORTH_OF_WORDS)
    return min(CAPS["commerce"], WORTH_OF_SOLD * sold + max(WORTH_OF_WORDS * words, template))


def _speaks(ties: Ties, k: int, names: Sequence[str]) -> Flags:
    return np.asarray(ties.tied_by(*names) & (ties.cluster == k))


def _share_tied(ties: Ties, rows: Flags, size: int) -> float:
    return len(np.unique(np.concatenate([ties.account_a[rows], ties.account_b[rows]]))) / size
