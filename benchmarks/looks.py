"""Repeated looks at a world without a farm: how many clusters does a daily job find, and how many does it announce.

    python benchmarks/looks.py [--looks 60] [--window 14] [--people 300] [--seed 1] [--scenario quiet]

In: a scenario without a farm (``quiet``: ordinary accounts and every honest look-alike), made long enough for the looks. Out: a
line a look, the sums, and who the found are in truth. It searches as a pass does and leaves out what a pass writes. Exit code 1
when more than one false cluster is announced (METHOD: at most one in 60 daily looks).
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.behaviours.tabling import pairs_table
from graphscan.groups.clusters import group, members_table
from graphscan.intake.dataset import Dataset, Quality
from graphscan.intake.duplicates import without_duplicates
from graphscan.jobs.days import DATED, days_of, first_day
from graphscan.jobs.lineages import Lineages, follow, members_by_cluster
from graphscan.jobs.looks import announced, level
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate.scenarios import scenario_named
from graphscan.simulate.simulation import build
from graphscan.steps import Steps
from graphscan.tables import input_table

ALLOWED = 1
"""METHOD, traps: at most one false cluster in 60 daily looks."""

Tables = Mapping[str, pa.Table]


def main() -> int:
    """Make the world, look again and again, count."""
    given = _arguments()
    tables, slices = make_world(given.scenario, given.looks + given.window, given.people, given.seed)
    days = {name: days_of(rows, input_table(name), "UTC", "") for name, rows in tables.items()}
    known = Lineages()
    for day in sorted(set(days["comments"]))[given.window : given.window + given.looks]:
        known = look(_window(tables, days, day, given.window), known, day, given.window)
        present = sum(x.status == "present" for x in known.lineages.values())
        print(f"{day}  clusters {present}  {_sums(known)}", flush=True)
    print(f"{given.looks} looks, window {given.window} days, seed {given.seed}: {_sums(known)}; allowed: {ALLOWED}")
    for name, lineage in known.lineages.items():
        who = Counter(slices[a] for a in known.members[name])
        print(
            f"{name}  first {lineage.first_pass}  last {lineage.last_pass}  announced {lineage.announced}  {dict(who)}"
        )
    return int(sum(x.announced for x in known.lineages.values()) > ALLOWED)


def _sums(known: Lineages) -> str:
    return (
        f"lineages so far {len(known.lineages)}  announced so far {sum(x.announced for x in known.lineages.values())}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--looks", type=int, default=60)
    parser.add_argument("--window", type=int, default=14)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", default="quiet")
    return parser.parse_args()


def make_world(scenario: str, days: int, people: int, seed: int) -> tuple[dict[str, pa.Table], dict[str, str]]:
    """Return the tables of a scenario of so many days, as the reader would, and each account's slice."""
    plan = scenario_named(scenario)
    assert plan is not None, scenario
    world = build(dataclasses.replace(plan, days=days), people, seed, Silent())
    truth, made = world.truth(), world.tables()
    slices = dict(zip(truth["account_id"].to_pylist(), truth["slice"].to_pylist(), strict=True))
    tables = {name: without_duplicates(rows, input_table(name)).rows for name, rows in made.items() if rows.num_rows}
    return tables, slices


def _window(tables: Tables, days: Mapping[str, np.ndarray], day: str, window: int) -> dict[str, pa.Table]:
    first = first_day(day, window)
    return {
        name: rows.filter(pa.array((days[name] >= first) & (days[name] <= day))) if name in DATED else rows
        for name, rows in tables.items()
    }


def look(tables: Tables, known: Lineages, day: str, window: int) -> Lineages:
    """Search one window as a pass does; return the lineages after it."""
    settings = make_settings(threads=1)
    dataset = Dataset(tables, Quality())
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    found = group(layers, accounts, identified(dataset, accounts), settings)
    members = members_table(found.clusters, accounts)
    told = {
        "clusters": pa.table(
            {
                "cluster_id": pa.array([c.cluster_id for c in found.clusters], pa.string()),
                "timing_p_value": pa.array([c.timing_p_value for c in found.clusters], pa.float64()),
            }
        ),
        "pairs": pairs_table(layers, accounts),
        "members": members,
    }
    tried = len(found.clusters) + len(found.shared_taste) + len(found.flashes)
    needed = level(tried, settings.false_discovery_rate, settings.min_cluster_size, window)
    return follow(known, members_by_cluster(members), announced(told, needed), day)


if __name__ == "__main__":
    sys.exit(main())
