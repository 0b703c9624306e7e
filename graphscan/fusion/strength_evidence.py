"""What a cluster's strength is in words: its probability with what speaks for it and against it, its confirmation, its ties.

In: clusters, axes, strength. Out: :class:`Evidence` about each cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from graphscan.fusion.axes import Axes
from graphscan.fusion.confirmation import CONFIRMED_P
from graphscan.fusion.strength import COORDINATION_ALONE, LEAST_OTHER, Strength
from graphscan.groups.clues import Evidence
from graphscan.groups.clusters import Cluster

SPEAKS = 0.5
"""Worth per member from which an axis is told as speaking: a third of the members with one common clue."""


def strength_evidence(clusters: Sequence[Cluster], axes: Axes, strength: Strength) -> Iterator[Evidence]:
    """Tell each cluster's probability, whether it is confirmed, and how many of its pairs two kinds of layers tie."""
    for k, cluster in enumerate(clusters):
        yield _probability(cluster, axes, k, float(strength.probability[k]))
        yield _confirmation(cluster, float(strength.confirmed_p_value[k]))
        yield _ties(cluster, int(strength.enforcement_ties[k]))


def _probability(cluster: Cluster, axes: Axes, k: int, probability: float) -> Evidence:
    if np.isnan(probability):
        text = (
            "Nothing but coordination is known of its members: neither tools, clock, registration and shared content nor "
            "anything that speaks for people. How likely it is batch-operated cannot be said."
        )
        return _about(cluster, "unknown_probability", None, "probability", None, text)
    against = f" Against it: {_against(axes, k)}."
    text = f"{_percent(probability)} likely batch-operated, by simulated worlds. For it: {_for(axes, k)}.{against}"
    if axes.automation[k] + axes.commerce[k] < LEAST_OTHER:
        text += f" Coordination alone never counts for more than {_percent(COORDINATION_ALONE)}."
    return _about(cluster, "cluster_probability", probability, "probability", None, text)


def _percent(probability: float) -> str:
    """In whole percent, never nought and never certain."""
    return f"{min(max(round(100 * probability), 1), 99)} %"


def _for(axes: Axes, k: int) -> str:
    told = [
        (axes.coordination[k], "its members act together far beyond chance"),
        (axes.automation[k], "their own tools, clocks or registrations"),
        (axes.commerce[k], "shared shops, contacts, words or pictures"),
    ]
    return ", ".join(words for worth, words in told if worth >= SPEAKS) or "little"


def _against(axes: Axes, k: int) -> str:
    told = [
        (axes.presence[k] >= SPEAKS, "signs of people (age, verification, own pictures, talk with others, rest)"),
        (axes.automation[k] < SPEAKS, "no tool, clock or registration of its members' own stands out"),
        (axes.commerce[k] < SPEAKS, "they share no shop, contact, words or pictures beyond chance"),
    ]
    return ", ".join(words for speaks, words in told if speaks) or "nothing that was looked for"


def _confirmation(cluster: Cluster, p_value: float) -> Evidence:
    if np.isnan(p_value):
        text = "Too few occasions are left to test its timing on ones that had no part in finding it."
        return _about(cluster, "unknown_confirmation", None, "", None, text)
    held = p_value <= CONFIRMED_P
    text = (
        "Found again on one half of the objects alone, its members were "
        f"{'closer' if held else 'no closer'} together in time on the other half than chance would bring them."
    )
    return _about(cluster, "confirmed" if held else "against_confirmation", None, "", p_value, text)


def _ties(cluster: Cluster, count: int) -> Evidence:
    text = (
        f"{count:,} pairs of members are tied by two kinds of layers: what they did, and what they said or where they came from."
        if count
        else "No pair of members is tied by two kinds of layers (what they did, and what they said or where they came from)."
    )
    return _about(
        cluster, "enforcement_ties" if count else "against_one_kind_of_layer", float(count), "pairs", None, text
    )


def _about(
    cluster: Cluster, clue: str, value: float | None, unit: str, p_value: float | None, sentence: str
) -> Evidence:
    return Evidence(f"cluster:{cluster.cluster_id}", clue, "context", "platform", value, unit, p_value, sentence)
