"""Canaries: a farm planted in a shadow copy of the window, so that a detector gone blind is noticed the same day.

In: the window's tables. Out: which share of the planted accounts was found. The shadow lives in memory and nothing of it is written: only
counts leave this file. The planted farms follow the injection study's hire farms (:mod:`graphscan.simulate.injection`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.groups.clusters import group
from graphscan.intake.clock import to_millis
from graphscan.intake.dataset import Dataset, Quality
from graphscan.intake.duplicates import without_duplicates
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import Settings
from graphscan.steps import Steps
from graphscan.tables import input_table

MEMBERS, TASKS, TAKES_PART = 10, 12, 0.8
"""As the hire farms of the injection study: 5 to 24 accounts, 12 to 15 tasks, 70 % take part."""

JITTERS_S = (20.0, 120.0, 600.0)
"""One farm each: in a burst, within minutes, within ten minutes or so."""

CAMOUFLAGE = 6
MIDDLING = (3, 200)
"""Accounts on an object that a task may be laid on: neither dead nor viral."""

BLIND = 0.5
"""Recall below which a report says that the detector may be blind; the study's own recall for such farms is 0.99."""

_OBJECTS = (("comments", "note_id"), ("interactions", "target_id"))


@dataclass(frozen=True)
class Recall:
    """What became of the planted farms: per jitter in seconds, planted accounts and those found in a cluster."""

    planted: int
    found: int
    farms: Mapping[str, int]
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values; ``recall`` is null where nothing could be planted."""
        share = self.found / self.planted if self.planted else None
        return {**vars(self), "farms": dict(self.farms), "recall": share, "members_a_farm": MEMBERS}


def canary_recall(tables: Mapping[str, pa.Table], settings: Settings, day: str) -> Recall:
    """Plant the farms in a copy of the window, look for them as the run does, and count.

    ``day`` seeds the planting: the same day is the same farm, another day another.
    """
    place = next(((t, c) for t, c in _OBJECTS if t in tables and _middling(tables[t], c).size >= TASKS), None)
    if place is None:
        return Recall(
            0,
            0,
            {},
            f"no table of comments or interactions has {TASKS} objects that {MIDDLING[0]} to {MIDDLING[1]} accounts acted on",
        )
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(day.encode()).digest()[:8], "big"))
    farms = {f"{jitter:g}": _names(tables, day, k) for k, jitter in enumerate(JITTERS_S)}
    rows = [r for jitter, names in farms.items() for r in _acts(tables[place[0]], place[1], names, float(jitter), rng)]
    shadow = {**tables, place[0]: _with(tables[place[0]], place, rows)}
    if "accounts" in tables:
        shadow["accounts"] = _registered(tables, [n for names in farms.values() for n in names])
    clustered = _clustered(shadow, settings)
    found = {jitter: sum(n in clustered for n in names) for jitter, names in farms.items()}
    return Recall(MEMBERS * len(farms), sum(found.values()), found)


def _clustered(tables: Mapping[str, pa.Table], settings: Settings) -> set[str]:
    dataset = Dataset(tables, Quality())
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    found = group(layers, accounts, identified(dataset, accounts), settings)
    ids = accounts.ids.to_pylist()
    return {ids[k] for c in found.clusters for k in c.community.accounts}


def _middling(rows: pa.Table, column: str) -> np.ndarray:
    on_notes = rows.filter(pc.equal(rows["target_kind"], "note")) if column == "target_id" else rows
    counted = on_notes.group_by(column).aggregate([("account_id", "count_distinct")])
    sizes = counted["account_id_count_distinct"].to_numpy()
    names = np.array(counted[column].to_pylist(), object)[(sizes >= MIDDLING[0]) & (sizes <= MIDDLING[1])]
    return np.sort(names.astype(str))


def _names(tables: Mapping[str, pa.Table], day: str, farm: int) -> list[str]:
    """Ids that look like no account's of the platform."""
    seed = hashlib.sha256(f"canary {day} {farm}".encode()).hexdigest()[:24]
    return [f"graphscan-canary-{seed}-{k}" for k in range(MEMBERS)]


def _acts(
    rows: pa.Table, column: str, names: list[str], jitter_s: float, rng: np.random.Generator
) -> list[tuple[str, str, int]]:
    times = to_millis(rows["created_at"])
    objects = np.array(rows[column].to_pylist(), object)
    pool = _middling(rows, column)
    made = []
    for task in rng.choice(pool, TASKS, replace=False):
        begin = int(rng.choice(times[objects == task]))
        at = begin + rng.exponential(1000 * jitter_s, len(names))
        takes_part = rng.random(len(names)) < TAKES_PART
        made += [(n, str(task), int(t)) for n, t, yes in zip(names, at, takes_part, strict=True) if yes]
    for name in names:
        picked = rng.integers(len(times), size=CAMOUFLAGE)
        made += [(name, str(objects[k]), int(times[k] + rng.normal(0, 1_800_000))) for k in picked]
    return made


def _with(rows: pa.Table, place: tuple[str, str], acts: list[tuple[str, str, int]]) -> pa.Table:
    table, column = input_table(place[0]), place[1]
    n = len(acts)
    fixed = {
        "comment_id": [f"graphscan-canary-{k}-{a}" for k, (a, _, _) in enumerate(acts)],
        "account_id": [a for a, _, _ in acts],
        column: [o for _, o, _ in acts],
        "created_at": [max(t, 0) for _, _, t in acts],
        "kind": ["like"] * n,
        "target_kind": ["note"] * n,
    }
    arrays = [pa.array(fixed[f.name]).cast(f.type) if f.name in fixed else pa.nulls(n, f.type) for f in table.schema]
    planted = pa.table(arrays, schema=table.schema)
    return without_duplicates(pa.concat_tables([rows, planted]), table).rows


def _registered(tables: Mapping[str, pa.Table], names: list[str]) -> pa.Table:
    """The accounts with the planted ones, which registered in the week of the newest registration: newcomers, as farms are."""
    table, rows = input_table("accounts"), tables["accounts"]
    newest = pc.max(rows["registered_at"])
    arrays = [
        pa.array(names) if f.name == "account_id"
        else pa.array([newest.as_py()] * len(names), f.type) if f.name == "registered_at"
        else pa.nulls(len(names), f.type)
        for f in table.schema
    ]  # fmt: skip
    return without_duplicates(pa.concat_tables([rows, pa.table(arrays, schema=table.schema)]), table).rows
