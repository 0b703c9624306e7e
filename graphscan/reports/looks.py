"""What all pictures share: colours and markers of behaviours, legend, title, margins.

In: names of behaviours. Out: axes that carry them. Colours are those of Okabe and Ito (2008), told apart by
colour-blind readers; every behaviour has its own marker besides.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from graphscan.reports.canvas import Write, figure_of
from graphscan.reports.words import spoken

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

INK = "#1c2329"

LEGEND_COLUMNS = 4


class Palette:
    """A colour and a marker for each behaviour, the same in all pictures of a run."""

    def __init__(self, behaviours: Sequence[str]) -> None:
        self._places = {name: index for index, name in enumerate(behaviours)}

    def colour(self, behaviour: str) -> str:
        """Return the behaviour's colour."""
        return COLOURS[self._places.get(behaviour, 0) % len(COLOURS)]

    def marker(self, behaviour: str) -> str:
        """Return the behaviour's marker."""
        place = self._places.get(behaviour, 0)
        return MARKERS[(place + place // len(COLOURS)) % len(MARKERS)]  # beyond seven, colours return with new markers


def add_legend(axes: Axes, behaviours: Sequence[str], palette: Palette, write: Write) -> None:
    """Name the behaviours above the axes, on the right."""
    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=palette.marker(name),
            color=palette.colour(name),
            label=write(spoken(name)),
        )
        for name in behaviours[: len(COLOURS)]
    ]
    if handles:
        axes.legend(
            handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=LEGEND_COLUMNS, frameon=False,
            fontsize=7.5, borderaxespad=0.1, handletextpad=0.1, columnspacing=1.0,
        )  # fmt: skip


def add_title(axes: Axes, text: str) -> Axes:
    """Set the title, on the left, above the legend; return the axes."""
    legend = axes.get_legend()
    rows = -(-len(legend.get_texts()) // LEGEND_COLUMNS) if legend else 0
    axes.set_title(text, loc="left", fontsize=9.5, fontweight="bold", pad=8 + 12 * rows)
    return axes


def place(axes: Axes, left: float, bottom: float, right: float, top: float) -> None:
    """Set the margins of axes that fill their figure; axes that a user gave stay where they are."""
    if axes.get_position().bounds == (0.0, 0.0, 1.0, 1.0):
        axes.set_position((left, bottom, right - left, top - bottom))


def margins(axes: Axes, left: float, bottom: float, right: float, top: float) -> None:
    """Set the margins in inches of axes that fill their figure; axes that a user gave stay where they are."""
    width, height = figure_of(axes).get_size_inches()
    place(axes, left / width, bottom / height, 1 - right / width, 1 - top / height)
