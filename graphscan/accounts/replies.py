"""Replies: whether an account always answers after the same time. Evidence family A2.

In: the dataset and its accounts. Out: :class:`Replies`: how much the logarithm of an account's answering times spreads.
Two kinds are looked at apart: answers to a comment or message, and comments on other people's notes. A person's
answering times run from seconds to days; a program that polls and waits has a habit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow.compute as pc
from scipy import stats

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.accounts import Accounts, codes_of, milliseconds, places_of
from graphscan.behaviours.actions import Codes, Ints
from graphscan.intake.dataset import Dataset

CUT = 0.35
"""METHOD stage 7 (iii): standard deviation of ln(answering time); 0.35 is two answers in three within ±42 %."""

MIN_REPLIES = 20
MIN_ACCOUNTS = 20
"""Accounts needed to say how much answering times usually spread here: below, there is no p-value."""

KINDS = ("answers to comments and messages", "comments on notes")


@dataclass(frozen=True)
class Replies:
    """One row an account: the kind of answer that spreads least; NaN (``kind`` -1) under MIN_REPLIES answers.

    ``log_sd`` is the standard deviation of ln(seconds), ``median_s`` the median answering time, ``usual_log_sd`` per
    kind the median of ``log_sd`` over accounts. ``p_value``: chance of so small a spread for an account with the
    usual one and log-normal times (χ² law of the sample variance), over both kinds.
    """

    kind: Ints
    replies: Ints
    log_sd: Floats
    median_s: Floats
    p_value: Floats
    usual_log_sd: tuple[float, ...]

    @cached_property
    def constant(self) -> Floats:
        """1 where the spread is under CUT, 0 where it is not, NaN without a statement."""
        return np.where(np.isnan(self.log_sd), np.nan, (self.log_sd < CUT).astype(np.float64))


@dataclass(frozen=True)
class _Kind:
    replies: Ints
    log_sd: Floats
    median_s: Floats
    p_value: Floats
    usual: float


def replies(dataset: Dataset, accounts: Accounts) -> Replies:
    """Look at every account's answering times."""
    times = [_answers(dataset, accounts), _on_notes(dataset, accounts)]
    kinds = [_spread(who, wait, len(accounts)) for who, wait in times]
    sd = np.array([k.log_sd for k in kinds])
    best = np.argmin(np.where(np.isnan(sd), np.inf, sd), axis=0)
    rows = np.arange(len(accounts))
    some = ~np.isnan(sd).all(axis=0)

    def chosen(name: str) -> np.ndarray:
        return np.asarray(np.array([getattr(k, name) for k in kinds], np.float64)[best, rows])

    tried = (~np.isnan(sd)).sum(axis=0)
    return Replies(
        np.where(some, best, -1),
        np.where(some, chosen("replies"), 0).astype(np.int64),
        np.where(some, chosen("log_sd"), np.nan),
        np.where(some, chosen("median_s"), np.nan),
        np.where(some, np.minimum(1.0, chosen("p_value") * tried), np.nan),
        tuple(k.usual for k in kinds),
    )


_THREADS = ("comments", "chat_messages")


def _answers(dataset: Dataset, accounts: Accounts) -> tuple[Codes, Ints]:
    return _waits(dataset, accounts, [(t, "reply_to", t) for t in _THREADS if t in dataset.tables])


def _on_notes(dataset: Dataset, accounts: Accounts) -> tuple[Codes, Ints]:
    there = {"comments", "notes"} <= set(dataset.tables)
    return _waits(dataset, accounts, [("comments", "note_id", "notes")] if there else [])


def _waits(dataset: Dataset, accounts: Accounts, kinds: Sequence[tuple[str, str, str]]) -> tuple[Codes, Ints]:
    """Account and wait (ms) of each row that follows a row of another account that is there, of accounts with MIN_REPLIES such rows."""
    found = [(kind, _following(dataset, *kind)) for kind in kinds]
    n = np.zeros(len(accounts), np.int64)
    for (table, _, _), rows in found:
        n += np.bincount(codes_of(dataset, accounts, table)[rows], minlength=len(accounts))
    who, wait = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
    for (table, refers, to), rows in found:
        code = codes_of(dataset, accounts, table)
        rows = rows[(n >= MIN_REPLIES)[code[rows]]]
        place = places_of(dataset, table, refers, to)[rows]
        at = milliseconds(dataset.tables[table]["created_at"])[rows]
        waited = at - milliseconds(dataset.tables[to]["created_at"])[place]
        real = (code[rows] != codes_of(dataset, accounts, to)[place]) & (waited >= 0)
        who.append(code[rows][real])
        wait.append(waited[real])
    return np.concatenate(who), np.concatenate(wait)


def _following(dataset: Dataset, table: str, refers: str, to: str) -> Ints:
    """The rows that follow a row that is there; a comment in a thread follows no note."""
    there = places_of(dataset, table, refers, to) >= 0
    if refers == "note_id":
        there &= pc.is_null(dataset.tables[table]["reply_to"]).to_numpy()
    return np.flatnonzero(there)


def _spread(who: Codes, wait_ms: Ints, n_accounts: int) -> _Kind:
    n = np.bincount(who, minlength=n_accounts).astype(np.int64)
    heard = (n >= MIN_REPLIES)[who]
    who, wait_ms = who[heard], wait_ms[heard]
    log_s = np.log(np.maximum(wait_ms, 1000) / 1000)  # under a second is one second: clocks are no finer than that
    mean = np.bincount(who, log_s, n_accounts) / np.maximum(n, 1)
    variance = np.bincount(who, (log_s - mean[who]) ** 2, n_accounts) / np.maximum(n - 1, 1)
    sd = np.where(n >= MIN_REPLIES, np.sqrt(variance), np.nan)
    known = ~np.isnan(sd)
    usual = float(np.median(sd[known])) if known.sum() >= MIN_ACCOUNTS else float("nan")
    p = np.full(n_accounts, np.nan)
    if usual > 0:
        p[known] = stats.chi2.cdf((n[known] - 1) * variance[known] / usual**2, n[known] - 1)
    return _Kind(n, sd, np.exp(mean), p, usual)
