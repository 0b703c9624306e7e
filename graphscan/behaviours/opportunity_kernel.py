"""The compiled inner loops of opportunity: shares, worlds, latency, the blocks of what was not learnt from, what lies close.

In: first actions per (account, object-day) sorted by (object-day, time). Out: counts per account and group, labels.
:mod:`graphscan.behaviours.opportunity` and :mod:`graphscan.behaviours.interests` are the ways in. Each is one pass that holds
little besides its answer: of a whole day of a platform, numpy's intermediate columns took several gigabytes (measured).
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def add_latency(start, account, at, total, weight):  # type: ignore[no-untyped-def]
    """Add each account's weighted mean place in its object-days, and the weights: those at the same instant share a place."""
    for o in range(len(start) - 1):
        lo, hi = start[o], start[o + 1]
        size = hi - lo
        counted = min(max((size - 1) / 10, 0.0), 1.0)
        i = lo
        while i < hi:
            j = i
            while j < hi and at[j] == at[i]:
                j += 1
            place = (i + j - 1 - 2 * lo) / 2
            for k in range(i, j):
                total[account[k]] += (place + 0.5) / size * counted
                weight[account[k]] += counted
            i = j


@njit(cache=True, nogil=True)
def join_parts(account, occasion, object_of, n_accounts, label):  # type: ignore[no-untyped-def]
    """Label accounts and, behind them, objects by the part of the log they lie in, numbered by their first member.

    Union by the smaller number, with path halving (Tarjan & van Leeuwen, J. ACM 31 (1984) 245–281). Returns how many parts.
    """
    for v in range(len(label)):
        label[v] = v
    for i in range(len(account)):
        a, b = account[i], n_accounts + object_of[occasion[i]]
        while label[a] != a:
            label[a] = label[label[a]]
            a = label[a]
        while label[b] != b:
            label[b] = label[label[b]]
            b = label[b]
        label[max(a, b)] = min(a, b)
    n = 0
    for v in range(len(label)):
        if label[v] == v:
            label[v] = n
            n += 1
        else:  # a root is never behind its members, so that it is numbered already
            label[v] = label[label[v]]
    return n


@njit(cache=True, nogil=True)
def count_rows(account, occasion, group_of, used, begin):  # type: ignore[no-untyped-def]
    """Count, in ``begin[account + 1]``, the used actions of each account whose occasion has a group."""
    for i in range(len(account)):
        if used[i] and group_of[occasion[i]] >= 0:
            begin[account[i] + 1] += 1
    for a in range(len(begin) - 1):
        begin[a + 1] += begin[a]


@njit(cache=True, nogil=True)
def list_groups(account, occasion, group_of, used, place, groups):  # type: ignore[no-untyped-def]
    """Write the group of each used action to its account's part of ``groups``; ``place`` moves to the parts' ends."""
    for i in range(len(account)):
        if used[i] and group_of[occasion[i]] >= 0:
            groups[place[account[i]]] = group_of[occasion[i]]
            place[account[i]] += 1


@njit(cache=True, nogil=True)
def merge_groups(begin, groups, counts):  # type: ignore[no-untyped-def]
    """Sort each account's groups and count equal ones, in place; ``begin`` becomes the starts of what is left, which is returned."""
    n = 0
    for a in range(len(begin) - 1):
        lo, hi = begin[a], begin[a + 1]
        part = np.sort(groups[lo:hi])
        begin[a] = n
        for k in range(hi - lo):
            if k and part[k] == part[k - 1]:
                counts[n - 1] += 1
            else:
                groups[n], counts[n] = part[k], 1
                n += 1
    begin[-1] = n
    return n


@njit(cache=True, nogil=True)
def adopt(begin, neighbours, used, label, inside, within, expected, chosen):  # type: ignore[no-untyped-def]
    """Give each node the label by which its neighbours pass chance most: ``chosen[v]``, 0 where none does.

    ``neighbours[begin[v]:begin[v + 1]]``, those that are ``used`` (of shape 0: all), have a ``label`` each, 0 for none. Only
    labels inside the node's own coarser block count: ``within[label]`` must be ``inside[v]``. ``expected[label]`` is the
    label's share of its coarser block: a node takes the label whose share among those neighbours exceeds it most, which
    is the gain in modularity of moving there. Ties go to the smaller label.
    """
    count = np.zeros(len(expected), np.int64)
    touched = np.empty(len(expected), np.int64)
    for v in range(len(begin) - 1):
        n_touched, total = 0, 0
        for k in range(begin[v], begin[v + 1]):
            if len(used) and not used[k]:
                continue
            b = label[neighbours[k]]
            if b == 0 or within[b] != inside[v]:
                continue
            if count[b] == 0:
                touched[n_touched] = b
                n_touched += 1
            count[b] += 1
            total += 1
        best, gain = 0, 0.0
        for t in range(n_touched):
            b = touched[t]
            here = count[b] / total - expected[b]
            if here > gain or (here == gain and best > b):
                best, gain = b, here
            count[b] = 0
        chosen[v] = best


@njit(cache=True, nogil=True)
def count_close(start, at, window):  # type: ignore[no-untyped-def]
    """Count the pairs of actions within the window on one object-day."""
    n = 0
    for o in range(len(start) - 1):
        j = start[o]
        for i in range(start[o], start[o + 1]):
            while at[i] - at[j] > window:
                j += 1
            n += i - j
    return n
