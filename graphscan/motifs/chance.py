"""Chance: p-values of motifs from surrogates.

In: what was seen, and the same statistic on surrogates. Out: p = (1 + #surrogates as high) / (S + 1); where no
surrogate is, a tail fitted to them, since surrogates alone cannot show less than 1 / (S + 1) (METHOD stage 4: a
Poisson tail for counts).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

SURROGATES = 199  # METHOD stage 4
_UNSEEN = 3.0
"""Occurrences that may hide behind none in S surrogates: 3 / S is the upper 95 % limit of their mean (rule of three)."""

_SMALLEST = 1e-12  # a fitted tail says nothing finer
_ALIKE = 1e-9  # surrogates that differ by rounding only, as with times to the day, have no tail to fit


def count_tail(seen: int, drawn: Floats) -> float:
    """Return the p-value of a count; beyond the surrogates, Poisson with the upper limit of their mean."""
    at_least = int((drawn >= seen).sum())
    if seen <= 0 or at_least:
        return (1 + at_least) / (len(drawn) + 1)
    mean = float((drawn.sum() + _UNSEEN) / len(drawn))
    spread = float(drawn.var() / max(drawn.mean(), 1e-9)) if drawn.any() else 1.0
    tail = stats.poisson.sf(np.ceil(seen / max(spread, 1.0)) - 1, mean / max(spread, 1.0))
    return float(np.clip(tail, _SMALLEST, 1 / (len(drawn) + 1)))


def value_tail(seen: float, drawn: Floats) -> float:
    """Return the p-value of a measure; beyond the surrogates, Pearson type III with their mean, variance and skewness.

    Source of the fitted tail: Mielke & Berry, *Permutation Methods* (2007), moment approximation.
    """
    at_least = int((drawn >= seen).sum())
    deviation, mean = float(drawn.std()), float(drawn.mean())
    if at_least or deviation <= _ALIKE * max(abs(mean), 1.0):
        return (1 + at_least) / (len(drawn) + 1)
    z = (seen - mean) / deviation
    skew = max(float(stats.skew(drawn)), 0.0)
    return float(np.clip(stats.pearson3.sf(z, skew), _SMALLEST, 1 / (len(drawn) + 1)))


def over_all(p_values: list[float]) -> float:
    """Return the p-value of the best of several, corrected for their number (Bonferroni); 1 where there is none."""
    return min(1.0, len(p_values) * min(p_values)) if p_values else 1.0
