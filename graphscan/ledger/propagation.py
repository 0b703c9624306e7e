"""Propagation: when an appeal clears an account, everything that rested on it is checked again.

In: the overturned decision. Out: what became of its siblings. The cluster is looked at again without the cleared accounts; a
sibling whose own evidence still carries its measure keeps it, any other is stayed or held and goes before people. Enough such
cases freeze the cluster, or the whole policy version: then it is not the cases that are wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from graphscan.errors import InputError, LedgerError
from graphscan.ledger.desk import Desk
from graphscan.ledger.freezing import freeze_inside
from graphscan.ledger.guards import CLEARED_DAYS, strength
from graphscan.ledger.people import SYSTEM
from graphscan.ledger.proposing import enter, withdraw_earlier
from graphscan.ledger.runs import ReadPolicy, as_record, open_run, policy_of
from graphscan.ledger.standing import BLANK, Record
from graphscan.ledger.times import plus
from graphscan.tables import DECISIONS

Recheck = Callable[[Mapping[str, pa.Table], Any, frozenset[str]], Any]
"""Tables of a run, its policy, accounts to leave out → rows of DECISIONS as they would be without them."""

LIVING = frozenset({"BLOCKED", "IN_REVIEW", "APPROVED", "QUEUED", "APPLY_FAILED", "APPLIED"})
CLUSTER_OVERTURNS, CLUSTER_SHARE = 2, 0.02
"""Two overturned decisions, or a fiftieth of those that took effect, freeze a cluster."""

VERSION_SHARE, VERSION_DAYS = 0.01, 7
"""A hundredth of a policy version's decisions of a week overturned freezes the version."""


def repropagate(
    desk: Desk, record: Record, who: str, reason: str, clears: bool, recheck: Recheck, read_policy: ReadPolicy
) -> dict[str, Any]:
    """Clear the account where the reason does, check its siblings, freeze where it is time; inside ``writing``."""
    before = desk.head().seq
    said: Counter[str] = Counter()
    if clears and record["account_id"]:
        _clear(desk, record, who, reason)
        _free(desk, record)
        if record["cluster_id"]:
            said = _check_siblings(desk, record, recheck, read_policy)
    frozen = [*_freeze_cluster(desk, record, said["unknown"]), *_freeze_version(desk, record)]
    actions = Counter(
        action for (action,) in desk.store.rows("SELECT action FROM graphscan_entries WHERE seq > ?", before)
    )
    return {
        "cleared": clears,
        "siblings": dict(sorted(said.items())),
        "held": actions["hold"],
        "stayed": actions["stay"],
        "frozen": frozen,
    }


def _clear(desk: Desk, record: Record, who: str, reason: str) -> None:
    word = {
        "account_id": record["account_id"],
        "cluster_id": record["cluster_id"],
        "reason": reason,
        "until": plus(desk.now(), days=CLEARED_DAYS),
    }
    desk.append(who, "clear", f"cleared:{record['decision_id']}", "", "CLEARED", word)


def _free(desk: Desk, record: Record) -> None:
    """Let no other decision about the cleared account go on."""
    for other in desk.find("decision", account=record["account_id"]):
        because = f"decision {record['decision_id']} about the account was overturned"
        if other["state"] in ("IN_REVIEW", "APPROVED"):
            desk.move(other, "guard_fail", SYSTEM, because=[because])
        elif other["state"] in ("QUEUED", "APPLY_FAILED"):
            desk.move(other, "hold", SYSTEM, because=because)
        elif other["state"] == "APPLIED" and other["cluster_id"] == record["cluster_id"]:
            desk.move(other, "stay", SYSTEM, because=because)


def _check_siblings(desk: Desk, record: Record, recheck: Recheck, read_policy: ReadPolicy) -> Counter[str]:
    siblings = [
        other
        for other in desk.find("decision", cluster=record["cluster_id"])
        if other["state"] in LIVING and other["account_id"] != record["account_id"]
    ]
    without = frozenset(
        word["account_id"] for word in desk.find("cleared", cluster=record["cluster_id"]) if word["until"] > desk.now()
    )
    said: Counter[str] = Counter()
    for run_id, path in sorted({(other["run_id"], other["run_path"]) for other in siblings}):
        of_run = [other for other in siblings if other["run_id"] == run_id]
        found = _decide_again(Path(path), run_id, of_run, without, recheck, read_policy)
        for other in of_run:
            said[_judge(desk, other, found, record["decision_id"])] += 1
    return said


