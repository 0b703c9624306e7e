"""What was gathered from one export: rows of a dataset's tables, rows set aside with their reasons, warnings.

In: values as an adapter found them. Out: Arrow tables of the declared columns, plus hidden ones that say how
the same thing seen twice is settled. No reason or warning quotes a text that an account wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from graphscan.intake.adapters import instants
from graphscan.intake.adapters.column_map import ColumnMap
from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.stacking import arrow_table, with_hidden
from graphscan.intake.adapters.values import CLEAN
from graphscan.tables import INPUT_TABLES, Column

SHOWN_ROWS = 50
"""Rows set aside that are named one by one; all of them are counted."""

_TABLES = {table.name: table for table in INPUT_TABLES}


class BadValueError(ValueError):
    """A row cannot be taken: the column at fault and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Options:
    """What the caller asked for: a zone for times without an offset (None: the format's), a column map."""

    timezone: str | None = None
    columns: ColumnMap | None = None


class Harvest:
    """The rows, the rows set aside and the warnings of one export; only adapters fill it."""

    def __init__(self, export: Export, options: Options) -> None:
        self.export = export
        self.options = options
        self.rows_read: Counter[str] = Counter()
        self.set_aside_counts: Counter[str] = Counter()
        self.set_aside: list[tuple[int, str, str]] = []
        self.hashed_accounts = False
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._whole: dict[str, list[pa.Table]] = {}
        self._tallies: Counter[str] = Counter()
        self._warnings: dict[str, None] = {}
        self._dropped: set[str] = set()

    def add(self, table: str, values: Mapping[str, Any], *, collected_at: int = 0, guessed_time: bool = False) -> None:
        """Take one row, its values cleaned by their column's kind; :class:`BadValueError` if it cannot be.

        ``collected_at`` (ms) settles which sighting of the same id is the latest; a guessed time gives way to
        a told one.
        """
        declared = _TABLES[table]
        row = tuple(self._clean(column, values.get(column.name)) for column in declared.columns)
        for column, value in zip(declared.columns, row, strict=True):
            if value is None and column.required:
                raise BadValueError(column.name, "no value")
            if column.choices and value is not None and value not in column.choices:
                raise BadValueError(column.name, f"allowed: {', '.join(column.choices)}")
        self._rows.setdefault(table, []).append((*row, collected_at, guessed_time))
        self.rows_read[table] += 1

    def add_account(
        self, account_id: Foreign, nickname: Foreign, *, collected_at: int = 0, bio: Foreign = None
    ) -> None:
        """Take one sighting of an account; its nickname is a value, never an identity."""
        values = {"account_id": account_id, "nickname": nickname, "bio": bio}
        self.add("accounts", values, collected_at=collected_at)

    def add_table(self, name: str, rows: pa.Table) -> None:
        """Take many rows at once: an Arrow table of exactly the declared columns and types."""
        self._whole.setdefault(name, []).append(rows)
        self.rows_read[name] += rows.num_rows

    def fault(self, line: int, reason: str, column: str = "") -> None:
        """Set one row aside."""
        self.set_aside_counts[f"{column}: {reason}" if column else reason] += 1
        if len(self.set_aside) < SHOWN_ROWS:
            self.set_aside.append((line, column, reason))

    def faults(self, lines: Sequence[int], reason: str, column: str) -> None:
        """Set many rows aside for one reason."""
        for line in lines[:SHOWN_ROWS]:
            self.fault(line, reason, column)
        if len(lines) > SHOWN_ROWS:
            self.set_aside_counts[f"{column}: {reason}"] += len(lines) - SHOWN_ROWS

    def attempt(self, line: int, take: Callable[..., None], *given: Foreign) -> None:
        """Call ``take(*given)``; a :class:`BadValueError` sets the line aside, and reading goes on."""
        try:
            take(*given)
        except BadValueError as bad:
            self.fault(line, bad.reason, bad.column)

    def each(self, rows: Iterable[tuple[int, Any]], take: Callable[[Any], None]) -> None:
        """Call ``take`` with each row; those it cannot take are set aside by their line."""
        for line, row in rows:
            self.attempt(line, take, row)

    def time(self, column: str, read: Callable[[Any], int], value: Foreign) -> int:
        """Return an instant read by ``read``; :class:`BadValueError` naming the column when it is none."""
        try:
            return read(value)
        except ValueError as error:
            raise BadValueError(column, str(error)) from None

    def local(self, text: Foreign, default_zone: str, layout: str = "") -> int:
        """Return the instant of a clock reading; without an offset, in the zone asked for or the default."""
        name = self.options.timezone or default_zone
        at, naive = instants.from_text(str(text), instants.zone_of(name), layout)
        if naive and self.options.timezone is None:
            self.tally(f"times without an offset were read as {name} (say otherwise with --timezone)")
        return at

    def tally(self, what: str, count: int = 1) -> None:
        """Count something worth a warning; it is told once, with its number."""
        self._tallies[what] += count

    def warn(self, line: str) -> None:
        """Tell one warning, once."""
        self._warnings[line] = None

    def drop(self, columns: Iterable[str]) -> None:
        """Name columns of the export that a dataset has no place for."""
        self._dropped.update(columns)

    def _clean(self, column: Column, value: Foreign) -> Foreign:
        if value is None:
            return None
        try:
            clean = CLEAN[column.kind](value)
        except ValueError as error:
            raise BadValueError(column.name, str(error)) from None
        if column.kind == "text" and clean is not None and "\ufffd" in clean and "\ufffd" not in str(value):
            self.tally("texts with bytes that are no text; they were replaced by U+FFFD")
        return clean

    @property
    def warnings(self) -> tuple[str, ...]:
        """Every warning, in a fixed order."""
        told = [f"{what}: {count:,}" for what, count in sorted(self._tallies.items())]
        if self._dropped:
            told.append(f"not kept, a dataset has no column for them: {', '.join(sorted(self._dropped))}")
        return (*self._warnings, *told)

    def table(self, name: str) -> pa.Table | None:
        """Return the rows of one table with the hidden columns, in the order read; None when none."""
        pieces = [with_hidden(rows) for rows in self._whole.get(name, [])]
        if self._rows.get(name):
            pieces.append(arrow_table(_TABLES[name], self._rows[name]))
        return pa.concat_tables(pieces) if pieces else None
