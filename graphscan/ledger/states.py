"""States: the life of a decision as one declared table (docs/ledger.md prints it).

In: nothing. Out: :data:`MOVES`, and :func:`find_move`, which refuses whatever the table does not name. Every move that may leave an effect
behind at the platform emits an operation with it, so no path out of QUEUED or APPLIED can forget the reversal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from graphscan.errors import LedgerError
from graphscan.ledger.records import Op, State

Who = Literal["system", "person", "platform"]

STATES: tuple[str, ...] = get_args(State)
ENDED = frozenset({"SHADOWED", "REVERSED", "REJECTED", "WITHDRAWN", "SUPERSEDED"})
"""States that no move leaves, but for a shadow that a live run proposes (a superseded one may have its reversal under way)."""

OPEN = frozenset({"PROPOSED", "BLOCKED", "IN_REVIEW", "APPROVED"})
"""States in which nothing was ever sent to the platform since the last review."""


@dataclass(frozen=True)
class Move:
    """One move: from ``state`` (None: nothing yet) by ``event`` of ``who`` to one of ``to``; ``emits`` what is sent with it."""

    state: str | None
    event: str
    who: Who
    to: tuple[str, ...]
    guard: str = ""
    emits: Op | None = None


MOVES: tuple[Move, ...] = (
    Move(None, "propose", "system", ("PROPOSED",), "the same policy, account, cluster and measure is one decision"),
    Move("SHADOWED", "propose", "system", ("PROPOSED",), "a live run proposes it; a holdout not before 14 days"),
    Move("PROPOSED", "shadow", "system", ("SHADOWED",), "mode shadow or holdout, or outside the canary's share"),
    Move(
        "PROPOSED",
        "guard_fail",
        "system",
        ("BLOCKED",),
        "cleared account, a rejection before, or too few families of evidence",
    ),
    Move("PROPOSED", "route_review", "system", ("IN_REVIEW",), "limit, ban, or a warning that asks for a person"),
    Move("PROPOSED", "auto_approve", "system", ("APPROVED",), "a warning that the policy leaves without review"),
    Move("PROPOSED", "withdraw", "system", ("WITHDRAWN",), "a later run says otherwise"),
    Move("BLOCKED", "route_review", "person", ("IN_REVIEW",), "not cleared in the same cluster"),
    Move("BLOCKED", "recheck", "system", ("BLOCKED",), "a sibling was overturned; logged"),
    Move("BLOCKED", "withdraw", "system", ("WITHDRAWN",), "a later run says otherwise, or a person withdraws it"),
    Move("IN_REVIEW", "approve", "person", ("IN_REVIEW", "APPROVED"), "not the proposer; a ban needs two people"),
    Move("IN_REVIEW", "reject", "person", ("REJECTED",), "with a note"),
    Move("IN_REVIEW", "recheck", "system", ("IN_REVIEW",), "a sibling was overturned; logged"),
    Move("IN_REVIEW", "hold", "system", ("IN_REVIEW",), "an approval was revoked: approvals begin anew"),
    Move("IN_REVIEW", "guard_fail", "system", ("BLOCKED",), "the account was cleared meanwhile"),
    Move("IN_REVIEW", "withdraw", "system", ("WITHDRAWN",), "a later run says otherwise, or a person withdraws it"),
    Move("APPROVED", "enqueue", "system", ("QUEUED",), "a valid plan; not frozen; caps; cooling-off over", "apply"),
    Move("APPROVED", "hold", "system", ("IN_REVIEW",), "a sibling was overturned, or an approver was revoked"),
    Move("APPROVED", "recheck", "system", ("APPROVED",), "a sibling was overturned; logged"),
    Move("APPROVED", "guard_fail", "system", ("BLOCKED",), "the account was cleared meanwhile"),
    Move("APPROVED", "withdraw", "system", ("WITHDRAWN",), "a later run says otherwise, or a person withdraws it"),
    Move("QUEUED", "ack", "platform", ("APPLIED",), "the platform has done it"),
    Move("QUEUED", "nack", "platform", ("QUEUED",), "outcome unknown; it is sent again under the same key"),
    Move(
        "QUEUED", "dead", "system", ("APPLY_FAILED",), "eight tries, or refused: whatever was done is undone", "reverse"
    ),
    Move("QUEUED", "hold", "system", ("REVERSING",), "a sibling was overturned, or a freeze", "reverse"),
    Move("QUEUED", "recheck", "system", ("QUEUED",), "a sibling was overturned; logged"),
    Move("QUEUED", "withdraw", "person", ("REVERSING",), "with a note", "reverse"),
    Move("APPLY_FAILED", "requeue", "person", ("QUEUED",), "as enqueue", "apply"),
    Move(
        "APPLY_FAILED", "hold", "system", ("REVERSING",), "the account was cleared, or a sibling overturned", "reverse"
    ),
    Move("APPLY_FAILED", "withdraw", "person", ("REVERSING",), "with a note", "reverse"),
    Move("APPLY_FAILED", "recheck", "system", ("APPLY_FAILED",), "a sibling was overturned; logged"),
    Move("APPLY_FAILED", "ack", "platform", ("APPLY_FAILED",), "whatever was done is undone"),
    Move("APPLY_FAILED", "nack", "platform", ("APPLY_FAILED",), "outcome unknown; it is sent again"),
    Move("APPLIED", "expire", "system", ("REVERSING",), "its days are over", "reverse"),
    Move(
        "APPLIED",
        "overturn",
        "person",
        ("REVERSING",),
        "an appeal was accepted by somebody who approved nothing",
        "reverse",
    ),
    Move(
        "APPLIED", "stay", "system", ("REVERSING",), "its evidence no longer holds after a sibling's appeal", "reverse"
    ),
    Move("APPLIED", "withdraw", "person", ("REVERSING",), "with a note", "reverse"),
    Move(
        "APPLIED", "supersede", "system", ("SUPERSEDED",), "a later decision about the account took effect", "reverse"
    ),
    Move("APPLIED", "recheck", "system", ("APPLIED",), "a sibling was overturned; logged"),
    Move(
        "REVERSING", "ack", "platform", ("REVERSED", "IN_REVIEW"), "held and stayed ones go back to review, others end"
    ),
    Move("REVERSING", "nack", "platform", ("REVERSING",), "outcome unknown; a reversal is never given up"),
    Move("REVERSING", "recheck", "system", ("REVERSING",), "a sibling was overturned; logged"),
    Move("SUPERSEDED", "ack", "platform", ("SUPERSEDED",), "the earlier measure is undone"),
    Move("SUPERSEDED", "nack", "platform", ("SUPERSEDED",), "outcome unknown; a reversal is never given up"),
)
"""Every move of a decision. What is not here cannot happen."""

_BY_STATE_AND_EVENT = {(move.state, move.event): move for move in MOVES}


def find_move(state: str | None, event: str, to: str | None = None) -> Move:
    """Return the move of that state and event; LedgerError when the table has none, or none that ends at ``to``."""
    move = _BY_STATE_AND_EVENT.get((state, event))
    if move is None or (to is not None and to not in move.to):
        allowed = ", ".join(m.event for m in MOVES if m.state == state) or "nothing: it is final"
        raise LedgerError(f"a decision that is {state} cannot {event}{f' to {to}' if to else ''}; allowed: {allowed}")
    return move
