"""Raw columns → lists of text, from Arrow lists or JSON arrays; and JSON read without losing a digit.

In: one column of a file, or one JSON text. Out: :class:`Parsed` lists; :class:`Number` for a JSON number.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.values import (
    Fault,
    Parsed,
    WrongTypeError,
    flat,
    is_list,
    is_text,
    read_words,
    with_fault,
)


class Number(str):
    """A JSON number, kept as the text of its literal."""

    __slots__ = ()

    @property
    def whole(self) -> bool:
        """Whether the literal is an integer: no fraction, no exponent."""
        return self.removeprefix("-").isdigit()


def parse_json(text: str) -> object:
    """Return the value of a JSON text, numbers as :class:`Number`; ValueError on repeated keys and NaN."""
    value: object = _DECODER.decode(text)
    return value


def text_list(value: object) -> list[str]:
    """Return a JSON value as a list of text, whole numbers as exact text; ValueError when it is none."""
    if isinstance(value, str) and not isinstance(value, Number):
        try:
            value = parse_json(value)
        except (ValueError, RecursionError):
            raise ValueError("not a JSON array of texts") from None
    if not isinstance(value, list) or not all(map(_is_element, value)):
        raise ValueError("not a JSON array of texts")
    return [str(element).replace("\0", "") for element in value]


def read_lists(raw: pa.ChunkedArray) -> Parsed:
    """Return lists of text from lists or from JSON arrays; null elements and other JSON values are faults.

    Raises
    ------
    WrongTypeError
        When the column holds neither lists of text or whole numbers, nor text.
    """
    raw = flat(raw)
    if not is_list(raw.type):
        return _lists_from_json(read_words(raw))
    element = raw.type.value_type
    if not (is_text(element) or pa.types.is_integer(element) or pa.types.is_null(element)):
        raise WrongTypeError("lists of text, or JSON arrays of texts")
    return _checked_lists(raw.cast(pa.list_(pa.string())))


def _lists_from_json(parsed: Parsed) -> Parsed:
    # Each distinct text is parsed once: "[]" and common tags are most of a real column.
    coded = parsed.values.combine_chunks().dictionary_encode()
    lists = [_list_or_none(text) for text in coded.dictionary.to_pylist()]
    values = pa.array(lists, pa.list_(pa.string())).take(coded.indices)
    good = pa.chunked_array([values.is_valid()])
    return Parsed(pa.chunked_array([values]), with_fault(parsed, good, "not a JSON array of texts").faults)


def _list_or_none(text: str) -> list[str] | None:
    try:
        found = text_list(text)
        "".join(found).encode("utf-8")
    except ValueError:
        return None
    return found


def _checked_lists(lists: pa.ChunkedArray) -> Parsed:
    elements = lists.combine_chunks().flatten()
    clean = not elements.null_count and _is_utf8(elements)
    if clean and not pc.any(pc.match_substring(elements, "\0")).as_py():
        return Parsed(lists)
    read = [_checked_list(value) for value in lists.cast(pa.list_(pa.binary())).to_pylist()]
    bad = np.array([value is False for value in read])
    values = pa.array([None if value is False else value for value in read], pa.list_(pa.string()))
    return Parsed(pa.chunked_array([values]), (Fault("a list with an element that is no text", bad),))


def _is_utf8(elements: pa.Array) -> bool:
    try:
        elements.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _checked_list(value: list[bytes | None] | None) -> list[str] | bool | None:
    if value is None:
        return None
    try:
        return [element.decode("utf-8").replace("\0", "") if element is not None else _no_text() for element in value]
    except ValueError:
        return False


def _no_text() -> str:
    raise ValueError("no text")


def _is_element(value: object) -> bool:
    return value.whole if isinstance(value, Number) else isinstance(value, str)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key that is there more than once")
    return found


def _no_number(literal: str) -> None:
    raise ValueError(f"{literal}, which is no JSON")


_DECODER = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=_no_number, object_pairs_hook=_once)
