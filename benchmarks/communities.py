"""Leiden four ways on the same layers: what graphscan does, one start of igraph, leidenalg over all layers at once, networkit.

Two sorts of graphs, three layers each: like ours (many small dense communities and a haze of chance pairs, as validated pairs are), and
blurred (communities of up to 2,000, three pairs of ten between them). Each engine works in a process of its own, for ``--limit``
seconds of CPU at most, and once more with the same seed where half of that was enough. networkit knows modularity only, not the
constant Potts model; it is left out where it is not installed.

    python benchmarks/communities.py [--edges 100000 1000000] [--limit 300] [--write docs/scale.md]

Quality: the constant Potts model's value (CPM: layers that hold the pairs inside communities, less resolution × possible pairs inside), in
parts of the best engine's, and agreement with what was planted (normalised mutual information). ``--write`` puts the table
between the markers of a page, line by line as it grows.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import resource
import signal
import time
from importlib import import_module
from pathlib import Path

import igraph as ig
import numpy as np

from graphscan.groups import communities
from graphscan.groups.layers import Edges, lay_flat

SEED = 7
ITERATIONS = 5
LAYERS = (0.6, 0.4, 0.25)  # share of the pairs that each layer holds
KINDS = {
    "like ours": {"least": 5, "most": 60, "inside": 0.97},
    "blurred": {"least": 20, "most": 2000, "inside": 0.7},
}
BEGIN, END = "<!-- printed by benchmarks/communities.py -->", "<!-- to here -->"


def planted(n_pairs, seed, least, most, inside):
    """Pairs and labels: communities of ``least`` to ``most`` accounts of power-law sizes, a share ``inside`` of the pairs within them."""
    rng = np.random.default_rng(seed)
    sizes, total, pairs = [], 0, 0
    while pairs < 3 * inside * n_pairs:
        size = int(min(most, least * (1 - rng.random()) ** -0.8))
        sizes.append(size)
        total, pairs = total + size, pairs + size * (size - 1) // 2
    sizes = np.array(sizes)
    labels, first = np.repeat(np.arange(len(sizes)), sizes), np.cumsum(sizes) - sizes
    weight = sizes.astype(np.float64) ** 2
    chosen = rng.choice(len(sizes), int(inside * n_pairs), p=weight / weight.sum())
    a, b = (first[chosen] + (rng.random(len(chosen)) * sizes[chosen]).astype(np.int64) for _ in range(2))
    apart = rng.integers(0, total, (2, n_pairs - len(chosen)))
    ends = np.sort(np.stack([np.concatenate([a, apart[0]]), np.concatenate([b, apart[1]])]), axis=0)
    keys = np.unique(ends[0, ends[0] != ends[1]] * total + ends[1, ends[0] != ends[1]])
    return np.stack(np.divmod(keys, total)), labels


def layered(pairs, seed):
    """Edges in three layers, each with some of the pairs."""
    rng = np.random.default_rng(seed)
    held = [np.flatnonzero(rng.random(pairs.shape[1]) < share) for share in LAYERS]
    a, b = (np.concatenate([x[rows] for rows in held]).astype(np.int32) for x in pairs)
    layer = np.repeat(np.arange(len(held), dtype=np.int32), [len(rows) for rows in held])
    return Edges(a, b, layer, np.ones(len(a), np.int32))


def by_graphscan(graph, resolution):
    return communities.find_partition(graph, graph.weights(), resolution, SEED)


def by_igraph(graph, resolution):
    communities._STARTS = 1
    return by_graphscan(graph, resolution)


def by_leidenalg(graph, resolution):
    import leidenalg

    cuts = np.flatnonzero(np.diff(graph.pair) < 0) + 1  # a layer's pairs ascend
    layers = [ig.Graph(n=len(graph.vertices), edges=graph.ends[rows]) for rows in np.split(graph.pair, cuts)]
    labels, _ = leidenalg.find_partition_multiplex(
        layers,
        leidenalg.CPMVertexPartition,
        n_iterations=ITERATIONS,
        seed=SEED,
        resolution_parameter=resolution / len(layers),
    )
    return np.array(labels)


def by_networkit(graph, resolution):
    import networkit as nk

    nk.setSeed(SEED, False)
    nk.setNumberOfThreads(os.cpu_count())
    there = nk.GraphFromCoo(
        (graph.weights().astype(np.float64), (graph.ends[:, 0], graph.ends[:, 1])),
        n=len(graph.vertices),
        directed=False,
        weighted=True,
    )
    leiden = nk.community.ParallelLeiden(there, iterations=ITERATIONS)
    leiden.run()
    return np.array(leiden.getPartition().getVector())


ENGINES = {
    "igraph, best of three starts": by_graphscan,
    "igraph, one start": by_igraph,
    "leidenalg, all layers at once": by_leidenalg,
    "networkit, modularity, all cores": by_networkit,
}


def worked(engine, graph, resolution, limit_s):
    """Labels, CPU seconds, and MB above what it began with, from a process of its own; or why there are none."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_work, args=(there, engine, graph, resolution, limit_s)
    )
    process.start()
    there.close()
    try:
        told = here.recv()
    except EOFError:
        told = ""
    process.join()
    return told or (f"over {limit_s} s" if process.exitcode == -signal.SIGXCPU else f"ended with {process.exitcode}")


