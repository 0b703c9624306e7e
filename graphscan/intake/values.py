"""Raw columns → ids, texts, choices and bools; what cannot be read is a fault, never a guess.

In: one column of a file, as text, bytes or an Arrow type. Out: :class:`Parsed`, its declared type and its
faults. Empty text is no value in every column and every format; NUL is taken out of texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.rows import NOT_UTF8

Mask = npt.NDArray[np.bool_]

_TRUE = pa.array(["true", "1", "yes"])
_FALSE = pa.array(["false", "0", "no"])


class WrongTypeError(TypeError):
    """A column's type in a Parquet file cannot hold what is declared; the text says what can."""


@dataclass(frozen=True)
class Fault:
    """Rows (a mask over the column) whose value cannot be read, for one reason."""

    reason: str
    rows: Mask


@dataclass(frozen=True)
class Parsed:
    """One column in its declared type, null where the input has no value or a faulty one; and the faults.

    ``zoneless`` counts times without a zone, which were read in the zone given.
    """

    values: pa.ChunkedArray
    faults: tuple[Fault, ...] = ()
    zoneless: int = 0


def read_words(raw: pa.ChunkedArray) -> Parsed:
    """Return ids or texts as they are: text unchanged, whole numbers as their exact decimal text.

    Raises
    ------
    WrongTypeError
        On any other type, fractions above all: 0.1 and 1e20 have no exact text.
    """
    raw = flat(raw)
    kind = raw.type
    if is_text(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _decoded(raw)
    whole_decimal = pa.types.is_decimal(kind) and kind.scale == 0
    if pa.types.is_integer(kind) or pa.types.is_null(kind) or whole_decimal:
        return Parsed(raw.cast(pa.string()))
    raise WrongTypeError("text or whole numbers")


def read_texts(raw: pa.ChunkedArray) -> Parsed:
    """Return texts as they came, with NUL taken out; see :func:`read_words`."""
    parsed = read_words(raw)
    values = parsed.values
    if pc.any(pc.match_substring(values, "\0")).as_py():
        values = _without_empty(pc.replace_substring(values, "\0", ""))
    return Parsed(values, parsed.faults)


def read_choices(raw: pa.ChunkedArray, choices: tuple[str, ...]) -> Parsed:
    """Return texts that are one of ``choices``, exactly; any other is a fault."""
    parsed = read_words(raw)
    known = pc.is_in(parsed.values, value_set=pa.array(choices))
    return with_fault(parsed, known, f"not one of {', '.join(choices)}")


def read_bools(raw: pa.ChunkedArray) -> Parsed:
    """Return true for true, 1 and yes, false for false, 0 and no, in any case; any other text is a fault."""
    raw = flat(raw)
    if pa.types.is_boolean(raw.type):
        return Parsed(raw)
    parsed = read_words(raw)
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(parsed.values))
    true, false = pc.is_in(plain, value_set=_TRUE), pc.is_in(plain, value_set=_FALSE)
    known = pc.or_(true, false)
    faulty = with_fault(parsed, known, "not true or false")
    return Parsed(pc.if_else(known, true, pa.scalar(None, pa.bool_())), faulty.faults)


def is_list(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds lists."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def flat(raw: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column without dictionary encoding."""
    return raw.cast(raw.type.value_type) if pa.types.is_dictionary(raw.type) else raw


def mask(values: pa.ChunkedArray) -> Mask:
    """Return a bool column as numpy values, null as false."""
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), bool)


def _decoded(raw: pa.ChunkedArray) -> Parsed:
    data = raw.cast(pa.string()).cast(pa.binary()) if pa.types.is_string_view(raw.type) else raw.cast(pa.binary())
    try:
        return Parsed(_without_empty(data.cast(pa.string())))
    except pa.ArrowInvalid:
        texts = [_decode(value) for value in data.to_pylist()]
    bad = np.array([text is False for text in texts])
    values = pa.chunked_array([pa.array([None if text is False else text for text in texts], pa.string())])
    return Parsed(_without_empty(values), (Fault(NOT_UTF8, bad),))


def _decode(value: bytes | None) -> str | bool | None:
    try:
        return None if value is None else value.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _without_empty(values: pa.ChunkedArray) -> pa.ChunkedArray:
    empty = pc.equal(values, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), values) if pc.any(empty).as_py() else values


def with_fault(parsed: Parsed, known: pa.ChunkedArray, reason: str) -> Parsed:
    """Return a column with a fault where it has a value that is not ``known``."""
    bad = mask(parsed.values.is_valid()) & ~mask(known)
    return Parsed(parsed.values, (*parsed.faults, Fault(reason, bad))) if bad.any() else parsed
