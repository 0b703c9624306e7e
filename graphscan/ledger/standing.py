"""What stands: a pure function of the entries, folded one entry at a time.

In: entries with their payloads, in order. Out: records in a :class:`Book`, by kind and id. The same fold keeps the ledger's table
``standing`` and, in a dictionary, recomputes it for the check. A payload that was erased folds into a blank record, and the entry of the
erasure blanks a record that was folded with its payload: both roads end at the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from graphscan.ledger.records import Entry
from graphscan.ledger.states import MOVES
from graphscan.ledger.times import plus

Record = dict[str, Any]
Payload = Mapping[str, Any]

BLANK: Record = {
    "account_id": "",
    "measure": "",
    "detail": "",
    "degree": 0,
    "days": None,
    "reason": "",
    "reasons": [],
    "rule": "",
    "families": [],
    "review": "two",
    "blocked_by": [],
    "cluster_id": None,
    "policy_version": "",
    "policy_sha256": "",
    "counterfactual": None,
    "follows": [],
    "managed_share": None,
    "managed_probability": None,
    "membership": None,
    "grounds": [],
    "speaks_for": [],
    "run_id": "",
    "run_path": "",
    "mode": "live",
}
"""What is said about a person in a decision, when nothing is said (any more)."""

EMITS = {(move.state, move.event): move.emits for move in MOVES if move.emits}


class Book(Protocol):
    """Records by kind and id; ``seq`` is the entry that first told of one."""

    def get(self, kind: str, name: str) -> Record | None:
        """Return a record, or None."""

    def put(self, kind: str, name: str, record: Record) -> None:
        """Keep a record."""

    def drop(self, kind: str, name: str) -> None:
        """Forget a record."""


class DictBook(dict[tuple[str, str], Record]):
    """A book in memory."""

    def get(self, kind: str, name: str) -> Record | None:  # type: ignore[override]
        """Return a record, or None."""
        return super().get((kind, name))

    def put(self, kind: str, name: str, record: Record) -> None:
        """Keep a record."""
        self[kind, name] = record

    def drop(self, kind: str, name: str) -> None:
        """Forget a record."""
        self.pop((kind, name), None)


def fold(book: Book, entry: Entry, payload: Payload | None) -> None:
    """Let one entry take effect in a book; ``payload`` is None when it was erased."""
    kind, _, name = entry.subject.partition(":")
    _FOLDS[kind](book, entry, name, payload or {})


def _decision(book: Book, entry: Entry, name: str, payload: Payload) -> None:
    record = _proposed(entry, name, payload) if entry.action == "propose" else dict(book.get("decision", name) or {})
    record["state"], record["changed_at"] = entry.after, entry.at
    op = EMITS.get((entry.before or None, entry.action))
    if op:
        record["fence"] += 1
        record["pending"], record["tries"] = op, 0
    if entry.action in _EFFECTS:
        _EFFECTS[entry.action](record, entry, payload)
    book.put("decision", name, record)


def _proposed(entry: Entry, name: str, payload: Payload) -> Record:
    return {
        **BLANK,
        **payload.get("decision", {}),
        "decision_id": name,
        "seq": entry.seq,
        "proposer": entry.actor,
        "proposed_at": entry.at,
        "applied_at": None,
        "expires_at": None,
        "approved_at": None,
        "queued_at": None,
        "plan_id": None,
        "approvals": [],
        "approvers": [],
        "rechecked": None,
        "fence": 0,
        "pending": None,
        "tries": 0,
        "again": False,
    }


def _approve(record: Record, entry: Entry, payload: Payload) -> None:
    word = {"who": entry.actor, "at": entry.at, "word": entry.action, "note": payload.get("note", "")}
    record["approvals"] = [*record["approvals"], word]
    record["approvers"] = sorted({*record["approvers"], entry.actor})  # stays, whatever becomes of the approval
    if entry.after == "APPROVED":
        record["approved_at"] = entry.at


def _auto_approve(record: Record, entry: Entry, payload: Payload) -> None:
    record["approved_at"] = entry.at


def _blocked(record: Record, entry: Entry, payload: Payload) -> None:
    record["blocked_by"] = [*record["blocked_by"], *payload.get("because", ())]
    record.update(approvals=[], approved_at=None)


def _enqueue(record: Record, entry: Entry, payload: Payload) -> None:
    record["queued_at"], record["plan_id"] = entry.at, payload.get("plan")


def _ack(record: Record, entry: Entry, payload: Payload) -> None:
    record["pending"], record["tries"] = None, 0
    if entry.after == "APPLIED":
        record["applied_at"] = entry.at
        record["expires_at"] = plus(entry.at, days=record["days"]) if record["days"] else None
    if entry.after == "IN_REVIEW":
        record.update(approvals=[], approved_at=None, applied_at=None, expires_at=None, again=False)


def _nack(record: Record, entry: Entry, payload: Payload) -> None:
    record["tries"] += 1


def _held(record: Record, entry: Entry, payload: Payload) -> None:
    """Back to review: what was approved was approved before this was known."""
    record.update(approvals=[], approved_at=None, rechecked=payload.get("rechecked", record["rechecked"]))
    record["again"] = entry.after == "REVERSING"


def _recheck(record: Record, entry: Entry, payload: Payload) -> None:
    record["rechecked"] = payload.get("rechecked")


def _overturned(record: Record, entry: Entry, payload: Payload) -> None:
    record["again"] = False


_EFFECTS: Mapping[str, Callable[[Record, Entry, Payload], None]] = {
    "approve": _approve,
    "reject": _approve,
    "guard_fail": _blocked,
    "auto_approve": _auto_approve,
    "enqueue": _enqueue,
    "requeue": _enqueue,
    "ack": _ack,
    "nack": _nack,
    "hold": _held,
    "stay": _held,
    "recheck": _recheck,
    "overturn": _overturned,
}


def _appeal(book: Book, entry: Entry, name: str, payload: Payload) -> None:
    if entry.action == "open":
        told = {
            key: payload.get(key, blank)
            for key, blank in (("by", ""), ("text", ""), ("attachments", []), ("due_at", ""))
        }
        record = {
            **told,
            "seq": entry.seq,
            "appeal_id": name,
            "decision_id": name.removeprefix("appeal-"),
            "received_at": entry.at,
            "handler": None,
            "outcome_reason": None,
            "note": None,
            "account_id": payload.get("account_id", ""),
        }
    else:
        record = dict(book.get("appeal", name) or {})
        record.update(handler=entry.actor, outcome_reason=payload.get("reason"), note=payload.get("note"))
        record["decided_at"] = entry.at
    record["state"] = entry.after
    book.put("appeal", name, record)


def _kept(book: Book, entry: Entry, name: str, payload: Payload) -> None:
    """A run, a policy, a freeze, a person's rights, a cleared account: the newest entry is what stands."""
    kind = entry.subject.partition(":")[0]
    known = book.get(kind, name) or {"seq": entry.seq}
    book.put(kind, name, {**known, **payload, "state": entry.after, "by": entry.actor, "at": entry.at})


