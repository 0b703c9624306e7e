"""Whom to look at: accounts of which no measure is proposed, by how pressing a look is, with the reasons in words.

In: the run's frames. Out: plain values for the page. A reason to look is no evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphscan.reports.explanation import rows_by_name
from graphscan.reports.frames import Frames
from graphscan.reports.words import count, listed

MOST_LOOKS = 40
"""Accounts on the page; ``facts.csv`` has all, with ``because`` and ``priority``."""

REASONS = {
    "cluster": "member of a cluster",
    "own_evidence": "own evidence",
    "tool": "an agent tool acted for it",
    "cotargets": "rare objects in common with others",
    "reported": "reported",
    "near_reported": "tied to accounts that were reported",
    "labelled": "labelled managed",
}


@dataclass(frozen=True)
class Look:
    """One account to look at: its priority (0 to 1), why, its cluster or None, how many independent reporters."""

    account: str
    priority: float
    because: str
    cluster: str | None
    reporters: str


def looks_asked(frames: Frames) -> tuple[list[Look], int]:
    """Return the most pressing looks at accounts without a proposed measure, and how many are left out."""
    facts = frames.facts
    left = facts[~facts["account_id"].isin(frames.decisions["subject"]) & (facts["priority"] > 0)]
    ranked = left.sort_values(["priority", "account_id"], ascending=[False, True], ignore_index=True)
    return [_look(row) for row in rows_by_name(ranked.head(MOST_LOOKS))], max(len(ranked) - MOST_LOOKS, 0)


def _look(row: Mapping[str, Any]) -> Look:
    because = [REASONS.get(reason, reason) for reason in row["because"]]
    told = count(int(row["reporters"]), "reporter") if row["reporters"] else ""
    return Look(row["account_id"], float(row["priority"]), listed(because), row["cluster_id"], told)
