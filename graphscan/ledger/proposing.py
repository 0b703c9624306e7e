"""Proposing: the decisions of a run into the ledger, once each, and what their mode and guards make of them.

In: :class:`~graphscan.ledger.runs.Proposals`. Out: counts by what became of them. Proposing a run twice changes nothing: a decision's id is
the same for the same policy version, account, cluster and measure; once it has ended, new acts make a new one with a number.
"""

from __future__ import annotations

from typing import Any

from graphscan.ledger.caps import raise_unseen
from graphscan.ledger.desk import Desk
from graphscan.ledger.guards import cleared, need, rejected, strength, thin_evidence
from graphscan.ledger.people import SYSTEM
from graphscan.ledger.records import Mode
from graphscan.ledger.runs import Proposals
from graphscan.ledger.standing import BLANK, Record
from graphscan.ledger.states import OPEN
from graphscan.ledger.times import plus

CANARY_SHARE = 0.05
"""G5: the first step of a canary; 0.25 and 1 follow, each after a look at the results."""

HOLDOUT_SHARE = 0.01
"""G17: would-be limits left untouched, so that what a limit does can be measured."""

HOLDOUT_DAYS = 14

CAPS = ("run_ban", "run_any", "share_active", "day_any")
"""Limits of a policy of which more is laxer."""

LIVE = ("live", "canary")


def propose(
    desk: Desk, found: Proposals, mode: Mode, proposer: str, canary_share: float = CANARY_SHARE
) -> dict[str, int]:
    """Bring a run's decisions into the ledger; return how many were proposed, were known, and where the new ones stand.

    Known is also what is in force already, or was approved, under another cluster's name: see :func:`_covered`.
    """
    counts = {"proposed": 0, "known": 0, "withdrawn": 0}
    with desk.writing():
        _remember(desk, found, mode, proposer)
        for proposed in found.decisions:
            fields = proposed | {"id": _numbered(desk, proposed["id"], found.begins_at)}
            effective = _mode_of(desk, fields, mode, canary_share)
            if not _is_new(desk, fields["id"], effective) or (effective in LIVE and _covered(desk, fields)):
                counts["known"] += 1
                continue
            record = enter(desk, fields, effective, proposer)
            counts["proposed"] += 1
            counts["withdrawn"] += withdraw_earlier(desk, record)
            counts[record["state"].lower()] = counts.get(record["state"].lower(), 0) + 1
    return counts


def enter(desk: Desk, fields: Record, mode: str, proposer: str, review: bool = False) -> Record:
    """Propose one decision and take it to its first resting place; ``review``: a person looks, whatever the measure."""
    told = {name: fields.get(name, blank) for name, blank in BLANK.items()} | {
        "mode": "canary" if mode == "outside" else mode
    }
    before = (desk.book.get("decision", fields["id"]) or {"state": ""})["state"]
    desk.append(proposer, "propose", f"decision:{fields['id']}", before, "PROPOSED", {"decision": told})
    record = desk.decision(fields["id"])
    if mode in ("shadow", "holdout", "outside"):
        return desk.move(record, "shadow", SYSTEM)
    found = (thin_evidence(record), cleared(desk, record), rejected(desk, record))
    because = [reason for reason in found if reason]
    if because:
        return desk.move(record, "guard_fail", SYSTEM, because=because)
    return desk.move(record, "route_review" if need(record) or review else "auto_approve", SYSTEM)


def withdraw_earlier(desk: Desk, record: Record) -> int:
    """Withdraw what earlier runs proposed about the account and nobody carried out: the evidence has changed."""
    if record["state"] not in OPEN:
        return 0
    earlier = [
        other
        for other in desk.find("decision", account=record["account_id"])
        if other["state"] in OPEN and other["decision_id"] != record["decision_id"]
    ]
    for other in earlier:
        desk.move(other, "withdraw", SYSTEM, because=record["decision_id"])
    return len(earlier)


def _mode_of(desk: Desk, fields: Record, mode: Mode, canary_share: float) -> str:
    """Return what a mode means for one account: the same answer for the same account, and not to be guessed from outside."""
    if mode in ("shadow", "holdout"):
        return mode
    if mode == "canary" and desk.share("canary", fields["account_id"]) >= canary_share:
        return "outside"
    held_out = fields["measure"] == "limit" and desk.share("holdout", fields["account_id"]) < HOLDOUT_SHARE
    return "holdout" if held_out else mode


