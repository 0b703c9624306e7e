"""Ties: the layers of every pair inside a cluster, combined into one number.

In: layers, clusters, registrations and devices. Out: :class:`Ties`, whose table is :data:`graphscan.tables.TIES`. A pair
has a row when it is validated in at least one layer; all layers then have their say, validated there or not. An *enforcement tie* needs two
kinds of layers: what the two did (behaviour), and what they said or where they came from (content, identity).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphscan.accounts.deeds import Floats
from graphscan.accounts.registration import Registration
from graphscan.behaviours.accounts import Accounts, identified
from graphscan.behaviours.actions import Flags, Ints
from graphscan.behaviours.chance import false_discovery_rates
from graphscan.behaviours.layer import Layer
from graphscan.fusion.cauchy import combine
from graphscan.fusion.identity import device_shared, registered_together
from graphscan.fusion.layer_kinds import DEVICE_SHARED, REGISTERED_TOGETHER, kind_of
from graphscan.fusion.weighing import weigh_pairs
from graphscan.groups.clusters import Cluster, cluster_numbers
from graphscan.intake.dataset import Dataset
from graphscan.settings import Settings
from graphscan.tables import TIES, from_rows

LAYER_P = 1e-3  # METHOD stage 5: each of the two layers by itself
ENFORCEMENT_RATE = 1e-4  # METHOD stage 5: false discovery rate of the enforcement graph


@dataclass(frozen=True)
class Ties:
    """One row a pair of clustered accounts that some layer validated, sorted by the accounts' codes.

    ``cluster`` is the position of the cluster both are in, -1 for a pair across two. ``by_layer`` has one column a name in ``layers``: the
    p-value there, 1 where they did not meet often enough, NaN for no data.
    """

    account_a: Ints
    account_b: Ints
    cluster: Ints
    layers: tuple[str, ...]
    by_layer: Floats
    p_value: Floats
    q_value: Floats
    enforcement: Flags

    def __len__(self) -> int:
        return len(self.account_a)

    def tied_by(self, *names: str) -> Flags:
        """Whether any of these layers ties each pair with p ≤ :data:`LAYER_P`."""
        columns = [k for k, name in enumerate(self.layers) if name in names]
        return np.asarray((self.by_layer[:, columns] <= LAYER_P).any(axis=1))

    def enforcement_ties(self, n_clusters: int) -> Ints:
        """Enforcement ties inside each cluster."""
        inside = self.cluster[self.enforcement & (self.cluster >= 0)]
        return np.bincount(inside, minlength=n_clusters).astype(np.int64)


def find_ties(
    dataset: Dataset,
    accounts: Accounts,
    layers: Sequence[Layer],
    clusters: Sequence[Cluster],
    batches: Registration,
    settings: Settings,
) -> Ties:
    """Combine all layers of every validated pair of clustered accounts.

    Two accounts that are both verified or labelled human have no row, as they tie nothing in the clusters.
    """
    number = cluster_numbers(clusters, len(accounts))
    known = identified(dataset, accounts)
    keys = _validated(layers, number, known)
    a, b = keys // len(accounts), keys % len(accounts)
    told = {layer.behaviour.name: _in_layer(layer, keys, number >= 0, settings) for layer in layers}
    told[REGISTERED_TOGETHER] = registered_together(batches, a, b)
    told[DEVICE_SHARED] = device_shared(dataset, accounts, settings.placeholders, a, b)
    names = tuple(told)
    p = np.stack([told[name] for name in names], axis=1)
    weights = np.array([kind_of(name).weight for name in names])
    merged = _as_one(p, names)
    p_value = combine(merged, weights)
    q_value = false_discovery_rates(p_value, _possible_pairs(layers, len(accounts)))
    cluster = np.where(number[a] == number[b], number[a], -1)
    return Ties(a, b, cluster, names, merged, p_value, q_value, _enforces(merged, names, q_value))


def ties_table(ties: Ties, accounts: Accounts, clusters: Sequence[Cluster]) -> pa.Table:
    """Return the ties inside clusters as a table, by account ids."""
    rows = []
    inside = np.flatnonzero(ties.cluster >= 0)
    one, other = (accounts.ids.take(pa.array(c[inside])).to_pylist() for c in (ties.account_a, ties.account_b))
    for i, a, b in zip(inside, one, other, strict=True):
        name = clusters[ties.cluster[i]].cluster_id
        numbers = float(ties.p_value[i]), float(ties.q_value[i])
        rows.append((a, b, name, _tying(ties, int(i)), *numbers, bool(ties.enforcement[i])))
    return from_rows(rows, TIES)


def no_ties() -> pa.Table:
    """Return the table of ties without rows."""
    return TIES.schema.empty_table()


def _validated(layers: Sequence[Layer], number: Ints, known: Flags) -> Ints:
    """Keys of pairs of clustered accounts that some layer validated; the ids sort as the codes do."""
    found = [np.zeros(0, np.int64)]
    for layer in layers:
        a, b = layer.pairs.account_a.astype(np.int64), layer.pairs.account_b.astype(np.int64)
        keep = (number[a] >= 0) & (number[b] >= 0) & ~(known[a] & known[b])
        found.append((a * len(number) + b)[keep])
    return np.unique(np.concatenate(found))


def _in_layer(layer: Layer, keys: Ints, clustered: Flags, settings: Settings) -> Floats:
    """The pairs' p-values in one layer; NaN where one of the two did not act in it often enough to be weighed at all."""
    n = len(clustered)
    acts = np.bincount(layer.occasions.account, minlength=n) >= settings.min_occasions
    seen = acts[keys // n] & acts[keys % n]
    if not seen.any():
        return np.full(len(keys), np.nan)
    weighed = weigh_pairs(layer, clustered & acts, settings.min_occasions, settings.threads or os.cpu_count() or 1)
    return np.where(seen, weighed.p_of(keys), np.nan)


def _as_one(p: Floats, names: Sequence[str]) -> Floats:
    """Layers that are one keep the better p-value, times how many of them had data; the others fall silent."""
    merged = p.copy()
    groups = [kind_of(name).one_with for name in names]
    for group in {g for g in groups if g}:
        columns = [k for k, g in enumerate(groups) if g == group]
        tried = (~np.isnan(p[:, columns])).sum(axis=1)
        best = np.argmin(np.where(np.isnan(p[:, columns]), np.inf, p[:, columns]), axis=1)
        merged[:, columns] = np.nan
        rows = np.flatnonzero(tried)
        chosen = np.array(columns)[best[rows]]
        merged[rows, chosen] = np.minimum(1.0, p[rows, chosen] * tried[rows])
    return merged


def _possible_pairs(layers: Sequence[Layer], n_accounts: int) -> int:
    """Pairs of accounts that act twice or more in some layer: those that could have been found."""
    active = np.zeros(n_accounts, np.bool_)
    for layer in layers:
        active |= np.bincount(layer.occasions.account, minlength=n_accounts) >= 2
    n = int(active.sum())
    return n * (n - 1) // 2


def _enforces(p: Floats, names: Sequence[str], q_value: Floats) -> Flags:
    did = np.array([kind_of(name).sort == "behaviour" for name in names])
    tied = p <= LAYER_P
    return np.asarray((q_value <= ENFORCEMENT_RATE) & tied[:, did].any(axis=1) & tied[:, ~did].any(axis=1))


def _tying(ties: Ties, row: int) -> list[str]:
    p = ties.by_layer[row]
    return [ties.layers[k] for k in sorted(np.flatnonzero(p <= LAYER_P), key=lambda k: (p[k], ties.layers[k]))]
