"""The relay ladder of a cluster, drawn on axes that the caller gives.

In: :class:`graphscan.reports.relays.Relay`. Out: the axes, drawn on.
"""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes

from graphscan.reports.canvas import Write
from graphscan.reports.looks import add_title, margins
from graphscan.reports.relays import Relay
from graphscan.reports.words import label


def draw_relay(axes: Axes, relay: Relay, write: Write) -> Axes:
    """Draw members × occasions: each cell tells as which a member came, 1 and dark for the first (cividis)."""
    shades = _shades(relay.places)
    _cells(axes, relay.places, shades)
    rows, columns = relay.places.shape
    axes.set_xlim(-0.5, columns + 0.1 + 0.08 * columns)
    axes.set_ylim(rows - 0.4, -1.1)
    axes.set_yticks(range(rows), [write(label(m, 14)) for m in relay.members], fontsize=7)
    named = [
        write(f"{label(name, 14)}  {at:%m-%d %H:%M}")
        for name, at in zip(relay.firsts["object"], relay.firsts["first_at"], strict=True)
    ]
    axes.set_xticks(range(columns), named, rotation=90, rotation_mode="anchor", ha="right", va="center", fontsize=7)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.text(columns + 0.1, -0.75, "first on", fontsize=7, color="#55606b", va="center")
    for row in range(rows):
        axes.text(columns + 0.1, row, f"{relay.led(row)} of {relay.came(row)}", fontsize=7, va="center")
    margins(axes, 1.15, 1.6, 0.05, 0.35)
    return add_title(axes, f"Who comes first: place of each member on each object{_left_out(relay)}")


def _shades(places: np.ndarray) -> np.ndarray:
    """Return 0 for the first of an occasion to 1 for its last."""
    last = np.nanmax(places, axis=0, initial=2)
    return np.asarray((places - 1) / np.maximum(last - 1, 1))


def _cells(axes: Axes, places: np.ndarray, shades: np.ndarray) -> None:
    colours = colormaps["cividis"]
    for row, column in np.argwhere(~np.isnan(places)):
        shade = float(shades[row, column])
        axes.fill_between([column - 0.46, column + 0.46], row - 0.44, row + 0.44, color=colours(shade), linewidth=0)
        ink = "#ffffff" if shade < 0.5 else "#1c2329"
        told = f"{places[row, column]:.0f}"
        axes.text(column, row, told, fontsize=6.5, color=ink, ha="center", va="center")


def _left_out(relay: Relay) -> str:
    rows, columns = relay.places.shape
    parts = [f"{columns} of {relay.all_occasions:,} occasions"] if columns < relay.all_occasions else []
    parts += [f"{rows} of {relay.all_members:,} members"] if rows < relay.all_members else []
    return f" ({', '.join(parts)})" if parts else ""
