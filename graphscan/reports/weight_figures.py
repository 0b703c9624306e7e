"""The evidence waterfall of an account, drawn on axes that the caller gives.

In: :class:`graphscan.reports.weighing.Weighing`. Out: the axes, drawn on.
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from graphscan.reports.canvas import Write
from graphscan.reports.looks import COLOURS, INK, add_title, margins
from graphscan.reports.weighing import FLOOR, Step, Weighing
from graphscan.reports.words import label

_AGAINST, _FOR, _GREY, _CLUSTER = COLOURS[1], COLOURS[0], "#9aa3ad", COLOURS[3]


def draw_waterfall(axes: Axes, weighing: Weighing, write: Write) -> Axes:
    """Draw each step from where the last one ended: right (orange) for a program, left (blue) for a person.

    The dashed line is ln 10: below it own evidence is not *there*, and the probability stays at one half or less.
    """
    ends, at = [FLOOR, 0.0], 0.0
    for row, step in enumerate(weighing.steps):
        start = 0.0 if step.kind == "sum" else at
        at = start + step.weight
        ends += [start, at]
        axes.barh(row, step.weight, left=start, height=0.62, **_look(step))
        if row + 1 < len(weighing.steps):
            axes.plot([at, at], [row - 0.31, row + 1.31], color="#9aa3ad", linewidth=0.7)
        axes.annotate(
            f"{step.weight:+.2f}", (max(start, at), row), (4, 0), textcoords="offset points", fontsize=7.5, va="center"
        )
    axes.axvline(0, color="#9aa3ad", linewidth=0.8)
    axes.axvline(FLOOR, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.set_yticks(range(len(weighing.steps)), [write(label(s.name, 40)) for s in weighing.steps], fontsize=8)
    axes.set_ylim(len(weighing.steps) - 0.4, -1.1)
    reach = max(ends) - min(ends)
    axes.set_xlim(min(ends) - 0.04 * reach - 0.05, max(ends) + 0.14 * reach)
    left = min(ends) + 0.6 * reach < FLOOR  # where there is room for the words
    axes.annotate(
        "ln 10: own evidence is there", (FLOOR, -0.75), (-3 if left else 3, 0), textcoords="offset points", fontsize=7,
        va="center", ha="right" if left else "left",
    )  # fmt: skip
    axes.set_xlabel("log-likelihood ratio (2.3 more: odds ten times as high)", fontsize=8)
    axes.tick_params(axis="y", length=0)
    margins(axes, 2.3, 0.5, 0.1, 0.35)
    axes.tick_params(axis="x", labelsize=8)
    return add_title(axes, f"{write(label(weighing.account_id, 14))}: {headline(weighing)}")


def headline(weighing: Weighing) -> str:
    """Return the outcome: own weight and probability; where no fact gives the whole, that it is the told clues' sum."""
    known = "not known" if weighing.probability is None else f"{weighing.probability:.2f}"
    whole = "own weight" if weighing.complete else "clues told"
    return f"{whole} {weighing.own:+.2f}, managed probability {known}"


def _look(step: Step) -> dict[str, Any]:
    if step.kind == "clue":
        return {"color": _AGAINST if step.weight > 0 else _FOR}
    if step.kind == "sum":
        return {"color": INK}
    if step.kind == "cluster":
        return {"color": _CLUSTER, "hatch": "///", "edgecolor": "#ffffff"}
    return {"color": _GREY}
