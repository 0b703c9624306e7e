"""Heartbeat and shift relay: a beat or a night shared beyond what everybody's day explains."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from .told import DAY, HOUR, MEMBERS, MINUTE, STRANGERS, background, comment, dataset, motifs, scene

FOUR = MEMBERS[:4]


def acting(minute_of: dict[str, float], seed: int = 3) -> list[dict[str, object]]:
    """Each acts in some half-hours of ten days, at its own minute of the half-hour give or take one."""
    rng = np.random.default_rng(seed)
    return [
        comment(
            who,
            f"x{rng.integers(10**6)}",
            day * DAY + half * 30 * MINUTE + minute * MINUTE + rng.integers(MINUTE),
            client="scheduler/2.1",
        )
        for who, minute in minute_of.items()
        for day in range(10)
        for half in rng.choice(np.arange(16, 46), 5, replace=False)
    ]


def told(rows: list[dict[str, object]], members: list[str] = FOUR) -> dict[str, int]:
    return motifs(scene(dataset(comments=[*background(), *rows]), members))


def test_members_on_one_period_and_phase_share_a_heartbeat() -> None:
    assert told(acting(dict.fromkeys(FOUR, 7.0))) == {"heartbeat": 1}


def test_each_regular_in_a_phase_of_its_own_share_none() -> None:
    assert told(acting({"m0": 0.0, "m1": 8.0, "m2": 15.0, "m3": 23.0})) == {}


def test_meeting_every_evening_at_nine_is_no_heartbeat() -> None:
    rows = [comment(who, f"y{day}", day * DAY + 21 * HOUR + 2 * MINUTE) for who in FOUR for day in range(20)]
    assert "heartbeat" not in told(rows)


def test_what_the_platforms_scheduler_did_is_nobodys_heartbeat() -> None:
    told_scene = scene(dataset(comments=[*background(), *acting(dict.fromkeys(FOUR, 7.0))]), FOUR)
    world = replace(
        told_scene.world,
        exempt=lambda clients: pa.compute.fill_null(pa.compute.starts_with(clients, "scheduler"), False).to_numpy(
            False
        ),
    )
    assert motifs(replace(told_scene, world=world)) == {}


def shifts(begin_hour: dict[str, int], seed: int = 9) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    return [
        comment(who, f"z{rng.integers(10**6)}", day * DAY + (hour * HOUR + rng.integers(6 * HOUR)) % DAY)
        for who, hour in begin_hour.items()
        for day in range(10)
        for _ in range(4)
    ]


def restless(seed: int = 8) -> list[dict[str, object]]:
    """Every stranger is now and then awake at any hour."""
    rng = np.random.default_rng(seed)
    return [comment(who, f"v{rng.integers(10**6)}", rng.integers(10 * DAY)) for who in STRANGERS for _ in range(4)]


def test_members_who_take_turns_around_the_clock_are_a_shift_relay() -> None:
    turns = shifts({who: 6 * (k % 4) for k, who in enumerate(MEMBERS)})
    assert told([*restless(), *turns], MEMBERS) == {"shift_relay": 1}


def test_members_who_all_sleep_at_night_are_none() -> None:
    assert told(shifts({who: 8 + 2 * (k % 4) for k, who in enumerate(MEMBERS)}), MEMBERS) == {}


def test_night_workers_who_all_sleep_by_day_are_none() -> None:
    assert told(shifts(dict.fromkeys(MEMBERS, 22)), MEMBERS) == {}


def test_an_account_that_never_sleeps_itself_is_no_relay() -> None:
    rng = np.random.default_rng(1)
    rows = [comment(who, f"w{rng.integers(10**6)}", rng.integers(10 * DAY)) for who in MEMBERS for _ in range(60)]
    assert "shift_relay" not in told(rows, MEMBERS)
