"""Strength: how likely each cluster is batch-operated, and how well that is confirmed.

In: clusters, layers, conduct, ties. Out: :class:`Strength`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Ints


@dataclass(frozen=True)
class Strength:
    """One row a cluster, in the order of the grouping's clusters.

    ``probability``: 0 to 1, calibrated on simulated worlds, NaN without data. ``confirmed_p_value``: the timing check on
    occasions that had no part in finding the cluster, NaN where there are too few. ``enforcement_ties``: pairs of
    members tied by two independent layers.
    """

    probability: Floats
    confirmed_p_value: Floats
    enforcement_ties: Ints


def no_strength(n_clusters: int) -> Strength:
    """Return what is known when nothing was weighed."""
    unknown = np.full(n_clusters, np.nan)
    return Strength(unknown, unknown, np.zeros(n_clusters, np.int64))
