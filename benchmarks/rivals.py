"""Rules that others use, re-made on the same actions and cut into clusters the same way (METHOD section 6).

In: codes of accounts and objects, times in ms. Out: pairs of account codes. These are the rules re-made, not the packages.
"""

from __future__ import annotations

import igraph as ig
import leidenalg
import numpy as np
from scipy import sparse, stats

from graphscan.behaviours.chance import false_discovery_rates
from graphscan.behaviours.meetings import all_meetings, find_meetings


def co_share(account, object_, at_ms, k, window_ms=60_000):
    """CooRnet's and CooRTweet's rule: at least ``k`` common objects within the window."""
    met = all_meetings(find_meetings(account, object_, at_ms, [window_ms], k), 1)
    return np.stack([met.account_a, met.account_b], axis=1)


def tf_idf(account, object_, least=0.5):
    """Pacheco's co-traces: cosine of TF-IDF weighted object vectors, accounts with five actions or more."""
    actions = sparse.coo_matrix((np.ones(len(account)), (account, object_))).tocsr()
    known = np.asarray((actions > 0).sum(axis=0)).ravel()
    weighted = actions @ sparse.diags(np.log(actions.shape[0] / np.maximum(known, 1)))
    active = np.flatnonzero(np.asarray(actions.sum(axis=1)).ravel() >= 5)
    rows = weighted[active]
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows = sparse.diags(1 / np.maximum(length, 1e-9)) @ rows
    cosine = sparse.triu(rows @ rows.T, k=1).tocoo()
    chosen = cosine.data >= least
    return np.stack([active[cosine.row[chosen]], active[cosine.col[chosen]]], axis=1)


def svn(account, object_, at_ms, rate=0.01, bin_ms=600_000):
    """Statistically validated network (Tumminello 2011): hypergeometric on object × ten minutes, FDR over all pairs."""
    slots = np.unique(object_.astype(np.int64) * (1 << 40) + at_ms // bin_ms, return_inverse=True)[1]
    seen = sparse.coo_matrix((np.ones(len(account)), (account, slots))).tocsr()
    seen.data[:] = 1
    degree = np.asarray(seen.sum(axis=1)).ravel()
    both = sparse.triu(seen @ seen.T, k=1).tocoo()
    chosen = both.data >= 2
    a, b, shared = both.row[chosen], both.col[chosen], both.data[chosen]
    p = stats.hypergeom.sf(shared - 1, seen.shape[1], degree[a], degree[b])
    active = int((degree >= 2).sum())
    found = false_discovery_rates(p, active * (active - 1) // 2) <= rate
    return np.stack([a[found], b[found]], axis=1)


def communities(pairs, resolution=0.05, least=5):
    """Members (codes) of CPM communities of at least ``least`` accounts, the cut used for every rival."""
    if len(pairs) == 0:
        return []
    nodes, ends = np.unique(pairs, return_inverse=True)
    graph = ig.Graph(n=len(nodes), edges=ends.reshape(-1, 2))
    found = leidenalg.find_partition(
        graph, leidenalg.CPMVertexPartition, resolution_parameter=resolution, seed=1, n_iterations=5
    )
    return [nodes[c] for c in found if len(c) >= least]
