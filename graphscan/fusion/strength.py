"""Strength: how likely each cluster is batch-operated, and how well that is confirmed.

In: axes, ties, the check on held-out occasions. Out: :class:`Strength`. The sum of the four axes is turned into a probability by a logistic
curve fitted to clusters of simulated worlds, found ones and those set aside, and to honest groups planted into real actions
(``benchmarks/calibrate_clusters.py``; its table says which, and how well it held on others). Two rules stand above it: coordination
alone never rises above one half, and where nothing but coordination is known there is no probability.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from scipy.special import expit

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Ints
from graphscan.fusion.axes import Axes

COORDINATION_ALONE = 0.5
"""METHOD section 0.4: a small, new, honest club and a small, new farm look the same in co-action, so co-action never warns alone."""

LEAST_OTHER = 0.5
"""Automation and commerce together, per member: below it a cluster stands on coordination alone. A third of the members in a
registration batch (1.5 each), or sharing one shop's link (2), reach it."""


@dataclass(frozen=True)
class Strength:
    """One row a cluster, in the order of the grouping's clusters.

    ``probability``: 0 to 1, calibrated on simulated worlds, NaN without data. ``confirmed_p_value``: the timing check on
    occasions that had no part in finding the cluster, NaN where there are too few. ``enforcement_ties``: pairs of
    members tied by two independent layers.
    """

    probability: Floats
    confirmed_p_value: Floats
    enforcement_ties: Ints


@dataclass(frozen=True)
class ClusterCurve:
    """The curve: probability = 1 / (1 + exp(−(intercept + slopes · axes))); no slope is negative."""

    intercept: float
    slopes: tuple[float, float, float, float]

    def probability(self, axes: Axes) -> Floats:
        """Return the probability of each cluster before any rule."""
        return np.asarray(expit(self.intercept + axes.columns @ np.array(self.slopes)))


@cache
def default_curve() -> ClusterCurve:
    """Return the curve that comes with graphscan."""
    text = files("graphscan.fusion").joinpath("data/cluster_curve.toml").read_text(encoding="utf-8")
    loaded = tomllib.loads(text)
    coordination, automation, commerce, presence = (float(x) for x in loaded["slopes"])
    return ClusterCurve(float(loaded["intercept"]), (coordination, automation, commerce, presence))


def cluster_probability(axes: Axes, curve: ClusterCurve | None = None) -> Floats:
    """Return each cluster's probability of being batch-operated, rounded to six places; NaN for no data."""
    free = (curve or default_curve()).probability(axes)
    alone = axes.automation + axes.commerce < LEAST_OTHER
    held = np.where(alone, np.minimum(free, COORDINATION_ALONE), free)
    return np.where(axes.known, np.round(held, 6), np.nan)
