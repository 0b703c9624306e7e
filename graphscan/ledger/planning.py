"""Planning: which approved decisions are sent next, written down and signed before anything happens.

In: the approved decisions. Out: a :class:`~graphscan.ledger.plans.Plan`, and its decisions queued. A plan is carried out as it was seen,
or refused: when it is stale, was changed, when the policy differs, or when its decisions are not what they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from graphscan.errors import LedgerError
from graphscan.ledger.caps import counted, current_policy, holds_of, sent_today, sorted_out
from graphscan.ledger.desk import Desk
from graphscan.ledger.guards import why_not
from graphscan.ledger.people import among, check_may_approve, checked_name, checked_note, revoked
from graphscan.ledger.plans import FORMAT, Plan, write_plan
from graphscan.ledger.standing import Record
from graphscan.ledger.times import plus
from graphscan.publishing import published

CHANGED_SHARE = 0.02
"""G3: more of a plan's decisions changed since it was shown, and it is another plan (Osprey allows a tenth)."""

SIGNERS = 2
"""G1: people who must sign a plan that is above a cap or a surprise."""

_SHOWN = ("decision_id", "account_id", "measure", "detail", "degree", "days", "cluster_id", "run_id")


def make_plan(desk: Desk, who: str, out: Path | None = None) -> Plan:
    """Plan what is approved and may be sent now; write it to ``out`` (mode 0600: it names accounts) when that is given.

    Raises
    ------
    LedgerError
        When no policy is in force yet, or there is nothing to send.
    OutputError
        When ``out`` exists or its folder does not.
    """
    name = checked_name(who)
    if out is None:
        return _made(desk, name)
    with published(out) as work:  # killed in between, the ledger knows a plan that nobody has; make another
        plan = _made(desk, name)
        write_plan(plan, work)
    return plan


def _made(desk: Desk, name: str) -> Plan:
    with desk.writing():
        policy, now = current_policy(desk), desk.now()
        ready, waiting = sorted_out(desk, policy)
        if not ready:
            told = "; ".join(f"{n} waiting: {reason}" for reason, n in sorted(waiting.items()))
            raise LedgerError(f"nothing to send{f' ({told})' if told else ': no decision is approved'}")
        shown = tuple({field: record[field] for field in _SHOWN} for record in ready)
        plan = Plan(
            FORMAT,
            f"plan-{desk.head().seq + 1}",
            name,
            now,
            plus(now, hours=policy["plan_valid_h"]),
            policy["name"],
            policy["sha256"],
            shown,
            dict(sorted(Counter(d["measure"] for d in shown).items())),
            dict(sorted(Counter(d["cluster_id"] or "none" for d in shown).items())),
            dict(sorted(waiting.items())),
            tuple(holds_of(desk, ready, policy)),
        )
        plan = Plan(**{**plan.__dict__, "mac": desk.seal.sign(plan.fields())})
        kept = {"sha256": plan.sha256, "holds": list(plan.holds), "count": counted(ready), "created_at": now}
        desk.append(name, "plan", f"plan:{plan.plan_id}", "", "MADE", kept)
    return plan


def sign_plan(desk: Desk, plan: Plan, who: str, note: str = "") -> int:
    """Sign for a plan that is above a cap or a surprise; return how many people have signed. Its maker does not count."""
    name, text = checked_name(who), checked_note(note, required=False)
    with desk.writing():
        check_may_approve(desk, name)
        record = checked_plan(desk, plan)
        if record["state"] == "USED":
            raise LedgerError(f"plan {plan.plan_id} was sent already")
        if among(name, [record["by"], *record["signers"]]):
            raise LedgerError(f"plan {plan.plan_id}: {name} made it or has signed it already; another person must")
        desk.append(name, "sign", f"plan:{plan.plan_id}", record["state"], record["state"], {"note": text})
        return len(_signing(desk, record)) + 1


