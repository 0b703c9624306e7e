"""Rules of others, re-made from their papers: a log → pairs of account codes. These are the rules, not the packages.

Every rule takes codes of accounts and objects and times in ms, one entry an action.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse, stats

from graphscan.behaviours.chance import false_discovery_rates
from graphscan.behaviours.meetings import all_meetings, find_meetings

SLOT_MS = 600_000
HOUR_MS = 3_600_000


def co_share(
    account: np.ndarray, object_: np.ndarray, at_ms: np.ndarray, k: int, window_ms: int = 60_000
) -> np.ndarray:
    """CooRnet's rule: at least ``k`` common objects within the window."""
    met = all_meetings(find_meetings(account, object_, at_ms, [window_ms], k), 1)
    return np.stack([met.account_a, met.account_b], axis=1)


def tf_idf(account: np.ndarray, object_: np.ndarray, at_ms: np.ndarray, least: float = 0.5) -> np.ndarray:
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


def _seen_in_slots(account: np.ndarray, object_: np.ndarray, at_ms: np.ndarray, slot_ms: int) -> sparse.csr_matrix:
    """Accounts × (object, slot of time), one where the account acted."""
    slots = np.unique(object_.astype(np.int64) * (1 << 40) + at_ms // slot_ms, return_inverse=True)[1]
    seen = sparse.coo_matrix((np.ones(len(account)), (account, slots))).tocsr()
    seen.data[:] = 1
    return seen


def svn(
    account: np.ndarray, object_: np.ndarray, at_ms: np.ndarray, rate: float = 0.01, slot_ms: int = SLOT_MS
) -> np.ndarray:
    """Statistically validated network (Tumminello 2011): hypergeometric on object × slot, FDR over all pairs."""
    seen = _seen_in_slots(account, object_, at_ms, slot_ms)
    degree = np.asarray(seen.sum(axis=1)).ravel()
    both = sparse.triu(seen @ seen.T, k=1).tocoo()
    chosen = both.data >= 2
    a, b, shared = both.row[chosen], both.col[chosen], both.data[chosen]
    p = stats.hypergeom.sf(shared - 1, seen.shape[1], degree[a], degree[b])
    active = int((degree >= 2).sum())
    found = false_discovery_rates(p, active * (active - 1) // 2) <= rate
    return np.stack([a[found], b[found]], axis=1)


def synchrotrap(
    account: np.ndarray, object_: np.ndarray, at_ms: np.ndarray, least: float = 0.5, slot_ms: int = HOUR_MS
) -> np.ndarray:
    """SynchroTrap (Cao 2014): Jaccard of each account's (object, hour) pairs; two in common at least.

    The paper slides its window and joins similar accounts by single linkage; here hours are fixed and every rival has the same cut.
    """
    seen = _seen_in_slots(account, object_, at_ms, slot_ms)
    degree = np.asarray(seen.sum(axis=1)).ravel()
    both = sparse.triu(seen @ seen.T, k=1).tocoo()
    jaccard = both.data / (degree[both.row] + degree[both.col] - both.data)
    chosen = (both.data >= 2) & (jaccard >= least)
    return np.stack([both.row[chosen], both.col[chosen]], axis=1)
