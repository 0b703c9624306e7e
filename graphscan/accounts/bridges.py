"""Bridges: members without whom a cluster falls apart, and those who are tied to two groups (guard G10).

In: layers, each account's cluster. Out: a flag an account. An innocent whom two squads copy joins them into one cluster: it is
reviewed, and neither squad is made larger by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import igraph as ig
import numpy as np
from scipy.linalg import eigh

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Flags, Ints
from graphscan.behaviours.layer import Layer

PART = 3  # members that a part cut off needs: a single hanger-on falls off many honest members
SPLIT = 0.3
"""Modularity from which a cluster is two groups: 0.5 is two groups without a tie between them, 0 is one group; Newman and
Girvan (2004) call 0.3 to 0.7 a strong structure."""

AWAY = 0.25  # share of its ties that lead into another part: of twenty ties five, which chance ties do not reach
LARGE = 1000  # members beyond which a cluster is not looked at for two groups: the eigenvectors would take seconds


def bridges(layers: Sequence[Layer], number: Ints, n: int) -> Flags:
    """Return the bridges among clustered accounts."""
    ties = _ties(layers)
    found = np.zeros(n, np.bool_)
    if len(ties) == 0:
        return found
    ties_in = ties[(number[ties[:, 0]] >= 0) & (number[ties[:, 0]] == number[ties[:, 1]])]
    order = np.argsort(number[ties_in[:, 0]], kind="stable")
    edges = np.flatnonzero(np.diff(number[ties_in[order, 0]])) + 1
    for low, high in pairwise([0, *edges.tolist(), len(order)]):
        if high > low:
            found[_within(ties_in[order[low:high]])] = True
    return found | _between(ties, number, n)


def _ties(layers: Sequence[Layer]) -> Ints:
    """Validated pairs of all layers, each pair of accounts once."""
    none = np.zeros(0, np.int64)
    a, b = (np.concatenate([none, *(getattr(x.pairs, end) for x in layers)]) for end in ("account_a", "account_b"))
    width = int(b.max(initial=0)) + 1
    keys = np.unique(a * width + b)
    return np.asarray(np.c_[keys // width, keys % width], np.int64)


def _within(ties: Ints) -> Ints:
    """Bridges inside one cluster: cut vertices between parts, and members with ties into a second group."""
    members, ends = np.unique(ties, return_inverse=True)
    graph = ig.Graph(n=len(members), edges=ends.reshape(-1, 2).tolist())
    cut = [v for v in graph.articulation_points() if _cuts(graph, v)]
    found = np.concatenate([np.array([*cut, *_go_betweens(graph)], np.int64), _astride(graph)])
    return np.asarray(members[np.unique(found)], np.int64)


def _cuts(graph: ig.Graph, vertex: int) -> bool:
    """Whether two parts or more of some size are left without the vertex."""
    rest = graph.copy()
    rest.delete_vertices([vertex])
    return int((np.array(rest.connected_components().sizes()) >= PART).sum()) >= 2


def _go_betweens(graph: ig.Graph) -> list[int]:
    """Members whose partners are two groups that do not know each other: several innocents whom two squads copy.

    If the smaller group is a quarter, at most 0.0625 + 0.5625 of a member's pairs of partners are tied: others are not tried.
    """
    shares = graph.transitivity_local_undirected(mode="zero")
    loose = [v for v, share in enumerate(shares) if share <= AWAY**2 + (1 - AWAY) ** 2]
    return [v for v in loose if _parts(graph.induced_subgraph(graph.neighbors(v))) >= 2]


def _parts(graph: ig.Graph) -> int:
    sizes = np.array(graph.connected_components().sizes())
    return int((sizes >= max(PART, AWAY * graph.vcount())).sum())


def _astride(graph: ig.Graph) -> Ints:
    """Members of a cluster of two groups, a quarter of whose ties or more lead out of their group.

    The groups are the signs of the leading eigenvector of the modularity matrix (Newman 2006), which needs no dice.
    """
    if graph.vcount() > LARGE:
        return np.zeros(0, np.int64)
    degree = np.array(graph.degree(), np.float64)
    beyond_chance = np.array(graph.get_adjacency().data, np.float64) - np.outer(degree, degree) / degree.sum()
    if _split_at_most(beyond_chance, degree.sum()) < SPLIT:
        return np.zeros(0, np.int64)
    side = np.where(_leading(beyond_chance) > 0, 1.0, -1.0)
    if side @ beyond_chance @ side / (2 * degree.sum()) < SPLIT:
        return np.zeros(0, np.int64)
    ends = np.array(graph.get_edgelist())
    across = side[ends[:, 0]] != side[ends[:, 1]]
    out = np.bincount(ends[across].ravel(), minlength=len(side))
    return np.asarray(np.flatnonzero(out >= np.maximum(AWAY * degree, 2)), np.int64)


def _split_at_most(beyond_chance: Floats, twice_the_ties: float) -> float:
    """No two groups have a greater modularity: with s of ones and minus ones, sBs ≤ n · λ, and λ⁸ ≤ the trace of B⁸.

    Two products of matrices instead of all eigenvectors: a farm of 400 is one group, and is told so in milliseconds.
    """
    squared = beyond_chance @ beyond_chance
    fourth = float(np.linalg.norm(squared @ squared))
    return float(len(beyond_chance) * fourth**0.25 / (2 * twice_the_ties))


def _leading(beyond_chance: Floats) -> Floats:
    """The eigenvector of the greatest eigenvalue, turned one way; the last digits differ from machine to machine."""
    top = len(beyond_chance) - 1
    vector = np.round(eigh(beyond_chance, subset_by_index=[top, top])[1][:, 0], 9)
    return np.asarray(vector if (vector**3).sum() >= 0 else -vector, np.float64)


def _between(ties: Ints, number: Ints, n: int) -> Flags:
    """Members with PART ties or more, and a quarter of all their ties, to members of one other cluster."""
    other = (number[ties] >= 0).all(axis=1) & (number[ties[:, 0]] != number[ties[:, 1]])
    whose = np.concatenate([ties[other], ties[other][:, ::-1]])
    pairs, count = np.unique(np.c_[whose[:, 0], number[whose[:, 1]]], axis=0, return_counts=True)
    degree = np.bincount(ties.ravel(), minlength=n)
    found = np.zeros(n, np.bool_)
    found[pairs[(count >= PART) & (count >= AWAY * degree[pairs[:, 0]])][:, 0]] = True
    return found
