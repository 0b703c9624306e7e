"""What the file readers hand to the gate: columns as they stand in the file, and rows not to be split.

In: nothing (declarations). Out: :class:`RawRows`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphscan.errors import InputError
from graphscan.intake.files import Source
from graphscan.tables import Table

Rows = npt.NDArray[np.int64]

MAX_ROW_BYTES = 16 * 2**20
"""Longest row that is read: far above any note, and a file without line ends cannot fill the memory."""

NOT_UTF8 = "not valid UTF-8"


@dataclass(frozen=True)
class Refused:
    """One row that its file's reader refused: 0-based record, column at fault (empty: the row) and why."""

    record: int
    column: str
    reason: str


@dataclass(frozen=True)
class RawRows:
    """The rows of one file before the gate.

    ``columns`` holds the declared columns that the file has, one value a row; ``records`` says which 0-based
    record of the file each row is (None: the same number), and ``lines`` turns records into what people look
    for: the 1-based line on which a record begins, or the 1-based row of a Parquet file.
    """

    columns: Mapping[str, pa.ChunkedArray]
    count: int
    unknown: tuple[str, ...]
    lines: Callable[[Sequence[int]], list[int]]
    records: Rows | None = None
    refused: tuple[Refused, ...] = ()

    def record_of(self, row: int) -> int:
        """Return the record of the file that a row came from."""
        return row if self.records is None else int(self.records[row])


def joined(pieces: Sequence[RawRows]) -> RawRows:
    """Return the rows of one file's pieces, one at least, as one; a column that a piece lacks is null there."""
    last = pieces[-1]  # it knows of all columns
    columns = {
        name: pa.chunked_array([c for p in pieces for c in _chunks_of(p, name, column.type)], column.type)
        for name, column in last.columns.items()
    }
    return RawRows(
        columns,
        sum(p.count for p in pieces),
        last.unknown,
        last.lines,
        np.concatenate([p.records for p in pieces if p.records is not None]),
        tuple(refused for p in pieces for refused in p.refused),
    )


def _chunks_of(piece: RawRows, name: str, kind: pa.DataType) -> list[pa.Array]:
    column = piece.columns.get(name)
    return [pa.nulls(piece.count, kind)] if column is None else column.chunks


def check_columns(source: Source, table: Table, found: Collection[str]) -> None:
    """Raise InputError when a required column is neither in the file nor in its hive folders' names."""
    there = {*found, *(name for name, _ in source.partition)}
    missing = [name for name in table.required if name not in there]
    if missing:
        names = ", ".join(shorten(name, 40) for name in list(found)[:30]) or "none"
        raise InputError(
            f"table {table.name}: required column {', '.join(missing)} is missing in {source.name}; "
            f"columns found: {names}; required: {', '.join(table.required)}"
        )


def check_once(source: Source, names: Sequence[str]) -> None:
    """Raise InputError when a column name stands twice in a header."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{source.name}: column {', '.join(shorten(n, 40) for n in twice)} is there more than once")


def split_names(table: Table, found: Collection[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the declared names among ``found`` in declared order, and the others, sorted."""
    declared = [column.name for column in table.columns]
    return [n for n in declared if n in found], tuple(sorted(set(found) - set(declared)))


def shorten(text: str, limit: int = 60) -> str:
    """Cut a value for a message to ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Turn what libraries say of an unreadable file into one InputError that names it."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{source.name} cannot be read as {source.format}: {shorten(first, 200)}") from None
