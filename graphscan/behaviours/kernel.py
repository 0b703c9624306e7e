"""The compiled inner loops of the meetings stage: exact co-action pairs, no sampling and no cap.

In: actions sorted by (object, time), packed as ``account << shift | time``. Out: candidate pairs, then exact counts.
:mod:`graphscan.behaviours.meetings` is the way in; nothing else calls these functions.

Why it is fast: a pair of accounts that met on two objects met on a *hotter* and on a *colder* one. Objects are ranked
from hot to cold; at each object only those pairs are formed that also met on a hotter one. On a cold object the
window is walked and each pair is verified by merging two short lists; on a hot one a sliding inverted index over
the window's (hotter object, time) tokens yields only pairs that share a token, so the cost is
``min(window pairs, tokens)`` and a viral note is no cliff. The token index is a hash table of chains cut when a token
leaves the window, as in LZ77 coders.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_HASH_BITS = 13  # 64 KB: about what one window holds of tokens, and what the nearest caches hold
_AHEAD = 64  # accounts whose lists are fetched together
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def _high(x, shift):  # type: ignore[no-untyped-def]
    return np.int64(x >> shift)


@njit(cache=True, nogil=True)
def _time(x, mask):  # type: ignore[no-untyped-def]
    return np.int64(x & mask)


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
            if i + 1 < hi and _high(actions[i + 1], shift) != _high(actions[i], shift):
                other = i + 1
            met[i] = other < hi and _time(actions[other], mask) - _time(actions[i], mask) <= window
        other = lo - 1
        for i in range(lo + 1, hi):
            if _high(actions[i - 1], shift) != _high(actions[i], shift):
                other = i - 1
            if other >= lo and _time(actions[i], mask) - _time(actions[other], mask) <= window:
                met[i] = True


@njit(cache=True, nogil=True)
def drop_idle(start, actions, shift, met, n_accounts, min_objects):  # type: ignore[no-untyped-def]
    """Keep, in place, the met actions of accounts that have them on enough objects: (new starts, how many)."""
    last = np.full(n_accounts, -1, np.int64)
    objects = np.zeros(n_accounts, np.int32)
    n_objects = len(start) - 1
    for o in range(n_objects):
        for i in range(start[o], start[o + 1]):
            account = _high(actions[i], shift)
            if met[i] and last[account] != o:
                last[account] = o
                objects[account] += 1
    kept = np.zeros(n_objects + 1, np.int64)
    n = 0
    for o in range(n_objects):
        kept[o] = n
        for i in range(start[o], start[o + 1]):
            if met[i] and objects[_high(actions[i], shift)] >= min_objects:
                actions[n] = actions[i]
                n += 1
    kept[n_objects] = n
    return kept, n


@njit(cache=True, nogil=True)
def select_accounts(start, actions, shift, wanted):  # type: ignore[no-untyped-def]
    """Copy the actions of the wanted accounts: (starts, actions), objects keep their numbers."""
    n_objects = len(start) - 1
    kept = np.zeros(n_objects + 1, np.int64)
    n = 0
    for i in range(len(actions)):
        n += wanted[_high(actions[i], shift)]
    chosen = np.empty(n, np.uint64)
    n = 0
    for o in range(n_objects):
        kept[o] = n
        for i in range(start[o], start[o + 1]):
            if wanted[_high(actions[i], shift)]:
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
            t = _time(actions[i], mask)
            while t - _time(actions[j], mask) > window:
                j += 1
            n += i - j
        pairs[o] = n


@njit(cache=True, nogil=True)
def list_by_account(start, actions, shift, ranked, n_accounts, lists):  # type: ignore[no-untyped-def]
    """Write each account's actions, hot objects first, as ``rank << shift | time`` to ``lists``: (starts, tokens per rank)."""
    mask = (np.uint64(1) << shift) - np.uint64(1)
    begin = np.zeros(n_accounts + 1, np.int64)
    for x in actions:
        begin[_high(x, shift) + 1] += 1
    for a in range(n_accounts):
        begin[a + 1] += begin[a]
    place = begin[:-1].copy()
    tokens = np.zeros(len(ranked), np.int64)
    for rank in range(len(ranked)):
        o = ranked[rank]
        for i in range(start[o], start[o + 1]):
            a = _high(actions[i], shift)
            tokens[rank] += place[a] - begin[a]
            lists[place[a]] = (np.uint64(rank) << shift) | (actions[i] & mask)
            place[a] += 1
    return begin, tokens


