"""The compiled inner loops of motifs: bursts, orders, rings.

In: sorted times and local member numbers (0 … n - 1, -1 for outsiders). Out: counts and statistics. Each is exact, in
time that grows with the actions looked at.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def widest(at, window):  # type: ignore[no-untyped-def]
    """Return (first, last + 1) of the most actions within ``window`` of each other; the earliest of several."""
    best_lo, best_hi, lo = 0, 0, 0
    for hi in range(len(at)):
        while at[hi] - at[lo] > window:
            lo += 1
        if hi + 1 - lo > best_hi - best_lo:
            best_lo, best_hi = lo, hi + 1
    return best_lo, best_hi


@njit(cache=True)
def bursts(start, who, at, window, least, n, found):  # type: ignore[no-untyped-def]
    """Bursts per chat in which ``least`` distinct members speak within ``window``; rows (first, last + 1) go to ``found``.

    A burst ends where a member's message is more than ``window`` after the one before. Call with an empty ``found`` to count.
    """
    count = 0
    for c in range(len(start) - 1):
        lo = start[c]
        while lo < start[c + 1]:
            if who[lo] < 0:
                lo += 1
                continue
            hi, last = lo, at[lo]
            seen = np.zeros(n, np.bool_)
            distinct = 0
            while hi < start[c + 1]:
                if who[hi] >= 0:
                    if at[hi] - last > window:
                        break
                    last = at[hi]
                    if not seen[who[hi]]:
                        seen[who[hi]] = True
                        distinct += 1
                hi += 1
            if distinct >= least:
                if count < len(found):
                    found[count, 0], found[count, 1] = lo, hi
                count += 1
            lo = hi
    return count


@njit(cache=True)
def agreement(start, who, n):  # type: ignore[no-untyped-def]
    """Mean Kendall tau over all pairs of occasions and all pairs of members in both; 0 where no pair comes twice.

    ``who`` lists members in the order in which they acted. For members a, b let D be how often a was first minus how often b was, over C
    occasions: the concordant minus the discordant pairs of occasions are (D² - C) / 2, of (C² - C) / 2.
    """
    lead = np.zeros((n, n), np.int64)
    both = np.zeros((n, n), np.int64)
    for o in range(len(start) - 1):
        for i in range(start[o], start[o + 1]):
            for j in range(i + 1, start[o + 1]):
                lead[who[i], who[j]] += 1
                both[min(who[i], who[j]), max(who[i], who[j])] += 1
    agreed, pairs = 0, 0
    for a in range(n):
        for b in range(a + 1, n):
            d = lead[a, b] - lead[b, a]
            agreed += d * d - both[a, b]
            pairs += both[a, b] * both[a, b] - both[a, b]
    return agreed / pairs if pairs else 0.0


@njit(cache=True)
def rings(actor, owner, at, window, n, found):  # type: ignore[no-untyped-def]
    """Directed rings a → b → c → a whose three acts lie within ``window``, each counted where its last act closes it.

    ``found`` gets (a, b, c, first act's time, last act's time). Only the newest act between two accounts can close the narrowest ring, so
    remembering it is exact (temporal motifs of Paranjape, Benson & Leskovec 2017).
    """
    newest = np.full((n, n), np.iinfo(np.int64).min // 2)
    count = 0
    for e in range(len(at)):
        c, a, t = actor[e], owner[e], at[e]
        for b in range(n):
            if b in (a, c):
                continue
            first = min(newest[a, b], newest[b, c])
            if t - first <= window and newest[c, a] < max(newest[a, b], newest[b, c]):
                if count < len(found):
                    found[count, 0], found[count, 1], found[count, 2] = a, b, c
                    found[count, 3], found[count, 4] = first, t
                count += 1
        newest[c, a] = t
    return count


@njit(cache=True, nogil=True)
def find_stretches(template, account, at_ms, product, longest_ms, least_accounts, least_products):  # type: ignore[no-untyped-def]
    """Non-overlapping stretches of one template within a time, with enough distinct accounts and products.

    Rows are sorted by (template, time). Returns shape (stretches, 2): first row and last row + 1.
    """
    n = len(template)
    found = np.empty((n // max(least_accounts, 1) + 1, 2), np.int64)
    if n == 0:
        return found[:0]
    seen_account = np.full(account.max() + 1, -1, np.int64)
    seen_product = np.full(product.max() + 1, -1, np.int64)
    stretches, lo = 0, 0
    while lo < n:
        hi, accounts, products = lo, 0, 0
        while hi < n and template[hi] == template[lo] and at_ms[hi] - at_ms[lo] <= longest_ms:
            accounts += seen_account[account[hi]] != lo
            products += seen_product[product[hi]] != lo
            seen_account[account[hi]] = lo
            seen_product[product[hi]] = lo
            hi += 1
        if accounts >= least_accounts and products >= least_products:
            found[stretches, 0], found[stretches, 1] = lo, hi
            stretches += 1
            lo = hi
        else:
            lo += 1
    return found[:stretches]
