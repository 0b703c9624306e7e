"""The decision tree of a cluster: how many members go which way, from what is known to what is proposed.

In: paths (:mod:`graphscan.reports.paths`). Out: the axes, drawn on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from graphscan.reports.canvas import Write, figure_of
from graphscan.reports.looks import COLOURS, INK, add_title, margins
from graphscan.reports.paths import STAGES, Path
from graphscan.reports.words import count, label
from graphscan.tables import MEASURE_NAMES

MEASURE_COLOURS = {"none": "#9aa3ad", "warn": COLOURS[4], "limit": COLOURS[1], "ban": COLOURS[3]}
"""Told apart by colour-blind readers; the words stand beside them."""

_BAR = 0.05
_GAP = 0.07  # of the picture's height between two boxes: a line of words fits
_Boxes = dict[tuple[int, str], tuple[float, float]]


def draw_decisions(axes: Axes, paths: Sequence[Path], write: Write) -> Axes:
    """Draw a column a stage and a box a way, as high as many members go there; bands join the boxes.

    Bands have the colour of the measure they end in: none grey, warn amber, limit vermilion, ban purple.
    """
    ordered = sorted(paths, key=lambda p: (-MEASURE_NAMES.index(p.measure), p.stages, p.account_id))
    boxes = _boxes(ordered)
    for stage in range(len(STAGES) - 1):
        _bands(axes, ordered, boxes, stage)
    for (stage, name), (low, high) in boxes.items():
        n = sum(p.stages[stage] == name for p in ordered)
        measures = {p.measure for p in ordered if p.stages[stage] == name}
        colour = MEASURE_COLOURS[measures.pop()] if stage == len(STAGES) - 1 else INK
        axes.fill_between([stage, stage + _BAR], low, high, color=colour, linewidth=0)
        words = _broken(f"{n} · {label(name, 84)}")
        axes.text(stage + _BAR + 0.03, (low + high) / 2, write_lines(words, write), fontsize=7.5, va="center")
    for stage, name in enumerate(STAGES):
        axes.annotate(
            name,
            (stage, 1),
            (0, 5),
            textcoords="offset points",
            va="bottom",
            fontsize=8,
            fontweight="bold",
            color="#55606b",
        )
    axes.set_xlim(-0.05, len(STAGES) - 0.1)
    axes.set_ylim(-0.04, 1 + 0.35 / _height(axes))
    axes.set_axis_off()
    margins(axes, 0.1, 0.05, 0.05, 0.35)
    return add_title(axes, f"From facts to measure: {_outcome(ordered)}")


def write_lines(words: Sequence[str], write: Write) -> str:
    """Return lines under each other, each written on its own."""
    return "\n".join(write(line) for line in words)


def outcomes(paths: Sequence[Path]) -> Counter[str]:
    """Members by measure proposed."""
    return Counter(p.measure for p in paths)


def _outcome(paths: Sequence[Path]) -> str:
    found = outcomes(paths)
    parts = [f"{found[m]} {m}" for m in reversed(MEASURE_NAMES) if found[m] and m != "none"]
    parts += [f"{found['none']} without measure"] if found["none"] else []
    return f"{count(len(paths), 'member')}, {', '.join(parts)}" if parts else "no members"


def _height(axes: Axes) -> float:
    """Inches that one unit of the picture has, roughly: room for the heads of the columns."""
    return float(figure_of(axes).get_size_inches()[1])


def _boxes(paths: Sequence[Path]) -> _Boxes:
    """Return the lower and upper end of each box, stage by stage, severest measure on top."""
    found: _Boxes = {}
    for stage in range(len(STAGES)):
        sizes = Counter(p.stages[stage] for p in paths)  # in the order of the paths
        unit = (1 - _GAP * (len(sizes) - 1)) / max(len(paths), 1)
        top = 1.0
        for name, n in sizes.items():
            found[stage, name] = (top - n * unit, top)
            top -= n * unit + _GAP
    return found


def _bands(axes: Axes, paths: Sequence[Path], boxes: _Boxes, stage: int) -> None:
    """Draw what flows from a stage to the next, one band for each pair of boxes and measure."""
    flows = Counter((p.stages[stage], p.stages[stage + 1], p.measure) for p in paths)
    used: dict[tuple[int, str], float] = {}
    x = np.linspace(0, 1, 40)
    bend = x * x * (3 - 2 * x)
    for (start, end, measure), n in flows.items():
        ends = []
        for at, name in ((stage, start), (stage + 1, end)):
            low, high = boxes[at, name]
            whole = sum(p.stages[at] == name for p in paths)
            top = used.get((at, name), high)
            used[at, name] = top - (high - low) * n / whole
            ends.append((used[at, name], top))
        (low_a, high_a), (low_b, high_b) = ends
        lower, upper = low_a + (low_b - low_a) * bend, high_a + (high_b - high_a) * bend
        where = stage + _BAR + x * (1 - _BAR)
        axes.fill_between(where, lower, upper, color=MEASURE_COLOURS[measure], alpha=0.28, linewidth=0)


def _broken(text: str, width: int = 26) -> list[str]:
    """Return a text in lines of about ``width`` characters, broken at spaces."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
