"""Communities: Leiden across the layers, at a resolution chosen by stability, with each account's membership.

In: validated edges of all layers. Out: :class:`Community` values. Quality is the constant Potts model (CPM), whose resolution is a
readable minimum internal density and which has no resolution limit (Traag, Van Dooren & Nesterov 2011; Traag, Waltman &
van Eck 2019).

Over layers l = 1 … L of the same vertices the quality is the sum of the layers' own. With e_l(c) the edges of layer l inside
community c of n(c) members, and the resolution γ shared out as γ / L,

    Σ_l Σ_c [ e_l(c) - (γ / L) n(c) (n(c) - 1) / 2 ]  =  Σ_c [ w(c) - γ n(c) (n(c) - 1) / 2 ],   w(c) = Σ_l e_l(c)

since n(c) is the same in every layer. The right side is the CPM of one graph in which a pair weighs as many as there are layers
that hold it. That graph is what is optimised, by igraph; leidenalg, which optimises the left side, is the oracle of the tests.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

import igraph as ig
import numpy as np
import numpy.typing as npt

from graphscan.behaviours.sorting import rows_by_label
from graphscan.groups.layers import Edges, FlatGraph, Ints, lay_flat, split_components

Labels = npt.NDArray[np.int64]

RESOLUTIONS = tuple(float(x) for x in np.round(np.geomspace(0.02, 0.5, 8), 4))
DEFAULT_RESOLUTION = 0.05  # METHOD section 6: what the injection study used; decides ties between equally stable ones
DROPPED_SHARE = 0.1  # guard G9: edges left out of each re-clustering
HANGER_ON = 0.4
"""A member that met the others on fewer occasions than this share of the median member is left out: a passer-by near a burst
meets each of its accounts once or twice, those who made it meet again and again. Injection study: with 0.5, 1.7 % of farm accounts are
lost and no honest one is in; with 0.33, 0.7 %, and one customer of 110 is in (merchant world). Between them, neither (measured)."""
_SCAN_SEEDS = 3
_ITERATIONS = 5
"""On blurred graphs igraph's default of 2 ends 0.05 to 1 % lower, and 10 end 0.02 to 0.3 % higher for half as much CPU again; on pairs of
nine injections 10 gain next to nothing (0.0006 %)."""

_STARTS = 3
"""The best of so many starts is kept. One start of igraph ends a little below leidenalg on the pairs of nine injections (0.002 %)
and varies more between seeds (variation of information 0.025 against 0.017 a partition); the best of three ends above it (0.003 %)
and varies less (0.016), for less than a quarter of its CPU. The table is in docs/method.md."""

_LARGE = 20_000
"""Edges beyond which the default resolution is taken as it is: at 75,000 (a farm of 400) the scan took 2.3 s of CPU, to choose 0.0502."""


@dataclass(frozen=True)
class Community:
    """Accounts (codes, ascending) whose pairs form one community, and the share of re-clusterings that keep each."""

    accounts: npt.NDArray[np.int32]
    membership: npt.NDArray[np.float64]
    resolution: float


def find_communities(
    edges: Edges, *, min_size: int, reclusterings: int, seed: int, resolution: float | None = None
) -> list[Community]:
    """Find communities of at least ``min_size`` accounts, component by component.

    ``membership`` is the share of ``reclusterings`` (with 10 % of the edges left out, seeded) in which an account stays
    with the bulk of its community. Accounts below one half are not members. ``resolution``: None for the most stable one.
    """
    communities = []
    for component in split_components(edges):
        graph = lay_flat(component)
        if len(graph.vertices) >= min_size:
            communities += _of_component(graph, min_size, reclusterings, seed, resolution)
    return communities


def _of_component(
    graph: FlatGraph, min_size: int, reclusterings: int, seed: int, given: float | None
) -> list[Community]:
    resolution = _stable_resolution(graph, seed) if given is None else given
    labels = find_partition(graph, graph.weights(), resolution, seed)
    number = _large_enough(labels, min_size)
    if number.max() < 0:
        return []
    membership = _memberships(graph, number, resolution, reclusterings, seed)
    met = _met_inside(graph, number)
    found = []
    for places in _places_of(number):
        stays = places[(membership[places] >= 0.5) & (met[places] >= HANGER_ON * np.median(met[places]))]
        if len(stays) >= min_size:
            order = stays[np.argsort(graph.vertices[stays])]
            found.append(Community(graph.vertices[order], membership[order], resolution))
    return found


def _large_enough(labels: Labels, min_size: int) -> Labels:
    """Each vertex's community, numbered from 0 by size and first vertex; -1 in one of fewer than ``min_size``."""
    _, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return np.where(sizes[inverse] >= min_size, rank[inverse], -1)


