"""Scrutiny: the order of reports and the names of people change nothing, and taking a report back leaves no trace."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphscan.decisions.diffusion import operator, spread
from graphscan.decisions.scrutiny import MOST_OF_ONE, held_sum

from ..unit.decisions.test_scrutiny import PEOPLE, RING, scrutiny, world

EVERYONE = PEOPLE + RING
REPORTS = st.lists(st.tuples(st.sampled_from(EVERYONE), st.sampled_from(EVERYONE)), max_size=25)


@given(REPORTS, st.randoms(use_true_random=False))
def test_the_order_of_reports_and_saying_it_twice_change_nothing(reports, chance):
    again = reports + reports[: len(reports) // 2]
    chance.shuffle(again)
    assert scrutiny(*world(again)) == scrutiny(*world(reports))


@given(REPORTS)
def test_nobody_is_looked_at_for_fewer_than_four_voices(reports):
    for reporters, value in scrutiny(*world(reports)).values():
        assert (value == 0) if reporters < 4 else (0 < value <= 1)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30), st.integers(0, 9))
def test_a_report_taken_back_leaves_no_trace(edges, who):
    a, b = np.array([(x, y) for x, y in edges if x != y] or [(0, 1)]).T
    walk, seeds = operator(a, b, np.ones(len(a)), 10), np.linspace(-0.4, 0.4, 10)
    one = np.zeros(10)
    one[who] = 0.3
    undone = spread(walk, seeds + one) - spread(walk, one)
    assert np.abs(undone - spread(walk, seeds)).max() <= 1e-9


@given(st.lists(st.floats(0, 5), min_size=1, max_size=12))
def test_no_voice_makes_more_than_its_share(parts):
    total = float(held_sum(np.array([parts]))[0])
    held = np.minimum(parts, MOST_OF_ONE * total)
    assert total == 0 or held.sum() == pytest.approx(total, rel=1e-6)
