"""What there is to simulate, for people and programs that choose: each scenario with its parts and the slices of its truth.

In: the declarations. Out: plain values for ``graphscan simulate --list --json``, and lines.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from graphscan.simulate.marks import MARKS
from graphscan.simulate.parts import Part
from graphscan.simulate.scenarios import BUILDERS, SCENARIOS, Scenario

OTHER_SLICES: Mapping[str, tuple[str, ...]] = {
    "fans": ("fan",),
    "merchant-farm": ("customer", "merchant", "merchant-farm"),
    "reactive-farm": ("reactive-farm", "victim"),
    "preemptive-farm": ("fan", "preemptive-farm"),
    "report-brigade": ("brigade", "reported"),
    "bridging-farm": ("bridging-farm", "victim"),
    "hijacked-farm": ("hijacked",),
    "poisoned-farm": ("poison", "poisoned-farm"),
    **{kind: (kind, "victim") for kind in ("freshmen-farm", "fandom-farm", "phrase-farm", "household-farm")},
    "dedicated-farm": ("customer", "dedicated-farm", "merchant"),
}
"""The slices of parts that bring others with them, or whose people are called otherwise; any other part is one slice of its name."""


def slices_of(part: Part) -> tuple[str, ...]:
    """Return the slices that a part adds to the truth."""
    return OTHER_SLICES.get(part.kind, (part.kind,))


def catalogue() -> dict[str, Any]:
    """Return every scenario by name: sentence, people, days, whether it is level, parts and slices."""
    return {scenario.name: _told(scenario) for scenario in SCENARIOS}


def _told(scenario: Scenario) -> dict[str, Any]:
    slices = {name for part in scenario.parts for name in slices_of(part)}
    return {
        "sentence": scenario.sentence,
        "people": scenario.people,
        "days": scenario.days,
        "level": scenario.level,
        "parts": [_part(part) for part in scenario.parts],
        "slices": sorted({"ordinary", *slices}),
    }


def _part(part: Part) -> dict[str, Any]:
    told = {"kind": part.kind, "tag": part.tag, "size": part.size, "each": part.each, "measure": part.measure}
    marks = sorted({mark for name in slices_of(part) for mark in MARKS.get(name, ())})
    return {**told, "strength": part.strength, "marks": marks, "says": sentence_of(part.kind)}


def sentence_of(kind: str) -> str:
    """Return what people of a kind of part do, in one sentence."""
    return (inspect.getdoc(BUILDERS[kind]) or "").split("\n", 1)[0]
