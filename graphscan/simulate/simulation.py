"""From a scenario's name to a dataset folder with its truth.

In: a name, a size, a seed. Out: a folder of Parquet files as the dataset contract has it, and ``truth.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphscan.errors import SettingsError
from graphscan.progress import Progress, Silent
from graphscan.publishing import check_free, published
from graphscan.simulate.chats import ordinary_chats
from graphscan.simulate.doings import reports
from graphscan.simulate.life import settle
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import make_people
from graphscan.simulate.scenarios import BUILDERS, SCENARIOS, Scenario, scenario_named
from graphscan.simulate.world import TRUTH_COLUMNS, World

SMALLEST, LARGEST = 300, 1_000_000
"""Fewer ordinary accounts give a farm nothing to hide among; more do not fit one machine."""

MAX_SEED = 2**31 - 1


@dataclass(frozen=True)
class WorldSummary:
    """What was made: the scenario, its size and seed, rows of each table, accounts of each slice, farms."""

    scenario: str
    scale: int
    seed: int
    rows: Mapping[str, int]
    slices: Mapping[str, int]
    clusters: Mapping[str, int]

    def lines(self) -> list[str]:
        """Return the summary in lines for people."""
        rows = ", ".join(f"{name} {count:,}" for name, count in self.rows.items())
        slices = ", ".join(f"{name} {count:,}" for name, count in self.slices.items())
        farms = ", ".join(f"{name} ({count})" for name, count in list(self.clusters.items())[:12]) or "none"
        farms += f" and {len(self.clusters) - 12} more" if len(self.clusters) > 12 else ""
        head = f"world {self.scenario}, {self.scale:,} ordinary accounts, seed {self.seed}"
        return [head, f"rows: {rows}", f"accounts by slice: {slices}", f"farms: {farms}"]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return asdict(self)


def simulate(
    out: Path, scenario: str, *, scale: int | None = None, seed: int = 1, progress: Progress | None = None
) -> WorldSummary:
    """Write the world of a scenario to ``out``: the same bytes for the same scenario, scale and seed.

    Parameters
    ----------
    out : folder to make; it must not exist.
    scenario : one of :data:`graphscan.simulate.SCENARIOS`.
    scale : ordinary accounts; None for the scenario's own number.
    seed : of all randomness, 0 to 2147483647.

    Raises
    ------
    SettingsError
        When the scenario is unknown, or scale or seed is outside what is allowed.
    OutputError
        When ``out`` exists or its parent does not.
    """
    plan = _plan(scenario, scale, seed)
    check_free(out)
    tell = progress or Silent()
    people = plan.people if scale is None else scale
    world = build(plan, people, seed, tell)
    tables, truth = world.tables(), world.truth()
    tell.step("writing", len(tables) + 1)
    with published(out) as work:
        _write(work, tables, truth, tell)
    return _summary(plan.name, people, seed, tables, truth)


def build(plan: Scenario, people: int, seed: int, progress: Progress) -> World:
    """Return the world of a scenario: first the ordinary accounts, then each part in its turn."""
    world = World(seed, plan.days)
    copies = [(name, part) for part in plan.parts for name in part.names(people)]
    progress.step("populations", len(copies) + 1)
    ordinary = make_people(world, "ordinary", world.rng("ordinary accounts"), people)
    society = settle(world, ordinary, world.rng("ordinary life"))
    ordinary_chats(world, society, world.rng("ordinary chats"))
    reports(world, society, world.rng("ordinary reports"))
    progress.advance()
    for name, part in copies:
        BUILDERS[part.kind](Stage(name, part, world, society, world.rng(name)))
        progress.advance()
    return world


def _plan(name: str, scale: int | None, seed: int) -> Scenario:
    plan, faults = scenario_named(name), []
    if plan is None:
        faults.append(f"scenario {name!r} is unknown; allowed: {', '.join(s.name for s in SCENARIOS)}")
    if scale is not None and not SMALLEST <= scale <= LARGEST:
        faults.append(f"scale {scale}: allowed is a whole number from {SMALLEST} to {LARGEST}")
    if not 0 <= seed <= MAX_SEED:
        faults.append(f"seed {seed}: allowed is a whole number from 0 to {MAX_SEED}")
    if plan is None or faults:
        raise SettingsError("\n".join(faults))
    return plan


def _write(work: Path, tables: Mapping[str, pa.Table], truth: pa.Table, progress: Progress) -> None:
    work.mkdir()
    for name, table in tables.items():
        pq.write_table(table, work / f"{name}.parquet", compression="zstd", compression_level=9)
        progress.advance()
    rows = zip(*truth.to_pydict().values(), strict=True)
    lines = [",".join(TRUTH_COLUMNS), *(",".join(row) for row in rows)]
    (work / "truth.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    progress.advance()


def _summary(name: str, people: int, seed: int, tables: Mapping[str, pa.Table], truth: pa.Table) -> WorldSummary:
    rows = {table: data.num_rows for table, data in tables.items()}
    farms = _counts(truth.filter(pc.not_equal(truth["cluster"], "")), "cluster")
    return WorldSummary(name, people, seed, rows, _counts(truth, "slice"), farms)


def _counts(truth: pa.Table, column: str) -> Mapping[str, int]:
    counted = truth.group_by(column).aggregate([([], "count_all")]).sort_by(column).to_pydict()
    return dict(zip(counted[column], counted["count_all"], strict=True))
