"""Injection: farms and honest look-alikes put into the actions of a real platform.

In: a background of real actions (account, object, time). Out: the same with planted populations whose truth is known. The
protocol is the one of the design's injection study: recall is counted over planted farms, precision over planted
accounts only, since nobody knows the truth of the background.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.tables import input_table

DAY_S = 86_400.0


@dataclass(frozen=True)
class Population:
    """One kind of planted accounts: its name, whether it is a farm, a sentence, and how its actions are made."""

    name: str
    is_farm: bool
    sentence: str
    make: Callable[[Background, np.random.Generator], pd.DataFrame]


class Background:
    """Real actions with columns ``account``, ``object``, ``at_s``; knows its hot and its middling objects."""

    def __init__(self, actions: pd.DataFrame) -> None:
        self.actions = actions
        self.first_s = float(actions["at_s"].min())
        self.last_s = float(actions["at_s"].max())
        sizes = actions.groupby("object").size().sort_values(kind="stable")
        self.middling = sizes[(sizes >= 5) & (sizes <= 200)].index.sort_values().to_numpy()
        self.hot = sizes.index.to_numpy()[-40:]
        hot_rows = actions[actions["object"].isin(self.hot)]
        self.hot_times = {name: rows.to_numpy() for name, rows in hot_rows.groupby("object")["at_s"]}

    def any_time(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Instants spread evenly over the background's span."""
        return rng.uniform(self.first_s, self.last_s, n)

    def human_time(self, rng: np.random.Generator) -> float:
        """One instant with a human day: most likely at 20 h, least at 4 h to 12 h UTC."""
        while True:
            at = float(rng.uniform(self.first_s, self.last_s))
            hour = at % DAY_S / 3600
            if rng.random() < 0.15 + 0.85 * max(0.0, np.cos((hour - 20) / 24 * 2 * np.pi)):
                return at

    def camouflage(self, rng: np.random.Generator, account: str, n: int) -> list[tuple[str, str, float]]:
        """Actions on hot objects at about those objects' own times."""
        return [
            (account, str(o), float(rng.choice(self.hot_times[o]) + rng.normal(0, 1800)))
            for o in rng.choice(self.hot, n)
        ]


Rows = list[tuple[str, str, float]]


def _frame(rows: Rows, cluster_of: dict[str, str], new: bool | float, channels: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["account", "object", "at_s"])
    frame["cluster"] = [cluster_of.get(account, "") for account in frame["account"]]
    frame["channel"] = [channels.get(name, name) for name in frame["object"]]
    frame["new_share"] = float(new)
    return frame


def _hire_farms(world: Background, rng: np.random.Generator) -> pd.DataFrame:
    rows: Rows = []
    cluster_of: dict[str, str] = {}
    for c in range(20):
        members = [f"farm{c}_{k}" for k in range(int(rng.integers(5, 25)))]
        cluster_of |= dict.fromkeys(members, f"farm{c}")
        jitter = float(rng.choice([20, 60, 300, 900]))
        tasks = [*rng.choice(world.middling, 12, replace=False), *(f"fresh{c}_{k}" for k in range(3))]
        rows += _work(rng, members, tasks, world.any_time(rng, len(tasks)), jitter)
        for member in members:
            rows += world.camouflage(rng, member, int(rng.integers(5, 20)))
    return _frame(rows, cluster_of, True, {})


def _work(rng: np.random.Generator, members: list[str], tasks: list[str], begin: np.ndarray, jitter: float) -> Rows:
    return [
        (member, str(task), float(at + rng.exponential(jitter)))
        for task, at in zip(tasks, begin, strict=True)
        for member in members
        if rng.random() < 0.7
    ]


def _diluted(world: Background, rng: np.random.Generator, members: list[str]) -> Rows:
    picked = rng.integers(len(world.actions), size=(len(members), 8))
    objects, times = world.actions["object"].to_numpy(), world.actions["at_s"].to_numpy()
    return [
        (member, str(objects[r]), float(times[r] + rng.normal(0, 1800)))
        for member, row in zip(members, picked, strict=True)
        for r in row
    ]


def _mega_farms(world: Background, rng: np.random.Generator) -> pd.DataFrame:
    rows: Rows = []
    cluster_of: dict[str, str] = {}
    for c in range(2):
        members = [f"mega{c}_{k}" for k in range(400)]
        cluster_of |= dict.fromkeys(members, f"mega{c}")
        rows += _work(rng, members, [f"megatask{c}_{k}" for k in range(15)], world.any_time(rng, 15), 600)
        rows += _diluted(world, rng, members)
    return _frame(rows, cluster_of, True, {})


