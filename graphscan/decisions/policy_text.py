"""The canonical text of a policy: TOML with every default written out and every key in one order.

In: :class:`Policy`. Out: text. Two files that say the same have the same text and so the same SHA-256; reading the text gives
the policy back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from graphscan.decisions.conditions import When
from graphscan.decisions.policy import Policy, Reason, Rule, Step
from graphscan.decisions.policy_checks import RULE_KEYS, SECTIONS


def canonical_text(policy: Policy) -> str:
    """Return the policy as TOML."""
    sections = {
        "policy": policy,
        "guards": policy.guards,
        "exempt": policy.exempt,
        "limits": policy.limits,
        "appeal": policy.appeal,
        "notice": policy.notice,
    }
    values = {name: {key: getattr(owner, key) for key in SECTIONS[name]} for name, owner in sections.items()}
    values["definitions"] = {"ai_text_score": "context_only", "min_cluster": policy.min_cluster}
    parts = [_section(f"[{name}]", values[name]) for name in SECTIONS]
    parts += [_section("[[rule]]", dict(_rule(rule))) for rule in policy.rules]
    return "\n\n".join(parts) + "\n"


def _section(head: str, values: Mapping[str, Any]) -> str:
    return "\n".join([head, *(f"{key} = {_toml(value)}" for key, value in values.items())])


def _rule(rule: Rule) -> Iterator[tuple[str, Any]]:
    yield from ((key, getattr(rule, key)) for key in RULE_KEYS)
    yield "reason", [_reason(r) for r in rule.reasons]
    yield "when", _when(rule.when)
    yield "ladder", [_step(s) for s in rule.ladder]
    if rule.otherwise is not None:
        yield "otherwise", _step(rule.otherwise)


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, **({"when": _when(reason.when)} if reason.when != When() else {})}


def _step(step: Step) -> dict[str, Any]:
    found = {"degree": step.degree, "measure": step.detail, "days": step.days, "max_count": step.max_count}
    return {key: value for key, value in found.items() if value is not None}


def _when(when: When) -> dict[str, Any]:
    found: dict[str, Any] = {c.fact: c.words for c in sorted(when.conditions, key=lambda c: c.fact)}
    if when.has:
        found["has"] = list(when.has)
    if when.any:
        found["any"] = [_when(a) for a in when.any]
    return found


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(v)}' for key, v in value.items())} }}"
    return repr(value)
