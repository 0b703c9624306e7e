r"""Tables for other tools as CSV: UTF-8 without a mark, ``\n`` line ends, times as ISO 8601 in UTC.

In: the run's frames. Out: text of CSV files. Cells are data: one that a spreadsheet would take for a formula
gets a leading apostrophe (OWASP, "CSV Injection"), so an id such as ``-100123`` reads ``'-100123``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphscan.reports.frames import TABLES_BY_NAME, Frames
from graphscan.reports.words import iso, missing

CSV_TABLES = ("clusters", "members", "evidence", "facts", "decisions")
"""Tables written whole as ``<name>.csv``; their columns are those of :mod:`graphscan.tables`."""

SET_ASIDE_COLUMNS = ("table", "file", "line", "column", "reason")

# The full-width forms are taken for formulas by spreadsheets in Chinese and Japanese settings.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """Return the text, with an apostrophe before it when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def table_csv(frames: Frames, name: str) -> str:
    """Return one table of the run as CSV, rows in the table's order."""
    frame, columns = frames.frame(name), TABLES_BY_NAME[name].columns
    cells = [[_cell(value) for value in frame[column.name]] for column in columns]
    return csv_text([column.name for column in columns], zip(*cells, strict=True))


def set_aside_csv(manifest: Mapping[str, Any]) -> str:
    """Return what the reader set aside: one row is one input row; of very many the first (the manifest counts all)."""
    rows = (manifest.get("quality") or {}).get("set_aside_rows", [])
    return csv_text(SET_ASIDE_COLUMNS, [[guarded(str(row[name])) for name in SET_ASIDE_COLUMNS] for row in rows])


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return CSV text with a header line."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if missing(value):
        return ""
    if isinstance(value, dt.datetime):
        return iso(value)
    if isinstance(value, float):
        return repr(value)
    return guarded(value) if isinstance(value, str) else str(value)