def _merchant_farms(world: Background, rng: np.random.Generator) -> pd.DataFrame:
    rows: Rows = []
    cluster_of: dict[str, str] = {}
    channels: dict[str, str] = {}
    for c in range(15):
        members = [f"merchantfarm{c}_{k}" for k in range(int(rng.integers(6, 25)))]
        cluster_of |= dict.fromkeys(members, f"merchant{c}")
        jitter = float(rng.choice([20, 60, 300, 900]))
        tasks = [f"merchant{c}_{k}" for k in range(15)]
        channels |= dict.fromkeys(tasks, f"merchant{c}")
        begin = world.any_time(rng, len(tasks))
        rows += _work(rng, members, tasks, begin, jitter)
        rows += _diluted(world, rng, members)
    return _frame(rows, cluster_of, True, channels)


def _customers(world: Background, rng: np.random.Generator) -> pd.DataFrame:
    """Honest customers of the merchants, at the merchants' notes but in their own time."""
    rows: Rows = []
    channels: dict[str, str] = {}
    for c in range(15):
        for k, at in enumerate(world.any_time(rng, 15)):
            channels[f"merchant{c}_{k}"] = f"merchant{c}"
            rows += [
                (
                    f"customer{c}_{rng.integers(400)}",
                    f"merchant{c}_{k}",
                    at + rng.lognormal(np.log(7200), 1.3),
                )
                for _ in range(int(rng.integers(0, 12)))
            ]
    return _frame(rows, {}, 0.3, channels)


def _fans(world: Background, rng: np.random.Generator) -> pd.DataFrame:
    rows: Rows = []
    channels: dict[str, str] = {}
    for g in range(8):
        latency = {f"fan{g}_{k}": rng.lognormal(np.log(600), 1.0) for k in range(40)}
        for p in range(20):
            note, at = f"idol{g}_{p}", world.human_time(rng)
            channels[note] = f"idol{g}"
            rows += [(x, note, at + rng.exponential(lag)) for x, lag in latency.items() if rng.random() < 0.6]
            rows += [(f"base{g}_{rng.integers(3000)}", note, at + rng.lognormal(np.log(3600), 1.5)) for _ in range(150)]
    return _frame(rows, {}, 0.3, channels)


def _chats(world: Background, rng: np.random.Generator) -> pd.DataFrame:
    rows: Rows = []
    channels: dict[str, str] = {}
    for g in range(8):
        for p in range(15):
            note, at = f"announcement{g}_{p}", world.human_time(rng)
            channels[note] = f"chat:{g}"
            rows += [(f"chat{g}_{k}", note, at + rng.exponential(240)) for k in range(50) if rng.random() < 0.8]
    return _frame(rows, {}, 0.3, channels)


def _viral(world: Background, rng: np.random.Generator) -> pd.DataFrame:
    weight = rng.pareto(1.2, 4000) + 0.1
    rows: Rows = []
    for p in range(12):
        at = world.human_time(rng)
        audience = rng.choice(4000, 600, replace=False, p=weight / weight.sum())
        rows += [(f"viral_{k}", f"viralnote{p}", at + rng.exponential(900)) for k in audience]
    return _frame(rows, {}, 0.3, {})


def _habits(world: Background, rng: np.random.Generator) -> pd.DataFrame:
    rows: Rows = []
    channels: dict[str, str] = {}
    for g in range(5):
        for day in range(20):
            note, at = f"column{g}_{day}", world.first_s + DAY_S * day + 21 * 3600
            channels[note] = f"column{g}"
            rows += [(f"habit{g}_{k}", note, at + abs(rng.normal(0, 1200))) for k in range(30) if rng.random() < 0.7]
            rows += [
                (f"reader{g}_{rng.integers(2000)}", note, at + rng.lognormal(np.log(7200), 1.2)) for _ in range(80)
            ]
    return _frame(rows, {}, 0.3, channels)


POPULATIONS: tuple[Population, ...] = (
    Population(
        "hire",
        True,
        "20 farms of 5–24 accounts: 15 tasks, 70 % take part, 20–900 s jitter, camouflage",
        _hire_farms,
    ),
    Population("mega", True, "two farms of 400 accounts on objects of their own", _mega_farms),
    Population("merchant", True, "15 farms of 6–24 accounts that serve one merchant each", _merchant_farms),
    Population("customer", False, "honest customers of those merchants, in their own time", _customers),
    Population("fan", False, "8 fan groups: 40 quick fans each, and a wide base, on an idol's 20 notes", _fans),
    Population("chat", False, "8 group chats of 50: four in five answer each of 15 announcements", _chats),
    Population("viral", False, "12 viral events with 600 of a heavy-tailed audience of 4,000", _viral),
    Population("habit", False, "5 groups of 30 daily readers of a 21:00 column, and its other readers", _habits),
)
"""What can be planted, in the order of the tables."""

