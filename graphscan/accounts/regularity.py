"""Regularity: whether an account's gaps are more even than a person's could be. Evidence family A2.

In: deeds. Out: :class:`Regularity`. Gaps are taken after the platform's own minimum gap: where everybody must wait 30
minutes, everybody looks regular. Each account is looked at six ways – notes, comments, everything; every deed, and the
pauses between visits – and pays for each look (Bonferroni). A visit's burst hides a machine's clock from the first
view, never from the second: a pause longer than the visit's limit, less that limit, is again exponential for a
random poster (it has no memory).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.chance_of_gaps import MIN_GAPS, regularity_p_values
from graphscan.accounts.deeds import Deeds, Floats, of_all
from graphscan.behaviours.actions import DAY_MS, HOUR_MS, Codes, Flags, Ints
from graphscan.behaviours.sorting import order_by

VISIT_MS = 600_000
"""Deeds up to ten minutes apart are one visit: as the middle window of the meetings."""

REST_MS = 5 * HOUR_MS
MAX_MEDIAN_MS = 90 * 60_000
"""Who rests five hours on half of the days gets a statement only for gaps up to 90 minutes (median).

Meals, commutes and breaks are even anchors of a person's day: eight of them, evenly over 16 hours, and a night have CoV
0.63; with gaps of 90 minutes the night alone brings it to 0.87. A machine that works around the clock has no such night.
"""

STREAMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("notes", ("notes",)),
    ("comments", ("comments",)),
    ("deeds", ("notes", "comments", "chat_messages", "interactions")),
)
"""Name for people, and the tables whose deeds are looked at together."""


@dataclass(frozen=True)
class Regularity:
    """One row an account: the most telling look.

    ``p_value`` over all looks and ``cov`` are NaN, ``look`` is -1 and ``gaps`` 0 without a statement. ``look`` counts
    through :data:`STREAMS`, every deed first, then pauses between visits. ``floor_ms`` is the platform's minimum gap
    per stream, ``median_ms`` the account's median gap in that look.
    """

    p_value: Floats
    cov: Floats
    gaps: Ints
    median_ms: Floats
    look: Ints
    floor_ms: tuple[int, ...]

    def words(self, account: int) -> str:
        """What the most telling look looked at, for people: ``notes``, or ``visits (comments)``."""
        look = int(self.look[account])
        name = STREAMS[look // 2][0]
        return name if look % 2 == 0 else f"visits ({name})"


@dataclass(frozen=True)
class _Look:
    p_value: Floats
    cov: Floats
    gaps: Ints
    median_ms: Floats


def regularity(deeds: Deeds) -> Regularity:
    """Test every account's gaps; scheduled deeds must have been left out before."""
    asked = deeds.with_at_least(MIN_GAPS + 1)
    return of_all(_of_asked(deeds.only(asked)), asked, deeds.n_accounts, {"gaps": 0, "look": -1})


def _of_asked(deeds: Deeds) -> Regularity:
    looks, floors = [], []
    resting = rests(deeds)
    for _, tables in STREAMS:
        account, gap = gaps_of(deeds.of(*tables))
        floors.append(minimum_gap(account, gap, deeds.n_accounts))
        looks.append(_look(account, gap, floors[-1], resting))
        limit = max(VISIT_MS, floors[-1])
        looks.append(_look(account[gap > limit], gap[gap > limit], limit, resting))
    return _most_telling(looks, tuple(floors))


def gaps_of(deeds: Deeds) -> tuple[Codes, Ints]:
    """Account and milliseconds of every gap between neighbouring deeds of one account."""
    same = deeds.account[1:] == deeds.account[:-1]
    return deeds.account[1:][same], np.diff(deeds.at_ms)[same]


def minimum_gap(account: Codes, gap: Ints, n_accounts: int) -> int:
    """The platform's minimum gap in milliseconds: the first percentile of accounts' smallest gaps.

    Only accounts with MIN_GAPS gaps are asked. Too large a floor makes gaps look less even: it errs for the account.
    """
    smallest = np.full(n_accounts, np.iinfo(np.int64).max)
    np.minimum.at(smallest, account, gap)
    asked = smallest[np.bincount(account, minlength=n_accounts) >= MIN_GAPS]
    return int(np.quantile(asked, 0.01, method="lower")) if len(asked) else 0


def rests(deeds: Deeds) -> Flags:
    """Whether each account pauses for REST_MS on at least half of its days; a pause of several days counts for each."""
    account, gap = gaps_of(deeds)
    days = np.bincount(account, gap / DAY_MS, deeds.n_accounts)
    long = gap >= REST_MS
    rested = np.bincount(account[long], np.ceil(gap[long] / DAY_MS), deeds.n_accounts)
    return np.asarray(rested >= 0.5 * days)


def _look(account: Codes, gap: Ints, shift_ms: int, resting: Flags) -> _Look:
    n_accounts = len(resting)
    n = np.bincount(account, minlength=n_accounts).astype(np.int64)
    seconds = np.maximum(gap - shift_ms, 0) / 1000
    mean = np.bincount(account, seconds, n_accounts) / np.maximum(n, 1)
    squares = np.bincount(account, (seconds - mean[account]) ** 2, n_accounts)
    sd = np.sqrt(squares / np.maximum(n - 1, 1))
    cov = np.divide(sd, mean, out=np.full(n_accounts, np.nan), where=(mean > 0) & (n >= MIN_GAPS))
    median = medians(account, gap, n_accounts)
    cov[resting & (median > MAX_MEDIAN_MS)] = np.nan
    return _Look(regularity_p_values(n, cov), cov, n, median)


def medians(account: Codes, value: np.ndarray, n_accounts: int) -> Floats:
    """Median (the lower one of two) of the values of each account; NaN where it has none."""
    order = order_by(account, value)
    n = np.bincount(account, minlength=n_accounts)
    start = np.cumsum(n) - n
    result = np.full(n_accounts, np.nan)
    some = n > 0
    result[some] = value[order][(start + (n - 1) // 2)[some]]
    return result


def _most_telling(looks: list[_Look], floors: tuple[int, ...]) -> Regularity:
    p = np.array([look.p_value for look in looks])
    tried = (~np.isnan(p)).sum(axis=0)
    best = np.argmin(np.where(np.isnan(p), np.inf, p), axis=0)
    rows = np.arange(p.shape[1])

    def chosen(name: str, otherwise: float) -> np.ndarray:
        values = np.array([getattr(look, name) for look in looks], np.float64)[best, rows]
        return np.where(tried > 0, values, otherwise)

    return Regularity(
        np.where(tried > 0, np.minimum(1.0, tried * chosen("p_value", 1.0)), np.nan),
        chosen("cov", np.nan),
        chosen("gaps", 0).astype(np.int64),
        chosen("median_ms", np.nan),
        np.where(tried > 0, best, -1).astype(np.int64),
        floors,
    )
