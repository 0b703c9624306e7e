"""A run's record: what is kept of a manifest, and the table that docs/scale.md shows."""

import json
import sys
from pathlib import Path

from graphscan.cli import main as graphscan

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import day_record

RECORDS = Path(__file__).parents[2] / "benchmarks" / "data"
SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "real_shares"


def test_a_run_becomes_a_record_and_a_table(tmp_path, monkeypatch, capsys):
    run, written = tmp_path / "run", tmp_path / "record.json"
    assert graphscan(["run", str(SAMPLE), "--out", str(run)]) == 0
    capsys.readouterr()
    told = ["day_record.py", str(run), "--command", "graphscan run x", "--note", "quiet", "--write", str(written)]
    monkeypatch.setattr(sys, "argv", told)
    day_record.main()
    record, manifest = json.loads(written.read_text()), json.loads((run / "run.json").read_text())
    assert (record["command"], record["machine"]["note"]) == ("graphscan run x", "quiet")
    assert record["steps"] == manifest["steps"]
    assert record["rows"] == manifest["quality"]["rows"]
    assert capsys.readouterr().out.splitlines()[-1].startswith("| **whole run** | **")


def test_short_steps_count_in_the_sum_only():
    steps = [
        {"name": "long", "cpu_seconds": 1234.5, "seconds": 700.2, "peak_mb": 4321},
        {"name": "short", "cpu_seconds": 0.9, "seconds": 0.9, "peak_mb": 5000},
    ]
    assert day_record.table(steps)[2:] == [
        "| long | 1,234 | 700 | 4,321 |",
        "| **whole run** | **1,235** | **701** | **5,000** |",
    ]


def test_records_that_are_kept_say_what_they_were_made_on():
    for path in RECORDS.glob("day_*.json"):
        record = json.loads(path.read_text())
        assert record["machine"]["cores"] and record["machine"]["memory_gb"] and record["steps"], path
