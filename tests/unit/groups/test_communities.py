"""Communities: planted groups come back whole, whatever their names; passers-by do not."""

from itertools import combinations

import numpy as np
import pytest

from graphscan.groups.communities import find_communities, find_partition
from graphscan.groups.layers import Edges, lay_flat, split_components


def edges(*pairs):
    """Edges of (a, b, layer, met)."""
    a, b, layer, met = (
        (np.array(c, np.int32) for c in zip(*pairs, strict=True)) if pairs else [np.zeros(0, np.int32)] * 4
    )
    return Edges(np.minimum(a, b), np.maximum(a, b), layer, met)


def clique(members, layer=0, met=10):
    return [(a, b, layer, met) for a, b in combinations(members, 2)]


def members(found):
    return {frozenset(c.accounts.tolist()) for c in found}


def search(graph, **how):
    return find_communities(graph, **{"min_size": 5, "reclusterings": 10, "seed": 1, **how})


def test_no_edges_no_communities():
    assert search(edges()) == []


def test_cliques_come_back_whole_and_certain():
    found = search(edges(*clique(range(6)), *clique(range(10, 22))))
    assert members(found) == {frozenset(range(6)), frozenset(range(10, 22))}
    assert all((c.membership >= 0.9).all() for c in found)
    assert all((np.diff(c.accounts) > 0).all() for c in found)


def test_two_groups_that_one_pair_joins_are_two():
    found = search(edges(*clique(range(8)), *clique(range(8, 16)), (3, 12, 0, 10)))
    assert members(found) == {frozenset(range(8)), frozenset(range(8, 16))}


def test_layers_add_up_to_one_community():
    """Each layer alone shows a ring; together they are one group."""
    ring = [(k, (k + 1) % 8, 0, 5) for k in range(8)]
    chords = [(k, (k + s) % 8, 1, 5) for k in range(8) for s in (2, 3)]
    assert members(search(edges(*ring, *chords))) == {frozenset(range(8))}


@pytest.mark.parametrize(("size", "found"), [(4, 0), (5, 1)])
def test_the_smallest_group_looked_for(size, found):
    assert len(search(edges(*clique(range(size))))) == found


def test_a_passer_by_who_met_each_but_once_or_twice_is_left_out():
    hanger_on = [(k, 9, 0, 1) for k in range(8)]
    assert members(search(edges(*clique(range(8)), *hanger_on))) == {frozenset(range(8))}


@pytest.mark.parametrize("seed", range(5))
def test_renaming_accounts_renames_communities(seed):
    rng = np.random.default_rng(seed)
    groups = [(a, b, 0, 8) for g in range(3) for a, b in combinations(range(g * 9, g * 9 + 9), 2) if rng.random() < 0.7]
    noise = [(int(a), int(b), 1, 8) for a, b in rng.integers(0, 27, (12, 2)) if a != b]
    names = rng.permutation(27)
    renamed = [(int(names[a]), int(names[b]), layer, met) for a, b, layer, met in [*groups, *noise]]
    expected = {frozenset(int(names[x]) for x in c) for c in members(search(edges(*groups, *noise)))}
    assert members(search(edges(*renamed))) == expected


def test_the_order_of_pairs_changes_nothing():
    rows = [*clique(range(7)), *clique(range(5, 14), layer=1)]
    shuffled = [rows[k] for k in np.random.default_rng(1).permutation(len(rows))]
    one, other = search(edges(*rows)), search(edges(*shuffled))
    assert members(one) == members(other)
    assert [c.membership.tolist() for c in one] == [c.membership.tolist() for c in other]


def test_components_come_largest_first_and_cover_all_layers():
    parts = split_components(edges((0, 1, 0, 1), (5, 6, 0, 1), (6, 7, 1, 1)))
    assert [sorted(set(p.a.tolist()) | set(p.b.tolist())) for p in parts] == [[5, 6, 7], [0, 1]]
    assert split_components(edges()) == []


def test_a_pair_weighs_as_many_as_there_are_layers_that_hold_it():
    graph = lay_flat(edges((4, 9, 0, 1), (9, 2, 3, 1), (4, 9, 3, 7)))
    assert sorted(graph.vertices.tolist()) == [2, 4, 9]
    named = {frozenset(graph.vertices[e].tolist()): int(w) for e, w in zip(graph.ends, graph.weights(), strict=True)}
    assert named == {frozenset({4, 9}): 2, frozenset({2, 9}): 1}
    assert sorted(graph.weights(graph.met == 1).tolist()) == [1, 1]
    assert graph.weights(graph.met > 7).tolist() == [0, 0]


def test_a_partition_does_not_depend_on_what_was_drawn_before():
    rng = np.random.default_rng(3)
    graph = lay_flat(
        edges(*((int(a), int(b), 0, 1) for a, b in np.unique(rng.integers(0, 60, (300, 2)), axis=0) if a < b))
    )
    first = find_partition(graph, graph.weights(), 0.1, 1)
    others = [find_partition(graph, graph.weights(), 0.1, s) for s in range(2, 12)]
    assert any(not np.array_equal(first, other) for other in others)
    assert np.array_equal(first, find_partition(graph, graph.weights(), 0.1, 1))


def test_without_any_pair_each_is_alone():
    graph = lay_flat(edges(*clique(range(4))))
    assert find_partition(graph, np.zeros(6, np.int64), 0.1, 1).tolist() == [0, 1, 2, 3]
