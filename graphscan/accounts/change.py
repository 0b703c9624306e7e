"""Change: old accounts whose suspicious deeds all lie in one recent spell after ordinary days (guard G12).

In: conduct, later acts. Out: a flag an account. Such an account was perhaps taken over: secure it, and ask its owner.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import gammaln

from graphscan.accounts.conduct import Conduct
from graphscan.accounts.deeds import Deeds, Floats
from graphscan.accounts.tool_list import AGENT
from graphscan.behaviours.accounts import UNKNOWN_MS, milliseconds
from graphscan.behaviours.actions import DAY_MS, Codes, Flags, Ints

OLD_DAYS = 90  # guard G12
CLEAN_DEEDS, CLEAN_DAYS = 10, 3
"""Deeds without anything suspicious, and days they lie on, that must come before: fewer show no habit that could have changed."""

SUSPICIOUS_DEEDS = 3  # one or two are occasional use, and no change of conduct
CHANGE_P = 0.01
"""Chance that deeds of two kinds, dealt out at random, would stand so: all of one kind after so many of the other."""


def compromised(found: Conduct, later_acts: pa.Table) -> Flags:
    """Return which accounts are old, were clean, and changed: through an agent tool or by acting after their cluster."""
    who, at = _unexplained(found, later_acts)
    asked = np.union1d(found.deeds.account[found.deeds.tool == AGENT], who).astype(np.int64)
    flags = np.zeros(found.deeds.n_accounts, np.bool_)
    deeds = found.deeds.only(asked)
    suspicious = (deeds.tool == AGENT) | _are_among(deeds, np.searchsorted(asked, who), at)
    flags[asked] = _changed(deeds, suspicious, found.accounts.registered_ms[asked])
    return flags


def _changed(deeds: Deeds, suspicious: Flags, registered_ms: Ints) -> Flags:
    start = deeds.start
    before, since = _first(suspicious, start), np.diff(start)
    count = np.diff(np.r_[0, np.cumsum(suspicious)][start])
    p = _all_late(since, before, count)
    age = _first_at(deeds, start, before, since) - registered_ms
    old = (registered_ms != UNKNOWN_MS) & (count > 0) & (age >= OLD_DAYS * DAY_MS)
    lived = (before >= CLEAN_DEEDS) & (_days(deeds, start, before) >= CLEAN_DAYS)
    return np.asarray(old & lived & (count >= SUSPICIOUS_DEEDS) & (p <= CHANGE_P))


def _unexplained(found: Conduct, later_acts: pa.Table) -> tuple[Codes, Ints]:
    """Account and time of the later acts that their account's own interests do not explain."""
    rows = later_acts.filter(pc.invert(later_acts["explained"]))
    return found.accounts.codes(rows["account_id"]), milliseconds(rows["at"])


def _are_among(deeds: Deeds, who: Ints, at: Ints) -> Flags:
    """Whether each deed is its account's at one of the given times."""
    times, place = np.unique(np.r_[at, deeds.at_ms], return_inverse=True)
    width = len(times) + 1
    keys = deeds.account.astype(np.int64) * width + place[len(at) :]
    return np.isin(keys, who.astype(np.int64) * width + place[: len(at)])


def _first(flags: Flags, start: Ints) -> Ints:
    """How many deeds each account did before its first flagged one (all of them where there is none)."""
    at = np.r_[np.flatnonzero(flags), len(flags)]
    return np.asarray(np.minimum(at[np.searchsorted(at, start[:-1])], start[1:]) - start[:-1], np.int64)


def _first_at(deeds: Deeds, start: Ints, before: Ints, since: Ints) -> Ints:
    at = np.r_[deeds.at_ms, 0]
    return np.where(before < since, at[start[:-1] + before], 0)


def _days(deeds: Deeds, start: Ints, before: Ints) -> Ints:
    """Days (24 hours, from each account's first deed) on which the deeds before the first flagged one lie."""
    if len(deeds) == 0:
        return np.zeros(len(before), np.int64)
    begin = deeds.at_ms[np.minimum(start[:-1], len(deeds) - 1)]
    day = (deeds.at_ms - begin[deeds.account]) // DAY_MS
    rank = np.arange(len(deeds)) - start[deeds.account]
    fresh = np.r_[True, (np.diff(day) != 0) | (np.diff(deeds.account) != 0)] & (rank < before[deeds.account])
    return np.bincount(deeds.account[fresh], minlength=len(before)).astype(np.int64)


def _all_late(n: Ints, before: Ints, count: Ints) -> Floats:
    """Chance that ``count`` of ``n`` deeds, drawn at random, all come after the first ``before``: hypergeometric."""
    late = np.maximum(n - before, count)

    def ways(of: Ints) -> Floats:
        return np.asarray(gammaln(of + 1) - gammaln(of - count + 1))

    return np.asarray(np.exp(ways(late) - ways(n)))
