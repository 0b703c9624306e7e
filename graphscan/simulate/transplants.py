"""Transplants: any part of any scenario, farm or look-alike, put into the actions of a real platform.

In: real actions (account, object, time) and parts of scenarios. Out: the same rows as :func:`graphscan.simulate.injection.inject`
gives. The part is made in a small host world, and moved: what its people did under notes of the host's ordinary people becomes an act
on a real object that is about as popular and began at about the same hour; notes of the part's own stay new objects, with their author
as channel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from graphscan.errors import SettingsError
from graphscan.progress import Silent
from graphscan.simulate.injection import DAY_S, Background
from graphscan.simulate.parts import Part
from graphscan.simulate.scenarios import BUILDERS, Scenario
from graphscan.simulate.simulation import build
from graphscan.simulate.world import World

HOST_PEOPLE, HOST_DAYS = 1_000, 14
CLASSES = 8
"""Host notes and real objects are matched within classes of popularity, a class an eighth of either."""

LEAST_ACTORS = 5
"""Real objects with fewer actions are no place that anybody would be sent to."""


def transplant(actions: pd.DataFrame, parts: Sequence[Part], seed: int) -> pd.DataFrame:
    """Return background plus parts: ``account, object, at_s, channel, population, cluster, has_history``.

    ``population`` is the slice of the truth (``background`` for real accounts, and for the host's people who visit notes of the part's
    own); ``cluster`` names the farm, and is empty for everybody else.

    Raises
    ------
    SettingsError
        When a kind of part is unknown, or the background is shorter than the host world's fourteen days.
    """
    unknown = sorted({part.kind for part in parts} - BUILDERS.keys())
    if unknown:
        raise SettingsError(f"part {', '.join(unknown)} is unknown; allowed: {', '.join(sorted(BUILDERS))}")
    background = Background(actions)
    if background.last_s - background.first_s < HOST_DAYS * DAY_S:
        days = (background.last_s - background.first_s) / DAY_S
        raise SettingsError(f"the background spans {days:.1f} days; a part needs at least {HOST_DAYS}")
    world = build(Scenario("host", "", HOST_PEOPLE, HOST_DAYS, tuple(parts)), HOST_PEOPLE, seed, Silent())
    known = world.truth().to_pandas().set_index("account_id")
    begin_s = busiest_window_s(actions["at_s"].to_numpy())
    moved = _moved(_host_rows(world, known, begin_s), background)
    moved = moved[(moved["at_s"] >= background.first_s) & (moved["at_s"] <= background.last_s)]
    moved["population"] = known["slice"].reindex(moved["account"]).replace("ordinary", "background").to_numpy()
    moved["cluster"] = known["cluster"].reindex(moved["account"]).to_numpy()
    registered = world.tables()["accounts"].to_pandas().set_index("account_id")["registered_at"]
    old = registered < pd.Timestamp(world.begin_ms, unit="ms", tz="UTC")
    moved["has_history"] = old.reindex(moved["account"]).to_numpy()
    real = actions.assign(cluster="", channel=actions["object"], population="background", has_history=True)
    return pd.concat([real, moved[real.columns]], ignore_index=True)


def busiest_window_s(at_s: np.ndarray) -> float:
    """The begin, at the background's own hour of midnight, of the fourteen days with most actions."""
    first = np.floor(at_s.min() / DAY_S)
    days = np.floor(at_s / DAY_S - first).astype(np.int64)
    a_day = np.bincount(days)
    sums = np.convolve(a_day, np.ones(min(HOST_DAYS, len(a_day))), "valid")
    return float((first + int(sums.argmax())) * DAY_S)


