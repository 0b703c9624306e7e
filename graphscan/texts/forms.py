"""Forms as numbers: the distinct matching forms of a set of texts, their characters and their shingles, in one array each.

In: distinct forms, sorted. Out: :class:`Forms` and :class:`Shingles`, which the compiled loops work on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graphscan.texts import kernels
from graphscan.texts.arrays import Hashes, Ints, Points


@dataclass(frozen=True)
class Forms:
    """Items of form ``i`` are ``points[start[i]:start[i + 1]]``: characters, or hashes standing for larger things."""

    points: Points
    start: Ints

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def sizes(self) -> Ints:
        """Items per form."""
        return np.diff(self.start)

    @property
    def n_kinds(self) -> int:
        """Distinct items over all forms: the alphabet that a description has to choose from."""
        return len(np.unique(self.points))

    def of(self, form: int) -> Points:
        """The items of one form."""
        return self.points[self.start[form] : self.start[form + 1]]


@dataclass(frozen=True)
class Shingles:
    """Distinct shingle hashes of form ``i``, sorted: ``shingle[begin[i]:begin[i + 1]]``."""

    shingle: Hashes
    begin: Ints

    @property
    def form(self) -> Ints:
        """The form that each shingle belongs to."""
        return np.repeat(np.arange(len(self.begin) - 1), np.diff(self.begin))


def forms_of_texts(forms: Sequence[str]) -> Forms:
    """Return the characters of texts as code points."""
    sizes = np.array([len(f) for f in forms], np.int64)
    points = np.frombuffer("".join(forms).encode("utf-32-le"), np.uint32)
    return Forms(points, np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]))


def forms_of_items(items: Sequence[Sequence[int]]) -> Forms:
    """Return sequences of numbers below 2^32 as forms."""
    sizes = np.array([len(i) for i in items], np.int64)
    points = np.fromiter((p for i in items for p in i), np.uint32, int(sizes.sum()))
    return Forms(points, np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]))


def cut_shingles(forms: Forms, size: int) -> Shingles:
    """Return every form's distinct runs of ``size`` items; a form with fewer items has none."""
    out = np.empty(len(forms.points), np.uint64)
    begin = np.zeros(len(forms) + 1, np.int64)
    filled = kernels.shingles(forms.points, forms.start, size, out, begin)
    return Shingles(out[:filled].copy(), begin)
