"""Parquet files → raw rows: the declared columns as they are typed in the file.

In: a Parquet file. Out: :class:`RawRows`; whether a type can hold what is declared is the gate's business.
"""

from __future__ import annotations

from pyarrow import parquet

from graphscan.intake.files import Source
from graphscan.intake.rows import RawRows, check_columns, check_once, reading, split_names
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
