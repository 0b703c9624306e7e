"""Records: what the ledger keeps, as values that everybody reads alike.

In: nothing. Out: :class:`Decision`, :class:`Approval`, :class:`Appeal`, :class:`Entry`, :class:`Operation`, :class:`Head`. A
record is read, never changed: what stands now is a function of the entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "PROPOSED",
    "SHADOWED",
    "BLOCKED",
    "IN_REVIEW",
    "APPROVED",
    "QUEUED",
    "APPLIED",
    "APPLY_FAILED",
    "REVERSING",
    "REVERSED",
    "REJECTED",
    "WITHDRAWN",
    "SUPERSEDED",
]

Mode = Literal["live", "shadow", "canary", "holdout"]
AppealState = Literal["OPEN", "UPHELD", "OVERTURNED", "LAPSED"]
Op = Literal["apply", "reverse"]
Answer = Literal["done", "unknown", "refused"]


@dataclass(frozen=True)
class Ground:
    """One clue that a decision rests on, as it stood when it was proposed: a row of the run's evidence."""

    clue: str
    family: str
    writer: str
    value: float | None
    unit: str
    p_value: float | None
    sentence: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Approval:
    """One person's word on a decision: ``word`` is approve or reject; ``at`` an ISO 8601 instant in UTC."""

    who: str
    at: str
    word: Literal["approve", "reject"]
    note: str


@dataclass(frozen=True)
class Decision:
    """One decision about one account, with its present state.

    Fields up to ``counterfactual`` are those of :data:`graphscan.tables.DECISIONS`. ``grounds`` are clues about the account
    itself; ``speaks_for`` those that speak for it. ``run_id`` is the SHA-256 of the run's manifest, ``proposer`` who or
    what proposed it, ``proposed_at`` and ``applied_at`` ISO 8601 instants in UTC, ``expires_at`` when it ends by itself
    (None: never, or not applied yet). ``automated_detection`` is always true here; ``automated_decision`` is
    ``fully`` where no person approved, ``partially`` otherwise.
    """

    decision_id: str
    account_id: str
    measure: str
    detail: str
    degree: int
    days: int | None
    reason: str
    reasons: tuple[str, ...]
    rule: str
    families: tuple[str, ...]
    review: str
    blocked_by: tuple[str, ...]
    cluster_id: str | None
    policy_version: str
    policy_sha256: str
    counterfactual: str | None
    follows: tuple[str, ...]
    managed_share: float | None
    managed_probability: float | None
    membership: float | None
    grounds: tuple[Ground, ...]
    speaks_for: tuple[Ground, ...]
    run_id: str
    run_path: str
    mode: Mode
    state: State
    proposer: str
    proposed_at: str
    applied_at: str | None
    expires_at: str | None
    approvals: tuple[Approval, ...]
    automated_detection: bool
    automated_decision: Literal["fully", "partially"]


@dataclass(frozen=True)
class Attachment:
    """One file that came with an appeal: its name as given (never a path), its size and SHA-256."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Appeal:
    """One appeal against one decision; ``due_at`` is when an answer is owed, ``handler`` who decided it, None while open."""

    appeal_id: str
    decision_id: str
    by: str
    text: str
    attachments: tuple[Attachment, ...]
    received_at: str
    due_at: str
    state: AppealState
    handler: str | None
    outcome_reason: str | None
    note: str | None


@dataclass(frozen=True)
class Entry:
    """One entry of the chain: who did what to which subject, when; ``digest`` of its payload, ``previous`` and own ``mac``."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    before: str
    after: str
    digest: str
    previous: str
    mac: str
    key_id: str


@dataclass(frozen=True)
class Operation:
    """One thing that the platform is asked to do, at most once.

    ``key`` is its idempotency key. ``fence`` counts a decision's operations: a platform ignores an operation whose fence is
    below the highest it has seen for that ``decision_id``, so that a late apply cannot outlive its reversal. ``days`` is how
    long the measure is meant to last; the ledger itself sends the reversal when they are over. ``tries`` were made before.
    """

    key: str
    op: Op
    fence: int
    decision_id: str
    account_id: str
    measure: str
    detail: str
    days: int | None
    reason: str
    policy_version: str
    tries: int = 0


@dataclass(frozen=True)
class Head:
    """The newest entry of the chain; kept elsewhere, it shows that a ledger was cut short. ``SEQ:MAC`` as text."""

    seq: int
    mac: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.mac}"


@dataclass(frozen=True)
class Verdict:
    """What a check of the whole ledger found: ``faults`` is empty when all holds. ``erased`` counts payloads that are gone."""

    entries: int
    head: Head
    keyed: bool
    erased: int
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether chain, payloads, moves and present states all hold."""
        return not self.faults