@njit(cache=True, nogil=True)
def _count_hotter(begin, lists, shift, mask, a, b, rank, windows, counts):  # type: ignore[no-untyped-def]
    """Add to ``counts``, per window, the objects hotter than ``rank`` on which two accounts met."""
    i, j, i_end, j_end = begin[a], begin[b], begin[a + 1], begin[b + 1]
    widest = windows[-1]
    before, nearest = np.int64(-1), widest + 1
    while i < i_end and j < j_end:
        rank_i, rank_j = _high(lists[i], shift), _high(lists[j], shift)
        if rank_i >= rank or rank_j >= rank:
            return
        if rank_i < rank_j:
            i += 1
        elif rank_j < rank_i:
            j += 1
        else:
            gap = _time(lists[i], mask) - _time(lists[j], mask)
            if rank_i != before:
                before, nearest = rank_i, widest + 1
            if abs(gap) < nearest:
                for w in range(len(windows)):
                    counts[w] += abs(gap) <= windows[w] < nearest
                nearest = abs(gap)
            if gap < 0:
                i += 1
            else:
                j += 1


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
def _put(found, n, a, b):  # type: ignore[no-untyped-def]
    if n == len(found):
        larger = np.empty(2 * n, np.uint64)
        larger[:n] = found
        found = larger
    low, high = min(a, b), max(a, b)
    found[n] = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
    return found, n + 1


@njit(cache=True, nogil=True)
def _take(passed, histogram, found, n, a, b):  # type: ignore[no-untyped-def]
    """Count a pair by the cuts it passes; where there is one cut only, note the pair if it passes."""
    histogram[passed] += 1
    if passed and len(histogram) == 2:
        return _put(found, n, a, b)
    return found, n


@njit(cache=True, nogil=True)
def _walk(  # type: ignore[no-untyped-def]
    start, actions, shift, mask, begin, lists, side, o, rank, windows, least, odds, cuts, limit, histogram, found, n
):
    """Cold object: every pair of the window, with the hotter objects it met on."""
    share, world, stratum, weights = odds
    widest = windows[-1]
    counts = np.zeros(len(windows), np.int64)
    j = start[o]
    for i in range(start[o], start[o + 1]):
        if n > limit:
            break
        t, a = _time(actions[i], mask), _high(actions[i], shift)
        while t - _time(actions[j], mask) > widest:
            j += 1
        if least > 1 and _high(lists[begin[a]], shift) >= rank:
            continue
        for k in range(j, i):
            b = _high(actions[k], shift)
            if b == a or (side[a] == side[b] and side[a] != 0):
                continue
            for w in range(len(windows)):
                counts[w] = t - _time(actions[k], mask) <= windows[w]
            if least > 1:
                _count_hotter(begin, lists, shift, mask, a, b, rank, windows, counts)
            expected = weights[world[a], stratum[a], stratum[b]]
            passed = _passed(counts, least, share[a] * share[b], expected, cuts)
            found, n = _take(passed, histogram, found, n, a, b)
    return found, n


@njit(cache=True, nogil=True)
def _slot(rank, slab):  # type: ignore[no-untyped-def]
    return (np.uint64(rank * 1048573 + slab) * _GOLDEN) >> np.uint64(64 - _HASH_BITS)


@njit(cache=True, nogil=True)
def _slab_bits(window):  # type: ignore[no-untyped-def]
    """Slabs of time no shorter than both sides of the window together: two of them hold it; a power of two needs no division."""
    bits = 0
    while (1 << bits) < 2 * window + 1:
        bits += 1
    return bits


@njit(cache=True, nogil=True)
def _find_tokens(actions, shift, begin, lists, rank, first, stop, token, end_token):  # type: ignore[no-untyped-def]
    """Where the hotter part of the list of each action's account begins and ends.

    A loop of its own: memory then answers to many accounts at once, where the sweep would wait for each.
    """
    for i in range(first, stop):
        p = begin[_high(actions[i], shift)]
        token[i - first] = p
        while _high(lists[p], shift) < rank:
            p += 1
        end_token[i - first] = p


