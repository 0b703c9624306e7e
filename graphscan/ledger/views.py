"""Views: records as the values that the rest of graphscan reads.

In: a record of a decision or an appeal. Out: :class:`~graphscan.ledger.records.Decision`, ``Appeal``, ``Operation``.
"""

from __future__ import annotations

from typing import Any

from graphscan.ledger.records import Appeal, Approval, Attachment, Decision, Ground, Operation
from graphscan.ledger.standing import Record

_TUPLES = ("reasons", "families", "blocked_by", "follows")
_SAME = (
    "decision_id",
    "account_id",
    "measure",
    "detail",
    "degree",
    "days",
    "reason",
    "rule",
    "review",
    "cluster_id",
    "policy_version",
    "policy_sha256",
    "counterfactual",
    "managed_share",
    "managed_probability",
    "membership",
    "run_id",
    "run_path",
    "mode",
    "state",
    "proposer",
    "proposed_at",
    "applied_at",
    "expires_at",
)


def decision_of(record: Record) -> Decision:
    """Return a record as a decision."""
    tuples: dict[str, Any] = {name: tuple(record[name] or ()) for name in _TUPLES}
    return Decision(
        **{name: record[name] for name in _SAME},
        **tuples,
        grounds=tuple(map(_ground, record["grounds"])),
        speaks_for=tuple(map(_ground, record["speaks_for"])),
        approvals=tuple(Approval(**word) for word in record["approvals"]),
        automated_detection=True,
        automated_decision="partially" if any(w["word"] == "approve" for w in record["approvals"]) else "fully",
    )


def _ground(told: dict[str, Any]) -> Ground:
    return Ground(**{**told, "rows": tuple(told["rows"])})


def appeal_of(record: Record) -> Appeal:
    """Return a record as an appeal."""
    same = (
        "appeal_id",
        "decision_id",
        "by",
        "text",
        "received_at",
        "due_at",
        "state",
        "handler",
        "outcome_reason",
        "note",
    )
    return Appeal(
        **{name: record[name] for name in same}, attachments=tuple(Attachment(**a) for a in record["attachments"])
    )


def operation_of(record: Record) -> Operation:
    """Return what is still to be sent for a decision."""
    same = ("fence", "decision_id", "account_id", "measure", "detail", "days", "reason", "policy_version", "tries")
    return Operation(key=key_of(record), op=record["pending"], **{name: record[name] for name in same})


def key_of(record: Record) -> str:
    """Return the idempotency key of a decision's latest operation."""
    return f"{record['decision_id']}:{record['fence']}:{record['pending']}"
