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
def _shingle(points, at, size):  # type: ignore[no-untyped-def]
    """The hash of ``size`` items from ``at`` on."""
    h = np.uint64(1469598103934665603)
    for k in range(at, at + size):
        h = (h ^ np.uint64(points[k])) * np.uint64(0x9E3779B97F4A7C15)
        h ^= h >> np.uint64(29)
    return h


@njit(cache=True, nogil=True)
def shingles(points, start, sizes, size, out, begin):  # type: ignore[no-untyped-def]
    """Write each text's distinct shingle hashes, sorted, to ``out``; ``begin`` gets where each text's run begins."""
    filled = 0
    for i in range(len(start)):
        begin[i] = filled
        n = max(sizes[i] - size + 1, 0)
        run = np.empty(n, np.uint64)
        for j in range(n):
            run[j] = _shingle(points, start[i] + j, size)
        run.sort()
        for j in range(n):
            if j == 0 or run[j] != run[j - 1]:
                out[filled] = run[j]
                filled += 1
    begin[len(start)] = filled
    return filled


@njit(cache=True, nogil=True)
def spread_shingles(points, start, sizes, size, shift, first, begin, out):  # type: ignore[no-untyped-def]
    """Write texts' shingles to ``out``, slice by slice of the hashes (``hash >> shift``), and where each slice begins to ``begin``.

    A row of ``out`` is a shingle, low half and high half, and its text's number, counted from ``first`` on; a slice has them in
    the order of texts.
    """
    begin[:] = 0
    for i in range(len(start)):
        for j in range(sizes[i] - size + 1):
            begin[(_shingle(points, start[i] + j, size) >> np.uint64(shift)) + np.uint64(1)] += 1
    for s in range(1, len(begin)):
        begin[s] += begin[s - 1]
    place = begin[:-1].copy()
    for i in range(len(start)):
        for j in range(sizes[i] - size + 1):
            h = _shingle(points, start[i] + j, size)
            to = place[h >> np.uint64(shift)]
            out[to, 0], out[to, 1], out[to, 2] = np.uint32(h), np.uint32(h >> np.uint64(32)), first + i
            place[h >> np.uint64(shift)] = to + 1


