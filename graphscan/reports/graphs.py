"""A run's validated pairs as graphs for people who want to go on by themselves.

In: the run's frames. Out: a networkx graph of one cluster, or the layered igraph graph of all clustered
accounts.
"""

from __future__ import annotations

from typing import Any

import igraph
import networkx as nx
import pandas as pd

from graphscan.reports.frames import Frames
from graphscan.reports.words import iso

PAIR_NUMBERS = ("meetings", "objects", "expected", "p_value", "q_value", "window_s")
PAIR_TIMES = ("first_at", "last_at")


def cluster_graph(frames: Frames, cluster_id: str) -> nx.Graph:
    """Return one cluster as a graph: a node per member, an edge per pair of members with a validated pair.

    Nodes carry ``membership`` and ``role``. An edge carries ``meetings`` (occasions over all behaviours) and
    ``behaviours``: behaviour → its numbers (meetings, objects, expected, p_value, q_value, window_s,
    first_at, last_at). Nodes and edges are added in sorted order. InputError when there is no such cluster.
    """
    members = frames.members_of(cluster_id).sort_values("account_id")
    graph = nx.Graph(cluster_id=cluster_id)
    for member in members.to_dict("records"):
        graph.add_node(member["account_id"], membership=member["membership"], role=member["role"])
    for pair in sorted_pairs(frames.within("pairs", set(members["account_id"]))).to_dict("records"):
        _add_pair(graph, pair)
    return graph


def _add_pair(graph: nx.Graph, pair: dict[Any, Any]) -> None:
    a, b = pair["account_a"], pair["account_b"]
    if not graph.has_edge(a, b):
        graph.add_edge(a, b, meetings=0, behaviours={})
    edge = graph.edges[a, b]
    edge["meetings"] += pair["meetings"]
    edge["behaviours"][pair["behaviour"]] = {name: pair[name] for name in PAIR_NUMBERS + PAIR_TIMES}


def sorted_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs in the order of their key."""
    return pairs.sort_values(["account_a", "account_b", "behaviour"], ignore_index=True)


def layered_graph(frames: Frames) -> igraph.Graph:
    """Return all clustered accounts as one layered graph: an edge per validated pair and behaviour.

    Vertices carry ``name`` (the account's id), ``cluster_id``, ``membership`` and ``role``; edges carry
    ``behaviour`` (the layer), the pair's numbers, and ``first_at`` and ``last_at`` as ISO 8601 text.
    """
    members = frames.members.sort_values(["account_id", "cluster_id"]).drop_duplicates("account_id")
    ids = list(members["account_id"])
    place = {account: index for index, account in enumerate(ids)}
    pairs = sorted_pairs(frames.within("pairs", ids))
    graph = igraph.Graph(
        n=len(ids), edges=list(zip(pairs["account_a"].map(place), pairs["account_b"].map(place), strict=True))
    )
    graph.vs["name"] = ids
    for name in ("cluster_id", "membership", "role"):
        graph.vs[name] = members[name].tolist()
    for name in ("behaviour", *PAIR_NUMBERS):
        graph.es[name] = pairs[name].tolist()
    for name in PAIR_TIMES:
        graph.es[name] = [iso(at) for at in pairs[name]]
    return graph
