"""Axes whose ticks are words, placed by hand: no locale, no formatter that could change between versions.

In: axes and the range of their values. Out: nothing; the axes carry ticks and labels.
"""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis

LEAST_EXPECTED = 1e-9
"""Expected counts below this are drawn here: a log scale has no zero."""

_SECONDS = (
    (0, "0"),
    (1, "1 s"),
    (10, "10 s"),
    (60, "1 min"),
    (600, "10 min"),
    (3600, "1 h"),
    (6 * 3600, "6 h"),
    (86400, "1 day"),
    (7 * 86400, "7 days"),
    (70 * 86400, "70 days"),
)
_HOUR = 3600
_STEPS_S = tuple(
    hours * _HOUR for hours in (1, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 5376, 10752, 21504, 43008)
)


def seconds_axis(axes: Axes, longest_s: float) -> None:
    """Label a y axis that holds log10(1 + seconds)."""
    shown = [(s, word) for s, word in _SECONDS if s <= max(longest_s, 10) * 1.5]
    axes.set_yticks([math.log10(1 + s) for s, _ in shown], [word for _, word in shown])
    axes.set_ylim(-0.15, math.log10(1 + max(longest_s, 10)) + 0.2)
    axes.set_ylabel("after the first (log scale)")


def epoch_s(at: pd.Series) -> np.ndarray:
    """Return instants as seconds since 1970 in UTC."""
    return at.astype("int64").to_numpy() / 1000.0


def calendar_axis(axes: Axes, at: pd.Series) -> None:
    """Label an x axis of :func:`epoch_s` with at most six UTC dates, and hours where they matter."""
    if at.empty:
        axes.set_xticks([])
        return
    low, high = float(epoch_s(at).min()), float(epoch_s(at).max())
    step = next((s for s in _STEPS_S if (high - low) / s <= 5), _STEPS_S[-1])
    ticks = np.arange(math.ceil(low / step) * step, high + 1, step)
    pattern = "%m-%d %H:%M" if step < 86400 else "%m-%d" if step < 28 * 86400 else "%Y-%m"
    axes.set_xticks(ticks, [f"{dt.datetime.fromtimestamp(t, dt.UTC):{pattern}}" for t in ticks], fontsize=7.5)
    axes.set_xlabel(f"{at.min():%Y-%m-%d} to {at.max():%Y-%m-%d}, UTC", fontsize=8)
    margin = max((high - low) * 0.03, 60)
    axes.set_xlim(low - margin, high + margin)


def decades(axis: Axis, low: float, high: float) -> None:
    """Label an axis that holds powers of ten between ``low`` and ``high`` (as exponents)."""
    powers = range(math.ceil(low), math.floor(high) + 1)
    shown = [p for p in powers if p % (1 if len(powers) <= 9 else 2) == 0]
    axis.set_ticks(shown, labels=[f"{10**p:,}" if 0 <= p < 6 else f"10^{p}" for p in shown])
    axis.set_view_interval(low, high, ignore=True)


def round_steps(high: float) -> list[int]:
    """Return at most eight whole numbers from 0 to ``high`` in steps of 1, 2 or 5 times a power of ten."""
    step = next(s * 10**e for e in range(9) for s in (1, 2, 5) if high / (s * 10**e) <= 7)
    return list(range(0, int(high) + 1, step))
