import numpy as np
import pytest

from graphscan.accounts.chance_of_gaps import MIN_GAPS, gap_table, regularity_p_values
from graphscan.accounts.regularity import minimum_gap, regularity, rests

from .told import DAY, HOUR, MINUTE, START, deeds, machine, person, poisson


def cov_of(rng, draws, n):
    gaps = rng.exponential(size=(draws, n))
    return gaps.std(axis=1, ddof=1) / gaps.mean(axis=1)


@pytest.mark.parametrize("n", [15, 17, 24, 60, 170, 700])
def test_p_values_are_what_simulation_says(n):
    cov = cov_of(np.random.default_rng(n), 20_000, n)
    p = regularity_p_values(np.full(len(cov), n), cov)
    for level in (0.5, 0.1, 0.05, 0.01):
        error = 4 * np.sqrt(level * (1 - level) / len(cov))
        assert abs(np.mean(p <= level) - level) <= error + 0.03 * level


@pytest.mark.parametrize(("n", "critical"), [(15, 0.46), (20, 0.52), (30, 0.60), (50, 0.67), (100, 0.75)])
def test_critical_values_at_one_in_a_thousand_are_the_measured_ones(n, critical):
    assert float(np.interp(1e-3, gap_table().p_value, gap_table().row(n))) == pytest.approx(critical, abs=0.011)


def test_the_far_tail_of_few_gaps_follows_the_volume_of_nearly_equal_shares():
    """For tiny c the chance is proportional to c^(n-1): the volume of a ball among n-1 free shares."""
    table = gap_table()
    row, p = table.cov[0], table.p_value
    slope = np.log(p[1] / p[0]) / np.log(row[1] / row[0])
    assert slope == pytest.approx(table.gaps[0] - 1, rel=0.1)


def test_the_table_rises_both_ways():
    table = gap_table()
    assert (np.diff(table.p_value) > 0).all()
    assert (np.diff(table.cov, axis=1) > 0).all()
    assert (np.diff(table.cov[:, :-4], axis=0) > -0.003).all()


def test_no_statement_under_fifteen_gaps():
    even = np.full(3, 0.01)
    p = regularity_p_values(np.array([MIN_GAPS - 2, MIN_GAPS - 1, MIN_GAPS]), even)
    assert np.isnan(p[:2]).all()
    assert p[2] <= 1e-9


def test_a_beat_of_fifteen_posts_is_no_statement_but_of_seventeen_is():
    rng = np.random.default_rng(1)
    found = regularity(deeds(machine(rng, 15), machine(rng, 17)))
    assert np.isnan(found.p_value[0])
    assert found.look[0] == -1
    assert found.p_value[1] <= 1e-3


def test_random_posters_are_called_regular_as_rarely_as_the_level_says():
    rng = np.random.default_rng(2)
    found = regularity(deeds(*(poisson(rng, int(n)) for n in rng.integers(20, 200, 3000))))
    assert np.mean(found.p_value <= 0.05) <= 0.05
    assert np.mean(found.p_value <= 0.001) <= 0.003


def test_people_with_days_and_visits_are_not_regular():
    rng = np.random.default_rng(3)
    people = [person(rng, up=up, a_day=a_day) for up in (7, 15, 22) for a_day in (6, 12, 40) for _ in range(30)]
    found = regularity(deeds(*people))
    assert (~np.isnan(found.p_value)).sum() > 200
    assert np.nanmin(found.p_value) > 0.05


@pytest.mark.parametrize(
    "anchors", [(20,), (8, 20), (8, 12.5, 18.5), (7, 10, 13, 16, 20), (7, 9, 11, 13, 15, 17, 19, 21)]
)
def test_a_daily_routine_is_a_persons(anchors):
    rng = np.random.default_rng(4)
    times = [START + d * DAY + (h + rng.normal(0, 0.2)) * HOUR for d in range(40) for h in anchors]
    assert np.isnan(regularity(deeds(times, *(poisson(rng, 100) for _ in range(20)))).p_value[0])


def test_slow_gaps_around_the_clock_are_no_routine():
    rng = np.random.default_rng(8)
    crowd = [poisson(rng, 100) for _ in range(20)]
    found = regularity(deeds(machine(rng, 60, every=3 * HOUR), *crowd))
    assert found.p_value[0] <= 1e-6


def test_a_pause_of_days_does_not_make_a_machine_a_person():
    rng = np.random.default_rng(9)
    times = machine(rng, 120, every=2 * HOUR)
    times[60:] += 2 * DAY
    assert not rests(deeds(times))[0]
    assert rests(deeds(person(rng)))[0]


def test_where_the_platform_makes_everybody_wait_nobody_is_regular_for_it():
    rng = np.random.default_rng(5)
    waiting = [START + np.cumsum(30 * MINUTE + rng.exponential(10 * MINUTE, 60)) for _ in range(300)]
    found = regularity(deeds(*waiting))
    assert found.floor_ms[0] == pytest.approx(30 * MINUTE, rel=0.01)
    assert np.mean(found.p_value <= 0.05) <= 0.06


def test_a_wait_nobody_has_to_keep_is_no_minimum_gap():
    gaps = np.concatenate([np.full(20, 30 * MINUTE), np.full(20, MINUTE)])
    assert minimum_gap(np.repeat([0, 1], 20), gaps, 2) == MINUTE


def test_bursts_do_not_hide_the_clock_of_the_visits():
    rng = np.random.default_rng(6)
    wakes = machine(rng, 60, every=40 * MINUTE)
    bursts = np.concatenate([w + np.cumsum(rng.exponential(MINUTE / 2, 5)) for w in wakes])
    crowd = [poisson(rng, 100) for _ in range(20)]
    found = regularity(deeds(bursts, *crowd))
    assert found.p_value[0] <= 1e-6
    assert found.words(0).startswith("visits")
    assert found.gaps[0] == 59


def test_jitter_costs_certainty():
    rng = np.random.default_rng(7)
    jitters = (2 * MINUTE, 10 * MINUTE, 15 * MINUTE)
    crowd = [poisson(rng, 100) for _ in range(20)]
    p = regularity(deeds(*(machine(rng, 60, jitter=j) for j in jitters), *crowd)).p_value[:3]
    assert p[0] < p[1] < p[2]
    assert p[0] <= 1e-10


def test_nobody_at_all():
    empty = regularity(deeds([], []))
    assert np.isnan(empty.p_value).all()
    assert empty.floor_ms == (0, 0, 0)
