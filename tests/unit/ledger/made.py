"""Runs made by hand for the ledger's tests: their decisions, a word of evidence for each, and a manifest that fits."""

import dataclasses
import hashlib
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pyarrow.parquet as pq

from graphscan.decisions.policy import read_policy
from graphscan.ledger import Ledger, Operation
from graphscan.publishing import sha256_of
from graphscan.tables import (
    ACCOUNT_RESULTS,
    DECISIONS,
    EVIDENCE,
    FACTS,
    RUN_TABLES,
    from_rows,
)

KEY = b"a key for the tests only"
START = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
POLICY = read_policy()
DETAILS = {"warn": "warn", "limit": "limit_distribution", "ban": "ban"}


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, **how):
        self.now += timedelta(**how)


def decision(account, measure="limit", *, cluster="c1", families=("A1", "A2"), policy=POLICY, **more):
    """A row of DECISIONS as the room of decisions would propose it."""
    key = f"{policy.sha256}|{account}|{cluster}|{measure}"
    return {
        "decision_id": "d" + hashlib.sha256(key.encode()).hexdigest()[:20],
        "subject": account,
        "measure": measure,
        "reason": "XHS-AI-3a",
        "follows": [f"account:{account} posted_by_tool"],
        "cluster_id": cluster,
        "policy_version": policy.name,
        "automated": True,
        "rule": "3-ring",
        "detail": DETAILS[measure],
        "degree": {"warn": 1, "limit": 3, "ban": 5}[measure],
        "days": 30 if measure == "limit" else None,
        "reasons": ["XHS-AI-3a"],
        "families": list(families),
        "review": {"warn": "none", "limit": "one", "ban": "two"}[measure],
        "blocked_by": [],
        "counterfactual": "without the notes posted through an agent tool: a warning",
        "policy_sha256": policy.sha256,
        **more,
    }


def blank_row(table, **values):
    """A row of a declared table with something in every required column."""
    zero = {"int": 0, "float": 0.0, "bool": False, "texts": [], "ids": [], "ints": []}
    required = {c.name: zero.get(c.kind, "") for c in table.columns if c.required}
    return [({**required, **values}).get(c.name) for c in table.columns]


def evidence(account):
    told = {"subject": f"account:{account}", "unit": "share", "value": 0.9, "rows": [f"notes/n-{account}"]}
    yield {
        **told,
        "clue": "posted_by_tool",
        "family": "A1",
        "writer": "self",
        "sentence": f"Account {account} posted by tool.",
    }
    yield {**told, "clue": "against_age", "family": "context", "writer": "platform", "sentence": "It is old."}


def run(folder, decisions, active=20, policy=POLICY, begins_at=None):
    """Write a run's folder with these decisions and so many accounts active in its last week."""
    folder.mkdir(parents=True)
    accounts = sorted({d["subject"] for d in decisions})
    rows = {
        "decisions": [[d[c.name] for c in DECISIONS.columns] for d in decisions],
        "evidence": [blank_row(EVIDENCE, **e) for a in accounts for e in evidence(a)],
        "facts": [blank_row(FACTS, account_id=a, managed_probability=0.99, managed_share=1.0) for a in accounts],
        "accounts": [blank_row(ACCOUNT_RESULTS, account_id=f"seen{n}", last_at=START) for n in range(active)],
    }
    for table in RUN_TABLES:
        pq.write_table(from_rows(rows.get(table.name, []), table), folder / f"{table.name}.parquet")
    outputs = {p.name: sha256_of(p) for p in sorted(folder.glob("*.parquet"))}
    span = {"span": {"first_at": begins_at}} if begins_at else {}
    (folder / "run.json").write_text(json.dumps({"outputs": outputs, **span}), encoding="utf-8")
    return folder


def opened(where=":memory:", clock=None, key=KEY, **how):
    return Ledger.open(str(where), key=key, clock=clock or Clock(), **how)


def without_caps(ledger, **limits):
    """A reader of the shipped policy with other limits; its SHA-256 stays, so that it is the policy of the same runs."""
    wide = {"run_ban": 10**6, "run_any": 10**6, "share_active": 10.0**6, "day_any": 10**6} | limits

    def read(path=None):
        policy = read_policy(path)
        limits = dataclasses.replace(policy.limits, **wide)
        return SimpleNamespace(sha256=policy.sha256, name=policy.name, limits=limits, appeal=policy.appeal)

    ledger.read_policy = read
    return ledger


class Platform:
    """A platform that keeps the rules of the contract: one effect a key, and no operation below a fence it has seen."""

    def __init__(self):
        self.seen, self.fences, self.active, self.effects = set(), {}, {}, []

    def send(self, operation):
        self.carry_out(operation)
        return "done"

    def carry_out(self, operation):
        if operation.key in self.seen or operation.fence < self.fences.get(operation.decision_id, 0):
            return
        self.seen.add(operation.key)
        self.fences[operation.decision_id] = operation.fence
        self.effects.append(operation.key)
        if operation.op == "apply":
            self.active[operation.decision_id] = operation.measure
        else:
            self.active.pop(operation.decision_id, None)


def operation(decision_id, op="apply", fence=1):
    """One operation as the ledger would send it."""
    return Operation(
        key=f"{decision_id}:{fence}:{op}",
        op=op,
        fence=fence,
        decision_id=decision_id,
        account_id="a1",
        measure="limit",
        detail="limit_distribution",
        days=30,
        reason="XHS-AI-3a",
        policy_version=POLICY.name,
    )
