"""The relay of a cluster: in which order its members come to each object.

In: the cluster's actions by occasion. Out: :class:`Relay`: members and occasions in reading order, and each member's place on
each occasion. A leader stands at the top, dark from end to end; in a crowd the places are mixed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_OCCASIONS = 30
MOST_MEMBERS = 40
"""What still can be read at the width of a page; the picture says when it leaves some out."""


@dataclass(frozen=True)
class Relay:
    """``places``: one row a member, one column an occasion, 1 for the first to come; NaN where it did not come.

    Members are sorted by their mean place, counted from 0 (always first) to 1 (always last); occasions by time.
    ``firsts`` has, for each occasion, its object and first instant. Those who came at the same instant share a place.
    """

    members: tuple[str, ...]
    firsts: pd.DataFrame
    places: np.ndarray
    all_members: int
    all_occasions: int

    def came(self, member: int) -> int:
        """On how many of the occasions shown a member came."""
        return int((~np.isnan(self.places[member])).sum())

    def led(self, member: int) -> int:
        """On how many of the occasions shown a member came first."""
        return int((self.places[member] == 1).sum())


def relay_of(actions: pd.DataFrame) -> Relay:
    """Return the relay of a cluster; ``actions`` as :func:`graphscan.reports.occasions.with_occasions` gives them.

    With more than 30 occasions those with most members are taken, with more than 40 members those who come soonest.
    """
    first = actions.sort_values(["after_s", "account_id"]).drop_duplicates(["occasion", "account_id"])
    sizes = first.groupby("occasion")["account_id"].size().sort_index()
    shown = sorted(sizes.sort_values(ascending=False, kind="stable").head(MOST_OCCASIONS).index)
    part = first[first["occasion"].isin(shown)]
    place = part.groupby("occasion")["after_s"].rank(method="min")
    share = (place - 1) / (part["occasion"].map(sizes) - 1).clip(lower=1)
    mean = share.groupby(part["account_id"]).mean().sort_index().sort_values(kind="stable")
    members = list(mean.index[:MOST_MEMBERS])
    places = np.full((len(members), len(shown)), np.nan)
    row, column = ({name: at for at, name in enumerate(names)} for names in (members, shown))
    for account, occasion, at in zip(part["account_id"], part["occasion"], place, strict=True):
        if account in row:
            places[row[account], column[occasion]] = at
    firsts = part.drop_duplicates("occasion").sort_values("occasion", ignore_index=True)[["object", "first_at"]]
    return Relay(tuple(members), firsts, places, len(mean), len(sizes))
