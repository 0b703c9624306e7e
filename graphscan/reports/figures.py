"""The pictures of a cluster, one function each, drawn on axes that the caller gives.

In: the cluster's actions or graph. Out: the axes, drawn on. Text of the data goes through ``write`` (see
:mod:`graphscan.reports.canvas`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from graphscan.reports import scales
from graphscan.reports.canvas import Write
from graphscan.reports.looks import INK, Palette, add_legend, add_title, place
from graphscan.reports.words import count, label

# What still can be read at the width of a page; the picture says when it leaves some out.
MOST_COLUMNS = 40
MOST_LABELS = 40
MOST_NODES = 300
MOST_EDGES = 700

_Line = tuple[str, str, str]


def draw_timeline(axes: Axes, actions: pd.DataFrame, palette: Palette, write: Write) -> Axes:
    """Draw each occasion as a column: the members' actions by seconds after the first, on a log scale.

    ``actions`` come from :func:`graphscan.reports.occasions.with_occasions`. With more than 40 occasions the
    40 with most members are shown, in time order.
    """
    members = actions.groupby("occasion")["account_id"].nunique().sort_index()
    fullest = members.sort_values(ascending=False, kind="stable").head(MOST_COLUMNS)
    shown = sorted(fullest.index)
    columns = {occasion: place for place, occasion in enumerate(shown)}
    part = actions[actions["occasion"].isin(shown)]
    for behaviour, group in part.groupby("behaviour", sort=True):
        axes.scatter(
            group["occasion"].map(columns),
            np.log10(1 + group["after_s"]),
            s=22,
            marker=palette.marker(str(behaviour)),
            color=palette.colour(str(behaviour)),
            alpha=0.75,
            linewidths=0,
        )
    scales.seconds_axis(axes, float(part["after_s"].max()) if len(part) else 1.0)
    _occasion_labels(axes, part.drop_duplicates("occasion").sort_values("occasion"), write)
    add_legend(axes, sorted(part["behaviour"].unique()), palette, write)
    place(axes, 0.09, 0.45, 0.985, 0.88)
    return add_title(axes, f"Who came when, occasion by occasion ({len(shown)} of {count(len(members), 'occasion')})")


def _occasion_labels(axes: Axes, firsts: pd.DataFrame, write: Write) -> None:
    labels = [
        write(f"{label(name, 14)}  {at:%m-%d %H:%M}")
        for at, name in zip(firsts["first_at"], firsts["object"], strict=True)
    ]
    axes.set_xticks(
        range(len(labels)), labels, rotation=90, rotation_mode="anchor", ha="right", va="center", fontsize=7
    )
    axes.set_xlim(-0.7, max(len(labels), 8) - 0.3)
    axes.grid(axis="both", color="#e6e9ec", linewidth=0.6)
    axes.set_axisbelow(True)


def draw_raster(axes: Axes, actions: pd.DataFrame, members: Sequence[str], palette: Palette, write: Write) -> Axes:
    """Draw accounts × calendar time (UTC): one mark per action that was part of a meeting."""
    rows = {account: row for row, account in enumerate(members)}
    for behaviour, group in actions.groupby("behaviour", sort=True):
        axes.scatter(
            scales.epoch_s(group["at"]),
            group["account_id"].map(rows),
            s=16,
            marker=palette.marker(str(behaviour)),
            color=palette.colour(str(behaviour)),
            alpha=0.7,
            linewidths=0,
        )
    scales.calendar_axis(axes, actions["at"])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="y", color="#e6e9ec", linewidth=0.6)
    axes.set_axisbelow(True)
    if len(members) <= MOST_LABELS:
        axes.set_yticks(range(len(members)), [write(label(account, 14)) for account in members], fontsize=7)
    else:
        axes.set_yticks([])
        axes.set_ylabel(count(len(members), "account"))
    add_legend(axes, sorted(actions["behaviour"].unique()), palette, write)
    place(axes, 0.22, 0.15, 0.97, 0.86)
    return add_title(axes, "Members' meetings in calendar time (UTC)")


def draw_graph(axes: Axes, graph: nx.Graph, palette: Palette, write: Write, seed: int = 1) -> Axes:
    """Draw the members (size: membership; hollow: periphery) and their validated pairs (colour: behaviour).

    The layout is Fruchterman and Reingold's (1991), seeded. Beyond 300 members or 700 lines the surest are
    shown.
    """
    nodes = surest_members(graph)
    places = tied_layout(graph, nodes, seed)
    lines = _lines(graph.subgraph(nodes))
    behaviours = _draw_lines(axes, lines[:MOST_EDGES], places, palette)
    _draw_nodes(axes, graph, nodes, places)
    if len(nodes) <= MOST_LABELS:
        for node in nodes:
            axes.annotate(
                write(label(node, 14)),
                tuple(places[node]),
                (0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=6.5,
            )
    axes.set_axis_off()
    axes.margins(0.14)
    add_legend(axes, behaviours, palette, write)
    place(axes, 0.01, 0.01, 0.99, 0.86)
    return add_title(axes, f"Validated pairs inside the cluster{_left_out(graph, nodes, lines)}")


def surest_members(graph: nx.Graph) -> list[str]:
    """Return the members with the highest membership, at most 300, sorted by id."""
    ranked = sorted(graph.nodes, key=lambda node: (-graph.nodes[node]["membership"], node))
    return sorted(ranked[:MOST_NODES])


def tied_layout(graph: nx.Graph, nodes: list[str], seed: int) -> Mapping[str, np.ndarray]:
    """Return where each member stands: Fruchterman and Reingold's layout (1991), seeded."""
    ordered = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from(sorted(tuple(sorted(edge)) for edge in graph.subgraph(nodes).edges))
    places: Mapping[str, np.ndarray] = nx.spring_layout(ordered, seed=seed, iterations=60)
    return places


