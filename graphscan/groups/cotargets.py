"""Cotargets: accounts that chose the same rare objects beyond chance, whatever the time within a week (evidence family B2).

In: layers. Out: :class:`Cotargets`. Farms that drip, jitter or take turns never meet within an hour, but they still choose the same
things. So do fans and neighbours: this look opens a case and does no more. It makes no cluster, and nobody is measured by it.

The null is stage 3's, with a week for a window: the same interest blocks and channels, learnt from the same accounts. Popular
objects are left out of it and of what is counted.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphscan.behaviours import null_kernel
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import DAY_MS, Codes, Flags, Ints, Occasions
from graphscan.behaviours.chance import Surprise, learn_null, weigh
from graphscan.behaviours.layer import Layer
from graphscan.behaviours.meetings import Meetings, all_meetings, find_meetings
from graphscan.behaviours.opportunity import OBJECT_ACCOUNTS, Blocks
from graphscan.behaviours.sorting import order_by
from graphscan.groups.clusters import Cluster, cluster_numbers, group_numbers
from graphscan.groups.communities import DEFAULT_RESOLUTION, find_communities
from graphscan.groups.layers import Edges
from graphscan.intake.shelf import HELD, Store
from graphscan.settings import Settings

WINDOW_MS = 7 * DAY_MS  # the slowest drip of the red team's grid
COTARGET_OBJECTS = 4  # two share three rare things by chance among a million pairs more often than they share four
HOT_SHARE = 0.02  # guard G13: the top 2 % of objects carry no weight
MOST_ACCOUNTS = 200
"""Accounts on an object beyond which it is not rare, on a platform of any size: what 200 people chose within a week tells
nothing about two of them, and their pairs are what the look costs."""

COTARGET_RATE = 1e-4
"""False discovery rate over pairs; a tenth of what clusters are made with, for a look that has no clock to check it by."""

COTARGET_RECLUSTERINGS = (
    5  # enough to tell members from passers-by; how firmly each belongs is not asked of a mere look
)

_LAYERS = ("note_comment", "note_like", "note_collect", "note_share", "link_shared", "account_followed")
"""Behaviours in which an account chooses an object: chats are joined, answers are given, words and pictures are copied."""


@dataclass(frozen=True)
class Cotargets:
    """One row an account: the number of its group (-1: none), and rare objects it shares with others of it.

    ``in_cluster``: rare objects shared, in pairs beyond chance, with members of its *cluster*. ``groups``: codes of the
    accounts of each group, ascending.
    """

    group: Ints
    objects: Ints
    in_cluster: Ints
    groups: tuple[Codes, ...]


def no_cotargets(n_accounts: int) -> Cotargets:
    """Return what is known when nobody shares anything."""
    none = np.zeros(n_accounts, np.int64)
    return Cotargets(np.full(n_accounts, -1, np.int64), none, none, ())


@dataclass(frozen=True)
class _Pairs:
    """Validated pairs of one layer over its rare objects."""

    layer: Layer
    acts: Occasions
    met: Meetings
    surprise: Surprise


def find_cotargets(
    layers: Sequence[Layer],
    clusters: Sequence[Cluster],
    accounts: Accounts,
    identified: Flags,
    settings: Settings,
    store: Store = HELD,
) -> Cotargets:
    """Find groups that share rare objects beyond chance, and count what members of clusters share so.

    ``store`` is where long arrays go meanwhile.
    """
    found = [_pairs(x, len(accounts), settings, store) for x in layers if x.behaviour.name in _LAYERS]
    edges = _edges(found)
    edges = edges.where(~(identified[edges.a] & identified[edges.b]))
    communities = find_communities(
        edges,
        min_size=settings.min_cluster_size,
        reclusterings=COTARGET_RECLUSTERINGS,
        seed=settings.seed,
        resolution=DEFAULT_RESOLUTION,
    )
    groups = tuple(c.accounts for c in communities)
    group = group_numbers(groups, len(accounts))
    cluster = cluster_numbers(clusters, len(accounts))
    return Cotargets(group, _shared(found, group), _shared(found, cluster), groups)


def _pairs(layer: Layer, n_accounts: int, settings: Settings, store: Store) -> _Pairs:
    """Weigh every pair that shares COTARGET_OBJECTS rare objects of a layer."""
    acts, rare = store.keep(_first_acts(layer))
    opportunity = replace(
        layer.opportunity,
        levels=tuple(Blocks(_block_of_objects(layer, b.block_of)[rare], b.shares) for b in layer.opportunity.levels),
        channel_of=layer.actions.channel_of[rare],
    )
    windows = np.array([WINDOW_MS], np.int64)
    null = store.keep(learn_null(acts, store.keep(opportunity), windows, n_accounts))
    threads = settings.threads or os.cpu_count() or 1
    met = all_meetings(
        find_meetings(
            acts.account,
            acts.occasion,
            acts.at_ms,
            windows.tolist(),
            COTARGET_OBJECTS,
            memory_bytes=settings.memory_bytes(),
            threads=threads,
            keep=lambda batch: batch.where(null.credible(batch, COTARGET_RATE, threads)),
        ),
        1,
    )
    surprise = weigh(met, null, threads)
    kept = surprise.found(COTARGET_RATE)
    return _Pairs(layer, acts, met.where(kept), surprise.where(kept))


def _first_acts(layer: Layer) -> tuple[Occasions, Ints]:
    """Every account's first act on every rare object, as occasions that last the whole log; and the rare objects."""
    seen = layer.occasions
    first = seen.first_on_object
    count = seen.count_by_object(first, len(layer.actions.objects))
    is_rare = (count >= 2) & (count <= MOST_ACCOUNTS) & ~_hot(layer, first)
    rare = np.flatnonzero(is_rare)
    rows = np.flatnonzero(first & is_rare[seen.object_of][seen.occasion])
    object_ = seen.object_of[seen.occasion[rows]]
    order = order_by(object_, seen.at_ms[rows], seen.account[rows])
    rows, object_ = rows[order], object_[order]
    occasion = np.searchsorted(rare, object_).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(np.bincount(occasion, minlength=len(rare)))]).astype(np.int64)
    return (
        Occasions(seen.account[rows], occasion, seen.at_ms[rows], seen.action[rows], start, rare.astype(np.int32)),
        rare,
    )


