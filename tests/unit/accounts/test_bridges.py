"""Bridges: the quick bound on a split never hides one, and all eigenvectors give the same members."""

import igraph as ig
import numpy as np
import pytest

from graphscan.accounts.bridges import SPLIT, _astride, _split_at_most


def groups(seed, size, inside, across):
    dice = np.random.default_rng(seed)
    side = dice.integers(0, 2, size)
    tied = np.triu(dice.random((size, size)) < np.where(side[:, None] == side, inside, across), 1)
    _, ends = np.unique(np.argwhere(tied), return_inverse=True)
    return ig.Graph(edges=ends.reshape(-1, 2).tolist())


def plain(graph):
    """As before the bound: every eigenvector of the modularity matrix."""
    degree = np.array(graph.degree(), float)
    matrix = np.array(graph.get_adjacency().data, float) - np.outer(degree, degree) / degree.sum()
    leading = np.round(np.linalg.eigh(matrix)[1][:, -1], 9)
    side = np.where(leading > 0, 1.0, -1.0)
    modularity = side @ matrix @ side / (2 * degree.sum())
    out = np.zeros(len(side), int)
    for a, b in graph.get_edgelist():
        out[[a, b]] += side[a] != side[b]
    found = np.flatnonzero(out >= np.maximum(0.25 * degree, 2)) if modularity >= SPLIT else np.zeros(0, int)
    return matrix, degree.sum(), modularity, found


@pytest.mark.parametrize("seed", range(12))
def test_members_astride_two_groups_are_those_of_the_whole_decomposition(seed):
    graph = groups(seed, 20 + 5 * seed, (0.2, 0.5)[seed % 2], (0.01, 0.05, 0.3)[seed % 3])
    matrix, ends, modularity, found = plain(graph)
    assert modularity <= _split_at_most(matrix, ends) + 1e-9
    assert sorted(_astride(graph)) == sorted(found)


def test_some_of_these_worlds_are_split_and_some_are_told_whole_by_the_bound_alone():
    told = [plain(groups(seed, 40, 0.5, 0.02 if seed % 2 else 0.5)) for seed in range(8)]
    assert any(len(found) or modularity >= SPLIT for _, _, modularity, found in told)
    assert any(_split_at_most(matrix, ends) < SPLIT for matrix, ends, _, _ in told)
