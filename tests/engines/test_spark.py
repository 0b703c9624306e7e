"""Spark gives what one machine gives, byte for byte: every case, several blocks, screened or not, and a whole run."""

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from graphscan.behaviours import meetings
from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.layer import scan
from graphscan.behaviours.library import BEHAVIOURS, behaviour
from graphscan.behaviours.searching import account_blocks, pack
from graphscan.engines import engine_of, spark
from graphscan.errors import OutsideError, SettingsError
from graphscan.pipeline import day_cut, scan_dataset
from graphscan.settings import make_settings

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "samples" / "small_world"


def module_at(path):
    spec = importlib.util.spec_from_file_location(f"cases_{path.stem}_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


worlds = module_at(ROOT / "tests" / "cases" / "worlds.py")


def layers_of(dataset, name, engine):
    """The layer of one behaviour by this process and by the engine."""
    accounts = list_accounts(dataset)
    here, there = (
        scan(dataset, accounts, behaviour(name), make_settings(threads=1), day_cut(dataset), engine=e)
        for e in (None, engine)
    )
    return here, there


def assert_same(here, there):
    for part in ("pairs", "surprise"):
        one, other = getattr(here, part), getattr(there, part)
        for field in fields(one):
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), strict=True)
    assert here.pairs_met == there.pairs_met


@pytest.mark.parametrize("name", [b.name for b in BEHAVIOURS])
def test_every_case_is_found_there_as_here(name, tmp_path, two_workers):
    act = module_at(ROOT / "tests" / "cases" / name / "story.py").act
    world = worlds.World()
    worlds.meet(world, act)
    worlds.passers_by(world, act)
    here, there = layers_of(world.dataset(tmp_path / "dataset"), name, two_workers)
    assert len(here.pairs) == 1
    assert_same(here, there)


@pytest.mark.parametrize("screened", [0, 10**9])
@pytest.mark.parametrize("blocks", [1, 4])
def test_neither_blocks_nor_a_screen_change_anything(blocks, screened, tmp_path, two_workers, monkeypatch):
    from graphscan.intake import read_dataset

    monkeypatch.setattr(meetings, "SCREENED_PAIRS", screened)
    here, there = layers_of(read_dataset(SAMPLE), "note_comment", replace(two_workers, blocks=blocks))
    assert len(here.pairs) > 100
    assert_same(here, there)


def test_every_task_has_a_partition_of_its_own_and_is_shuffled_once(two_workers):
    from pyspark.sql.functions import spark_partition_id

    rng = np.random.default_rng(1)
    log = pack(*(rng.integers(0, n, 600).astype(np.int32) for n in (30, 9)), rng.integers(0, 10**6, 600))
    blocks = account_blocks(log, 10**9, 3)
    tasks = [(rows, columns) for i, rows in enumerate(blocks) for columns in blocks[i:]]
    sent = two_workers._sent(log, tasks)
    lies = sent.select("task", spark_partition_id().alias("partition")).distinct().toArrow().to_pylist()
    assert sorted((row["task"], row["partition"]) for row in lies) == [(n, n) for n in range(6)]
    with spark._outside("plan"):
        done = sent.groupBy("task").applyInArrow(lambda key, rows: rows, sent.schema)
    plan = done._jdf.queryExecution().executedPlan().toString()
    assert plan.count("Exchange") == 1
    assert "LocalTableScan" not in plan  # which would make an object of each action in the driver


def test_a_whole_run_has_the_same_bytes(tmp_path, two_workers):
    told = []
    for engine in ("local", "spark"):
        run = scan_dataset(SAMPLE, tmp_path / engine, make_settings(engine=engine))
        told.append(json.loads((run.path / "run.json").read_text()))
    assert told[0]["outputs"] == told[1]["outputs"]
    assert told[0]["settings"] == told[1]["settings"]


def test_a_worker_that_fails_is_something_outside(two_workers, tmp_path):
    from graphscan.intake import read_dataset

    class Broken(spark.Spark):
        def _run(self, log, tasks, work):
            return super()._run(log, tasks, int)  # which takes no log

    with pytest.raises(OutsideError, match=r"Spark did not finish the search: .*TypeError"):
        layers_of(read_dataset(SAMPLE), "note_like", Broken(two_workers.session, 2))


@pytest.mark.parametrize(
    ("lacking", "words"),
    [("find_spec", r"pip install .graphscan\[spark\]."), ("which", "Java 17 or 21, by the PATH or by JAVA_HOME")],
)
def test_what_spark_lacks_is_named(lacking, words, monkeypatch):
    pytest.importorskip("pyspark")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(spark if lacking == "find_spec" else spark.shutil, lacking, lambda _: None)
    with pytest.raises(SettingsError, match=words):
        engine_of(make_settings(engine="spark"))


@pytest.mark.parametrize(("cores", "blocks"), [(1, 2), (2, 3), (16, 10), (200, 35)])
def test_there_are_tasks_enough_for_the_cores(cores, blocks):
    assert spark._blocks(cores) == blocks
    assert blocks * (blocks + 1) // 2 >= spark.TASKS_PER_CORE * cores > (blocks - 1) * blocks // 2


def test_a_spark_that_does_not_start_is_one_line_and_leaves_nothing(tmp_path):
    pytest.importorskip("pyspark")
    command = [
        sys.executable,
        "-m",
        "graphscan",
        "run",
        str(SAMPLE),
        "--out",
        str(tmp_path / "run"),
        "--engine",
        "spark",
    ]
    nowhere = {**os.environ, "JAVA_HOME": str(tmp_path / "no_java")}
    done = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=False)
    assert done.returncode == OutsideError.exit_code == 75
    assert done.stderr.splitlines()[-1].startswith("graphscan: Spark did not start: ")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
