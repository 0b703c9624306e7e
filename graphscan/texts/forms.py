"""Forms as numbers: the distinct matching forms of a set of texts, their characters and their shingles, in one array each.

In: distinct forms, sorted. Out: :class:`Forms` and :class:`Shingles`, which the compiled loops work on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graphscan.intake.shelf import HELD, Store
from graphscan.texts import kernels
from graphscan.texts.arrays import Codes, Hashes, Ints, Points

_PIECE_ITEMS = 1 << 24


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


def cut_shingles(forms: Forms, size: int, store: Store = HELD) -> Shingles:
    """Return every form's distinct runs of ``size`` items; a form with fewer items has none."""
    begin = np.zeros(len(forms) + 1, np.int64)
    return Shingles(store.joined(_shingles_of(forms, size, begin)), begin)


def pieces_of_forms(forms: Forms, items: int) -> list[tuple[int, int]]:
    """Ranges of forms that together have about so many items; at least one."""
    ends = np.cumsum(forms.sizes, dtype=np.int64)
    cuts = np.searchsorted(ends, np.arange(items, int(forms.sizes.sum(dtype=np.int64)), items))
    return list(pairwise([0, *np.unique(cuts[(cuts > 0) & (cuts < len(forms))]).tolist(), len(forms)]))


def _shingles_of(forms: Forms, size: int, begin: Ints) -> Iterator[Hashes]:
    """The shingles, of some forms at a time; ``begin`` is filled as they come."""
    done = 0
    for first, stop in pieces_of_forms(forms, _PIECE_ITEMS):
        start, sizes, here = forms.start[first:stop], forms.sizes[first:stop], begin[first : stop + 1]
        out = np.empty(int(np.maximum(sizes - size + 1, 0).sum()), np.uint64)
        filled = kernels.shingles(forms.points, start, sizes, size, out, here)
        here += done
        done += filled
        yield out[:filled]
