"""From meetings of pairs to what a cluster did together: single actions, occasions, objects.

In: meetings of one cluster (pairs of actions). Out: frames whose grain is one action, one occasion or one
object.
"""

from __future__ import annotations

import pandas as pd

# An occasion ends when no member acted on the object for the widest window of the pairs, but never sooner
# than an hour: the pictures are for reading, and shorter breaks cut one wave of a farm into several.
SHORTEST_BREAK_S = 3600

_ACTION = ["behaviour", "object", "at", "account_id", "row"]


def actions_of(meetings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per action behind the meetings: behaviour, object, at, account_id, row."""
    sides = [
        meetings.rename(columns={f"account_{s}": "account_id", f"{s}_at": "at", f"{s}_row": "row"})[_ACTION]
        for s in ("a", "b")
    ]
    both = pd.concat(sides, ignore_index=True).sort_values(_ACTION, ignore_index=True)
    return both.drop_duplicates(["behaviour", "object", "at", "account_id"], ignore_index=True)


def with_occasions(actions: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the actions with ``occasion`` (0, 1, … by time) and ``after_s`` (seconds since its first)."""
    widest = int(pairs["window_s"].max()) if len(pairs) else 0
    keys = actions[["behaviour", "object"]]
    new_object = (keys != keys.shift()).any(axis=1)
    paused = actions["at"].diff().dt.total_seconds() > max(widest, SHORTEST_BREAK_S)
    grouped = actions.assign(group=(new_object | paused).cumsum())
    first = grouped.groupby("group")["at"].transform("min")
    grouped = grouped.assign(after_s=(grouped["at"] - first).dt.total_seconds(), first_at=first)
    order = grouped.drop_duplicates("group").sort_values(["first_at", "behaviour", "object"])["group"]
    numbers = {group: number for number, group in enumerate(order)}
    return grouped.assign(occasion=grouped["group"].map(numbers).astype("int64")).drop(columns="group")


def occasion_table(actions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per occasion: behaviour, object, first_at, members, spread_s; the fullest first."""
    table = actions.groupby("occasion", as_index=False).agg(
        behaviour=("behaviour", "first"),
        object=("object", "first"),
        first_at=("first_at", "first"),
        members=("account_id", "nunique"),
        spread_s=("after_s", "max"),
    )
    return table.sort_values(["members", "spread_s", "occasion"], ascending=[False, True, True], ignore_index=True)


def object_table(occasions: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per object and behaviour: occasions, members, first_at, last_at, spread_s (median)."""
    keys = ["behaviour", "object"]
    acted = actions.groupby(keys, as_index=False).agg(members=("account_id", "nunique"), last_at=("at", "max"))
    met = occasions.groupby(keys, as_index=False).agg(
        occasions=("occasion", "size"), first_at=("first_at", "min"), spread_s=("spread_s", "median")
    )
    return met.merge(acted, on=keys).sort_values(
        ["members", "occasions", "first_at", *keys],
        ascending=[False, False, True, True, True],
        ignore_index=True,
    )


def examples(occasions: pd.DataFrame, limit: int = 5) -> pd.DataFrame:
    """Return up to ``limit`` occasions, in time order: the fullest, each on another object if possible."""
    fresh = occasions[~occasions.duplicated(["behaviour", "object"])]
    again = occasions[occasions.duplicated(["behaviour", "object"])]
    return pd.concat([fresh, again]).head(limit).sort_values("occasion", ignore_index=True)
