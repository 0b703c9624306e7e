"""Opportunity: what an account was likely to see anyway, learnt from people with a life before the window.

In: occasions, channels, who has history. Out: for each account its shares in interest blocks and channels, and its latency
stratum. The cross-fit is the point: a large farm that is new inside the window must not become "an interest" that
explains itself away, nor a farm that serves one merchant become that merchant's "audience" (METHOD stage 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.behaviours import opportunity_kernel
from graphscan.behaviours.actions import Codes, Flags, Ints, Occasions
from graphscan.behaviours.interests import Floats, groups_by_account, interest_blocks
from graphscan.intake.shelf import HELD, Store

KAPPA = 4.0  # METHOD: pseudo-occasions that shrink participation in a channel with few occasions
LATENCY_CUTS = (0.35, 0.55)  # METHOD: fast, middle and slow responders by mean rank inside object-days

BLOCK_ACCOUNTS = 25
"""Accounts with a history that an interest block needs. METHOD used 200 on 48,000 accounts; then fan groups of 80 in a world of
6,000 look coordinated. Newcomers do not teach and are judged by the teachers' own bursts, so small blocks hide no new farm (measured:
same recall with 25 as with 200); farms of at least this many *aged* accounts can pass for an interest."""

OBJECT_ACCOUNTS = 12
"""Accounts with a history that an object-day needs to inform blocks; with 30, small worlds have none (measured)."""

OBJECT_ACCOUNTS_UNKNOWN = 25
"""The same where nobody's registration is known, so that everyone teaches: more than the farms of 5–24 looked for, which would
otherwise teach that they are an interest (recall 0.99 against 0.32–0.46 with 12; injection study, measured)."""

WORLD_ACCOUNTS = 1000
"""Accounts from which a part of the log that shares neither accounts nor objects with the rest is a world of its own. Smaller parts may
be farms on objects of their own, which must not explain themselves away. Without it 72 ordinary people of two small platforms,
pooled with two others in one layer, looked coordinated (measured)."""


@dataclass(frozen=True)
class Shares:
    """Shares above 0, per account: entries ``start[a]:start[a+1]`` of ``group`` (ascending) and ``share``."""

    start: Ints
    group: Codes
    share: Floats


@dataclass(frozen=True)
class Blocks:
    """One level of interest blocks: each occasion's block (0: the rest, no block) and each account's shares in them."""

    block_of: Codes
    shares: Shares

    @property
    def n_blocks(self) -> int:
        """Number of blocks, the rest included."""
        return int(self.block_of.max(initial=0)) + 1


@dataclass(frozen=True)
class Opportunity:
    """What the null model knows of each account and object-day.

    ``levels``: interest blocks, coarse to fine, the first being the whole platform: without it two people who met
    once in each of two small blocks, and act nowhere else, are expected nowhere and get p = 0 (120 to 140 pairs of
    a random rewiring of real shares at a rate of 1 %, against none with it; measured). ``channels``: shares whose products, times a
    channel's coincidence weight, give expected meetings; ``channel_of`` is each occasion's channel or -1. ``teaches``: the accounts
    that were learnt from.
    """

    stratum: Codes
    levels: tuple[Blocks, ...]
    channels: Shares
    channel_of: Codes
    teaches: Flags


def learn_opportunity(
    occasions: Occasions,
    n_accounts: int,
    channel_of_object: Codes,
    has_history: Flags,
    *,
    explicit_of_object: Flags,
    min_accounts: int,
    min_object_accounts: int,
    seed: int,
    store: Store = HELD,
) -> Opportunity:
    """Learn interest blocks, channel participation and latency strata.

    Parameters
    ----------
    has_history
        Per account: it had a life before the window (or nothing is known of it, and it gets the benefit of the doubt).
    explicit_of_object
        Per object: its channel's membership is declared (a chat), so that participation counts for everyone.
    min_accounts, min_object_accounts
        Accounts with a history that a block, and an object-day inside it, need; 0: :data:`OBJECT_ACCOUNTS`, or
        :data:`OBJECT_ACCOUNTS_UNKNOWN` when every account counts as having a history.
    store
        What may put large arrays on disk and give them back mapped.
    """
    least = OBJECT_ACCOUNTS_UNKNOWN if has_history.all() else OBJECT_ACCOUNTS
    found = interest_blocks(occasions, n_accounts, has_history, min_accounts, min_object_accounts or least, seed)
    whole = _worlds(occasions, n_accounts)
    levels = tuple(store.keep(Blocks(b, _block_shares(occasions, n_accounts, b, has_history))) for b in (whole, *found))
    channel_of = channel_of_object[occasions.object_of]
    counted = has_history[occasions.account] | explicit_of_object[occasions.object_of[occasions.occasion]]
    return Opportunity(
        _latency_strata(occasions, n_accounts),
        levels,
        _channel_shares(occasions, n_accounts, channel_of, counted),
        channel_of,
        has_history,
    )


def _worlds(occasions: Occasions, n_accounts: int) -> Codes:
    """Block of each occasion on the coarsest level: 1, or a number of its own for each further world of its own.

    Accounts and objects that nothing joins to the rest are another platform in the same log: what its people come upon does not depend
    on how much happens elsewhere.
    """
    n_objects = int(occasions.object_of.max(initial=-1)) + 1
    label = np.empty(n_accounts + n_objects, np.int32)
    n_parts = opportunity_kernel.join_parts(
        occasions.account, occasions.occasion, occasions.object_of, n_accounts, label
    )
    acted = np.bincount(occasions.account, minlength=n_accounts) > 0
    people = np.bincount(label[:n_accounts][acted], minlength=n_parts)
    number = np.ones(len(people), np.int32)
    large = np.flatnonzero(people >= WORLD_ACCOUNTS)
    further = large[np.argsort(-people[large], kind="stable")][1:]
    number[further] = np.arange(2, len(further) + 2)
    return np.asarray(number[label[n_accounts + occasions.object_of]], np.int32)


def _latency_strata(occasions: Occasions, n_accounts: int) -> Codes:
    """Fast, middle or slow: the mean place in object-days, those of ten and more counting whole; 0.5 counts twice besides."""
    total, weight = np.zeros(n_accounts), np.zeros(n_accounts)
    opportunity_kernel.add_latency(occasions.start, occasions.account, occasions.at_ms, total, weight)
    return np.digitize((total + 1.0) / (weight + 2.0), LATENCY_CUTS).astype(np.int32)


def _counts(occasions: Occasions, group_of: Codes, used: Flags, n_accounts: int) -> tuple[Ints, Codes, Codes]:
    """Per account the groups of its used actions, ascending, and how many are in each; a group below 0 is none."""
    begin, groups = groups_by_account(occasions, group_of, used, n_accounts)
    counts = np.empty(len(groups), np.int32)
    n = opportunity_kernel.merge_groups(begin, groups, counts)
    return begin, groups[:n].copy(), counts[:n].copy()


def _kept(start: Ints, group: Codes, count: Codes, there: Flags) -> tuple[Ints, Codes, Codes]:
    """The entries that are there; a share of nothing takes as much memory as any other, and most are (measured)."""
    before = np.concatenate([[0], np.cumsum(there)])
    return before[start], group[there], count[there]


def _block_shares(occasions: Occasions, n_accounts: int, block_of: Codes, teaches: Flags) -> Shares:
    """Share of a block's actions that are the account's, without the one at hand (the rest keeps it: it is no interest).

    A block's actions are its teachers'; the rest's are everybody's.
    """
    block = block_of[occasions.occasion]
    actions = np.bincount(block[teaches[occasions.account] | (block == 0)], minlength=int(block.max(initial=0)) + 1)
    del block
    everything = np.ones(len(occasions.account), np.bool_)
    start, group, count = _counts(occasions, block_of, everything, n_accounts)
    start, group, count = _kept(start, group, count, (count > 1) | (group == 0))
    return Shares(start, group, np.where(group == 0, count, count - 1) / np.maximum(actions[group], 1))


def _channel_shares(occasions: Occasions, n_accounts: int, channel_of: Codes, counted: Flags) -> Shares:
    """Leave-one-out share of a channel's occasions that the account took part in, shrunk by KAPPA."""
    start, group, count = _counts(occasions, channel_of, counted, n_accounts)
    size = np.bincount(channel_of[channel_of >= 0], minlength=int(group.max(initial=0)) + 1)
    start, group, count = _kept(start, group, count, count > 1)
    return Shares(start, group, (count - 1) / (size[group] - 1 + KAPPA))
