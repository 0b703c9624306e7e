"""Checks of a policy file: every key, every value, and the limits that no policy may pass; all mistakes at once.

In: a parsed TOML file. Out: :class:`Policy`, or one SettingsError with a line a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphscan.decisions.conditions import Faults, When, read_when
from graphscan.decisions.policy import (
    MEASURE_OF,
    AppealTerms,
    Exempt,
    Guards,
    Limits,
    NoticeTerms,
    Policy,
    Reason,
    Rule,
    Step,
)
from graphscan.errors import SettingsError
from graphscan.options import number, whole

ROLES = ("object_owner", "receiver", "bridge", "leader", "compromised")
DETAILS = tuple(name for name in MEASURE_OF if name != "none")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MISSING = object()


@dataclass(frozen=True)
class Key:
    """One key of a policy file: what is allowed, its default (none: it must be there) and what it means."""

    check: Callable[[Any], bool]
    allowed: str
    meaning: str
    default: Any = _MISSING

    @property
    def has_default(self) -> bool:
        """Whether it may be left out."""
        return self.default is not _MISSING


def _one_of(*allowed: object) -> Callable[[Any], bool]:
    return lambda v: isinstance(v, str) and v in allowed


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _roles(value: Any) -> bool:
    return isinstance(value, list) and all(v in ROLES for v in value)


_ID = "letters, digits, dot, underscore and hyphen, at most 64"
_A_LIST_OF_ROLES = f"a list of {', '.join(ROLES)}"

SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "policy": {
        "id": Key(_code, _ID, "the policy's name, which every decision carries"),
        "version": Key(_code, _ID, "its version; change it with every change, since decisions are told apart by it"),
        "source": Key(_text, "one line of text", "where the rule comes from"),
        "default_mode": Key(
            _one_of("shadow", "live"), "shadow or live", "what the ledger does with a proposal", "shadow"
        ),
    },
    "definitions": {
        "ai_text_score": Key(
            _one_of("context_only"),
            "context_only",
            "how machine-written a text sounds: no evidence, here or anywhere",
            "context_only",
        ),
        "min_cluster": Key(
            whole(3, 10**6),
            "a whole number from 3",
            "members that a cluster needs before a rule reads it; a smaller one is none",
            5,
        ),
    },
    "guards": {
        "ban_families": Key(whole(2, 7), "2 to 7", "G6: independent evidence families that a ban needs", 2),
        "ban_class_a": Key(whole(1, 4), "1 to 4", "G6: of these, families that nobody else can write (class A)", 1),
        "ban_unexplained": Key(
            whole(6, 10**6), "a whole number from 6", "G8: unexplained later acts for B1 to count towards a ban", 6
        ),
        "ban_unexplained_share": Key(
            number(0.3, 1), "0.3 to 1", "G8: their least share of all its actions, for the same", 0.3
        ),
        "ban_membership": Key(number(0.8, 1), "0.8 to 1", "G9: membership that a ban needs where it rests on B", 0.8),
        "limit_membership": Key(number(0.6, 1), "0.6 to 1", "G9: membership that a cluster's limit needs", 0.6),
        "young_days": Key(whole(7, 3650), "7 to 3650", "G15: younger accounts get at most a warning", 7),
        "few_actions": Key(whole(10, 10**6), "a whole number from 10", "G15: the same with fewer actions", 10),
    },
    "exempt": {
        "declared": Key(
            _one_of("one_rung_down", "no_change"),
            "one_rung_down or no_change",
            "what labelling as many notes as are managed does to a measure that rests on its own conduct",
            "one_rung_down",
        ),
        "labelled_human": Key(
            _one_of("no_measure"), "no_measure", "an account that a person found to be a person's", "no_measure"
        ),
        "verified": Key(
            _one_of("review_no_ban"), "review_no_ban", "an account that the platform verified", "review_no_ban"
        ),
        "exempt_tools_share": Key(
            number(0, 1),
            "0 to 1",
            "share of actions through exempt tools from which an account is treated as verified",
            0.5,
        ),
        "roles_without_relation": Key(
            _roles,
            _A_LIST_OF_ROLES,
            "roles for which nothing of class B counts, and no rule that rests on the cluster",
            ["object_owner", "receiver", "bridge"],
        ),
        "roles_without_ban": Key(_roles, _A_LIST_OF_ROLES, "roles that are never banned", ["bridge", "compromised"]),
    },
    "limits": {
        "run_ban": Key(
            whole(0, 10**9), "a whole number from 0", "bans of one run above which two people must agree", 50
        ),
        "run_any": Key(whole(0, 10**9), "a whole number from 0", "limits and bans of one run, the same", 200),
        "share_active": Key(number(0, 1), "0 to 1", "the same as a share of accounts active in seven days", 0.0005),
        "day_any": Key(whole(0, 10**9), "a whole number from 0", "limits and bans of one day", 1000),
        "plan_valid_h": Key(whole(1, 168), "1 to 168", "hours in which a signed plan may be applied", 24),
    },
    "appeal": {
        "days": Key(whole(30, 3650), "30 to 3650", "days in which one may appeal", 180),
        "sla_h": Key(whole(1, 720), "1 to 720", "hours in which an answer is owed", 72),
        "handler": Key(_one_of("not_approver"), "not_approver", "who may decide an appeal", "not_approver"),
        "on_accept": Key(_one_of("repropagate"), "repropagate", "what follows when one is accepted", "repropagate"),
    },
    "notice": {
        "lang": Key(_texts, "a list of language codes", "languages of a notice", ["zh-CN", "en"]),
        "must": Key(_texts, "a list of texts", "what it must say", ["facts", "rule", "automated", "expiry", "appeal"]),
        "never": Key(_texts, "a list of texts", "what it must never say", ["other accounts", "thresholds"]),
    },
}
"""Every key outside the rules, by section. The documentation prints it."""

STEP_KEYS: Mapping[str, Key] = {
    "degree": Key(whole(1, 5), "1 to 5", "how grave, from 1 (a warning) to 5 (a ban)"),
    "measure": Key(_one_of(*DETAILS), " or ".join(DETAILS), "the measure"),
    "days": Key(whole(1, 365), "1 to 365", "when it ends by itself; every limit needs it, nothing else has it", None),
    "max_count": Key(
        whole(1, 10**9),
        "a whole number from 1",
        "managed events up to which this step applies; the last has none",
        None,
    ),
}

RULE_KEYS: Mapping[str, Key] = {
    "id": Key(_code, _ID, "the rule's name"),
    "says": Key(_text, "one line of text", "the rule in one sentence, for reviewers and notices"),
    "basis": Key(
        _one_of("own", "cluster"), "own or cluster", "what it rests on: own conduct, or the cluster as well", "own"
    ),
    "proven_young": Key(_flag, "true or false", "whether it may limit or ban young accounts too (G15)", False),
    "last_resort": Key(_flag, "true or false", "whether it is asked only where no other rule spoke", False),
    "cooling_off_h": Key(whole(0, 720), "0 to 720", "hours between approval and a ban", 24),
}
RULE_TABLES: Mapping[str, str] = {
    "when": "conditions, which must all hold; `any` is a list of alternatives, `has` a list of families",
    "reason": "reason codes: texts, or tables of `code` and `when`",
    "ladder": "steps by the number of managed events; in its place `measure`, `degree` and `days` for one step",
    "otherwise": "what a ban becomes where a guard forbids it (every rule that bans needs it)",
}


def checked_policy(loaded: Mapping[str, Any], what: str) -> Policy:
    """Return the policy that a parsed file declares; SettingsError names ``what`` and every mistake."""
    faults: Faults = []
    known = (*SECTIONS, "rule")
    faults += [f"unknown section {name!r}; allowed: {', '.join(known)}" for name in loaded if name not in known]
    found = {name: _taken(loaded.get(name, {}), keys, name, faults) for name, keys in SECTIONS.items()}
    rules = _rules(loaded.get("rule", []), faults)
    if faults:
        raise SettingsError("\n".join(f"{what}: {fault}" for fault in faults))
    return Policy(
        **found["policy"],
        min_cluster=found["definitions"]["min_cluster"],
        guards=Guards(**found["guards"]),
        rules=rules,
        exempt=Exempt(**found["exempt"]),
        limits=Limits(**found["limits"]),
        appeal=AppealTerms(**found["appeal"]),
        notice=NoticeTerms(**found["notice"]),
    )


def _taken(
    table: object, keys: Mapping[str, Key], where: str, faults: Faults, more: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The values of one table, defaults filled in; lists become tuples."""
    if not isinstance(table, dict):
        faults.append(f"{where} = {table!r}: allowed is a table")
        return {}
    allowed = (*keys, *more)
    faults += [f"unknown key {where}.{name}; allowed: {', '.join(allowed)}" for name in table if name not in allowed]
    return {name: _value(table, name, key, where, faults) for name, key in keys.items()}


