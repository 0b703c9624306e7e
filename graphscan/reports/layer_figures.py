"""The layers of a cluster side by side: the same members at the same places, one panel a behaviour.

In: the cluster's graph. Out: the axes, drawn on. With several layers a last panel shows in how many of them a pair is tied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from graphscan.reports.canvas import Write
from graphscan.reports.figures import MOST_EDGES, surest_members, surest_pairs, tied_layout
from graphscan.reports.looks import INK, Palette, add_title, margins
from graphscan.reports.words import count, label, spoken

COLUMNS = 3
"""Panels beside each other; more stand in further rows."""

_STEP = 1.25
_QUIET = "#c9cfd5"
_Places = Mapping[str, np.ndarray]


def panel_rows(graph: nx.Graph) -> int:
    """Return how many rows of panels the picture has."""
    return -(-len(_panels(graph)) // COLUMNS)


def draw_layers(axes: Axes, graph: nx.Graph, palette: Palette, write: Write, seed: int = 1) -> Axes:
    """Draw one panel a layer (mark: tied in this layer; grey ring: not), and one of all layers together.

    The layout is that of all pairs together, seeded, so that a member stands at the same place in every panel.
    Beyond 300 members or 700 lines a panel the surest are shown.
    """
    nodes = surest_members(graph)
    places = _unit(tied_layout(graph, nodes, seed))
    panels = _panels(graph)
    for number, name in enumerate(panels):
        corner = np.array([number % COLUMNS * _STEP, -(number // COLUMNS) * _STEP])
        moved = {node: at + corner for node, at in places.items()}
        pairs = surest_pairs(graph.subgraph(nodes), name)[:MOST_EDGES]
        _draw_panel(axes, moved, pairs, palette, name)
        told = spoken(name) if name else "all layers together"
        axes.text(corner[0], corner[1] + 1.1, write(label(told, 40)), fontsize=8, fontweight="bold", color=INK)
        axes.text(corner[0], corner[1] + 1.03, _caption(graph, name), fontsize=7, color="#55606b")
    axes.set_xlim(-0.06, min(len(panels), COLUMNS) * _STEP - 0.19)
    axes.set_ylim(-(panel_rows(graph) - 1) * _STEP - 0.08, 1.22)
    axes.set_axis_off()
    margins(axes, 0.1, 0.05, 0.1, 0.35)
    return add_title(axes, f"Layers of the cluster: {count(len(graph), 'member')}, each at one place in every panel")


def _panels(graph: nx.Graph) -> list[str]:
    """Return the layers, most pairs first, and ``""`` for all together where there are several."""
    pairs: dict[str, int] = {}
    for _, _, edge in graph.edges(data=True):
        for name in edge["behaviours"]:
            pairs[name] = pairs.get(name, 0) + 1
    names = sorted(pairs, key=lambda name: (-pairs[name], name))
    return [*names, ""] if len(names) > 1 else names


def _caption(graph: nx.Graph, name: str) -> str:
    tied = [edge["behaviours"] for _, _, edge in graph.edges(data=True)]
    if name:
        return f"{count(sum(name in layers for layers in tied), 'pair')} of {count(len(tied), 'tied pair')}"
    several = sum(len(layers) > 1 for layers in tied)
    return f"{count(several, 'pair')} in two layers or more (dark), of {len(tied):,}"


def _unit(places: _Places) -> dict[str, np.ndarray]:
    """Return the layout stretched to a square of side 1."""
    if not places:
        return {}
    at = np.array(list(places.values()))
    low, reach = at.min(axis=0), np.maximum(np.ptp(at, axis=0), 1e-9)
    return {node: (where - low) / reach for node, where in places.items()}


def _draw_panel(
    axes: Axes, places: _Places, pairs: Sequence[tuple[str, str, int]], palette: Palette, name: str
) -> None:
    lines = [(places[a], places[b]) for a, b, _ in pairs]
    colours = [(palette.colour(name) if name else (INK if layers > 1 else _QUIET)) for _, _, layers in pairs]
    axes.add_collection(LineCollection(lines, colors=colours, linewidths=0.8, alpha=0.5))
    tied = {node for a, b, _ in pairs for node in (a, b)}
    room = min(1.0, 30 / max(len(places), 1))
    for inside in (False, True):
        at = np.array([where for node, where in places.items() if (node in tied) is inside]).reshape(-1, 2)
        face = (palette.colour(name) if name else INK) if inside else "#ffffff"
        marker = palette.marker(name) if name and inside else "o"
        edge = "#ffffff" if inside else _QUIET
        axes.scatter(
            at[:, 0], at[:, 1], s=8 + 38 * room, c=face, marker=marker, edgecolors=edge, linewidths=0.7, zorder=3
        )
