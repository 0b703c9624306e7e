"""The case of one cluster: everything a reader should see before thinking further about it.

In: the run's frames and a cluster. Out: :class:`Case`, plain values that the page lays out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from graphscan.reports.clues import cluster_clues
from graphscan.reports.frames import Frames
from graphscan.reports.moulds import Mould, moulds_of
from graphscan.reports.occasions import examples, object_table, occasion_table
from graphscan.reports.sentences import confirmation_sentence, likelihood_sentence, timing_sentence
from graphscan.reports.words import chance, duration, number, quoted, spoken, utc

MOST_OBJECTS = 12
MOST_QUOTES = 6
MOULD_MEMBERS = 2
"""Members that must have written from a template for the case to tell it: one member's use of it is its own affair."""


@dataclass(frozen=True)
class Quote:
    """One action of an example: when, how long after the first, who, its words (None: there are none)."""

    at: str
    after: str
    account: str
    table: str
    words: str | None
    row: str


@dataclass(frozen=True)
class Example:
    """One occasion: what the members did together, with the words of the first of them."""

    behaviour: str
    object: str
    at: str
    members: int
    spread: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Case:
    """One cluster, ready to be told; ``actions`` are its actions by occasion, for the pictures."""

    cluster: Mapping[str, Any]
    members: pd.DataFrame
    actions: pd.DataFrame
    objects: tuple[dict[str, str], ...]
    objects_left_out: int
    examples: tuple[Example, ...]
    moulds: tuple[Mould, ...]
    moulds_left_out: int
    numbers: tuple[tuple[str, str], ...]
    layers: tuple[dict[str, str], ...]
    clues: tuple[str, ...]
    against: tuple[str, ...]
    unknown: tuple[str, ...]


def ranked_clusters(frames: Frames) -> pd.DataFrame:
    """Return the clusters in reading order: highest score first, then the largest, then by id."""
    by = ["score", "size", "cluster_id"]
    return frames.clusters.sort_values(by, ascending=[False, False, True], na_position="last", ignore_index=True)


def case_of(frames: Frames, cluster: Mapping[str, Any]) -> Case:
    """Gather the case of one cluster; ``cluster`` is its row of the clusters table."""
    members = _members(frames, cluster["cluster_id"])
    ids = set(members["account_id"])
    pairs = frames.within("pairs", ids)
    actions = frames.actions_in(cluster["cluster_id"])
    occasions = occasion_table(actions)
    objects = object_table(occasions, actions)
    moulds, more_moulds = moulds_of(frames, ids, MOULD_MEMBERS)
    clues, against, unknown = cluster_clues(frames, cluster["cluster_id"], members["account_id"])
    return Case(
        cluster=cluster,
        members=members,
        actions=actions,
        objects=tuple(_object(o) for o in objects.head(MOST_OBJECTS).to_dict("records")),
        objects_left_out=max(len(objects) - MOST_OBJECTS, 0),
        examples=_examples(frames, examples(occasions), actions),
        moulds=moulds,
        moulds_left_out=more_moulds,
        numbers=_numbers(cluster, pairs, occasions),
        layers=tuple(_layer(name, group) for name, group in _layers(pairs)),
        clues=clues,
        against=against,
        unknown=unknown,
    )


def _members(frames: Frames, cluster_id: str) -> pd.DataFrame:
    members = frames.members_of(cluster_id)
    seen = frames.where("accounts", account_id=set(members["account_id"])).drop(columns="cluster_id")
    return members.merge(seen, on="account_id", how="left", validate="one_to_one")


def _object(o: Mapping[Any, Any]) -> dict[str, str]:
    return {
        "behaviour": spoken(o["behaviour"]),
        "object": o["object"],
        "members": number(o["members"]),
        "occasions": number(o["occasions"]),
        "first_at": utc(o["first_at"]),
        "last_at": utc(o["last_at"]),
        "spread": duration(o["spread_s"]),
    }


def _layers(pairs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    groups = [(str(name), group) for name, group in pairs.groupby("behaviour", sort=True)]
    return sorted(groups, key=lambda item: (-len(item[1]), item[0]))


def _layer(name: str, pairs: pd.DataFrame) -> dict[str, str]:
    return {
        "behaviour": spoken(name),
        "pairs": number(len(pairs)),
        "meetings": number(pairs["meetings"].sum()),
        "expected": number(pairs["expected"].sum()),
        "p_value": chance(pairs["p_value"].max()),
        "q_value": number(pairs["q_value"].max(), 2),
        "windows": ", ".join(duration(w) for w in sorted(set(pairs["window_s"]))),
    }


def _numbers(cluster: Mapping[str, Any], pairs: pd.DataFrame, occasions: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    ties = len(pairs[["account_a", "account_b"]].drop_duplicates())
    possible = cluster["size"] * (cluster["size"] - 1) // 2
    return (
        ("score (0–1)", f"{cluster['score']:.2f}"),
        ("pairs of members tied", f"{ties:,} of {possible:,} possible"),
        ("validated pairs, over all behaviours", number(len(pairs))),
        ("occasions", number(len(occasions))),
        ("objects", number(cluster["objects"])),
        ("first and last meeting", f"{utc(cluster['first_at'])} – {utc(cluster['last_at'])}"),
        ("timing against outsiders", timing_sentence(cluster["timing_p_value"])),
        ("timing on held-out occasions", confirmation_sentence(cluster["confirmed_p_value"])),
        ("batch-operated", likelihood_sentence(cluster["probability"])),
        ("pairs tied by two kinds of layers", number(cluster["enforcement_ties"])),
    )


def _examples(frames: Frames, chosen: pd.DataFrame, actions: pd.DataFrame) -> tuple[Example, ...]:
    shown = actions[actions["occasion"].isin(chosen["occasion"])]
    rows = frames.where("rows", row=set(shown["row"])).set_index("row").to_dict("index")
    return tuple(_example(o, shown[shown["occasion"] == o["occasion"]], rows) for o in chosen.to_dict("records"))


def _example(o: Mapping[Any, Any], actions: pd.DataFrame, rows: Mapping[Any, Mapping[Any, Any]]) -> Example:
    first = actions.sort_values(["after_s", "account_id"]).head(MOST_QUOTES)
    return Example(
        behaviour=spoken(o["behaviour"]),
        object=o["object"],
        at=utc(o["first_at"]),
        members=o["members"],
        spread=duration(o["spread_s"]),
        quotes=tuple(_quote(action, rows.get(action["row"], {})) for action in first.to_dict("records")),
    )


def _quote(action: Mapping[Any, Any], row: Mapping[Any, Any]) -> Quote:
    return Quote(
        at=utc(action["at"]),
        after="first" if action["after_s"] == 0 else f"+{duration(action['after_s'])}",
        account=action["account_id"],
        table=spoken(row.get("table") or action["row"].partition("/")[0]),
        words=quoted(row.get("text")),
        row=action["row"],
    )
