"""How an account's own weight adds up: clue by clue, cap by cap, as the evidence and the facts of a run tell it.

In: the run's frames and an account. Out: :class:`Weighing`: steps on a scale of natural logarithms. Only what the run holds is
told: clues too weak for a sentence are one step, and where no fact tells the whole, the sum is that of the clues told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from graphscan.accounts.probability import OWN_FLOOR, cluster_weight
from graphscan.accounts.weights import FAMILY_CAPS
from graphscan.errors import InputError
from graphscan.reports.frames import Frames
from graphscan.reports.words import missing, spoken

LEAST = 0.005
"""A remainder below this is rounding, and no step."""

FLOOR = OWN_FLOOR


@dataclass(frozen=True)
class Step:
    """One step: what it is, how far it goes, and its kind: ``clue``, ``cap``, ``rest``, ``sum`` or ``cluster``."""

    name: str
    weight: float
    kind: str


@dataclass(frozen=True)
class Weighing:
    """An account's steps in order; ``own`` is its own weight, ``complete`` whether a fact of the run confirms it.

    ``probability`` is None where nothing is known of the account.
    """

    account_id: str
    steps: tuple[Step, ...]
    own: float
    complete: bool
    probability: float | None


def weighing_of(frames: Frames, account_id: str) -> Weighing:
    """Return how the account's weight adds up; InputError when the run has no such account."""
    seen = frames.where("accounts", account_id=[account_id])
    if seen.empty:
        raise InputError(f"no account {account_id!r} in this run; ids are exact text, see accounts.parquet")
    evidence = frames.where("evidence", subject=[f"account:{account_id}"]).dropna(subset="weight")
    steps = [*_clues(evidence), *_caps(evidence)]
    told = sum(step.weight for step in steps)
    facts = frames.where("facts", account_id=[account_id])
    own = told if facts.empty or missing(facts["own_weight"].iloc[0]) else float(facts["own_weight"].iloc[0])
    if abs(own - told) > LEAST:
        steps.append(Step("signs too weak for a sentence", own - told, "rest"))
    steps.append(Step("own weight", own, "sum"))
    steps += _cluster(frames, account_id)
    probability = seen["managed_probability"].iloc[0]
    return Weighing(account_id, tuple(steps), own, len(facts) > 0, None if missing(probability) else float(probability))


def _clues(evidence: pd.DataFrame) -> Iterator[Step]:
    order = list(FAMILY_CAPS)
    ranked = evidence.assign(
        rank=[order.index(f) if f in order else len(order) for f in evidence["family"]], size=-evidence["weight"].abs()
    )
    for clue in ranked.sort_values(["rank", "size", "clue"]).to_dict("records"):
        name = spoken(clue["clue"].removeprefix("against_"))
        yield Step(f"{name} ({clue['family']})", float(clue["weight"]), "clue")


def _caps(evidence: pd.DataFrame) -> Iterator[Step]:
    for family, cap in FAMILY_CAPS.items():
        total = float(evidence["weight"][evidence["family"] == family].sum())
        over = total - min(max(total, -cap), cap)
        if abs(over) > LEAST:
            yield Step(f"cap of {family} at {cap:g}", -over, "cap")


def _cluster(frames: Frames, account_id: str) -> Iterator[Step]:
    for member in frames.where("members", account_id=[account_id]).head(1).to_dict("records"):
        weight = float(cluster_weight(pd.Series([member["membership"]]).to_numpy())[0])
        yield Step("place in its cluster", weight, "cluster")
