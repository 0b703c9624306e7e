"""Canonical order: the one order of a table's rows that depends on nothing but the rows.

In: a table in any order. Out: row numbers in order. By time where the table has one, then by the values of
its key, then by every other column; text sorts by code points, null last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.values import is_list, is_text
from graphscan.tables import Table

# NUL never stands in a list's texts (the gate takes it out), so joined texts fall apart in one way only.
_JOINT = "\0"


def sort_columns(table: Table) -> list[str]:
    """Return a table's columns in the order in which they decide: its first time, its key, the others."""
    times = [column.name for column in table.columns if column.kind == "time"][:1]
    names = [*times, *table.key, *(column.name for column in table.columns)]
    return list(dict.fromkeys(names))


def comparable(rows: pa.Table) -> pa.Table:
    """Return the rows with each list column as two that sort and compare: texts joined, and their number."""
    for index, field in reversed(list(enumerate(rows.schema))):
        if is_list(field.type):
            values = rows.column(index)
            rows = rows.set_column(index, field.name, pc.binary_join(values, _JOINT))
            rows = rows.append_column(f"{field.name}\0count", pc.list_value_length(values))
    return rows


def ordered(rows: pa.Table, first: Sequence[str]) -> pa.Array:
    """Return row numbers sorted by the columns ``first`` and then by all others."""
    there = set(rows.column_names)
    names = dict.fromkeys([*(name for name in first if name in there), *rows.column_names])
    return pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in names])  # null at the end


def reordered(rows: pa.Table, order: pa.Array, wide_bytes: int = 2**30) -> pa.Table:
    """Return the rows in that order; text columns of ``wide_bytes`` and more come back in several chunks.

    Arrow counts the bytes of one chunk of texts in 31 bits; half of that leaves room.
    """
    if rows.nbytes < wide_bytes:
        return rows.take(order)
    return pa.table([_taken(column, order, wide_bytes) for column in rows.columns], rows.schema)


def _taken(column: pa.ChunkedArray, order: pa.Array, wide_bytes: int) -> pa.ChunkedArray:
    if column.nbytes < wide_bytes or not is_text(column.type):
        return column.take(order)
    wide = column.cast(pa.large_string()).combine_chunks()
    return pa.chunked_array(list(_narrow(wide, order, wide_bytes)), pa.string())


def _narrow(wide: pa.Array, order: pa.Array, wide_bytes: int) -> Iterator[pa.Array]:
    share = wide.nbytes * len(order) / max(len(wide), 1)
    part = wide.take(order) if share < wide_bytes or len(order) < 2 else None
    if part is not None and (part.nbytes < wide_bytes or len(order) < 2):
        yield part.cast(pa.string())
    else:
        half = len(order) // 2
        yield from _narrow(wide, order[:half], wide_bytes)
        yield from _narrow(wide, order[half:], wide_bytes)


def repeats(rows: pa.Table) -> pa.ChunkedArray:
    """Return whether each row but the first equals the one before it in every column, null equal to null."""
    later, earlier = rows.slice(1), rows.slice(0, max(rows.num_rows - 1, 0))
    same: pa.ChunkedArray | None = None
    for after, before in zip(later.columns, earlier.columns, strict=True):
        equal = pc.or_(pc.fill_null(pc.equal(after, before), False), pc.and_(pc.is_null(after), pc.is_null(before)))
        same = equal if same is None else pc.and_(same, equal)
    return same
