"""Policy: the rule by which measures are proposed, read from a file that a moderator can read too.

In: a TOML file, or the built-in one. Out: :class:`Policy`, frozen and checked. A policy may be stricter with itself than the
guards ask, never laxer; see ``docs/decisions.md`` for every key.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from graphscan.decisions.conditions import When
from graphscan.options import read_toml

Detail = Literal["warn", "limit_distribution", "limit_interaction", "ban"]
Measure = Literal["none", "warn", "limit", "ban"]

MEASURE_OF: dict[str, Measure] = {
    "none": "none",
    "warn": "warn",
    "limit_distribution": "limit",
    "limit_interaction": "limit",
    "ban": "ban",
}
"""The measure that each detail is a form of."""


@dataclass(frozen=True)
class Step:
    """One step of a ladder: ``max_count`` managed events lead to it at most (None: any number); ``days`` None: no end."""

    degree: int
    detail: Detail
    days: int | None
    max_count: int | None = None


@dataclass(frozen=True)
class Reason:
    """One reason code, and when it applies beside the rule itself."""

    code: str
    when: When


@dataclass(frozen=True)
class Rule:
    """One rule.

    ``basis`` is what it rests on: the account's ``own`` conduct, or its ``cluster``. ``otherwise`` is what a ban becomes
    where a guard forbids it. ``proven_young``: whether it holds for young accounts too (G15). ``last_resort``: asked
    only where no other rule spoke.
    """

    id: str
    says: str
    basis: Literal["own", "cluster"]
    reasons: tuple[Reason, ...]
    when: When
    ladder: tuple[Step, ...]
    otherwise: Step | None
    proven_young: bool
    last_resort: bool
    cooling_off_h: int


@dataclass(frozen=True)
class Guards:
    """Numbers of the hard guards, as the policy has them; see G6, G8, G9 and G15 in ``docs/decisions.md``."""

    ban_families: int
    ban_class_a: int
    ban_unexplained: int
    ban_unexplained_share: float
    ban_membership: float
    limit_membership: float
    young_days: int
    few_actions: int


@dataclass(frozen=True)
class Exempt:
    """Who is spared, and how far."""

    declared: Literal["one_rung_down", "no_change"]
    labelled_human: Literal["no_measure"]
    verified: Literal["review_no_ban"]
    exempt_tools_share: float
    roles_without_relation: tuple[str, ...]
    roles_without_ban: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """Caps of one run and one day, as counts and as a share of the accounts active in seven days; hours a plan stays valid."""

    run_ban: int
    run_any: int
    share_active: float
    day_any: int
    plan_valid_h: int


@dataclass(frozen=True)
class AppealTerms:
    """Days in which one may appeal, hours in which an answer is owed, who may decide, and what follows."""

    days: int
    sla_h: int
    handler: Literal["not_approver"]
    on_accept: Literal["repropagate"]


@dataclass(frozen=True)
class NoticeTerms:
    """Languages of a notice, what it must say, and what it must never say."""

    lang: tuple[str, ...]
    must: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """One version of a policy; equal canonical texts are equal policies."""

    id: str
    version: str
    source: str
    default_mode: Literal["shadow", "live"]
    min_cluster: int
    guards: Guards
    rules: tuple[Rule, ...]
    exempt: Exempt
    limits: Limits
    appeal: AppealTerms
    notice: NoticeTerms

    @property
    def name(self) -> str:
        """Its id and version, which every decision names."""
        return f"{self.id} {self.version}"

    @cached_property
    def canonical(self) -> str:
        """The policy as TOML with every default written out, keys in one order; reading it gives the same policy."""
        from graphscan.decisions.policy_text import canonical_text

        return canonical_text(self)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the canonical text in UTF-8."""
        return hashlib.sha256(self.canonical.encode("utf-8")).hexdigest()

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of that id; KeyError when there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(f"policy {self.name} has no rule {rule_id!r}")


def read_policy(path: Path | None = None) -> Policy:
    """Read a policy file; None reads the one that comes with graphscan.

    Raises
    ------
    SettingsError
        When the file is not there or not TOML, or naming every key that is unknown, missing or not allowed.
    """
    return policy_from(*_loaded(path))


def policy_from(loaded: dict[str, Any], what: str) -> Policy:
    """Return the policy of a parsed file; ``what`` names it in messages. SettingsError tells every mistake at once."""
    from graphscan.decisions.policy_checks import checked_policy

    return checked_policy(loaded, what)


def _loaded(path: Path | None) -> tuple[dict[str, Any], str]:
    if path is None:
        text = files("graphscan.decisions").joinpath("data/policy.toml").read_text(encoding="utf-8")
        return tomllib.loads(text), "the built-in policy"
    return read_toml(path, "policy"), f"policy {path}"
