"""Registration: accounts made within an hour on one device or network, more than is usual there (evidence A4).

In: the accounts table. Out: :class:`Registration` per account and :class:`Batch` groups. How surprising a batch is depends on its
place: behind a school's, a carrier's or a café's network registrations are many. What a place usually sees is taken
from its other hours, and from how busy the platform's registration was in that very hour. Blank and default
places never link. A place that is seen for one afternoon only – a club founded on a campus – cannot be told from a farm
by this clue: it never acts alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from scipy import stats

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.accounts import UNKNOWN_MS, Accounts, milliseconds
from graphscan.behaviours.actions import DAY_MS, HOUR_MS, Flags, Ints
from graphscan.behaviours.normal import without_placeholders
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode, whole

WINDOW_MS = HOUR_MS
LEAST = {"device": 3, "network": 5}
"""Accounts a batch needs. Two accounts on one device are a couple with one telephone."""

PRIOR = 0.5
"""Registrations a place is taken to have seen beside what is known: a place seen for the first time is not impossible."""

AROUND_MS = 15 * DAY_MS
"""A place is as busy as in the fifteen days before and after: a term at a school, a season at a shop."""

P_CUT = 1e-3


@dataclass(frozen=True)
class Batch:
    """Accounts (codes) registered on one place within an hour; ``usual`` is how many others were to be expected."""

    kind: str
    accounts: Ints
    started_ms: int
    usual: float
    p_value: float


@dataclass(frozen=True)
class Registration:
    """One row an account: its most surprising batch.

    ``p_value`` is 1 where its place is known and holds no batch, NaN where time and place are not known; ``batch`` is the
    position in ``batches`` or -1, ``size`` how many accounts it has.
    """

    p_value: Floats
    batch: Ints
    size: Ints
    batches: tuple[Batch, ...]

    @cached_property
    def in_batch(self) -> Floats:
        """1 in a batch with p ≤ P_CUT, 0 without, NaN where nothing is known."""
        return np.where(np.isnan(self.p_value), np.nan, (self.p_value <= P_CUT).astype(np.float64))


def registration(dataset: Dataset, accounts: Accounts, placeholders: tuple[str, ...] = ()) -> Registration:
    """Find registration batches on devices and networks."""
    n = len(accounts)
    p_value, batch, size = np.full(n, np.nan), np.full(n, -1), np.zeros(n, np.int64)
    batches: list[Batch] = []
    if "accounts" not in dataset.tables:
        return Registration(p_value, batch, size, ())
    table = dataset.tables["accounts"]
    who, at = accounts.codes(table["account_id"]).astype(np.int64), milliseconds(table["registered_at"])
    for kind in LEAST:
        place = _places(table[kind], placeholders)
        known = (place >= 0) & (at != UNKNOWN_MS)
        p_value[who[known]] = np.fmin(p_value[who[known]], 1.0)
        batches += _batches(kind, who[known], at[known], place[known], np.sort(at[at != UNKNOWN_MS]))
    for position, found in enumerate(batches):
        better = found.accounts[found.p_value < p_value[found.accounts]]
        p_value[better], batch[better], size[better] = found.p_value, position, len(found.accounts)
    return Registration(p_value, batch.astype(np.int64), size, tuple(batches))


def _places(values: pa.ChunkedArray, placeholders: tuple[str, ...]) -> Ints:
    cleaned = without_placeholders(whole(values), placeholders)
    return encode(cleaned, cleaned.unique().drop_null()).astype(np.int64)


def _batches(kind: str, who: Ints, at: Ints, place: Ints, everybody: Ints) -> list[Batch]:
    order = np.lexsort((who, at, place))
    who, at, place = who[order], at[order], place[order]
    found: list[Batch] = []
    start = np.flatnonzero(np.r_[True, place[1:] != place[:-1]]) if len(place) else np.zeros(0, np.int64)
    stop = np.r_[start[1:], len(place)]
    for low, high in zip(start[stop - start >= LEAST[kind]], stop[stop - start >= LEAST[kind]], strict=True):
        found += _of_one_place(kind, who[low:high], at[low:high], everybody)
    return found


def _of_one_place(kind: str, who: Ints, at: Ints, everybody: Ints) -> list[Batch]:
    """Batches of one place, fullest hour first, without overlap."""
    left = np.ones(len(at), np.bool_)
    found = []
    while left.sum() >= LEAST[kind]:
        begin, end = _fullest(at, left)
        inside = left & (at >= at[begin]) & (at <= at[end])
        if inside.sum() < LEAST[kind]:
            break
        found.append(_batch(kind, who, at, inside, everybody))
        left &= ~inside
    return found


def _fullest(at: Ints, left: Flags) -> tuple[int, int]:
    """First and last place of the registrations left that lie in the fullest hour."""
    rows = np.flatnonzero(left)
    ends = np.searchsorted(at[rows], at[rows] + WINDOW_MS, side="right")
    best = int(np.argmax(ends - np.arange(len(rows))))
    return int(rows[best]), int(rows[ends[best] - 1])


def _batch(kind: str, who: Ints, at: Ints, inside: Flags, everybody: Ints) -> Batch:
    """The batch and its Poisson chance at the number that is usual there.

    The first account of the batch chose the hour, so the others are counted; every account of the place could have
    been that first one (Bonferroni).
    """
    size = int(inside.sum())
    usual = _usual(at[~inside], int(at[inside][0]), size, everybody)
    p = min(1.0, len(at) * float(stats.poisson.sf(size - 2, usual)))
    return Batch(kind, np.sort(who[inside]), int(at[inside][0]), usual, p)


def _usual(elsewhere: Ints, begin: int, size: int, everybody: Ints) -> float:
    """Registrations to expect at a place in the hour from ``begin``: the larger of two answers.

    The place's share of all registrations, of those the platform saw in that very hour; and the place's own hourly
    rate in the weeks around.
    """
    in_hour = np.searchsorted(everybody, begin + WINDOW_MS, "right") - np.searchsorted(everybody, begin, "left")
    others = max(int(in_hour) - size, 0)
    by_share = (len(elsewhere) + PRIOR) * (others + 1) / (max(len(everybody) - size, 0) + 1)
    near = int(np.sum(np.abs(elsewhere - begin) <= AROUND_MS))
    return float(max(by_share, near * WINDOW_MS / (2 * AROUND_MS)))