def checked_plan(desk: Desk, plan: Plan) -> Record:
    """Return the ledger's record of a plan; LedgerError when the file is not what the ledger wrote down."""
    record = desk.book.get("plan", plan.plan_id)
    if record is None or record["sha256"] != plan.sha256 or desk.seal.sign(plan.fields()) != plan.mac:
        raise LedgerError(
            f"plan {plan.plan_id} is not as this ledger made it: it was changed, or belongs to another ledger"
        )
    return record


def enqueue_plan(desk: Desk, plan: Plan, who: str) -> int:
    """Queue all decisions of a plan, or none; return how many. A plan that was queued before is left as it is (0).

    Raises
    ------
    LedgerError
        When the plan is stale, changed, unsigned, under another policy, or more than a fiftieth of it is not what it was.
    """
    name = checked_name(who)
    with desk.writing():
        record = checked_plan(desk, plan)
        if record["state"] == "USED":
            return 0
        policy = current_policy(desk)
        _check_fresh(desk, plan, policy)
        ready = _still_ready(desk, plan, policy)
        _check_signed(plan, _signing(desk, record), holds_of(desk, ready, policy))
        for decision in ready:
            desk.move(decision, "enqueue", name, plan=plan.plan_id)
        desk.append(name, "use", f"plan:{plan.plan_id}", record["state"], "USED", {"queued": len(ready)})
    return len(ready)


def _check_fresh(desk: Desk, plan: Plan, policy: Record) -> None:
    if desk.now() > plan.valid_until:
        raise LedgerError(f"plan {plan.plan_id} was valid until {plan.valid_until}; make a new one")
    if desk.now() < plan.created_at:
        raise LedgerError(
            f"plan {plan.plan_id} was made at {plan.created_at}, which is still to come: a clock went back"
        )
    if plan.policy_sha256 != policy["sha256"]:
        raise LedgerError(
            f"plan {plan.plan_id} was made under policy {plan.policy_version}, which is no longer in force"
        )


def _still_ready(desk: Desk, plan: Plan, policy: Record) -> list[Record]:
    ready, _ = sorted_out(desk, policy)
    may = {record["decision_id"]: record for record in ready}
    kept = [may[d["decision_id"]] for d in plan.decisions if d["decision_id"] in may]
    changed = len(plan.decisions) - len(kept)
    if changed > CHANGED_SHARE * len(plan.decisions):
        raise LedgerError(
            f"plan {plan.plan_id}: {changed} of its {len(plan.decisions)} decisions may no longer be sent (held, frozen, withdrawn"
            " or over the day's cap); make a new one"
        )
    return kept


def _signing(desk: Desk, record: Record) -> list[str]:
    """Who has signed and may still: a right that was taken away takes the signature with it."""
    gone = revoked(desk)
    return [who for who in record["signers"] if not among(who, gone)]


def _check_signed(plan: Plan, signers: Sequence[str], holds: Sequence[str]) -> None:
    if holds and len(signers) < SIGNERS:
        raise LedgerError(
            f"plan {plan.plan_id} needs the signatures of {SIGNERS} people and has {len(signers)}: {'; '.join(holds)}"
        )


def requeue(desk: Desk, decision_id: str, who: str) -> Record:
    """Queue again what could not be delivered, once its reversal was; every guard holds as it does in a plan."""
    name = checked_name(who)
    with desk.writing():
        record = desk.decision(decision_id)
        reason = why_not(desk, record) if record["state"] == "APPLY_FAILED" else None
        if record["state"] == "APPLY_FAILED" and record["pending"]:
            reason = "its reversal is not delivered yet"
        policy = current_policy(desk)
        if record["policy_sha256"] != policy["sha256"]:
            reason = "it was made under another policy than the one in force"
        elif record["measure"] != "warn" and sent_today(desk) >= policy["day_any"]:
            reason = f"the day's cap of {policy['day_any']} is reached"
        if reason:
            raise LedgerError(f"decision {decision_id}: {reason}")
        return desk.move(record, "requeue", name, plan=record["plan_id"])