def _value(table: Mapping[str, Any], name: str, key: Key, where: str, faults: Faults) -> Any:
    value = table.get(name, key.default)
    if value is _MISSING:
        faults.append(f"{where}.{name} is missing; allowed is {key.allowed}")
        return None
    if name in table and not key.check(value):
        faults.append(f"{where}.{name} = {value!r}: allowed is {key.allowed}")
    return tuple(value) if isinstance(value, list) else value


def _rules(tables: object, faults: Faults) -> tuple[Rule, ...]:
    if not isinstance(tables, list) or not tables:
        faults.append("rule: allowed is a list of at least one [[rule]]")
        return ()
    rules = tuple(_rule(table, f"rule[{k}]", faults) for k, table in enumerate(tables))
    named = [rule.id for rule in rules]
    faults += [
        f"rule.id = {name!r} is given twice" for name in sorted({n for n in named if named.count(n) > 1}, key=str)
    ]
    return rules


def _rule(table: object, where: str, faults: Faults) -> Rule:
    given = table if isinstance(table, dict) else {}
    where = f"rule {given['id']}" if _code(given.get("id")) else where
    taken = _taken(table, RULE_KEYS, where, faults, (*RULE_TABLES, *STEP_KEYS))
    ladder = _ladder(given, where, faults)
    otherwise = _step(given["otherwise"], f"{where}.otherwise", faults) if "otherwise" in given else None
    bans = any(step.detail == "ban" for step in ladder)
    if bans and (otherwise is None or otherwise.detail == "ban"):
        faults.append(
            f"{where}: a rule that bans needs `otherwise`, a milder measure for where a guard forbids the ban"
        )
    if bans and taken.get("basis") == "cluster":
        faults.append(f"{where}: a rule that rests on the cluster cannot ban; guilt does not spread")
    when = read_when(given.get("when", {}), f"{where}.when", faults)
    if when == When():
        faults.append(f"{where}.when: a rule needs at least one condition")
    reasons = _reasons(given.get("reason"), f"{where}.reason", faults)
    return Rule(**taken, reasons=reasons, when=when, ladder=ladder, otherwise=otherwise)


