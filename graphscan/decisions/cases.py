"""Cases: why somebody should look at an account, and whom to look at first. An order of work, never evidence.

In: what is known of the accounts that the policy looked at, one array entry an account. Out: reasons to look, and a priority. No rule
may read either (``docs/decisions.md`` lists what a rule may read); reports open a case and do nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.deeds import Floats
from graphscan.accounts.probability import OWN_FLOOR
from graphscan.behaviours.actions import Flags, Ints

UNKNOWN_CLUSTER = 0.5  # a cluster of which nothing else is known is as likely batch-operated as not
CLUSTER_PART = 0.5  # the cluster is every member's reason to be looked at, and nobody's alone
NAMED_PART = 0.3  # rare objects in common, whatever the time: a hint
LABELLED_PART = 0.9  # somebody found it managed before


@dataclass(frozen=True)
class Looked:
    """One entry an account; NaN is no data. ``reported`` is what its own reports say, weighed by the reporters' records."""

    in_cluster: Flags
    cluster_probability: Floats
    managed_probability: Floats
    own_weight: Floats
    managed_events: Ints
    cotargets: Flags
    reporters: Ints
    reported: Floats
    scrutiny: Floats
    labelled_managed: Flags
    labelled_human: Flags


def reasons_to_look(looked: Looked) -> list[list[str]]:
    """Return each account's reasons: cluster, own_evidence, tool, cotargets, reported, near_reported, labelled."""
    own = looked.own_weight >= OWN_FLOOR
    told = {
        "cluster": looked.in_cluster,
        "own_evidence": own,
        "tool": ~own & (looked.managed_events > 0),
        "cotargets": looked.cotargets,
        "reported": looked.reporters > 0,
        "near_reported": (looked.reporters == 0) & (looked.scrutiny > 0),
        "labelled": looked.labelled_managed,
    }
    return [[name for name, flags in told.items() if flags[k]] for k in range(len(own))]


def priorities(looked: Looked) -> Floats:
    """Return how pressing each look is, 0 to 1: reasons add up as independent chances; 0 for who is labelled human."""
    cluster = np.nan_to_num(looked.cluster_probability, nan=UNKNOWN_CLUSTER)
    parts = (
        CLUSTER_PART * cluster * looked.in_cluster,
        np.where(looked.own_weight >= OWN_FLOOR, np.nan_to_num(looked.managed_probability), 0.0),
        NAMED_PART * looked.cotargets,
        np.maximum(looked.scrutiny, looked.reported),
        LABELLED_PART * looked.labelled_managed,
    )
    left = np.prod([1.0 - np.clip(part, 0.0, 1.0) for part in parts], axis=0)
    return np.asarray(np.round(np.where(looked.labelled_human, 0.0, 1.0 - left), 6))
