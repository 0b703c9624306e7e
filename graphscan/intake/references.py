"""References to rows that are not there: kept, and counted per column.

In: the tables of a dataset. Out: counts such as ``{"comments.note_id": 12}``. A reference into a table that
the dataset lacks altogether is not counted: nothing is known of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.values import Mask, mask
from graphscan.intake.wide import fitted, whole
from graphscan.tables import INPUT_TABLES, Column, Table, input_table

_TARGETS = {"note": "notes", "comment": "comments", "account": "accounts"}


def dangling_references(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Return how many values of each referring column (``table.column``) name a row that is not there."""
    counts = {name: int(lost.sum()) for name, lost in _lost(tables)}
    return {name: count for name, count in counts.items() if count}


def _lost(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Mask]]:
    for table in INPUT_TABLES:
        if table.name not in tables:
            continue
        rows = tables[table.name]
        for column in table.columns:
            yield from _lost_in_column(tables, rows, table, column)
        if "target_kind" in rows.column_names:
            yield f"{table.name}.target_id", _lost_targets(tables, rows)


def _lost_in_column(
    tables: Mapping[str, pa.Table], rows: pa.Table, table: Table, column: Column
) -> Iterator[tuple[str, Mask]]:
    if column.refers_to is not None and column.refers_to in tables:
        values = rows.column(column.name)
        yield (
            f"{table.name}.{column.name}",
            _absent(values, tables[column.refers_to], input_table(column.refers_to)),
        )


def _lost_targets(tables: Mapping[str, pa.Table], rows: pa.Table) -> Mask:
    lost = np.zeros(rows.num_rows, bool)
    for kind, name in _TARGETS.items():
        if name in tables:
            mine = mask(pc.equal(rows.column("target_kind"), kind))
            lost |= mine & _absent(rows.column("target_id"), tables[name], input_table(name))
    return lost


def _absent(values: pa.ChunkedArray, rows: pa.Table, target: Table) -> Mask:
    """Whether each value is there but no key; the fewer of both are looked up in, since a day has tens of millions of keys."""
    valid = mask(values.is_valid())
    values, keys = fitted(values, rows.column(target.key[0]))
    n_values = int(valid.sum())
    if n_values == 0:
        return valid
    if n_values < len(keys):
        keys = keys.filter(pc.is_in(keys, value_set=pc.unique(values).drop_null()))
    return valid & ~mask(pc.is_in(values, value_set=whole(keys)))
