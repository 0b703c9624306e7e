"""Rows gathered one by one → Arrow tables, with the hidden columns that settle what was seen twice.

In: tuples in the order of a table's columns. Out: Arrow tables.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from graphscan.tables import Table

COLLECTED = pa.field("_collected_at", pa.int64())
GUESSED = pa.field("_guessed", pa.bool_())


def arrow_table(table: Table, rows: list[tuple[Any, ...]]) -> pa.Table:
    """Return rows that end in (collected_at, guessed) as an Arrow table."""
    schema = table.schema.append(COLLECTED).append(GUESSED)
    columns = zip(*rows, strict=True)
    return pa.table([_array(list(values), f.type) for values, f in zip(columns, schema, strict=True)], schema=schema)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(kind):
        return pa.array(values, pa.int64()).cast(kind)
    return pa.array(values, kind)


def with_hidden(rows: pa.Table) -> pa.Table:
    """Return a table with the hidden columns added: never collected, never guessed."""
    count = rows.num_rows
    return rows.append_column(COLLECTED, pa.array([0] * count, pa.int64())).append_column(
        GUESSED, pa.array([False] * count, pa.bool_())
    )
