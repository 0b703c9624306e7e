"""Whether probabilities keep their word: figures counted by hand, and verdicts that need enough accounts."""

from __future__ import annotations

import numpy as np
import pytest

from graphscan.evaluation.calibration import calibrate
from graphscan.evaluation.goals import MISSED, NOT_SHOWN, SHOWN, goals_of
from graphscan.evaluation.harm import harm_of
from graphscan.evaluation.rates import rate_of


def test_bins_ece_and_brier_are_those_counted_by_hand() -> None:
    found = calibrate("p", "guilty", [0.05, 0.05, 0.65, 0.65, 1.0], [False, True, True, True, True])
    told = [(b.rate.name, b.rate.count, b.rate.of, b.mean) for b in found.bins if b.rate.of]
    assert told == [("0 to 0.1", 1, 2, 0.05), ("0.6 to 0.7", 2, 2, 0.65), ("0.9 to 1", 1, 1, 1.0)]
    assert found.ece == pytest.approx((2 * 0.45 + 2 * 0.35 + 0) / 5)
    assert found.brier == pytest.approx((0.05**2 + 0.95**2 + 2 * 0.35**2) / 5)
    assert found.brier_base == pytest.approx(0.8 * 0.2)
    assert (found.top.rate.of, found.top.gap) == (1, 0.0)


def test_nothing_given_is_nothing_judged() -> None:
    found = calibrate("p", "guilty", [], [])
    assert (found.count, found.ece, found.brier, found.base_share) == (0, None, None, None)
    assert goals_of((), (), (found,)) == ()


def test_the_order_of_accounts_changes_no_digit() -> None:
    rng = np.random.default_rng(4)
    p, true = rng.random(3_000), rng.random(3_000) < 0.3
    order = rng.permutation(3_000)
    assert calibrate("p", "g", list(p), list(true)) == calibrate("p", "g", list(p[order]), list(true[order]))


def test_an_honest_forecaster_passes_and_one_that_accuses_too_much_does_not() -> None:
    rng = np.random.default_rng(5)
    p = rng.random(60_000)
    honest, harsh = (calibrate("p", "g", list(p), list(rng.random(60_000) < p * k)) for k in (1.0, 0.8))
    assert [g.verdict for g in goals_of((), (), (honest,))] == [SHOWN, NOT_SHOWN]
    assert [g.verdict for g in goals_of((), (), (harsh,))] == [MISSED, MISSED]


def test_few_accounts_show_nothing_about_calibration() -> None:
    found = calibrate("p", "g", [0.97] * 4, [True] * 4)
    assert [g.verdict for g in goals_of((), (), (found,))] == [NOT_SHOWN, NOT_SHOWN]


def test_a_million_without_a_ban_allow_three_a_million_and_a_thousand_do_not() -> None:
    million, thousand = (harm_of("nothing is due", "ban", 0, n) for n in (1_000_000, 1_000))
    assert million.at_most == pytest.approx(2.9957, abs=1e-3) and million.high == pytest.approx(3.6889, abs=1e-3)
    assert [g.verdict for g in goals_of((), (million, thousand), ())] == [SHOWN, NOT_SHOWN]
    assert [g.verdict for g in goals_of((), (harm_of("nothing is due", "ban", 9, 1_000_000),), ())] == [MISSED]


def test_a_goal_asks_for_the_bound_and_not_the_figure() -> None:
    rates = [
        rate_of("measures earned", "ban, or more is due", 2_000, 2_000),
        rate_of("measures earned", "limit, or more is due", 20, 20),
    ]
    assert [g.verdict for g in goals_of(rates, (), ())] == [SHOWN, NOT_SHOWN]
