"""Told stories as datasets: forty strangers with a life of their own, and a few members about whom the story is."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.layer import scan
from graphscan.behaviours.library import behaviour
from graphscan.intake.dataset import Dataset, Quality
from graphscan.motifs.scene import Scene
from graphscan.motifs.search import judge
from graphscan.motifs.world import World
from graphscan.settings import Settings
from graphscan.tables import INPUT_TABLES

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
BEGIN = 1_772_323_200_000  # 1 March 2026, midnight UTC
MEMBERS = [f"m{k}" for k in range(8)]
STRANGERS = [f"s{k:02d}" for k in range(40)]
NOTES = [f"n{k:02d}" for k in range(30)]
SCHEMAS = {table.name: table.schema for table in INPUT_TABLES}


def comment(who: str, note: str, at: float, **more: object) -> dict[str, object]:
    return {"account_id": who, "note_id": note, "created_at": BEGIN + int(at), **more}


def background(seed: int = 0) -> list[dict[str, object]]:
    """Each stranger comments on twenty-five notes over ten days, by day."""
    rng = np.random.default_rng(seed)
    return [
        comment(who, str(rng.choice(NOTES)), int(rng.integers(10)) * DAY + 8 * HOUR + rng.integers(14 * HOUR))
        for who in STRANGERS
        for _ in range(25)
    ]


def dataset(**tables: Iterable[dict[str, object]]) -> Dataset:
    made = {}
    for name, given in tables.items():
        key = {"comments": "comment_id", "chat_messages": "message_id"}.get(name)
        rows = [{key: f"{name}{k}", **row} if key else row for k, row in enumerate(given)]
        if name != "accounts" and name != "chats":
            rows.sort(key=lambda row: row["created_at"])
        made[name] = pa.Table.from_pylist(rows, schema=SCHEMAS[name])
    return Dataset(made, Quality())


def scene(data: Dataset, members: Iterable[str] = MEMBERS, behaviours: tuple[str, ...] = ("note_comment",)) -> Scene:
    accounts = list_accounts(data)
    found = [scan(data, accounts, behaviour(name), Settings(), 0) for name in behaviours]
    layers = tuple(layer for layer in found if layer is not None)
    codes = np.sort(accounts.codes(pa.array(sorted(members))))
    return Scene(World(layers, data, accounts), "c1", codes, layers)


def motifs(told: Scene, seed: int = 1) -> dict[str, int]:
    """Names of the motifs found, and how often each was seen."""
    return {f.motif.name: len(f.occurrences) for f in judge([told], seed)}
