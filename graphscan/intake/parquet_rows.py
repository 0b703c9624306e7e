"""Parquet files → raw rows: the declared columns as they are typed in the file.

In: a Parquet file. Out: :class:`RawRows`; whether a type can hold what is declared is the gate's business.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyarrow import parquet

from graphscan.intake.files import Source
from graphscan.intake.rows import RawRows, check_columns, check_once, reading, split_names
from graphscan.intake.shelf import PIECE_BYTES, PIECE_ROWS
from graphscan.tables import Table


def read_parquet(source: Source, table: Table) -> RawRows:
    """Return the rows of a Parquet file; lines are 1-based row numbers.

    Raises
    ------
    InputError
        When the file is cut off or corrupt, lacks a required column, or names a column twice.
    """
    with reading(source), parquet.ParquetFile(source.path) as file:
        names = file.schema_arrow.names
        check_once(source, names)
        check_columns(source, table, names)
        wanted, unknown = split_names(table, names)
        held = file.read(columns=wanted)
    return RawRows(
        columns=dict(zip(held.column_names, held.columns, strict=True)),
        count=held.num_rows,
        unknown=unknown,
        lines=lambda records: [record + 1 for record in records],
    )


def held_bytes(source: Source) -> int:
    """Return about how many bytes the rows of a Parquet file take in memory; InputError when it cannot be read."""
    with reading(source), parquet.ParquetFile(source.path) as file:
        groups = range(file.metadata.num_row_groups)
        return sum(int(file.metadata.row_group(g).total_byte_size) for g in groups)


def read_parquet_pieces(source: Source, table: Table) -> Iterator[RawRows]:
    """Yield the rows of a Parquet file piece by piece; together they are those of :func:`read_parquet`, and so are errors."""
    with reading(source), parquet.ParquetFile(source.path) as file:
        names = file.schema_arrow.names
        check_once(source, names)
        check_columns(source, table, names)
        wanted, unknown = split_names(table, names)
        rows = max(1, min(PIECE_ROWS, file.metadata.num_rows * PIECE_BYTES // max(held_bytes(source), 1)))
        done = 0
        for batch in file.iter_batches(rows, columns=wanted):
            yield _piece(batch, done, unknown)
            done += len(batch)


def _piece(batch: pa.RecordBatch, done: int, unknown: tuple[str, ...]) -> RawRows:
    columns = {name: pa.chunked_array([values]) for name, values in zip(batch.schema.names, batch.columns, strict=True)}
    return RawRows(columns, len(batch), unknown, lambda records: [done + record + 1 for record in records])
