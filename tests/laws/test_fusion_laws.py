"""What must not change ties, confirmation and axes: the order of rows, names of accounts, the clock, threads."""

import copy
import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.fusion.cauchy import combine
from graphscan.fusion.strength import cluster_probability
from graphscan.fusion.ties import ties_table

from ..unit.fusion.told import look, two_farms

FEW = settings(max_examples=6, deadline=None)


def told(found, name=lambda a: a):
    """Everything fusion says, with accounts renamed back and figures to nine digits."""
    rows = ties_table(found.ties, found.accounts, found.clusters).to_pylist()
    ties = {
        tuple(sorted((name(r["account_a"]), name(r["account_b"])))): (
            tuple(r["layers"]),
            float(f"{r['p_value']:.9g}"),
            r["enforcement"],
        )
        for r in rows
    }
    ids = found.accounts.ids.to_pylist()
    clusters = {
        frozenset(name(ids[a]) for a in c.community.accounts): (float(f"{p:.9g}"), float(f"{q:.6g}"))
        for c, p, q in zip(found.clusters, found.confirmed, cluster_probability(found.axes), strict=True)
    }
    return ties, clusters


@pytest.fixture(scope="module")
def original():
    return told(look(two_farms()))


@FEW
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(original, chance):
    world = two_farms()
    for rows in world.rows.values():
        chance.shuffle(rows)
    assert told(look(world)) == original


@FEW
@given(st.randoms(use_true_random=False), st.sampled_from(["{}", "0{}", "用户{}"]))
def test_renaming_accounts_renames_what_is_said(original, chance, form):
    world = two_farms()
    ids = sorted({row["account_id"] for rows in world.rows.values() for row in rows})
    new = dict(zip(ids, (form.format(n) for n in chance.sample(range(10 * len(ids)), len(ids))), strict=True))
    old = {b: a for a, b in new.items()}
    for rows in world.rows.values():
        for row in rows:
            row["account_id"] = new[row["account_id"]]
    assert told(look(world), old.__getitem__) == original


@pytest.mark.parametrize("minutes", [11 * 60 + 17, -7000 * 24 * 60])
def test_shifting_the_clock_changes_nothing(original, minutes):
    world = two_farms()
    for rows in world.rows.values():
        for row in rows:
            moved = dt.datetime.fromisoformat(row["created_at"]) + dt.timedelta(minutes=minutes)
            row["created_at"] = moved.isoformat(timespec="milliseconds")
    assert told(look(world)) == original


def test_threads_change_nothing(original):
    assert told(look(two_farms(), threads=3)) == original


def test_rows_that_stand_twice_change_nothing(original):
    world = two_farms()
    for rows in world.rows.values():
        rows += copy.deepcopy(rows[::3])
    assert told(look(world)) == original


P_VALUES = st.one_of(st.just(float("nan")), st.just(1.0), st.floats(1e-200, 1.0))


THREE_WEIGHTS = st.lists(st.floats(0.1, 3), min_size=3, max_size=3)


@given(st.lists(st.lists(P_VALUES, min_size=3, max_size=3), min_size=1, max_size=8), THREE_WEIGHTS)
def test_the_combination_is_the_plain_loop(p_values, weights):
    found = combine(np.array(p_values), np.array(weights))
    for row, combined in zip(p_values, found, strict=True):
        terms = [(w, p) for w, p in zip(weights, row, strict=True) if not math.isnan(p)]
        statistic = sum(w / math.tan(p * math.pi) for w, p in terms if p < 0.5)
        total = sum(w for w, _ in terms)
        plain = math.atan(total / statistic) / math.pi if statistic > 0 else 1.0
        assert combined == pytest.approx(plain, rel=1e-9)
        assert 0 < combined <= 1


@given(st.lists(st.floats(1e-12, 1.0), min_size=3, max_size=3), st.integers(0, 2), st.floats(1e-3, 1.0))
def test_more_surprise_in_a_layer_is_never_less_together(p_values, which, factor):
    less, weights = list(p_values), np.array([1.0, 1.5, 2.0])
    less[which] *= factor
    before, after = combine(np.array([p_values, less]), weights)
    assert after <= before * (1 + 1e-12)