def _plan(book: Book, entry: Entry, name: str, payload: Payload) -> None:
    record = dict(book.get("plan", name) or {"seq": entry.seq, "signers": [], **payload, "by": entry.actor})
    if entry.action == "sign":
        record["signers"] = sorted({*record["signers"], entry.actor})
    record["state"] = entry.after
    book.put("plan", name, record)


def _erasure(book: Book, entry: Entry, name: str, payload: Payload) -> None:
    for decision in payload["decisions"]:
        _blank(book, "decision", decision, BLANK | {"expires_at": None, "rechecked": None, "plan_id": None})
        book.drop("cleared", decision)
    for appeal in payload["appeals"]:
        gone: Record = {
            "by": "",
            "text": "",
            "attachments": [],
            "due_at": "",
            "account_id": "",
            "outcome_reason": None,
            "note": None,
        }
        _blank(book, "appeal", appeal, gone)


def _blank(book: Book, kind: str, name: str, blank: Record) -> None:
    record = dict(book.get(kind, name) or {})
    record.update(blank)
    if kind == "decision":
        record["approvals"] = [{**word, "note": ""} for word in record["approvals"]]
    book.put(kind, name, record)


_FOLDS: Mapping[str, Callable[[Book, Entry, str, Payload], None]] = {
    "decision": _decision,
    "appeal": _appeal,
    "plan": _plan,
    "cleared": _kept,
    "freeze": _kept,
    "person": _kept,
    "policy": _kept,
    "run": _kept,
    "erasure": _erasure,
}
