"""Heartbeat: members act on a shared period and phase; shift relay: together they never sleep while each of them does.

In: a scene. Out: occurrences, and p-values. What the platform's own scheduler did is left out: it keeps time for its
user. Sources: METHOD stage 4 and 7; circular statistics after Fisher, *Statistical Analysis of Circular Data* (1993).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from graphscan.behaviours.actions import DAY_MS, HOUR_MS, Codes, Ints
from graphscan.motifs.chance import SURROGATES, Floats, value_tail
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.scene import Scene
from graphscan.motifs.world import World

PERIODS_MIN = (5, 10, 15, 20, 30, 60)  # schedulers of agents wake every 30 or 60 minutes, or a part of that
LEAST_ACCOUNTS = 3
HEARTBEAT_ACTIONS = 15  # METHOD stage 7: no statement about fewer
IN_PHASE = 0.5  # mean resultant length from which an account keeps the beat
SLEEP_ACTIONS = 20  # METHOD stage 7: below, no-sleep has no power
ASLEEP = 0.05  # of an account's actions in its quietest five hours; an even spread has 0.21
AWAKE = 0.10  # of the group's, half of an even spread
SLEEPERS = 0.8
_BINS = 48
_TROUGH = 10  # half-hours: five hours

Phasors = npt.NDArray[np.complex128]


def find_heartbeats(scene: Scene) -> list[Occurrence]:
    """Return the period at which members keep time together best, when at least three of them keep it in phase."""
    deeds = _beating(scene)
    if deeds is None:
        return []
    members, at_ms, place = deeds
    beats = [_mean_phasors(at_ms, place, len(members), p) for p in PERIODS_MIN]
    best = int(np.argmax([abs(b.mean()) for b in beats]))
    group = beats[best].mean()
    keeping = (np.abs(beats[best]) >= IN_PHASE) & ((beats[best] * np.conj(group)).real > 0)
    if keeping.sum() < LEAST_ACCOUNTS or abs(group) < IN_PHASE:
        return []
    minute = float(np.angle(group) % (2 * np.pi)) / (2 * np.pi) * PERIODS_MIN[best]
    rows = np.isin(place, np.flatnonzero(keeping))
    label = f"every {PERIODS_MIN[best]} min at {minute:.1f} min"
    return [Occurrence(tuple(members[keeping].tolist()), (label,), int(at_ms[rows].min()), int(at_ms[rows].max()))]


def chance_of_heartbeats(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of keeping time so well, when the beat starts afresh every day, and when it does at every hour of the day.

    The larger of both: members who meet at one task a day, or every evening at nine, keep no beat; and what they do at once counts as one.
    """
    deeds = _beating(scene)
    if deeds is None or not found:
        return 1.0
    members, at_ms, place = deeds
    seen = max(abs(_mean_phasors(at_ms, place, len(members), p).mean()) for p in PERIODS_MIN)
    cells = (at_ms // DAY_MS, at_ms % DAY_MS // HOUR_MS)
    return max(value_tail(float(seen), _restarted(at_ms, place, len(members), cell, rng)) for cell in cells)


def _beating(scene: Scene) -> tuple[Codes, Ints, Ints] | None:
    """Members with enough actions of their own, and time and member of each action; None where too few have."""
    members, at_ms, place = _own_actions(scene.world, scene.members, HEARTBEAT_ACTIONS)
    return (members, at_ms, place) if len(members) >= LEAST_ACCOUNTS else None


def _own_actions(world: World, accounts: Codes, least: int) -> tuple[Codes, Ints, Ints]:
    rows, place = world.deeds.rows_of(accounts)
    kept = ~world.deeds.exempt[rows]
    rows, place = rows[kept], place[kept]
    enough = np.bincount(place, minlength=len(accounts)) >= least
    renumbered = np.cumsum(enough) - 1
    inside = enough[place]
    return accounts[enough], world.deeds.at_ms[rows[inside]], renumbered[place[inside]]


def _phasors(at_ms: Ints, period_min: int) -> Phasors:
    period_ms = 60_000 * period_min
    return np.asarray(np.exp(2j * np.pi * (at_ms % period_ms) / period_ms), np.complex128)


def _mean_phasors(at_ms: Ints, place: Ints, n: int, period_min: int) -> Phasors:
    phasors = _phasors(at_ms, period_min)
    counts = np.bincount(place, minlength=n)
    summed = np.bincount(place, phasors.real, n) + 1j * np.bincount(place, phasors.imag, n)
    return np.asarray(summed / counts, np.complex128)


def _restarted(at_ms: Ints, place: Ints, n: int, cell: Ints, rng: np.random.Generator) -> Floats:
    """The best resultant over all periods when every cell's actions are turned, together, by a phase of their own."""
    cells, number = np.unique(cell, return_inverse=True)
    weight = 1.0 / (np.bincount(place, minlength=n)[place] * n)
    best = np.zeros(SURROGATES)
    for period in PERIODS_MIN:
        told = _phasors(at_ms, period) * weight
        sums = np.bincount(number, told.real, len(cells)) + 1j * np.bincount(number, told.imag, len(cells))
        turns = np.exp(2j * np.pi * rng.random((SURROGATES, len(cells))))
        best = np.maximum(best, np.abs(turns @ sums))
    return best


def find_shift_relays(scene: Scene) -> list[Occurrence]:
    """Return the members who each sleep, when together they do not: no five hours of the day have less than a tenth of their actions."""
    members, at_ms, place = _own_actions(scene.world, scene.members, SLEEP_ACTIONS)
    if len(members) < LEAST_ACCOUNTS:
        return []
    days = _days(at_ms, place, len(members))
    asleep = _trough(days) <= ASLEEP
    if asleep.sum() < LEAST_ACCOUNTS or asleep.mean() < SLEEPERS or _together(days) < AWAKE:
        return []
    return [Occurrence(tuple(members[asleep].tolist()), ("around the clock",), int(at_ms.min()), int(at_ms.max()))]


def chance_of_shift_relays(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of being awake so evenly together, when members are dealt anew among accounts as active and as old."""
    if not found:
        return 1.0
    seen = _awake(scene.world, scene.members)
    cast = scene.world.casting(scene.members)
    drawn = [_awake(scene.world, cast(rng)) for _ in range(SURROGATES)]
    return value_tail(seen, np.array(drawn, np.float64))


def _awake(world: World, accounts: Codes) -> float:
    members, at_ms, place = _own_actions(world, accounts, SLEEP_ACTIONS)
    return _together(_days(at_ms, place, len(members))) if len(members) else 0.0


def _days(at_ms: Ints, place: Ints, n: int) -> Floats:
    """Each account's day: share of its actions in each half-hour, shape (accounts, 48)."""
    bins = (at_ms % DAY_MS) // (DAY_MS // _BINS)
    counts = np.bincount(place * _BINS + bins, minlength=n * _BINS).reshape(n, _BINS)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), np.float64)


def _trough(days: Floats) -> Floats:
    """The smallest share in any five hours of the circular day, per row."""
    summed = np.cumsum(np.concatenate([np.zeros((len(days), 1)), days, days], axis=1), axis=1)
    return np.asarray((summed[:, _TROUGH : _TROUGH + _BINS] - summed[:, :_BINS]).min(axis=1), np.float64)


def _together(days: Floats) -> float:
    return float(_trough(days.mean(axis=0, keepdims=True))[0])
