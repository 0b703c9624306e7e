"""Whether a probability means what it says: of a hundred given 0.9, ninety should be guilty.

In: probabilities and outcomes. Out: :class:`Calibration`: bins with exact intervals, the expected calibration error
(Naeini, Cooper and Hauskrecht 2015) and the Brier score (1950). Both depend on how rare the guilty are in the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graphscan.evaluation.rates import Rate, rate_of

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Ten bins of equal width, as in the literature, so that figures compare."""

TOP = 0.95
"""From here on a cluster may carry a limit (docs/decisions.md): the top bin is told by itself."""


@dataclass(frozen=True)
class Bin:
    """One bin of probabilities from ``low`` to ``high``: their mean, and how many of them were guilty."""

    low: float
    high: float
    mean: float | None
    rate: Rate

    @property
    def gap(self) -> float | None:
        """Mean probability less the share that was guilty; above nothing: it accuses too much."""
        return None if self.mean is None or self.rate.share is None else self.mean - self.rate.share


@dataclass(frozen=True)
class Calibration:
    """One probability held against the truth.

    ``count`` of them were given, ``base_share`` of these are guilty. ``brier_base`` is the Brier score of whoever
    always says the base share: a score above it is worse than knowing nothing.
    """

    name: str
    guilty: str
    count: int
    base_share: float | None
    bins: tuple[Bin, ...]
    top: Bin
    ece: float | None
    brier: float | None
    brier_base: float | None


def calibrate(name: str, guilty: str, probabilities: Sequence[float], outcomes: Sequence[bool]) -> Calibration:
    """Hold probabilities against outcomes; ``guilty`` says in words what makes an outcome true."""
    p, true = np.asarray(probabilities, float), np.asarray(outcomes, bool)
    order = np.lexsort((true, p))  # so that the order of rows does not change the last digit of a sum
    p, true = p[order], true[order]
    places = np.clip(np.searchsorted(EDGES, p, side="right") - 1, 0, len(EDGES) - 2)
    bins = tuple(_bin(low, high, p[places == k], true[places == k]) for k, (low, high) in enumerate(pairwise(EDGES)))
    top = _bin(TOP, 1.0, p[p >= TOP], true[p >= TOP])
    if not len(p):
        return Calibration(name, guilty, 0, None, bins, top, None, None, None)
    base = float(true.mean())
    ece = sum(abs(b.gap) * b.rate.of for b in bins if b.gap is not None) / len(p)
    return Calibration(name, guilty, len(p), base, bins, top, ece, float(np.mean((p - true) ** 2)), base * (1 - base))


def _bin(low: float, high: float, p: np.ndarray, true: np.ndarray) -> Bin:
    mean = float(p.mean()) if len(p) else None
    return Bin(low, high, mean, rate_of("calibration", f"{low:g} to {high:g}", int(true.sum()), len(p)))
