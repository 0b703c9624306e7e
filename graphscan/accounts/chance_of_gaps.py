"""How likely gaps as regular as these are for an account that posts at random: an exact small-sample p-value.

In: numbers of gaps and their coefficients of variation (CoV). Out: one-sided p-values under exponential gaps, from a
table made once by simulation (``benchmarks/regularity_table.py``; importance sampling reaches p = 1e-12). The null
is scale free: only the number of gaps matters. With few gaps randomness looks regular: of posters with 3 random
posts half have CoV < 0.5, hence no statement under :data:`MIN_GAPS`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Ints

MIN_GAPS = 15
"""METHOD: no statement under 15 gaps (CoV < 0.46 is needed there for p = 0.001)."""


@dataclass(frozen=True)
class GapTable:
    """``cov[i, j]``: the CoV that ``gaps[i]`` random gaps stay under with chance ``p_value[j]``, ascending."""

    gaps: Ints
    p_value: Floats
    cov: Floats

    def row(self, n: int) -> Floats:
        """Critical CoVs for n gaps: between rows of the table linearly in 1/√n, which the CoV's spread follows.

        Beyond the last row that row stands in; its values are too small there, so p-values come out too large.
        """
        position = np.interp(-1 / np.sqrt(n), -1 / np.sqrt(self.gaps), np.arange(len(self.gaps)))
        low = int(position)
        high = min(low + 1, len(self.gaps) - 1)
        return np.asarray(self.cov[low] + (position - low) * (self.cov[high] - self.cov[low]))


@cache
def gap_table() -> GapTable:
    """Return the table that comes with graphscan."""
    text = files("graphscan.accounts").joinpath("data/regularity.toml").read_text(encoding="utf-8")
    loaded = tomllib.loads(text)
    return GapTable(np.array(loaded["gaps"]), np.array(loaded["p_value"]), np.array(loaded["cov"]))


def regularity_p_values(n_gaps: Ints, cov: Floats) -> Floats:
    """Return the chance that n random gaps have so small a CoV or a smaller one; NaN under MIN_GAPS.

    Above the table's largest CoV (p = 0.99) it is 1; below its smallest (p = 1e-12) it stays there.
    """
    table = gap_table()
    log_p = np.log(table.p_value)
    result = np.full(len(cov), np.nan)
    enough = (n_gaps >= MIN_GAPS) & ~np.isnan(cov)
    for n in np.unique(n_gaps[enough]):
        rows = enough & (n_gaps == n)
        result[rows] = np.exp(np.interp(cov[rows], table.row(int(n)), log_p, right=0.0))
    return result
