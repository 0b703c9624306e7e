"""What a text file is: JSON, JSON lines or CSV, in which encoding, with which delimiter.

In: a path and its first bytes. Out: :class:`~graphscan.intake.adapters.export.Export`.
"""

from __future__ import annotations

import codecs
import csv
from itertools import islice
from pathlib import Path
from typing import Any

from graphscan.intake.adapters.export import Export, UnusableExportError, lines_of, parse_json
from graphscan.intake.adapters.instants import Foreign

SAMPLE_ROWS = 50
"""Rows looked at to tell a format: enough to see past a few stray ones."""

CHINESE = "gb18030"
"""What spreadsheets write in China where it is not UTF-8."""

_STRAY_SHARE = 10
"""Up to one letter in ten may be broken in UTF-8: Chinese text in GB18030 breaks nearly every one."""

_DELIMITERS = (",", ";", "\t", "|")


def encoding_of(head: bytes) -> str:
    """Tell UTF-16 by its mark, GB18030 by bytes that are no UTF-8; a few stray bytes do not make it so."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    text = head.decode("utf-8", "replace")
    letters = sum(not char.isascii() for char in text)
    if text.count("\ufffd") * _STRAY_SHARE <= letters or not _decodes(head, CHINESE):
        return "utf-8-sig"
    return CHINESE


def _decodes(head: bytes, encoding: str) -> bool:
    """Whether the bytes are text in an encoding; a character cut at their end does not count."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def sniff_text(path: Path, name: str, digest: str, head: bytes, encoding: str, delimiter: str) -> Export:
    """Return what a file is that is none of the binary containers; ``delimiter`` empty: told from the header.

    Raises
    ------
    UnusableExportError
        When it begins like JSON and is broken.
    """
    text = head.decode(encoding, "replace")
    first = text.lstrip()[:1]
    if first in ("{", "["):
        return _json(path, name, digest, encoding, by_line=first == "{" and _is_by_line(path, encoding))
    if not first or (b"\0" in head and encoding != "utf-16"):
        return Export(path, name, digest, "unknown", encoding)
    return _csv(path, name, digest, encoding, delimiter)


def _is_by_line(path: Path, encoding: str) -> bool:
    """Whether one of the first lines is a whole object (the very first may be the bad one)."""
    return any(map(_is_object, islice(lines_of(path, encoding), 5)))


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse_json(line), dict)
    except ValueError:
        return False


def _json(path: Path, name: str, digest: str, encoding: str, *, by_line: bool) -> Export:
    if by_line:
        lines = islice(lines_of(path, encoding), SAMPLE_ROWS)
        rows = tuple(parse_json(line) for line in lines if _is_object(line))
        return Export(path, name, digest, "jsonl", encoding, tables={"": keys_of(rows)}, sample=rows)
    try:
        document = parse_json("".join(lines_of(path, encoding)))
    except ValueError as error:
        raise UnusableExportError(name, f"broken JSON: {error}") from None
    rows = tuple(r for r in _rows(document)[:SAMPLE_ROWS] if isinstance(r, dict))
    return Export(path, name, digest, "json", encoding, tables={"": keys_of(rows)}, sample=rows, document=document)


def _rows(document: Foreign) -> list[Any]:
    return document if isinstance(document, list) else [document]


def keys_of(rows: tuple[Any, ...] | list[Any]) -> tuple[str, ...]:
    """Names of the keys of JSON objects, in the order in which they are first seen."""
    return tuple(dict.fromkeys(key for row in rows for key in row))


def _csv(path: Path, name: str, digest: str, encoding: str, delimiter: str) -> Export:
    header = next((line for line in lines_of(path, encoding) if line.strip()), "")
    delimiter = delimiter or max(_DELIMITERS, key=lambda d: len(_cells(header, d)))
    sample = _first_rows(path, encoding, delimiter)
    columns = tuple(cell.strip() for cell in sample[0]) if sample else ()
    return Export(path, name, digest, "csv", encoding, delimiter, {"": columns}, sample[1:])


def _first_rows(path: Path, encoding: str, delimiter: str) -> tuple[tuple[str, ...], ...]:
    """Return the first rows, up to one that cannot be parsed: the reading proper sets that one aside."""
    rows: list[tuple[str, ...]] = []
    try:
        for row in islice(csv.reader(lines_of(path, encoding), delimiter=delimiter), SAMPLE_ROWS):
            rows += [tuple(row)] if row else []
    except csv.Error:
        return tuple(rows)
    return tuple(rows)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
