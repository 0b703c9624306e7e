"""The pictures of the quality report, drawn on axes that the caller gives.

In: the parts of an evaluation. Out: the axes, drawn on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from graphscan.evaluation.calibration import Calibration
from graphscan.evaluation.detection import Detection
from graphscan.evaluation.rates import Rate
from graphscan.reports.canvas import Write
from graphscan.reports.looks import COLOURS, INK, add_title, margins
from graphscan.reports.words import label

LEAST_SHARE = 1e-6
"""Left end of a log scale of shares: one in a million; nothing stands there, marked as 0."""

GRID = "#e6e9ec"
MOST_SLICES = 40


def draw_reliability(axes: Axes, found: Calibration, write: Write) -> Axes:
    """Draw what was said against what was so, a mark a bin with its exact 95 % interval; on the line a probability keeps its word."""
    axes.plot([0, 1], [0, 1], color="#7b858f", linewidth=1, linestyle=(0, (4, 3)))
    means = [one.mean for one in found.bins if one.mean is not None]
    for one in found.bins:
        rate = one.rate
        if one.mean is None or rate.share is None or rate.low is None or rate.high is None:
            continue
        axes.plot([one.mean, one.mean], [rate.low, rate.high], color=COLOURS[0], linewidth=1.4)
        size = 18 + 12 * math.log10(rate.of)
        axes.scatter([one.mean], [rate.share], s=size, color=COLOURS[0], zorder=3, linewidths=0)
        left = one.mean > 0.7 or any(0 <= other - one.mean < 0.06 for other in means if other is not one.mean)
        axes.annotate(
            write(f"{rate.of:,}"),
            (one.mean, rate.share),
            (-7 if left else 7, -3 if rate.share < 0.93 else -9),
            textcoords="offset points",
            fontsize=7,
            ha="right" if left else "left",
            color=INK,
        )
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axes.set_yticks(ticks, [f"{t:g}" for t in ticks])
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("mean probability said (numbers: how many)")
    axes.set_ylabel("share that was so")
    margins(axes, 0.62, 0.55, 0.15, 0.4)
    return add_title(axes, write(found.name))


def shown_slices(rates: Sequence[Rate]) -> list[Rate]:
    """Return at most forty slices, the worst first: by share, then by what cannot be ruled out."""
    known = [r for r in rates if r.share is not None]
    return sorted(known, key=lambda r: (-(r.share or 0), -(r.high or 0), r.name))[:MOST_SLICES]


def draw_slices(axes: Axes, rates: Sequence[Rate], title: str, write: Write) -> Axes:
    """Draw the share of each slice (a mark) and its exact 95 % interval (a line) on a log scale; 0 stands at the left end."""
    shown = shown_slices(rates)
    for row, rate in enumerate(shown):
        low, high = _log(rate.low), _log(rate.high)
        colour = COLOURS[1] if rate.count else COLOURS[0]
        axes.plot([low, high], [row, row], color=colour, linewidth=1.6, alpha=0.7, solid_capstyle="butt")
        axes.scatter([_log(rate.share)], [row], s=22, color=colour, zorder=3, linewidths=0, clip_on=False)
    axes.set_yticks(
        range(len(shown)), [write(f"{label(r.name, 22)}  {r.count:,} of {r.of:,}") for r in shown], fontsize=7.5
    )
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xticks([-6, -5, -4, -3, -2, -1, 0], ["0", "1 in 100,000", "1 in 10,000", "0.1 %", "1 %", "10 %", "100 %"])
    axes.tick_params(axis="x", labelsize=7.5)
    axes.set_xlim(-6, 0.02)
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    margins(axes, 2.2, 0.35, 0.35, 0.4)
    return add_title(axes, title)


def _log(share: float | None) -> float:
    return math.log10(max(share or 0.0, LEAST_SHARE))


def draw_detections(axes: Axes, detections: Sequence[Detection], write: Write) -> Axes:
    """Draw each found cluster's way: from its first occasion, past the third with three members (a mark), to the log's end."""
    shown = [d for d in detections if d.worked_days is not None][:MOST_SLICES]
    for row, one in enumerate(shown):
        axes.plot([0, one.worked_days or 0.0], [row, row], color="#9aa3ad", linewidth=3, solid_capstyle="butt")
        if one.wait_days is not None:
            axes.plot([0, one.wait_days], [row, row], color=COLOURS[1], linewidth=3, solid_capstyle="butt")
            axes.scatter([one.wait_days], [row], s=30, color=COLOURS[1], zorder=3, linewidths=0)
    axes.set_yticks(range(len(shown)), [write(label(d.cluster, 26)) for d in shown], fontsize=7.5)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, max([d.worked_days or 0.0 for d in shown], default=1.0) * 1.03)
    axes.set_xlabel(
        "days since the cluster's first occasion (mark: its third with three members; grey: to the end of the log)"
    )
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    margins(axes, 2.2, 0.55, 0.2, 0.4)
    return add_title(axes, "Time to detection: the orange part had to pass before any run could name it")
