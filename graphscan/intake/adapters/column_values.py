"""One column of theirs → one column of ours, vectorised: exact ids, clean text, instants, lists.

In: Arrow columns as a file holds them (text where the file knows only text). Out: an Arrow column of the
declared type, and masks of the rows whose value cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.errors import InputError
from graphscan.intake.adapters.column_map import Entry, Take
from graphscan.intake.adapters.column_parts import Arrow, Taken, is_text, mask_of, read_each, text_of
from graphscan.intake.adapters.column_times import times_of
from graphscan.intake.adapters.values import LOST_DIGITS, clean_bool, clean_texts, listed, split
from graphscan.tables import Column


@dataclass(frozen=True)
class Source:
    """Columns of one foreign table; ``lines`` says where each row stands, ``numbers`` counts rows from 1."""

    export: str
    columns: Mapping[str, Arrow]
    lines: np.ndarray[Any, np.dtype[np.int64]]
    numbers: np.ndarray[Any, np.dtype[np.int64]]


def take_column(source: Source, entry: Entry, name: str, zone: str, placeholders: frozenset[str]) -> Taken:
    """Return one column of ours as the map says.

    Raises
    ------
    InputError
        When an id is to come from floats, or a time from numbers without ``epoch``.
    """
    take, column = entry.takes[name], entry.table.column(name)
    count = len(source.lines)
    if take.row is not None:
        return Taken(pa.array([f"{take.row}{number}" for number in source.numbers], pa.string()))
    if take.value is not None:
        return _typed(pa.array([take.value] * count, pa.string()), column, take, zone, source.export)
    values = source.columns[take.column]
    try:
        if name == "target_id":
            values = _without_placeholders(values, placeholders)
        return _typed(values, column, take, zone, source.export)
    except pa.ArrowException:
        raise InputError(
            f"export {source.export}: column {take.column!r} holds {values.type}, which cannot be read as {column.kind}"
        ) from None


def _typed(values: Arrow, column: Column, take: Take, zone: str, export: str) -> Taken:
    match column.kind:
        case "id":
            return _ids(values, take, export)
        case "time":
            return times_of(values, take, zone, export)
        case "bool":
            return _bools(values)
        case "texts":
            return _lists(values, take)
        case "choice":
            return _choices(values, take, column)
        case _:
            return Taken(_prefixed(pc.replace_substring(text_of(values), "\0", ""), take))


def _ids(values: Arrow, take: Take, export: str) -> Taken:
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if not (is_text(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind) or _is_whole(kind)):
        raise InputError(
            f"export {export}: column {take.column!r} holds {kind}; an id is text or a whole number "
            "(a number with a fraction may have lost digits): write it as text"
        )
    ids = text_of(values)
    lost = mask_of(pc.match_substring_regex(ids, LOST_DIGITS))
    broken = mask_of(pc.or_(pc.match_substring(ids, "\ufffd"), pc.match_substring(ids, "\0")))
    faults = (
        (lost, "an id that a spreadsheet rounded; its digits are lost"),
        (broken, "not valid Unicode text"),
    )
    return Taken(_prefixed(ids, take), faults)


def _bools(values: Arrow) -> Taken:
    if pa.types.is_boolean(values.type):
        return Taken(values)
    return read_each(text_of(values), clean_bool, "neither true nor false", pa.bool_())


def _lists(values: Arrow, take: Take) -> Taken:
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        return read_each(values, clean_texts, "not a list of texts", pa.list_(pa.string()))
    if take.list:
        return read_each(text_of(values), lambda v: [v], "", pa.list_(pa.string()))
    if take.separator:
        return read_each(text_of(values), lambda v: split(v, take.separator), "", pa.list_(pa.string()))
    return read_each(text_of(values), listed, "not a list of texts", pa.list_(pa.string()))


def _choices(values: Arrow, take: Take, column: Column) -> Taken:
    words = text_of(values)
    known = pc.is_in(words, value_set=pa.array(column.choices, pa.string())) if column.choices else pc.is_valid(words)
    bad = ~mask_of(known) & mask_of(pc.is_valid(words))
    return Taken(_prefixed(words, take), ((bad, f"allowed: {', '.join(column.choices)}"),))


def _without_placeholders(values: Arrow, placeholders: frozenset[str]) -> Arrow:
    """Make "-1", "none", "未知" and their like null: they would tie strangers to one object."""
    if not placeholders or pa.types.is_floating(values.type):
        return values
    text = text_of(values)
    hollow = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(text)), value_set=pa.array(sorted(placeholders)))
    return pc.if_else(hollow, pa.scalar(None, pa.string()), text)


def _prefixed(text: Arrow, take: Take) -> Arrow:
    return pc.binary_join_element_wise(take.prefix, text, "") if take.prefix else text


def _is_whole(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind)) and kind.scale == 0
