"""The cut: pairs of account codes → clusters. One for every method that yields pairs, so that only the pairs differ."""

from __future__ import annotations

import igraph as ig
import leidenalg
import numpy as np

RESOLUTION = 0.05  # the design's injection study: least density inside a community
LEAST = 5  # accounts; graphscan flags no smaller cluster either


def communities(pairs: np.ndarray, resolution: float = RESOLUTION, least: int = LEAST) -> list[np.ndarray]:
    """Members (codes) of CPM communities of at least ``least`` accounts, the cut used for every rival."""
    if len(pairs) == 0:
        return []
    nodes, ends = np.unique(pairs, return_inverse=True)
    graph = ig.Graph(n=len(nodes), edges=ends.reshape(-1, 2))
    found = leidenalg.find_partition(
        graph, leidenalg.CPMVertexPartition, resolution_parameter=resolution, seed=1, n_iterations=5
    )
    return [nodes[c] for c in found if len(c) >= least]
