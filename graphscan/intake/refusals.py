"""When a file is not what it says: every row fails in one column, or most rows are in another encoding.

In: the raw rows of a file and its columns' failures. Out: nothing, or one InputError that shows the rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphscan.errors import InputError
from graphscan.intake.files import Source
from graphscan.intake.rows import NOT_UTF8, RawRows, Refused, shorten
from graphscan.intake.values import Mask
from graphscan.tables import Column, Table

_EXPECTED = {
    "id": "an id as text or a whole number",
    "text": "text",
    "time": "a time, ISO 8601 or a number with --epoch s or --epoch ms",
    "bool": "true or false",
    "texts": "a JSON array of texts",
}
# Kinds whose values may stand in a message: the others may hold what people wrote.
_SHOWN = ("id", "time", "choice", "bool")


@dataclass(frozen=True)
class Failure:
    """One column's fault: which column, why, which rows."""

    column: Column
    reason: str
    rows: Mask


def check_file(raw: RawRows, source: Source, table: Table, failures: list[Failure]) -> None:
    """Raise InputError when every row fails in the same column, or more than half are not UTF-8."""
    total = raw.count + len(raw.refused)
    refused = Counter(r.column for r in raw.refused)
    if total and refused[""] == total:
        first = _refused_text(raw, source, raw.refused[0])
        raise InputError(f"table {table.name}: no row of {source.name} can be read; first: {first}")
    for column in table.columns:
        failed = refused[column.name] + int(_union(raw.count, column, failures).sum())
        if failed and failed == total - refused[""]:
            _refuse_column(raw, source, table, column, failures)
    check_encoding(source, undecoded_rows(raw, failures), total)


def undecoded_rows(raw: RawRows, failures: list[Failure]) -> int:
    """Return how many rows hold something that is not UTF-8."""
    undecoded = np.zeros(raw.count, bool)
    for failure in failures:
        undecoded |= failure.rows if failure.reason == NOT_UTF8 else False
    return int(undecoded.sum())


def check_encoding(source: Source, undecoded: int, total: int) -> None:
    """Raise InputError when more than half of a file's rows are not UTF-8.

    One stray byte is a bad row; most rows undecodable is another encoding, which would lose whole scripts.
    """
    if 2 * undecoded > total:
        raise InputError(f"{source.name} is not UTF-8 ({undecoded} of {total} rows); save it as UTF-8")


def _union(count: int, column: Column, failures: list[Failure]) -> Mask:
    failed = np.zeros(count, bool)
    for failure in failures:
        if failure.column is column:
            failed |= failure.rows
    return failed


def _refuse_column(raw: RawRows, source: Source, table: Table, column: Column, failures: list[Failure]) -> None:
    expected = _EXPECTED.get(column.kind) or f"one of {', '.join(column.choices)}"
    failed = sorted((int(row), f.reason) for f in failures if f.column is column for row in np.flatnonzero(f.rows)[:3])
    examples = [_example(raw, source, column, row, reason) for row, reason in failed[:3]]
    examples += [_refused_text(raw, source, refused) for refused in raw.refused[:3] if refused.column == column.name]
    raise InputError(
        f"table {table.name}: column {column.name} in {source.name} is of the wrong type: "
        f"expected {expected}, and every row ({raw.count + len(raw.refused)}) fails; "
        f"first: {'; '.join(examples[:3])}"
    )


def _example(raw: RawRows, source: Source, column: Column, row: int, reason: str) -> str:
    value = ""
    if column.kind in _SHOWN and column.name in raw.columns:
        value = f" {_shown(raw.columns[column.name][row])}"
    return f"{source.name}:{raw.lines([raw.record_of(row)])[0]}{value} ({reason})"


def _shown(scalar: pa.Scalar) -> str:
    try:
        value = scalar.as_py()
    except (ValueError, OverflowError):
        return "a time beyond the year 9999"
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return "nothing" if value is None or value == "" else f'"{shorten(str(value))}"'


def _refused_text(raw: RawRows, source: Source, refused: Refused) -> str:
    return f"{source.name}:{raw.lines([refused.record])[0]} ({refused.reason})"
