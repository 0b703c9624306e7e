"""Layers: the pairs of all behaviours laid on one another, on the same vertices.

In: validated pairs. Out: one flat graph a component, in an order of vertices that does not depend on the accounts' names.
"""

from __future__ import annotations

from dataclasses import dataclass

import igraph as ig
import numpy as np
import numpy.typing as npt

from graphscan.behaviours.sorting import rows_by_label

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

_ROUNDS = 3  # rounds of neighbourhood refinement; ties that are left are, for our purpose, alike


@dataclass(frozen=True)
class Edges:
    """Validated pairs: account codes ``a`` < ``b``, the layer (behaviour number), the occasions on which they met."""

    a: Codes
    b: Codes
    layer: Codes
    met: Codes

    def __len__(self) -> int:
        return len(self.a)

    def where(self, rows: npt.NDArray[np.bool_] | Ints) -> Edges:
        """The chosen edges only."""
        return Edges(self.a[rows], self.b[rows], self.layer[rows], self.met[rows])


@dataclass(frozen=True)
class FlatGraph:
    """All layers laid on one another over ``vertices`` (account codes, in structural order).

    ``ends``: the places of both ends of each distinct pair, ascending. ``pair``: for every edge of every layer, layer by layer, its row
    of ``ends``; ``met``, parallel to it, the occasions on which the two met.
    """

    vertices: Codes
    ends: Ints
    pair: Ints
    met: Codes

    def __len__(self) -> int:
        return len(self.pair)

    def weights(self, edges: npt.NDArray[np.bool_] | None = None) -> Ints:
        """For each distinct pair the number of layers that hold it; ``edges`` chooses among the edges of the layers."""
        return np.bincount(self.pair if edges is None else self.pair[edges], minlength=len(self.ends))


def split_components(edges: Edges) -> list[Edges]:
    """Cut edges into connected components of the union of all layers, largest first."""
    if len(edges) == 0:
        return []
    vertices, ends = np.unique(np.concatenate([edges.a, edges.b]), return_inverse=True)
    graph = ig.Graph(n=len(vertices), edges=ends.reshape(2, -1).T)
    component = np.array(graph.connected_components().membership)[ends[: len(edges)]]
    return [edges.where(p) for p in sorted(rows_by_label(component), key=lambda p: (-len(p), int(p[0])))]


def lay_flat(edges: Edges) -> FlatGraph:
    """Lay all layers on one another, on the vertices that any of the edges touches."""
    vertices, ends = np.unique(np.concatenate([edges.a, edges.b]), return_inverse=True)
    a, b = ends[: len(edges)], ends[len(edges) :]
    place = _structural_places(a, b, edges.layer, len(vertices))
    low, high = np.minimum(place[a], place[b]), np.maximum(place[a], place[b])
    order = np.lexsort((high, low, edges.layer))
    pairs, pair = np.unique(low[order] * len(vertices) + high[order], return_inverse=True)
    ordered = np.empty(len(vertices), np.int32)
    ordered[place] = vertices
    return FlatGraph(ordered, np.stack(np.divmod(pairs, len(vertices)), axis=1), pair, edges.met[order])


def _structural_places(a: Ints, b: Ints, layer: Codes, n: int) -> Ints:
    """Positions of vertices ordered by what surrounds them (Weisfeiler–Lehman hashes), names only breaking ties.

    Leiden's answer depends on the order of vertices: ordering by structure makes it independent of account names.
    """
    label = np.ones(n, np.uint64)
    salt = _mix(layer.astype(np.uint64) + np.uint64(7))
    for _ in range(_ROUNDS):
        heard = np.zeros(n, np.uint64)
        np.add.at(heard, a, _mix(label[b] ^ salt))
        np.add.at(heard, b, _mix(label[a] ^ salt))
        label = _mix(label) + heard
    place = np.empty(n, np.int64)
    place[np.argsort(label, kind="stable")] = np.arange(n)
    return place


def _mix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