def _numbered(desk: Desk, name: str, begins_at: str | None) -> str:
    """Return the id to propose under: the decision's own, or with a number where those before it have ended by themselves.

    Only a log that begins after a measure was in force tells of new acts: nobody is measured twice for the same ones.
    """
    number, tried = 1, name
    while _ended(desk, desk.book.get("decision", tried), begins_at):
        number += 1
        tried = f"{name}.{number}"
    return tried


def _ended(desk: Desk, known: Record | None, begins_at: str | None) -> bool:
    if known is None or begins_at is None or known["state"] != "REVERSED" or not known["expires_at"]:
        return False
    return bool(known["expires_at"] <= desk.now() and known["applied_at"] <= begins_at)


def _is_new(desk: Desk, decision_id: str, mode: str) -> bool:
    """A shadow does not stand in the way of a live proposal; a holdout does, until it was measured."""
    known = desk.book.get("decision", decision_id)
    if known is None:
        return True
    if known["state"] != "SHADOWED" or mode in ("shadow", "holdout", "outside"):
        return False
    return known["mode"] != "holdout" or desk.now() >= plus(known["proposed_at"], days=HOLDOUT_DAYS)


def _covered(desk: Desk, fields: Record) -> bool:
    """Whether the account is under such a measure already, or on its way there by people's word.

    A daily run sees the same account in a cluster that grew by one, which is another decision by its id. Proposing it anew each
    day would ask reviewers again for what they said, and no ban would ever cool off.
    """
    for other in desk.find("decision", account=fields["account_id"]):
        same_policy = other["policy_sha256"] == fields["policy_sha256"]
        if other["state"] in ("QUEUED", "APPLIED") and strength(other) >= strength(fields):
            return True
        if other["state"] == "APPROVED" and same_policy and strength(other) == strength(fields):
            return True
        if other["state"] == "IN_REVIEW" and other["approvals"] and same_policy and strength(other) == strength(fields):
            return True
    return False


def _remember(desk: Desk, found: Proposals, mode: Mode, proposer: str) -> None:
    """Write down the run and its policy, where they are new; a live or canary run's policy is the one in force."""
    kept = {"path": str(found.path.resolve()), "active": found.active, "policy_sha256": found.policy.sha256}
    known = desk.book.get("run", found.run_id)
    if known is None or any(known.get(name) != value for name, value in kept.items()):
        desk.append(proposer, "read", f"run:{found.run_id}", known["state"] if known else "", "KNOWN", kept)
    _adopt(desk, found.policy, "CURRENT" if mode in LIVE else "KNOWN", proposer)


def _adopt(desk: Desk, policy: Any, state: str, proposer: str) -> None:
    known = desk.book.get("policy", policy.sha256)
    if known and (known["state"] == state or state == "KNOWN"):
        return
    agreed: dict[str, Any] = {}
    if state == "CURRENT":
        for former in desk.find("policy", state="CURRENT"):
            desk.append(proposer, "retire", f"policy:{former['sha256']}", "CURRENT", "FORMER")
            agreed = _agreed(desk, former)
    raised = [name for name, cap in agreed.items() if getattr(policy.limits, name) > cap]
    before = known["state"] if known else ""
    desk.append(
        proposer,
        "adopt",
        f"policy:{policy.sha256}",
        before,
        state,
        {**_limits(policy), "raised": raised, "agreed": agreed},
    )


def _agreed(desk: Desk, former: Record) -> dict[str, Any]:
    """The caps to hold a new policy against: the former's, or those before it where nobody has seen yet that it raised them."""
    if raise_unseen(desk, former):
        return dict(former["agreed"])
    return {name: former[name] for name in CAPS}


def _limits(policy: Any) -> dict[str, Any]:
    limits, appeal = policy.limits, policy.appeal
    return {
        "sha256": policy.sha256,
        "name": policy.name,
        "run_ban": limits.run_ban,
        "run_any": limits.run_any,
        "share_active": limits.share_active,
        "day_any": limits.day_any,
        "plan_valid_h": limits.plan_valid_h,
        "appeal_days": appeal.days,
        "appeal_sla_h": appeal.sla_h,
    }
