"""Opportunity: what an account was likely to see anyway, learnt from people with a life before the window.

In: occasions, channels, who has history. Out: for each account its shares in interest blocks and channels, and its latency
stratum. The cross-fit is the point: a large farm that is new inside the window must not become "an interest" that
explains itself away, nor a farm that serves one merchant become that merchant's "audience" (METHOD stage 3).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import igraph as ig
import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from graphscan.behaviours.actions import Codes, Flags, Ints, Occasions

Floats = npt.NDArray[np.float64]

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

LEVELS = 4
"""Blocks, blocks inside blocks, and so on: one partition cannot show both a city's crowds and a club inside one."""


@dataclass(frozen=True)
class Shares:
    """Sparse shares, per account: entries ``start[a]:start[a+1]`` of ``group`` (ascending) and ``share``."""

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
    """
    least = OBJECT_ACCOUNTS_UNKNOWN if has_history.all() else OBJECT_ACCOUNTS
    found = _interest_blocks(occasions, n_accounts, has_history, min_accounts, min_object_accounts or least, seed)
    whole = _worlds(occasions, n_accounts)
    levels = tuple(Blocks(b, _block_shares(occasions, n_accounts, b, has_history)) for b in (whole, *found))
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
    ends = occasions.account.astype(np.int64), n_accounts + occasions.object_of[occasions.occasion].astype(np.int64)
    size = n_accounts + n_objects
    graph = sparse.coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(size, size))
    label = csgraph.connected_components(graph, directed=False)[1]
    people = np.bincount(label[np.unique(occasions.account)], minlength=int(label.max(initial=-1)) + 1)
    number = np.ones(len(people), np.int32)
    large = np.flatnonzero(people >= WORLD_ACCOUNTS)
    further = large[np.argsort(-people[large], kind="stable")][1:]
    number[further] = np.arange(2, len(further) + 2)
    return np.asarray(number[label[n_accounts + occasions.object_of]], np.int32)


def _latency_strata(occasions: Occasions, n_accounts: int) -> Codes:
    sizes = occasions.sizes[occasions.occasion]
    rank = (_places_in_occasion(occasions) + 0.5) / sizes
    weight = np.clip((sizes - 1) / 10, 0, 1)
    total = np.bincount(occasions.account, weights=rank * weight, minlength=n_accounts) + 1.0
    mean = total / (np.bincount(occasions.account, weights=weight, minlength=n_accounts) + 2.0)
    return np.digitize(mean, LATENCY_CUTS).astype(np.int32)


def _places_in_occasion(occasions: Occasions) -> Floats:
    """Each action's place in its object-day, from 0; those at the same instant share their mean: names make nobody fast."""
    place = np.arange(len(occasions.account)) - occasions.start[occasions.occasion]
    fresh = np.ones(len(place), np.bool_)
    fresh[1:] = (np.diff(occasions.occasion) != 0) | (np.diff(occasions.at_ms) != 0)
    tie = np.cumsum(fresh) - 1
    mean = np.bincount(tie, weights=place) / np.maximum(np.bincount(tie), 1)
    return np.asarray(mean[tie], np.float64)


def _interest_blocks(
    occasions: Occasions, n_accounts: int, teaches: Flags, min_accounts: int, min_size: int, seed: int
) -> list[Codes]:
    """Block number of each occasion, 1 up, at each level; 0 where too few teachers acted or the block is too small."""
    taught = np.bincount(occasions.occasion[teaches[occasions.account]], minlength=occasions.n_occasions)
    used = (taught >= min_size)[occasions.occasion] & teaches[occasions.account]
    if not used.any():
        return [np.zeros(occasions.n_occasions, np.int32)]
    place = _places_by_conduct(occasions.account[used], occasions.occasion[used], occasions.at_ms[used], n_accounts)
    people, who = np.unique(place[occasions.account[used]], return_inverse=True)
    days, day = np.unique(occasions.occasion[used], return_inverse=True)
    graph = ig.Graph(n=len(people) + len(days), edges=np.c_[who, len(people) + day])
    levels = []
    for parts in _nested_parts(graph, len(people), min_accounts, seed):
        number = np.zeros(occasions.n_occasions, np.int32)
        for k, vertices in enumerate(parts):
            number[days[vertices[vertices >= len(people)] - len(people)]] = k + 1
        levels.append(_lend_to_thin_days(occasions, number))
    return levels


def _nested_parts(graph: ig.Graph, n_people: int, min_accounts: int, seed: int) -> Iterator[list[Ints]]:
    """Communities with enough people, level after level, each found inside those of the level before."""
    parts = [np.arange(graph.vcount())]
    for _ in range(LEVELS):
        finer = [inner for part in parts for inner in _split(graph, part, seed)]
        finer = [part for part in finer if (part < n_people).sum() >= min_accounts]
        if len(finer) == len(parts) and all(len(a) == len(b) for a, b in zip(finer, parts, strict=True)):
            return
        yield finer
        parts = finer


def _split(graph: ig.Graph, part: Ints, seed: int) -> list[Ints]:
    """Leiden by modularity inside a part; the order of vertices, and so the answer, does not depend on names."""
    whole = len(part) == graph.vcount()  # of a long log the copy would take gigabytes
    inside = graph if whole else graph.induced_subgraph(part.tolist())
    ig.set_random_number_generator(random.Random(seed))
    label = np.array(inside.community_leiden("modularity", n_iterations=2).membership)
    order = np.argsort(label, kind="stable")
    return [part[rows] for rows in np.split(order, np.flatnonzero(np.diff(label[order])) + 1)]


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


def _places_by_conduct(accounts: Codes, occasions: Codes, at_ms: Ints, n_accounts: int) -> Ints:
    """Order accounts by what they did, not by their names, so that renaming accounts does not change the blocks."""
    mixed = (at_ms - at_ms.min() + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= (occasions.astype(np.uint64) + np.uint64(1)) * np.uint64(0xD6E8FEB86659FD93)
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


def _block_shares(occasions: Occasions, n_accounts: int, block_of: Codes, teaches: Flags) -> Shares:
    """Share of a block's actions that are the account's, without the one at hand (the rest keeps it: it is no interest).

    A block's actions are its teachers'; the rest's are everybody's.
    """
    block = block_of[occasions.occasion]
    actions = np.bincount(block[teaches[occasions.account] | (block == 0)], minlength=int(block.max(initial=0)) + 1)
    start, group, count = _counts(occasions.account, block, n_accounts)
    own = np.where(group == 0, count, np.maximum(count - 1, 0))
    return Shares(start, group, own / np.maximum(actions[group], 1))


def _channel_shares(occasions: Occasions, n_accounts: int, channel_of: Codes, counted: Flags) -> Shares:
    """Leave-one-out share of a channel's occasions that the account took part in, shrunk by KAPPA."""
    channel = channel_of[occasions.occasion]
    used = (channel >= 0) & counted
    start, group, count = _counts(occasions.account[used], channel[used], n_accounts)
    size = np.bincount(channel_of[channel_of >= 0], minlength=int(group.max(initial=0)) + 1)
    return Shares(start, group, np.maximum(count - 1, 0) / (size[group] - 1 + KAPPA))
