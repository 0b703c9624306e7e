"""Forms as numbers: the distinct matching forms of a set of texts, their characters and their shingles, in one array each.

In: distinct forms, sorted. Out: :class:`Forms` and :class:`Shingles`, which the compiled loops work on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graphscan.intake.shelf import Keep, held
from graphscan.texts import kernels
from graphscan.texts.arrays import Codes, Hashes, Ints, Points


@dataclass(frozen=True)
class Forms:
    """Items of form ``i`` are ``points[start[i]:start[i] + sizes[i]]``: characters, or hashes standing for larger things."""

    points: Points
    start: Ints
    sizes: Codes

    def __len__(self) -> int:
        return len(self.start)

    def of(self, form: int) -> Points:
        """The items of one form."""
        return self.points[self.start[form] : self.start[form] + self.sizes[form]]

    def text(self, form: int) -> str:
        """The characters of one form, as text."""
        return "".join(map(chr, self.of(form)))

    def pick(self, which: Ints) -> Forms:
        """Some of the forms, in the order asked for; their items are not copied."""
        return Forms(self.points, self.start[which], self.sizes[which])


@dataclass(frozen=True)
class Shingles:
    """Distinct shingle hashes of form ``i``, sorted: ``shingle[begin[i]:begin[i + 1]]``."""

    shingle: Hashes
    begin: Ints

    def __len__(self) -> int:
        return len(self.begin) - 1


def forms_of_texts(forms: Sequence[str]) -> Forms:
    """Return the characters of texts as code points."""
    sizes = np.array([len(f) for f in forms], np.int32)
    points = np.frombuffer("".join(forms).encode("utf-32-le"), np.uint32)
    return Forms(points, np.cumsum(sizes, dtype=np.int64) - sizes, sizes)


def forms_of_items(items: Sequence[Sequence[int]]) -> Forms:
    """Return sequences of numbers below 2^32 as forms."""
    sizes = np.array([len(i) for i in items], np.int32)
    points = np.fromiter((p for i in items for p in i), np.uint32, int(sizes.sum()))
    return Forms(points, np.cumsum(sizes, dtype=np.int64) - sizes, sizes)


def cut_shingles(forms: Forms, size: int, keep: Keep = held) -> Shingles:
    """Return every form's distinct runs of ``size`` items; a form with fewer items has none."""
    out = np.empty(int(np.maximum(forms.sizes - size + 1, 0).sum()), np.uint64)
    begin = np.zeros(len(forms) + 1, np.int64)
    filled = kernels.shingles(forms.points, forms.start, forms.sizes, size, out, begin)
    return Shingles(keep(out[:filled]), begin)