def _decide_again(
    run: Path, run_id: str, siblings: list[Record], without: frozenset[str], recheck: Recheck, read_policy: ReadPolicy
) -> dict[str, Record] | None:
    """Return the siblings' decisions as they would be now, by account; None when the run is gone or is not the one it was."""
    try:
        found_id, tables = open_run(run)
        policy = policy_of(run, read_policy)
    except (InputError, OSError):
        return None
    if found_id != run_id or any(other["policy_sha256"] != policy.sha256 for other in siblings):
        return None
    return {row["account_id"]: row for row in map(as_record, _as_dicts(recheck(tables, policy, without)))}


def _as_dicts(rows: pa.Table | Sequence[Any]) -> Iterable[Mapping[str, Any]]:
    if isinstance(rows, pa.Table):
        return list(rows.to_pylist())
    names = [column.name for column in DECISIONS.columns]
    return [row if isinstance(row, Mapping) else dict(zip(names, row, strict=True)) for row in rows]


def _judge(desk: Desk, other: Record, found: dict[str, Record] | None, because: str) -> str:
    """Hold one sibling against its new decision; return same, milder, gone or unknown."""
    new = None if found is None else found.get(other["account_id"])
    word = "unknown" if found is None else "gone" if new is None else _compared(new, other)
    told = {"rechecked": word, "because": because}
    if word == "same" or (word == "unknown" and other["state"] == "APPLIED"):
        desk.move(other, "recheck", SYSTEM, **told)  # an unknown one in force stays, under a freeze, before people
        return word
    event = {"APPLIED": "stay", "APPROVED": "hold", "QUEUED": "hold", "APPLY_FAILED": "hold"}.get(
        other["state"], "recheck"
    )
    desk.move(other, event, SYSTEM, **told)
    if new is not None:
        _propose_milder(desk, other, new)
    return word


def _compared(new: Record, old: Record) -> str:
    return "same" if strength(new) >= strength(old) else "milder"


def _propose_milder(desk: Desk, other: Record, new: Record) -> None:
    if desk.book.get("decision", new["id"]) is None and other["mode"] in ("live", "canary"):
        fields = {**{name: other[name] for name in BLANK}, **new}
        withdraw_earlier(desk, enter(desk, fields, other["mode"], other["proposer"], review=True))


def _freeze_cluster(desk: Desk, record: Record, unknown: int) -> list[str]:
    if not record["cluster_id"]:
        return []
    decisions = desk.find("decision", cluster=record["cluster_id"])
    overturned = _overturned(desk, decisions)
    applied = sum(d["applied_at"] is not None for d in decisions)
    if not unknown and overturned < CLUSTER_OVERTURNS and overturned < CLUSTER_SHARE * applied:
        return []
    note = f"{overturned} of {applied} decisions overturned" + (
        f", {unknown} could not be checked again" if unknown else ""
    )
    return _freeze(desk, f"cluster:{record['cluster_id']}", note)


def _freeze_version(desk: Desk, record: Record) -> list[str]:
    since = plus(desk.now(), days=-VERSION_DAYS)
    same = [d for d in desk.find("decision") if d["policy_version"] == record["policy_version"]]
    recent = [d for d in same if d["applied_at"] and d["applied_at"] > since]
    overturned = _overturned(desk, same, since)
    if not overturned or overturned < VERSION_SHARE * len(recent):
        return []
    return _freeze(
        desk, f"policy:{record['policy_version']}", f"{overturned} overturned, {len(recent)} applied in a week"
    )


def _overturned(desk: Desk, decisions: Iterable[Record], since: str = "") -> int:
    wanted = {d["decision_id"] for d in decisions}
    found = desk.find("appeal", state="OVERTURNED")
    return sum(a["decision_id"] in wanted and a["decided_at"] > since for a in found)


def _freeze(desk: Desk, scope: str, note: str) -> list[str]:
    known = desk.book.get("freeze", scope)
    if known and known["state"] == "ON":
        return []
    freeze_inside(desk, scope, SYSTEM, note)
    return [scope]


def repropagate_again(desk: Desk, appeal: Record, recheck: Recheck, read_policy: ReadPolicy) -> dict[str, int]:
    """Check the siblings of an overturned decision once more, for instance when its run was not to be found before."""
    if appeal["state"] != "OVERTURNED":
        raise LedgerError(f"appeal {appeal['appeal_id']} is {appeal['state']}; allowed is OVERTURNED")
    with desk.writing():
        return dict(_check_siblings(desk, desk.decision(appeal["decision_id"]), recheck, read_policy))
