"""Columns in many chunks: rows of them without joining the chunks first, as Arrow's own take does with texts.

In: a table as intake hands it on, row numbers. Out: those rows, in that order; or the bytes that a column's texts lie in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

ROWS_AT_ONCE = 1 << 22
"""Rows of a long column that are looked at together where all are."""

Rows = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


def bytes_of(texts: pa.Array) -> tuple[Bytes, Rows]:
    """Return the UTF-8 bytes that an array of texts lies in, and where each text begins and the last ends."""
    wide = pa.types.is_large_string(texts.type)
    _, offsets, data = texts.buffers()
    if len(texts) == 0 or offsets is None:
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    bounds = np.frombuffer(offsets, np.int64 if wide else np.int32)[texts.offset : texts.offset + len(texts) + 1]
    held = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
    return held, bounds.astype(np.int64)


def slices(n: int, size: int = ROWS_AT_ONCE) -> Iterator[slice]:
    """Yield slices of ``n`` rows, at most ``size`` each."""
    return (slice(first, min(first + size, n)) for first in range(0, n, size))


def filled(values: pa.Array | pa.ChunkedArray, nothing: int, kind: type[np.generic]) -> Any:
    """Numbers (or times, as numbers) with ``nothing`` for null: one long array, chunk by chunk, and no second one beside it."""
    out, at = np.empty(len(values), kind), 0
    for chunk in values.chunks if isinstance(values, pa.ChunkedArray) else [values]:
        number = chunk.cast(pa.int64()) if kind is np.int64 else chunk
        out[at : at + len(chunk)] = pc.fill_null(number, nothing).to_numpy(zero_copy_only=False)
        at += len(chunk)
    return out


def rows_at(table: pa.Table, numbers: Rows) -> pa.Table:
    """Return the rows of these numbers, in this order, as one chunk; each chunk of the table is looked at once."""
    columns = [column_at(column, numbers) for column in table.columns]
    return pa.table(columns, table.schema)


def column_at(column: pa.ChunkedArray, numbers: Rows) -> pa.Array:
    """Return a column's values at these numbers."""
    if len(numbers) == 0 or column.null_count == len(column):
        return pa.nulls(len(numbers), column.type)
    if column.num_chunks == 1:
        return column.chunk(0).take(pa.array(numbers))
    starts = np.cumsum([0, *(len(c) for c in column.chunks)])
    chunk = np.searchsorted(starts, numbers, side="right") - 1
    by_chunk = np.argsort(chunk, kind="stable")
    groups = np.split(by_chunk, np.flatnonzero(np.diff(chunk[by_chunk])) + 1)
    back = np.empty(len(numbers), np.int64)
    back[by_chunk] = np.arange(len(numbers))
    parts = [column.chunk(int(chunk[g[0]])).take(pa.array(numbers[g] - starts[chunk[g[0]]])) for g in groups]
    return pa.concat_arrays(parts).take(pa.array(back))
