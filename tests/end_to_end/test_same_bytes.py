"""The same input gives the same bytes: whatever the order of rows, their format, the zone, the threads, the memory."""

import csv
import json
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphscan.intake import wide
from graphscan.pipeline import scan_dataset
from graphscan.settings import make_settings


def told(folder, but=("steps",)):
    """Every file's bytes; of the manifest, everything but the named entries."""
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    manifest = json.loads(files.pop("run.json"))
    return files, {k: v for k, v in manifest.items() if k not in but}


def assert_same(one, other, but=("steps",)):
    files, manifest = told(one, but)
    other_files, other_manifest = told(other, but)
    assert files.keys() == other_files.keys()
    assert [name for name in files if files[name] != other_files[name]] == []
    assert manifest == other_manifest


def test_a_run_made_twice_is_the_same_but_for_its_seconds(run, small_world, tmp_path):
    assert_same(scan_dataset(small_world, tmp_path / "run", make_settings()).path, run.path)


def test_neither_zone_nor_locale_nor_hash_seed_nor_threads_nor_memory_matter(run, small_world, tmp_path):
    """One process that differs in all of them at once."""
    env = {**os.environ, "TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}
    arguments = [str(small_world), "--out", str(tmp_path / "run"), "--threads", "1", "--memory", "20MB", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "graphscan", "run", *arguments], env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert_same(tmp_path / "run", run.path)


def test_columns_of_64_bit_offsets_change_nothing(run, small_world, tmp_path, monkeypatch):
    monkeypatch.setattr(wide, "MOST_BYTES", -1)  # as if everything were more than 2 GB
    assert_same(scan_dataset(small_world, tmp_path / "run", make_settings()).path, run.path)


def as_csv(table, path):
    """Write a table as CSV: lists as JSON, instants as text with another offset."""
    columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_list(column.type):
            columns[name] = [None if v is None else json.dumps(v, ensure_ascii=False) for v in column.to_pylist()]
        elif pa.types.is_timestamp(column.type):
            texts = column.cast(pa.timestamp("ms", tz="+05:30")).cast(pa.timestamp("ms", tz="+05:30"))
            columns[name] = [None if v is None else v.isoformat(timespec="milliseconds") for v in texts.to_pylist()]
        elif pa.types.is_boolean(column.type):
            columns[name] = [None if v is None else str(v).lower() for v in column.to_pylist()]
        else:
            columns[name] = column.to_pylist()
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(columns)
        rows.writerows([["" if v is None else v for v in row] for row in zip(*columns.values(), strict=True)])


def test_shuffled_rows_in_another_format_give_the_same_tables(run, small_world, tmp_path):
    """Only what tells of the input files differs: their names and hashes, in the manifest and in the report."""
    (tmp_path / "dataset").mkdir()
    rng = np.random.default_rng(5)
    for file in sorted(small_world.glob("*.parquet")):
        table = pq.read_table(file)
        as_csv(table.take(rng.permutation(table.num_rows)), tmp_path / "dataset" / f"{file.stem}.csv")
    other = scan_dataset(tmp_path / "dataset", tmp_path / "run", make_settings()).path
    files, manifest = told(other, ("steps", "outputs"))
    expected, original = told(run.path, ("steps", "outputs"))
    assert files.keys() == expected.keys()
    assert [name for name in files if files[name] != expected[name]] in ([], ["report.html"])
    for quality in (manifest["quality"], original["quality"]):
        assert len(quality.pop("files")) == 8
    assert manifest == original


def test_another_seed_is_another_run_that_says_so(run, small_world, tmp_path):
    other = scan_dataset(small_world, tmp_path / "run", make_settings(seed=2))
    assert other.manifest["seed"] == 2
    assert other.clusters["size"].sum() == pytest.approx(run.clusters["size"].sum(), rel=0.1)
