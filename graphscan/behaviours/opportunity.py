"""Opportunity: what an account was likely to see anyway, learnt from people with a life before the window.

In: occasions, channels, who has history. Out: for each account its shares in interest blocks and channels, and its latency
stratum. The cross-fit is the point: a large farm that is new inside the window must not become "an interest" that
explains itself away, nor a farm that serves one merchant become that merchant's "audience" (METHOD stage 3).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import igraph as ig
import numpy as np
import numpy.typing as npt
from scipy import sparse

from graphscan.behaviours.actions import Codes, Flags, Ints, Occasions

Floats = npt.NDArray[np.float64]

KAPPA = 4.0  # METHOD: pseudo-occasions that shrink participation in a channel with few occasions
LATENCY_CUTS = (0.35, 0.55)  # METHOD: fast, middle and slow responders by mean rank inside object-days


@dataclass(frozen=True)
class Shares:
    """Sparse shares, per account: entries ``start[a]:start[a+1]`` of ``group`` (ascending) and ``share``."""

    start: Ints
    group: Codes
    share: Floats


@dataclass(frozen=True)
class Opportunity:
    """What the null model knows of each account and object-day.

    ``blocks`` and ``channels``: shares whose products, times a group's coincidence weight, give expected meetings. ``block_of``
    is each occasion's block (0: the rest, no block), ``channel_of`` its channel or -1.
    """

    stratum: Codes
    blocks: Shares
    block_of: Codes
    block_actions: Floats
    channels: Shares
    channel_of: Codes


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
) -> Opportunity:
    """Learn interest blocks, channel participation and latency strata.

    Parameters
    ----------
    has_history
        Per account: it had a life before the window (or nothing is known of it, and it gets the benefit of the doubt).
    explicit_of_object
        Per object: its channel's membership is declared (a chat), so that participation counts for everyone.
    min_accounts, min_object_accounts
        Accounts that a block, and an object-day inside it, need.
    """
    blocks = _interest_blocks(occasions, n_accounts, has_history, min_accounts, min_object_accounts, seed)
    channel_of = channel_of_object[occasions.object_of]
    counted = has_history[occasions.account] | explicit_of_object[occasions.object_of[occasions.occasion]]
    actions = np.bincount(blocks[occasions.occasion], minlength=int(blocks.max(initial=0)) + 1)
    return Opportunity(
        _latency_strata(occasions, n_accounts),
        _block_shares(occasions, n_accounts, blocks, actions),
        blocks,
        actions.astype(np.float64),
        _channel_shares(occasions, n_accounts, channel_of, counted),
        channel_of,
    )


def _latency_strata(occasions: Occasions, n_accounts: int) -> Codes:
    sizes = occasions.sizes[occasions.occasion]
    rank = (np.arange(len(occasions.account)) - occasions.start[occasions.occasion] + 0.5) / sizes
    weight = np.clip((sizes - 1) / 10, 0, 1)
    total = np.bincount(occasions.account, weights=rank * weight, minlength=n_accounts) + 1.0
    mean = total / (np.bincount(occasions.account, weights=weight, minlength=n_accounts) + 2.0)
    return np.digitize(mean, LATENCY_CUTS).astype(np.int32)


def _interest_blocks(
    occasions: Occasions, n_accounts: int, teaches: Flags, min_accounts: int, min_size: int, seed: int
) -> Codes:
    """Block number of each occasion, 1 up; 0 where too few accounts acted or the block is too small."""
    large = occasions.sizes >= min_size
    used = large[occasions.occasion] & teaches[occasions.account]
    number = np.zeros(occasions.n_occasions, np.int32)
    if not used.any():
        return number
    accounts, occasion = occasions.account[used], occasions.occasion[used]
    place = _places_by_conduct(accounts, occasions.at_ms[used], n_accounts)
    nodes, member = np.unique(place[accounts], return_inverse=True)
    days, day = np.unique(occasion, return_inverse=True)
    graph = ig.Graph(n=len(nodes) + len(days), edges=np.c_[member, len(nodes) + day])
    ig.set_random_number_generator(random.Random(seed))
    found = np.array(graph.community_leiden("modularity", n_iterations=2).membership)
    enough = np.bincount(found[: len(nodes)], minlength=found.max() + 1) >= min_accounts
    kept = np.flatnonzero(enough)
    renumber = np.zeros(found.max() + 1, np.int32)
    renumber[kept] = np.arange(1, len(kept) + 1)
    number[days] = renumber[found[len(nodes) :]]
    return _lend_to_thin_days(occasions, number)


def _lend_to_thin_days(occasions: Occasions, number: Codes) -> Codes:
    """Give an object's days without a block the block of its largest day.

    The quiet tail of a viral note, cut off by midnight, is still the same crowd: left in the rest it made 28 of 2,375
    bystanders look coordinated in one injection (measured).
    """
    placed = np.flatnonzero(number > 0)
    by_size = placed[np.argsort(occasions.sizes[placed], kind="stable")]
    of_object = np.zeros(int(occasions.object_of.max(initial=0)) + 1, np.int32)
    of_object[occasions.object_of[by_size]] = number[by_size]
    return np.where(number > 0, number, of_object[occasions.object_of]).astype(np.int32)


def _places_by_conduct(accounts: Codes, at_ms: Ints, n_accounts: int) -> Ints:
    """Order accounts by what they did, not by their names, so that renaming accounts does not change the blocks."""
    mixed = (at_ms - at_ms.min() + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    conduct = np.zeros(n_accounts, np.uint64)
    np.add.at(conduct, accounts, mixed)
    place = np.empty(n_accounts, np.int64)
    place[np.argsort(conduct, kind="stable")] = np.arange(n_accounts)
    return place


def _counts(accounts: Codes, groups: Codes, n_accounts: int) -> tuple[Ints, Codes, Floats]:
    n_groups = int(groups.max(initial=0)) + 1
    table = sparse.coo_matrix((np.ones(len(accounts)), (accounts, groups)), shape=(n_accounts, n_groups)).tocsr()
    table.sort_indices()
    return table.indptr.astype(np.int64), table.indices.astype(np.int32), table.data


def _block_shares(occasions: Occasions, n_accounts: int, block_of: Codes, actions: Ints) -> Shares:
    """Share of a block's actions that are the account's, without the one at hand (the rest keeps it: it is no interest)."""
    start, group, count = _counts(occasions.account, block_of[occasions.occasion], n_accounts)
    own = np.where(group == 0, count, np.maximum(count - 1, 0))
    return Shares(start, group, own / actions[group])


def _channel_shares(occasions: Occasions, n_accounts: int, channel_of: Codes, counted: Flags) -> Shares:
    """Leave-one-out share of a channel's occasions that the account took part in, shrunk by KAPPA."""
    channel = channel_of[occasions.occasion]
    used = (channel >= 0) & counted
    start, group, count = _counts(occasions.account[used], channel[used], n_accounts)
    size = np.bincount(channel_of[channel_of >= 0], minlength=int(group.max(initial=0)) + 1)
    return Shares(start, group, np.maximum(count - 1, 0) / (size[group] - 1 + KAPPA))
