"""Deciding: from facts to proposed decisions. A pure function of the facts, the evidence and the policy.

In: tables as :data:`graphscan.tables.FACTS` and :data:`graphscan.tables.EVIDENCE` declare them. Out: rows of
:data:`graphscan.tables.DECISIONS`, sorted by account. Proposals, before caps, review and approval.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from graphscan.decisions.counterfactual import counterfactual
from graphscan.decisions.policy import Policy
from graphscan.decisions.verdicts import Verdict, judge
from graphscan.tables import DECISIONS, from_rows

NOT_A_GROUND = ("against_", "unknown_")
"""Clues whose names begin so speak for the account, or say what is missing: no ground of a measure."""

Clues = Mapping[str, list[dict[str, Any]]]


def decide_all(facts: pa.Table, evidence: pa.Table, policy: Policy) -> pa.Table:
    """Return one decision for every account for which the policy proposes a measure."""
    clues = _clues_of(evidence)
    rows = sorted(facts.to_pylist(), key=lambda row: str(row["account_id"]))
    return from_rows(list(_decisions(rows, clues, policy)), DECISIONS)


def decision_id(policy: Policy, account: str, cluster: str | None, measure: str) -> str:
    """Return the id of a decision: the same for the same policy version, account, cluster and measure."""
    text = json.dumps([policy.name, account, cluster, measure], ensure_ascii=True)
    return "d" + hashlib.sha256(text.encode("ascii")).hexdigest()[:20]


def _decisions(rows: list[dict[str, Any]], clues: Clues, policy: Policy) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        verdict = judge(row, policy)
        if verdict.step is not None and verdict.rule is not None:
            yield _decision(row, verdict, clues.get(row["account_id"], []), policy)


def _decision(row: dict[str, Any], verdict: Verdict, clues: list[dict[str, Any]], policy: Policy) -> tuple[Any, ...]:
    step, rule = verdict.step, verdict.rule
    assert step is not None and rule is not None
    account, cluster = row["account_id"], row["cluster_id"]
    return (
        decision_id(policy, account, cluster, verdict.measure),
        account,
        verdict.measure,
        verdict.reasons[0],
        [f"account:{account} {clue['clue']}" for clue in clues if clue["family"] in verdict.families],
        cluster,
        policy.name,
        True,
        rule.id,
        step.detail,
        step.degree,
        step.days,
        list(verdict.reasons),
        list(verdict.families),
        verdict.review,
        list(verdict.blocked_by),
        counterfactual(row, clues, verdict, policy),
        policy.sha256,
    )


def _clues_of(evidence: pa.Table) -> Clues:
    """Clues about accounts that may be grounds, by account, in the evidence's order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for clue in evidence.select(["subject", "clue", "family", "value", "p_value"]).to_pylist():
        kind, _, account = clue["subject"].partition(":")
        if kind == "account" and not clue["clue"].startswith(NOT_A_GROUND):
            found.setdefault(account, []).append(clue)
    return found
