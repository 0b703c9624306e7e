"""Columns of more text than 32-bit offsets reach, 2 GB: joined, and looked up in, with 64-bit ones.

In: columns of texts or of lists of texts, in chunks or whole. Out: the same values. A day has 70 million ids; of 32 letters and more
they pass 2 GB, and Arrow refuses to join what its offsets cannot reach. What is narrower stays as it is, since 64-bit offsets take
four bytes a value more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.columns import filled

MOST_BYTES = 2**31 - 1

Column: TypeAlias = pa.Array | pa.ChunkedArray


def whole(column: Column) -> pa.Array:
    """A column as one array."""
    (fit,) = fitted(column)
    return fit.combine_chunks() if isinstance(fit, pa.ChunkedArray) else fit


def joined(parts: Sequence[pa.Array]) -> pa.Array:
    """Arrays of texts, one behind another."""
    texts = [part if pa.types.is_large_string(part.type) else part.cast(pa.string()) for part in parts]
    return whole(pa.chunked_array(fitted(*texts) if any(map(_is_wide, texts)) else texts))


def encode(values: Column, known: Column) -> npt.NDArray[np.int32]:
    """Positions of values in ``known``; -1 for null and for what is not there."""
    values, known = fitted(values, known)
    return np.asarray(filled(pc.index_in(values, value_set=whole(known)), -1, np.int32), np.int32)


def prefixed(name: str, texts: pa.Array) -> pa.Array:
    """``name/`` before each text."""
    longer = texts.nbytes + len(texts) * (len(name) + 1)
    kind = pa.large_string() if _is_wide(texts) or longer > MOST_BYTES else pa.string()
    return pc.binary_join_element_wise(pa.scalar(name, kind), texts.cast(kind), pa.scalar("/", kind))


def narrowed(texts: pa.Array) -> pa.Array:
    """Texts with 32-bit offsets, where these reach."""
    return texts if texts.nbytes > MOST_BYTES else texts.cast(pa.string())


def fitted(*columns: Column) -> tuple[Column, ...]:
    """The columns as they are; all of them with 64-bit offsets where one needs these, since only equal types can be compared."""
    if not any(map(_is_wide, columns)):
        return columns
    return tuple(column.cast(_with_wide_offsets(column.type)) for column in columns)


def _is_wide(column: Column) -> bool:
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_large_list(kind):
        return True
    return bool((pa.types.is_string(kind) or holds_lists(kind)) and column.nbytes > MOST_BYTES)


def holds_lists(kind: pa.DataType) -> bool:
    """Whether a column of this type has lists, of whichever offsets."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def _with_wide_offsets(kind: pa.DataType) -> pa.DataType:
    if holds_lists(kind):
        return pa.large_list(_with_wide_offsets(kind.value_type))
    return pa.large_string() if pa.types.is_string(kind) else kind
