"""Counterfactual: the smallest part of its evidence without which an account's measure would be milder.

In: a row of facts, the account's clues, the verdict. Out: a sentence. The policy is asked again, with each part, then each two
parts and so on taken away, until the answer is milder. The own weight of a part is taken from its clue, as
:mod:`graphscan.accounts.weights` has it; where a clue does not tell it, the most that it may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from graphscan.accounts.probability import weighed_probability
from graphscan.accounts.weights import FAMILY_CAPS
from graphscan.decisions.conditions import CLASS_B, FactRow
from graphscan.decisions.policy import Policy
from graphscan.decisions.verdicts import Verdict, judge

PARTS: Mapping[str, str] = {
    "registered_by_tool": "the registration by an agent tool",
    "posted_by_tool": "the notes posted by an agent tool",
    "interacted_by_tool": "what an agent tool did beside notes",
    "A2": "the machine's clock",
    "A3": "the shared template",
    "A4": "the registration batch",
    "B1": "the unexplained later acts",
    "B2": "the shared targets",
    "B3": "the ring",
}
"""Parts of an account's evidence that can be taken away, in words: the clues of family A1 one by one, other families whole."""

A1_PARTS = ("registered_by_tool", "posted_by_tool", "interacted_by_tool")

Clues = Sequence[Mapping[str, Any]]


MOST_PARTS = 3
"""Smallest parts that are told, those that make the most difference first; a fourth tells a reviewer little."""


def counterfactual(facts: FactRow, clues: Clues, verdict: Verdict, policy: Policy) -> str:
    """Return ``without X and Y: MEASURE``, for the smallest such parts; of one size, those that lead furthest down first."""
    there = [part for part in PARTS if part in _there(facts)]
    for size in range(1, len(there) + 1):
        asked = [(judge(without(facts, clues, parts), policy), parts) for parts in combinations(there, size)]
        milder = sorted((f for f in asked if f[0].severity < verdict.severity), key=lambda f: f[0].severity)
        if milder:
            return "; ".join(_sentence(*found) for found in milder[:MOST_PARTS])
    return "no part of its evidence makes a difference"


def _sentence(left: Verdict, parts: Sequence[str]) -> str:
    return f"without {' and '.join(PARTS[part] for part in parts)}: {_told(left)}"


def _told(verdict: Verdict) -> str:
    if verdict.step is None:
        return "no measure"
    detail, days = verdict.step.detail, verdict.step.days
    words = {"warn": "a warning", "ban": "a ban"}.get(detail) or f"limited {detail.removeprefix('limit_')}"
    return words if days is None else f"{words} for {days} days"


def _there(facts: FactRow) -> set[str]:
    """Parts that this account's evidence has."""
    found = {f for f in facts["families"] if f != "A1"}
    told = (facts["registered_by_tool"], facts["posting_share"], facts["interaction_share"])
    return found | {part for part, value in zip(A1_PARTS, told, strict=True) if value}


def without(facts: FactRow, clues: Clues, parts: Sequence[str]) -> dict[str, Any]:
    """Return the facts as they would be without these parts: what is taken away is no data."""
    row = dict(facts)
    left = [p for p in A1_PARTS if p in _there(facts) and p not in parts]
    gone = {p for p in parts if p not in A1_PARTS} | (set() if left else {"A1"})
    row["families"] = [f for f in facts["families"] if f not in gone]
    own = {part: _worth(part, facts, clues) for part in parts}
    row["own_weight"] = facts["own_weight"] - sum(own.values())
    if "registered_by_tool" in parts:
        row["registered_by_tool"] = None
    for part, share in (("posted_by_tool", "posting_share"), ("interacted_by_tool", "interaction_share")):
        if part in parts:
            row[share] = None
            row["managed_events"] = max(0, row["managed_events"] - int(_value(part, clues)))
    _less_notes(row, facts, clues, parts)
    if "A3" in parts:
        row["template_share"] = None
    if "B1" in parts:
        row |= {"follower_later": 0, "follower_unexplained": 0, "follower_share": 0.0}
    if "B2" in parts:
        row["cotargets"] = 0
    return _weighed_again(row, facts) if any(own.values()) else row


def _less_notes(row: dict[str, Any], facts: FactRow, clues: Clues, parts: Sequence[str]) -> None:
    """Managed notes without those by a tool, and without those by a template, which need a machine's clock as well."""
    by_tool = min(int(_value("posted_by_tool", clues)), facts["managed_notes"])
    by_template = facts["managed_notes"] - by_tool
    left = (0 if "posted_by_tool" in parts else by_tool) + (0 if {"A2", "A3"} & set(parts) else by_template)
    if left != facts["managed_notes"]:
        row["managed_notes"] = left
        row["managed_share"] = left / facts["public_notes"] if left else None


def _weighed_again(row: dict[str, Any], facts: FactRow) -> dict[str, Any]:
    if facts["managed_probability"] is not None:
        inside = np.array([facts["membership"] or 0.0])
        again = float(weighed_probability(np.array([row["own_weight"]]), inside)[0])
        row["managed_probability"] = min(round(again, 6), facts["managed_probability"])
    return row


def _value(clue: str, clues: Clues) -> float:
    return next((float(c["value"] or 0.0) for c in clues if c["clue"] == clue), 0.0)


def _worth(part: str, facts: FactRow, clues: Clues) -> float:
    """What a part adds to the own weight, or the most that it may add."""
    if part in CLASS_B:
        return 0.0
    if part == "registered_by_tool":
        return 2.5
    for name, share_name, cap, prior in (
        ("posted_by_tool", "posting_share", 6.0, 2.0),
        ("interacted_by_tool", "interaction_share", 4.0, 5.0),
    ):
        if part == name:
            share, n = facts[share_name], _value(part, clues)
            return cap * share**2 * (n / share) / (n / share + prior) if share and n else cap
    return FAMILY_CAPS[part]
