"""Distinct forms: which texts say the same, and the forms in the order of their words, whatever the order of the rows.

In: texts, piece by piece. Out: :class:`Matched`. Forms are told apart by 128 bits of hash: among 39 million, two of different
letters agree with a chance of 2e-24; and then would be taken for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphscan.intake.shelf import HELD, Store
from graphscan.texts import letter_kernels as kernels
from graphscan.texts.arrays import Codes, Hashes, Ints, Points
from graphscan.texts.forms import Forms
from graphscan.texts.letters import Texts, hashes_of, pieces_of, read_forms

NO_TEXT, TOO_SHORT = -1, -2


@dataclass(frozen=True)
class Matched:
    """Distinct forms, sorted as texts are; per text the place of its form, NO_TEXT for null, TOO_SHORT below the least length.

    ``kinds``: distinct characters over all texts' forms, short ones too: the alphabet that a description chooses from.
    """

    forms: Forms
    form_of: Codes
    kinds: int


def matching_forms(
    texts: Texts,
    simplify: Callable[[str], str] | None = None,
    *,
    least: int = 0,
    store: Store = HELD,
) -> Matched:
    """Return the distinct forms of at least ``least`` letters.

    ``simplify`` turns traditional into simplified characters, where the caller has a table for it; None compares as written.
    ``store`` may put large arrays on disk and give them back mapped.
    """
    reading = _Reading(least)
    points = store.joined(reading.points_of(texts, simplify, store))
    size = np.concatenate(reading.size)
    form_of = np.where(size < 0, NO_TEXT, TOO_SHORT).astype(np.int32)
    long = size >= least
    group, first = groups(*reading.hashes())
    where = np.flatnonzero(long)[first]
    forms = Forms(points, _joined(reading.start)[where], size[where])
    del size, where, first
    order = _as_texts(forms)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    form_of[long] = place[group]
    store.release()
    return Matched(forms.pick(order), form_of, int(reading.seen.sum()))


class _Reading:
    """What is noted of texts while their forms are read: ``start`` and ``size`` of each, hashes of the long ones, characters seen."""

    def __init__(self, least: int) -> None:
        self._least = least
        self.start, self.size = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        self.seen = np.zeros(1 << 21, np.bool_)
        self._low, self._high = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]

    def points_of(self, texts: Texts, simplify: Callable[[str], str] | None, store: Store) -> Iterator[Points]:
        """The characters of all forms, piece by piece; the memory of the texts read is given back after each."""
        done = 0
        yield np.zeros(0, np.uint32)
        for piece in pieces_of(texts):
            read = read_forms(piece, simplify=simplify)
            self.seen[read.points] = True
            low, high = hashes_of(read, np.flatnonzero(read.size >= self._least))
            self._low.append(low)
            self._high.append(high)
            self.start.append(read.start + done)
            self.size.append(read.size)
            done += len(read.points)
            yield read.points
            store.release()

    def hashes(self) -> tuple[Hashes, Hashes]:
        """Both hashes of the long forms; given once, so that they are held once."""
        return _joined(self._low), _joined(self._high)


def _joined(parts: list[Any]) -> Any:
    """One array of all parts, which the list then no longer holds."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


def groups(low: Hashes, high: Hashes) -> tuple[Codes, Ints]:
    """Return per text the number of its form, by first appearance, and where each form appears first; of two hashes of each."""
    first = np.empty(len(low), np.int32)
    if not kernels.first_of_equal(np.argsort(low), low, high, first):
        kernels.first_of_equal(np.lexsort((high, low)), low, high, first)
    begins = np.flatnonzero(first == np.arange(len(first), dtype=np.int32))
    kernels.number_by_first(first)
    return first, begins


def _as_texts(forms: Forms) -> Ints:
    """The order of distinct forms as texts: three characters at a time, as far as some still agree."""
    key = np.empty(len(forms), np.uint64)
    kernels.three_letters(forms.points, forms.start, forms.sizes, np.arange(len(forms)), 0, key)
    order = np.argsort(key)
    kernels.sort_all_ties(forms.points, forms.start, forms.sizes, order, key)
    return order
