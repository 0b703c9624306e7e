"""Guards: what holds a measure back whatever the rules say, each with the words in which a reviewer reads it.

In: a case (facts, rule, step, policy). Out: what is left of the step. Guards only ever lower. G numbers are those of ``docs/decisions.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphscan.accounts.probability import OWN_FLOOR
from graphscan.decisions.conditions import CLASS_A, CLASS_B, FactRow
from graphscan.decisions.policy import MEASURE_OF, Policy, Rule, Step

FAMILY_WORDS = {
    "A1": "agent tools",
    "A2": "a machine's clock",
    "A3": "texts from a shared template",
    "A4": "a registration batch",
    "B1": "unexplained later acts",
    "B2": "shared targets",
    "B3": "a ring",
}
"""Each family in words."""

OWN_NET = 1.0
"""Own weight, after what speaks for a person, that a ring's limit needs where clock or template stand beside two relations (B1 and
B2 or B3). Supporters who copy a petition's words have ages, pictures and talks that outweigh them; a farm run by hand has not.
A registration batch does not stand here: a school's club has one, and acts together too."""

WARNING = Step(1, "warn", None)


@dataclass(frozen=True)
class Case:
    """One rule that speaks of one account: what it would propose, before a guard looks at it."""

    facts: FactRow
    rule: Rule
    step: Step
    policy: Policy

    @property
    def bans(self) -> bool:
        """Whether it would ban."""
        return self.step.detail == "ban"


@dataclass(frozen=True)
class Held:
    """A measure that a guard held back: what is left of it (None: nothing), and why."""

    step: Step | None
    words: str


Guard = Callable[[Case], Held | None]


def ban_families(facts: FactRow, policy: Policy) -> tuple[str, ...]:
    """The families that count towards a ban: never B2, and B1 only where it is own choice beyond doubt (G8).

    Shared targets have no order: whoever copies somebody's likes days later shares them all. Banned by
    such a detector were 600 of 600 fans; it may open a case, never ban.
    """
    uncounted = {"B2"} if _own_choice(facts, policy) else {"B1", "B2"}
    return tuple(f for f in facts["family_names"] if f not in uncounted)


def _own_choice(facts: FactRow, policy: Policy) -> bool:
    g = policy.guards
    enough = facts["follower_unexplained"] >= g.ban_unexplained
    return bool(enough and (facts["follower_share"] or 0.0) >= g.ban_unexplained_share)


def known_person(case: Case) -> Held | None:
    """G19: a person found it to be a person's account, and people outrank the machine."""
    if case.facts["labelled"] == "human":
        return Held(None, "a person already found it to be a person's account")
    return None


def others_acts(case: Case) -> Held | None:
    """G10, G11: owners, receivers and bridges stand in a cluster by what others do."""
    spared = [r for r in case.facts["roles"] if r in case.policy.exempt.roles_without_relation]
    if case.rule.basis == "cluster" and spared:
        return Held(
            None, f"it stands in the cluster as {' and '.join(map(_spoken, spared))}, by what others did around it"
        )
    return None


def nothing_of_its_own(case: Case) -> Held | None:
    """Coordination alone measures nobody: at least one family that only the account itself can write."""
    if not case.facts["class_a"]:
        return Held(None, "no evidence of its own (class A) speaks against it; acting together alone measures nobody")
    if case.rule.basis == "cluster" and not _enough_of_its_own(case.facts):
        words = (
            f"its own evidence is too weak for a measure that rests on a cluster ({case.facts['own_weight']:.1f} of "
        )
        return Held(None, f"{words}{OWN_FLOOR:.1f} that are needed, or {OWN_NET:.1f} with three families)")
    return None


def _enough_of_its_own(facts: FactRow) -> bool:
    """Own weight of ln 10; or a machine's clock or a shared template among three families, when that outweighs its presence."""
    three = facts["families"] >= 3 and bool({"A2", "A3"} & set(facts["family_names"]))
    return bool(facts["own_weight"] >= (OWN_NET if three else OWN_FLOOR))


def loose_member(case: Case) -> Held | None:
    """G9 for limits: it must belong to the cluster in most re-clusterings."""
    least = case.policy.guards.limit_membership
    if case.rule.basis == "cluster" and (case.facts["membership"] or 0.0) < least:
        return Held(
            None, f"its membership of the cluster is {_share(case.facts['membership'])}; {least:.0%} are needed"
        )
    return None


def few_families(case: Case) -> Held | None:
    """G6, G8: a ban needs two independent families, one of them class A."""
    guards, found = case.policy.guards, ban_families(case.facts, case.policy)
    own = sum(f in CLASS_A for f in found)
    if not case.bans or (len(found) >= guards.ban_families and own >= guards.ban_class_a):
        return None
    named = ", ".join(f"{f}: {FAMILY_WORDS[f]}" for f in found) or "none"
    words = f"a ban needs {guards.ban_families} independent evidence families, and it has {len(found)} ({named})"
    if "B1" in case.facts["family_names"] and "B1" not in found:
        share = _share(case.facts["follower_share"])
        words += f"; its {case.facts['follower_unexplained']} unexplained later acts are only {share} of its actions, "
        words += f"and {guards.ban_unexplained_share:.0%} are needed to count"
    return Held(case.rule.otherwise, words)


