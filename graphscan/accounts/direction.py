"""Direction: who acted later, and whether the account's own earlier interests explain that it was there.

In: layers, clusters, the dataset. Out: :class:`Direction`. Co-action is charged to the later actor only: whoever is followed around
has done nothing. And only what the account's own earlier choices do not explain counts: bots that sit on everything its
idol posts do not make a fan their accomplice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Ints


@dataclass(frozen=True)
class Direction:
    """One row an account; occasions are object-days of the layers that tie its cluster, zero outside clusters.

    ``later`` counts occasions on which it acted, within the window, after another member; ``unexplained`` those of them
    on objects that its own interests from before its cluster's first touch do not explain; ``first`` those on
    which it was the first member. ``share`` is ``unexplained`` through all its actions, NaN without actions.
    ``cotargets`` counts objects shared with members of its cluster whatever the time, beyond chance.
    """

    later: Ints
    unexplained: Ints
    first: Ints
    share: Floats
    cotargets: Ints


def no_direction(n_accounts: int) -> Direction:
    """Return what is known when there is no cluster."""
    none = np.zeros(n_accounts, np.int64)
    return Direction(none, none, none, np.full(n_accounts, np.nan), none)
