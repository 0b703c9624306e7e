"""Timing: is a cluster closer in time than others are on the same objects? The second key of METHOD stage 3.

In: the actions of one behaviour, and which of them are one cluster's. Out: a p-value, or None where nothing shows the clock. Pairwise
tests cannot see this, because the farm *is* the burst: the clock of each object is taken from accounts outside the cluster.
Where an object has too few outsiders, the platform's own day (every action of the behaviour, by time of day) stands in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from graphscan.behaviours.actions import DAY_MS, Flags, Ints, Occasions

MIN_OUTSIDERS = 8  # METHOD: fewer outside actions do not show an object's clock
SIMULATIONS = 400  # METHOD: draws of the members' times from that clock
LEAST_P = 1e-9  # the tail beyond all draws is extrapolated: no smaller p-value would be credible
_MAX_MEMBERS = 40  # of one object-day: enough for any p-value that matters, and bounds the work
_MAX_OCCASIONS = 200


@dataclass(frozen=True)
class Timing:
    """``p_value`` over all windows tried; ``by_outsiders`` of ``occasions`` had their own outside clock."""

    p_value: float
    occasions: int
    by_outsiders: int


def check_timing(
    rows: Ints, occasions: Occasions, windows_ms: Ints, seed: int, all_at_ms: Ints | None = None
) -> Timing | None:
    """Compare members' meetings with times drawn from outsiders' clocks; None when they share no object-day.

    ``rows`` are the members' rows of ``occasions``, ascending. ``all_at_ms``: every action of the behaviour that counts, where that is
    not all of ``occasions``.
    """
    rng = np.random.default_rng(seed)
    platform = occasions.at_ms if all_at_ms is None else all_at_ms
    days, count = np.unique(occasions.occasion[rows], return_counts=True)
    shared = days[count >= 2].astype(np.int64)
    if len(shared) == 0:
        return None
    if len(shared) > _MAX_OCCASIONS:
        shared = np.sort(rng.permutation(shared)[:_MAX_OCCASIONS])
    seen = np.zeros(len(windows_ms))
    drawn = np.zeros((SIMULATIONS, len(windows_ms)))
    by_outsiders = 0
    for o in shared:
        times, mine = _on(o, rows, occasions)
        clock = times[~mine]
        own = _some(times[mine], rng)
        by_outsiders += len(clock) >= MIN_OUTSIDERS
        if len(clock) < MIN_OUTSIDERS:
            clock = _platform_clock(platform, own, rng)
        seen += _close_pairs(own[None, :], windows_ms)[0]
        drawn += _close_pairs(_draws(clock, len(own), windows_ms, rng), windows_ms)
    p_value = min(1.0, len(windows_ms) * float(min(_tail(seen[w], drawn[:, w]) for w in range(len(windows_ms)))))
    return Timing(p_value, len(shared), int(by_outsiders))


def _on(occasion: int, rows: Ints, occasions: Occasions) -> tuple[Ints, Flags]:
    """When an object-day's actors came, and which of them are the members whose ``rows`` are given."""
    first, stop = occasions.start[occasion], occasions.start[occasion + 1]
    mine = np.zeros(stop - first, np.bool_)
    mine[rows[slice(*np.searchsorted(rows, [first, stop]))] - first] = True
    return occasions.at_ms[first:stop], mine


def _some(times: Ints, rng: np.random.Generator) -> Ints:
    return times if len(times) <= _MAX_MEMBERS else np.sort(rng.choice(times, _MAX_MEMBERS, replace=False))


def _platform_clock(all_at_ms: Ints, own: Ints, rng: np.random.Generator) -> Ints:
    """Times of day of the platform's actions, laid onto the day around the members' own."""
    sample = rng.choice(all_at_ms, 500)
    middle = int(np.median(own))
    return middle - DAY_MS // 2 + (sample - (middle - DAY_MS // 2)) % DAY_MS


def _draws(clock: Ints, n: int, windows_ms: Ints, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    picked = rng.choice(clock, (SIMULATIONS, n))
    return np.sort(picked + rng.normal(0, float(windows_ms[0]) / 2, picked.shape), axis=1)


def _close_pairs(times: npt.NDArray[np.float64] | Ints, windows_ms: Ints) -> npt.NDArray[np.float64]:
    gaps = np.abs(times[:, :, None] - times[:, None, :])
    pairs = np.triu(np.ones(gaps.shape[1:], np.bool_), 1)
    return np.stack([(gaps <= w)[:, pairs].sum(axis=1) for w in windows_ms], axis=1).astype(np.float64)


def _tail(seen: float, drawn: npt.NDArray[np.float64]) -> float:
    """Share of draws with as many close pairs; beyond all draws, a normal tail on the square-root scale."""
    at_least = int((drawn >= seen).sum())
    if at_least:
        return (1 + at_least) / (len(drawn) + 1)
    roots = np.sqrt(drawn + 0.375)
    z = (np.sqrt(seen + 0.375) - roots.mean()) / max(float(roots.std()), 0.5)
    return max(LEAST_P, min(1 / (len(drawn) + 1), float(stats.norm.sf(z))))