def loose_for_a_ban(case: Case) -> Held | None:
    """G9 for bans: where the second family is a relation, membership must be sure."""
    least = case.policy.guards.ban_membership
    own = sum(f in CLASS_A for f in ban_families(case.facts, case.policy))
    if case.bans and own < case.policy.guards.ban_families and (case.facts["membership"] or 0.0) < least:
        words = (
            f"its second evidence family rests on the cluster, and its membership is {_share(case.facts['membership'])}"
        )
        return Held(case.rule.otherwise, f"{words}; {least:.0%} are needed for a ban")
    return None


def role_spares_a_ban(case: Case) -> Held | None:
    """G10, G12: bridges are looked at, hijacked accounts are secured; neither is banned."""
    spared = [r for r in case.facts["roles"] if r in case.policy.exempt.roles_without_ban]
    if case.bans and spared:
        return Held(case.rule.otherwise, f"{' and '.join(map(_spoken, spared))} is looked at by a person, never banned")
    return None


def protected_cohort(case: Case) -> Held | None:
    """G16: verified accounts and users of exempt tools are reviewed, never banned."""
    if case.bans and (why := protection(case.facts, case.policy)):
        return Held(case.rule.otherwise, f"{why}; such accounts are reviewed, never banned")
    return None


def young_or_quiet(case: Case) -> Held | None:
    """G15: whoever is young or did little gets at most a warning, unless its whole life is a tool's."""
    guards, age, actions = case.policy.guards, case.facts["age_days"], case.facts["actions"]
    if case.rule.proven_young or MEASURE_OF[case.step.detail] == "warn":
        return None
    if age is not None and age < guards.young_days:
        return Held(WARNING, f"it is {age:.0f} days old; younger than {guards.young_days} days, at most a warning")
    if actions < guards.few_actions:
        return Held(WARNING, f"it did {actions} things; with fewer than {guards.few_actions}, at most a warning")
    return None


def said_so(case: Case) -> Held | None:
    """An honest label lowers a measure by one rung: whoever says so openly simulates nobody."""
    if case.policy.exempt.declared != "one_rung_down" or case.rule.basis != "own" or not _labelled(case.facts):
        return None
    left = {"ban": case.rule.otherwise, "limit": WARNING}.get(MEASURE_OF[case.step.detail])
    return Held(left, "it labelled as many notes as AI-assisted as are managed, which lowers a measure by one rung")


def _labelled(facts: FactRow) -> bool:
    """Whether nothing but notes is managed, and at least as many notes carry the label as are.

    A label on notes excuses no managed interaction; were it weighed against the notes, taking notes away could raise
    a measure (found by the law that forbids it).
    """
    managed, declared = facts["managed_share"], facts["declared_share"]
    known = managed is not None and declared is not None
    return bool(known and facts["managed_notes"] > 0 and not facts["interaction_share"] and declared >= managed)


def protection(facts: FactRow, policy: Policy) -> str | None:
    """Why an account's measures are always reviewed by a person, None where they are not."""
    if facts["verified"]:
        return "the platform verified who it is"
    if (facts["exempt_share"] or 0.0) >= policy.exempt.exempt_tools_share and facts["exempt_share"]:
        return f"{_share(facts['exempt_share'])} of its actions went through exempt tools"
    return None


GUARDS: tuple[Guard, ...] = (
    known_person,
    others_acts,
    nothing_of_its_own,
    loose_member,
    few_families,
    loose_for_a_ban,
    role_spares_a_ban,
    protected_cohort,
    young_or_quiet,
    said_so,
)
"""Every guard, in the order in which they look; each sees what the one before left."""


def sound_facts(facts: FactRow, policy: Policy) -> tuple[FactRow, tuple[str, ...]]:
    """Return facts without a cluster that is too small to be one, and the families that count for this account at all.

    G11: nothing of class B counts for whoever stands there by what others did.
    """
    families = tuple(facts["families"])
    if (facts["cluster_size"] or 0) < policy.min_cluster:
        facts = {**facts, "cluster_probability": None, "cluster_size": None, "membership": None}
        families = tuple(f for f in families if f not in CLASS_B)
    if set(facts["roles"]) & set(policy.exempt.roles_without_relation):
        families = tuple(f for f in families if f not in CLASS_B)
    return facts, families


def _spoken(role: str) -> str:
    return {
        "object_owner": "the owner of what the cluster acts on",
        "receiver": "one whom the cluster answers, follows or writes to",
        "bridge": "a bridge between groups",
        "compromised": "an old, clean account that changed suddenly",
    }.get(role, role)


def _share(value: float | None) -> str:
    return "not known" if value is None else f"{value:.0%}"
