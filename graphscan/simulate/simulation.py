"""From a scenario's name to a dataset folder with its truth.

In: a name, a size, a seed. Out: a folder of Parquet files as the dataset contract has it, and ``truth.csv``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
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
from graphscan.simulate.land import ONE_TOWN, TOWN, celebrities, crowd, town_sizes, write_part
from graphscan.simulate.life import settle
from graphscan.simulate.notes import Notes
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import make_people
from graphscan.simulate.scenarios import BUILDERS, SCENARIOS, Scenario, scenario_named
from graphscan.simulate.world import TRUTH_COLUMNS, World

SMALLEST, LARGEST = 300, 10_000_000
"""Fewer ordinary accounts give a farm nothing to hide among; more were never tried."""

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
    with published(out) as work:
        work.mkdir()
        if people > ONE_TOWN:
            return write_land(work, plan, people, seed, tell)
        world = build(plan, people, seed, tell)
        tables, truth = world.tables(), world.truth()
        tell.step("writing", len(tables) + 1)
        _write(work, tables, truth, tell)
    return _summary(plan.name, people, seed, tables, truth)


def write_land(
    work: Path, plan: Scenario, people: int, seed: int, progress: Progress, town: int = TOWN
) -> WorldSummary:
    """Write a land of towns into the existing folder ``work``, one part of each table a town, and return what was made.

    Towns share nothing but the notes of a few celebrities (:mod:`graphscan.simulate.land`); each has the scenario's parts.
    """
    taken: dict[int, str] = {}
    common = World(seed, plan.days, "land ", taken)
    hot = celebrities(common)
    sizes = town_sizes(people, town)
    rows, slices, clusters = (Counter[str]() for _ in range(3))
    progress.step("towns", len(sizes) + 1)
    with (work / "truth.csv").open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(",".join(TRUTH_COLUMNS) + "\n")
        for number, size in enumerate((0, *sizes)):
            world = common if number == 0 else World(seed, plan.days, f"town-{number}/", taken)
            if number:
                build(plan, size, seed, Silent(), world, hot)
            tables, truth = world.tables(), world.truth()
            write_part(work, number, tables)
            stream.writelines(f"{line}\n" for line in _truth_lines(truth))
            told = _summary(plan.name, people, seed, tables, truth)
            for counted, more in ((rows, told.rows), (slices, told.slices), (clusters, told.clusters)):
                counted.update(more)
            progress.advance()
    return WorldSummary(plan.name, people, seed, *({k: c[k] for k in sorted(c)} for c in (rows, slices, clusters)))


def build(
    plan: Scenario, people: int, seed: int, progress: Progress, world: World | None = None, hot: Notes | None = None
) -> World:
    """Return the world of a scenario: first the ordinary accounts, then each part in its turn; ``hot`` notes are read too."""
    world = world or World(seed, plan.days)
    copies = [(name, part) for part in plan.parts for name in part.names(people)]
    progress.step("populations", len(copies) + 1)
    ordinary = make_people(world, "ordinary", world.rng("ordinary accounts"), people)
    society = replace(settle(world, ordinary, world.rng("ordinary life")), level=plan.level)
    ordinary_chats(world, society, world.rng("ordinary chats"))
    reports(world, society, world.rng("ordinary reports"))
    if hot is not None:
        crowd(world, society, hot)
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
    for name, table in tables.items():
        pq.write_table(table, work / f"{name}.parquet", compression="zstd", compression_level=9)
        progress.advance()
    lines = [",".join(TRUTH_COLUMNS), *_truth_lines(truth)]
    (work / "truth.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    progress.advance()


def _truth_lines(truth: pa.Table) -> list[str]:
    return [",".join(row) for row in zip(*truth.to_pydict().values(), strict=True)]


def _summary(name: str, people: int, seed: int, tables: Mapping[str, pa.Table], truth: pa.Table) -> WorldSummary:
    rows = {table: data.num_rows for table, data in tables.items()}
    farms = _counts(truth.filter(pc.not_equal(truth["cluster"], "")), "cluster")
    return WorldSummary(name, people, seed, rows, _counts(truth, "slice"), farms)


def _counts(truth: pa.Table, column: str) -> Mapping[str, int]:
    counted = truth.group_by(column).aggregate([([], "count_all")]).sort_by(column).to_pydict()
    return dict(zip(counted[column], counted["count_all"], strict=True))
