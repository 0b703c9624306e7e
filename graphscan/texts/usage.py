"""Usage: which accounts wrote each form, and how surprising it is that they share it.

In: form and author of every text. Out: :class:`Usage`, and the weight that decides what a shared text is worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from graphscan.texts import kernels
from graphscan.texts.arrays import Codes, Flags, Floats, Ints

PRIOR_ACCOUNTS = 3.0
"""Pseudo-accounts with the platform's own share of histories: three newcomers who say the same are no surprise yet."""

LEAST_WEIGHT = 0.20
"""Below, a template weighs nothing: with eight in ten of its users established it cannot exceed this."""


MOST_CHANCE = 0.02
"""Chance that as many accounts drawn from all writers are as new: two newcomers among four, where one account in ten is new,
come together in one of twenty groups, and a city's small talk has hundreds."""


@dataclass(frozen=True)
class Usage:
    """Distinct authors of form ``i``: ``account[begin[i]:begin[i + 1]]``; ``has_history`` and ``block`` are per account.

    ``writers`` counts the accounts that wrote anything; ``old_share`` is the share of them that have a history.
    """

    account: Codes
    begin: Ints
    has_history: Flags
    block: Codes
    writers: int
    old_share: float

    @property
    def n_accounts(self) -> int:
        """Accounts of the dataset, writers or not."""
        return len(self.has_history)


def find_usage(form: Ints | Codes, author: Codes, n_forms: int, has_history: Flags, block: Codes) -> Usage:
    """Return who used each form; rows of form -1 or with a negative author are nobody's, other negative forms count as writing only."""
    begin, who = np.empty(n_forms + 1, np.int64), np.empty(len(form), np.int32)
    who = who[: kernels.users_of_forms(form, author, begin, who)].copy()
    writers = np.flatnonzero(np.bincount(author[(form != -1) & (author >= 0)], minlength=len(has_history)))
    share = float(has_history[writers].mean()) if len(writers) else 1.0
    return Usage(who, begin, has_history, block, len(writers), share)


def worth(users: Ints, old: Ints, usage: Usage, blocks: Ints) -> Floats:
    """Return :func:`surprise` where it is at least :data:`LEAST_WEIGHT` and the users are newer than chance; 0 elsewhere."""
    weight = surprise(users, old, usage, blocks)
    chance = binom.cdf(old, users, usage.old_share)
    return np.where((weight >= LEAST_WEIGHT) & (chance <= MOST_CHANCE), weight, 0.0)


def surprise(users: Ints, old: Ints, usage: Usage, blocks: Ints | None = None) -> Floats:
    """Return w = idf · (1 − y) / (1 + ln b), between 0 and 1 (METHOD stage 2).

    ``users``: distinct accounts; ``old``: those with a history; ``blocks``: distinct interest blocks of the users, 1 where not known.
    idf is scaled so that one user of many accounts is 1; y, the share of histories, is drawn to the platform's own.
    """
    writers = max(usage.writers, 1)
    idf = np.log1p(writers / (1.0 + users)) / np.log1p(writers)
    share = (old + PRIOR_ACCOUNTS * usage.old_share) / (users + PRIOR_ACCOUNTS)
    spread = 1.0 if blocks is None else 1.0 + np.log(np.maximum(blocks, 1))
    return np.asarray(idf * (1.0 - share) / spread, np.float64)
