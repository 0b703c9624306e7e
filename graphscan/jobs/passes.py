"""One pass: the window of one day → run, lineages, report, in a folder that appears whole or not at all.

In: the state, its register, a day. Out: ``passes/ID/``. Each step of it is published on its own under ``work/``; killed and started again,
a pass takes up the steps that were through, as long as its inputs are still the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.intake.dataset import write_dataset
from graphscan.jobs.canaries import canary_recall
from graphscan.jobs.changes import Told, tell
from graphscan.jobs.config import SETTING_FILES, JobConfig
from graphscan.jobs.days import first_day, window_parts, window_tables
from graphscan.jobs.drifts import drift_table
from graphscan.jobs.erased import forget_accounts
from graphscan.jobs.lineages import Lineages, follow, from_tables, members_by_cluster
from graphscan.jobs.looks import announced, level_of_run
from graphscan.jobs.outcomes import outcomes
from graphscan.jobs.register import Register
from graphscan.jobs.reporting import write_report
from graphscan.jobs.state import State, next_pass_id, write_whole
from graphscan.jobs.tables import DRIFT, LINEAGE_EVENTS, LINEAGE_MEMBERS, LINEAGES, PASS_TABLES
from graphscan.pipeline import scan_dataset
from graphscan.progress import Progress
from graphscan.publishing import published, remove, sha256_of
from graphscan.run import Run, RunFolder

MANIFEST = "pass.json"
FORMAT = 1


@dataclass(frozen=True)
class Plan:
    """A pass to make: its id, its day, the pass before it, and the hash of everything that its result depends on."""

    pass_id: str
    day: str
    previous: str | None
    key: str


def plan(state: State, config: JobConfig, register: Register, day: str) -> Plan:
    """Return the pass of a day as it would be now."""
    last = state.last_pass()
    return Plan(next_pass_id(day, last), day, last, input_key(config, register, day))


def input_key(config: JobConfig, register: Register, day: str) -> str:
    """Return a hash of the rows of a window, of everything that decides what is found in them, and of who was erased."""
    settings = config.run_settings
    chosen = {k: v for k, v in asdict(settings).items() if k not in ("threads", "memory")}
    held = window_parts(register.parts, day, config.window_days)
    parts = {table: [(d, p.sha256) for d, p in found] for table, found in held.items()}
    chosen |= {n: sha256_of(Path(path)) for n in SETTING_FILES if (path := getattr(settings, n))}
    told = [FORMAT, version("graphscan"), day, config.window_days, chosen, parts, register.erased, config.canary]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def stands(state: State, config: JobConfig, register: Register, day: str) -> bool:
    """Whether the last pass is this day's and nothing that it depends on has changed: then there is nothing to compute."""
    last = state.last_pass()
    if last is None:
        return False
    manifest = read_manifest(state, last)
    return bool(manifest["day"] == day and manifest["key"] == input_key(config, register, day))


def read_manifest(state: State, pass_id: str) -> dict[str, Any]:
    """Return what a pass says of itself."""
    manifest: dict[str, Any] = State(state.passes / pass_id).read(MANIFEST, {})
    return manifest


def make_pass(state: State, config: JobConfig, register: Register, wanted: Plan, progress: Progress) -> Path:
    """Make a pass and publish it; return its folder."""
    work = _work(state, wanted)
    tables = window_tables(state, register.parts, wanted.day, config.window_days)
    if not (work / "dataset").exists():
        progress.step(f"{wanted.pass_id}: assembling the window")
        write_dataset(tables, work / "dataset")
    if not (work / "run").exists():
        scan_dataset(work / "dataset", work / "run", config.run_settings, progress)
    canary = _canary(work, tables, config, wanted, progress)
    run = RunFolder(work / "run")
    manifest = Run.open(work / "run").manifest
    needed = level_of_run(manifest, config.window_days)
    before = _lineages_before(state, config, register, wanted)
    after = follow(before, members_by_cluster(run["members"]), announced(run, needed), wanted.pass_id)
    drift = drift_table(tables, config.day_timezone, wanted.day)
    facts = {
        "format": FORMAT,
        "pass_id": wanted.pass_id,
        "day": wanted.day,
        "previous": wanted.previous,
        "key": wanted.key,
        "window": {"first_day": first_day(wanted.day, config.window_days), "days": config.window_days},
        "day_timezone": config.day_timezone,
        "deliveries": len(register.deliveries),
        "erased": len(register.erased),
        "purged_before": register.purged_before,
        "look": needed.as_json(),
        "canary": canary,
    }
    told = tell(state, register, facts, manifest, run, after, drift, outcomes(config, run))
    _publish(state, wanted, work, facts, {**after.tables(), "drift": drift}, told)
    remove(work)
    return state.passes / wanted.pass_id


def _work(state: State, wanted: Plan) -> Path:
    """Return where the steps of this pass lie, and sweep away those of any other."""
    mine = state.work / f"{wanted.pass_id}-{wanted.key[:16]}"
    for folder in state.work.iterdir():
        if folder != mine:
            remove(folder)
    mine.mkdir(exist_ok=True)
    return mine


def _canary(
    work: Path, tables: Mapping[str, pa.Table], config: JobConfig, wanted: Plan, progress: Progress
) -> dict[str, Any] | None:
    if not config.canary:
        return None
    path = work / "canary.json"
    if not path.exists():
        progress.step(f"{wanted.pass_id}: planting a canary farm in a shadow copy")
        told = canary_recall(tables, config.run_settings, wanted.day).as_json()
        write_whole(path, json.dumps(told, sort_keys=True))
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _lineages_before(state: State, config: JobConfig, register: Register, wanted: Plan) -> Lineages:
    if wanted.previous is None:
        return Lineages()
    before = from_tables(read_pass(state, wanted.previous))
    return forget_accounts(before, register.erased, first_day(wanted.day, config.retention_days))


def read_pass(state: State, pass_id: str) -> dict[str, pa.Table]:
    """Return the tables of a finished pass."""
    folder = state.passes / pass_id
    return {t.name: pq.read_table(folder / f"{t.name}.parquet").cast(t.schema) for t in PASS_TABLES}


def _publish(
    state: State, wanted: Plan, work: Path, facts: Mapping[str, Any], tables: Mapping[str, pa.Table], told: Told
) -> None:
    with published(state.passes / wanted.pass_id) as folder:
        folder.mkdir()
        shutil.copytree(work / "run", folder / "run", copy_function=_linked)
        for table in (LINEAGES, LINEAGE_EVENTS, LINEAGE_MEMBERS, DRIFT):
            pq.write_table(tables[table.name], folder / f"{table.name}.parquet", compression="zstd")
        write_report(folder, told)
        text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _linked(source: str, target: str) -> None:
    """Lay a second name on a file, so that the step under way keeps its own until the pass is there."""
    try:
        os.link(source, target)
    except OSError:  # a disk without second names
        shutil.copy2(source, target)
