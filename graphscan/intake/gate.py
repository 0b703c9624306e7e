"""Raw rows of one file → rows of the declared types; what cannot be taken is set aside with its reason.

In: :class:`RawRows`. Out: :class:`Admitted`, an Arrow table with exactly the declared columns. A row is taken
whole or not at all. Where every row of a file fails in the same column, the file is not what it says: an
error, not an empty table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphscan.errors import InputError
from graphscan.intake.clock import Clock
from graphscan.intake.dataset import SetAside, named
from graphscan.intake.files import Source
from graphscan.intake.lists import read_lists
from graphscan.intake.refusals import Failure, check_file, undecoded_rows
from graphscan.intake.rows import RawRows, Rows
from graphscan.intake.times import read_times
from graphscan.intake.values import (
    Fault,
    Mask,
    Parsed,
    WrongTypeError,
    mask,
    read_bools,
    read_choices,
    read_texts,
    read_words,
)
from graphscan.tables import Column, Table

MISSING = "no value, but one is required"
LISTED_ROWS = 200
"""Rows set aside that are listed per file; all are counted."""


@dataclass(frozen=True)
class Tally:
    """How a file, or a piece of it, fared: rows it had, rows set aside (all counted, the first listed), rows that are no UTF-8."""

    read: int
    set_aside: int
    listed: tuple[SetAside, ...]
    counts: Mapping[str, int]
    zoneless: Mapping[str, int]
    undecoded: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.read + other.read,
            self.set_aside + other.set_aside,
            (*self.listed, *other.listed)[:LISTED_ROWS],
            dict(Counter(self.counts) + Counter(other.counts)),
            dict(Counter(self.zoneless) + Counter(other.zoneless)),
            self.undecoded + other.undecoded,
        )


@dataclass(frozen=True)
class Admitted:
    """What one file, or a piece of it, gave: the good rows, and how it fared."""

    rows: pa.Table
    tally: Tally


def admit(raw: RawRows, source: Source, table: Table, clock: Clock, *, piece: bool = False) -> Admitted:
    """Turn the raw rows of one file into the declared types and set aside the rows that do not fit.

    ``piece``: these are not all rows of the file, so that what would refuse a whole file is not looked for.

    Raises
    ------
    InputError
        When a column's type cannot hold what is declared, or every row fails in the same column; the message
        names table, column, file, what is expected and the first offending rows.
    """
    parsed = {column.name: _parse(raw, source, table, column, clock) for column in table.columns}
    failures = [failure for column in table.columns for failure in _failures(column, parsed[column.name])]
    if not piece:
        check_file(raw, source, table, failures)
    reasons, bad = _first_reasons(raw.count, failures)
    rows = pa.table({name: column.values for name, column in parsed.items()}, table.schema)
    listed = _listed(raw, source, table, failures, reasons)
    counts = Counter(named(r.column, r.reason) for r in raw.refused)
    for number, failure in enumerate(failures):
        counts[named(failure.column.name, failure.reason)] += int((reasons == number).sum())
    kept = rows.filter(pa.array(~bad)) if bad.any() else rows
    read = raw.count + len(raw.refused)
    tally = Tally(
        read,
        read - kept.num_rows,
        listed,
        {reason: count for reason, count in counts.items() if count},
        {name: column.zoneless for name, column in parsed.items() if column.zoneless},
        undecoded_rows(raw, failures),
    )
    return Admitted(kept, tally)


def _parse(raw: RawRows, source: Source, table: Table, column: Column, clock: Clock) -> Parsed:
    values = raw.columns.get(column.name)
    if values is None:
        values = _from_folder(raw, source, column)
    if values is None:
        return Parsed(pa.chunked_array([pa.nulls(raw.count, column.arrow_type)]))
    try:
        return _reader(column, clock)(values)
    except WrongTypeError as error:
        raise InputError(
            f"table {table.name}: column {column.name} in {source.name} is of the wrong type {values.type}; "
            f"allowed: {error}"
        ) from None
    except pa.ArrowException as error:
        raise InputError(f"table {table.name}: column {column.name} in {source.name}: {error}") from None


def _from_folder(raw: RawRows, source: Source, column: Column) -> pa.ChunkedArray | None:
    value = dict(source.partition).get(column.name)
    if value is None:
        return None
    return pa.chunked_array([pa.array([value] * raw.count, pa.string())])


def _reader(column: Column, clock: Clock) -> Callable[[pa.ChunkedArray], Parsed]:
    # An optional time (registered, joined …) may be known to the day; an action's may not.
    readers: dict[str, Callable[[pa.ChunkedArray], Parsed]] = {
        "id": read_words,
        "text": read_texts,
        "choice": lambda raw: read_choices(raw, column.choices),
        "time": lambda raw: read_times(raw, clock, days=not column.required),
        "bool": read_bools,
        "texts": read_lists,
    }
    return readers[column.kind]


def _failures(column: Column, parsed: Parsed) -> list[Failure]:
    faults = list(parsed.faults)
    if column.required and parsed.values.null_count:
        missing = ~mask(parsed.values.is_valid())
        for fault in parsed.faults:
            missing &= ~fault.rows
        faults.append(Fault(MISSING, missing))
    return [Failure(column, fault.reason, fault.rows) for fault in faults if fault.rows.any()]


def _first_reasons(count: int, failures: list[Failure]) -> tuple[Rows, Mask]:
    """Return for each row the number of its first failure (-1: none), and whether it has one."""
    reasons = np.full(count, -1, np.int64)
    for number, failure in enumerate(failures):
        reasons[failure.rows & (reasons < 0)] = number
    return reasons, reasons >= 0


def _listed(raw: RawRows, source: Source, table: Table, failures: list[Failure], reasons: Rows) -> tuple[SetAside, ...]:
    found = [(r.record, r.column, r.reason) for r in raw.refused[:LISTED_ROWS]]
    for row in np.flatnonzero(reasons >= 0)[:LISTED_ROWS]:
        failure = failures[int(reasons[row])]
        found.append((raw.record_of(int(row)), failure.column.name, failure.reason))
    found = sorted(found)[:LISTED_ROWS]
    lines = raw.lines([record for record, _, _ in found])
    return tuple(
        SetAside(table.name, source.name, line, column, reason)
        for line, (_, column, reason) in zip(lines, found, strict=True)
    )
