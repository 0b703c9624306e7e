"""Heartbeat: whether an account's visits begin on the beat of a clock. Evidence family A2.

In: deeds other than notes. Out: :class:`Heartbeat` per account, and :class:`Beat` groups of accounts that share period and phase, for
the motifs. Schedulers of agents wake every 15, 20, 30, 60 or 120 minutes. Each period is tested by Rayleigh's test on the
phases at which visits begin. A person with a daily habit is also always at one phase; so each slot of the day (each
period's turn) has one vote, the mean direction of its visits: one habit is one vote, a beat through the day is many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from graphscan.accounts.deeds import Deeds, Floats, of_all
from graphscan.behaviours.actions import DAY_MS, Flags, Ints

PERIODS_MIN = (15, 20, 30, 60, 120)
"""Intervals that schedulers of agents offer; at 4 h a day has six slots, too few votes for a small p-value."""

BEATING = ("comments", "chat_messages", "interactions")
"""Tables whose deeds are looked at. Notes are not: people schedule them for full hours by hand, with tools whose client is
not always recorded. In a real set of public pages 29 of 629 that post notes keep to full, half and quarter hours."""

VISIT_MS = 300_000  # a pause of five minutes ends a visit: a third of the shortest period
MIN_VISITS, MIN_SLOTS = 30, 8
"""Eight votes are the fewest with which Rayleigh's test can reach p = 1e-4."""

P_CUT, LENGTH_CUT = 1e-4, 0.5
"""A beat: p over all periods, and a mean direction of visits at least half as long as if all began at one instant."""

WIDESPREAD = 0.5
"""A beat of more than half of all accounts is the platform's clock (or coarse time stamps), not the accounts'."""

PHASE_BINS = 24
"""Accounts share a phase when they lie within 1/24 of the period: 75 s of 30 minutes."""


@dataclass(frozen=True)
class Heartbeat:
    """One row an account; NaN (``period_min`` 0) without a statement.

    ``p_value`` is over all periods, ``period_min`` and ``phase_min`` (minutes after the multiple of the period in UTC)
    tell the beat, ``length`` (0 to 1) how closely visits keep to it. ``beats`` is 1, 0 or NaN.
    """

    p_value: Floats
    period_min: Ints
    phase_min: Floats
    length: Floats
    beats: Floats


@dataclass(frozen=True)
class Beat:
    """Accounts (codes) that share a period and a phase; ``p_value``: chance of so many at one phase by accident."""

    period_min: int
    phase_min: float
    accounts: Ints
    p_value: float


def heartbeat(deeds: Deeds) -> Heartbeat:
    """Look for a beat in every account's visits; scheduled deeds must have been left out before."""
    many = deeds.with_at_least(MIN_VISITS)
    account, at = visits(deeds.only(many).of(*BEATING))
    asked = np.bincount(account, minlength=len(many)) >= MIN_VISITS
    heard, place = asked[account], np.cumsum(asked) - 1
    found = Heartbeat(*_loudest(place[account[heard]], at[heard], int(asked.sum())))
    return of_all(found, many[asked], deeds.n_accounts, {"period_min": 0})


def _loudest(account: Ints, at: Ints, n_accounts: int) -> tuple[Floats, Ints, Floats, Floats, Floats]:
    """The columns of :class:`Heartbeat` for accounts that all have enough visits."""
    looks = [_look(account, at, period * 60_000, n_accounts) for period in PERIODS_MIN]
    p, phase, length = (np.array([look[k] for look in looks]) for k in range(3))
    tried = (~np.isnan(p)).sum(axis=0)
    p = np.minimum(1.0, p * np.maximum(tried, 1))
    keeps = (p <= P_CUT) & (length >= LENGTH_CUT)
    longest = len(PERIODS_MIN) - 1 - np.argmax(keeps[::-1], axis=0)  # a beat of 60 min is one of 15, 20 and 30 too
    best = np.where(keeps.any(axis=0), longest, np.argmin(np.where(np.isnan(p), np.inf, p), axis=0))
    rows, some = np.arange(n_accounts), tried > 0
    return (
        np.where(some, p[best, rows], np.nan),
        np.where(some, np.array(PERIODS_MIN)[best], 0),
        np.where(some, phase[best, rows], np.nan),
        np.where(some, length[best, rows], np.nan),
        np.where(some, keeps[best, rows].astype(np.float64), np.nan),
    )


