"""Graph tables → batches of plain rows that the driver sends: bounded memory, the same order every time.

In: a declaration and its table. Out: lists of maps. Instants become ``datetime`` in UTC, texts are escaped where
UTF-8 cannot hold them, nulls inside lists (which Neo4j cannot hold) are left out, an
empty list (which an import cannot hold) is no value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.errors import InputError
from graphscan.graphstore.declarations import Node, Relationship
from graphscan.graphstore.texts import escape
from graphscan.tables import Column

BATCH_ROWS = 10_000
"""Measured on 2 cores (Neo4j 5.26): 9,100 rows/s at 1,000 a batch, 20,500 at 10,000, 26,400 at 50,000."""
BATCH_BYTES = 16 << 20
"""Text of one batch: a transaction takes some five times that of the server's heap, which starts at 512 MB."""
MAX_KEY_BYTES = 8000
"""Neo4j's range index holds keys up to some 8,160 bytes; ids of 300 characters (at most 1,200 bytes) are promised."""

Row = dict[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def node_batches(node: Node, table: pa.Table, size: int, done: int = 0) -> Iterator[list[Row]]:
    """Yield batches of ``{key, properties}`` and one list a mark, filled where the mark applies; skip ``done`` rows."""
    for part in _slices(table, size, done):
        properties = records(part, node.properties)
        rows: list[Row] = [{"key": _key(node, p[node.key.name]), "properties": p} for p in properties]
        for mark in node.marks:
            for row in rows:
                row[mark.label] = [1] if row["properties"][mark.column] == mark.value else []
        yield rows


def relationship_batches(relationship: Relationship, rows: pa.Table, size: int, done: int = 0) -> Iterator[list[Row]]:
    """Yield batches of ``{start, end, key, properties}`` of rows that :func:`graph_tables.rows_of` chose."""
    for part in _slices(rows, size, done):
        keys = relationship_keys(relationship, part)
        starts = [escape(v) for v in part[relationship.start.column].to_pylist()]
        ends = [escape(v) for v in part[relationship.end.column].to_pylist()]
        properties = records(part, relationship.columns)
        yield [
            {"start": s, "end": e, "key": k, "properties": p}
            for s, e, k, p in zip(starts, ends, keys, properties, strict=True)
        ]


def relationship_keys(relationship: Relationship, rows: pa.Table) -> list[str]:
    """Return a name for each relationship: 128 bits of the SHA-256 of its kind, its ends and what sets it apart."""
    columns = (relationship.start.column, relationship.end.column, *relationship.apart)
    parts = [_plain(rows[name]) for name in columns]
    return [_digest([relationship.name, *values]) for values in zip(*parts, strict=True)]


def _digest(values: list[Any]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32]


def _plain(column: pa.ChunkedArray) -> list[Any]:
    plain = column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
    return list(plain.to_pylist())


def _slices(table: pa.Table, size: int, done: int) -> Iterator[pa.Table]:
    for start in range(done, table.num_rows, size):
        yield from _halves(table.slice(start, size))


def _halves(part: pa.Table) -> Iterator[pa.Table]:
    """Yield the rows in parts of at most :data:`BATCH_BYTES`, or of one row."""
    if part.nbytes <= BATCH_BYTES or part.num_rows == 1:
        yield part
        return
    middle = part.num_rows // 2
    yield from _halves(part.slice(0, middle))
    yield from _halves(part.slice(middle))


def records(table: pa.Table, columns: tuple[Column, ...]) -> list[Row]:
    """Return the rows as maps of the declared columns, in values that Neo4j can hold."""
    names = [c.name for c in columns]
    values = [values_of(table[c.name], c) for c in columns]
    if not columns:
        return [{} for _ in range(table.num_rows)]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def values_of(column: pa.ChunkedArray, declared: Column) -> list[Any]:
    """Return a column's values as Python values that Neo4j can hold."""
    if declared.kind == "time":
        return [None if v is None else instant(v) for v in _milliseconds(column)]
    values: list[Any] = column.to_pylist()
    if declared.kind in ("texts", "ids"):
        return [[escape(x) for x in v if x is not None] or None if v else None for v in values]
    if declared.kind == "ints":
        return [v or None for v in values]
    if declared.kind in ("id", "text", "choice"):
        return [None if v is None else escape(v) for v in values]
    return values


def _milliseconds(column: pa.ChunkedArray) -> list[int | None]:
    found: list[int | None] = pc.cast(column, pa.int64()).to_pylist()
    return found


def instant(milliseconds: int) -> datetime:
    """Return the instant so many milliseconds after 1970; InputError outside of the years 1 to 9999."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise InputError(f"the time {milliseconds} ms is outside of the years 1 to 9999") from None


def _key(node: Node, key: str) -> str:
    if len(key.encode()) > MAX_KEY_BYTES:
        start = key[:40]
        raise InputError(f"{node.key.name} {start!r}… is over {MAX_KEY_BYTES:,} bytes; Neo4j cannot index it")
    return key
