"""Letters: the forms of plain texts, a whole column at a time; most short texts need no pattern, and no Python.

In: a column of texts, piece by piece. Out: :class:`Read` pieces. What a code point becomes is asked of
an :class:`Alphabet` once and kept in a table. A text goes through the compiled pass when each
of its characters can be told apart from its neighbours: none that composes with others, and none that a pattern of a
slot needs (digits, ``[``, ``@``, ``/``, five letters that an id could be made of). The others go through Python.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from graphscan.intake.columns import bytes_of
from graphscan.texts import letter_kernels as kernels
from graphscan.texts.arrays import Bytes, Codes, Flags, Hashes, Ints, Points
from graphscan.texts.contacts import MAY_HOLD
from graphscan.texts.matching import fold, matching_form

PIECE_TEXTS = 1 << 20
_ALL_POINTS = sys.maxunicode + 1

Texts: TypeAlias = pa.Array | pa.ChunkedArray | Iterable[pa.Array]
"""A column: one array, or its pieces in order; an iterable must be able to start anew."""


@dataclass(frozen=True)
class Read:
    """The forms of one piece: form ``i`` is ``points[start[i]:start[i] + size[i]]``; a null has size -1."""

    points: Points
    start: Ints
    size: Codes


def pieces_of(texts: Texts, most: int = PIECE_TEXTS) -> Iterator[pa.Array]:
    """Yield the pieces of a column, each of at most ``most`` texts."""
    for piece in (
        [texts] if isinstance(texts, pa.Array) else texts.chunks if isinstance(texts, pa.ChunkedArray) else texts
    ):
        for first in range(0, len(piece), most):
            yield piece.slice(first, most)


@dataclass(frozen=True, eq=False)
class Alphabet:
    """A form of texts that can be read character by character: ``form`` makes it of a text, ``folded`` what its patterns are read on.

    ``needs``: whether a pattern cannot do without a character, as written or folded. ``ids``: whether five letters or digits
    may be a contact.
    """

    form: Callable[[str], str]
    folded: Callable[[str], str]
    needs: Callable[[str], bool]
    ids: bool

    @cached_property
    def table(self) -> Points:
        """One entry per code point; 0 where it is not decided yet."""
        return np.zeros(_ALL_POINTS, np.uint32)


MATCHING = Alphabet(matching_form, fold, lambda c: c in "[@/" or c.isdecimal(), True)


def read_forms(piece: pa.Array, alphabet: Alphabet = MATCHING, simplify: Callable[[str], str] | None = None) -> Read:
    """Return the form of every text of a piece; all go through Python where the caller simplifies."""
    data, bounds = bytes_of(piece)
    start, size = np.zeros(len(piece), np.int64), np.full(len(piece), -2, np.int32)
    points = np.zeros(0, np.uint32)
    if simplify is None:
        points = np.empty(int(bounds[-1] - bounds[0]), np.uint32)
        points = points[: kernels.read(data, bounds, _decided(data, bounds, alphabet), points, start, size)]
    size[np.asarray(piece.is_null())] = -1
    slow = np.flatnonzero(size == -2)
    given = piece.take(pa.array(slow)).to_pylist()
    formed = {text: alphabet.form(simplify(text) if simplify else text) for text in set(given)}
    forms = [formed[text] for text in given]
    size[slow] = [len(form) for form in forms]
    start[slow] = len(points) + np.cumsum(size[slow]) - size[slow]
    added = np.frombuffer("".join(forms).encode("utf-32-le", "surrogatepass"), np.uint32)
    return Read(np.concatenate([points, added]), start, size)


def hashes_of(read: Read, which: Ints) -> tuple[Hashes, Hashes]:
    """Return two independent hashes of the forms at some places."""
    low, high = np.empty(len(which), np.uint64), np.empty(len(which), np.uint64)
    kernels.hash_forms(read.points, read.start[which], read.size[which], low, high)
    return low, high


def may_hold_contacts(piece: pa.Array) -> Flags:
    """Whether each text has the five letters or digits without which it gives no contact (``MAY_HOLD``); null has none."""
    data, bounds = bytes_of(piece)
    alike = np.empty(len(piece), np.int32)
    kernels.count_alike(data, bounds, _decided(data, bounds, MATCHING), alike)
    return np.asarray((alike >= kernels.LEAST_ALIKE) & np.asarray(piece.is_valid()))


def _decided(data: Bytes, bounds: Ints, alphabet: Alphabet) -> Points:
    """The table of code points, with every one decided that the bytes hold."""
    table = alphabet.table
    seen = np.zeros(_ALL_POINTS, np.bool_)
    kernels.mark(data, bounds[0], bounds[-1], seen)
    for point in np.flatnonzero(seen & (table == 0)):
        table[point] = _decide(chr(point), alphabet)
    return table


def _decide(c: str, alphabet: Alphabet) -> int:
    """The entry of one character: its letter or 0, and the flags of :mod:`graphscan.texts.letter_kernels`."""
    folded, letter = alphabet.folded(c), alphabet.form(c)
    entry = kernels.KNOWN | (kernels.RAW_ALIKE if alphabet.ids and _alike(c) else 0)
    alike = sum(map(_alike, folded)) if alphabet.ids else 0
    stands_with_others = any(alphabet.needs(x) or _composes(x) for x in folded + c)
    if folded and (stands_with_others or alike > 1 or len(letter) > 1 or (len(folded) > 1 and letter)):
        return entry | kernels.SLOW
    return entry | (kernels.FOLDED_ALIKE if alike else 0) | (ord(letter) if letter else 0)


def _alike(c: str) -> bool:
    return MAY_HOLD.search(c * 5) is not None


def _composes(c: str) -> bool:
    """Whether a normal form may join or reorder a character with those before it."""
    return unicodedata.combining(c) != 0 or c in _composing()


@cache
def _composing() -> frozenset[str]:
    """Every character that some normal form joins to the one before it: second parts of compositions, Hangul vowels and finals."""
    found = {chr(k) for k in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for point in range(_ALL_POINTS):
        parts = unicodedata.decomposition(chr(point))
        if parts and not parts.startswith("<") and " " in parts:
            found.add(chr(int(parts.split()[1], 16)))
    return frozenset(found)
