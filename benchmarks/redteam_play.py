"""One cell of the red team played: a world with an attack in it, looked at and decided upon.

In: an attack's scenario, ordinary accounts, a seed. Out: :class:`Outcome`, and the counts of a cell: squads, innocents by slice, and
the day of the log on which a run a day would first have flagged each squad.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphscan.accounts.weights import WEIGHTS, weigh
from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.decisions.policy import read_policy
from graphscan.groups.clusters import group
from graphscan.intake import Dataset, read_dataset
from graphscan.motifs import find_motifs
from graphscan.pipeline import Own, decide, find_layers, fuse, look_at_accounts
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate.parts import Part
from graphscan.simulate.scenarios import ATTACKS, Scenario
from graphscan.simulate.simulation import build
from graphscan.simulate.world import World
from graphscan.steps import Steps

UNEXPLAINED, SHARE = 6, 0.3  # guard G8
DAY_MS = 86_400_000
BORN = {"accounts": "registered_at", "chat_members": "joined_at"}
"""When a row came to be, where it is not called ``created_at``."""

TOGETHER, AMONG = 3, 1 / 3
"""A squad has begun when three of it acted on one note, of which they were a third by then: a crowd under a note is no beginning."""


@dataclass(frozen=True)
class Outcome:
    """One row an account: its truth, whether it is flagged, named, held, and what is proposed for it."""

    rows: pd.DataFrame

    @property
    def squad(self) -> pd.DataFrame:
        """The accounts of the squads; those that only poison or report are neither squad nor innocent."""
        return self.rows[self.rows["cluster"] != ""]

    @property
    def innocents(self) -> pd.DataFrame:
        """Everybody whom nobody manages."""
        return self.rows[self.rows["role"] != "managed"]


def plan_named(name: str) -> Scenario:
    """The attack of that name."""
    return next(a for a in ATTACKS if a.name == name)


def of_strength(plan: Scenario, bots: int, strength: float) -> Scenario:
    """The scenario with another squad: so many accounts, of that strength."""
    kind = plan.parts[-1].kind
    parts: list[Part] = [replace(p, size=bots, strength=strength) if p.kind == kind else p for p in plan.parts]
    return replace(plan, parts=tuple(parts))


def play(plan: Scenario, people: int, seed: int) -> Outcome:
    """Make the world of a scenario, look at it, decide, and return what became of every account."""
    world = build(plan, people, seed, Silent())
    dataset = as_dataset(world.tables())
    settings = make_settings(threads=1)
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    clusters = group(layers, accounts, identified(dataset, accounts), settings).clusters
    own = look_at_accounts(dataset, accounts, layers, clusters, settings)
    motifs = find_motifs(layers, clusters, dataset, accounts, settings.seed)
    fused = fuse(dataset, accounts, layers, clusters, own.conduct, settings)
    decided = decide(dataset, accounts, layers, clusters, own, motifs, fused, read_policy())
    told = pd.DataFrame({"account_id": accounts.ids.to_pylist(), "cluster_number": -1, **_facts(own)})
    for k, cluster in enumerate(clusters):
        told.loc[cluster.community.accounts, "cluster_number"] = k
    proposed = dict(zip(*(decided.decisions[c].to_pylist() for c in ("subject", "measure")), strict=True))
    told["measure_proposed"] = [proposed.get(a, "none") for a in told["account_id"]]
    told["flagged"] = told["cluster_number"] >= 0
    told["named"] = told["flagged"] | (own.cotargets.group >= 0)
    told["held"] = told["named"] | (told["measure_proposed"] != "none")
    return Outcome(told.merge(world.truth().to_pandas(), on="account_id", how="left"))


def as_dataset(tables: Mapping[str, pa.Table]) -> Dataset:
    """Tables as a run reads them."""
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables.items():
            pq.write_table(table, Path(folder) / f"{name}.parquet")
        return read_dataset(Path(folder))


def _facts(own: Own) -> dict[str, np.ndarray]:
    weights = weigh(own.conduct)
    class_a = [np.nan_to_num(weights[w.name]) > 0 for w in WEIGHTS if w.family.startswith("A")]
    charged = (own.direction.unexplained >= UNEXPLAINED) & (np.nan_to_num(own.direction.share) >= SHARE)
    roles = {name: getattr(own.roles, name) for name in ("bridge", "leader", "compromised")}
    stopped = roles["bridge"] | roles["compromised"] | own.roles.object_owner | own.roles.receiver
    return {
        "unexplained": own.direction.unexplained,
        "charged": charged,
        "gate": charged & np.any(class_a, axis=0) & ~stopped,
        **roles,
    }


def tell(outcome: Outcome) -> dict[str, Any]:
    """Return the counts of one cell: the squads by what is due and proposed, the innocents by slice."""
    bots, people = outcome.squad, outcome.innocents
    due = Counter(zip(bots["measure"], bots["measure_proposed"], strict=True))
    slices = {}
    for name, rows in people.groupby("slice"):
        proposed = Counter(m for m in rows["measure_proposed"] if m != "none")
        slices[str(name)] = {
            "of": len(rows),
            **_sums(rows, "flagged", "held", "charged"),
            **dict(sorted(proposed.items())),
        }
    return {
        "squad": {"of": len(bots), **_sums(bots, "flagged", "held", "leader", "compromised")},
        "due": [[*cell, n] for cell, n in sorted(due.items())],
        "innocents": slices,
        "clusters": int(outcome.rows["cluster_number"].max()) + 1,
    }


def _sums(rows: pd.DataFrame, *names: str) -> dict[str, int]:
    return {name: int(rows[name].sum()) for name in names}


def tell_days(world: World) -> list[dict[str, Any]]:
    """Return, for each squad, when it began and the first day at whose end a run would flag half of it; null: never.

    Days are days of the log. The day is found by halving, which takes it that who is flagged on one day is flagged on the next.
    """
    tables, truth = world.tables(), world.truth().to_pandas()
    last = (world.end_ms - world.begin_ms) // DAY_MS

    @cache
    def flagged_at(day: int) -> Set[str]:
        return frozenset(_flagged(_until(tables, world.begin_ms + day * DAY_MS)))

    found = []
    for name, rows in truth[truth["cluster"] != ""].groupby("cluster"):
        squad = set(rows["account_id"])

        def seen(day: int, squad: set[str] = squad) -> bool:
            return 2 * len(squad & flagged_at(day)) >= len(squad)

        began = _began_ms(tables, squad)
        began_day = None if began is None else round((began - world.begin_ms) / DAY_MS, 2)
        day = _first(seen, last) if seen(last) else None
        found.append({"squad": str(name), "of": len(rows), "began_day": began_day, "seen_day": day})
    return found


def _first(holds: Callable[[int], bool], last: int) -> int:
    """The first day that holds, given that the last does."""
    low, high = 1, last
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _until(tables: Mapping[str, pa.Table], ms: int) -> dict[str, pa.Table]:
    end = pa.scalar(ms, pa.timestamp("ms", tz="UTC"))
    cut = {}
    for name, table in tables.items():
        when = BORN.get(name, "created_at")
        cut[name] = table.filter(pc.less(table[when], end)) if when in table.column_names else table
    return cut


def _flagged(tables: Mapping[str, pa.Table]) -> list[str]:
    dataset, settings = as_dataset(tables), make_settings(threads=1)
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    clusters = group(layers, accounts, identified(dataset, accounts), settings).clusters
    ids = np.array(accounts.ids.to_pylist(), object)
    return [str(a) for c in clusters for a in ids[c.community.accounts]]


def _began_ms(tables: Mapping[str, pa.Table], squad: Set[str]) -> int | None:
    """When so many of a squad had acted on one note as make a beginning (``TOGETHER``, ``AMONG``); None: never."""
    rows = pd.concat(
        [
            tables[name].select([note, "account_id", "created_at"]).to_pandas().set_axis(["note", "who", "at"], axis=1)
            for name, note in (("comments", "note_id"), ("interactions", "target_id"))
        ]
    )
    rows = rows.sort_values(["at", "note", "who"]).drop_duplicates(["note", "who"]).reset_index(drop=True)
    rows = rows[rows["note"].isin(rows.loc[rows["who"].isin(squad), "note"])]
    inside = rows["who"].isin(squad).astype(int)
    ours = inside.groupby(rows["note"]).cumsum()
    all_of_them = inside.groupby(rows["note"]).cumcount() + 1
    begun = rows.loc[(inside == 1) & (ours >= min(TOGETHER, len(squad))) & (ours >= AMONG * all_of_them), "at"]
    return None if begun.empty else int(begun.min().timestamp() * 1000)
