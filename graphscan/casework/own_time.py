"""The picture of one account's own time: each kept action as day across and hour of day up.

In: the run's rows of one account. Out: a :class:`~graphscan.reports.pictures.Picture`, or None where nothing was kept.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from graphscan.casework.words import BEIJING
from graphscan.reports import scales
from graphscan.reports.canvas import Write
from graphscan.reports.frames import Frames
from graphscan.reports.looks import COLOURS, MARKERS, add_title, place
from graphscan.reports.pictures import Picture
from graphscan.reports.words import count

KINDS: tuple[tuple[str, str], ...] = (
    ("notes", "note"),
    ("comments", "comment"),
    ("chat_messages", "message"),
    ("interactions", "like, share and the like"),
)
"""Input tables whose rows are something that an account did at an instant, with their word."""


def own_time(run: Frames, account: str) -> Picture | None:
    """Return the picture of an account's rows that the run kept (those behind clues and meetings, not all it ever did)."""
    rows = run.where("rows", account_id=[account], table=[table for table, _ in KINDS])
    rows = rows[rows["at"].notna()].sort_values(["at", "row"], ignore_index=True)
    if rows.empty:
        return None
    return Picture(
        "own_time",
        f"Own time of the account: {count(len(rows), 'kept action')} by day and hour, Beijing time.",
        (10.4, 2.9),
        lambda axes, write: _draw(axes, rows, write),
    )


def _draw(axes: Axes, rows: pd.DataFrame, write: Write) -> Axes:
    local = rows["at"].dt.tz_convert(BEIJING)
    hours = local.dt.hour + local.dt.minute / 60 + local.dt.second / 3600
    handles = []
    for (table, word), colour, marker in zip(KINDS, COLOURS, MARKERS, strict=False):
        chosen = (rows["table"] == table).to_numpy()
        if chosen.any():
            axes.scatter(
                scales.epoch_s(rows["at"][chosen]),
                hours[chosen],
                s=26,
                marker=marker,
                color=colour,
                alpha=0.8,
                linewidths=0,
            )
            told = f"{word}: {int(chosen.sum())}"
            handles.append(Line2D([], [], linestyle="none", marker=marker, color=colour, label=told))
    axes.axhspan(0, 6, color="#0b5c8c", alpha=0.06, linewidth=0)
    axes.set_yticks([0, 6, 12, 18, 24], ["0:00", "6:00", "12:00", "18:00", "24:00"])
    axes.set_ylim(24, 0)
    axes.set_ylabel("hour, Beijing time")
    scales.calendar_axis(axes, rows["at"])
    axes.legend(
        handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4, frameon=False, fontsize=7.5
    )  # fmt: skip
    place(axes, 0.07, 0.2, 0.985, 0.87)
    return add_title(axes, "When it acted (kept actions; the band is the night)")
