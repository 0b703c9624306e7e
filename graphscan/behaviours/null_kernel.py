"""The compiled inner loops of the null model: burst shapes of object-days, expected meetings of pairs.

In: first actions per (account, object-day) sorted by (object-day, time); pairs. Out: coincidence rates and expectations.
:mod:`graphscan.behaviours.chance` is the way in.
"""

from __future__ import annotations

import numpy as np
from numba import njit

PRIOR_PAIRS = 3.0  # METHOD: pseudo-pairs at the object-day's own mean rate, so that thin strata say little


@njit(cache=True, nogil=True)
def coincidence_rates(start, stratum, at, windows):  # type: ignore[no-untyped-def]
    """Share of pairs of an object-day's actors that are within each window, by latency strata.

    Returns shape (object-days, 3, 3, windows), symmetric in the strata: the burst shape of the object-day itself.
    """
    n_days, n_windows = len(start) - 1, len(windows)
    rates = np.zeros((n_days, 3, 3, n_windows), np.float32)
    for o in range(n_days):
        lo, hi = start[o], start[o + 1]
        n = hi - lo
        if n < 2:
            continue
        size = np.zeros(3)
        for i in range(lo, hi):
            size[stratum[i]] += 1
        for w in range(n_windows):
            met = np.zeros((3, 3))
            inside = np.zeros(3)
            j = lo
            for i in range(lo, hi):
                while at[i] - at[j] > windows[w]:
                    inside[stratum[j]] -= 1
                    j += 1
                for h in range(3):
                    met[stratum[i], h] += inside[h]
                inside[stratum[i]] += 1
            mean = (met.sum() + 0.5) / (n * (n - 1) / 2 + 1)
            for g in range(3):
                for h in range(g, 3):
                    both = met[g, g] if g == h else met[g, h] + met[h, g]
                    pairs = size[g] * (size[g] - 1) / 2 if g == h else size[g] * size[h]
                    rate = min(1.0, (both + PRIOR_PAIRS * mean) / (pairs + PRIOR_PAIRS))
                    rates[o, g, h, w] = rate
                    rates[o, h, g, w] = rate
    return rates


@njit(cache=True, nogil=True)
def add_products(account_a, account_b, stratum, begin, group, share, weights, first, stop, total):  # type: ignore[no-untyped-def]
    """Add to ``total[pair, window]``, for pairs ``first`` to ``stop``, the sum over groups that both act in.

    Each term is ``share_a * share_b * weights[group, stratum_a, stratum_b, window]``; lists are per account, sorted by group.
    """
    for q in range(first, stop):
        a, b = account_a[q], account_b[q]
        i, j = begin[a], begin[b]
        while i < begin[a + 1] and j < begin[b + 1]:
            if group[i] < group[j]:
                i += 1
            elif group[j] < group[i]:
                j += 1
            else:
                both = share[i] * share[j]
                for w in range(total.shape[1]):
                    total[q, w] += both * weights[group[i], stratum[a], stratum[b], w]
                i += 1
                j += 1


@njit(cache=True, nogil=True)
def common_occasions(account_a, account_b, window, begin, occasion, at, out):  # type: ignore[no-untyped-def]
    """List the occasions on which each pair met within its window; returns how many.

    ``begin``, ``occasion``, ``at`` are per-account lists sorted by occasion. ``out`` of shape (n, 3) receives pair number
    and the positions of both accounts' actions in these lists; pass an array of no rows to only count.
    """
    n = 0
    for q in range(len(account_a)):
        i, j = begin[account_a[q]], begin[account_b[q]]
        i_end, j_end = begin[account_a[q] + 1], begin[account_b[q] + 1]
        while i < i_end and j < j_end:
            if occasion[i] < occasion[j]:
                i += 1
            elif occasion[j] < occasion[i]:
                j += 1
            else:
                if abs(at[i] - at[j]) <= window[q]:
                    if n < len(out):
                        out[n, 0], out[n, 1], out[n, 2] = q, i, j
                    n += 1
                i += 1
                j += 1
    return n
