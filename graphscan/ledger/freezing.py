"""Freezing: stop what is under way, all of it, one cluster's or one policy version's, and let it go on again.

In: a scope, a name, a note. Out: the decisions that were held. A freeze stops measures, never reversals. The kill switch is a
file: while it exists nothing at all is sent.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from graphscan.errors import LedgerError
from graphscan.ledger.desk import Desk
from graphscan.ledger.guards import frozen
from graphscan.ledger.people import SYSTEM, checked_name, checked_note

KILL_SWITCH_VARIABLE = "GRAPHSCAN_KILL_SWITCH"


def freeze(desk: Desk, scope: str, who: str, note: str) -> list[str]:
    """Freeze a scope and hold what is queued in it; return the held decisions. Freezing twice changes nothing."""
    name, text = checked_name(who), checked_note(note, required=True)
    with desk.writing():
        return freeze_inside(desk, checked_scope(scope), name, text)


def freeze_inside(desk: Desk, scope: str, actor: str, note: str) -> list[str]:
    """Freeze a scope inside a transaction that is already open."""
    before = (desk.book.get("freeze", scope) or {"state": "OFF"})["state"]
    if before == "ON":
        return []
    desk.append(actor, "freeze", f"freeze:{scope}", before, "ON", {"note": note})
    held = [record for record in desk.find("decision", state="QUEUED") if frozen(desk, record)]
    for record in held:
        desk.move(record, "hold", SYSTEM, because=f"frozen: {scope}")
    return [record["decision_id"] for record in held]


def thaw(desk: Desk, scope: str, who: str, note: str) -> None:
    """Let a frozen scope go on, with a note; what was held goes through review again."""
    name, text, where = checked_name(who), checked_note(note, required=True), checked_scope(scope)
    with desk.writing():
        if (desk.book.get("freeze", where) or {"state": "OFF"})["state"] != "ON":
            raise LedgerError(f"scope {where} is not frozen")
        desk.append(name, "thaw", f"freeze:{where}", "ON", "OFF", {"note": text})


def checked_scope(scope: str) -> str:
    """Return a scope; LedgerError when it is none."""
    kind, _, name = scope.partition(":")
    if scope != "all" and not (kind in ("cluster", "policy") and name):
        raise LedgerError(f"scope {scope!r}; allowed is all, cluster:ID, or policy:VERSION")
    return scope


def kill_switch_of(where: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file that stops everything: GRAPHSCAN_KILL_SWITCH, else LEDGER.stop beside a ledger that is a file."""
    named = environment.get(KILL_SWITCH_VARIABLE)
    if named:
        return Path(named)
    return None if "://" in where or where == ":memory:" else Path(f"{where}.stop")


def check_kill_switch(kill_switch: Path | None) -> None:
    """LedgerError while the kill switch exists."""
    if kill_switch is not None and kill_switch.exists():
        raise LedgerError(f"the kill switch {kill_switch} exists: nothing is sent until it is removed")


def scopes(desk: Desk) -> list[tuple[str, str]]:
    """Return every scope that was ever frozen, with its state now."""
    rows = desk.store.rows("SELECT id, state FROM graphscan_standing WHERE kind = 'freeze' ORDER BY id")
    return [(str(name), str(state)) for name, state in rows]
