"""Delivery: the outbox, one operation after the other, each at most once at the platform.

In: decisions with an operation to send, and an adapter. Out: :class:`Delivery`. The call is made outside any transaction and its outcome
written down afterwards. Killed between the two, the same operation is sent again under the same key. Reversals go first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graphscan.ledger.desk import Desk
from graphscan.ledger.freezing import check_kill_switch
from graphscan.ledger.guards import cleared, frozen, strength
from graphscan.ledger.people import PLATFORM, SYSTEM
from graphscan.ledger.records import Answer, Operation
from graphscan.ledger.standing import Record
from graphscan.ledger.views import key_of, operation_of

MAX_TRIES = 8
"""After eight tries of unknown outcome a measure is given up, and whatever it did is undone."""

IN_A_ROW = 5
"""So many unknown outcomes one after the other are the platform's state, not the operations'; the pass ends."""

BACK_OFF_S = 0.5
"""Wait before the second pass; it doubles from pass to pass."""


class Adapter(Protocol):
    """The way to a platform."""

    def send(self, operation: Operation) -> Answer:
        """Ask for one operation: done, refused for good, or unknown (time-out, 429, 5xx: it may or may not have happened)."""


@dataclass
class Delivery:
    """What became of the operations of one drain; ``pending`` are still to be sent."""

    done: int = 0
    unknown: int = 0
    refused: int = 0
    late: int = 0
    pending: int = 0


def drain(
    desk: Desk,
    adapter: Adapter,
    kill_switch: Path | None = None,
    passes: int = 3,
    sleep: Callable[[float], object] = time.sleep,
) -> Delivery:
    """Send what is to be sent, in up to so many passes with growing waits between them.

    Raises
    ------
    LedgerError
        When the kill switch exists.
    """
    told = Delivery()
    for number in range(passes):
        if number:
            sleep(BACK_OFF_S * 2 ** (number - 1))
        _one_pass(desk, adapter, kill_switch, told)
        told.pending = len(_due(desk))
        if not told.pending:
            break
    return told


def _due(desk: Desk) -> list[Record]:
    """Return decisions with something to send: reversals first, since an account waits for its due."""
    waiting = desk.find("decision", pending=1)
    return sorted(waiting, key=lambda record: (record["pending"] == "apply", record["tries"]))


def _one_pass(desk: Desk, adapter: Adapter, kill_switch: Path | None, told: Delivery) -> None:
    in_a_row = 0
    for listed in _due(desk):
        check_kill_switch(kill_switch)
        record = desk.decision(listed["decision_id"])  # it may have moved since it was listed
        if record["pending"] is None or (record["pending"] == "apply" and frozen(desk, record)):
            continue
        operation = operation_of(record)
        answer = adapter.send(operation)
        recorded = write_down(desk, operation, answer)
        setattr(told, recorded, getattr(told, recorded) + 1)
        in_a_row = in_a_row + 1 if answer == "unknown" else 0
        if in_a_row >= IN_A_ROW:
            return


def write_down(desk: Desk, operation: Operation, answer: Answer) -> str:
    """Write the outcome of one operation down; an outcome that comes when a later operation is due counts nothing ("late")."""
    with desk.writing():
        record = desk.decision(operation.decision_id)
        if record["pending"] is None or key_of(record) != operation.key:
            return "late"
        if answer == "done":
            _done(desk, record)
        elif operation.op == "apply" and (answer == "refused" or record["tries"] + 1 >= MAX_TRIES):
            desk.move(record, "dead", SYSTEM, because=answer, tries=record["tries"] + 1)
        else:
            desk.move(record, "nack", PLATFORM, because=answer)
    return answer


def _done(desk: Desk, record: Record) -> None:
    back = record["state"] == "REVERSING" and record["again"] and not cleared(desk, record)
    ends = {"QUEUED": "APPLIED", "REVERSING": "IN_REVIEW" if back and record["rechecked"] != "milder" else "REVERSED"}
    after = desk.move(record, "ack", PLATFORM, to=ends.get(record["state"], record["state"]))
    if after["state"] != "APPLIED":
        return
    for other in desk.find("decision", account=record["account_id"], state="APPLIED"):
        if other["decision_id"] != record["decision_id"] and strength(other) <= strength(record):
            desk.move(other, "supersede", SYSTEM, by=record["decision_id"])