def _lines(graph: nx.Graph) -> list[_Line]:
    """Return (a, b, behaviour) of the validated pairs, the surest first; equals in no order of their ids."""
    ranked = [
        (values["p_value"], crc32("\0".join((*sorted((a, b)), name)).encode()), *sorted((a, b)), name)
        for a, b, edge in graph.edges(data=True)
        for name, values in edge["behaviours"].items()
    ]
    return [(a, b, name) for _, _, a, b, name in sorted(ranked)]


def surest_pairs(graph: nx.Graph, layer: str) -> list[tuple[str, str, int]]:
    """Return (a, b, number of layers) of the pairs tied in a layer (``""``: any), the surest first."""
    found: dict[tuple[str, str], None] = {(a, b): None for a, b, name in _lines(graph) if layer in ("", name)}
    return [(a, b, len(graph.edges[a, b]["behaviours"])) for a, b in found]


def _left_out(graph: nx.Graph, nodes: list[str], lines: list[_Line]) -> str:
    """Return what the picture leaves out, in words."""
    parts = [
        f"{most:,} of {total:,} {what}"
        for most, total, what in ((len(nodes), len(graph), "members"), (MOST_EDGES, len(lines), "lines"))
        if most < total
    ]
    return f" (the surest {' and '.join(parts)})" if parts else ""


def _draw_lines(axes: Axes, lines: list[_Line], places: Mapping[str, np.ndarray], palette: Palette) -> list[str]:
    """Draw one line per pair and behaviour, side by side; return the behaviours drawn."""
    names = sorted({name for _, _, name in lines})
    for layer, name in enumerate(names):
        aside = layer - (len(names) - 1) / 2
        segments = [_beside(places[a], places[b], aside) for a, b, own in lines if own == name]
        axes.add_collection(LineCollection(segments, colors=palette.colour(name), linewidths=0.9, alpha=0.45))
    return names


def _beside(start: np.ndarray, end: np.ndarray, layer: float) -> np.ndarray:
    """Return a segment moved sideways by its layer, so that behaviours of one pair do not hide each other."""
    along = end - start
    length = float(np.hypot(*along)) or 1.0
    sideways = np.array([-along[1], along[0]]) / length * 0.014 * layer
    return np.array([start + sideways, end + sideways])


def _draw_nodes(axes: Axes, graph: nx.Graph, nodes: list[str], places: Mapping[str, np.ndarray]) -> None:
    room = min(1.0, 30 / len(nodes))  # beyond thirty, marks shrink so that they do not hide each other
    sizes = [8 + 82 * room * graph.nodes[node]["membership"] for node in nodes]
    faces = [INK if graph.nodes[node]["role"] == "core" else "#ffffff" for node in nodes]
    at = np.array([places[node] for node in nodes])
    axes.scatter(at[:, 0], at[:, 1], s=sizes, c=faces, edgecolors=INK, linewidths=1.0, zorder=3)
