"""What intake hands on: the tables of a dataset, clean and in canonical order, and an account of their quality.

In: nothing (declarations). Out: :class:`Dataset`, read by every later room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.intake.shelf import HELD, Array, Shelf
from graphscan.publishing import published

T = TypeVar("T")


@dataclass(frozen=True)
class FileRead:
    """One input file: where it lies in the dataset, what it is, and how many rows came of it."""

    path: str
    table: str
    sha256: str
    size_bytes: int
    rows_read: int
    rows_set_aside: int


@dataclass(frozen=True)
class SetAside:
    """One row not taken: file, 1-based line (or row of a Parquet file), the column at fault and why."""

    table: str
    file: str
    line: int
    column: str
    reason: str


def named(column: str, reason: str) -> str:
    """A reason for setting a row aside as it is counted and told: with its column, if it lies in one."""
    return f"{column}: {reason}" if column else reason


@dataclass(frozen=True)
class Quality:
    """What was taken, what was set aside and why; counts are complete, ``set_aside`` lists the first rows."""

    files: tuple[FileRead, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    set_aside: tuple[SetAside, ...] = ()
    set_aside_counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    duplicates_equal: Mapping[str, int] = field(default_factory=dict)
    duplicates_different: Mapping[str, int] = field(default_factory=dict)
    dangling: Mapping[str, int] = field(default_factory=dict)
    unknown_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values for the manifest and for ``--json``."""
        return {
            "files": [vars(f) for f in self.files],
            "rows": dict(self.rows),
            "set_aside": {table: dict(reasons) for table, reasons in self.set_aside_counts.items()},
            "set_aside_rows": [vars(row) for row in self.set_aside],
            "duplicates_equal": dict(self.duplicates_equal),
            "duplicates_different": dict(self.duplicates_different),
            "dangling_references": dict(self.dangling),
            "unknown_columns": {table: list(names) for table, names in self.unknown_columns.items()},
            "notices": list(self.notices),
        }


@dataclass(frozen=True)
class Dataset:
    """The tables of one dataset.

    ``tables`` maps a table's name to an Arrow table with exactly the columns, order and types of its declaration
    in :mod:`graphscan.tables`; columns that the input lacks are all null. Rows are in canonical order (by time
    where the table has one, then by the values of its key), so that the order of the input never matters. Only
    tables that the input has are there. ``remembered`` is where a later room keeps what it works out once and several ask for.
    """

    tables: Mapping[str, pa.Table]
    quality: Quality
    remembered: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    shelf: Shelf | None = field(default=None, compare=False, repr=False)

    def recall(self, key: str, make: Callable[[], Any]) -> Any:
        """What a later room works out once: made when first asked for, then kept, large arrays on the shelf if there is one."""
        if key not in self.remembered:
            self.remembered[key] = self.keep(make())
        return self.remembered[key]

    def keep(self, value: T) -> T:
        """The same value, with its large arrays on the shelf, if there is one; what was read of the shelf before is given back then."""
        if self.shelf is None:
            return value
        kept = self.shelf.keep(value)
        if kept is not value:
            self.shelf.release()
        return kept

    def joined(self, pieces: Iterable[Array]) -> Array:
        """The pieces (at least one), one behind another; on the shelf, if there is one and they are large."""
        return (self.shelf or HELD).joined(pieces)

    def release(self) -> None:
        """Give back the memory of what was read of the shelf, if there is one."""
        (self.shelf or HELD).release()

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether the table is there with at least one row, and one value of ``column`` that is not null."""
        found = self.tables.get(table)
        if found is None or found.num_rows == 0:
            return False
        return column is None or found.column(column).null_count < found.num_rows


def write_dataset(tables: Mapping[str, pa.Table], out: Path) -> None:
    """Write tables as a dataset folder, whole or not at all; OutputError and OutsideError as :func:`published` raises them."""
    with published(out) as work:
        work.mkdir()
        for name, rows in tables.items():
            pq.write_table(rows, work / f"{name}.parquet", compression="zstd")
