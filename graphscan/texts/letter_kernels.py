"""The compiled passes over the bytes of a column of texts: which characters there are, what each becomes.

In: UTF-8 bytes and a table with one entry per code point: the letter it becomes, or 0, and flags. Out: code points.
"""

from __future__ import annotations

import numpy as np
from numba import njit

KNOWN = 1 << 31
SLOW = 1 << 30  # what becomes of it depends on its neighbours
RAW_ALIKE = 1 << 29  # as written, a letter or digit that an id may be made of
FOLDED_ALIKE = 1 << 28  # the same once folded
_LETTER = (1 << 21) - 1
LEAST_ALIKE = 5  # contacts.MAY_HOLD


@njit(cache=True, nogil=True)
def _decode(data, at):  # type: ignore[no-untyped-def]
    """The code point that begins at a byte, and where the next begins; the bytes are valid UTF-8."""
    b = np.int64(data[at])
    if b < 0x80:
        return b, at + 1
    if b < 0xE0:
        return ((b & 0x1F) << 6) | (np.int64(data[at + 1]) & 0x3F), at + 2
    if b < 0xF0:
        return ((b & 0x0F) << 12) | ((np.int64(data[at + 1]) & 0x3F) << 6) | (np.int64(data[at + 2]) & 0x3F), at + 3
    high = ((b & 0x07) << 18) | ((np.int64(data[at + 1]) & 0x3F) << 12)
    return high | ((np.int64(data[at + 2]) & 0x3F) << 6) | (np.int64(data[at + 3]) & 0x3F), at + 4


@njit(cache=True, nogil=True)
def mark(data, first, stop, seen):  # type: ignore[no-untyped-def]
    """Mark every code point between two bytes."""
    at = first
    while at < stop:
        point, at = _decode(data, at)
        seen[point] = True


@njit(cache=True, nogil=True)
def read(data, bounds, table, points, start, size):  # type: ignore[no-untyped-def]
    """Write the letters of each text that needs no pattern; the size of others stays as it is. Returns how many letters."""
    filled = 0
    for i in range(len(bounds) - 1):
        begun, at, alike, plain = filled, bounds[i], 0, True
        while at < bounds[i + 1]:
            point, at = _decode(data, at)
            entry = np.int64(table[point])
            alike += (entry & FOLDED_ALIKE) != 0
            if entry & SLOW or alike >= LEAST_ALIKE:
                plain = False
                break
            if entry & _LETTER:
                points[filled] = entry & _LETTER
                filled += 1
        if plain:
            start[i], size[i] = begun, filled - begun
        else:
            filled = begun
    return filled


@njit(cache=True, nogil=True)
def count_alike(data, bounds, table, out):  # type: ignore[no-untyped-def]
    """How many letters or digits each text has that an id may be made of."""
    for i in range(len(bounds) - 1):
        at, alike = bounds[i], 0
        while at < bounds[i + 1]:
            point, at = _decode(data, at)
            alike += (np.int64(table[point]) & RAW_ALIKE) != 0
        out[i] = alike


@njit(cache=True, nogil=True)
def hash_forms(points, start, size, low, high):  # type: ignore[no-untyped-def]
    """Two independent 64-bit hashes of every form."""
    for i in range(len(start)):
        a, b = np.uint64(0x243F6A8885A308D3), np.uint64(0x13198A2E03707344)
        for k in range(start[i], start[i] + size[i]):
            a = (a ^ np.uint64(points[k])) * np.uint64(0x9E3779B97F4A7C15)
            a ^= a >> np.uint64(29)
            b = (b + np.uint64(points[k])) * np.uint64(0xBF58476D1CE4E5B9)
            b ^= b >> np.uint64(31)
        low[i], high[i] = a, b


@njit(cache=True, nogil=True)
def first_of_equal(order, low, high, first):  # type: ignore[no-untyped-def]
    """Per text the first one with the same hashes, given the order by ``low``; False if that order may leave equal ones apart.

    It does where two texts agree in ``low`` and not in ``high``: expected once in 25,000 days.
    """
    lo = 0
    for p in range(1, len(order) + 1):
        if p < len(order) and low[order[p]] == low[order[lo]] and high[order[p]] == high[order[lo]]:
            continue
        least = order[lo]
        for q in range(lo, p):
            least = min(least, order[q])
        for q in range(lo, p):
            first[order[q]] = least
        lo = p
    apart = 0
    for p in range(1, len(order)):
        apart += low[order[p]] == low[order[p - 1]] and high[order[p]] != high[order[p - 1]]
    return apart == 0


@njit(cache=True, nogil=True)
def number_by_first(first):  # type: ignore[no-untyped-def]
    """Turn, in place, the first text of each group into the group's number, by first appearance; returns how many groups."""
    n = 0
    for i in range(len(first)):
        if first[i] == i:
            first[i] = n
            n += 1
        else:
            first[i] = first[first[i]]
    return n


@njit(cache=True, nogil=True)
def three_letters(points, start, size, which, depth, out):  # type: ignore[no-untyped-def]
    """Three characters of each form from ``depth`` on as one number that sorts as they do; an end sorts first."""
    for i in range(len(which)):
        form, key = which[i], np.uint64(0)
        for k in range(depth, depth + 3):
            letter = points[start[form] + k] if k < size[form] else 0
            key = (key << np.uint64(21)) | np.uint64(letter)
        out[i] = key


@njit(cache=True, nogil=True)
def sort_ties(points, start, size, order, first, stop):  # type: ignore[no-untyped-def]
    """Sort ``order[first:stop]``, distinct forms that agree in their first three characters, three characters at a time."""
    stack = [(first, stop, 3)]
    while len(stack) > 0:
        lo, hi, depth = stack.pop()
        key = np.empty(hi - lo, np.uint64)
        three_letters(points, start, size, order[lo:hi], depth, key)
        by = np.argsort(key)
        order[lo:hi] = order[lo:hi][by]
        begin = 0
        for k in range(1, hi - lo + 1):
            if k < hi - lo and key[by[k]] == key[by[begin]]:
                continue
            if k - begin > 1:
                stack.append((lo + begin, lo + k, depth + 3))
            begin = k


@njit(cache=True, nogil=True)
def sort_all_ties(points, start, size, order, key):  # type: ignore[no-untyped-def]
    """Sort what the order by ``key`` (per form, its first three characters) leaves tied."""
    lo = 0
    for p in range(1, len(order) + 1):
        if p < len(order) and key[order[p]] == key[order[lo]]:
            continue
        if p - lo > 1:
            sort_ties(points, start, size, order, lo, p)
        lo = p
