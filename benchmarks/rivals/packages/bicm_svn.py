"""bicm, the real package: LOG.npz PAIRS.npz RATE → pairs validated against the bipartite configuration model, FDR at RATE.

Runs inside the package's own environment. One layer is the accounts, the other objects × ten minutes, as in the SVN re-made beside it;
vertices with one edge are left out, since no pair of theirs can share two. p values by the package's Poisson approximation.
"""

import sys

import numpy as np
from bicm import BipartiteGraph

SLOT_MS = 600_000


def main(log_path, pairs_path, rate):
    log = np.load(log_path)
    slots = np.unique(log["object"].astype(np.int64) * (1 << 40) + log["at_ms"] // SLOT_MS, return_inverse=True)[1]
    edges = np.unique(np.stack([log["account"].astype(np.int64), slots], axis=1), axis=0)
    while True:
        degrees = [np.bincount(edges[:, side])[edges[:, side]] for side in (0, 1)]
        kept = (degrees[0] >= 2) & (degrees[1] >= 2)
        if kept.all():
            break
        edges = edges[kept]
    graph = BipartiteGraph(edgelist=[(f"a{a}", f"s{s}") for a, s in edges.tolist()])
    projected = graph.get_rows_projection(alpha=rate, method="poisson", threads_num=2, progress_bar=False)
    pairs = [(int(a[1:]), int(b[1:])) for a, others in projected.items() for b in others]
    np.savez(pairs_path, pairs=np.array(pairs, np.int64).reshape(-1, 2))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
