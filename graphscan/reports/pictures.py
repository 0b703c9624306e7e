"""Which pictures a run has, under which file names, drawn to SVG or on the screen.

In: the run's frames. Out: SVG texts by name, or axes. What each picture shows is in
:mod:`graphscan.reports.figures`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes

from graphscan.reports import figures, run_figures
from graphscan.reports.canvas import Write, on_screen, svg_of
from graphscan.reports.frames import Frames
from graphscan.reports.graphs import cluster_graph
from graphscan.reports.looks import Palette

Draw = Callable[[Axes, Write], object]

_WIDE = (10.4, 4.3)
_HALF = (5.6, 4.2)


@dataclass(frozen=True)
class Picture:
    """One picture: file name without ending, words for those who cannot see it, size in inches, drawing."""

    name: str
    words: str
    size: tuple[float, float]
    draw: Draw

    def svg(self) -> str:
        """Return the picture as SVG text."""
        return svg_of(self.size, self.draw)

    def on(self, axes: Axes | None) -> Axes:
        """Draw on the given axes, or on new ones; return them."""
        return on_screen(axes, self.size, self.draw)


def palette_of(frames: Frames) -> Palette:
    """Return the run's palette: behaviours in the order of the manifest, then others by name."""
    told = [str(b.get("name")) for b in frames.manifest.get("behaviours", [])]
    return Palette(list(dict.fromkeys([*told, *frames.table("pairs").column("behaviour").unique().sort().to_pylist()])))


def run_pictures(frames: Frames) -> list[Picture]:
    """Return the pictures of the run as a whole; none when there is no validated pair."""
    pairs, palette = frames.pairs, palette_of(frames)
    if pairs.empty:
        return []
    return [
        Picture(
            "run_expected",
            "Scatter of validated pairs: occasions observed against occasions expected.",
            _HALF,
            lambda axes, write: run_figures.draw_expected(axes, pairs, palette, write),
        ),
        Picture(
            "run_q_values",
            "Histogram of the q-values of the validated pairs.",
            _HALF,
            lambda axes, write: run_figures.draw_q_values(axes, pairs, palette, write),
        ),
    ]


def timeline(frames: Frames, cluster_id: str) -> Picture:
    """Return the burst timeline of a cluster."""
    actions, palette = frames.actions_in(cluster_id), palette_of(frames)
    return Picture(
        f"{file_stem(cluster_id)}_timeline",
        f"Timeline of cluster {cluster_id}: seconds after the first action, occasion by occasion.",
        _WIDE,
        lambda axes, write: figures.draw_timeline(axes, actions, palette, write),
    )


def raster(frames: Frames, cluster_id: str) -> Picture:
    """Return the raster of a cluster: accounts × calendar time."""
    actions, palette = frames.actions_in(cluster_id), palette_of(frames)
    members = list(frames.members_of(cluster_id)["account_id"])
    height = min(2.2 + 0.16 * min(len(members), figures.MOST_LABELS), 7.0)
    return Picture(
        f"{file_stem(cluster_id)}_raster",
        f"Raster of cluster {cluster_id}: the members' meetings in calendar time.",
        (_HALF[0], max(height, _HALF[1])),
        lambda axes, write: figures.draw_raster(axes, actions, members, palette, write),
    )


def pair_graph(frames: Frames, cluster_id: str) -> Picture:
    """Return the graph of a cluster's validated pairs; its layout has the run's seed."""
    graph, palette = cluster_graph(frames, cluster_id), palette_of(frames)
    seed = int(frames.manifest.get("seed", 1))
    return Picture(
        f"{file_stem(cluster_id)}_graph",
        f"Graph of the validated pairs of cluster {cluster_id}.",
        _HALF,
        lambda axes, write: figures.draw_graph(axes, graph, palette, write, seed),
    )


def cluster_pictures(frames: Frames, cluster_id: str) -> list[Picture]:
    """Return the three pictures of a cluster."""
    return [make(frames, cluster_id) for make in (timeline, pair_graph, raster)]


def file_stem(cluster_id: str) -> str:
    """Return the part of a file name that stands for a cluster: letters, digits, - and _ only, at most 64."""
    return "cluster_" + re.sub(r"[^A-Za-z0-9_-]", "_", cluster_id)[:64]
