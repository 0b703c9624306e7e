"""The Cauchy combination: plain loops, silence of layers without data, and chance that stays chance."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from graphscan.fusion.cauchy import LEAST_P, combine

WEIGHTS = np.array([1.0, 1.5, 2.0])


def plainly(p_values, weights):
    """The formula of METHOD stage 5, one pair at a time, p above one half counting as one half."""
    total = statistic = 0.0
    for p, weight in zip(p_values, weights, strict=True):
        if not math.isnan(p):
            total += weight
            statistic += weight * max(0.0, math.tan((0.5 - p) * math.pi))
    return 1.0 if statistic == 0 else 0.5 - math.atan(statistic / total) / math.pi


@pytest.mark.parametrize(
    "p", [(0.01, 0.2, 0.03), (0.4, 1.0, 0.049), (0.003, float("nan"), 1.0), (1e-4, 1e-5, float("nan"))]
)
def test_it_is_the_formula(p):
    assert combine(np.array([p]), WEIGHTS)[0] == pytest.approx(plainly(p, WEIGHTS), rel=1e-9)


def test_a_layer_without_data_is_left_out_and_one_that_shows_nothing_is_not():
    alone, silent, nothing = combine(
        np.array([[1e-6, np.nan, np.nan], [1e-6, np.nan, 1.0], [np.nan, np.nan, np.nan]]), WEIGHTS
    )
    assert alone == pytest.approx(1e-6, rel=1e-6)
    assert silent == pytest.approx(3e-6, rel=1e-6)  # its weight of 2 beside 1 is the price of having looked
    assert nothing == 1.0


def test_the_smallest_p_values_keep_their_order():
    p = combine(np.array([[1e-250, np.nan, np.nan], [1e-20, np.nan, np.nan], [0.0, np.nan, np.nan]]), WEIGHTS)
    assert LEAST_P <= p[2] < p[0] < p[1] == pytest.approx(1e-20, rel=1e-6)


@pytest.mark.parametrize("shared", [0.0, 0.6, 1.0], ids=["independent", "dependent", "the same"])
def test_chance_in_every_layer_stays_chance_together(shared):
    """Three looks at nothing, more or less the same look: below 0.01 hardly more often than one in a hundred."""
    rng = np.random.default_rng(5)
    common, own = rng.normal(size=(400_000, 1)), rng.normal(size=(400_000, 3))
    p = norm.sf(np.sqrt(shared) * common + np.sqrt(1 - shared) * own)
    together = combine(p, WEIGHTS)
    assert np.mean(together <= 0.01) <= 0.0117
    assert np.mean(together <= 0.001) <= 0.0012
    assert np.mean(together <= 0.01) >= 0.005
