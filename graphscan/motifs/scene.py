"""The scene of a motif: one cluster among everybody.

In: a cluster and the world. Out: :class:`Scene`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.behaviours.actions import Codes
from graphscan.behaviours.layer import Layer
from graphscan.groups.clusters import Cluster
from graphscan.motifs.world import World


@dataclass(frozen=True)
class Scene:
    """One cluster in its world; ``members`` are account codes, ascending."""

    world: World
    cluster_id: str
    members: Codes
    layers: tuple[Layer, ...]

    def place(self, account: Codes) -> Codes:
        """The local number of each account: 0 … n - 1 for members, -1 for others."""
        near = np.minimum(np.searchsorted(self.members, account), len(self.members) - 1)
        return np.where(self.members[near] == account, near, -1).astype(np.int32)


def scene_of(cluster: Cluster, world: World) -> Scene:
    """Return a cluster's scene; its layers are those that tie it."""
    return Scene(world, cluster.cluster_id, cluster.community.accounts, tuple(t.layer for t in cluster.ties))
