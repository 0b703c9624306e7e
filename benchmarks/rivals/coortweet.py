"""CooRTweet's rule re-made: shares of objects → coordinated rows and the weighted network of accounts.

Source: the R package CooRTweet 2.1.3 (MIT), ``detect_groups`` and ``generate_coordinated_network``. It is R and builds every pair
of an object, so it is not run here; this rule gives the same numbers (``tests/unit/test_rivals.py``) from sorted times. Two habits
of the original are kept on purpose: a pair stays if *either* account took part often enough, and its weight counts pairs of posts, so
that one object can make a repeated tie. Its ``edge_symmetry_score``, which counts the posts of the wrong side, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MEDIAN = 0.5  # the original's default edge_weight


@dataclass(frozen=True)
class Coordinated:
    """What the original returns: number of rows (pairs of posts), objects in them, edges (account codes) and their weights."""

    rows: int
    objects: int
    edges: np.ndarray
    weights: np.ndarray

    @property
    def accounts(self) -> int:
        """Accounts in the network."""
        return len(np.unique(self.edges))

    def heavy(self, quantile: float = MEDIAN) -> np.ndarray:
        """Edges heavier than this quantile of all weights: what its users look at."""
        if len(self.edges) == 0:
            return self.edges
        return self.edges[self.weights > np.quantile(self.weights, quantile)]


def _close_pairs(object_: np.ndarray, at_ms: np.ndarray, window_ms: int) -> np.ndarray:
    """All pairs of positions (sorted by object, then time) with the same object and at most ``window_ms`` between."""
    found, step = [np.empty((0, 2), np.int64)], 1
    while step < len(object_):
        first = np.arange(len(object_) - step)
        near = (object_[first] == object_[first + step]) & (at_ms[first + step] - at_ms[first] <= window_ms)
        if not near.any():
            break
        found.append(np.stack([first[near], first[near] + step], axis=1))
        step += 1
    return np.concatenate(found)


def coordinated(
    account: np.ndarray,
    object_: np.ndarray,
    at_ms: np.ndarray,
    content: np.ndarray | None = None,
    window_ms: int = 60_000,
    least_participation: int = 2,
) -> Coordinated:
    """Apply the rule; ``content`` are codes of the posts (left out: every row is a post of its own)."""
    content = np.arange(len(account)) if content is None else content
    often = np.flatnonzero(np.bincount(account)[account] >= least_participation)
    order = often[np.lexsort((at_ms[often], object_[often]))]
    account, object_, at_ms, content = (values[order] for values in (account, object_, at_ms, content))
    near = _close_pairs(object_, at_ms, window_ms)
    left, right = near.T
    near = near[(account[left] != account[right]) & (content[left] != content[right])]
    taking_part = np.isin(content, content[near])
    rows_of = np.bincount(account[taking_part], minlength=int(account.max(initial=0)) + 1)
    active = content[taking_part & (rows_of[account] >= least_participation)]
    near = near[np.isin(content[near], active).any(axis=1)]
    edges, weights = np.unique(np.sort(account[near], axis=1), axis=0, return_counts=True)
    return Coordinated(len(near), len(np.unique(object_[near])), edges, weights)


def coortweet(account: np.ndarray, object_: np.ndarray, at_ms: np.ndarray) -> np.ndarray:
    """The default of its users: 60 seconds, two participations, edges above the median weight."""
    return coordinated(account, object_, at_ms).heavy()
