"""The compiled inner loops on texts: shingles, MinHash, candidate pairs, exact Jaccard, alignment.

In: code points of all texts in one array, text ``i`` at ``start[i]:start[i + 1]``. Out: signatures, families, costs.
:mod:`graphscan.texts.families` and :mod:`graphscan.texts.consensus` are the way in.
"""

from __future__ import annotations

import numpy as np
from numba import njit

HASHES = 126  # 42 bands of 3: a pair at Jaccard 0.60 is missed with chance 5e-5; 128 in 32 bands of 4 misses 1.2 %
ROWS = 3
_COMPARED = 8
"""Members of a bucket that a newcomer is compared with: the buckets of distinct forms are small, and unions carry the rest."""


@njit(cache=True, nogil=True)
def shingles(points, start, size, out, begin):  # type: ignore[no-untyped-def]
    """Write each text's distinct shingle hashes, sorted, to ``out``; ``begin`` gets where each text's run begins."""
    filled = 0
    for i in range(len(start) - 1):
        begin[i] = filled
        lo, hi = start[i], start[i + 1]
        n = max(hi - lo - size + 1, 0)
        run = np.empty(n, np.uint64)
        for j in range(n):
            h = np.uint64(1469598103934665603)
            for k in range(size):
                h = (h ^ np.uint64(points[lo + j + k])) * np.uint64(0x9E3779B97F4A7C15)
                h ^= h >> np.uint64(29)
            run[j] = h
        run.sort()
        for j in range(n):
            if j == 0 or run[j] != run[j - 1]:
                out[filled] = run[j]
                filled += 1
    begin[len(start) - 1] = filled
    return filled


@njit(cache=True, nogil=True)
def signatures(shingle, begin, salts, first, stop, out):  # type: ignore[no-untyped-def]
    """MinHash signatures of texts ``first`` to ``stop`` (Broder 1997), one multiply and shift per hash function."""
    for i in range(first, stop):
        for k in range(len(salts)):
            out[i, k] = 0xFFFFFFFF
        for j in range(begin[i], begin[i + 1]):
            for k in range(len(salts)):
                h = (shingle[j] ^ salts[k]) * np.uint64(0xBF58476D1CE4E5B9)
                low = np.uint32(h >> np.uint64(32))
                if low < out[i, k]:
                    out[i, k] = low


@njit(cache=True, nogil=True)
def band_keys(signature, band, rows, out):  # type: ignore[no-untyped-def]
    """One key per text: equal where all rows of the band are equal (and, with chance 2^-64, elsewhere: pairs are verified)."""
    for i in range(len(signature)):
        h = np.uint64(band * 7919 + 1)
        for r in range(rows):
            h = (h ^ np.uint64(signature[i, band * rows + r])) * np.uint64(0x9E3779B97F4A7C15)
            h ^= h >> np.uint64(31)
        out[i] = h


@njit(cache=True, nogil=True)
def find(parent, x):  # type: ignore[no-untyped-def]
    """The root of ``x``; halves paths on its way."""
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


@njit(cache=True, nogil=True)
def unite(parent, a, b):  # type: ignore[no-untyped-def]
    """Join two families; the smaller root stays, so that the order of joins does not matter."""
    a, b = find(parent, a), find(parent, b)
    parent[max(a, b)] = min(a, b)


@njit(cache=True, nogil=True)
def jaccard(shingle, begin, a, b):  # type: ignore[no-untyped-def]
    """Exact Jaccard similarity of two texts' shingle sets; 0 when either is empty."""
    i, j, both = begin[a], begin[b], 0
    while i < begin[a + 1] and j < begin[b + 1]:
        if shingle[i] == shingle[j]:
            both += 1
            i += 1
            j += 1
        elif shingle[i] < shingle[j]:
            i += 1
        else:
            j += 1
    either = begin[a + 1] - begin[a] + begin[b + 1] - begin[b] - both
    return both / either if either else 0.0


@njit(cache=True, nogil=True)
def join_band(keys, order, shingle, begin, eligible, least, parent):  # type: ignore[no-untyped-def]
    """Unite the texts of each bucket of one band whose exact Jaccard reaches ``least``; returns the pairs compared."""
    compared, lo = 0, 0
    for p in range(1, len(order) + 1):
        if p < len(order) and keys[order[p]] == keys[order[lo]]:
            continue
        for x in range(lo + 1, p):
            a = order[x]
            if not eligible[a]:
                continue
            for y in range(max(lo, x - _COMPARED), x):
                b = order[y]
                if eligible[b] and find(parent, a) != find(parent, b):
                    compared += 1
                    if jaccard(shingle, begin, a, b) >= least:
                        unite(parent, a, b)
        lo = p
    return compared


@njit(cache=True, nogil=True)
def join_runs(groups, members, parent):  # type: ignore[no-untyped-def]
    """Unite the members of each run of equal ``groups`` (sorted)."""
    for k in range(1, len(groups)):
        if groups[k] == groups[k - 1]:
            unite(parent, members[k], members[k - 1])


@njit(cache=True, nogil=True)
def align(a, b, place):  # type: ignore[no-untyped-def]
    """Longest common subsequence: ``place[i]`` gets the position in ``b`` that ``a[i]`` is matched with, or -1.

    Of several, the one that matches as early as possible from the right: always the same. Returns its length.
    """
    n, m = len(a), len(b)
    table = np.zeros((n + 1, m + 1), np.int32)
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            if a[i] == b[j]:
                table[i, j] = table[i + 1, j + 1] + 1
            else:
                table[i, j] = max(table[i + 1, j], table[i, j + 1])
    i, j = 0, 0
    place[:] = -1
    while i < n and j < m:
        if a[i] == b[j]:
            place[i] = j
            i += 1
            j += 1
        elif table[i + 1, j] >= table[i, j + 1]:
            i += 1
        else:
            j += 1
    return table[0, 0]
