"""Planning: which approved decisions are sent next, written down and signed before anything happens.

In: the approved decisions. Out: :class:`Plan` and its file. A plan is carried out as it was seen, or refused: when it is stale, was
changed, when the policy differs, or when its decisions are not what they were.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from graphscan.errors import InputError, LedgerError
from graphscan.ledger.desk import Desk
from graphscan.ledger.guards import why_not
from graphscan.ledger.people import among, checked_name, checked_note
from graphscan.ledger.seals import canonical
from graphscan.ledger.standing import Record
from graphscan.ledger.times import plus
from graphscan.publishing import published

FORMAT = "graphscan plan 1"
CHANGED_SHARE = 0.02
"""G3: more of a plan's decisions changed since it was shown, and it is another plan (Osprey allows a tenth)."""

SIGNERS = 2
"""G1: people who must sign a plan that is above a cap or a surprise."""

USUAL_DAYS, USUAL_PLANS = 28, 5
"""G3: the window of what is usual, and how many plans it takes before anything is."""

USUAL = (0.5, 2.0)
"""G3: a plan between half and twice the usual size is no surprise."""

_SHOWN = ("decision_id", "account_id", "measure", "detail", "degree", "days", "cluster_id", "run_id")


@dataclass(frozen=True)
class Plan:
    """What is to be sent: decisions, counts by measure and by cluster, why others wait, and what two people must sign for.

    ``decisions`` holds, for each, its id, account, measure, detail, degree, days, cluster and run. ``holds`` is empty when the
    plan needs no signatures. ``mac`` is the ledger's code over all the rest.
    """

    format: str
    plan_id: str
    by: str
    created_at: str
    valid_until: str
    policy_version: str
    policy_sha256: str
    decisions: tuple[dict[str, Any], ...]
    measures: dict[str, int]
    clusters: dict[str, int]
    waiting: dict[str, int]
    holds: tuple[str, ...]
    mac: str = ""

    def fields(self) -> dict[str, Any]:
        """Return everything that is signed."""
        return {name: value for name, value in asdict(self).items() if name != "mac"}

    @property
    def sha256(self) -> str:
        """SHA-256 of everything that is signed."""
        return hashlib.sha256(canonical(self.fields()).encode()).hexdigest()


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
        _write(plan, work)
    return plan


def _made(desk: Desk, name: str) -> Plan:
    with desk.writing():
        policy, now = current_policy(desk), desk.now()
        ready, waiting = _sorted_out(desk, policy)
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
        kept = {"sha256": plan.sha256, "holds": list(plan.holds), "count": _counted(ready), "created_at": now}
        desk.append(name, "plan", f"plan:{plan.plan_id}", "", "MADE", kept)
    return plan


def _write(plan: Plan, out: Path) -> None:
    text = json.dumps(asdict(plan), indent=1, sort_keys=True) + "\n"
    with os.fdopen(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)


def read_plan(path: Path) -> Plan:
    """Read a plan file; InputError when it is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        plan = Plan(**{**told, "decisions": tuple(told["decisions"]), "holds": tuple(told["holds"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path} is no plan file: {type(error).__name__}") from None
    if plan.format != FORMAT:
        raise InputError(f"{path} has format {plan.format!r}; allowed is {FORMAT!r}")
    return plan


def current_policy(desk: Desk) -> Record:
    """Return the policy in force: that of the last live or canary proposal."""
    found = desk.find("policy", state="CURRENT")
    if not found:
        raise LedgerError("no policy is in force: nothing was proposed in mode live or canary yet")
    return found[-1]


def _sorted_out(desk: Desk, policy: Record) -> tuple[list[Record], Counter[str]]:
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


def _counted(records: Iterable[Record]) -> int:
    """How many of them count for the caps: a warning takes nothing from anybody."""
    return sum(record["measure"] != "warn" for record in records)


def sent_today(desk: Desk) -> int:
    """Return how many limits and bans were queued in the last 24 hours."""
    since = plus(desk.now(), hours=-24)
    return _counted(r for r in desk.find("decision") if r["queued_at"] and r["queued_at"] > since)


def holds_of(desk: Desk, ready: Sequence[Record], policy: Record) -> list[str]:
    """Say which caps a plan breaks, run by run, and whether its size is a surprise."""
    holds = [hold for run in sorted({r["run_id"] for r in ready}) for hold in _run_holds(desk, run, ready, policy)]
    return holds + [hold for hold in (_surprise(desk, _counted(ready)),) if hold]


def _run_holds(desk: Desk, run_id: str, ready: Sequence[Record], policy: Record) -> Iterable[str]:
    sent = [r for r in desk.find("decision", run=run_id) if r["queued_at"]]
    all_ = sent + [r for r in ready if r["run_id"] == run_id and not r["queued_at"]]
    limited, banned = _counted(all_), sum(r["measure"] == "ban" for r in all_)
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


def sign_plan(desk: Desk, plan: Plan, who: str, note: str = "") -> int:
    """Sign for a plan that is above a cap or a surprise; return how many people have signed. Its maker does not count."""
    name, text = checked_name(who), checked_note(note, required=False)
    with desk.writing():
        record = checked_plan(desk, plan)
        if record["state"] == "USED":
            raise LedgerError(f"plan {plan.plan_id} was sent already")
        if among(name, [record["by"], *record["signers"]]):
            raise LedgerError(f"plan {plan.plan_id}: {name} made it or has signed it already; another person must")
        desk.append(name, "sign", f"plan:{plan.plan_id}", record["state"], record["state"], {"note": text})
        return len(record["signers"]) + 1


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
        _check_signed(plan, record, holds_of(desk, ready, policy))
        for decision in ready:
            desk.move(decision, "enqueue", name, plan=plan.plan_id)
        desk.append(name, "use", f"plan:{plan.plan_id}", record["state"], "USED", {"queued": len(ready)})
    return len(ready)


def _check_fresh(desk: Desk, plan: Plan, policy: Record) -> None:
    if desk.now() > plan.valid_until:
        raise LedgerError(f"plan {plan.plan_id} was valid until {plan.valid_until}; make a new one")
    if plan.policy_sha256 != policy["sha256"]:
        raise LedgerError(
            f"plan {plan.plan_id} was made under policy {plan.policy_version}, which is no longer in force"
        )


def _still_ready(desk: Desk, plan: Plan, policy: Record) -> list[Record]:
    ready, _ = _sorted_out(desk, policy)
    may = {record["decision_id"]: record for record in ready}
    kept = [may[d["decision_id"]] for d in plan.decisions if d["decision_id"] in may]
    changed = len(plan.decisions) - len(kept)
    if changed > CHANGED_SHARE * len(plan.decisions):
        raise LedgerError(
            f"plan {plan.plan_id}: {changed} of its {len(plan.decisions)} decisions may no longer be sent (held, frozen, withdrawn"
            " or over the day's cap); make a new one"
        )
    return kept


def _check_signed(plan: Plan, record: Record, holds: Sequence[str]) -> None:
    if holds and len(record["signers"]) < SIGNERS:
        raise LedgerError(
            f"plan {plan.plan_id} needs the signatures of {SIGNERS} people and has {len(record['signers'])}: {'; '.join(holds)}"
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
