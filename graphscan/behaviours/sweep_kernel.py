"""The compiled sweep: pairs of accounts that met on enough objects, object by object.

In: packed actions and each account's list (:mod:`graphscan.behaviours.kernel`). Out: candidate pairs, or how many pass which limit.
:mod:`graphscan.behaviours.searching` is the way in.

Why it is fast: a pair of accounts that met on two objects met on a *hotter* and on a *colder* one. Objects are ranked
from hot to cold; at each object only those pairs are formed that also met on a hotter one. On a cold object the
window is walked and each pair is verified by merging two short lists; on a hot one a sliding inverted index over
the window's (hotter object, time) tokens yields only pairs that share a token, so the cost is
``min(window pairs, tokens)`` and a viral note is no cliff. The token index is a hash table of chains cut when a token
leaves the window, as in LZ77 coders. Lists are asked of memory some actions ahead.

Tuples that go together: ``log`` = (start, actions, shift, ranked, lists, where, hotter, walks, side), see
:class:`~graphscan.behaviours.searching._Task`; ``asked`` = (windows, least, free, odds, cuts, histogram, noting), where ``free``
says that every pair of ``least`` objects passes, whatever chance expects, and ``noting[0]`` whether pairs are noted.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from graphscan.behaviours.kernel import high_of, slab_bits, slot_of, time_of
from graphscan.behaviours.prefetch_kernel import fetch

_MOST_SLOTS = 1 << 13  # 64 KB: about what one window holds of tokens, and what the nearest caches hold
_AHEAD = 24  # actions ahead of which a list is asked for; 12 to 48 differ little
_LINE = 8  # actions in a line of cache
NO_LIMIT = 1 << 60


@njit(cache=True, nogil=True)
def find_candidates(log, asked, limit, held, mine, first, stop):  # type: ignore[no-untyped-def]
    """Pairs that met on an object of ranks ``first`` to ``stop`` and on enough hotter ones, within the widest window.

    ``walks[rank]`` says which way is cheaper there. ``side``: empty for all accounts, or 1 and 2 for two blocks of
    accounts of which only pairs across are wanted. ``least``: objects a pair needs. ``odds``: what chance is made of, share, world
    and stratum per account, and weights of shape (worlds, 3, 3, windows); ``cuts`` of shape (cuts, counts): see :func:`_passed`.
    ``histogram[c]`` counts the ways in which ``c`` cuts are passed; pairs that pass one are returned.
    Returns keys ``a << 32 | b``; a pair may come out more than once. ``held`` says how many keys each range of ranks holds so far,
    this one at ``mine``. Beyond ``limit`` keys in all the search ends, as the task must be cut; where cuts are counted (two or
    more) no more keys are noted then, none are returned, and it goes on.
    """
    start, ranked, walks, noting = log[0], log[3], log[7], asked[6]
    found, n = np.empty(1 << 12, np.uint64), 0
    for rank in range(first, stop):
        held[mine] = n
        others = held.sum() - n
        if not _goes_on(asked, n, limit - others):
            break
        if not noting[0] and len(found):
            found = np.empty(0, np.uint64)  # nobody asks for them any more
        lo, hi = start[ranked[rank]], start[ranked[rank] + 1]
        if walks[rank]:
            found, n = _walk(log, asked, limit - others, lo, hi, found, n)
        else:
            found, n = _sweep(log, asked, limit - others, rank, lo, hi, found, n)
    held[mine] = n
    return found[:n] if noting[0] else found[:0]


@njit(cache=True, nogil=True)
def _goes_on(asked, n, limit):  # type: ignore[no-untyped-def]
    """Whether a search that holds ``n`` keys goes on: one that counts two cuts or more does, without noting any more, beyond the limit."""
    if n > limit:
        asked[6][0] = False
    return n <= limit or len(asked[4]) > 1


@njit(cache=True, nogil=True)
def _walk(log, asked, limit, lo, hi, found, n):  # type: ignore[no-untyped-def]
    """Cold object: every pair of the window, with the hotter objects it met on."""
    _, actions, shift, _, lists, where, hotter, _, side = log
    windows, least, free = asked[0], asked[1], asked[2]
    mask = (np.uint64(1) << shift) - np.uint64(1)
    counts = np.zeros(len(windows), np.int64)
    j = lo
    for i in range(lo, hi):
        if not _goes_on(asked, n, limit):
            break
        _fetch_list(lists, where, hotter, min(i + _AHEAD, hi - 1))
        t, a = time_of(actions[i], mask), high_of(actions[i], shift)
        while t - time_of(actions[j], mask) > windows[-1]:
            j += 1
        if least > 1 and hotter[i] == 0:
            continue
        for k in range(j, i):
            b = high_of(actions[k], shift)
            if b == a or not _across(side, a, b):
                continue
            for w in range(len(windows)):
                counts[w] = t - time_of(actions[k], mask) <= windows[w]
            if least > 1:
                _count_common(lists, shift, mask, where, hotter, i, k, windows, least, free, counts)
            found, n = _take(asked, counts, found, n, a, b)
    return found, n


@njit(cache=True, nogil=True)
def _count_common(lists, shift, mask, where, hotter, one, other, windows, least, free, counts):  # type: ignore[no-untyped-def]
    """Add to ``counts``, per window, the hotter objects on which the accounts of two actions met; enough are enough if ``free``."""
    i, j = np.int64(where[one]), np.int64(where[other])
    i_end, j_end = i + np.int64(hotter[one]), j + np.int64(hotter[other])
    widest = windows[-1]
    before, nearest = np.int64(-1), widest + 1
    while i < i_end and j < j_end:
        rank_i, rank_j = high_of(lists[i], shift), high_of(lists[j], shift)
        if rank_i != rank_j:
            i += rank_i < rank_j
            j += rank_j < rank_i
            continue
        gap = time_of(lists[i], mask) - time_of(lists[j], mask)
        if rank_i != before:
            before, nearest = rank_i, widest + 1
        if abs(gap) < nearest:
            for w in range(len(windows)):
                counts[w] += abs(gap) <= windows[w] < nearest
            nearest = abs(gap)
            if free and counts[-1] >= least:
                return
        i += gap < 0
        j += gap >= 0


@njit(cache=True, nogil=True)
def _sweep(log, asked, limit, rank, lo, hi, found, n):  # type: ignore[no-untyped-def]
    """Hot object: pairs that share a token, a hotter object at about the same time, by an index over the window's tokens.

    Actions of the window lie in a ring by their position, tokens by their number. A token's cell holds the token, and how far
    back the one before it in its chain lies, with the position of its action.
    """
    _, actions, shift, _, lists, where, hotter, _, side = log
    windows = asked[0]
    mask, half = (np.uint64(1) << shift) - np.uint64(1), np.uint64(32)
    widest, n_windows, bits = windows[-1], len(windows), slab_bits(windows[-1])
    tokens, acting = _fullest_window(actions, shift, mask, hotter, widest, lo, hi)
    room, ring = _power_of_two(tokens + 1) - 1, _power_of_two(acting + 1) - 1
    slots = min(room, _MOST_SLOTS - 1)
    head, cells = np.zeros(slots + 1, np.int64), np.empty((room + 1, 2), np.uint64)
    seen, opened = np.full(ring + 1, -1, np.int64), np.empty(ring + 1, np.int64)
    last_rank, nearest = np.empty(ring + 1, np.int64), np.empty(ring + 1, np.int64)
    counts, touched = np.empty((ring + 1, n_windows), np.int64), np.empty(ring + 1, np.int64)
    newest, j = 1, lo
    for i in range(lo, hi):
        if not _goes_on(asked, n, limit):
            break
        _fetch_list(lists, where, hotter, min(i + _AHEAD, hi - 1))
        t, a = time_of(actions[i], mask), high_of(actions[i], shift)
        opened[i & ring] = newest
        while t - time_of(actions[j], mask) > widest:
            j += 1
        oldest = opened[j & ring]
        p_begin = np.int64(where[i])
        p_end = p_begin + np.int64(hotter[i])
        n_touched = 0
        for p in range(p_begin, p_end):
            token = lists[p]
            other, t_other = high_of(token, shift), time_of(token, mask)
            base = slot_of(other)
            for slab in range(max(t_other - widest, 0) >> bits, ((t_other + widest) >> bits) + 1):
                q = head[(base + slab) & slots]
                while q >= oldest:
                    key, link = cells[q & room, 0], cells[q & room, 1]
                    gap = abs(np.int64(key - token))
                    if gap <= widest and high_of(key, shift) == other:
                        k = lo + np.int64(link & np.uint64(0xFFFFFFFF))
                        at = k & ring
                        if seen[at] != i:
                            b = high_of(actions[k], shift)
                            if b == a or not _across(side, a, b):
                                q -= np.int64(link >> half)
                                continue
                            seen[at], last_rank[at] = i, -1
                            touched[n_touched] = k
                            n_touched += 1
                            apart = t - time_of(actions[k], mask)
                            for w in range(n_windows):
                                counts[at, w] = apart <= windows[w]
                        if last_rank[at] != other:
                            last_rank[at], nearest[at] = other, widest + 1
                        if gap < nearest[at]:
                            for w in range(n_windows):
                                counts[at, w] += gap <= windows[w] < nearest[at]
                            nearest[at] = gap
                    q -= np.int64(link >> half)
        for m in range(n_touched):
            found, n = _take(asked, counts[touched[m] & ring], found, n, a, high_of(actions[touched[m]], shift))
        for p in range(p_begin, p_end):
            h = (slot_of(high_of(lists[p], shift)) + (time_of(lists[p], mask) >> bits)) & slots
            back = np.uint64(min(newest - head[h], 0xFFFFFFFF))
            cells[newest & room, 0], cells[newest & room, 1] = lists[p], (back << half) | np.uint64(i - lo)
            head[h] = newest
            newest += 1
    return found, n


@njit(cache=True, nogil=True)
def _fullest_window(actions, shift, mask, hotter, widest, lo, hi):  # type: ignore[no-untyped-def]
    """The most tokens, and the most actions, that a window of one object holds."""
    j, tokens, most_tokens, most = lo, np.int64(0), np.int64(0), 0
    for i in range(lo, hi):
        t = time_of(actions[i], mask)
        while t - time_of(actions[j], mask) > widest:
            tokens -= np.int64(hotter[j])
            j += 1
        tokens += np.int64(hotter[i])
        most_tokens, most = max(most_tokens, tokens), max(most, i - j + 1)
    return most_tokens, most


@njit(cache=True, nogil=True)
def _power_of_two(n):  # type: ignore[no-untyped-def]
    """The least power of two that is no less."""
    power = 1
    while power < n:
        power *= 2
    return power


@njit(cache=True, nogil=True)
def _fetch_list(lists, where, hotter, i):  # type: ignore[no-untyped-def]
    fetch(lists, np.int64(where[i]))
    if hotter[i] > _LINE:
        fetch(lists, np.int64(where[i]) + _LINE)


@njit(cache=True, nogil=True)
def _across(side, a, b):  # type: ignore[no-untyped-def]
    """Whether a pair is of the two blocks that are looked at."""
    return len(side) == 0 or side[a] != side[b]


@njit(cache=True, nogil=True)
def _take(asked, counts, found, n, a, b):  # type: ignore[no-untyped-def]
    """Count a pair by the cuts it passes, and note it if it passes one."""
    _, least, free, (share, world, stratum, weights), cuts, histogram, noting = asked
    if free:
        passed = np.int64(counts[-1] >= least)
    else:
        expected = weights[world[a], stratum[a], stratum[b]]
        passed = _passed(counts, least, share[a] * share[b], expected, cuts)
    histogram[passed] += 1
    if passed and noting[0]:
        return _put(found, n, a, b)
    return found, n


@njit(cache=True, nogil=True)
def _passed(counts, least, product, weights, cuts):  # type: ignore[no-untyped-def]
    """How many of the cuts (each stricter than the one before) a pair passes that met on ``counts`` objects per window.

    It passes a cut when in some window chance expects at most ``cut[count]`` such objects; ``product * weights[window]`` is what
    chance expects at least.
    """
    n_windows = len(weights)
    if counts[n_windows - 1] < least:
        return 0
    best = 0
    for w in range(n_windows):
        expected, count = product * weights[w], min(counts[w], cuts.shape[1] - 1)
        while best < len(cuts) and expected <= cuts[best, count]:
            best += 1
    return best


@njit(cache=True, nogil=True)
def passing(account_a, account_b, objects, least, odds, cuts, out):  # type: ignore[no-untyped-def]
    """Whether each pair, its objects counted exactly per window, passes the first cut.

    The same pairs as :func:`find_candidates` returns for it: at the coldest object of a pair, in its nearest meeting there, the
    search counts exactly, and never more.
    """
    share, world, stratum, weights = odds
    for q in range(len(out)):
        a, b = account_a[q], account_b[q]
        expected = weights[world[a], stratum[a], stratum[b]]
        out[q] = _passed(objects[q], least, share[a] * share[b], expected, cuts) > 0


@njit(cache=True, nogil=True)
def _put(found, n, a, b):  # type: ignore[no-untyped-def]
    if n == len(found):
        larger = np.empty(2 * n, np.uint64)
        larger[:n] = found
        found = larger
    low, high = min(a, b), max(a, b)
    found[n] = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
    return found, n + 1
