"""Lines of a CSV file, read once more where something is wrong with it.

In: a CSV file. Out: the line on which a record begins, or an error where a quoted field never ends. Python's
reader splits records as Arrow's does and counts lines; it is slow, and used for files with bad rows only.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import pyarrow as pa

from graphscan.errors import InputError
from graphscan.intake.files import Source
from graphscan.intake.rows import reading


class _Reader(Protocol):
    """What is used of Python's CSV reader."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


def opened(source: Source) -> pa.NativeFile:
    """Return the file's bytes as a stream, decompressed."""
    return pa.input_stream(str(source.path), compression=source.compression)


def check_closed(source: Source, delimiter: str) -> None:
    """Refuse a file whose last quoted field is never closed: it would swallow every row after the quote."""
    with _python_rows(source, delimiter, strict=True) as rows:
        while True:
            line = rows.line_num + 1
            try:
                next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise InputError(f"{source.name}:{line}: a quoted field begins here and is never closed") from None


def lines_of(source: Source, delimiter: str, records: Sequence[int]) -> list[int]:
    """Return the 1-based line on which each 0-based record after the header begins."""
    if not records:
        return []
    found: dict[int, int] = {}
    wanted, last, record, begins = set(records), max(records), -2, 1
    with _python_rows(source, delimiter) as rows:
        for fields in rows:
            record += bool(fields)
            if fields and record in wanted:
                found[record] = begins
            if record >= last:
                break
            begins = rows.line_num + 1
    return [found[record] for record in records]


@contextmanager
def _python_rows(source: Source, delimiter: str, strict: bool = False) -> Iterator[_Reader]:
    # Latin-1 decodes any bytes one to one; only quotes, delimiters and line ends matter here.
    limit = csv.field_size_limit(sys.maxsize)
    try:
        with reading(source), opened(source) as stream:
            text = io.TextIOWrapper(io.BufferedReader(stream), encoding="latin-1", newline="")
            yield csv.reader(text, delimiter=delimiter, strict=strict)
    finally:
        csv.field_size_limit(limit)
