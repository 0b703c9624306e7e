"""The pictures of a run as a whole, drawn on axes that the caller gives.

In: the validated pairs. Out: the axes, drawn on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from graphscan.reports import scales
from graphscan.reports.canvas import Write
from graphscan.reports.looks import Palette, add_legend, add_title, place

MOST_DECADES = 50  # below 10^-50 a q-value says nothing more; one at 10^-300 would flatten all others


def draw_expected(axes: Axes, pairs: pd.DataFrame, palette: Palette, write: Write) -> Axes:
    """Draw observed against expected occasions of the validated pairs on log scales; the line is chance.

    Pairs that fall on one spot (a fiftieth of a decade) are one mark, the larger the more pairs it holds.
    """
    x = np.log10(np.clip(pairs["expected"].to_numpy(float), scales.LEAST_EXPECTED, None))
    y = np.log10(np.clip(pairs["meetings"].to_numpy(float), 1, None))
    spots = pd.DataFrame({"behaviour": pairs["behaviour"], "x": x.round(1), "y": np.round(y * 50) / 50})
    marks = spots.groupby(["behaviour", "x", "y"], as_index=False).size()
    for behaviour, group in marks.groupby("behaviour", sort=True):
        name = str(behaviour)
        sizes = 14 + 10 * np.log2(group["size"])
        axes.scatter(
            group["x"],
            group["y"],
            s=sizes,
            marker=palette.marker(name),
            color=palette.colour(name),
            alpha=0.6,
            linewidths=0,
        )
    low, high = min(float(x.min(initial=-1)), -1) - 0.2, max(float(y.max(initial=1)), 1) + 0.2
    axes.plot([low, high], [low, high], color="#7b858f", linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate("as often as chance", (0, 0), (-5, 0), textcoords="offset points", fontsize=7, ha="right")
    scales.decades(axes.xaxis, low, high)
    scales.decades(axes.yaxis, -0.2, high)
    axes.set_xlabel("occasions expected from opportunity")
    axes.set_ylabel("occasions observed")
    add_legend(axes, sorted(pairs["behaviour"].unique()), palette, write)
    place(axes, 0.12, 0.15, 0.97, 0.8)
    return add_title(axes, "Validated pairs: observed against expected")


def draw_q_values(axes: Axes, pairs: pd.DataFrame, palette: Palette, write: Write) -> Axes:
    """Draw how far below chance the validated pairs lie: a histogram of q-values by powers of ten, the last open."""
    powers = -np.log10(np.clip(pairs["q_value"].to_numpy(float), 10.0**-MOST_DECADES, 1))
    edges = np.linspace(0, max(float(powers.max(initial=1)), 1) * 1.02, 41)
    names = sorted(pairs["behaviour"].unique())
    layers = [powers[(pairs["behaviour"] == name).to_numpy()] for name in names]
    if names:
        axes.hist(layers, bins=list(edges), stacked=True, color=[palette.colour(name) for name in names])
    ticks = scales.round_steps(float(edges[-1]))
    axes.set_xticks(ticks, [_power(int(tick)) for tick in ticks])
    axes.set_xlabel("q-value (false discovery rate at which the pair enters)")
    axes.set_ylabel("validated pairs")
    add_legend(axes, names, palette, write)
    place(axes, 0.12, 0.15, 0.97, 0.8)
    return add_title(axes, "Validated pairs: q-values")


def _power(tick: int) -> str:
    if tick >= MOST_DECADES:
        return f"≤10^-{MOST_DECADES}"
    return f"10^-{tick}" if tick else "1"