_CROWDS = ("base", "reader")


def inject(actions: pd.DataFrame, populations: tuple[str, ...], seed: int) -> pd.DataFrame:
    """Return background plus populations: ``account, object, at_s, channel, population, cluster, has_history``.

    Parameters
    ----------
    actions
        Real actions with columns ``account``, ``object``, ``at_s`` (seconds); one row is one action.
    populations
        Names from :data:`POPULATIONS`.
    seed
        Each population draws from its own stream, so that leaving one out does not change the others.

    Notes
    -----
    Farm accounts are new inside the window, as are 30 % of the planted honest accounts; the wide base of idols and columns
    counts as background, since nobody claims that it is one group.
    """
    world = Background(actions)
    parts = [actions.assign(cluster="", channel=actions["object"], new_share=0.0, population="background")]
    for number, population in enumerate(POPULATIONS):
        if population.name in populations:
            planted = population.make(world, np.random.default_rng([seed, number]))
            parts.append(planted.assign(population=population.name))
    world_rows = pd.concat(parts, ignore_index=True)
    world_rows.loc[world_rows["account"].str.startswith(_CROWDS), "population"] = "background"
    world_rows["has_history"] = ~world_rows["account"].isin(_newcomers(world_rows, seed))
    return world_rows.drop(columns="new_share")


def _newcomers(rows: pd.DataFrame, seed: int) -> set[str]:
    accounts = rows.groupby("account", sort=True)["new_share"].max()
    drawn = np.random.default_rng([seed, 99]).random(len(accounts))
    return set(accounts.index[drawn < accounts.to_numpy()])


def write_injected(rows: pd.DataFrame, out: Path) -> None:
    """Write injected rows as a dataset folder: shares of notes by their authors, answers in chats, who is new.

    ``out`` must not exist. Accounts with a history were registered a year before the first action, the others inside
    the window, at most an hour before their own first action. A channel named ``chat:…`` becomes a group chat, its objects
    announcements that are answered; any other channel that spans several objects becomes the author of its notes.
    """
    out.mkdir(parents=True)
    in_chat = rows["channel"].str.startswith("chat:")
    first = rows.groupby("account", sort=True).agg(at_s=("at_s", "min"), old=("has_history", "first"))
    new = np.clip(first["at_s"] - 3600, rows["at_s"].min() + 0.001, first["at_s"])
    registered = np.where(first["old"], rows["at_s"].min() - 365 * DAY_S, new)
    _put(out, "accounts", {"account_id": first.index.to_numpy(), "registered_at": _instants(registered)})
    shares = rows[~in_chat]
    _put(
        out,
        "interactions",
        {
            "account_id": shares["account"].to_numpy(),
            "kind": np.full(len(shares), "share"),
            "target_kind": np.full(len(shares), "note"),
            "target_id": shares["object"].to_numpy(),
            "created_at": _instants(shares["at_s"].to_numpy()),
        },
    )
    authored = shares[shares["channel"] != shares["object"]].groupby("object", sort=True)
    notes = authored.agg(channel=("channel", "first"), at_s=("at_s", "min"))
    created = _instants(notes["at_s"].to_numpy())
    author = ("author of " + notes["channel"]).to_numpy()
    _put(out, "notes", {"note_id": notes.index.to_numpy(), "account_id": author, "created_at": created})
    _write_chats(rows[in_chat], out)


def _write_chats(answers: pd.DataFrame, out: Path) -> None:
    if answers.empty:
        return
    chats = np.unique(answers["channel"].to_numpy().astype(str))
    _put(out, "chats", {"chat_id": chats, "kind": np.full(len(chats), "group")})
    _put(
        out,
        "chat_messages",
        {
            "message_id": np.array([f"m{k}" for k in range(len(answers))]),
            "chat_id": answers["channel"].to_numpy(),
            "account_id": answers["account"].to_numpy(),
            "created_at": _instants(answers["at_s"].to_numpy()),
            "reply_to": answers["object"].to_numpy(),
        },
    )


def _put(out: Path, name: str, columns: dict[str, Any]) -> None:
    declared = input_table(name)
    arrays = {key: pa.array(values, declared.column(key).arrow_type) for key, values in columns.items()}
    pq.write_table(pa.table(arrays), out / f"{name}.parquet", compression="zstd")


def _instants(at_s: np.ndarray) -> np.ndarray:
    return np.round(np.asarray(at_s, np.float64) * 1000).astype(np.int64)