def _hot(layer: Layer, first: Flags) -> Flags:
    """Per object: whether it is popular with accounts of an earlier life; a new farm makes nothing popular by itself."""
    acts = layer.occasions
    count = acts.count_by_object(first & layer.opportunity.teaches[acts.account], len(layer.actions.objects))
    if not count.any():
        return np.zeros(len(count), np.bool_)
    return np.asarray((count > np.quantile(count[count > 0], 1 - HOT_SHARE)) & (count >= OBJECT_ACCOUNTS))


def _block_of_objects(layer: Layer, block_of: Codes) -> Codes:
    """Each object's block: that of its busiest day."""
    by_size = np.argsort(layer.occasions.sizes, kind="stable")
    found = np.zeros(len(layer.actions.objects), np.int32)
    found[layer.occasions.object_of[by_size]] = block_of[by_size]
    return found


def _edges(found: Sequence[_Pairs]) -> Edges:
    none = np.zeros(0, np.int32)
    return Edges(
        np.concatenate([none, *(p.met.account_a for p in found)]),
        np.concatenate([none, *(p.met.account_b for p in found)]),
        np.concatenate([none, *(np.full(len(p.met), k, np.int32) for k, p in enumerate(found))]),
        np.concatenate([none, *(p.surprise.met for p in found)]),
    )


def _shared(found: Sequence[_Pairs], number: Ints) -> Ints:
    """Distinct objects (by layer) that each account shares with validated partners of the same number."""
    total = np.zeros(len(number), np.int64)
    for pairs in found:
        same = (number[pairs.met.account_a] >= 0) & (number[pairs.met.account_a] == number[pairs.met.account_b])
        if not same.any():
            continue
        rows, a_act, b_act = _common(pairs, same)
        both = [np.c_[who[rows], pairs.acts.occasion[act]] for who, act in _ends(pairs.met.where(same), a_act, b_act)]
        total += np.bincount(np.unique(np.concatenate(both), axis=0)[:, 0], minlength=len(number))
    return total


def _ends(met: Meetings, a_act: Ints, b_act: Ints) -> tuple[tuple[Codes, Ints], tuple[Codes, Ints]]:
    return (met.account_a, a_act), (met.account_b, b_act)


def _common(pairs: _Pairs, chosen: Flags) -> tuple[Ints, Ints, Ints]:
    """Rows of the chosen pairs and of both accounts' acts on every object they share within the window."""
    acts, met = pairs.acts, pairs.met.where(chosen)
    order = order_by(acts.account, acts.occasion)
    begin = np.zeros(int(acts.account.max()) + 2, np.int64)
    np.cumsum(np.bincount(acts.account), out=begin[1:])
    lists = (begin, acts.occasion[order], acts.at_ms[order])
    who = (met.account_a, met.account_b, np.full(len(met), WINDOW_MS, np.int64))
    found = np.zeros((null_kernel.common_occasions(*who, *lists, np.zeros((0, 3), np.int64)), 3), np.int64)
    null_kernel.common_occasions(*who, *lists, found)
    return found[:, 0], order[found[:, 1]], order[found[:, 2]]
