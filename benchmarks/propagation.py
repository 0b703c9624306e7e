"""Propagation with wrong seeds, on the public Sybil graph: graphscan's diffusion beside SybilSCAR and SybilRank.

    python benchmarks/propagation.py --graph FOLDER [--draws 10]

FOLDER holds the unpacked Undirected_Facebook.zip of github.com/binghuiwang/sybildetection: a Facebook graph, a copy of it
that plays the Sybils, attack edges between, 100 + 100 training vertices and a test set. In each draw the label of a share of
the seeds is turned round. Printed: mean AUC over the draws, and its standard deviation. The rivals are re-made from their
papers (SybilSCAR, Wang, Zhang & Gong, INFOCOM 2017, in its linear form; SybilRank, Cao et al., NSDI 2012), not run from
their code.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from scipy import sparse, stats

from graphscan.decisions.diffusion import ALPHA, ITERATIONS, operator, spread
from graphscan.decisions.seeds import SEED_CAP

SHARES = (0.0, 0.1, 0.2, 0.3, 0.4)
TO_HOLD = {
    0.0: 1.000,
    0.2: 0.997,
    0.3: 0.975,
    0.4: 0.899,
}
"""What the prototype of the diffusion reached on this protocol: to be held."""


def read_graph(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Edges (once each), benign and Sybil seeds, benign and Sybil test vertices."""
    named = {path.name.lower(): path for path in sorted(folder.rglob("*.txt"))}
    edges = np.loadtxt(next(p for name, p in named.items() if "graph" in name), dtype=np.int64)[:, :2]
    edges = np.unique(np.sort(edges[edges[:, 0] != edges[:, 1]], axis=1), axis=0)
    train, test = (next(p for name, p in named.items() if word in name) for word in ("train", "test"))
    return edges, *two_lines(train), *two_lines(test)


def two_lines(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The vertices of a file's two lines: the first line's and the second's."""
    lines = [line for line in path.read_text().splitlines() if line.strip()][:2]
    benign, sybil = (np.array(line.split(), np.int64) for line in lines)
    return benign, sybil


def diffusion(edges: np.ndarray, n: int, alpha: float, iterations: int) -> Callable[[np.ndarray], np.ndarray]:
    walk = operator(edges[:, 0], edges[:, 1], np.ones(len(edges)), n)
    return lambda seeds: spread(walk, SEED_CAP * seeds, alpha, iterations)


def adjacency(edges: np.ndarray, n: int) -> sparse.csr_array:
    ends = np.concatenate([edges, edges[:, ::-1]])
    return sparse.csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))


def sybilscar(edges: np.ndarray, n: int, prior: float = 0.4, steps: int = 10) -> Callable[[np.ndarray], np.ndarray]:
    """Residual of each vertex: prior + 2 · Σ residual of neighbours · w, with w = 1 / (2 · mean degree), clipped to ±0.5."""
    graph = adjacency(edges, n)
    weight = 1 / (2 * graph.sum() / n)

    def rank(seeds: np.ndarray) -> np.ndarray:
        residual = prior * seeds
        for _ in range(steps):
            residual = np.clip(prior * seeds + 2 * weight * (graph @ residual), -0.5, 0.5)
        return residual

    return rank


def sybilrank(edges: np.ndarray, n: int) -> Callable[[np.ndarray], np.ndarray]:
    """Trust from the benign seeds, walked log n steps and divided by degree; low trust is suspicion."""
    graph = adjacency(edges, n)
    degree = np.maximum(np.asarray(graph.sum(axis=0)).ravel(), 1)
    steps = int(np.ceil(np.log2(n)))

    def rank(seeds: np.ndarray) -> np.ndarray:
        trust = (seeds < 0) * n / max(1, (seeds < 0).sum())
        for _ in range(steps):
            trust = graph @ (trust / degree)
        return -trust / degree

    return rank


def auc(score: np.ndarray, benign: np.ndarray, sybil: np.ndarray) -> float:
    """Share of (Sybil, benign) pairs in the right order, ties by halves."""
    ranks = stats.rankdata(score[np.concatenate([sybil, benign])])[: len(sybil)]
    return float((ranks.sum() - len(sybil) * (len(sybil) + 1) / 2) / (len(sybil) * len(benign)))


def flipped(benign: np.ndarray, sybil: np.ndarray, n: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """Seeds of +1 (Sybil) and −1 (benign), a share of all of them turned round."""
    seeds = np.zeros(n)
    seeds[benign], seeds[sybil] = -1.0, 1.0
    both = np.concatenate([benign, sybil])
    seeds[rng.choice(both, round(share * len(both)), replace=False)] *= -1
    return seeds


def measure(folder: Path, draws: int) -> Iterator[dict[str, object]]:
    """One row a share of wrong seeds: mean AUC of each method over the draws, and its standard deviation."""
    edges, benign, sybil, test_benign, test_sybil = read_graph(folder)
    n = int(max(edges.max(), test_benign.max(), test_sybil.max())) + 1
    methods = {
        "diffusion": diffusion(edges, n, ALPHA, ITERATIONS),
        "longer": diffusion(edges, n, 0.999, 1000),
        "SybilSCAR": sybilscar(edges, n),
        "SybilRank": sybilrank(edges, n),
    }
    for share in SHARES:
        seeds = [flipped(benign, sybil, n, share, np.random.default_rng([draws, d])) for d in range(draws)]
        found = {name: [auc(rank(s), test_benign, test_sybil) for s in seeds] for name, rank in methods.items()}
        told = {name: [round(float(np.mean(v)), 4), round(float(np.std(v)), 4)] for name, v in found.items()}
        yield {"wrong": share, "vertices": n, "edges": len(edges), "draws": draws, "auc": told}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=10)
    given = parser.parse_args()
    print("wrong seeds, to hold, then mean AUC ± standard deviation of each method")
    for row in measure(given.graph, given.draws):
        held = f"{TO_HOLD[row['wrong']]:.3f}" if row["wrong"] in TO_HOLD else ""
        told = "  ".join(f"{name} {mean:.3f} ± {sd:.3f}" for name, (mean, sd) in row["auc"].items())
        print(f"{row['wrong']:>5.0%} {held:>6}  {told}", flush=True)


if __name__ == "__main__":
    main()
