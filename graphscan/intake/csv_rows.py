"""CSV files → raw rows: everything is text, nothing is guessed from values.

In: a CSV file, plain or compressed. Out: :class:`RawRows` whose columns are bytes. Quoted fields may span
lines. The delimiter is a comma, or the semicolon or tab with which the header knows more column names.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from graphscan.errors import InputError
from graphscan.intake.csv_lines import check_closed, lines_of, opened
from graphscan.intake.files import Source
from graphscan.intake.rows import (
    MAX_ROW_BYTES,
    NOT_UTF8,
    RawRows,
    Refused,
    check_columns,
    check_once,
    joined,
    reading,
    split_names,
)
from graphscan.intake.shelf import PIECE_BYTES
from graphscan.tables import Table

_DELIMITERS = (",", ";", "\t")


_FIRST = 2  # Arrow numbers rows from 1, and the header is the first
_BLOCKS_PER_PIECE = PIECE_BYTES // MAX_ROW_BYTES
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class _Scan:
    """What one look at the bytes tells: whether all are UTF-8, and whether a quote lacks its partner."""

    utf8: bool
    odd_quotes: bool


def read_csv(source: Source, table: Table) -> RawRows:
    """Return the rows of a CSV file, one value a declared column, as bytes.

    Raises
    ------
    InputError
        When the file has no header, its header lacks a required column or repeats one, the file is cut off or
        is not what its name says, or a quoted field is never closed.
    """
    return joined(list(read_csv_pieces(source, table)))


def read_csv_pieces(source: Source, table: Table) -> Iterator[RawRows]:
    """Yield the rows of a CSV file piece by piece, at least one; together they are those of :func:`read_csv`, and so are errors.

    That a quoted field is never closed is known, and raised, after the last piece.
    """
    names, delimiter = _header(source, table)
    check_once(source, names)
    check_columns(source, table, names)
    wanted, unknown = split_names(table, names)
    bad: list[arrow_csv.InvalidRow] = []
    scan, done, told = _scan(source), 0, 0
    last = empty = pa.table({name: pa.array([], pa.binary()) for name in wanted})
    # the empty piece at the end tells what was refused behind the last row
    for held in chain(_parse(source, names, wanted, delimiter, bad, scan.utf8), [empty]):
        skipped = np.array([row.number - _FIRST for row in bad[told:]], np.int64)
        records = np.setdiff1d(np.arange(done, done + held.num_rows + len(skipped)), skipped)[: held.num_rows]
        until = int(records[-1]) + 1 if len(records) else done + len(skipped)
        refused = [
            Refused(row.number - _FIRST, "", _count_fault(row)) for row in bad[told:] if row.number - _FIRST < until
        ]
        done, told = until, told + len(refused)
        yield RawRows(
            columns=dict(zip(held.column_names, held.columns, strict=True)),
            count=held.num_rows,
            unknown=unknown,
            lines=lambda records: lines_of(source, delimiter, records),
            records=records,
            refused=tuple(refused),
        )
        last = held if held.num_rows else last
    if scan.odd_quotes or _ends_in_lines(last, bad):
        check_closed(source, delimiter)


def _count_fault(row: arrow_csv.InvalidRow) -> str:
    return (
        "more fields than the header" if row.actual_columns > row.expected_columns else "fewer fields than the header"
    )


def _header(source: Source, table: Table) -> tuple[list[str], str]:
    with reading(source), opened(source) as stream:
        head = io.BufferedReader(stream).readline(MAX_ROW_BYTES)
    line = _LINE_END.split(head, maxsplit=1)[0]
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{source.name}: the header line is {NOT_UTF8}; save the file as UTF-8") from None
    if not text.strip():
        raise InputError(f"{source.name} has no header line; the first line names the columns")
    declared = {column.name for column in table.columns}
    try:
        read = {d: next(csv.reader([text], delimiter=d)) for d in _DELIMITERS}
    except csv.Error as error:
        raise InputError(f"{source.name}: the header line cannot be read: {error}") from None
    delimiter = max(_DELIMITERS, key=lambda d: len(declared & set(read[d])))
    return read[delimiter], delimiter


def _parse(
    source: Source,
    names: list[str],
    wanted: list[str],
    delimiter: str,
    bad: list[arrow_csv.InvalidRow],
    utf8: bool,
) -> Iterator[pa.Table]:
    """Yield the wanted columns in pieces of about a quarter of a gigabyte; refused rows are added to ``bad`` as they are met."""

    def refuse(row: arrow_csv.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    if not _has_rows(source):
        return
    with reading(source), opened(source) as stream:
        batches = arrow_csv.open_csv(
            stream,
            # One thread: only then does Arrow number the rows it refuses. Latin-1 takes any byte as it is:
            # Arrow hands over a refused row as text, or fails on the whole file.
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                block_size=MAX_ROW_BYTES,
                column_names=names,
                skip_rows=1,
                encoding="utf8" if utf8 else "latin-1",
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.binary() for name in names}, include_columns=wanted
            ),
        )
        while some := list(islice(batches, _BLOCKS_PER_PIECE)):
            held = pa.Table.from_batches(some)
            yield held if utf8 else pa.table([_bytes_again(column) for column in held.columns], held.schema)


def _has_rows(source: Source) -> bool:
    # Arrow knows no file that is a header alone.
    with reading(source), opened(source) as stream:
        head = _LINE_END.split(stream.read(MAX_ROW_BYTES), maxsplit=1)
        return len(head) > 1 and bool(head[1].strip() or stream.read(1))


def _scan(source: Source) -> _Scan:
    decoder, utf8, quotes = codecs.getincrementaldecoder("utf-8")(), True, 0
    with reading(source), opened(source) as stream:
        while chunk := stream.read(MAX_ROW_BYTES):
            quotes += chunk.count(b'"')
            utf8 = utf8 and _decodes(decoder, chunk)
    return _Scan(utf8 and _decodes(decoder, b"", final=True), quotes % 2 == 1)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _ends_in_lines(held: pa.Table, bad: list[arrow_csv.InvalidRow]) -> bool:
    """Whether the last record spans lines, as it does when its quote swallows the rest of the file."""
    last = [column[-1].as_py() for column in held.columns] if held.num_rows else []
    last += [row.text.encode("utf-8", "replace") for row in bad[-1:]]
    return any(_LINE_END.search(value or b"") for value in last)


def _bytes_again(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the bytes of the file from values that were read as Latin-1."""
    values = [None if value is None else value.decode("utf-8").encode("latin-1") for value in column.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.binary())])
