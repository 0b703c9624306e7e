"""Many exports → one dataset: what was seen twice becomes one row, in an order no input order can change.

In: harvests. Out: one Arrow table per table of the dataset that has rows, exactly as declared in
:mod:`graphscan.tables`, canonically sorted; and how many sightings were folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.adapters.harvest import Harvest
from graphscan.intake.adapters.stacking import COLLECTED, GUESSED
from graphscan.tables import INPUT_TABLES, Table

_SEQUENCE = "_sequence"


def merge(harvests: Iterable[Harvest]) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """Return the tables that have rows, and per table the sightings that were folded into another.

    Where one column names a row (a note, a comment …), each column takes its latest value that is there: the
    latest collected, then by the file's SHA-256, then by line. A tile seen after the opened note so does not
    erase the note's words, and a time guessed from an id gives way to one that was told. Other rows are kept
    unless they are equal in every column.
    """
    ordered = sorted(harvests, key=lambda harvest: harvest.export.sha256)
    tables: dict[str, pa.Table] = {}
    folded: dict[str, int] = {}
    for table in INPUT_TABLES:
        pieces = [rows for harvest in ordered if (rows := harvest.table(table.name)) is not None]
        if pieces:
            stacked = pa.concat_tables(pieces)
            found = _latest(stacked, table) if len(table.key) == 1 else _distinct(stacked, table)
            tables[table.name] = _canonical(found, table)
            folded[table.name] = stacked.num_rows - found.num_rows
    return tables, folded


def _latest(stacked: pa.Table, table: Table) -> pa.Table:
    rows = stacked.append_column(_SEQUENCE, pa.array(np.arange(stacked.num_rows)))
    keys = [(table.key[0], "ascending"), (COLLECTED.name, "ascending"), (_SEQUENCE, "ascending")]
    rows = rows.take(pc.sort_indices(rows, sort_keys=keys)).combine_chunks()
    starts = _group_starts(rows.column(table.key[0]))
    ends = np.append(starts[1:], rows.num_rows) - 1
    told = pc.invert(rows.column(GUESSED.name))
    columns = [_last_value(rows.column(c.name), starts, ends) for c in table.columns]
    if "created_at" in table.schema.names:
        place = table.schema.names.index("created_at")
        sure = pc.if_else(told, rows.column("created_at"), None)
        columns[place] = pc.coalesce(_last_value(sure, starts, ends), columns[place])
    return pa.table(columns, schema=table.schema)


def _group_starts(ids: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Positions where a new id begins among sorted ids."""
    changes = pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.flatnonzero(changes) + 1]).astype(np.int64)


def _last_value(
    column: pa.ChunkedArray,
    starts: np.ndarray[Any, np.dtype[np.int64]],
    ends: np.ndarray[Any, np.dtype[np.int64]],
) -> pa.ChunkedArray:
    """Return the last value that is there between each start and end, null where none is."""
    there = column.is_valid().to_numpy()
    last = np.maximum.accumulate(np.where(there, np.arange(len(there)), -1))[ends]
    return column.take(pa.array(last, mask=last < starts))


def _distinct(stacked: pa.Table, table: Table) -> pa.Table:
    return stacked.select(table.schema.names).group_by(table.schema.names).aggregate([]).cast(table.schema)


def _canonical(rows: pa.Table, table: Table) -> pa.Table:
    keys = [(name, "ascending") for name in _order(table)]
    return rows.take(pc.sort_indices(rows, sort_keys=keys)).combine_chunks()


def _order(table: Table) -> Sequence[str]:
    """Return the columns that order a table: its time, its key, then every other that can be compared."""
    times = [c.name for c in table.columns if c.kind == "time"][:1]
    rest = [c.name for c in table.columns if c.kind not in ("texts", "ids")]
    return list(dict.fromkeys([*times, *table.key, *rest]))
