"""Caps: what may be sent at all today, and what only with two people's signatures (guards G1 to G3).

In: the approved decisions and the policy in force. Out: those to send now, why others wait, and which caps they would break.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from graphscan.errors import LedgerError
from graphscan.ledger.desk import Desk
from graphscan.ledger.guards import why_not
from graphscan.ledger.standing import Record
from graphscan.ledger.times import plus

USUAL_DAYS, USUAL_PLANS = 28, 5
"""G3: the window of what is usual, and how many plans it takes before anything is."""

USUAL = (0.5, 2.0)
"""G3: a plan between half and twice the usual size is no surprise."""


def current_policy(desk: Desk) -> Record:
    """Return the policy in force: that of the last live or canary proposal."""
    found = desk.find("policy", state="CURRENT")
    if not found:
        raise LedgerError("no policy is in force: nothing was proposed in mode live or canary yet")
    return found[-1]


def sorted_out(desk: Desk, policy: Record) -> tuple[list[Record], Counter[str]]:
    """Part the approved decisions into those to send now and the reasons why the others wait."""
    ready: list[Record] = []
    waiting: Counter[str] = Counter()
    room, accounts = policy["day_any"] - sent_today(desk), set[str]()
    for record in desk.find("decision", state="APPROVED"):
        reason = why_not(desk, record)
        if record["policy_sha256"] != policy["sha256"]:
            reason = "made under another policy than the one in force"
        elif record["account_id"] in accounts:
            reason = "another decision about the account goes first"
        elif reason is None and record["measure"] != "warn" and room <= 0:
            reason = f"the day's cap of {policy['day_any']} is reached"
        if reason:
            waiting[reason.split(" until ")[0] if reason.startswith("cooling") else reason] += 1
            continue
        room -= record["measure"] != "warn"
        accounts.add(record["account_id"])
        ready.append(record)
    return ready, waiting


def counted(records: Iterable[Record]) -> int:
    """How many of them count for the caps: a warning takes nothing from anybody."""
    return sum(record["measure"] != "warn" for record in records)


def sent_today(desk: Desk) -> int:
    """Return how many limits and bans were queued in the last 24 hours."""
    since = plus(desk.now(), hours=-24)
    return counted(r for r in desk.find("decision") if r["queued_at"] and r["queued_at"] > since)


def holds_of(desk: Desk, ready: Sequence[Record], policy: Record) -> list[str]:
    """Say which caps a plan breaks, run by run, and whether its size is a surprise."""
    holds = [hold for run in sorted({r["run_id"] for r in ready}) for hold in _run_holds(desk, run, ready, policy)]
    holds += [] if holds else _day_holds(desk, ready, policy)
    return holds + [hold for hold in (_laxer(desk, policy, counted(ready)), _surprise(desk, counted(ready))) if hold]


def _day_holds(desk: Desk, ready: Sequence[Record], policy: Record) -> Iterable[str]:
    """A clean-up cut into many small runs is one clean-up: what one run may do unseen is all that a day may."""
    since = plus(desk.now(), hours=-24)
    sent = [r for r in desk.find("decision") if r["queued_at"] and r["queued_at"] > since]
    all_ = sent + [r for r in ready if r not in sent]
    banned = sum(r["measure"] == "ban" for r in all_)
    for count, cap, what in (
        (banned, policy["run_ban"], "bans"),
        (counted(all_), policy["run_any"], "limits and bans"),
    ):
        if count > cap and counted(ready):
            yield f"{count} {what} in 24 hours, of several runs; the cap of one is {cap}"


def _laxer(desk: Desk, policy: Record, count: int) -> str | None:
    """Whoever can bring in a run brings its policy in: caps that it raises are no caps until two people have seen them."""
    told = raise_unseen(desk, policy)
    return told if count else None


def raise_unseen(desk: Desk, policy: Record) -> str | None:
    """Say which caps a policy raised, until a plan that says so was signed and sent."""
    raised = policy.get("raised") or []
    told = f"the policy in force raised {', '.join(raised)} over what was agreed before" if raised else None
    sent = (p for p in desk.find("plan", state="USED") if p["created_at"] >= policy["at"])
    return None if any(told in p["holds"] for p in sent) else told


def _run_holds(desk: Desk, run_id: str, ready: Sequence[Record], policy: Record) -> Iterable[str]:
    sent = [r for r in desk.find("decision", run=run_id) if r["queued_at"]]
    all_ = sent + [r for r in ready if r["run_id"] == run_id and not r["queued_at"]]
    limited, banned = counted(all_), sum(r["measure"] == "ban" for r in all_)
    active = (desk.book.get("run", run_id) or {"active": 0})["active"]
    share_cap = max(1, int(policy["share_active"] * active))  # one decision is no mass action
    for count, cap, what in (
        (banned, policy["run_ban"], "bans of one run"),
        (limited, policy["run_any"], "limits and bans of one run"),
        (limited, share_cap, f"limits and bans of one run with {active:,} active accounts"),
    ):
        if count > cap:
            yield f"run {run_id[:12]}: {count} {what}; the cap is {cap}"


def _surprise(desk: Desk, count: int) -> str | None:
    since = plus(desk.now(), days=-USUAL_DAYS)
    sizes = [p["count"] for p in desk.find("plan", state="USED") if p["created_at"] > since]
    if len(sizes) < USUAL_PLANS:
        return None
    usual = median(sizes)
    if USUAL[0] * usual <= count <= USUAL[1] * usual:
        return None
    return f"{count} limits and bans, where {usual:g} are usual (median of {len(sizes)} plans in {USUAL_DAYS} days)"
