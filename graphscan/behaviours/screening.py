"""Screening: which pairs need not be weighed, since no false discovery rate could find them.

In: the least that chance expects of a pair, and how many pairs there are. Out: :class:`Screen`, by which the meetings stage
leaves pairs out while it looks for them. In a day of ten million actions some billion pairs come twice to the same two popular
notes within an hour; nothing can be found among them, and nothing is lost by not forming them.

Why nothing is lost: the step-up rule (Benjamini & Hochberg 1995) finds R pairs, and then each has p ≤ rate · R / tested. R
is not known before, but R ≤ N(p), the pairs that would pass at p if chance expected the least it can; so the largest t with
t ≤ rate · N(t) / tested bounds every p that is found, and a pair above it is not found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from graphscan.behaviours.actions import Codes, Ints
from graphscan.behaviours.interests import Floats

_MOST_COUNTED = 64
"""Objects from which a pair is always formed: so many are not left to chance, and there are few such pairs."""

_LIMITS_PER_DECADE = 4
_SMALLEST_LIMIT = 1e-18
_ROUNDING = 1.0 + 1e-9  # what sums in another order may differ by, and more


@dataclass(frozen=True)
class Screen:
    """The least that chance expects: ``share[a] · share[b] · weights[world, stratum of a, stratum of b, window]`` objects.

    ``share``, ``world`` and ``stratum`` have one entry per account, ``weights`` shape (worlds, 3, 3, windows). ``tested`` is the number
    of pairs that the false discovery ``rate`` is over.
    """

    share: Floats
    world: Codes
    stratum: Codes
    weights: Floats
    tested: int
    rate: float

    @property
    def odds(self) -> tuple[Floats, Codes, Codes, Floats]:
        """The arrays as the compiled loops take them."""
        return self.share, self.world, self.stratum, self.weights

    def cuts(self, limits: Floats) -> Floats:
        """Return, for each limit of p and each number of objects, what chance may expect at most; -1 where that never suffices.

        P(Poisson(x) ≥ c) = P(c, x), the regularised incomplete gamma function; p is that times the windows tried.
        """
        share = np.minimum(limits / self.weights.shape[-1], 1.0)
        counts = np.arange(1, _MOST_COUNTED)
        inside = special.gammaincinv(counts[None, :], share[:, None]) * _ROUNDING
        none, always = np.full((len(limits), 1), -1.0), np.full((len(limits), 1), np.inf)
        return np.ascontiguousarray(np.concatenate([none, inside, always], axis=1))

    def bound(self, pairs: float) -> float:
        """Return what p is at most for a pair that is found, when no more than ``pairs`` pairs can be."""
        return min(1.0, self.rate * pairs / max(self.tested, 1))


def limits_from(largest: float) -> Floats:
    """Return limits of p from the largest down, evenly in their logarithm."""
    decades = max(np.log10(largest / _SMALLEST_LIMIT), 0.0)
    return np.asarray(largest * 10.0 ** -(np.arange(int(decades * _LIMITS_PER_DECADE) + 2) / _LIMITS_PER_DECADE))


def bound_of(screen: Screen, limits: Floats, passed: Ints) -> float:
    """Return the tightest bound of p that the counts allow; ``passed[j]``: at least as many pairs as pass ``limits[j]``.

    Between two limits no more pairs pass than at the upper one: where even that is too few, nothing there is found.
    """
    for j in range(len(limits)):
        reached = screen.bound(float(passed[j]))
        below = limits[j + 1] if j + 1 < len(limits) else 0.0
        if reached > below or (reached == below and reached > 0):
            return min(float(limits[j]), reached)
    return 0.0


NO_SCREEN_CUTS = np.full((1, 2), np.inf)
"""Cuts that every pair passes."""


def no_odds(n_accounts: int, n_windows: int) -> tuple[Floats, Codes, Codes, Floats]:
    """Odds for a search without a screen."""
    codes = np.zeros(n_accounts, np.int32)
    return np.zeros(n_accounts), codes, codes, np.zeros((1, 1, 1, n_windows))