@njit(cache=True, nogil=True)
def _grow(following, keys, owners, oldest, newest, needed):  # type: ignore[no-untyped-def]
    old, new = len(keys), len(keys)
    while new < 2 * needed:
        new *= 2
    following_2, keys_2, owners_2 = np.empty(new, np.int64), np.empty(new, np.uint64), np.empty(new, np.int64)
    for q in range(oldest, newest):
        following_2[q & (new - 1)] = following[q & (old - 1)]
        keys_2[q & (new - 1)] = keys[q & (old - 1)]
        owners_2[q & (new - 1)] = owners[q & (old - 1)]
    return following_2, keys_2, owners_2


@njit(cache=True, nogil=True)
def find_candidates(  # type: ignore[no-untyped-def]
    start, actions, shift, ranked, begin, lists, walks, side, windows, least, odds, cuts, limit, histogram, first, stop
):
    """Pairs that met on an object of ranks ``first`` to ``stop`` and on enough hotter ones, within the widest window.

    ``walks[rank]`` says which way is cheaper there. ``side``: 0 for all accounts, or 1 and 2 for two blocks of
    accounts of which only pairs across are wanted. ``least``: objects a pair needs. ``odds``: what chance is made of, share, world
    and stratum per account, and weights of shape (worlds, 3, 3, windows); ``cuts`` of shape (cuts, counts): see :func:`_passed`.
    With one cut the pairs that pass it are returned; ``histogram[c]`` counts the ways in which ``c`` cuts are passed.
    Returns (keys ``a << 32 | b``, whole): ``whole`` is False when ``limit`` keys were passed and the task must be cut. A pair
    may come out more than once.
    """
    share, world, stratum, weights = odds
    mask = (np.uint64(1) << shift) - np.uint64(1)
    widest, n_windows = windows[-1], len(windows)
    found = np.empty(1 << 12, np.uint64)
    n = 0
    head = np.full(1 << _HASH_BITS, -1, np.int64)
    following, keys, owners = (
        np.empty(1 << 12, np.int64),
        np.empty(1 << 12, np.uint64),
        np.empty(1 << 12, np.int64),
    )
    newest, slab_bits = 0, _slab_bits(widest)
    token, end_token = np.empty(_AHEAD, np.int64), np.empty(_AHEAD, np.int64)
    seen, opened = np.empty(0, np.int64), np.empty(0, np.int64)
    touched, hotter = np.empty(0, np.int64), np.empty(0, np.int64)
    nearest, counts = np.empty(0, np.int64), np.empty((0, n_windows), np.int64)
    for rank in range(first, stop):
        o = ranked[rank]
        lo, hi = start[o], start[o + 1]
        if n > limit:
            return found[:n], False
        if walks[rank]:
            found, n = _walk(
                start,
                actions,
                shift,
                mask,
                begin,
                lists,
                side,
                o,
                rank,
                windows,
                least,
                odds,
                cuts,
                limit,
                histogram,
                found,
                n,
            )
            continue
        if len(seen) < hi - lo:
            room = 2 * (hi - lo)
            seen, opened = np.empty(room, np.int64), np.empty(room, np.int64)
            touched, hotter = np.empty(room, np.int64), np.empty(room, np.int64)
            nearest, counts = np.empty(room, np.int64), np.empty((room, n_windows), np.int64)
        seen[: hi - lo] = -1
        j = lo
        for i in range(lo, hi):
            if n > limit:
                break
            t, a = _time(actions[i], mask), _high(actions[i], shift)
            opened[i - lo] = newest
            while t - _time(actions[j], mask) > widest:
                j += 1
            oldest = opened[j - lo]
            ahead = (i - lo) % _AHEAD
            if ahead == 0:
                _find_tokens(actions, shift, begin, lists, rank, i, min(i + _AHEAD, hi), token, end_token)
            p_begin, p_end = token[ahead], end_token[ahead]
            if newest - oldest + p_end - p_begin > len(keys):
                needed = newest - oldest + p_end - p_begin
                following, keys, owners = _grow(following, keys, owners, oldest, newest, needed)
            size = len(keys) - 1
            n_touched = 0
            for p in range(p_begin, p_end):
                other, t_other = _high(lists[p], shift), _time(lists[p], mask)
                slab = max(t_other - widest, 0) >> slab_bits
                while slab <= (t_other + widest) >> slab_bits:
                    q = head[_slot(other, slab)]
                    while q >= oldest:
                        key = keys[q & size]
                        gap = abs(_time(key, mask) - t_other)
                        if _high(key, shift) == other and gap <= widest:
                            k = owners[q & size] - lo
                            if seen[k] != i:
                                b = _high(actions[lo + k], shift)
                                if b == a or (side[a] == side[b] and side[a] != 0):
                                    q = following[q & size]
                                    continue
                                seen[k], hotter[k] = i, -1
                                touched[n_touched] = k
                                n_touched += 1
                                apart = t - _time(actions[lo + k], mask)
                                for w in range(n_windows):
                                    counts[k, w] = apart <= windows[w]
                            if hotter[k] != other:
                                hotter[k], nearest[k] = other, widest + 1
                            if gap < nearest[k]:
                                for w in range(n_windows):
                                    counts[k, w] += gap <= windows[w] < nearest[k]
                                nearest[k] = gap
                        q = following[q & size]
                    slab += 1
            for m in range(n_touched):
                k = touched[m]
                b = _high(actions[lo + k], shift)
                expected = weights[world[a], stratum[a], stratum[b]]
                passed = _passed(counts[k], least, share[a] * share[b], expected, cuts)
                found, n = _take(passed, histogram, found, n, a, b)
            for p in range(p_begin, p_end):
                h = _slot(_high(lists[p], shift), _time(lists[p], mask) >> slab_bits)
                following[newest & size], keys[newest & size], owners[newest & size] = head[h], lists[p], i
                head[h] = newest
                newest += 1
        newest += 1
    return found[:n], n <= limit


