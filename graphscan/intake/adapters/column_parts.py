"""The parts from which columns are made: masks of bad rows, blank text, reading value by value.

In: Arrow columns. Out: :class:`Taken`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Arrow: TypeAlias = Any
"""An Arrow array, in one piece or in chunks; pyarrow carries no types."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Taken:
    """One column of ours; ``faults`` are masks of the rows that hold a bad value, each with its reason."""

    values: Arrow
    faults: tuple[tuple[Mask, str], ...] = ()


def read_each(values: Arrow, read: Callable[[Any], Any], reason: str, kind: pa.DataType) -> Taken:
    """Read value by value, for kinds that have no vectorised form."""
    found: list[Any] = []
    bad = np.zeros(len(values), dtype=bool)
    for place, value in enumerate(values.to_pylist()):
        try:
            found.append(None if value is None else read(value))
        except ValueError:
            found.append(None)
            bad[place] = True
    return Taken(pa.array(found, kind), ((bad, reason),))


def text_of(values: Arrow) -> Arrow:
    """Return values as text; blank text is null."""
    text = values.cast(pa.string())
    blank = pc.equal(pc.utf8_trim_whitespace(text), "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), text)


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def mask_of(condition: Arrow) -> Mask:
    """Return a condition as a mask; where it is unknown it does not hold."""
    return np.asarray(pc.fill_null(condition, False).to_numpy(zero_copy_only=False), dtype=bool)
