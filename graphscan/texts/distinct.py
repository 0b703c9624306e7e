"""Distinct forms: which texts say the same, and the forms in the order of their words, whatever the order of the rows.

In: texts, piece by piece. Out: :class:`Matched`. Forms are told apart by 128 bits of hash: among 39 million, two of different
letters agree with a chance of 2e-24; and then would be taken for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from graphscan.intake.shelf import Keep, held
from graphscan.texts import letter_kernels as kernels
from graphscan.texts.arrays import Codes, Hashes, Ints
from graphscan.texts.forms import Forms
from graphscan.texts.letters import Read, Texts, hashes_of, pieces_of, read_forms

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
    keep: Keep = held,
) -> Matched:
    """Return the distinct forms of at least ``least`` letters.

    ``simplify`` turns traditional into simplified characters, where the caller has a table for it; None compares as written.
    ``keep`` may put large arrays on disk and give them back mapped.
    """
    seen = np.zeros(1 << 21, np.bool_)
    read, hashes = [], [(np.zeros(0, np.uint64), np.zeros(0, np.uint64))]
    for piece in pieces_of(texts):
        found = read_forms(piece, simplify=simplify)
        seen[found.points] = True
        hashes.append(hashes_of(found, np.flatnonzero(found.size >= least)))
        read.append(Read(keep(found.points), keep(found.start), found.size))
    size = np.concatenate([np.zeros(0, np.int32), *(r.size for r in read)])
    form_of = np.where(size < 0, NO_TEXT, TOO_SHORT).astype(np.int32)
    long = np.flatnonzero(size >= least)
    low, high = (np.concatenate(parts) for parts in zip(*hashes, strict=True))
    del hashes
    group, first = groups(low, high)
    del low, high
    forms = _gathered(read, size, long[first], keep)
    order = _as_texts(forms)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    form_of[long] = place[group]
    return Matched(Forms(forms.points, forms.start[order], forms.sizes[order]), form_of, int(seen.sum()))


def groups(low: Hashes, high: Hashes) -> tuple[Codes, Ints]:
    """Return per text the number of its form, by first appearance, and where each form appears first; of two hashes of each."""
    order = np.argsort(low)
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = low[order[1:]] != low[order[:-1]]
    if ((high[order[1:]] != high[order[:-1]]) & ~fresh[1:]).any():  # expected once in 25,000 days
        order = np.lexsort((high, low))
        fresh[1:] = (low[order[1:]] != low[order[:-1]]) | (high[order[1:]] != high[order[:-1]])
    begin = np.flatnonzero(fresh)
    first = np.minimum.reduceat(order, begin) if len(order) else order
    by_first = np.argsort(first)
    number = np.empty(len(first), np.int32)
    number[by_first] = np.arange(len(first), dtype=np.int32)
    group = np.empty(len(order), np.int32)
    group[order] = number[np.cumsum(fresh) - 1]
    return group, first[by_first]


def _gathered(read: list[Read], size: Codes, texts: Ints, keep: Keep) -> Forms:
    """The forms of the chosen texts (ascending), one behind another."""
    sizes = size[texts]
    start = np.cumsum(sizes, dtype=np.int64) - sizes
    ends, out, filled = np.cumsum([0, *(len(r.size) for r in read)]), np.empty(int(sizes.sum()), np.uint32), 0
    for number, piece in enumerate(read):
        lo, hi = np.searchsorted(texts, ends[number : number + 2])
        here = texts[lo:hi] - ends[number]
        filled = kernels.copy_forms(piece.points, piece.start[here], sizes[lo:hi], out, filled)
    return Forms(keep(out), start, sizes)


def _as_texts(forms: Forms) -> Ints:
    """The order of distinct forms as texts: three characters at a time, as far as some still agree."""
    order = np.arange(len(forms))
    tied = order.copy()
    group, depth = np.zeros(len(order), np.int64), 0
    while len(tied):
        key = np.empty(len(tied), np.uint64)
        kernels.three_letters(forms.points, forms.start, forms.sizes, order[tied], depth, key)
        by = np.lexsort((key, group)) if depth else np.argsort(key)
        order[tied], key, group = order[tied][by], key[by], group[by]
        fresh = np.ones(len(tied) + 1, np.bool_)
        fresh[1:-1] = (key[1:] != key[:-1]) | (group[1:] != group[:-1])
        left = ~(fresh[1:] & fresh[:-1])
        tied, group = tied[left], np.cumsum(fresh[:-1], dtype=np.int64)[left]
        depth += 3
    return order
