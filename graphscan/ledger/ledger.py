"""The ledger: one open book of decisions, with everything that people and jobs do to it.

In: where it lies, its key, a clock. Out: :class:`Ledger`. Each method is one step that happens whole or not at all; the rooms beside this
file hold what each step does.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from graphscan.ledger import appealing, auditing, delivery, freezing, planning, proposing, reviewing
from graphscan.ledger.desk import Desk
from graphscan.ledger.freezing import kill_switch_of
from graphscan.ledger.people import SYSTEM, checked_name
from graphscan.ledger.planning import Plan
from graphscan.ledger.propagation import Recheck, recheck_with_policy, repropagate_again
from graphscan.ledger.records import Appeal, Decision, Entry, Head, Mode, Verdict
from graphscan.ledger.runs import ReadPolicy, read_proposals, read_shipped_policy
from graphscan.ledger.seals import Seal
from graphscan.ledger.stores import open_store
from graphscan.ledger.times import utc_now
from graphscan.ledger.views import appeal_of, decision_of


class Ledger:
    """An open ledger; make one with :meth:`open`. It is a context manager, and threads may share it."""

    def __init__(self, desk: Desk, kill_switch: Path | None) -> None:
        self._desk, self.kill_switch = desk, kill_switch
        self.recheck: Recheck = recheck_with_policy
        self.read_policy: ReadPolicy = read_shipped_policy

    @classmethod
    def open(
        cls,
        where: str,
        *,
        key: bytes | None = None,
        clock: Callable[[], datetime] = utc_now,
        create: bool = True,
    ) -> Ledger:
        """Open a ledger in a SQLite file or a ``postgresql://`` database; a new one is begun where there is none.

        Errors are those of :func:`graphscan.ledger.stores.open_store`. Without a key the chain is plain SHA-256
        (:attr:`keyed` is false): it shows accidents, not a forger.
        """
        store = open_store(where, create)
        salt = secrets.token_hex(16)
        if not store.rows("SELECT value FROM graphscan_meta WHERE name = 'salt'"):
            store.change("INSERT INTO graphscan_meta (name, value) VALUES ('salt', ?) ON CONFLICT DO NOTHING", salt)
        return cls(Desk(store, Seal(key), clock), kill_switch_of(where))

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._desk.store.close()

    @property
    def keyed(self) -> bool:
        """Whether the chain is sealed with a key."""
        return self._desk.seal.keyed

    # ── decisions ──

    def propose(
        self, run: Path | str, *, mode: Mode, proposer: str, canary_share: float = proposing.CANARY_SHARE
    ) -> dict[str, int]:
        """Bring a run's proposed decisions in; return counts (``proposed``, ``known``, ``withdrawn``, and by state)."""
        found = read_proposals(Path(run), self.read_policy)
        return proposing.propose(self._desk, found, mode, checked_name(proposer), canary_share)

    def decisions(
        self, *, state: str | None = None, cluster: str | None = None, account: str | None = None
    ) -> list[Decision]:
        """Return decisions, oldest first; each argument narrows them."""
        wanted = {"state": state, "cluster": cluster, "account": account}
        found = self._desk.find("decision", **{name: value for name, value in wanted.items() if value is not None})
        return [decision_of(record) for record in found]

    def decision(self, decision_id: str) -> Decision:
        """Return a decision; LedgerError when there is none."""
        return decision_of(self._desk.decision(decision_id))

    def route_review(self, decision_id: str, who: str, note: str = "") -> Decision:
        """Bring a blocked decision before people."""
        return decision_of(reviewing.route_review(self._desk, decision_id, who, note))

    def approve(self, decision_id: str, who: str, note: str = "") -> Decision:
        """Approve a decision in review; a ban needs two people, and nobody approves what they proposed."""
        return decision_of(reviewing.approve(self._desk, decision_id, who, note))

    def reject(self, decision_id: str, who: str, note: str) -> Decision:
        """Reject a decision in review, with a note."""
        return decision_of(reviewing.reject(self._desk, decision_id, who, note))

    def withdraw(self, decision_id: str, who: str, note: str) -> Decision:
        """Withdraw a decision, with a note; what may have taken effect is reversed."""
        return decision_of(reviewing.withdraw(self._desk, decision_id, who, note))

    def revoke(self, person: str, who: str, note: str) -> list[str]:
        """Take a person's right to approve away; return the decisions that go back to review."""
        return reviewing.revoke(self._desk, person, who, note)

    def reinstate(self, person: str, who: str, note: str) -> None:
        """Give a person's right to approve back."""
        reviewing.reinstate(self._desk, person, who, note)

    # ── plans and the platform ──

    def plan(self, who: str, out: Path | None = None) -> Plan:
        """Plan what is approved and may be sent now; see :func:`graphscan.ledger.planning.make_plan`."""
        return planning.make_plan(self._desk, who, out)

    def sign(self, plan: Plan | Path, who: str, note: str = "") -> int:
        """Sign for a plan above a cap or a surprise; return how many people have."""
        return planning.sign_plan(self._desk, _plan(plan), who, note)

    def apply(self, plan: Plan | Path, adapter: delivery.Adapter, who: str = "graphscan", **how: Any) -> dict[str, int]:
        """Queue a plan's decisions and send them; return ``queued`` and what :meth:`drain` returns. Safe to run again."""
        freezing.check_kill_switch(self.kill_switch)
        queued = planning.enqueue_plan(self._desk, _plan(plan), who)
        return {"queued": queued, **self.drain(adapter, **how)}

    def drain(self, adapter: delivery.Adapter, **how: Any) -> dict[str, int]:
        """Send all that is still to be sent, reversals first; return counts (``done``, ``unknown``, ``refused``, ``pending`` …)."""
        return asdict(delivery.drain(self._desk, adapter, self.kill_switch, **how))

    def requeue(self, decision_id: str, who: str) -> Decision:
        """Try a measure again that could not be delivered; all guards hold as in a plan."""
        return decision_of(planning.requeue(self._desk, decision_id, who))

    def expire(self) -> dict[str, int]:
        """End the measures whose days are over, and let appeals lapse that nobody answered; return how many of each."""
        desk = self._desk
        with desk.writing():
            now = desk.now()
            over = [r for r in desk.find("decision", state="APPLIED") if r["expires_at"] and r["expires_at"] <= now]
            for record in over:
                desk.move(record, "expire", SYSTEM)
            return {"expired": len(over), "lapsed": appealing.lapse(desk)}

    # ── appeals ──

    def open_appeal(self, decision_id: str, by: str, text: str, attachments: Sequence[appealing.File] = ()) -> Appeal:
        """Open the one appeal a decision can have; a file is a path, or a name with its bytes."""
        return appeal_of(appealing.open_appeal(self._desk, decision_id, by, text, attachments))

    def appeals(self, *, state: str | None = None, decision: str | None = None) -> list[Appeal]:
        """Return appeals, oldest first; each argument narrows them."""
        found = self._desk.find("appeal", **({"state": state} if state else {}))
        return [appeal_of(record) for record in found if decision in (None, record["decision_id"])]

    def appeal(self, appeal_id: str) -> Appeal:
        """Return an appeal; LedgerError when there is none."""
        return appeal_of(appealing.appeal(self._desk, appeal_id))

    def attachment(self, appeal_id: str, sha256: str) -> bytes:
        """Return the bytes of an appeal's file."""
        return appealing.attachment(self._desk, appeal_id, sha256)

    def uphold(self, appeal_id: str, who: str, note: str) -> Appeal:
        """Let the decision stand, with a note; by somebody who approved nothing in it."""
        return appeal_of(appealing.uphold(self._desk, appeal_id, who, note))

    def overturn(self, appeal_id: str, who: str, reason: str, note: str = "") -> dict[str, Any]:
        """Accept an appeal: reverse the decision and check its siblings again; see :func:`graphscan.ledger.appealing.overturn`."""
        return appealing.overturn(self._desk, appeal_id, who, reason, note, self.recheck, self.read_policy)

    def recheck_siblings(self, appeal_id: str) -> dict[str, int]:
        """Check the siblings of an overturned decision once more; return how many by outcome."""
        record = appealing.appeal(self._desk, appeal_id)
        return repropagate_again(self._desk, record, self.recheck, self.read_policy)

    # ── stopping, checking, erasing ──

    def freeze(self, scope: str, who: str, note: str) -> list[str]:
        """Freeze ``all``, ``cluster:ID`` or ``policy:VERSION``; return the decisions that were held."""
        return freezing.freeze(self._desk, scope, who, note)

    def thaw(self, scope: str, who: str, note: str) -> None:
        """Let a frozen scope go on."""
        freezing.thaw(self._desk, scope, who, note)

    def freezes(self) -> list[str]:
        """Return the scopes that are frozen."""
        return [name for name, state in freezing.scopes(self._desk) if state == "ON"]

    def verify(self, head: Head | None = None) -> Verdict:
        """Check chain, payloads, moves, present states and triggers; ``head`` is one that was kept elsewhere."""
        return auditing.verify(self._desk, head)

    def erase(self, account: str, who: str, note: str) -> dict[str, int]:
        """Erase what is said about an account; see :func:`graphscan.ledger.auditing.erase`."""
        return auditing.erase(self._desk, account, who, note)

    def entries(self, subject: str | None = None) -> list[Entry]:
        """Return the chain's entries, all or those about one decision, appeal or KIND:NAME."""
        return auditing.entries(self._desk, subject)

    def payload(self, seq: int) -> dict[str, Any] | None:
        """Return what an entry says beside its move (notes, reasons); None when it was erased."""
        return auditing.payload(self._desk, seq)

    def head(self) -> Head:
        """Return the newest entry's number and code, to be kept elsewhere."""
        return self._desk.head()


def _plan(plan: Plan | Path) -> Plan:
    return planning.read_plan(plan) if isinstance(plan, Path) else plan
