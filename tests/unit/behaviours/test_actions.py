"""Occasions: an account's first action on an object in a day, and where the day is cut."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.behaviours.actions import DAY_MS, HOUR_MS, find_occasions, quietest_ms

rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 4 * DAY_MS)), max_size=40)


def columns(log):
    account, object_, at = zip(*log, strict=True) if log else ((), (), ())
    return np.array(account, np.int32), np.array(object_, np.int32), np.array(at, np.int64)


@settings(deadline=None)  # the first call compiles
@given(rows, st.integers(0, DAY_MS - 1))
def test_one_occasion_per_account_object_and_day_the_first(log, cut):
    found = find_occasions(*columns(log), cut)
    expected = {}
    for account, object_, at in log:
        key = (object_, (at - cut) // DAY_MS, account)
        expected[key] = min(at, expected.get(key, at))
    days = sorted({key[:2] for key in expected})
    told = {(*days[o], int(a)): int(t) for o, a, t in zip(found.occasion, found.account, found.at_ms, strict=True)}
    assert told == expected
    assert found.object_of.tolist() == [object_ for object_, _ in days]


@given(rows, st.integers(0, DAY_MS - 1))
def test_occasions_stand_by_object_day_and_time_and_point_to_their_action(log, cut):
    account, object_, at = columns(log)
    found = find_occasions(account, object_, at, cut)
    order = list(zip(found.occasion.tolist(), found.at_ms.tolist(), found.account.tolist(), strict=True))
    assert order == sorted(order)
    assert np.array_equal(account[found.action], found.account)
    assert np.array_equal(at[found.action], found.at_ms)
    assert found.sizes.sum() == len(found.account) and len(found.sizes) == found.n_occasions
    for o in range(found.n_occasions):
        assert set(found.occasion[found.start[o] : found.start[o + 1]]) == {o}


@given(st.lists(st.integers(0, 10 * DAY_MS), min_size=1, max_size=60), st.integers(0, 10 * DAY_MS))
def test_the_cut_moves_with_the_clock(times, shift):
    at = np.array(times, np.int64)
    assert quietest_ms(at + shift) == (quietest_ms(at) + shift) % DAY_MS


def test_the_cut_lies_where_nothing_happens():
    at = np.array([h * HOUR_MS for h in range(24) if h != 5], np.int64)
    assert quietest_ms(at) == 5 * HOUR_MS
    assert quietest_ms(np.zeros(0, np.int64)) == 0
