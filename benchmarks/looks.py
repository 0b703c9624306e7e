"""Repeated looks at a world without a farm: how many clusters does a daily job find, and how many does it announce.

    python benchmarks/looks.py [--looks 60] [--window 14] [--people 300] [--seed 1] [--workdir FOLDER]

In: a scenario without a farm (``quiet``: ordinary accounts and every honest look-alike), made long enough for the looks. Out: a
line a look, and the sums. Exit code 1 when more than one false cluster is announced (METHOD: at most one in 60 daily looks).
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphscan.jobs.config import read_job
from graphscan.jobs.days import DATED
from graphscan.jobs.job import run_job
from graphscan.jobs.lineages import from_tables
from graphscan.jobs.passes import read_pass
from graphscan.jobs.state import State
from graphscan.progress import Silent
from graphscan.simulate.scenarios import scenario_named
from graphscan.simulate.simulation import build

ALLOWED = 1
"""METHOD, traps: at most one false cluster in 60 daily looks."""


def main() -> int:
    """Make the world, look again and again, count."""
    given = _arguments()
    with tempfile.TemporaryDirectory(dir=given.workdir) as folder:
        work = Path(folder)
        days = make_world(work / "platform", given.looks + given.window, given.people, given.seed)
        (work / "job.toml").write_text(
            f'dataset = "platform"\nstate = "state"\nwindow_days = {given.window}\ncanary = false\nkeep_runs = 1000\n'
            "[settings]\nthreads = 1\n"
        )
        return look(work / "job.toml", days[given.window : given.window + given.looks])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--looks", type=int, default=60)
    parser.add_argument("--window", type=int, default=14)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workdir", type=Path)
    return parser.parse_args()


def make_world(out: Path, days: int, people: int, seed: int) -> list[str]:
    """Write the null world as daily partitions; return its days."""
    plan = scenario_named("quiet")
    assert plan is not None
    tables = build(dataclasses.replace(plan, days=days), people, seed, Silent()).tables()
    found: set[str] = set()
    for name, rows in tables.items():
        if name not in DATED:
            _write(rows, out / name / "all.parquet")
            continue
        day = pc.strftime(rows["created_at"], format="%Y-%m-%d")
        for one in pc.unique(day).to_pylist():
            _write(rows.filter(pc.equal(day, one)), out / name / f"date={one}" / "part.parquet")
            found.add(one)
    return sorted(found)


def _write(rows: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, path)


def look(job: Path, days: list[str]) -> int:
    """Run the job day by day; return the exit code."""
    config = read_job(job)
    state = State(config.path(config.state))
    for day in days:
        run_job(config, until=day)
        known = from_tables(read_pass(state, day))
        present = [x for x in known.lineages.values() if x.status == "present"]
        ever = sum(x.announced for x in known.lineages.values())
        print(
            f"{day}  clusters {len(present)}  lineages so far {len(known.lineages)}  announced so far {ever}",
            flush=True,
        )
    print(f"{len(days)} looks: {len(known.lineages)} false lineages found, {ever} announced; allowed: {ALLOWED}")
    return int(ever > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
