"""Guards: what holds a decision back, each as one function with its reason.

In: a decision's record and the ledger. Out: a sentence that says why not, or None. Nothing here changes anything.
"""

from __future__ import annotations

import math
import shlex

from graphscan.ledger.desk import Desk
from graphscan.ledger.people import among, approving, revoked
from graphscan.ledger.standing import Record
from graphscan.ledger.times import plus

RANKS = {"none": 0, "warn": 1, "limit": 2, "ban": 3}
BAN_FAMILIES = 2
"""G6: two independent families of evidence for a ban, one of them of class A, which nobody else can write."""

CLEARED_DAYS = 180
"""G19: how long a person's word outranks the machine's."""

COOLING_OFF_H = 24
"""Rules 2a and 2b: a ban waits a day after its last approval."""

_ASKED = {"none": 0, "one": 1, "two": 2}
_LEAST = {"warn": 0, "limit": 1, "ban": 2}


def need(record: Record) -> int:
    """Return how many people must approve: what the policy asks, never below two for a ban and one for a limit."""
    return max(_LEAST.get(record["measure"], 2), _ASKED.get(record["review"], 2))


def strength(record: Record) -> tuple[int, int, float]:
    """Return a decision's strength to compare by: measure, degree, days (without end: infinite)."""
    return RANKS.get(record["measure"], 0), int(record["degree"] or 0), float(record["days"] or math.inf)


def thin_evidence(record: Record) -> str | None:
    """G6: say what a ban or a limit lacks in families of evidence. Class C, which others can write, counts nothing."""
    own = {family for family in record["families"] if family[:1] in ("A", "B")}
    if record["measure"] == "ban" and (len(own) < BAN_FAMILIES or not any(f.startswith("A") for f in own)):
        return f"a ban needs {BAN_FAMILIES} families of evidence, one of class A; it has {', '.join(sorted(own)) or 'none'}"
    if record["measure"] == "limit" and not own:
        return "a limit needs evidence of the account's own; it has none"
    return None


def cleared(desk: Desk, record: Record, anywhere: bool = True) -> str | None:
    """G19: say that a person cleared the account; ``anywhere`` false: only in the same cluster, where nobody may override it."""
    now = desk.now()
    for word in desk.find("cleared", account=record["account_id"]):
        same = word.get("cluster_id") == record["cluster_id"]
        if word["until"] > now and record["account_id"] and (same or anywhere):
            where = "in this cluster" if same else "in another cluster"
            return f"the account was cleared {where} ({word['reason']}) until {word['until'][:10]}"
    return None


def rejected(desk: Desk, record: Record) -> str | None:
    """G19: say that a person rejected such a measure, or a stronger one, against the account; a person may look again."""
    since = plus(desk.now(), days=-CLEARED_DAYS)
    for other in desk.find("decision", account=record["account_id"], state="REJECTED"):
        if other["changed_at"] > since and RANKS.get(other["measure"], 0) >= RANKS.get(record["measure"], 0):
            return f"decision {other['decision_id']} about the account was rejected on {other['changed_at'][:10]}"
    return None


def frozen(desk: Desk, record: Record) -> str | None:
    """G20: say which freeze a decision falls under."""
    for scope in ("all", f"cluster:{record['cluster_id']}", f"policy:{record['policy_version']}"):
        freeze = desk.book.get("freeze", scope)
        if freeze and freeze["state"] == "ON":
            return f"frozen: {scope}, {until_thawed(scope)}"
    return None


def until_thawed(scope: str) -> str:
    """Say what lets a frozen scope go on, as it is typed but for who does it and why.

    >>> until_thawed("policy:house rules 7")
    "until graphscan audit thaw 'policy:house rules 7' --as NAME --note TEXT"
    """
    return f"until graphscan audit thaw {shlex.quote(scope)} --as NAME --note TEXT"


def unsupported(record: Record) -> str | None:
    """Say that a recheck after a sibling's appeal no longer supports the measure."""
    if record["rechecked"] in ("milder", "gone"):
        return f"its evidence was checked again after a sibling's appeal and is {record['rechecked']}"
    return None


def cooling(desk: Desk, record: Record) -> str | None:
    """Say until when an approved ban waits."""
    if record["measure"] != "ban" or record["approved_at"] is None:
        return None
    until = plus(record["approved_at"], hours=COOLING_OFF_H)
    return f"cooling off until {until}" if desk.now() < until else None


def overshadowed(desk: Desk, record: Record) -> str | None:
    """Say that the account is under a stronger measure, or that another one about it is under way."""
    for other in desk.find("decision", account=record["account_id"]):
        if other["decision_id"] == record["decision_id"]:
            continue
        if other["state"] == "APPLIED" and strength(other) > strength(record):
            return f"decision {other['decision_id']} about the account is stronger and in force"
        if other["state"] in ("QUEUED", "REVERSING"):
            return f"decision {other['decision_id']} about the account is under way"
    return None


def unapproved(desk: Desk, record: Record) -> str | None:
    """Say that approvals are missing; those of people whose right was taken away count nothing."""
    gone = revoked(desk)
    have, wanted = sum(not among(who, gone) for who in approving(record)), need(record)
    return f"approved by {have} of {wanted} people" if have < wanted else None


def why_not(desk: Desk, record: Record) -> str | None:
    """Say why an approved decision must not be sent now; None when it may."""
    found = (
        thin_evidence(record),
        unapproved(desk, record),
        unsupported(record),
        cleared(desk, record, anywhere=False),
        frozen(desk, record),
        cooling(desk, record),
        overshadowed(desk, record),
    )
    return next((reason for reason in found if reason), None)
