"""FRAUDAR re-made from the paper (Hooi 2016): a log → clusters, the densest blocks of accounts and objects one after another.

Time plays no part. An edge to an object of degree d weighs 1 / log(d + 5); the least loved vertex is peeled off until nothing is left, and
the densest stage is a block. Its edges are taken out and the next block is sought.
"""

from __future__ import annotations

import heapq

import numpy as np

BLOCKS = 30  # the paper gives one block at a time and says not how many to take; no mix plants more than 22 farms
OFFSET = 5.0  # the paper's c


def densest_block(account: np.ndarray, object_: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Positions of the edges inside the densest block (mean weight a vertex) that greedy peeling finds."""
    n = int(account.max()) + 1
    ends = np.concatenate([account, object_ + n])
    edge = np.tile(np.arange(len(account)), 2)
    order = np.argsort(ends, kind="stable")
    start = np.searchsorted(ends[order], np.arange(n + int(object_.max()) + 2))
    near = edge[order].tolist()
    love = np.bincount(ends, np.tile(weight, 2), minlength=len(start) - 1).tolist()
    left = [v for v in range(len(love)) if start[v] < start[v + 1]]
    heap = [(love[v], v) for v in left]
    heapq.heapify(heap)
    at, to, by = start.tolist(), (account.tolist(), (object_ + n).tolist()), weight.tolist()
    gone, when = [False] * len(love), [0] * len(love)
    total, best, best_stage, alive, stage = float(weight.sum()), -1.0, 0, len(left), 0
    while alive:
        if total / alive > best + 1e-12:
            best, best_stage = total / alive, stage
        value, v = heapq.heappop(heap)
        if gone[v] or value > love[v] + 1e-12:
            continue
        gone[v], when[v] = True, stage
        stage, alive = stage + 1, alive - 1
        for e in near[at[v] : at[v + 1]]:
            other = to[1][e] if to[0][e] == v else to[0][e]
            if not gone[other]:
                love[other] -= by[e]
                total -= by[e]
                heapq.heappush(heap, (love[other], other))
    kept = np.asarray(when) >= best_stage
    return np.flatnonzero(kept[account] & kept[object_ + n])


def fraudar(account: np.ndarray, object_: np.ndarray, at_ms: np.ndarray, blocks: int = BLOCKS) -> list[np.ndarray]:
    """Accounts of each of the densest blocks, five or more."""
    edges = np.unique(np.stack([account, object_], axis=1).astype(np.int64), axis=0)
    weight = (1 / np.log(np.bincount(edges[:, 1]) + OFFSET))[edges[:, 1]]
    found = []
    for _ in range(blocks):
        if len(edges) == 0:
            break
        inside = densest_block(edges[:, 0], edges[:, 1], weight)
        found.append(np.unique(edges[inside, 0]))
        edges, weight = np.delete(edges, inside, axis=0), np.delete(weight, inside)
    return [members for members in found if len(members) >= 5]