def _places_of(number: Labels) -> list[Ints]:
    """The places of each community's vertices, ascending."""
    inside = np.flatnonzero(number >= 0)
    return [inside[rows] for rows in rows_by_label(number[inside])]


def _met_inside(graph: FlatGraph, number: Labels) -> npt.NDArray[np.float64]:
    """Occasions on which each vertex met others of its community, over all layers."""
    a, b = graph.ends[graph.pair].T
    inside = (number[a] == number[b]) & (number[a] >= 0)
    size, met = len(number), graph.met[inside]
    return np.asarray(np.bincount(a[inside], met, size) + np.bincount(b[inside], met, size), np.float64)


def find_partition(graph: FlatGraph, weights: Ints, resolution: float, seed: int) -> Labels:
    """Return each vertex's label in the best of a few optimised partitions; pairs of weight 0 are left out.

    igraph draws from one generator a process: the seed is set at every call, and what was drawn before changes nothing.
    """
    there = weights > 0
    if not there.any():
        return np.arange(len(graph.vertices))
    flat, weight = ig.Graph(n=len(graph.vertices), edges=graph.ends[there]), weights[there].tolist()
    ig.set_random_number_generator(random.Random(seed))
    tried = [
        np.asarray(flat.community_leiden("CPM", weight, resolution, n_iterations=_ITERATIONS).membership, np.int64)
        for _ in range(_STARTS)
    ]
    return max(tried, key=lambda labels: potts_value(graph, weights, labels, resolution))


def potts_value(graph: FlatGraph, weights: Ints, labels: Labels, resolution: float) -> float:
    """Return the constant Potts model's value: weight inside communities, less ``resolution`` for every possible pair inside."""
    sizes = np.bincount(labels)
    inside = int(weights[labels[graph.ends[:, 0]] == labels[graph.ends[:, 1]]].sum())
    return inside - resolution * int((sizes * (sizes - 1)).sum()) / 2


def _stable_resolution(graph: FlatGraph, seed: int) -> float:
    """The resolution whose partitions vary least, over seeds and towards its neighbours (variation of information)."""
    if len(graph) > _LARGE or len(graph.vertices) <= 3:
        return DEFAULT_RESOLUTION
    weights = graph.weights()
    scans = [[find_partition(graph, weights, r, seed + s) for s in range(_SCAN_SEEDS)] for r in RESOLUTIONS]
    spread = [np.mean([_variation(runs[0], other) for other in runs[1:]]) for runs in scans]
    steps = [_variation(a[0], b[0]) for a, b in pairwise(scans)]
    unrest = [
        spread[k] + np.mean([steps[j] for j in (k - 1, k) if 0 <= j < len(steps)]) for k in range(len(RESOLUTIONS))
    ]
    distance = [abs(np.log(r / DEFAULT_RESOLUTION)) for r in RESOLUTIONS]
    best = min(range(len(RESOLUTIONS)), key=lambda k: (round(float(unrest[k]), 9), distance[k]))
    return RESOLUTIONS[best]


def _variation(a: Labels, b: Labels) -> float:
    return float(ig.compare_communities(a.tolist(), b.tolist(), method="vi"))


def _memberships(
    graph: FlatGraph, number: Labels, resolution: float, reclusterings: int, seed: int
) -> npt.NDArray[np.float64]:
    """The share of re-clusterings, each without some of the edges, that keep a vertex with the bulk of its community."""
    stays = np.zeros(len(number))
    rng = np.random.default_rng(seed)
    for run in range(reclusterings):
        kept = rng.random(len(graph)) >= DROPPED_SHARE
        stays += _with_the_bulk(find_partition(graph, graph.weights(kept), resolution, seed + 1 + run), number)
    return stays / reclusterings


def _with_the_bulk(labels: Labels, number: Labels) -> npt.NDArray[np.bool_]:
    """Whether each vertex has the label that most of its community have; of equally many the lowest."""
    n_labels = labels.max() + 1
    cells, count = np.unique(number * n_labels + labels, return_counts=True)
    order = np.lexsort((cells, -count, cells // n_labels))
    bulk = cells[order[np.r_[True, np.diff(cells[order] // n_labels) != 0]]]
    return np.isin(number * n_labels + labels, bulk) & (number >= 0)
