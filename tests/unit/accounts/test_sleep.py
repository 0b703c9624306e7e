import numpy as np
import pytest

from graphscan.accounts.heartbeat import beat_groups, heartbeat, rayleigh
from graphscan.accounts.sleep import CUT, sleep
from graphscan.accounts.sleep_kernel import quietest_drifting, quietest_pooled

from .told import DAY, HOUR, MINUTE, START, deeds, machine, person, poisson


def doings(*times):
    return deeds(*times, source=1)


def awake(rng, days=14, a_day=40):
    return np.sort(START + rng.uniform(0, days * DAY, days * a_day)).astype(np.int64)


def rota(rng, days=14, a_day=20, pattern=(7, 7, 15, 15, 23, 23, 23)):
    times = []
    for day in range(days):
        up = pattern[day % len(pattern)]
        times += list(START + day * DAY + rng.uniform(up, up + 16, a_day) * HOUR)
    return np.sort(np.array(times)).astype(np.int64)


def by_hand(times, window):
    """Fewest events after any event within the window, on the circle, counted one by one."""
    return min(sum(0 < (t - s) % DAY <= window for t in times) for s in times)


def test_the_quietest_window_is_the_one_counted_by_hand():
    rng = np.random.default_rng(1)
    lists = [np.sort(rng.integers(0, DAY, n)) for n in (1, 2, 5, 40)] + [np.array([5, 5, 5])]
    start = np.cumsum([0, *map(len, lists)])
    found = quietest_pooled(np.concatenate(lists), start, DAY, 5 * HOUR)
    assert found.tolist() == [by_hand(t, 5 * HOUR) for t in lists]


def test_a_moving_window_never_finds_more_than_a_fixed_one():
    rng = np.random.default_rng(2)
    counts = rng.poisson(1.0, 10 * 48)
    fixed = min(sum(counts[d * 48 + b : d * 48 + b + 10].sum() for d in range(10)) for b in range(48))
    assert quietest_drifting(counts, 48, 10) <= fixed


def drifting_by_hand(counts, first=0):
    """Every way to cut the days into stays of two or more, each at its own best hour, tried one by one."""
    days = len(counts) // 48
    if first == days:
        return 0
    found = []
    for until in range(first + 2, days + 1):
        hours = [sum(counts[d * 48 + b : d * 48 + b + 10].sum() for d in range(first, until)) for b in range(48)]
        found.append(min(hours) + drifting_by_hand(counts, until))
    return min(found, default=np.inf)


def test_the_moving_window_is_the_best_of_all_ways():
    rng = np.random.default_rng(14)
    for days in (2, 3, 5, 7):
        counts = rng.poisson(0.7, days * 48)
        assert quietest_drifting(counts, 48, 10) == drifting_by_hand(counts)


@pytest.mark.parametrize("up", [7, 13, 19, 23])
def test_people_sleep_at_any_hour(up):
    rng = np.random.default_rng(up)
    found = sleep(deeds(*(person(rng, up=up, a_day=20) for _ in range(40))))
    assert (found.sleepless == 0).all()
    assert (found.quiet_share <= CUT).all()


def test_a_machine_never_sleeps():
    rng = np.random.default_rng(3)
    found = sleep(deeds(*(awake(rng) for _ in range(20))))
    assert (found.sleepless == 1).all()
    assert (found.power > 0.95).all()


def test_shift_workers_are_not_accused_though_their_days_laid_together_look_sleepless():
    rng = np.random.default_rng(4)
    found = sleep(deeds(*(rota(rng) for _ in range(40))))
    assert np.mean(found.quiet_share > CUT) > 0.9
    assert (found.sleepless != 1).all()


def test_with_few_deeds_a_day_there_is_no_statement_rather_than_an_accusation():
    rng = np.random.default_rng(5)
    found = sleep(deeds(awake(rng, a_day=6)))
    assert found.quiet_share[0] > CUT
    assert found.power[0] < 0.8
    assert np.isnan(found.sleepless[0])


def test_no_statement_under_sixty_deeds_or_five_days():
    rng = np.random.default_rng(6)
    found = sleep(deeds(awake(rng, 14, 4), awake(rng, 4, 100), []))
    assert np.isnan(found.quiet_share).all()
    assert np.isnan(found.sleepless).all()


def test_a_machine_beats_and_its_period_and_phase_are_told():
    rng = np.random.default_rng(7)
    times = [machine(rng, 200, every=p * MINUTE, jitter=MINUTE // 2) + 7 * MINUTE for p in (20, 30, 60)]
    found = heartbeat(doings(*times, *(poisson(rng, 100) for _ in range(10))))
    assert found.beats[:3].tolist() == [1, 1, 1]
    assert found.period_min[:3].tolist() == [20, 30, 60]
    assert found.phase_min[:3] == pytest.approx(7, abs=0.3)


def test_people_do_not_beat():
    rng = np.random.default_rng(8)
    found = heartbeat(doings(*(person(rng, a_day=30) for _ in range(400))))
    assert np.nansum(found.beats) == 0
    assert np.nanmin(found.p_value) > 1e-4


def test_a_daily_habit_at_the_full_hour_is_no_beat():
    rng = np.random.default_rng(9)
    times = [START + d * DAY + h * HOUR + rng.normal(0, 2) * MINUTE for d in range(60) for h in (7, 12, 21)]
    other = [person(rng) for _ in range(5)]
    assert heartbeat(doings(times, *other)).beats[0] != 1


def test_notes_at_the_full_hour_are_scheduled_by_people():
    rng = np.random.default_rng(15)
    hours = np.sort(rng.choice(14 * 24, 100, replace=False))
    times = [START + h * HOUR for h in hours], *(poisson(rng, 100) for _ in range(5))
    assert np.isnan(heartbeat(deeds(*times)).beats).all()
    assert heartbeat(doings(*times)).beats[0] == 1


def test_a_beat_of_everybody_is_the_platforms_clock():
    rng = np.random.default_rng(10)
    rounded = [np.unique(poisson(rng, 200) // HOUR * HOUR) for _ in range(20)]
    assert np.nansum(heartbeat(doings(*rounded)).beats) == 0


def test_accounts_of_one_scheduler_are_one_group():
    rng = np.random.default_rng(11)
    shared = [machine(rng, 100, jitter=MINUTE // 4) + 11 * MINUTE for _ in range(6)]
    apart = [machine(rng, 100, jitter=MINUTE // 4) + k * MINUTE for k in (3, 20)]
    groups = beat_groups(heartbeat(doings(*apart, *shared, *(poisson(rng, 200) for _ in range(12)))))
    assert [g.accounts.tolist() for g in groups] == [[2, 3, 4, 5, 6, 7]]
    assert groups[0].phase_min == pytest.approx(11, abs=0.3)
    assert groups[0].p_value <= 1e-3


def test_a_phase_at_the_turn_of_the_period_is_one_phase():
    rng = np.random.default_rng(12)
    shared = [machine(rng, 100, jitter=MINUTE // 4) + k * MINUTE // 4 for k in (-1, 0, 1)]
    groups = beat_groups(heartbeat(doings(*shared, *(poisson(rng, 200) for _ in range(12)))))
    assert [g.accounts.tolist() for g in groups] == [[0, 1, 2]]


def test_rayleigh_is_what_simulation_says():
    rng = np.random.default_rng(13)
    angles = rng.uniform(0, 2 * np.pi, (20_000, 10))
    p = rayleigh(np.abs(np.exp(1j * angles).mean(axis=1)), np.full(20_000, 10.0))
    for level in (0.1, 0.01):
        assert np.mean(p <= level) == pytest.approx(level, rel=0.25)