def _host_rows(world: World, known: pd.DataFrame, begin_s: float) -> pd.DataFrame:
    """What the part's people did on notes and in chats, and what anybody did on the part's own notes: times in the background."""
    tables = {name: table.to_pandas() for name, table in world.tables().items()}
    notes = tables["notes"].set_index("note_id")
    shift_s = begin_s - world.begin_ms / 1000
    acts = pd.concat(
        [
            tables["comments"][["account_id", "note_id", "created_at"]].set_axis(["account", "note", "at"], axis=1),
            tables["interactions"]
            .query("target_kind == 'note'")[["account_id", "target_id", "created_at"]]
            .set_axis(["account", "note", "at"], axis=1),
        ],
        ignore_index=True,
    )
    acts["author"] = notes["account_id"].reindex(acts["note"]).to_numpy()
    acts["readers"] = acts.groupby("note")["account"].transform("nunique")
    planted = known.index[known["slice"] != "ordinary"]
    own = acts["author"].isin(planted)
    rows = acts[own | acts["account"].isin(planted)].copy()
    rows["hosted"] = ~own.loc[rows.index]
    rows["begun_s"] = _seconds(notes["created_at"].reindex(rows["note"])) + shift_s
    rows["at_s"] = _seconds(rows["at"]) + shift_s
    rows["channel"] = np.where(rows["hosted"], rows["note"], rows["author"])
    both: pd.DataFrame = pd.concat([rows, _answers(tables["chat_messages"], planted, shift_s)], ignore_index=True)
    return both


def _answers(said: pd.DataFrame, planted: pd.Index, shift_s: float) -> pd.DataFrame:
    """Answers of the part's people to announcements in their chats; the chat is the channel."""
    rows = said[said["account_id"].isin(planted) & said["reply_to"].notna()]
    return pd.DataFrame(
        {
            "account": rows["account_id"],
            "note": rows["reply_to"],
            "at_s": _seconds(rows["created_at"]) + shift_s,
            "channel": "chat:" + rows["chat_id"].astype(str),
            "hosted": False,
        }
    )


def _seconds(times: pd.Series) -> np.ndarray:
    return times.astype("datetime64[ms, UTC]").astype("int64").to_numpy() / 1000


def _moved(rows: pd.DataFrame, background: Background) -> pd.DataFrame:
    """Put a real object in the place of every host note, and its beginning in the place of the note's."""
    rows = rows.rename(columns={"note": "object"})
    hosted = rows[rows["hosted"]].groupby("object").agg(readers=("readers", "first"), begun_s=("begun_s", "first"))
    real = background.actions.groupby("object")["at_s"].agg(["size", "min"])
    real = real[real["size"] >= LEAST_ACTORS]
    place = pd.Series(_matched(hosted, real), index=hosted.index)
    later = real["min"].reindex(place).to_numpy() - hosted["begun_s"].to_numpy()
    inside = rows["hosted"].to_numpy(bool)
    rows.loc[inside, "at_s"] += pd.Series(later, index=hosted.index).reindex(rows.loc[inside, "object"]).to_numpy()
    rows.loc[inside, "object"] = place.reindex(rows.loc[inside, "object"]).to_numpy()
    rows.loc[inside, "channel"] = rows.loc[inside, "object"]
    return rows


def _matched(hosted: pd.DataFrame, real: pd.DataFrame) -> np.ndarray:
    """For each host note a real object of its class of popularity: the free one that began nearest in time, else the nearest."""
    found = np.empty(len(hosted), object)
    theirs, ours = (np.argsort(column.to_numpy(), kind="stable") for column in (real["size"], hosted["readers"]))
    for class_, places in enumerate(np.array_split(ours, CLASSES)):
        objects = real.iloc[np.sort(np.array_split(theirs, CLASSES)[class_])]
        free = np.ones(len(objects), np.bool_)
        begun = objects["min"].to_numpy()
        for place in places[np.argsort(hosted["begun_s"].to_numpy()[places], kind="stable")]:
            away = np.abs(begun - hosted["begun_s"].to_numpy()[place])
            best = int(np.argmin(np.where(free | ~free.any(), away, np.inf)))
            free[best] = False
            found[place] = objects.index[best]
    return found


def parse_part(text: str, tag: str) -> Part:
    """``KIND[:SIZE[:STRENGTH[:MEASURE]]]`` → a part: a farm is due a limit unless told otherwise, anybody else nothing."""
    kind, *more = text.split(":")
    given = dict(zip(("size", "strength", "measure"), more, strict=False))
    measure = given.get("measure", "limit" if kind.endswith("-farm") else "none")
    try:
        return Part(kind, int(given.get("size", 20)), tag, None, measure, float(given.get("strength", 1.0)))
    except ValueError:
        raise SettingsError(f"part {text!r}: allowed is KIND[:SIZE[:STRENGTH[:MEASURE]]]") from None
