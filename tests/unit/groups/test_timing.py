"""Timing: a farm is closer together than the crowd on the same things, a club that comes when the crowd comes is not."""

import numpy as np
import pytest

from graphscan.behaviours.actions import DAY_MS, find_occasions
from graphscan.groups.timing import check_timing

WINDOWS_MS = np.array([60, 600, 3600]) * 1000
MEMBERS = np.arange(6, dtype=np.int32)


def occasions(spread_ms, crowd=30, notes=10, seed=0):
    """Members act within ``spread_ms`` of each other, the crowd all day long."""
    rng = np.random.default_rng(seed)
    rows = []
    for note in range(notes):
        begin = note * DAY_MS + rng.integers(0, DAY_MS // 2)
        rows += [(m, note, begin + rng.integers(0, spread_ms)) for m in MEMBERS]
        rows += [(10 + c, note, note * DAY_MS + rng.integers(0, DAY_MS)) for c in range(crowd)]
    account, object_, at = (np.array(c) for c in zip(*rows, strict=True))
    return find_occasions(account.astype(np.int32), object_.astype(np.int32), at.astype(np.int64), 0)


def timing(members, log, seed):
    return check_timing(np.flatnonzero(np.isin(log.account, members)), log, WINDOWS_MS, seed)


def test_a_farm_is_closer_than_the_crowds_clock_would_bring_it():
    told = timing(MEMBERS, occasions(300_000), 1)
    assert told.p_value < 1e-6
    assert told.occasions == told.by_outsiders == 10


@pytest.mark.parametrize("seed", range(5))
def test_members_who_come_when_everybody_comes_are_not(seed):
    assert timing(MEMBERS, occasions(DAY_MS // 2, seed=seed), 1).p_value > 0.01


def test_with_too_few_outsiders_the_platforms_day_stands_in():
    told = timing(MEMBERS, occasions(300_000, crowd=3), 1)
    assert told.by_outsiders == 0 and told.p_value < 1e-6


def test_members_who_share_nothing_show_no_timing():
    nobody = np.array([90, 91], np.int32)
    assert timing(nobody, occasions(300_000), 1) is None


def test_the_same_seed_gives_the_same_answer():
    log = occasions(3_600_000)
    assert timing(MEMBERS, log, 4) == timing(MEMBERS, log, 4)