@njit(cache=True, nogil=True)
def often(keys, weight, least, table, out):  # type: ignore[no-untyped-def]
    """Mark the keys whose weights, with those of all that share their slot of ``table``, reach ``least``: none that do are missed."""
    table[:] = 0
    last = np.uint64(len(table) - 1)
    for k in range(len(keys)):
        slot = (keys[k] * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(32) & last
        table[slot] = min(table[slot] + min(weight[k], least), least)
    for k in range(len(keys)):
        slot = (keys[k] * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(32) & last
        out[k] = table[slot] >= least


@njit(cache=True, nogil=True)
def users_of_forms(form, author, begin, account):  # type: ignore[no-untyped-def]
    """Write each form's distinct authors, ascending, to ``account``, and where each form's begin to ``begin``; returns how many.

    Texts of a negative form or author are nobody's. ``account`` has room for one entry per text.
    """
    begin[:] = 0
    for i in range(len(form)):
        if form[i] >= 0 and author[i] >= 0:
            begin[form[i] + 1] += 1
    for f in range(1, len(begin)):
        begin[f] += begin[f - 1]
    for i in range(len(form)):  # each form's begin moves to its end, which is where the next one's was
        if form[i] >= 0 and author[i] >= 0:
            account[begin[form[i]]] = author[i]
            begin[form[i]] += 1
    filled, lo = 0, 0
    for f in range(len(begin) - 1):
        hi = begin[f]
        if hi - lo > 1:
            account[lo:hi].sort()
        begin[f] = filled
        for k in range(lo, hi):
            if k == lo or account[k] != account[k - 1]:
                account[filled] = account[k]
                filled += 1
        lo = hi
    begin[-1] = filled
    return filled


@njit(cache=True, nogil=True)
def count_users(shingle, text, begin, account, has_history, seen, users, old):  # type: ignore[no-untyped-def]
    """Per run of equal shingles, at its first place: the distinct accounts that used its texts, and those with a history."""
    lo = 0
    for k in range(len(shingle)):
        users[k], old[k] = 0, 0
        if shingle[k] != shingle[lo]:
            lo = k
        if k > lo and text[k] == text[k - 1]:
            continue
        for p in range(begin[text[k]], begin[text[k] + 1]):
            if seen[account[p]] != lo:
                seen[account[p]] = lo
                users[lo] += 1
                old[lo] += has_history[account[p]]


@njit(cache=True, nogil=True)
def band_keys(shingle, begin, salts, band, out):  # type: ignore[no-untyped-def]
    """One key per text: equal where the minima of all hash functions of a band are equal (Broder 1997).

    Elsewhere with chance 2^-64: pairs are verified. A hash function is a salt, one multiply and shift.
    """
    low = np.empty(len(salts), np.uint32)
    for i in range(len(begin) - 1):
        low[:] = 0xFFFFFFFF
        for j in range(begin[i], begin[i + 1]):
            for k in range(len(salts)):
                h = (shingle[j] ^ salts[k]) * np.uint64(0xBF58476D1CE4E5B9)
                low[k] = min(low[k], np.uint32(h >> np.uint64(32)))
        key = np.uint64(band * 7919 + 1)
        for k in range(len(salts)):
            key = (key ^ np.uint64(low[k])) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(31)
        out[i] = key


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
def join_band(keys, order, shingle, begin, least, parent):  # type: ignore[no-untyped-def]
    """Unite the texts of each bucket of one band whose exact Jaccard reaches ``least``; returns the pairs compared."""
    compared, lo = 0, 0
    for p in range(1, len(order) + 1):
        if p < len(order) and keys[p] == keys[lo]:
            continue
        for x in range(lo + 1, p):
            for y in range(max(lo, x - _COMPARED), x):
                a, b = order[x], order[y]
                if find(parent, a) != find(parent, b):
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
def _align(a, b, table, place):  # type: ignore[no-untyped-def]
    """Longest common subsequence: ``place[i]`` gets the position in ``b`` that ``a[i]`` is matched with, or -1.

    Of several, the one that matches as early as possible from the right: always the same. ``table`` is scratch.
    """
    n, m = len(a), len(b)
    table[n, : m + 1] = 0
    for i in range(n - 1, -1, -1):
        table[i, m] = 0
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


@njit(cache=True, nogil=True)
def depart(points, start, sizes, members, longest, items, slots, bits, gaps_met, items_met, cost, edits, missing):  # type: ignore[no-untyped-def]
    """How each member departs from a template of ``items`` and ``slots``.

    ``cost``: bits that tell what fills its slots; ``edits``: characters it has elsewhere; ``missing``: items it lacks.
    ``items_met`` and ``gaps_met`` count, over the members, who has each item, and something before it (or after the last).
    """
    n, most = len(items), 0
    for x in range(len(members)):
        most = max(most, min(sizes[members[x]], longest))
    table, place = np.empty((n + 1, most + 1), np.int16), np.empty(n, np.int64)
    for x in range(len(members)):
        m = members[x]
        size = min(sizes[m], longest)
        _align(items, points[start[m] : start[m] + size], table, place)
        before, cost[x], edits[x], missing[x] = -1, 0.0, 0, 0
        for k in range(n + 1):
            if k < n and place[k] < 0:
                missing[x] += 1
                gap = 0
            else:
                at = place[k] if k < n else size
                gap, before = at - before - 1, at
                if k < n:
                    items_met[k] += 1
            gaps_met[k] += gap > 0
            if slots[k]:
                cost[x] += gap * bits + 2.0 * np.log2(gap + 1.0) + 1.0
            else:
                edits[x] += gap
