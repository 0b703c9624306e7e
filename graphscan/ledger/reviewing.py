"""Reviewing: what people do with a proposed decision: look at a blocked one, approve, reject, withdraw, take a right away.

In: a decision's id, a name, a note. Out: the decision's record afterwards. Every refusal is one sentence that says what is missing.
"""

from __future__ import annotations

from graphscan.errors import LedgerError
from graphscan.ledger.desk import Desk, appeal_of
from graphscan.ledger.guards import cleared, need, thin_evidence, unsupported
from graphscan.ledger.people import SYSTEM, among, approving, check_may_approve, checked_name, checked_note, same_person
from graphscan.ledger.standing import Record


def route_review(desk: Desk, decision_id: str, who: str, note: str = "") -> Record:
    """Bring a blocked decision before people, unless the account is cleared in the same cluster."""
    name, text = checked_name(who), checked_note(note, required=False)
    with desk.writing():
        record = desk.decision(decision_id)
        _refuse(decision_id, cleared(desk, record, anywhere=False) if record["state"] == "BLOCKED" else None)
        return desk.move(record, "route_review", name, note=text)


def approve(desk: Desk, decision_id: str, who: str, note: str = "") -> Record:
    """Approve a decision in review: not one's own proposal, each person once; a ban needs two people and two families."""
    name, text = checked_name(who), checked_note(note, required=False)
    with desk.writing():
        record = desk.decision(decision_id)
        if record["state"] == "IN_REVIEW":
            _refuse(decision_id, _against(desk, record, name))
        enough = len(approving(record)) + 1 >= max(1, need(record))
        return desk.move(record, "approve", name, to="APPROVED" if enough else "IN_REVIEW", note=text)


def _against(desk: Desk, record: Record, name: str) -> str | None:
    check_may_approve(desk, name)
    if same_person(name, record["proposer"]):
        return f"{name} proposed it, and nobody approves their own proposal"
    if among(name, approving(record)):
        return f"{name} has approved it already; another person must"
    return (
        _answered(desk, record, name)
        or thin_evidence(record)
        or cleared(desk, record, anywhere=False)
        or unsupported(record)
    )


def reject(desk: Desk, decision_id: str, who: str, note: str) -> Record:
    """Reject a decision in review, with a note that says why."""
    name, text = checked_name(who), checked_note(note, required=True)
    with desk.writing():
        record = desk.decision(decision_id)
        if record["state"] == "IN_REVIEW":
            _refuse(decision_id, _answered(desk, record, name))
        return desk.move(record, "reject", name, note=text)


def _answered(desk: Desk, record: Record, name: str) -> str | None:
    """Say that the person answered its appeal: when it comes back to review, other eyes look at it."""
    appeal = desk.book.get("appeal", appeal_of(record["decision_id"]))
    if appeal and appeal["handler"] and same_person(name, appeal["handler"]):
        return f"{name} answered its appeal; somebody else must decide"
    return None


def withdraw(desk: Desk, decision_id: str, who: str, note: str) -> Record:
    """Withdraw a decision, with a note; one that may have taken effect is reversed."""
    name, text = checked_name(who), checked_note(note, required=True)
    with desk.writing():
        return desk.move(desk.decision(decision_id), "withdraw", name, note=text)


def revoke(desk: Desk, person: str, who: str, note: str) -> list[str]:
    """Take a person's right to approve away; return the decisions that go back to review because they had approved them."""
    name, text, gone = checked_name(who), checked_note(note, required=True), checked_name(person)
    with desk.writing():
        _turn(desk, gone, name, "REVOKED", text)
        held = [
            record
            for state in ("IN_REVIEW", "APPROVED")
            for record in desk.find("decision", state=state)
            if among(gone, approving(record))
        ]
        for record in held:
            desk.move(record, "hold", SYSTEM, because=f"the right of {gone} to approve was revoked")
    return [record["decision_id"] for record in held]


def reinstate(desk: Desk, person: str, who: str, note: str) -> None:
    """Give a person's right to approve back; what they approved before does not come back."""
    name, text, back = checked_name(who), checked_note(note, required=True), checked_name(person)
    if same_person(name, back):
        raise LedgerError(f"{back} cannot reinstate themselves; another person must")
    with desk.writing():
        _turn(desk, back, name, "FREE", text)


def _turn(desk: Desk, person: str, who: str, state: str, note: str) -> None:
    key = person.casefold()
    known = desk.book.get("person", key)
    before = known["state"] if known else "FREE"
    if before == state:
        raise LedgerError(f"{person} is {state.lower()} already")
    action = "revoke" if state == "REVOKED" else "reinstate"
    desk.append(who, action, f"person:{key}", before, state, {"who": person, "note": note})


def _refuse(decision_id: str, reason: str | None) -> None:
    if reason:
        raise LedgerError(f"decision {decision_id}: {reason}")
