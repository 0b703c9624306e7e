"""The compiled inner loop of intake: hashes of ids.

In: the bytes of texts and where each begins. Out: 64-bit hashes. :mod:`graphscan.intake.large` is the way in.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def hash_texts(bounds, data, out):  # type: ignore[no-untyped-def]
    """Write a 64-bit hash of each text's bytes: FNV-1a with a final mix, so that ids that count up spread."""
    for i in range(len(bounds) - 1):
        h = np.uint64(14695981039346656037)
        for j in range(bounds[i], bounds[i + 1]):
            h = (h ^ np.uint64(data[j])) * np.uint64(1099511628211)
        h ^= h >> np.uint64(33)
        h *= np.uint64(0xFF51AFD7ED558CCD)
        out[i] = h ^ (h >> np.uint64(33))