def _ladder(given: Mapping[str, Any], where: str, faults: Faults) -> tuple[Step, ...]:
    single = {name: given[name] for name in STEP_KEYS if name in given}
    if ("ladder" in given) == bool(single):
        faults.append(f"{where}: allowed is either `ladder` or one `measure` with `degree` (and `days` for a limit)")
        return ()
    tables = given.get("ladder", [single])
    if not isinstance(tables, list) or not tables:
        faults.append(f"{where}.ladder = {tables!r}: allowed is a list of steps")
        return ()
    steps = tuple(
        _step(t, f"{where}.ladder[{k}]" if "ladder" in given else where, faults) for k, t in enumerate(tables)
    )
    tops = [step.max_count for step in steps]
    if tops[-1] is not None or None in tops[:-1] or tops[:-1] != sorted(set(tops[:-1]), key=lambda n: n or 0):
        faults.append(f"{where}.ladder: max_count must rise from step to step, and the last step has none")
    return steps


def _step(table: object, where: str, faults: Faults) -> Step:
    taken = _taken(table, STEP_KEYS, where, faults)
    detail, days = taken.get("measure"), taken.get("days")
    if detail in DETAILS and (MEASURE_OF[detail] == "limit") != (days is not None):
        faults.append(f"{where}.days = {days!r}: every limit has an end in days, a warning and a ban have none")
    return Step(taken.get("degree", 0), detail or "warn", days, taken.get("max_count"))


def _reasons(value: object, where: str, faults: Faults) -> tuple[Reason, ...]:
    if not isinstance(value, list) or not value:
        faults.append(f"{where} = {value!r}: allowed is a list of reason codes, or of tables of `code` and `when`")
        return ()
    return tuple(_reason(v, f"{where}[{k}]", faults) for k, v in enumerate(value))


def _reason(value: object, where: str, faults: Faults) -> Reason:
    table = value if isinstance(value, dict) else {"code": value}
    code = table.get("code")
    if not _code(code) or set(table) - {"code", "when"}:
        faults.append(f"{where} = {value!r}: allowed is a code ({_ID}), or a table of `code` and `when`")
    return Reason(str(code), read_when(table["when"], f"{where}.when", faults) if "when" in table else When())
