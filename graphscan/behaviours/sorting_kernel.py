"""The compiled inner loops of sorting: one pass of a radix sort, and the first action per account and occasion.

In: keys and an order. Out: the next order. :mod:`graphscan.behaviours.sorting` is the way in.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def radix_pass(keys, low, shift, bits, order, out):  # type: ignore[no-untyped-def]
    """Write ``order``, stably sorted by ``bits`` bits of ``keys - low`` from bit ``shift`` up, to ``out``."""
    mask = (1 << bits) - 1
    begin = np.zeros((1 << bits) + 1, np.int64)
    for i in range(len(keys)):
        begin[(((keys[i] - low) >> shift) & mask) + 1] += 1
    for b in range(1 << bits):
        begin[b + 1] += begin[b]
    for i in order:
        b = ((keys[i] - low) >> shift) & mask
        out[begin[b]] = i
        begin[b] += 1


@njit(cache=True, nogil=True)
def in_order(keys, order):  # type: ignore[no-untyped-def]
    """Whether the keys ascend in this order."""
    for i in range(1, len(order)):  # noqa: SIM110  numba knows no generators here
        if keys[order[i]] < keys[order[i - 1]]:
            return False
    return True


@njit(cache=True, nogil=True)
def first_of_occasion(order, account, object_, day, n_accounts, occasion, kept):  # type: ignore[no-untyped-def]
    """Number the object-days of rows ordered by (object, time), and keep the first row of each account in each.

    ``occasion`` and ``kept`` get the occasion and the row of what is kept; returns (how many are kept, how many occasions).
    """
    last = np.full(n_accounts, -1, np.int64)
    n, number = 0, -1
    for k in range(len(order)):
        i = order[k]
        if k == 0 or object_[i] != object_[order[k - 1]] or day[i] != day[order[k - 1]]:
            number += 1
        if last[account[i]] != number:
            last[account[i]] = number
            occasion[n], kept[n] = number, i
            n += 1
    return n, number + 1


@njit(cache=True, nogil=True)
def first_of_object(account, occasion, object_of, n_accounts, first):  # type: ignore[no-untyped-def]
    """Mark the first row of each account on each object; occasions of one object follow each other."""
    last = np.full(n_accounts, -1, np.int32)
    for i in range(len(account)):
        object_ = object_of[occasion[i]]
        first[i] = last[account[i]] != object_
        last[account[i]] = object_
