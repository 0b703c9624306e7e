"""What a foreign file is, told from its bytes and never from its name.

In: a path. Out: :class:`~graphscan.intake.adapters.export.Export`.
"""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.errors import InputError
from graphscan.intake.adapters.export import (
    Export,
    connect,
    workbook,
)
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.sniffing_text import encoding_of, sniff_text
from graphscan.publishing import sha256_of

_HEAD_BYTES = 1 << 16


def look(path: Path, name: str, *, delimiter: str = "", encoding: str = "") -> Export:
    """Return what a file is.

    Raises
    ------
    InputError
        When the file claims a container (SQLite, Parquet, a spreadsheet) and is broken, or cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
        digest = sha256_of(path)
    except OSError as error:
        raise InputError(f"export {name} cannot be read: {error.strerror}") from None
    if head.startswith(b"SQLite format 3\0"):
        return Export(path, name, digest, "sqlite", tables=_sqlite_tables(path, name))
    if head.startswith(b"PAR1"):
        return Export(path, name, digest, "parquet", tables={"": _parquet_columns(path, name)})
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path, name, digest)
    return sniff_text(path, name, digest, head, encoding or encoding_of(head), delimiter)


def _sqlite_tables(path: Path, name: str) -> dict[str, tuple[str, ...]]:
    try:
        connection = connect(path)
        try:
            names = [
                n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")
            ]
            return {n: _sqlite_columns(connection, n) for n in names}
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InputError(f"export {name} is a broken SQLite file: {error}") from None


def _sqlite_columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(n for (n,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)))


def _parquet_columns(path: Path, name: str) -> tuple[str, ...]:
    try:
        return tuple(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"export {name} is a broken Parquet file: {error}") from None


def _zipped(path: Path, name: str, digest: str) -> Export:
    try:
        with zipfile.ZipFile(path) as archive:
            is_book = "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        is_book = False
    if not is_book:
        return Export(path, name, digest, "unknown")
    book = workbook(path, name)
    try:
        tables = {sheet.title: _first_row(sheet) for sheet in book.worksheets}
    finally:
        book.close()
    return Export(path, name, digest, "xlsx", tables=tables)


def _first_row(sheet: Foreign) -> tuple[str, ...]:
    row = next(sheet.iter_rows(max_row=1, values_only=True), ())
    return tuple("" if cell is None else str(cell) for cell in row)
