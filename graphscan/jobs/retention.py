"""Retention and erasure: old days and passes go, and so does everything of an erased person.

In: the state and its register. Out: the same without them. Each function can be killed and called again: the register is
replaced first, and what it no longer names is removed after.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphscan.jobs.config import JobConfig
from graphscan.jobs.days import DATED, Part, read_part, sweep, write_part
from graphscan.jobs.erased import suppressed, without_accounts
from graphscan.jobs.outcomes import cited_runs
from graphscan.jobs.register import Register
from graphscan.jobs.state import State, pass_order, write_whole
from graphscan.publishing import remove
from graphscan.tables import input_table

MANIFEST = "pass.json"


def purge_days(state: State, config: JobConfig, register: Register, day: str) -> None:
    """Purge rows that are older than the retention on ``day``, and what is told of accounts and chats that no kept row names.

    The register says since when days are purged, and with it every pass; a late delivery of a purged day is dropped.
    """
    oldest = (dt.date.fromisoformat(day) - dt.timedelta(days=config.retention_days - 1)).isoformat()
    if oldest <= register.purged_before or not any(d < oldest for days in register.parts.values() for d in days):
        return
    for table in DATED:
        kept = {d: p for d, p in register.parts.get(table, {}).items() if d >= oldest}
        if table in register.parts:
            register.parts[table] = kept
    if oldest[:7] != register.purged_before[:7]:  # once a month: it reads every day that is kept
        _purge_undated(state, register, oldest)
    register.purged_before = oldest
    register.save(state)
    sweep(state, register.parts)


def _purge_undated(state: State, register: Register, oldest: str) -> None:
    accounts, chats = _named(state, register)
    for table in [t for t in register.parts if t not in DATED]:
        column, known = ("chat_id", chats) if table == "chats" else ("account_id", accounts)
        for day, part in [(d, p) for d, p in register.parts[table].items() if d < oldest]:
            rows = read_part(state, table, part)
            kept = rows.filter(pc.is_in(rows[column], value_set=known))
            _replace(state, register, table, day, part, kept)


def _named(state: State, register: Register) -> tuple[pa.Array, pa.Array]:
    """Return the accounts and the chats that kept rows name."""
    accounts: set[str] = set()
    chats: set[str] = set()
    for table in DATED:
        for part in register.parts.get(table, {}).values():
            rows = read_part(state, table, part)
            for name, found in (("account_id", accounts), ("reporter_id", accounts), ("chat_id", chats)):
                if name in rows.column_names:
                    found.update(pc.unique(rows[name]).to_pylist())
    return pa.array(sorted(accounts), pa.string()), pa.array(sorted(chats), pa.string())


def purge_passes(state: State, config: JobConfig) -> None:
    """Remove passes beyond those to keep, and those of days older than the retention; the newest two always stay.

    Passes that an open decision rests on stay until the retention is over, however many there are.
    """
    ids = state.pass_ids()
    if not ids:
        return
    newest = dt.date.fromisoformat(pass_order(ids[-1])[0])
    oldest = (newest - dt.timedelta(days=config.retention_days - 1)).isoformat()
    too_many = set(ids[: -config.keep_runs])
    cited = cited_runs(config) if too_many else set()
    too_many = {i for i in too_many if (state.passes / i / "run").resolve() not in cited}
    for pass_id in ids[:-2]:
        if pass_id in too_many or pass_order(pass_id)[0] < oldest:
            remove(state.passes / pass_id)


def erase_rows(state: State, register: Register, account_id: str) -> int:
    """Remove an account from all days and remember a hash of it, so that no delivery brings it back; return the rows removed.

    ``account_id`` is as the state knows it: under pseudonyms, the pseudonym.
    """
    digest = suppressed(account_id)
    if digest not in register.erased:
        register.erased = sorted([*register.erased, digest])
    removed = 0
    for table in list(register.parts):
        for day, part in list(register.parts[table].items()):
            rows = read_part(state, table, part)
            kept = without_accounts(rows, input_table(table), [digest])
            if not kept.equals(rows):
                removed += rows.num_rows - kept.num_rows
                _replace(state, register, table, day, part, kept)
    register.save(state)
    sweep(state, register.parts)
    return removed


def _replace(state: State, register: Register, table: str, day: str, part: Part, rows: pa.Table) -> None:
    if rows.num_rows:
        register.parts[table][day] = write_part(state, table, day, rows)
    else:
        del register.parts[table][day]


def remove_passes_of_erased(state: State, register: Register) -> list[str]:
    """Remove the passes that still hold an erased account; return their ids. The newest is made anew before this is called."""
    gone = []
    for pass_id in state.pass_ids():
        folder = state.passes / pass_id
        manifest = State(folder).read(MANIFEST, {})
        if manifest["erased"] == len(register.erased):
            continue
        if any(suppressed(i) in set(register.erased) for i in _ids(folder)):
            remove(folder)
            gone.append(pass_id)
        else:  # looked through: not again next time
            told = json.dumps(
                {**manifest, "erased": len(register.erased)}, ensure_ascii=False, indent=1, sort_keys=True
            )
            write_whole(folder / MANIFEST, told + "\n")
    return gone


def _ids(folder: Path) -> Iterator[str]:
    """Every text that stands alone in a table of a pass: an account that is in a sentence or a picture is in a table too."""
    for path in sorted(folder.rglob("*.parquet")):
        table = pq.ParquetFile(path).read()
        for column in table.columns:
            yield from _texts(column)


def _texts(column: pa.ChunkedArray) -> Sequence[str]:
    values = pc.list_flatten(column) if pa.types.is_list(column.type) else column
    if not pa.types.is_string(values.type):
        return []
    found = pc.unique(values).drop_null().to_pylist()
    return [*found, *(text.removeprefix("account:") for text in found if text.startswith("account:"))]
