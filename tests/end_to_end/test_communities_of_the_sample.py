"""leidenalg, over all layers at once, finds in the sample's pairs the communities that the run rests on."""

import igraph as ig
import leidenalg
import numpy as np

from graphscan.groups.communities import DEFAULT_RESOLUTION, find_partition
from graphscan.groups.layers import Edges, lay_flat, split_components


def edges_of(pairs):
    ends = np.unique(pairs[["account_a", "account_b"]].to_numpy().astype(str), return_inverse=True)[1]
    a, b = ends.reshape(-1, 2).astype(np.int32).T
    layer = np.unique(pairs["behaviour"].to_numpy().astype(str), return_inverse=True)[1].astype(np.int32)
    return Edges(np.minimum(a, b), np.maximum(a, b), layer, np.ones(len(a), np.int32))


def oracle(edges, vertices):
    places = np.searchsorted(vertices, np.stack([edges.a, edges.b], axis=1))
    layers = [ig.Graph(n=len(vertices), edges=places[edges.layer == x]) for x in np.unique(edges.layer)]
    labels, _ = leidenalg.find_partition_multiplex(
        layers,
        leidenalg.CPMVertexPartition,
        n_iterations=-1,
        seed=1,
        resolution_parameter=DEFAULT_RESOLUTION / len(layers),
    )
    return np.array(labels)


def groups(labels, vertices):
    return {frozenset(vertices[labels == x].tolist()) for x in np.unique(labels)}


def test_the_oracle_finds_the_same_communities_in_every_component(run):
    compared, most_layers = 0, 0
    for component in split_components(edges_of(run.pairs)):
        graph = lay_flat(component)
        ours = find_partition(graph, graph.weights(), DEFAULT_RESOLUTION, 1)
        vertices = np.sort(graph.vertices)
        assert groups(ours, graph.vertices) == groups(oracle(component, vertices), vertices)
        compared += len(vertices) >= 5
        most_layers = max(most_layers, len(np.unique(component.layer)))
    assert compared >= 5
    assert most_layers >= 2
