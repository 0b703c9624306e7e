"""Tools: what each account did through agent tools, and what registered it (evidence family A1).

In: deeds, and the accounts table. Out: :class:`ToolUse`. A missing client is no data: it counts in no total.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graphscan.accounts.deeds import Deeds, Floats
from graphscan.accounts.tool_list import AGENT, EXEMPT, NO_DATA, Kinds, ToolList, classify
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Ints
from graphscan.intake.dataset import Dataset
from graphscan.tables import ACTION_TABLES


@dataclass(frozen=True)
class ToolUse:
    """One row an account; the columns of the counts are notes, comments, messages, interactions, in this order.

    ``known`` counts deeds whose client is known, ``agent`` and ``exempt`` those through such tools. ``registered``
    is the kind of client that registered the account.
    """

    known: Ints
    agent: Ints
    exempt: Ints
    registered: Kinds

    @cached_property
    def registered_by_agent(self) -> Floats:
        """1 where an agent tool registered the account, 0 where another client did, NaN where that is not known."""
        return np.where(self.registered == NO_DATA, np.nan, (self.registered == AGENT).astype(np.float64))

    @cached_property
    def posting_share(self) -> Floats:
        """Share of notes with a known client that an agent tool posted; NaN without such notes."""
        return share_of(self.agent[:, 0], self.known[:, 0])

    @cached_property
    def interaction_share(self) -> Floats:
        """Share of comments, messages and interactions with a known client that an agent tool did; NaN without."""
        return share_of(self.agent[:, 1:].sum(axis=1), self.known[:, 1:].sum(axis=1))

    @cached_property
    def exempt_share(self) -> Floats:
        """Share of all deeds with a known client that an exempt tool carried out; NaN without any."""
        return share_of(self.exempt.sum(axis=1), self.known.sum(axis=1))


def tool_use(
    dataset: Dataset, accounts: Accounts, deeds: Deeds, tools: ToolList, placeholders: tuple[str, ...] = ()
) -> ToolUse:
    """Count each account's deeds by kind of tool."""
    registered = np.full(len(accounts), NO_DATA, np.int8)
    if "accounts" in dataset.tables:
        table = dataset.tables["accounts"]
        registered[accounts.codes(table["account_id"])] = classify(table["client"], tools, placeholders)
    chosen = (deeds.tool != NO_DATA, deeds.tool == AGENT, deeds.tool == EXEMPT)
    known, agent, exempt = (_counts(deeds.where(keep)) for keep in chosen)
    return ToolUse(known, agent, exempt, registered)


def share_of(part: Ints, whole: Ints) -> Floats:
    """Part through whole; NaN where the whole is nothing."""
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _counts(deeds: Deeds) -> Ints:
    width = len(ACTION_TABLES)
    cell = deeds.account.astype(np.int64) * width + deeds.source
    return np.bincount(cell, minlength=deeds.n_accounts * width).reshape(-1, width)
