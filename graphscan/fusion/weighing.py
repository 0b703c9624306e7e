"""Weighing: the pairs of chosen accounts in one layer, on all of its objects or on some, whether validated or not.

In: a layer, accounts, object-days. Out: the pairs that met often enough, and how surprising each is. A layer keeps its validated pairs
only; what several layers say together needs the others' p-values too, and a check on held-out data needs those of one half.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Flags, Ints, Occasions
from graphscan.behaviours.chance import learn_null, weigh
from graphscan.behaviours.layer import Layer
from graphscan.behaviours.meetings import all_meetings, find_meetings
from graphscan.intake.shelf import HELD, Store


@dataclass(frozen=True)
class WeighedPairs:
    """Pairs sorted by ``key`` = a · n + b (account codes, n accounts), with their p-values and q-values."""

    key: Ints
    p_value: Floats
    q_value: Floats

    def p_of(self, keys: Ints) -> Floats:
        """The p-value of each key; 1 for a pair that did not meet often enough to be weighed."""
        if len(self.key) == 0:
            return np.ones(len(keys))
        at = np.minimum(np.searchsorted(self.key, keys), len(self.key) - 1)
        return np.where(self.key[at] == keys, self.p_value[at], 1.0)


def weigh_pairs(
    layer: Layer, chosen: Flags, min_occasions: int, threads: int = 1, occasions: Occasions | None = None
) -> WeighedPairs:
    """Weigh every pair of ``chosen`` accounts (one flag an account) as the layer's own pairs were weighed.

    ``occasions`` narrows the layer to some of its object-days (:func:`only_days`); interests stay as they were learnt.
    """
    inside = occasions or layer.occasions
    rows = chosen[inside.account]
    met = all_meetings(
        find_meetings(
            inside.account[rows],
            inside.occasion[rows],
            inside.at_ms[rows],
            layer.windows_ms.tolist(),
            min_occasions,
            threads=threads,
        ),
        len(layer.windows_ms),
    )
    if len(met) == 0:
        none = np.zeros(0)
        return WeighedPairs(np.zeros(0, np.int64), none, none)
    null = learn_null(occasions, layer.opportunity, layer.windows_ms, len(chosen)) if occasions else layer.null
    surprise = weigh(met, null, threads)
    key = met.account_a.astype(np.int64) * len(chosen) + met.account_b
    return WeighedPairs(key, surprise.p_value, surprise.q_value)


def only_days(occasions: Occasions, keep: Flags, store: Store = HELD) -> Occasions:
    """The same object-days, those not kept without anybody in them, so that their numbers still hold; long columns go to ``store``."""
    rows = keep[occasions.occasion]
    start = np.zeros(len(occasions.start), np.int64)
    chosen = {n: store.keep(getattr(occasions, n)[rows]) for n in ("account", "occasion", "at_ms", "action")}
    np.cumsum(np.bincount(chosen["occasion"], minlength=occasions.n_occasions), out=start[1:])
    return replace(occasions, **chosen, start=start)
