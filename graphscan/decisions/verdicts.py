"""Verdicts: what a policy says of one account, and what held a stronger measure back.

In: one row of facts and a policy. Out: :class:`Verdict`. A pure function: no clock, no other account, nothing from outside the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from graphscan.decisions.conditions import CLASS_A, FactRow, counted
from graphscan.decisions.guards import GUARDS, Case, ban_families, protection, sound_facts
from graphscan.decisions.policy import MEASURE_OF, Measure, Policy, Rule, Step
from graphscan.tables import MEASURE_NAMES

CERTAINTY = ("managed_probability", "cluster_probability")
"""Facts that say how sure the rest is: where only they fall short, a reviewer is told."""

Severity = tuple[int, int, int]


@dataclass(frozen=True)
class Verdict:
    """What is proposed: ``step`` and ``rule`` are None where nothing is; ``blocked_by`` is told even then."""

    step: Step | None
    rule: Rule | None
    reasons: tuple[str, ...]
    families: tuple[str, ...]
    review: str
    blocked_by: tuple[str, ...]

    @property
    def measure(self) -> Measure:
        """none, warn, limit or ban."""
        return MEASURE_OF[self.step.detail] if self.step else "none"

    @property
    def severity(self) -> Severity:
        """How grave it is, to be compared."""
        return severity(self.step)


@dataclass(frozen=True)
class _Spoken:
    """One rule that spoke: what is left of its step, and what was held back on the way, with the words."""

    rule: Rule
    left: Step | None
    held: tuple[tuple[Step, str], ...]


def severity(step: Step | None) -> Severity:
    """Return how grave a step is: measure, degree, days."""
    if step is None:
        return (0, 0, 0)
    return (MEASURE_NAMES.index(MEASURE_OF[step.detail]), step.degree, step.days or 0)


def judge(facts: FactRow, policy: Policy) -> Verdict:
    """Return what the policy proposes for the account that a row of :data:`graphscan.tables.FACTS` describes."""
    sound, families = sound_facts(facts, policy)
    row = counted(sound, families)
    spoken = [_speak(row, rule, policy) for rule in policy.rules if not rule.last_resort and rule.when.holds(row)]
    if not any(s.left for s in spoken):
        spoken += [_speak(row, rule, policy) for rule in policy.rules if rule.last_resort and rule.when.holds(row)]
    spoken += [_unsure(row, rule) for rule in policy.rules if _only_unsure(row, rule)]
    ranked = sorted((s for s in spoken if s.left), key=lambda s: severity(s.left), reverse=True)
    blocked = _blocked(spoken, ranked[0].left if ranked else None)
    if not ranked:
        return Verdict(None, None, (), (), "none", blocked)
    step, rule = ranked[0].left, ranked[0].rule
    reasons = tuple(dict.fromkeys(code for s in ranked for code in _codes(s.rule, row)))
    return Verdict(step, rule, reasons, _rests_on(step, rule, row, policy), _review(step, row, policy), blocked)


def _speak(row: FactRow, rule: Rule, policy: Policy) -> _Spoken:
    step: Step | None = _rung(rule, row["managed_count"])
    held = []
    for guard in GUARDS:
        if step is not None and (found := guard(Case(row, rule, step, policy))) is not None:
            held.append((step, found.words))
            step = found.step
    return _Spoken(rule, step, tuple(held))


def _only_unsure(row: FactRow, rule: Rule) -> bool:
    """Whether nothing but certainty keeps a rule from speaking."""
    sure = tuple(c for c in rule.when.conditions if c.fact not in CERTAINTY)
    return not rule.when.holds(row) and replace(rule.when, conditions=sure).holds(row)


def _unsure(row: FactRow, rule: Rule) -> _Spoken:
    words = [f"{c.fact} {c.words}, and it is {_told(row[c.fact])}" for c in rule.when.conditions if not c.holds(row)]
    return _Spoken(rule, None, ((_rung(rule, row["managed_count"]), f"rule {rule.id} asks for {' and '.join(words)}"),))


def _told(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3f}"


def _rung(rule: Rule, managed: int) -> Step:
    return next(step for step in rule.ladder if step.max_count is None or managed <= step.max_count)


def _codes(rule: Rule, row: FactRow) -> Iterator[str]:
    return (reason.code for reason in rule.reasons if reason.when.holds(row))


def _rests_on(step: Step | None, rule: Rule, row: FactRow, policy: Policy) -> tuple[str, ...]:
    """Families that carry the measure: for a ban those that may, for own conduct class A, for a ring all."""
    if step is not None and step.detail == "ban":
        return ban_families(row, policy)
    names: tuple[str, ...] = row["family_names"]
    return names if rule.basis == "cluster" else tuple(f for f in names if f in CLASS_A)


def _review(step: Step | None, row: FactRow, policy: Policy) -> str:
    """Two people for a ban, one for a limit; a warning needs none, but for whoever is protected."""
    measure = MEASURE_OF[step.detail] if step else "none"
    if measure == "ban":
        return "two"
    return "one" if measure == "limit" or protection(row, policy) else "none"


def _blocked(spoken: list[_Spoken], final: Step | None) -> tuple[str, ...]:
    """What held back anything graver than what is proposed, each once."""
    words = [words for s in spoken for step, words in s.held if severity(step) > severity(final)]
    return tuple(dict.fromkeys(words))
