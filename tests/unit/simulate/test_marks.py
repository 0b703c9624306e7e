"""No number about one account tells a farm from people, but for marks that were declared beforehand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from graphscan.simulate.marks import FEATURES, MARKS, excused
from graphscan.simulate.parts import Part
from graphscan.simulate.scenarios import ATTACKS, LEVEL, SCENARIOS

from .features import area, crowded, told

FIRST = [s.name for s in SCENARIOS if s not in LEVEL and s.name not in ("quiet", "city", "mega", "merchant")]
"""Of the first worlds those with kinds of their own; the three left out hold no kind that these do not."""

LIMITS = (0.4, 0.6)


def faults(table: pd.DataFrame, least: int) -> dict[str, dict[str, float]]:
    """Features that tell a kind of farm from people and that nobody declared."""
    columns = table.columns.drop(["slice", "managed"])
    found: dict[str, dict[str, float]] = {}
    for kind, rows in table[table["managed"]].groupby("slice"):
        if len(rows) >= least:
            both = table[~table["managed"] | (table["slice"] == kind)]
            areas = {c: round(area(both[c], both["managed"]), 3) for c in columns if c not in excused(str(kind))}
            found[str(kind)] = {c: a for c, a in areas.items() if not LIMITS[0] <= a <= LIMITS[1]}
    return {kind: wrong for kind, wrong in found.items() if wrong}


@pytest.mark.parametrize(("name", "seeds"), [("hidden", 3), ("adaptive", 3), ("hidden_mega", 1)])
def test_in_level_worlds_nothing_countable_tells_a_farm_but_its_declared_marks(name: str, seeds: int) -> None:
    """A hundred and eighty members a kind: chance alone stays within 0.06 of a half (two deviations and a half)."""
    plan = crowded(next(s for s in LEVEL if s.name == name), 3)
    table = pd.concat([told(plan, 2_500, seed) for seed in range(1, seeds + 1)])
    assert faults(table, 100) == {}


@pytest.mark.parametrize("name", FIRST)
def test_in_the_first_worlds_every_mark_is_declared(name: str) -> None:
    plan = crowded(next(s for s in SCENARIOS if s.name == name), 5)
    assert faults(told(plan, 900, 1), 50) == {}


def test_a_leak_is_caught() -> None:
    """The measure has teeth: one more note for each member of the plainest farm is seen."""
    plan = replace(next(s for s in LEVEL if s.name == "hidden"), parts=(Part("aged-farm", 150, strength=0.4),))
    table = told(plan, 1_000, 1)
    table.loc[table["managed"], "notes"] += 1
    assert "notes" in faults(table, 50)["aged-farm"]


def test_every_kind_that_is_managed_declares_its_marks_and_every_mark_is_known() -> None:
    farms = {p.kind for s in SCENARIOS for p in s.parts if p.kind.endswith("-farm")} - {"hijacked-farm"}
    assert farms <= MARKS.keys()
    assert {mark for marks in MARKS.values() for mark in marks} <= FEATURES.keys()
    assert {s.name for s in ATTACKS} <= set(FIRST)
    assert {s.name for s in LEVEL if any(p.kind.endswith("-farm") for p in s.parts)} == {
        "hidden",
        "adaptive",
        "hidden_mega",
    }
