"""Copied: the actions of ``text_copied``: texts that several rows have, and every other text as an object of its own.

In: the texts of some rows of several tables, piece by piece. Out: parts of actions. Equal texts are told by 128 bits of hash of
their normal form (:mod:`graphscan.texts.distinct`); only what more than one row says is ever held as text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphscan.behaviours.actions import Codes, Ints
from graphscan.behaviours.normal import NORMAL, apply_to_unique, normalise_text
from graphscan.behaviours.written import Part
from graphscan.intake.columns import column_at
from graphscan.texts.arrays import Flags, Hashes
from graphscan.texts.distinct import groups
from graphscan.texts.letters import PIECE_TEXTS, hashes_of, read_forms


@dataclass(frozen=True)
class Written:
    """Some rows of a table, in order, and the column that has their texts."""

    table: str
    row: Ints
    column: pa.ChunkedArray


@dataclass(frozen=True)
class _Told:
    """Texts long enough to be compared: row of its table, and two hashes of its normal form."""

    row: Ints
    low: Hashes
    high: Hashes


def copied_parts(written: Sequence[Written], least_chars: int, placeholders: Collection[str]) -> Iterator[Part]:
    """Yield the actions: what at least two rows say, then, per table, the rows that nobody else repeats."""
    told = [_told(w, max(least_chars, 1), placeholders) for w in written]
    empty = np.zeros(0, np.uint64)
    group, first = groups(
        np.concatenate([empty, *(t.low for t in told)]), np.concatenate([empty, *(t.high for t in told)])
    )
    common = np.bincount(group, minlength=len(first)) > 1
    names = _names(written, told, first[common])
    place = np.where(common, np.cumsum(common) - 1, -1)
    stop = np.cumsum([0, *(len(t.row) for t in told)])
    for number, (source, texts) in enumerate(zip(written, told, strict=True)):
        mine: Codes = place[group[stop[number] : stop[number + 1]]]
        yield Part(source.table, texts.row[mine >= 0], names.take(pa.array(mine[mine >= 0])))
        yield Part(source.table, texts.row[mine < 0], pa.array([], pa.string()), _namer(source, texts.row[mine < 0]))


def _namer(source: Written, rows: Ints) -> Callable[[Ints], pa.Array]:
    return lambda places: apply_to_unique(column_at(source.column, rows[places]), normalise_text)


def _told(source: Written, least_chars: int, placeholders: Collection[str]) -> _Told:
    found, nothing = [_Told(np.zeros(0, np.int64), *(2 * [np.zeros(0, np.uint64)]))], _hashes_of_words(placeholders)
    for first in range(0, len(source.row), PIECE_TEXTS):
        rows = source.row[first : first + PIECE_TEXTS]
        read = read_forms(column_at(source.column, rows), NORMAL)
        long = np.flatnonzero(read.size >= least_chars)
        low, high = hashes_of(read, long)
        kept: Flags = ~np.isin(low, nothing)
        found.append(_Told(rows[long[kept]], low[kept], high[kept]))
    return _Told(*(np.concatenate([getattr(t, name) for t in found]) for name in ("row", "low", "high")))


def _hashes_of_words(words: Collection[str]) -> Hashes:
    """The first hash of the normal form of each word that is its own normal form: no other can be a text's."""
    plain = sorted({w.lower() for w in words if normalise_text(w.lower()) == w.lower()})
    return hashes_of(read_forms(pa.array(plain, pa.string()), NORMAL), np.arange(len(plain)))[0]


def _names(written: Sequence[Written], told: Sequence[_Told], chosen: Ints) -> pa.Array:
    """The normal forms of the chosen texts, numbered through all tables."""
    stop, parts = np.cumsum([0, *(len(t.row) for t in told)]), [pa.array([], pa.string())]
    for number, source in enumerate(written):
        lo, hi = np.searchsorted(chosen, stop[number : number + 2])
        rows = told[number].row[chosen[lo:hi] - stop[number]]
        parts.append(apply_to_unique(column_at(source.column, rows), normalise_text))
    return pa.concat_arrays(parts)
