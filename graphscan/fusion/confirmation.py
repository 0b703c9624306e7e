"""Confirmation: does a cluster hold on occasions that had no part in finding it? The second key, on held-out data.

In: layers and clusters. Out: a p-value per cluster. A cluster chosen because its members were close in time will look close in
time on the same occasions. So the objects are dealt into two halves; who of the cluster is tied is found again on one half
alone, at the full rate over all pairs; and their timing is tested on the other half. Both halves take both parts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Flags, Ints
from graphscan.behaviours.layer import Layer
from graphscan.fusion.weighing import only_days, weigh_pairs
from graphscan.groups.clusters import MIN_JOINT_OCCASIONS, Cluster
from graphscan.groups.timing import check_timing
from graphscan.intake.shelf import HELD, Store
from graphscan.intake.wide import joined
from graphscan.settings import Settings

MIN_TIED = 3  # two accounts that happen to be tied again are a pair, no cluster
CONFIRMED_P = 0.01  # METHOD stage 3: the rate of the second key


def confirm(
    layers: Sequence[Layer],
    clusters: Sequence[Cluster],
    n_accounts: int,
    first_ms: int,
    settings: Settings,
    store: Store = HELD,
) -> Floats:
    """Return each cluster's p-value on held-out occasions; NaN where too little is left on either half.

    Too little: fewer than :data:`MIN_TIED` members are tied again, or they share fewer than three object-days on the other half.
    Over both directions the smaller p-value counts, doubled; over layers likewise (Bonferroni). ``first_ms`` is the log's first
    action: halves depend on when and how often objects were acted on, never on what they are called. Long arrays go to ``store``.
    """
    if not clusters:
        return np.zeros(0)
    halves = _halves(layers, first_ms)
    p = np.empty((2, len(clusters)))
    for side in (0, 1):
        tied = _tied_again(layers, clusters, halves, side, n_accounts, settings, store)
        other = store.keep(_half(clusters, halves, 1 - side))
        p[side] = [_other_half(cluster, tied, other, settings) for cluster in clusters]
    tried = (~np.isnan(p)).sum(axis=0)
    return np.where(tried > 0, np.minimum(1.0, tried * np.fmin(p[0], p[1])), np.nan)


def _halves(layers: Sequence[Layer], first_ms: int) -> dict[str, Flags]:
    """For each layer, which of its object-days are on the second half; an object is on one half in every layer."""
    names = joined([layer.actions.objects.named for layer in layers])
    codes = np.asarray(names.dictionary_encode().indices.to_numpy(), np.int64)
    total = np.zeros(int(codes.max(initial=-1)) + 1, np.uint64)
    starts = np.cumsum([0, *(len(layer.actions.objects.named) for layer in layers)])
    for layer, start in zip(layers, starts[:-1], strict=True):
        named = layer.actions.object < len(layer.actions.objects.named)
        np.add.at(total, codes[start + layer.actions.object[named]], _mix(layer.actions.at_ms[named] - first_ms))
    return {
        layer.behaviour.name: _second(layer, codes[start : start + len(layer.actions.objects.named)], total, first_ms)
        for layer, start in zip(layers, starts[:-1], strict=True)
    }


def _second(layer: Layer, codes: Ints, total: np.ndarray, first_ms: int) -> Flags:
    """Whether each of a layer's object-days is on the second half; a row that is an object of its own goes by its time alone."""
    object_of, named = layer.occasions.object_of, layer.occasions.object_of < len(codes)
    sums = _mix(layer.occasions.at_ms[layer.occasions.start[:-1]] - first_ms)
    sums[named] = total[codes[object_of[named]]]
    return np.asarray((_mix(sums) >> np.uint64(63)) == 1)


def _mix(values: Ints | np.ndarray) -> np.ndarray:
    """Spread integers evenly over 64 bits (splitmix64, Steele, Lea & Flood 2014)."""
    x = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))


def _tied_again(
    layers: Sequence[Layer],
    clusters: Sequence[Cluster],
    halves: dict[str, Flags],
    side: int,
    n_accounts: int,
    settings: Settings,
    store: Store,
) -> list[Ints]:
    """Pairs of clustered accounts (rows of codes) that one half alone validates, one array a layer."""
    chosen = np.zeros(n_accounts, np.bool_)
    for cluster in clusters:
        chosen[cluster.community.accounts] = True
    found = []
    for layer in layers:
        half = only_days(layer.occasions, halves[layer.behaviour.name] == bool(side), store)
        weighed = weigh_pairs(layer, chosen, settings.min_occasions, settings.threads or os.cpu_count() or 1, half)
        keys = weighed.key[weighed.q_value <= settings.false_discovery_rate]
        found.append(np.stack([keys // n_accounts, keys % n_accounts], axis=1))
    return found


@dataclass(frozen=True)
class _Half:
    """One side of a layer: which of its object-days are there, and when all that acted on these did so."""

    there: Flags
    at_ms: Ints


def _half(clusters: Sequence[Cluster], halves: Mapping[str, Flags], side: int) -> dict[str, _Half]:
    """One side of each layer that ties a cluster."""
    layers = {tie.layer.behaviour.name: tie.layer for cluster in clusters for tie in cluster.ties}
    found = {}
    for name, layer in layers.items():
        there = halves[name] == bool(side)
        found[name] = _Half(there, layer.occasions.at_ms[there[layer.occasions.occasion]])
    return found


def _other_half(cluster: Cluster, tied: Sequence[Ints], half: Mapping[str, _Half], settings: Settings) -> float:
    """The timing check of the members tied again, on the object-days of one side."""
    pairs = np.concatenate([np.zeros((0, 2), np.int64), *tied])
    inside = np.isin(pairs, cluster.community.accounts).all(axis=1)
    members = np.unique(pairs[inside]).astype(np.int32)
    if len(members) < MIN_TIED:
        return float("nan")
    tried = []
    for tie in cluster.ties:
        layer, days = tie.layer, half[tie.layer.behaviour.name]
        account, occasion = layer.occasions.account[tie.acts], layer.occasions.occasion[tie.acts]
        rows = tie.acts[np.isin(account, members) & days.there[occasion]]
        timing = check_timing(rows, layer.occasions, layer.windows_ms, settings.seed, days.at_ms)
        if timing is not None and timing.occasions >= MIN_JOINT_OCCASIONS:
            tried.append(timing.p_value)
    return min(1.0, len(tried) * min(tried)) if tried else float("nan")
