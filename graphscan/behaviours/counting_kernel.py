"""The compiled loop that counts the meetings of pairs exactly.

In: pairs of accounts, sorted, and each account's actions. Out: per pair and window the columns of
:class:`~graphscan.behaviours.searching.Meetings`. :mod:`graphscan.behaviours.searching` is the way in.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graphscan.behaviours.kernel import high_of, slab_bits, slot_of, time_of
from graphscan.behaviours.prefetch_kernel import fetch

_FAR = 48  # pairs ahead of which the place of a list is asked for; 16 to 64 differ little
_NEAR = 24  # pairs ahead of which the list is
_TOGETHER = 512  # actions that are found before they are looked at, so that memory answers to all at once
_LINE = 32  # codes in a line of cache
_MOST_LINES = 16  # of one list that are asked for ahead
_CODES = 1 << 15  # of objects and times, a byte each: what the nearest cache holds


@njit(cache=True, nogil=True)
def code_lists(lists, shift, window, codes, first, stop):  # type: ignore[no-untyped-def]
    """Write a short code of each action's object and slab of time: what meets has the code of a slab beside, what has not may."""
    mask, bits = (np.uint64(1) << shift) - np.uint64(1), slab_bits(window)
    for p in range(first, stop):
        codes[p] = (slot_of(high_of(lists[p], shift)) + (time_of(lists[p], mask) >> bits)) & (_CODES - 1)


@njit(cache=True, nogil=True)
def _mark(begin, lists, shift, a, window, marks, on):  # type: ignore[no-untyped-def]
    """Note (or forget) the codes of all that an account's actions may meet."""
    mask, bits = (np.uint64(1) << shift) - np.uint64(1), slab_bits(window)
    for p in range(begin[a], begin[a + 1]):
        base, t = slot_of(high_of(lists[p], shift)), time_of(lists[p], mask)
        for slab in range(max(t - window, 0) >> bits, ((t + window) >> bits) + 1):
            marks[(base + slab) & (_CODES - 1)] = on


@njit(cache=True, nogil=True)
def _fetch_ahead(pairs, q, stop, begin, codes):  # type: ignore[no-untyped-def]
    """Ask for the list of a pair that comes soon, and for the place of the list of a later one."""
    lower = np.uint64(0xFFFFFFFF)
    fetch(begin, np.int64(pairs[min(q + _FAR, stop - 1)] & lower))
    soon = np.int64(pairs[min(q + _NEAR, stop - 1)] & lower)
    for p in range(begin[soon], min(begin[soon + 1], begin[soon] + _MOST_LINES * _LINE), _LINE):
        fetch(codes, p)


@njit(cache=True, nogil=True)
def count_exactly(  # type: ignore[no-untyped-def]
    pairs, begin, lists, codes, shift, origin, windows, columns, first, stop
):
    """For pairs ``first`` to ``stop`` (``a << 32 | b``, sorted) fill the columns: accounts, and per window (ascending) the rest.

    Times are -1 where there was no meeting, else from ``origin`` on. The codes that an account's actions may meet are marked
    once for all its pairs; those of the other are then looked through, which reads two bytes of memory an action and waits for no
    comparison. Heavy accounts share nine objects of which they met on two (70 million actions): the time has to be in the code.
    """
    low, high, objects, meetings, a_first, b_first, first_at, last_at = columns
    marks, maybe = np.zeros(_CODES, np.uint8), np.empty((_TOGETHER, 2), np.int64)
    before = np.array([-1, -1, 0])
    marked, n = np.int64(-1), 0
    for q in range(first, stop):
        _fetch_ahead(pairs, q, stop, begin, codes)
        a, b = np.int64(pairs[q] >> np.uint64(32)), np.int64(pairs[q] & np.uint64(0xFFFFFFFF))
        low[q], high[q] = a, b
        if a != marked:
            if marked >= 0:
                _mark(begin, lists, shift, marked, windows[-1], marks, np.uint8(0))
            _mark(begin, lists, shift, a, windows[-1], marks, np.uint8(1))
            marked = a
        for w in range(len(windows)):
            objects[q, w], meetings[q, w], a_first[q, w], b_first[q, w] = 0, 0, 0, 0
            first_at[q, w], last_at[q, w] = -1, -1
        for j in range(begin[b], begin[b + 1]):
            if marks[codes[j]]:
                if n == _TOGETHER:
                    _count_meetings(maybe, n, before, lists, shift, origin, windows, columns, begin)
                    n = 0
                maybe[n, 0], maybe[n, 1] = q, j
                fetch(lists, j)
                n += 1
    _count_meetings(maybe, n, before, lists, shift, origin, windows, columns, begin)


@njit(cache=True, nogil=True)
def _count_meetings(maybe, n, before, lists, shift, origin, windows, columns, begin):  # type: ignore[no-untyped-def]
    """Count what actions of the second account met; ``maybe``: pair and action, ``before``: pair, rank and nearest of the last."""
    low, _, objects, meetings, a_first, b_first, first_at, last_at = columns
    mask, widest = (np.uint64(1) << shift) - np.uint64(1), windows[-1]
    pair, rank, nearest = before
    for m in range(n):
        q, token = maybe[m, 0], lists[maybe[m, 1]]
        u = time_of(token, mask)
        i, i_end = begin[low[q]], begin[low[q] + 1]
        earliest, latest = token - np.uint64(min(u, widest)), token + np.uint64(min(widest, np.int64(mask) - u))
        # the first action no earlier than the window lies at i or, when that is earlier, behind it
        while i_end - i > 1:
            middle = (i + i_end) >> 1
            sooner = lists[middle] < earliest
            i, i_end = (middle, i_end) if sooner else (i, middle)
        i += lists[i] < earliest
        i_end = begin[low[q] + 1]
        if q != pair or high_of(token, shift) != rank:
            pair, rank, nearest = q, high_of(token, shift), widest + 1
        while i < i_end and lists[i] <= latest:
            t = time_of(lists[i], mask)
            gap = abs(t - u)
            for w in range(len(windows)):
                if gap <= windows[w]:
                    earlier, later = min(t, u) + origin, max(t, u) + origin
                    if meetings[q, w] == 0 or earlier < first_at[q, w]:
                        first_at[q, w] = earlier
                    if meetings[q, w] == 0 or later > last_at[q, w]:
                        last_at[q, w] = later
                    meetings[q, w] += 1
                    a_first[q, w] += t < u
                    b_first[q, w] += u < t
                    objects[q, w] += windows[w] < nearest
            nearest = min(nearest, gap)
            i += 1
    before[0], before[1], before[2] = pair, rank, nearest


@njit(cache=True, nogil=True)
def spread(keys, shift, places, sorted_keys):  # type: ignore[no-untyped-def]
    """Write keys to their places, by their bits from ``shift`` up; ``places`` moves on."""
    for key in keys:
        bucket = np.int64(key >> shift)
        sorted_keys[places[bucket]] = key
        places[bucket] += 1


@njit(cache=True, nogil=True)
def count_buckets(keys, shift, counts):  # type: ignore[no-untyped-def]
    """Count keys by their bits from ``shift`` up."""
    for key in keys:
        counts[np.int64(key >> shift)] += 1


@njit(cache=True, nogil=True)
def move_unique(keys, first, stop, to):  # type: ignore[no-untyped-def]
    """Move each of the sorted keys ``first`` to ``stop`` once to ``to`` and on (``to`` ≤ ``first``): where the next ones go."""
    for i in range(first, stop):
        if i == first or keys[i] != keys[i - 1]:
            keys[to] = keys[i]
            to += 1
    return to
