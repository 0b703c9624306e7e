"""The queue: which decisions wait for people, the gravest first, then the oldest.

In: decisions. Out: decisions in the order in which they should be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from graphscan.casework.words import MEASURES
from graphscan.ledger.records import Decision, State

ALL = "all"
OPEN_STATES = "waiting"
"""Decisions that people can act on: in review, or blocked by a guard."""

WAITING = frozenset({"IN_REVIEW", "BLOCKED"})
GRAVITY = {detail: place for place, detail in enumerate(reversed(tuple(MEASURES)))}
"""Measures by gravity, the gravest first: what can hurt most is looked at first."""


@dataclass(frozen=True)
class Filter:
    """What is wanted: a state (or ``waiting``, ``all``), a measure (or ``all``), a cluster (empty: any)."""

    state: str = OPEN_STATES
    measure: str = ALL
    cluster: str = ""

    def admits(self, decision: Decision) -> bool:
        """Whether a decision is wanted."""
        return (
            (
                self.state == ALL
                or decision.state == self.state
                or (self.state == OPEN_STATES and decision.state in WAITING)
            )
            and self.measure in (ALL, decision.detail, decision.measure)
            and self.cluster in ("", decision.cluster_id)
        )


def queue_of(decisions: Iterable[Decision], wanted: Filter) -> list[Decision]:
    """Return the wanted decisions: gravest measure, then oldest, then by id."""
    return sorted(filter(wanted.admits, decisions), key=_place)


def _place(decision: Decision) -> tuple[int, str, str]:
    return GRAVITY.get(decision.detail, len(GRAVITY)), decision.proposed_at, decision.decision_id


def states() -> tuple[str, ...]:
    """Return what a filter may ask for as a state."""
    return (OPEN_STATES, ALL, *get_args(State))


def measures() -> tuple[str, ...]:
    """Return what a filter may ask for as a measure."""
    return (ALL, *reversed(tuple(MEASURES)))
