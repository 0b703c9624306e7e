"""A block of JSON lines → columns at once, where every line is right; else nothing, and the lines are read one by one.

In: whole lines as bytes. Out: the declared columns, as the reader of lines gives them. Arrow's parser is as strict as that reader in
all but a few things (what a line is, NaN, depth), which are looked at here: a block in doubt is given back unread.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import json as arrow_json

from graphscan.intake.rows import MAX_ROW_BYTES
from graphscan.tables import Table

_NO_NUMBER = re.compile(rb"[:\[,]\s*-?(?:NaN|Inf)")
_MAX_OPENED = (
    500  # brackets opened in a line, and so its depth: Python's reader gives up at some 1,000, Arrow's falls at more
)
_NEWLINE, _RETURN, _OPEN, _CLOSE, _OPEN_LIST = b"\n\r{}["


@dataclass(frozen=True)
class Block:
    """The lines of a block: ``columns`` has every declared one, ``names`` are those found, ``records`` the 0-based lines with an object."""

    columns: dict[str, pa.ChunkedArray]
    names: tuple[str, ...]
    records: npt.NDArray[np.int64]


def read_block(block: bytes, table: Table) -> Block | None:
    """Read whole lines at once; None when any of them may be wrong, or is not plainly one object."""
    records = _object_lines(block)
    if records is None or _NO_NUMBER.search(block):
        return None
    schema = pa.schema([(c.name, _type(c.kind, c.arrow_type)) for c in table.columns])
    if len(records) == 0:
        return Block({f.name: pa.chunked_array([], _read_as(f.type)) for f in schema}, (), records)
    try:
        found = _parsed(block, schema)
        found.validate(full=True)
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    if found.num_rows != len(records):
        return None
    columns = {field.name: found[field.name] for field in schema}
    if any(pa.types.is_list(c.type) and c.combine_chunks().flatten().null_count for c in columns.values()):
        return None
    others = tuple(name for name in found.column_names if name not in columns)
    here = tuple(n for n, c in columns.items() if c.null_count < len(c) or f'"{n}"'.encode() in block)
    return Block({n: c.cast(_read_as(c.type)) for n, c in columns.items()}, (*here, *others), records)


def _parsed(block: bytes, schema: pa.Schema) -> pa.Table:
    return arrow_json.read_json(
        io.BytesIO(block),
        read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
        parse_options=arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer"),
    )


def _object_lines(block: bytes) -> npt.NDArray[np.int64] | None:
    """Numbers of the lines that begin with ``{`` and end with ``}``; None when others, or deep ones, may be there.

    Two objects on a line, or one on two lines, are then told by their number: a line that ends with ``}`` goes on in no other.
    """
    data = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    if len(data) and (len(ends) == 0 or ends[-1] != len(data) - 1):
        ends = np.append(ends, len(data))
    begins = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    last = ends - 1
    last = last - ((last >= begins) & (data[np.maximum(last, 0)] == _RETURN))
    records = np.flatnonzero(last >= begins)
    if (
        (ends - begins).max(initial=0) >= MAX_ROW_BYTES
        or (data[begins[records]] != _OPEN).any()
        or (data[last[records]] != _CLOSE).any()
    ):
        return None
    opened = np.concatenate([[0], np.cumsum((data == _OPEN) | (data == _OPEN_LIST), dtype=np.int32)])
    return None if (opened[ends] - opened[begins]).max(initial=0) > _MAX_OPENED else records


def _type(kind: str, declared: pa.DataType) -> pa.DataType:
    """How a column stands in a line: true and false as such, lists of texts, all else as text."""
    return pa.bool_() if kind == "bool" else declared if kind == "texts" else pa.string()


def _read_as(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_boolean(kind) else kind
