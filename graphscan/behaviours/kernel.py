"""The compiled inner loops that prepare the meetings stage's search: sorting a log, pruning it, listing it by account.

In: actions (account, object, time). Out: actions sorted by (object, time), packed as ``account << shift | time``, without those that
cannot be part of a pair; each account's own, hot objects first. :mod:`graphscan.behaviours.searching` is the way in;
:mod:`~graphscan.behaviours.sweep_kernel` and :mod:`~graphscan.behaviours.counting_kernel` go on from there.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graphscan.behaviours.prefetch_kernel import fetch

_AHEAD = 32  # actions ahead of which an account's cell is asked for; 16 to 64 differ little
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def high_of(x, shift):  # type: ignore[no-untyped-def]
    """The account of a packed action, or the object's rank in a list."""
    return np.int64(x >> shift)


@njit(cache=True, nogil=True)
def time_of(x, mask):  # type: ignore[no-untyped-def]
    """The time of a packed action, in ms from the log's origin."""
    return np.int64(x & mask)


@njit(cache=True, nogil=True)
def slab_bits(window):  # type: ignore[no-untyped-def]
    """Slabs of time no shorter than both sides of the window together: two of them hold it; a power of two needs no division."""
    bits = 0
    while (1 << bits) < 2 * window + 1:
        bits += 1
    return bits


@njit(cache=True, nogil=True)
def slot_of(rank):  # type: ignore[no-untyped-def]
    """Where an object's slabs begin in the hash table; they follow each other, so that two neighbours lie in one line of cache."""
    return np.int64((np.uint64(rank) * _GOLDEN) >> np.uint64(40))


@njit(cache=True, nogil=True)
def sort_by_object(objects, accounts, at, origin, n_objects, shift, actions):  # type: ignore[no-untyped-def]
    """Counting sort of a log in time order to ``actions``, packed, times from ``origin``; first position of each object."""
    start = np.zeros(n_objects + 1, np.int64)
    for o in objects:
        start[o + 1] += 1
    for o in range(n_objects):
        start[o + 1] += start[o]
    place = start[:-1].copy()
    for i in range(len(objects)):
        o = objects[i]
        actions[place[o]] = (np.uint64(accounts[i]) << shift) | np.uint64(at[i] - origin)
        place[o] += 1
    return start


@njit(cache=True, nogil=True)
def mark_met(start, actions, shift, window, met, first, stop):  # type: ignore[no-untyped-def]
    """Mark the actions that another account's action on the same object lies within the window of.

    One pass each way, carrying the nearest action of another account: an account's long monologue costs no square.
    """
    mask = (np.uint64(1) << shift) - np.uint64(1)
    for o in range(first, stop):
        lo, hi = start[o], start[o + 1]
        other = hi
        for i in range(hi - 1, lo - 1, -1):
            if i + 1 < hi and high_of(actions[i + 1], shift) != high_of(actions[i], shift):
                other = i + 1
            met[i] = other < hi and time_of(actions[other], mask) - time_of(actions[i], mask) <= window
        other = lo - 1
        for i in range(lo + 1, hi):
            if high_of(actions[i - 1], shift) != high_of(actions[i], shift):
                other = i - 1
            if other >= lo and time_of(actions[i], mask) - time_of(actions[other], mask) <= window:
                met[i] = True


@njit(cache=True, nogil=True)
def drop_idle(start, actions, shift, met, state, enough, min_objects):  # type: ignore[no-untyped-def]
    """Keep, in place, the met actions of accounts that have them on enough objects: (new starts, how many).

    ``state`` (two cells per account side by side, the last object and how many: one look at memory does) and ``enough`` are workspace.
    """
    n_objects, n = len(start) - 1, start[-1]
    state[:] = 0
    for o in range(n_objects):
        for i in range(start[o], start[o + 1]):
            fetch(state, 2 * high_of(actions[min(i + _AHEAD, n - 1)], shift))
            if met[i]:
                cell = 2 * high_of(actions[i], shift)
                if state[cell] != o + 1:
                    state[cell] = o + 1
                    state[cell + 1] += 1
    for account in range(len(enough)):
        enough[account] = state[2 * account + 1] >= min_objects
    kept = np.zeros(n_objects + 1, np.int64)
    n = 0
    for o in range(n_objects):
        kept[o] = n
        for i in range(start[o], start[o + 1]):
            actions[n] = actions[i]
            n += met[i] and enough[high_of(actions[i], shift)]
    kept[n_objects] = n
    return kept, n


@njit(cache=True, nogil=True)
def select_accounts(start, actions, shift, wanted):  # type: ignore[no-untyped-def]
    """Copy the actions of the wanted accounts: (starts, actions), objects keep their numbers."""
    n_objects = len(start) - 1
    kept = np.zeros(n_objects + 1, np.int64)
    n = 0
    for i in range(len(actions)):
        n += wanted[high_of(actions[i], shift)]
    chosen = np.empty(n, np.uint64)
    n = 0
    for o in range(n_objects):
        kept[o] = n
        for i in range(start[o], start[o + 1]):
            if wanted[high_of(actions[i], shift)]:
                chosen[n] = actions[i]
                n += 1
    kept[n_objects] = n
    return kept, chosen


@njit(cache=True, nogil=True)
def count_window_pairs(start, actions, shift, window, pairs, first, stop):  # type: ignore[no-untyped-def]
    """Count, per object, the pairs of actions inside the window: the cost of walking it."""
    mask = (np.uint64(1) << shift) - np.uint64(1)
    for o in range(first, stop):
        j = start[o]
        n = 0
        for i in range(start[o], start[o + 1]):
            t = time_of(actions[i], mask)
            while t - time_of(actions[j], mask) > window:
                j += 1
            n += i - j
        pairs[o] = n


@njit(cache=True, nogil=True)
def list_by_account(start, actions, shift, ranked, begin, place, lists, where, hotter):  # type: ignore[no-untyped-def]
    """Write each account's actions, hot objects first, as ``rank << shift | time`` to ``lists``, and where each begins to ``begin``.

    Per action, in the order of ``actions``: ``where`` the list of its account begins and how many ``hotter`` actions it has, of
    lower rank. Returns the tokens per rank: the sum of ``hotter``. ``place`` is workspace.
    """
    mask = (np.uint64(1) << shift) - np.uint64(1)
    place[:] = 0
    n = len(actions)
    for i in range(n):
        fetch(place, high_of(actions[min(i + _AHEAD, n - 1)], shift))
        place[high_of(actions[i], shift)] += 1
    total = 0
    for a in range(len(place)):
        begin[a] = total
        total += place[a]
        place[a] = begin[a]
    begin[len(place)] = total
    tokens = np.zeros(len(ranked), np.int64)
    for rank in range(len(ranked)):
        lo, hi = start[ranked[rank]], start[ranked[rank] + 1]
        for i in range(lo, hi):
            ahead = high_of(actions[min(i + 2 * _AHEAD, hi - 1)], shift)
            fetch(begin, ahead)
            fetch(place, ahead)
            fetch(lists, place[high_of(actions[min(i + _AHEAD, hi - 1)], shift)])
            a = high_of(actions[i], shift)
            first, last = begin[a], place[a]
            lists[last] = (np.uint64(rank) << shift) | (actions[i] & mask)
            place[a] = last + 1
            if last > first and high_of(lists[last - 1], shift) == rank:
                last = first + np.searchsorted(lists[first:last], np.uint64(rank) << shift)
            where[i], hotter[i] = first, last - first
            tokens[rank] += last - first
    return tokens