def visits(deeds: Deeds) -> tuple[Ints, Ints]:
    """Account and first instant (ms) of every visit."""
    first = np.ones(len(deeds), np.bool_)
    first[1:] = (deeds.account[1:] != deeds.account[:-1]) | (np.diff(deeds.at_ms) > VISIT_MS)
    return deeds.account[first].astype(np.int64), deeds.at_ms[first]


def beat_groups(heart: Heartbeat, least: int = 3) -> tuple[Beat, ...]:
    """Groups of at least ``least`` accounts that beat at one period and phase, largest first.

    The p-value is the binomial chance that so many of the period's accounts lie that near after one of them.
    """
    groups = [
        group
        for period in PERIODS_MIN
        for group in _groups(period, np.flatnonzero((heart.beats == 1) & (heart.period_min == period)), heart, least)
    ]
    return tuple(sorted(groups, key=lambda g: (-len(g.accounts), g.period_min, g.phase_min)))


def rayleigh(length: Floats, n: Floats) -> Floats:
    """Chance that n random directions have a mean of this length or a longer one (Zar 1999, equation 27.4)."""
    return np.asarray(np.exp(np.sqrt(1 + 4 * n + 4 * n**2 * (1 - length**2)) - (1 + 2 * n)))


def _look(account: Ints, at: Ints, period_ms: int, n_accounts: int) -> tuple[Floats, Floats, Floats]:
    """p-value, phase in minutes and length per account, for one period."""
    slots = DAY_MS // period_ms
    angle = np.exp(2j * np.pi * (at % period_ms) / period_ms)
    cell = account * slots + (at % DAY_MS) // period_ms
    sums = _sums(cell, angle, n_accounts * slots).reshape(n_accounts, slots)
    votes = np.divide(sums, np.abs(sums), out=np.zeros_like(sums), where=np.abs(sums) > 1e-9)
    n = np.maximum(np.sum(np.abs(votes) > 0, axis=1), 1)
    p = rayleigh(np.minimum(np.abs(votes.sum(axis=1)) / n, 1.0), n.astype(np.float64))
    asked = n >= MIN_SLOTS
    whole = _sums(account, angle, n_accounts) / np.maximum(np.bincount(account, minlength=n_accounts), 1)
    phase = (np.angle(whole) / (2 * np.pi) % 1.0) * (period_ms / 60_000)
    if asked.any() and np.mean((p[asked] <= P_CUT) & (np.abs(whole)[asked] >= LENGTH_CUT)) > WIDESPREAD:
        asked = np.zeros_like(asked)
    return tuple(np.where(asked, v, np.nan) for v in (p, phase, np.abs(whole)))  # type: ignore[return-value]


def _sums(group: Ints, values: np.ndarray, n: int) -> np.ndarray:
    return np.bincount(group, values.real, n) + 1j * np.bincount(group, values.imag, n)


def _groups(period: int, who: Ints, heart: Heartbeat, least: int) -> list[Beat]:
    """Take the fullest phase again and again, until no phase has ``least`` accounts left."""
    of, found = len(who), []
    while len(who) >= least:
        phase = heart.phase_min[who] / period
        near = _nearest(phase)
        if near.sum() < least:
            break
        middle = float(np.angle(np.exp(2j * np.pi * phase[near]).sum()) / (2 * np.pi) % 1.0) * period
        found.append(Beat(period, middle, np.sort(who[near]), _chance(int(near.sum()), of)))
        who = who[~near]
    return found


def _nearest(phase: Floats) -> Flags:
    """The phases inside the fullest arc of 1/PHASE_BINS of the circle that begins at one of them."""
    begin = np.sort(phase)
    round_again = np.concatenate([begin, begin + 1.0])
    inside = np.searchsorted(round_again, begin + 1 / PHASE_BINS, side="right") - np.arange(len(begin))
    return np.asarray((phase - begin[np.argmax(inside)]) % 1.0 <= 1 / PHASE_BINS)


def _chance(size: int, of: int) -> float:
    return min(1.0, of * float(stats.binom.sf(size - 2, of - 1, 1 / PHASE_BINS)))
