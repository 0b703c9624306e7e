"""JSON-lines files → raw rows; number literals stay the exact text that stands in the file.

In: a JSONL file, plain or compressed. Out: :class:`RawRows` whose columns are text, or lists of text. JSON
says what kind a value is, so one of the wrong kind is refused here; what its text means is the gate's
business.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from graphscan.intake.files import Source
from graphscan.intake.jsonl_blocks import Block, read_block
from graphscan.intake.lists import Number, parse_json, text_list
from graphscan.intake.rows import (
    MAX_ROW_BYTES,
    NOT_UTF8,
    RawRows,
    Refused,
    check_columns,
    joined,
    reading,
    split_names,
)
from graphscan.intake.shelf import PIECE_BYTES
from graphscan.tables import Column, Table

_BATCH_ROWS = 50_000
_BLOCK_BYTES = 1 << 22
_BOM = b"\xef\xbb\xbf"


class _LineError(ValueError):
    """A line is refused: the column at fault (empty: the line) and the reason."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class _Piece:
    """Columns that grow a batch at a time, so that Python values never pile up."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.types = {c.name: c.arrow_type if c.kind == "texts" else pa.string() for c in table.columns}
        self.chunks: dict[str, list[pa.Array]] = {c.name: [] for c in table.columns}
        self.open: dict[str, list[Any]] = {c.name: [] for c in table.columns}
        self.records: list[np.ndarray] = []
        self.numbers: list[int] = []
        self.refused: list[Refused] = []
        self.held_bytes = 0

    def add(self, record: int, values: list[str | list[str] | None]) -> None:
        for column, value in zip(self.open.values(), values, strict=True):
            column.append(value)
        self.numbers.append(record)
        if len(self.numbers) >= _BATCH_ROWS:
            self.close()

    def add_block(self, block: Block, first: int) -> None:
        """Add the lines of a block whose first line is the record ``first``."""
        self.close()
        for name, column in block.columns.items():
            self.chunks[name] += column.chunks
        self.records.append(block.records + first)

    def close(self) -> None:
        for name, values in self.open.items():
            self.chunks[name].append(pa.array(values, self.types[name]))
        self.open = {name: [] for name in self.open}
        self.records.append(np.array(self.numbers, np.int64))
        self.numbers = []

    def rows(self, seen: dict[str, None]) -> RawRows:
        """What was added, in the declared columns that were seen so far."""
        self.close()
        wanted, unknown = split_names(self.table, seen)
        records = np.concatenate(self.records)
        return RawRows(
            columns={name: pa.chunked_array(self.chunks[name], self.types[name]) for name in wanted},
            count=len(records),
            unknown=unknown,
            lines=lambda wanted: [record + 1 for record in wanted],
            records=records,
            refused=tuple(self.refused),
        )


def read_jsonl(source: Source, table: Table) -> RawRows:
    """Return the rows of a JSON-lines file: one object a line, one value a declared column.

    A line that is no JSON object, is over 16 MB, is not UTF-8, repeats a key, holds NaN or a lone surrogate,
    or has a value of the wrong kind in a declared column is refused. Blank lines are skipped.

    Raises
    ------
    InputError
        When no line has a required column, or the file is cut off or not what its name says.
    """
    return joined(list(read_jsonl_pieces(source, table)))


def read_jsonl_pieces(source: Source, table: Table) -> Iterator[RawRows]:
    """Yield the rows of a JSON-lines file piece by piece, at least one; together they are those of :func:`read_jsonl`.

    That no line has a required column is known, and raised, after the last piece.
    """
    piece, seen, first = _Piece(table), dict[str, None](), 0
    with reading(source), pa.input_stream(str(source.path), compression=source.compression) as stream:
        for block in _blocks(io.BufferedReader(stream)):
            found = read_block(block, table)
            if found is not None:
                seen.update(dict.fromkeys(found.names))
                piece.add_block(found, first)
            else:
                _add_lines(piece, block, first, seen)
            first += block.count(b"\n")
            piece.held_bytes += len(block)
            if piece.held_bytes >= PIECE_BYTES:
                yield piece.rows(seen)
                piece = _Piece(table)
    yield piece.rows(seen)
    if seen:
        check_columns(source, table, seen)


def _add_lines(piece: _Piece, block: bytes, first: int, seen: dict[str, None]) -> None:
    """Read the lines of a block one by one, and refuse those that are wrong."""
    for record, line in enumerate(io.BytesIO(block), first):
        if not line.strip():
            continue
        try:
            values = _values(line, piece.table.columns, seen)
        except _LineError as fault:
            piece.refused.append(Refused(record, fault.column, fault.reason))
        else:
            piece.add(record, values)


def _blocks(stream: io.BufferedReader) -> Iterator[bytes]:
    """Yield the file as blocks of whole lines; an over-long line is cut, still too long."""
    begin = _BOM
    while block := stream.read(_BLOCK_BYTES):
        rest = b"" if block.endswith(b"\n") else stream.readline(MAX_ROW_BYTES + 1)
        more = rest
        while len(more) > MAX_ROW_BYTES and not more.endswith(b"\n"):
            more = stream.readline(MAX_ROW_BYTES + 1)
        if more is not rest:
            rest += b"\n"
        yield (block + rest).removeprefix(begin)
        begin = b""


def _values(line: bytes, columns: tuple[Column, ...], seen: dict[str, None]) -> list[str | list[str] | None]:
    found = _object(line)
    seen.update(dict.fromkeys(found))
    escaped = b"\\u" in line  # the one way for a lone surrogate into valid UTF-8
    return [_value(column, found.get(column.name), escaped) for column in columns]


def _object(line: bytes) -> dict[str, object]:
    if len(line) > MAX_ROW_BYTES:
        raise _LineError("", "a line of more than 16 MB")
    try:
        found = parse_json(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise _LineError("", NOT_UTF8) from None
    except json.JSONDecodeError:
        raise _LineError("", "not a JSON object") from None
    except ValueError as error:
        raise _LineError("", str(error)) from None
    except RecursionError:
        raise _LineError("", "nested too deeply") from None
    if not isinstance(found, dict):
        raise _LineError("", "not a JSON object")
    return found


def _value(column: Column, value: object, escaped: bool) -> str | list[str] | None:
    if value is None:
        return None
    try:
        read = _READERS[column.kind](value)
        if escaped:
            "".join(read).encode("utf-8")
    except UnicodeEncodeError:
        raise _LineError(column.name, "a lone surrogate, which is no text") from None
    except ValueError as error:
        raise _LineError(column.name, str(error)) from None
    return read


def _id(value: object) -> str:
    if isinstance(value, Number) and not value.whole:
        raise ValueError("a fraction where an id is expected")
    return _scalar(value)


def _scalar(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{_kind(value)} where text is expected")
    return str(value)


def _bool(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else _scalar(value)


def _kind(value: object) -> str:
    return "true or false" if isinstance(value, bool) else "a list" if isinstance(value, list) else "an object"


_READERS: dict[str, Callable[[object], str | list[str]]] = {
    "id": _id,
    "text": _scalar,
    "choice": _scalar,
    "time": _scalar,
    "bool": _bool,
    "texts": text_list,
}
