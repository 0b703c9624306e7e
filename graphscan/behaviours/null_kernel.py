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
def expected_meetings(  # type: ignore[no-untyped-def]
    account_a,
    account_b,
    stratum,
    block_start,
    block_of,
    block_share,
    block_weight,
    channel_start,
    channel_of,
    channel_share,
    channel_weight,
    first,
    stop,
    expected,
):
    """Fill ``expected[pair, window]`` for pairs ``first`` to ``stop``.

    The sum over interest blocks that both act in of ``share_a * share_b * weight``, plus the same over channels; lists
    are per account, sorted by block (channel) number.
    """
    n_windows = expected.shape[1]
    for q in range(first, stop):
        a, b = account_a[q], account_b[q]
        g, h = stratum[a], stratum[b]
        i, j = block_start[a], block_start[b]
        while i < block_start[a + 1] and j < block_start[b + 1]:
            if block_of[i] < block_of[j]:
                i += 1
            elif block_of[j] < block_of[i]:
                j += 1
            else:
                both = block_share[i] * block_share[j]
                for w in range(n_windows):
                    expected[q, w] += both * block_weight[block_of[i], g, h, w]
                i += 1
                j += 1
        i, j = channel_start[a], channel_start[b]
        while i < channel_start[a + 1] and j < channel_start[b + 1]:
            if channel_of[i] < channel_of[j]:
                i += 1
            elif channel_of[j] < channel_of[i]:
                j += 1
            else:
                both = channel_share[i] * channel_share[j]
                for w in range(n_windows):
                    expected[q, w] += both * channel_weight[channel_of[i], g, h, w]
                i += 1
                j += 1
