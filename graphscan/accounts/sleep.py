"""Sleep: whether an account ever rests. Evidence family A2.

In: deeds. Out: :class:`Sleep`. The measure is the smallest share of an account's deeds in any five hours of the day. A
person sleeps at some hour, so next to nothing falls there; a machine leaves a fair share (5/24 at most) in every hour. Shift
workers sleep at changing hours: laid over each other their days look sleepless, so an account is called sleepless only
when it has no quiet window either that may move every second day (the fastest common rota is 2-2-3). Where that
second look has too little power, the answer is "no data".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.deeds import Deeds, Floats, of_all
from graphscan.accounts.sleep_kernel import drifting_when_awake, quietest_drifting, quietest_pooled
from graphscan.behaviours.actions import DAY_MS, HOUR_MS, Ints
from graphscan.behaviours.sorting import order_by

WINDOW_MS = 5 * HOUR_MS
MIN_DEEDS, MIN_DAYS = 60, 5
CUT = 0.033
"""METHOD stage 7, simulated: at 60 deeds over 5 days this share accuses 0.1 % of people and finds 99.8 % of machines."""

MIN_POWER = 0.8
"""The usual least power: with less, a quiet window that moves would be found in machines too, and says nothing."""

_BIN_MS = HOUR_MS // 2
_PER_DAY, _WIDTH = DAY_MS // _BIN_MS, WINDOW_MS // _BIN_MS
_MAX_DAYS = 60  # METHOD's long window; more days would only add work
_DRAWS = 200  # the power is then known to 0.03
_SEED = 5


@dataclass(frozen=True)
class Sleep:
    """One row an account; NaN without a statement (too few deeds or days, or too little power).

    ``quiet_share`` is the share of deeds in the quietest five hours of the day; ``drifting_share`` the same where the
    hours may move, and ``power`` the chance that an account with as many deeds a day that never sleeps would be
    seen as such; both only where ``quiet_share`` is above CUT. ``sleepless`` is 1, 0 or NaN.
    """

    quiet_share: Floats
    drifting_share: Floats
    power: Floats
    sleepless: Floats


def sleep(deeds: Deeds) -> Sleep:
    """Look at every account's day; scheduled deeds must have been left out before."""
    many = deeds.with_at_least(MIN_DEEDS)
    theirs = deeds.only(many)
    enough = np.flatnonzero(_active_days(theirs) >= MIN_DAYS)
    return of_all(_of_asked(theirs.only(enough)), many[enough], deeds.n_accounts, {})


def _of_asked(deeds: Deeds) -> Sleep:
    start = deeds.start
    n = np.diff(start)
    time_of_day = deeds.at_ms % DAY_MS
    order = order_by(deeds.account, time_of_day)
    fewest = quietest_pooled(time_of_day[order], start, DAY_MS, WINDOW_MS)
    quiet = fewest / np.maximum(n, 1)
    drifting, power = np.full(len(n), np.nan), np.full(len(n), np.nan)
    for i in np.flatnonzero(quiet > CUT):
        drifting[i], power[i] = _drifting(deeds.at_ms[start[i] : start[i + 1]])
    return Sleep(quiet, drifting, power, _verdict(quiet, drifting, power))


def _verdict(quiet: Floats, drifting: Floats, power: Floats) -> Floats:
    verdict = np.where(np.isnan(quiet), np.nan, 0.0)
    unclear = (quiet > CUT) & (power < MIN_POWER)
    return np.where(drifting > CUT, 1.0, np.where(unclear, np.nan, verdict))


def _active_days(deeds: Deeds) -> Ints:
    """Days with a deed, counted in days of 24 hours from the account's first deed."""
    first = deeds.at_ms[np.minimum(deeds.start[:-1], max(len(deeds) - 1, 0))] if len(deeds) else np.zeros(0)
    day = (deeds.at_ms - first[deeds.account]) // DAY_MS if len(deeds) else np.zeros(0, np.int64)
    new = np.ones(len(day), np.bool_)
    new[1:] = (day[1:] != day[:-1]) | (deeds.account[1:] != deeds.account[:-1])
    return np.bincount(deeds.account[new], minlength=deeds.n_accounts).astype(np.int64)


def _drifting(at_ms: Ints) -> tuple[float, float]:
    bins = (at_ms - at_ms[0]) // _BIN_MS
    bins = bins[bins < _MAX_DAYS * _PER_DAY]
    days = int(bins[-1]) // _PER_DAY + 1
    counts = np.bincount(bins, minlength=days * _PER_DAY).astype(np.int64)
    share = int(quietest_drifting(counts, _PER_DAY, _WIDTH)) / len(bins)
    awake = drifting_when_awake(counts.reshape(days, -1).sum(axis=1), _PER_DAY, _WIDTH, _DRAWS, _SEED)
    return share, float(np.mean(awake > CUT * len(bins)))