@njit(cache=True, nogil=True)
def count_exactly(  # type: ignore[no-untyped-def]
    pairs, begin, lists, shift, windows, objects, meetings, a_first, b_first, first_at, last_at, first, stop
):
    """For pairs ``first`` to ``stop`` and every window (ascending): objects, meetings, who was first, when.

    All outputs have shape (pairs, windows); times are -1 where there was no meeting. One merge of two lists.
    """
    mask = (np.uint64(1) << shift) - np.uint64(1)
    widest = windows[-1]
    fetched = np.uint64(0)
    for q in range(first, stop):
        if (q - first) % _AHEAD == 0:
            for later in range(q, min(q + _AHEAD, stop)):
                fetched ^= lists[begin[np.int64(pairs[later] & np.uint64(0xFFFFFFFF))]]
        a, b = np.int64(pairs[q] >> np.uint64(32)), np.int64(pairs[q] & np.uint64(0xFFFFFFFF))
        i, j, i_end, j_end = begin[a], begin[b], begin[a + 1], begin[b + 1]
        for w in range(len(windows)):
            first_at[q, w], last_at[q, w] = -1, -1
        while i < i_end and j < j_end:
            rank, rank_j = _high(lists[i], shift), _high(lists[j], shift)
            if rank != rank_j:
                i += rank < rank_j
                j += rank_j < rank
                continue
            nearest = widest + 1
            near = j
            while i < i_end and _high(lists[i], shift) == rank:
                t = _time(lists[i], mask)
                while near < j_end and _high(lists[near], shift) == rank and _time(lists[near], mask) < t - widest:
                    near += 1
                k = near
                while k < j_end and _high(lists[k], shift) == rank and _time(lists[k], mask) <= t + widest:
                    u = _time(lists[k], mask)
                    gap = abs(t - u)
                    nearest = min(nearest, gap)
                    for w in range(len(windows)):
                        if gap <= windows[w]:
                            meetings[q, w] += 1
                            a_first[q, w] += t < u
                            b_first[q, w] += u < t
                            if first_at[q, w] < 0 or min(t, u) < first_at[q, w]:
                                first_at[q, w] = min(t, u)
                            last_at[q, w] = max(last_at[q, w], t, u)
                    k += 1
                i += 1
            while j < j_end and _high(lists[j], shift) == rank:
                j += 1
            for w in range(len(windows)):
                objects[q, w] += nearest <= windows[w]
    return fetched  # so that the fetching ahead is not left out as useless
