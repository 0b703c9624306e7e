"""Repeated looks: a daily job asks the same question again and again, so each answer must be surer than a single one.

In: a run and the number of passes that share its data. Out: the clusters that may be announced; the others are only watched.

A look's rates are divided by the number of looks that see the same row (the days of the window). By the union bound that holds the expected
number of false announcements per window at the single look's rate, however the looks depend on each other: and they depend heavily, since
29 of 30 days are the same. LORD and its kin (Javanmard and Montanari 2018) would want p-values that are independent of the former
decisions, and spending α over an endless sequence ends in a job that announces nothing after a year; per window, the power stays
(the reason for the decaying memory of Ramdas 2017). The price is small: a farm's p-values lie far below the level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.groups.clusters import TIMING_RATE
from graphscan.jobs.lineages import members_by_cluster


@dataclass(frozen=True)
class Level:
    """What a cluster needs to be announced: its timing's p-value, its pairs' q-values, and members tied by such pairs."""

    looks: int
    communities: int
    timing_p_value: float
    q_value: float
    members: int

    def as_json(self) -> dict[str, Any]:
        """Return plain values for the manifest of a pass."""
        return dict(vars(self))


def level(tried: int, rate: float, members: int, window_days: int) -> Level:
    """Return the level of one look among ``window_days`` that share its data.

    Parameters
    ----------
    tried
        Communities that the look found, those it set aside included. The timing check is Bonferroni-corrected over
        them too: the run's step-up rule no longer holds once single clusters are picked from it.
    rate
        False discovery rate of pairs of a single look.
    members
        Members that the surest pairs alone must tie together.
    window_days
        Days of the window, and so looks that see the same row.
    """
    return Level(window_days, tried, TIMING_RATE / (window_days * max(tried, 1)), rate / window_days, members)


def level_of_run(manifest: Mapping[str, Any], window_days: int) -> Level:
    """Return the level for a run, from its manifest."""
    counts, settings = manifest["counts"], manifest["settings"]
    tried = counts["clusters"] + counts["communities_of_shared_taste"] + counts["communities_of_few_occasions"]
    return level(tried, settings["false_discovery_rate"], settings["min_cluster_size"], window_days)


def announced(tables: Mapping[str, pa.Table], needed: Level) -> frozenset[str]:
    """Return the ids of the clusters that stand the level: in time, and tied tightly enough by the surest pairs alone."""
    clusters = tables["clusters"]
    in_time = {
        c
        for c, p in zip(clusters["cluster_id"].to_pylist(), clusters["timing_p_value"].to_pylist(), strict=True)
        if p is not None and p <= needed.timing_p_value
    }
    pairs = tables["pairs"].filter(pc.less_equal(tables["pairs"]["q_value"], needed.q_value))
    graph = nx.Graph()
    graph.add_edges_from(zip(pairs["account_a"].to_pylist(), pairs["account_b"].to_pylist(), strict=True))
    members = members_by_cluster(tables["members"])
    return frozenset(c for c in in_time if _largest_piece(graph, members[c]) >= needed.members)


def _largest_piece(graph: nx.Graph, members: frozenset[str]) -> int:
    return max((len(piece) for piece in nx.connected_components(graph.subgraph(members))), default=0)
