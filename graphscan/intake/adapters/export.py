"""What a foreign file is to an adapter: its container, its columns, its first rows; and how each is opened.

In: what :func:`graphscan.intake.adapters.sniffing.look` found. Out: :class:`Export`. Opening never writes.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from graphscan.errors import InputError
from graphscan.intake.adapters.instants import Foreign

Container = Literal["csv", "json", "jsonl", "parquet", "sqlite", "xlsx", "unknown"]

MAX_CELL_CHARS = 1 << 20
"""A longer CSV cell is an unclosed quote that swallowed its file: it is set aside, and reading goes on."""


class UnusableExportError(InputError):
    """A file that no dataset can come of: an error when handed in, named and left out when in a folder."""

    def __init__(self, name: str, reason: str, more: str = "") -> None:
        super().__init__(f"export {name} is {reason}{more}")
        self.reason = reason


@dataclass(frozen=True)
class Export:
    """One foreign file.

    ``tables`` maps the name of each table in it (a sheet, a database table; ``""`` where there is only one)
    to its column names; ``sample`` holds the first rows (JSON: dicts, CSV: tuples of cells); ``document``
    is the parsed value of a JSON file that is not line by line.
    """

    path: Path
    name: str
    sha256: str
    container: Container
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sample: tuple[Any, ...] = ()
    document: Any = None

    def tables_with(self, *columns: str) -> tuple[str, ...]:
        """Names of the tables that have all these columns."""
        return tuple(name for name, found in self.tables.items() if set(columns) <= set(found))

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns of all its tables."""
        return frozenset(name for found in self.tables.values() for name in found)


def connect(path: Path) -> sqlite3.Connection:
    """Open an SQLite file for reading only; no byte of it, or beside it, is written."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    return connection


def workbook(path: Path, name: str) -> Foreign:
    """Open a spreadsheet for reading.

    Raises
    ------
    InputError
        When the extra that reads spreadsheets is not installed, or the file is broken.
    """
    try:
        import openpyxl
    except ImportError:
        raise InputError(
            f"export {name} is a spreadsheet; reading it needs the extra xlsx: pip install 'graphscan[xlsx]'"
        ) from None
    try:
        # A stream, because openpyxl judges a path by its ending.
        return openpyxl.load_workbook(BytesIO(path.read_bytes()), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError(f"export {name} is a broken spreadsheet: {error}") from None


def parse_json(text: str) -> Foreign:
    """Return the value of a JSON text; NaN and Infinity are read as missing. ValueError when it is none."""
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """Yield a text file's lines with their ends; bytes that are no text become lone surrogates."""
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as stream:
        try:
            yield from stream
        except UnicodeDecodeError as error:
            raise InputError(f"export {path.name} is not text in {encoding}: {error.reason}") from None
