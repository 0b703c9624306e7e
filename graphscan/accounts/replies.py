"""Replies: whether an account always answers after the same time. Evidence family A2.

In: the dataset and its accounts. Out: :class:`Replies`: how much the logarithm of an account's answering times spreads.
Two kinds are looked at apart: answers to a comment or message, and comments on other people's notes. A person's
answering times run from seconds to days; a program that polls and waits has a habit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from scipy import stats

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.accounts import Accounts, codes_of, milliseconds, places_of
from graphscan.behaviours.actions import Ints
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

    @property
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


def _answers(dataset: Dataset, accounts: Accounts) -> tuple[Ints, Ints]:
    parts = [_after(dataset, accounts, t, "reply_to", t) for t in _THREADS if t in dataset.tables]
    return _joined(iter(parts))


_THREADS = ("comments", "chat_messages")


def _on_notes(dataset: Dataset, accounts: Accounts) -> tuple[Ints, Ints]:
    if not {"comments", "notes"} <= set(dataset.tables):
        return _joined(iter(()))
    return _joined(iter([_after(dataset, accounts, "comments", "note_id", "notes")]))


def _after(dataset: Dataset, accounts: Accounts, table: str, refers: str, to: str) -> tuple[Ints, Ints]:
    """Account and wait (ms) of each row that follows a row of another account that is there."""
    rows, parents = dataset.tables[table], dataset.tables[to]
    place = places_of(dataset, table, refers, to)
    keep = place >= 0
    if refers == "note_id":
        keep = keep & pc.is_null(rows["reply_to"]).to_numpy()
    who = codes_of(dataset, accounts, table)[keep].astype(np.int64)
    whom = codes_of(dataset, accounts, to)[place[keep]]
    wait = milliseconds(rows["created_at"])[keep] - milliseconds(parents["created_at"])[place[keep]]
    real = (who != whom) & (wait >= 0)
    return who[real], wait[real]


def _joined(parts: Iterator[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    found = list(parts) or [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    return np.concatenate([w for w, _ in found]), np.concatenate([t for _, t in found])


def _spread(who: Ints, wait_ms: Ints, n_accounts: int) -> _Kind:
    log_s = np.log(np.maximum(wait_ms, 1000) / 1000)  # under a second is one second: clocks are no finer than that
    n = np.bincount(who, minlength=n_accounts).astype(np.int64)
    mean = np.bincount(who, log_s, n_accounts) / np.maximum(n, 1)
    variance = np.bincount(who, (log_s - mean[who]) ** 2, n_accounts) / np.maximum(n - 1, 1)
    sd = np.where(n >= MIN_REPLIES, np.sqrt(variance), np.nan)
    known = sd[~np.isnan(sd)]
    usual = float(np.median(known)) if len(known) >= MIN_ACCOUNTS else float("nan")
    p = stats.chi2.cdf((n - 1) * variance / usual**2, n - 1) if usual > 0 else np.full(n_accounts, np.nan)
    return _Kind(n, sd, np.exp(mean), np.where(np.isnan(sd), np.nan, p), usual)
