"""Conditions: what a policy's rule may ask of an account's facts, and whether it holds.

In: a table of a policy file, and a row of facts. Out: :class:`When`. A fact that is not known satisfies no condition, unless the
condition says ``or unknown``: no data is not "no", and never speaks against anybody by accident.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphscan.tables import FACTS

Faults = list[str]

CLASS_A = ("A1", "A2", "A3", "A4")
"""Families that only the account itself can write: its tools, its clock, its own texts, its own registration."""

CLASS_B = ("B1", "B2", "B3")
"""Families about its relation to others: unexplained later acts, shared targets, a ring."""

FAMILIES = CLASS_A + CLASS_B

NEVER_READ = ("reporters", "scrutiny", "priority")
"""G14: reports and what spreads from them raise no measure, so no rule may read them."""

COUNTED: Mapping[str, str] = {
    "families": "evidence families with own evidence, of class A and B",
    "class_a": "of these, those of class A",
    "managed_count": "the larger of managed_events and managed_notes",
}
"""Numbers that rules may ask beside the columns of the facts, and what each is."""

NUMBERS = (*(c.name for c in FACTS.columns if c.kind in ("int", "float") and c.name not in NEVER_READ), *COUNTED)
FLAGS = tuple(c.name for c in FACTS.columns if c.kind == "bool")

_NUMBER = re.compile(r"(>=|<=|==|<|>) ?(\d+(?:\.\d+)?)( or unknown)?")
_FLAG = re.compile(r"(true|false)( or unknown)?")
_TESTS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}

FactRow = Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """One question about one fact: ``test`` is ``>=``, ``<=``, ``==``, ``<`` or ``>``, and ``value`` what it is held against."""

    fact: str
    test: str
    value: float | bool
    or_unknown: bool = False

    def holds(self, facts: FactRow) -> bool:
        """Whether the fact is known and passes, or is unknown and that is let pass."""
        found = facts[self.fact]
        if found is None:
            return self.or_unknown
        return _TESTS[self.test](found, self.value)

    @property
    def words(self) -> str | bool:
        """The condition as a policy file writes it."""
        tail = " or unknown" if self.or_unknown else ""
        if isinstance(self.value, bool):
            return f"{str(self.value).lower()}{tail}" if tail else self.value
        return f"{self.test}{self.value:g}{tail}"


@dataclass(frozen=True)
class When:
    """All conditions, all the families that it must have, and at least one of the alternatives where there are any."""

    conditions: tuple[Condition, ...] = ()
    has: tuple[str, ...] = ()
    any: tuple[When, ...] = ()

    def holds(self, facts: FactRow) -> bool:
        """Whether these facts pass."""
        return (
            all(c.holds(facts) for c in self.conditions)
            and set(self.has) <= set(facts["family_names"])
            and (not self.any or any(a.holds(facts) for a in self.any))
        )


def counted(facts: Mapping[str, Any], families: tuple[str, ...]) -> dict[str, Any]:
    """Return a row of facts as rules read it, with these families of evidence and what is counted of them."""
    return {
        **facts,
        "family_names": families,
        "families": len(families),
        "class_a": sum(f in CLASS_A for f in families),
        "managed_count": max(facts["managed_events"], facts["managed_notes"]),
    }


def read_when(table: object, where: str, faults: Faults) -> When:
    """Read one table of conditions; every mistake is added to ``faults``."""
    if not isinstance(table, dict):
        faults.append(f'{where} = {table!r}: allowed is a table of conditions, such as {{ managed_notes = ">=3" }}')
        return When()
    conditions = [
        _condition(name, value, where, faults) for name, value in sorted(table.items()) if name not in ("has", "any")
    ]
    alternatives = table.get("any", [])
    if not isinstance(alternatives, list):
        faults.append(f"{where}.any = {alternatives!r}: allowed is a list of tables of conditions")
        alternatives = []
    found = tuple(read_when(t, f"{where}.any[{k}]", faults) for k, t in enumerate(alternatives))
    return When(tuple(c for c in conditions if c is not None), _has(table, where, faults), found)


def _has(table: Mapping[str, Any], where: str, faults: Faults) -> tuple[str, ...]:
    value = table.get("has", [])
    if isinstance(value, list) and all(v in FAMILIES for v in value):
        return tuple(sorted(set(value)))
    faults.append(f"{where}.has = {value!r}: allowed is a list of families: {', '.join(FAMILIES)}")
    return ()


def _condition(name: str, value: object, where: str, faults: Faults) -> Condition | None:
    if name in NUMBERS and isinstance(value, str) and (found := _NUMBER.fullmatch(value)):
        return Condition(name, found[1], float(found[2]), bool(found[3]))
    if name in FLAGS and isinstance(value, bool):
        return Condition(name, "==", value)
    if name in FLAGS and isinstance(value, str) and (found := _FLAG.fullmatch(value)):
        return Condition(name, "==", found[1] == "true", bool(found[2]))
    faults.append(f"{where}.{name} = {value!r}: {_allowed(name)}")
    return None


def _allowed(name: str) -> str:
    if name in NEVER_READ:
        return "no rule may read this: reports and what follows from them change no measure"
    if name in NUMBERS:
        return 'allowed is a comparison such as ">=3", "<0.5" or "<0.5 or unknown"'
    if name in FLAGS:
        return 'allowed is true, false, "true or unknown" or "false or unknown"'
    return f"no such fact; allowed: {', '.join(sorted((*NUMBERS, *FLAGS, 'has', 'any')))}"
