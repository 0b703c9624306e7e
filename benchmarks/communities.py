"""Leiden three ways on the same graph: time and quality of igraph's, leidenalg's and networkit's.

Two graphs: one like ours (many small dense components and a haze of chance pairs, as validated pairs are), and a planted one.
Run: ``python benchmarks/communities.py [--edges 100000 1000000] [--resolution 0.05]``. Every engine runs twice with the same
seed, to see whether it gives the same labels. networkit optimises modularity only; it is left out where it is not installed.

Quality: the constant Potts model's value (edges inside communities less resolution × pairs inside, the higher the better),
which is what igraph and leidenalg optimise here, modularity, and agreement with what was planted (normalised mutual
information).
"""

from __future__ import annotations

import argparse
import time

import igraph as ig
import numpy as np

SEED = 7


def planted(n_edges, seed, least, most, inside):
    """Edges and labels: communities of ``least`` to ``most`` accounts of power-law sizes, a share ``inside`` of the edges within them."""
    rng = np.random.default_rng(seed)
    sizes, total, pairs = [], 0, 0
    while pairs < 3 * inside * n_edges:
        size = int(min(most, least * (1 - rng.random()) ** -0.8))
        sizes.append(size)
        total, pairs = total + size, pairs + size * (size - 1) // 2
    labels = np.repeat(np.arange(len(sizes)), sizes)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    weight = np.array(sizes, np.float64) ** 2
    chosen = rng.choice(len(sizes), int(inside * n_edges), p=weight / weight.sum())
    a, b = (first[chosen] + (rng.random(len(chosen)) * np.array(sizes)[chosen]).astype(np.int64) for _ in range(2))
    apart = rng.integers(0, total, (2, n_edges - len(chosen)))
    ends = np.sort(np.stack([np.concatenate([a, apart[0]]), np.concatenate([b, apart[1]])]), axis=0)
    ends = np.unique(ends[:, ends[0] != ends[1]], axis=1)
    return ends.T, labels


GRAPHS = {
    "like ours": {"least": 5, "most": 60, "inside": 0.97},
    "planted": {"least": 20, "most": 2000, "inside": 0.7},
}


def by_igraph(graph, resolution):
    ig.set_random_number_generator(_Seeded(SEED))
    found = graph.community_leiden("CPM", resolution=resolution, n_iterations=5)
    return np.array(found.membership)


def by_leidenalg(graph, resolution):
    import leidenalg

    found = leidenalg.find_partition(
        graph, leidenalg.CPMVertexPartition, resolution_parameter=resolution, seed=SEED, n_iterations=5
    )
    return np.array(found.membership)


def by_networkit(graph, resolution):
    import networkit as nk

    nk.setSeed(SEED, False)
    nk.setNumberOfThreads(2)
    ends = np.array(graph.get_edgelist())
    there = nk.GraphFromCoo((ends[:, 0], ends[:, 1]), n=graph.vcount(), directed=False)
    leiden = nk.community.ParallelLeiden(there, iterations=5)
    leiden.run()
    return np.array(leiden.getPartition().getVector())


ENGINES = {"igraph": by_igraph, "leidenalg": by_leidenalg, "networkit": by_networkit}


class _Seeded:
    """What igraph asks of a generator."""

    def __init__(self, seed):
        import random

        source = random.Random(seed)
        self.random, self.randint, self.gauss = source.random, source.randint, source.gauss
        self.getrandbits = source.getrandbits


def potts(graph, labels, resolution):
    """The constant Potts model's value of a partition."""
    ends = np.array(graph.get_edgelist())
    sizes = np.bincount(labels).astype(np.float64)
    return float((labels[ends[:, 0]] == labels[ends[:, 1]]).sum() - resolution * (sizes * (sizes - 1) / 2).sum())


def measure(name, graph, resolution, truth):
    """One line of the table: CPU seconds, quality, and whether a second run gave the same labels."""
    began = time.process_time()
    labels = ENGINES[name](graph, resolution)
    cpu = time.process_time() - began
    same = np.array_equal(labels, ENGINES[name](graph, resolution))
    agreement = ig.compare_communities(labels.tolist(), truth.tolist(), method="nmi")
    value, modularity = potts(graph, labels, resolution), graph.modularity(labels.tolist())
    return f"{cpu:.1f} | {value:,.0f} | {modularity:.4f} | {agreement:.3f} | {len(np.unique(labels)):,} | {'yes' if same else 'NO'}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--graphs", nargs="+", choices=list(GRAPHS), default=list(GRAPHS))
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--resolution", type=float, default=0.05)
    given = parser.parse_args()
    print("| graph | edges | engine | CPU s | CPM value | modularity | NMI | communities | same twice |")
    print("| --- | --: | --- | --: | --: | --: | --: | --: | --- |")
    for n in given.edges:
        for kind in given.graphs:
            ends, truth = planted(n, SEED, **GRAPHS[kind])
            graph = ig.Graph(n=len(truth), edges=ends)
            for engine in given.engines:
                try:
                    line = measure(engine, graph, given.resolution, truth)
                except ImportError as error:
                    line = f"not installed: {error.name}"
                print(f"| {kind} | {graph.ecount():,} | {engine} | {line} |", flush=True)


if __name__ == "__main__":
    main()
