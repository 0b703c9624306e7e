"""Handles → ids: a simulated thing is a number while it is made, and a platform-like text id in the tables.

In: handles, 64-bit numbers whose upper bits name a population and whose lower bits count inside it.
Out: ids of 24 hexadecimal characters that tell nothing of the population or the order in which it was made.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Handles: TypeAlias = npt.NDArray[np.uint64]
Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

NOBODY = np.uint64(0)
"""The handle of nothing: becomes null."""

_COUNT_BITS = 26
"""Sixty-seven million things a population; the other 38 bits keep thousands of populations apart."""

_HEX = np.frombuffer("".join(f"{value:02x}" for value in range(256)).encode(), dtype="S2")
_BYTES = 12


def key_of(name: str) -> int:
    """Return a population's number: the same for a name wherever it stands among others."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> _COUNT_BITS | 1


def handles(name: str, count: int, start: int = 0) -> Handles:
    """Return ``count`` handles of the named population, counted from ``start``."""
    base = np.uint64(key_of(name)) << np.uint64(_COUNT_BITS)
    return base + np.arange(start, start + count, dtype=np.uint64)


def mix(values: Handles) -> Handles:
    """Scramble 64-bit numbers one to one (the finaliser of SplitMix64: Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        z = values + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def hex_text(values: Handles, digits: int = 24) -> pa.StringArray:
    """Return ``digits`` (even, up to 24) lower-case hexadecimal digits a handle; :data:`NOBODY` is null."""
    first = mix(values)
    raw = np.empty((len(values), _BYTES), dtype=np.uint8)
    raw[:, :8] = first.astype(">u8").view(np.uint8).reshape(-1, 8)
    raw[:, 8:] = mix(first).astype(">u8").view(np.uint8).reshape(-1, 8)[:, :4]
    letters = _HEX[raw[:, : digits // 2]]
    offsets = np.arange(len(values) + 1, dtype=np.int32) * digits
    plain = pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets.tobytes()), pa.py_buffer(letters.tobytes()))
    known = values != NOBODY
    return plain if known.all() else plain.filter(pa.array(known)).take(_places(known))


def ids(kind: str, values: Handles) -> pa.StringArray:
    """Return the ids of handles of one kind of thing; an account and a note of the same handle differ."""
    salted = values ^ np.uint64(key_of(f"kind {kind}"))
    return hex_text(np.where(values == NOBODY, NOBODY, salted))


def _places(known: Flags) -> pa.Array:
    return pa.array(np.where(known, np.cumsum(known) - 1, 0), mask=~known)
