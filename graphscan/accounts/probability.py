"""Probability: how likely an account is managed by a program, from its own conduct and its place in a cluster.

In: :class:`Conduct` and each account's membership. Out: probabilities (``managed_probability``). The sum of capped weights
(:mod:`graphscan.accounts.weights`) is turned into a probability by a logistic curve fitted to simulated worlds
(``benchmarks/calibrate.py``; its table says which, and how well it held on others). Two rules stand above the curve: without own
evidence of ln 10 nobody rises above one half, whatever the neighbours do; and where nothing is known there is none.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from scipy.special import expit

from graphscan.accounts.conduct import Conduct
from graphscan.accounts.deeds import Floats
from graphscan.accounts.weights import anything_known, own_weight, weigh

OWN_FLOOR = float(np.log(10))
"""METHOD stage 8: without LLR_own ≥ ln 10 an account cannot rise above *watch*, whatever its neighbours."""

WITHOUT_OWN = 0.5

MEMBERSHIP_CAP = 3.0
"""A cluster counts less than an account's own tools can: e³ is 20 to 1."""


@dataclass(frozen=True)
class Calibration:
    """The curve: probability = 1 / (1 + exp(-(intercept + slope · weight))). The slope is positive."""

    intercept: float
    slope: float

    def probability(self, weight: Floats) -> Floats:
        """Return the probability at each total weight."""
        return np.asarray(expit(self.intercept + self.slope * weight))


@cache
def default_calibration() -> Calibration:
    """Return the curve that comes with graphscan."""
    text = files("graphscan.accounts").joinpath("data/calibration.toml").read_text(encoding="utf-8")
    loaded = tomllib.loads(text)
    return Calibration(float(loaded["intercept"]), float(loaded["slope"]))


def managed_probability(found: Conduct, membership: Floats | None = None, curve: Calibration | None = None) -> Floats:
    """Return each account's probability of being managed; NaN where nothing is known.

    ``membership`` is 0 to 1, and NaN (or 0) for an account outside every cluster.
    """
    weights = weigh(found)
    own = own_weight(weights)
    inside = np.zeros(len(own)) if membership is None else np.nan_to_num(membership)
    return np.where(anything_known(weights) | (inside > 0), weighed_probability(own, inside, curve), np.nan)


def weighed_probability(own: Floats, membership: Floats, curve: Calibration | None = None) -> Floats:
    """Return the probability at an account's own log-likelihood ratio and its membership, both rules kept."""
    probability = (curve or default_calibration()).probability(own + cluster_weight(membership))
    return np.where(own >= OWN_FLOOR, probability, np.minimum(probability, WITHOUT_OWN))


def cluster_weight(membership: Floats) -> Floats:
    """What membership of a cluster counts: up to MEMBERSHIP_CAP, in proportion."""
    return np.asarray(MEMBERSHIP_CAP * np.clip(np.nan_to_num(membership), 0.0, 1.0))
