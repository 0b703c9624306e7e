"""Later acts: on which occasions a member of a cluster acted after other members, and on which it was the first.

In: layers, clusters. Out: :class:`Joint`, one a layer: who acted where, after whom. No loop over events: everything is sorting and
searching.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graphscan.behaviours.actions import Flags, Ints
from graphscan.behaviours.layer import Layer
from graphscan.groups.clusters import Cluster, cluster_numbers

MAX_AFTER = 20
"""Members named in one later act at most, the nearest in time: of a farm of thousands all would be too many to store, and
twenty are enough for the act to stand when some of them are cleared."""


@dataclass(frozen=True)
class Joint:
    """Acts of one layer's clustered accounts; one row is one account's first act on an object in a day.

    Sorted by (cluster, object-day, time). ``occasion`` and ``action`` are the layer's. Rows ``low[i]:high[i]`` are those
    members who acted within the window before row ``i``, strictly: who acts at the same instant is not later.
    ``followed``: another member acted within the window after it, or at the same instant.
    """

    layer: Layer
    account: Ints
    cluster: Ints
    occasion: Ints
    action: Ints
    at_ms: Ints
    low: Ints
    high: Ints
    followed: Flags

    @property
    def later(self) -> Flags:
        """Rows at which the account acted after another member."""
        return self.high > self.low

    @property
    def first(self) -> Flags:
        """Rows at which no member was there before it within the window, and another came after or at the same instant."""
        return ~self.later & self.followed


def find_joint_acts(clusters: Sequence[Cluster], n_accounts: int) -> list[Joint]:
    """Return the joint acts of every layer that ties a cluster, in the order in which the layers first appear."""
    number = cluster_numbers(clusters, n_accounts)
    layers: dict[str, Layer] = {t.layer.behaviour.name: t.layer for c in clusters for t in c.ties}
    return [_of_layer(layers[name], number, _windows(clusters, name)) for name in sorted(layers)]


def _windows(clusters: Sequence[Cluster], name: str) -> Ints:
    """Per cluster: the widest of the windows that tie its pairs in this layer, in ms; -1 where the layer does not tie it."""
    found = np.full(len(clusters), -1, np.int64)
    for k, cluster in enumerate(clusters):
        for tie in cluster.ties:
            if tie.layer.behaviour.name == name:
                found[k] = int(tie.layer.window_of_pair[tie.rows].max())
    return found


def _of_layer(layer: Layer, number: Ints, windows_ms: Ints) -> Joint:
    acts = layer.occasions
    cluster = number[acts.account]
    rows = np.flatnonzero((cluster >= 0) & (windows_ms[np.maximum(cluster, 0)] >= 0))
    order = rows[np.lexsort((acts.account[rows], acts.at_ms[rows], acts.occasion[rows], cluster[rows]))]
    cluster, occasion, at = cluster[order], acts.occasion[order].astype(np.int64), acts.at_ms[order]
    group = np.cumsum(np.r_[False, (np.diff(cluster) != 0) | (np.diff(occasion) != 0)])[: len(order)]
    window = windows_ms[cluster]
    origin, stride = (int(at.min()), int(at.max() - at.min()) + 2 * int(window.max()) + 2) if len(at) else (0, 1)
    key = group * stride + (at - origin)
    begin, end = np.searchsorted(group, group), np.searchsorted(group, group, side="right")
    low = np.maximum(np.searchsorted(key, key - window), begin)
    until = np.minimum(np.searchsorted(key, key + window, side="right"), end)
    high = np.searchsorted(key, key)
    return Joint(
        layer,
        acts.account[order].astype(np.int64),
        cluster,
        occasion,
        acts.action[order],
        at,
        low,
        high,
        until - high > 1,
    )


def earlier_members(joint: Joint, rows: Ints) -> tuple[Ints, Ints]:
    """Return, for the chosen rows, lists of the accounts they acted after: starts (one more than rows) and accounts.

    At most MAX_AFTER each, the nearest in time first.
    """
    high = joint.high[rows]
    count = np.minimum(high - joint.low[rows], MAX_AFTER)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    back = np.arange(start[-1]) - np.repeat(start[:-1], count)
    return start, joint.account[np.repeat(high, count) - 1 - back]
