"""When people act: days, hours of their own clock, visits of a few minutes with several actions.

In: how many actions each account has. Out: one time an action, in milliseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

import numpy as np

from graphscan.simulate.ids import Floats, Ints

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

BEGIN_MS = 1_772_380_800_000
"""2026-03-01T16:00:00Z: midnight of Monday 2 March 2026 where these people live (UTC+8)."""

HOURLY = np.array(
    [
        2.6,
        1.4,
        0.7,
        0.4,
        0.3,
        0.5,
        1.5,
        3.2,
        4.2,
        4.4,
        4.6,
        5.2,
        6.4,
        5.6,
        4.6,
        4.4,
        4.6,
        5.0,
        5.8,
        7.0,
        8.2,
        8.6,
        7.0,
        4.6,
    ]
)
"""Relative activity in each hour of the day: a trough at night, peaks at noon and at nine in the evening."""

ACTIONS_A_VISIT = 3.0


def visits(
    rng: np.random.Generator, counts: Ints, first_ms: Ints, last_ms: Ints, chronotype_h: Floats
) -> tuple[Ints, Ints]:
    """Return the owner (place in ``counts``) and the time of each action, owners in order.

    Parameters
    ----------
    counts : actions of each account.
    first_ms, last_ms : span in which each account acts; an action after its end is dropped.
    chronotype_h : hours by which each account's day is later than its neighbours'.
    """
    visit_counts = np.ceil(counts / ACTIONS_A_VISIT).astype(np.int64)
    visitor: Ints = np.repeat(np.arange(len(counts)), visit_counts)
    starts = moments(rng, first_ms[visitor], last_ms[visitor], chronotype_h[visitor])
    owner = np.repeat(np.arange(len(counts)), counts)
    offsets = np.concatenate([[0], np.cumsum(visit_counts)[:-1]])
    visit = offsets[owner] + (rng.random(len(owner)) * visit_counts[owner]).astype(np.int64)
    times = starts[visit] + (rng.exponential(4 * MINUTE_MS, len(owner))).astype(np.int64)
    kept = (times >= first_ms[owner]) & (times < last_ms[owner])
    return owner[kept], times[kept]


def moments(rng: np.random.Generator, first_ms: Ints, last_ms: Ints, chronotype_h: Floats) -> Ints:
    """Return one moment a row between the two, at an hour that suits the account."""
    first_day = (first_ms - BEGIN_MS) // DAY_MS
    days = np.maximum((last_ms - BEGIN_MS - 1) // DAY_MS - first_day + 1, 1)
    day = first_day + (rng.random(len(days)) * days).astype(np.int64)
    hour = hours(rng, len(days)) + chronotype_h
    at: Ints = BEGIN_MS + day * DAY_MS + ((hour % 24.0) * HOUR_MS).astype(np.int64)
    return at


def hours(rng: np.random.Generator, count: int) -> Floats:
    """Return hours of the day (0–24) drawn from :data:`HOURLY`."""
    edges = np.concatenate([[0.0], np.cumsum(HOURLY) / HOURLY.sum()])
    drawn: Floats = np.interp(rng.random(count), edges, np.arange(25.0))
    return drawn


def awake(times: Ints) -> Ints:
    """Return the times with those between one and seven at night moved to the morning after."""
    hour = ((times - BEGIN_MS) % DAY_MS) / HOUR_MS
    moved: Ints = np.where((hour >= 1) & (hour < 7), times + 6 * HOUR_MS, times)
    return moved


def delays(rng: np.random.Generator, median_s: float | Floats, spread: float, count: int) -> Ints:
    """Return log-normal delays in milliseconds of that median; ``spread`` is of the logarithm."""
    return (np.exp(rng.normal(0.0, spread, count)) * median_s * SECOND_MS).astype(np.int64)
