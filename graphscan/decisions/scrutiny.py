"""Scrutiny: who deserves a look because of reports, labels, and ties to accounts that do. Never evidence, never guilt.

In: the dataset's reports and labels, ties, clusters. Out: :class:`Scrutiny`. What is said of one account is spread over enforcement
ties (:mod:`graphscan.decisions.diffusion`), never over follows or comments. No reporter makes more than 30 % of anybody's
scrutiny: fewer than four independent ones ask for no look by this way (each is still counted in ``reporters``). A label is a
decision that somebody made already, and is not held to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Flags, Ints
from graphscan.decisions.diffusion import operator, spread
from graphscan.decisions.seeds import Seeds, find_seeds, independent_reporters, reported
from graphscan.fusion.ties import Ties
from graphscan.groups.clusters import CORE, Cluster, cluster_numbers
from graphscan.intake.dataset import Dataset

ACROSS, PERIPHERY = 0.1, 0.3  # METHOD stage 8: ties between clusters, and of members who often fall away
MOST_OF_ONE = 0.3  # METHOD stage 8: one seed ≤ 30 % of an account's sum


@dataclass(frozen=True)
class Scrutiny:
    """One row an account: ``reporters``, independent ones (one a cluster), and ``scrutiny``, 0 to 1.

    ``reported`` is what its own reports say, weighed by the reporters' records, at most 0.4: a single report opens a case.
    """

    reporters: Ints
    scrutiny: Floats
    reported: Floats


def find_scrutiny(dataset: Dataset, accounts: Accounts, ties: Ties, clusters: Sequence[Cluster]) -> Scrutiny:
    """Return how much reports and labels, spread over enforcement ties, ask for a look at each account."""
    n = len(accounts)
    seeds = find_seeds(dataset, accounts, cluster_numbers(clusters, n))
    weight = tie_weights(ties, clusters, n)
    return Scrutiny(independent_reporters(seeds, n), _spread_seeds(seeds, ties, weight, n), reported(seeds, n))


def tie_weights(ties: Ties, clusters: Sequence[Cluster], n_accounts: int) -> Floats:
    """What each tie carries: 1 for an enforcement tie, less across clusters and at the periphery, nothing else."""
    edge = np.zeros(n_accounts, np.bool_)
    for cluster in clusters:
        edge[cluster.community.accounts] = cluster.community.membership < CORE
    loose = edge[ties.account_a] | edge[ties.account_b]
    weight = np.where(ties.cluster < 0, ACROSS, 1.0) * np.where(loose, PERIPHERY, 1.0)
    return np.where(ties.enforcement, weight, 0.0)


def _spread_seeds(seeds: Seeds, ties: Ties, weight: Floats, n: int) -> Floats:
    """Spread every voice by itself where ties carry it, and hold each voice to its share of the sum."""
    used = weight > 0
    tied = np.zeros(n, np.bool_)
    tied[ties.account_a[used]] = tied[ties.account_b[used]] = True
    alone = ~tied[seeds.account]
    voices = int(seeds.voice.max(initial=-1)) + 2  # column 0: labels
    said = sparse.coo_array((seeds.worth, (seeds.account, seeds.voice + 1)), shape=(n, voices)).tocsr()
    found = np.zeros(n)
    for account in np.unique(seeds.account[alone]):
        found[account] = held_sum(said[[account]].toarray()[:, 1:], said[[account]].toarray()[:, 0])[0]
    found[tied] = _among_tied(said, ties, weight, tied)
    return np.asarray(np.round(np.clip(found, 0.0, 1.0), 9), np.float64)


def _among_tied(said: sparse.csr_array, ties: Ties, weight: Floats, tied: Flags) -> Floats:
    inside = np.flatnonzero(tied)
    here = said[inside]
    heard = np.unique(np.concatenate([[0], here.tocoo().col]))
    used = weight > 0
    place = np.cumsum(tied) - 1
    walk = operator(place[ties.account_a[used]], place[ties.account_b[used]], weight[used], len(inside))
    x = spread(walk, here[:, heard].toarray())
    return held_sum(x[:, 1:], x[:, 0])


def held_sum(parts: Floats, base: Floats | None = None) -> Floats:
    """Return, per row, the largest t with t = base + Σ min(part, 0.3 · t): a sum of which no part is more than 30 %.

    ``parts`` are not negative; ``base`` (zero where not given) is not held. 0 where there is no such t above 0.
    """
    rest = np.zeros(len(parts)) if base is None else base
    ranked = -np.sort(-np.pad(parts, ((0, 0), (0, 4))), axis=1)
    left = parts.sum(axis=1)
    best = np.zeros(len(parts))
    for held in range(4):  # four held parts would be 120 %
        t = (rest + left) / (1 - MOST_OF_ONE * held)
        fits = (ranked[:, held] <= MOST_OF_ONE * t + 1e-15) & (t > 0)
        if held:
            fits &= ranked[:, held - 1] >= MOST_OF_ONE * t - 1e-15
        best = np.where(fits, np.maximum(best, t), best)
        left = left - ranked[:, held]
    return best