def _work(there, engine, graph, resolution, limit_s):
    try:
        import_module(engine.split(",")[0])
    except ImportError as error:
        there.send(f"not installed: {error.name}")
        return
    before, began = _peak_mb(), time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (int(began) + limit_s, int(began) + limit_s + 5))
    labels = ENGINES[engine](graph, resolution)
    there.send((labels, time.process_time() - began, _peak_mb() - before))


def _peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(kind, n_edges, engines, resolution, limit_s):
    """Lines of the table for one graph."""
    pairs, truth = planted(round(n_edges / sum(LAYERS)), SEED, **KINDS[kind])
    graph = lay_flat(layered(pairs, SEED))
    found = {name: worked(name, graph, resolution, limit_s) for name in engines}
    values = {name: _value(graph, told[0], resolution) for name, told in found.items() if not isinstance(told, str)}
    for name, told in found.items():
        begin = f"| {kind} | {len(graph):,} | {name} |"
        if isinstance(told, str):
            yield f"{begin} {told} | | | | |"
            continue
        labels, cpu_s, mb = told
        share = values[name] / max(values.values())
        agreement = ig.compare_communities(labels.tolist(), truth[graph.vertices].tolist(), method="nmi")
        same = _same(labels, worked(name, graph, resolution, limit_s)) if cpu_s < limit_s / 2 else "not tried"
        yield f"{begin} {cpu_s:,.1f} | {mb:,.0f} | {share:.5f} | {agreement:.3f} | {same} |"


def _same(labels, told):
    return "not tried" if isinstance(told, str) else "yes" if np.array_equal(labels, told[0]) else "**no**"


def _value(graph, labels, resolution):
    return communities.potts_value(graph, graph.weights(), labels, resolution)


def write(page, lines):
    """Put the table between the markers of a page."""
    text = page.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    page.write_text(text[:begin] + "\n" + "\n".join(lines) + "\n" + text[end:], encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--resolution", type=float, default=communities.DEFAULT_RESOLUTION)
    parser.add_argument("--limit", type=int, default=300, metavar="SECONDS", help="of CPU, for each engine")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    given = parser.parse_args()
    lines = [
        "| graph | edges of all layers | engine | CPU s | MB more | CPM, best 1 | NMI | same twice |",
        "| --- | --: | --- | --: | --: | --: | --: | --- |",
    ]
    cores = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, igraph {ig.__version__}"
    how = f"({cores}; resolution {given.resolution}, {ITERATIONS} iterations, at most {given.limit} s of CPU.)"
    print("\n".join(lines), flush=True)
    for n in given.edges:
        for kind in given.kinds:
            for line in measured(kind, n, given.engines, given.resolution, given.limit):
                print(line, flush=True)
                lines.append(line)
                if given.write:
                    write(given.write, [*lines, "", how])


if __name__ == "__main__":
    main()
