"""The main job: read, find, describe, publish.

In: a dataset folder and settings. Out: a run folder, whole or not at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.behaviours.library import Behaviour
from graphscan.behaviours.meetings import Engine
from graphscan.behaviours.own import chosen
from graphscan.behaviours.wordings import find_wordings
from graphscan.decisions.policy import Policy, read_policy
from graphscan.engines import engine_of
from graphscan.groups.clusters import group
from graphscan.intake import Shelf, read_dataset
from graphscan.motifs import find_motifs
from graphscan.pipeline.describing import describe
from graphscan.pipeline.manifest import POLICY, facts_of, write_manifest
from graphscan.pipeline.stages import decide, exempt_clients, find_layers, fuse, look_at_accounts
from graphscan.progress import Progress, Silent
from graphscan.publishing import check_free, published, remove
from graphscan.reports.writing import render
from graphscan.run import Run
from graphscan.settings import Settings
from graphscan.steps import Steps
from graphscan.tables import RUN_TABLES

SHELF = ".shelf"


def scan_dataset(
    path: Path, out: Path, settings: Settings, progress: Progress | None = None, added: Sequence[Behaviour] = ()
) -> Run:
    """Run the main job on a dataset folder and publish the run.

    ``added`` are behaviours of one's own, looked at besides the built-in ones that the settings name.

    Raises
    ------
    InputError
        When the dataset cannot be read as it is.
    OutputError
        When ``out`` exists, or its parent does not.
    """
    told = progress or Silent()
    check_free(out)  # before anything that takes time
    chosen(settings.behaviours, added)
    engine = engine_of(settings)  # what it lacks is told at once
    policy = read_policy(Path(settings.policy) if settings.policy else None)
    with published(out) as work:
        work.mkdir()
        shelf = Shelf(work / SHELF, settings.memory_bytes())
        shelf.folder.mkdir()
        steps = Steps(told, shelf.release)
        with shelf.watched():
            tables, facts = _scanned(path, settings, policy, steps, shelf, engine, added)
        remove(shelf.folder)
        with steps.step("writing"):
            _write_tables(work, tables)
            (work / POLICY).write_text(policy.canonical, encoding="utf-8", newline="\n")
            render(work, tables, facts, told)
        write_manifest(work, {**facts, "steps": steps.taken})
    return Run.open(out)


def _scanned(
    path: Path,
    settings: Settings,
    policy: Policy,
    steps: Steps,
    shelf: Shelf,
    engine: Engine,
    added: Sequence[Behaviour],
) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """Every table of the run, and what its manifest says."""
    told = steps.progress
    with steps.step("reading"):
        dataset = read_dataset(
            path, timezone=settings.timezone, epoch_unit=settings.epoch_unit, progress=told, shelf=shelf
        )
    for notice in dataset.quality.notices:
        told.say(notice)
    accounts = dataset.keep(list_accounts(dataset))
    with steps.step("texts"):
        find_wordings(dataset, accounts)
    layers = find_layers(dataset, accounts, settings, steps, added, engine)
    with steps.step("grouping"):
        grouping = group(layers, accounts, identified(dataset, accounts), settings)
    with steps.step("accounts"):
        own = look_at_accounts(dataset, accounts, layers, grouping.clusters, settings)
    with steps.step("motifs"):
        motifs = find_motifs(
            layers, grouping.clusters, dataset, accounts, settings.seed, exempt=exempt_clients(settings)
        )
    with steps.step("fusion"):
        fused = fuse(dataset, accounts, layers, grouping.clusters, own.conduct, settings)
    with steps.step("decisions"):
        decided = decide(dataset, accounts, layers, grouping.clusters, own, motifs, fused, policy)
    with steps.step("describing"):
        tables = describe(dataset, accounts, layers, grouping, own, motifs, fused, decided)
        facts = facts_of(dataset, accounts, layers, grouping, decided, policy, settings)
        facts |= {"own_behaviours": [dataclasses.asdict(b) for b in added]} if added else {}
        facts["hours"] = own.conduct.deeds.hours.tolist()
    return tables, facts


def _write_tables(work: Path, tables: Mapping[str, pa.Table]) -> None:
    for table in RUN_TABLES:
        pq.write_table(tables[table.name], work / f"{table.name}.parquet", compression="zstd")
