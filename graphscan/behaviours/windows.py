"""Windows: which of a behaviour's windows a log can bear.

In: a behaviour and its occasions. Out: windows in milliseconds. In a log of a million actions a day, six hours bring
together almost everybody who came to a popular object: 43 million pairs met twice, against 5.7 million within the hour, and
five times the work (measured). Such a log shows a farm in the shorter windows.
"""

from __future__ import annotations

import numpy as np

from graphscan.behaviours import opportunity_kernel
from graphscan.behaviours.actions import Ints, Occasions
from graphscan.behaviours.library import Behaviour

ALWAYS_MS = 3_600_000
"""Windows of up to an hour are always looked at."""

MOST_CLOSE_ACTIONS = 100_000_000
"""Pairs of actions on one object-day up to which a wider window is looked at: about a minute of one core."""


def windows_of(behaviour: Behaviour, occasions: Occasions) -> Ints:
    """Return the windows to look at, ascending: those of up to an hour, and wider ones that the log can bear."""
    windows = 1000 * np.asarray(behaviour.windows_s, np.int64)
    borne = [w <= ALWAYS_MS or close_actions(occasions, int(w)) <= MOST_CLOSE_ACTIONS for w in windows]
    return windows[borne] if any(borne) else windows[:1]


def close_actions(occasions: Occasions, window_ms: int) -> int:
    """Return how many pairs of actions lie within the window on one object-day."""
    return int(opportunity_kernel.count_close(occasions.start, occasions.at_ms, window_ms))
