"""The compiled inner loops of :mod:`graphscan.accounts.sleep`: the quietest hours of each account's day.

In: times of day, and half-hour counts. Out: how many deeds fall into the quietest window.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def quietest_pooled(time_of_day, start, day_ms, window_ms):  # type: ignore[no-untyped-def]
    """Fewest deeds of each account in any circular window, all days laid over each other.

    ``time_of_day`` is sorted within each account's rows ``start[i]`` to ``start[i + 1]``. A quietest window can be
    slid back until it begins right after a deed, so those windows are all that need a look.
    """
    fewest = np.zeros(len(start) - 1, np.int64)
    for i in range(len(start) - 1):
        lo, n = start[i], start[i + 1] - start[i]
        best = n
        end = 0
        for a in range(n):
            here = time_of_day[lo + a]
            end = max(end, a + 1)
            while end < a + n and _later(time_of_day, lo, n, end, day_ms) - here <= window_ms:
                end += 1
            same = a + 1
            while same < a + n and _later(time_of_day, lo, n, same, day_ms) == here:
                same += 1
            best = min(best, max(0, end - same))
        fewest[i] = best
    return fewest


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _later(time_of_day, lo, n, at, day_ms):  # type: ignore[no-untyped-def]
    return time_of_day[lo + at] if at < n else time_of_day[lo + at - n] + day_ms


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _fewest(inside, first, stay):  # type: ignore[no-untyped-def]
    """Fewest deeds in the same hours of ``stay`` days."""
    fewest = np.iinfo(np.int64).max
    for b in range(inside.shape[1]):
        total = 0
        for d in range(first, first + stay):
            total += inside[d, b]
        fewest = min(fewest, total)
    return fewest


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def quietest_drifting(counts, per_day, width):  # type: ignore[no-untyped-def]
    """Fewest deeds in one window a day, where the window may move to another hour every second day.

    ``counts`` are deeds per bin over whole days of ``per_day`` bins; a window is ``width`` bins and may reach into the
    next day. Dynamic programme over days: every stay at one hour lasts two or three days (longer ones are made of them).
    """
    days = len(counts) // per_day
    until = np.zeros(len(counts) + 1, np.int64)
    for k in range(len(counts)):
        until[k + 1] = until[k] + counts[k]
    inside = np.zeros((days, per_day), np.int64)
    for d in range(days):
        for b in range(per_day):
            k = d * per_day + b
            inside[d, b] = until[min(k + width, len(counts))] - until[k]
    best = np.full(days + 1, np.iinfo(np.int64).max // 2)
    best[0] = 0
    for d in range(days):
        for stay in range(2, 4):
            if d + stay <= days:
                fewest = _fewest(inside, d, stay)
                best[d + stay] = min(best[d + stay], best[d] + fewest)
    return best[days]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def drifting_when_awake(day_counts, per_day, width, draws, seed):  # type: ignore[no-untyped-def]
    """:func:`quietest_drifting` of accounts with these deeds a day that never sleep: bins drawn evenly, ``draws`` times."""
    np.random.seed(seed)
    days = len(day_counts)
    fewest = np.zeros(draws, np.int64)
    for s in range(draws):
        counts = np.zeros(days * per_day, np.int64)
        for d in range(days):
            for _ in range(day_counts[d]):
                counts[d * per_day + np.random.randint(per_day)] += 1
        fewest[s] = quietest_drifting(counts, per_day, width)
    return fewest
