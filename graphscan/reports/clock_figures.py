"""Day clocks: at which hours the platform, a cluster and each of its members are awake.

In: counts by hour of the UTC day. Out: the axes, drawn on. Each row is shaded by its own busiest hour, so that rows compare in shape;
a white hour is one without any action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from graphscan.reports.canvas import Write
from graphscan.reports.looks import COLOURS, add_title, margins
from graphscan.reports.words import count, label

HOURS = 24
QUIET_HOURS = 5
"""METHOD section 7: a person's day has five quiet hours."""
MOST_CLOCKS = 40

_GREY, _BLUE, _RED = (
    LinearSegmentedColormap.from_list(name, ["#ffffff", end]) for name, end in
    (("grey", "#2b333b"), ("blue", COLOURS[0]), ("red", COLOURS[1]))
)  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """One row: whose, and how many actions in each of the 24 hours of the UTC day; None: not known."""

    name: str
    counts: Sequence[int] | None

    @property
    def total(self) -> int:
        """All actions."""
        return sum(self.counts or ())

    def quiet_share(self) -> float | None:
        """Share of the actions that fall into the quietest five hours on end; None without actions."""
        if self.counts is None or self.total == 0:
            return None
        twice = np.tile(np.asarray(self.counts), 2)
        windows = np.convolve(twice, np.ones(QUIET_HOURS, np.int64), "valid")[:HOURS]
        return float(windows.min() / self.total)


def draw_clocks(axes: Axes, platform: Clock, cluster: Clock, members: Sequence[Clock], write: Write) -> Axes:
    """Draw a strip of 24 hours a row: platform (grey), cluster (red), members (blue); darker is busier."""
    shown = members[:MOST_CLOCKS]
    rows = [(0.0, platform, _GREY), (1.0, cluster, _RED)]
    rows += [(2.6 + number, clock, _BLUE) for number, clock in enumerate(shown)]
    for y, clock, shades in rows:
        _strip(axes, y, clock, shades)
    axes.set_yticks([y for y, _, _ in rows], [write(label(clock.name, 16)) for _, clock, _ in rows], fontsize=7)
    axes.set_xticks(range(0, HOURS + 1, 3), [f"{hour:02d}:00" for hour in range(0, HOURS + 1, 3)], fontsize=7.5)
    axes.set_xlabel("hour of the day, UTC; white: nothing; dark: its own busiest hour", fontsize=8)
    axes.set_xlim(0, HOURS + 6.5)
    axes.set_ylim(rows[-1][0] + 0.6, -1.2)
    axes.text(
        HOURS + 0.3,
        -0.85,
        f"actions, and share in the\nquietest {QUIET_HOURS} hours",
        fontsize=6.5,
        va="center",
        color="#55606b",
    )
    axes.tick_params(axis="y", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    margins(axes, 1.25, 0.5, 0.05, 0.35)
    left_out = f" ({len(shown)} of {len(members):,})" if len(shown) < len(members) else ""
    return add_title(axes, f"Day clocks: platform, cluster, members{left_out}")


def _strip(axes: Axes, y: float, clock: Clock, shades: LinearSegmentedColormap) -> None:
    if clock.counts is None:
        axes.text(0.3, y, "not known", fontsize=7, va="center", color="#55606b")
        return
    most = max(max(clock.counts), 1)
    cells = [Rectangle((hour, y - 0.42), 1, 0.84) for hour in range(HOURS)]
    faces = [shades(n / most) for n in clock.counts]
    axes.add_collection(PatchCollection(cells, facecolors=faces, edgecolors="#dde1e5", linewidths=0.4))
    quiet = clock.quiet_share()
    told = f"{count(clock.total, 'action')}" + ("" if quiet is None else f", {quiet:.1%}")
    axes.text(HOURS + 0.3, y, told, fontsize=7, va="center")
