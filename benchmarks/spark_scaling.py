"""The meetings stage on one machine and on Spark with one worker and two, on the same day, in one run.

Question: the pairs of ``note_comment``, with their chance, as ``graphscan run`` finds them. Each run is a process of its own, with one
thread per worker; the work is cut into the same blocks of accounts everywhere but in the first row, which shows what cutting costs.
A search on a small day comes first in each process, so that no row pays for starting Spark or for compiling.

    python benchmarks/spark_scaling.py [--actions 1000000 10000000] [--workers 1 2] [--blocks 3] [--worker-mb 2048]

Prints the seconds of the search, CPU seconds of the process, its JVMs and the workers' Pythons, the peak of their resident memory
together, and whether the pairs are the same bytes. Needs Java and ``pip install "graphscan[spark,bench]"``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import psutil

SMALL = 20_000
POLL_S = 0.2
QUIET = ("spark.ui.enabled=false", "spark.driver.host=127.0.0.1", "spark.log.level=OFF")


@dataclass
class Meter:
    """CPU seconds of a process and of all below it by kind, and the peak of their memory; looked at every 0.2 s."""

    cpu_of: dict[int, tuple[str, float]] = field(default_factory=dict)
    peak_mb: float = 0.0

    def look(self) -> dict[str, float]:
        """CPU seconds so far: of this process, of Java, and of Spark's Pythons."""
        here = psutil.Process()
        resident = 0
        for process in [here, *here.children(recursive=True)]:
            try:
                used, name = process.cpu_times(), process.name()
                resident += process.memory_info().rss
            except psutil.Error:  # the process ended meanwhile
                continue
            kind = "driver" if process.pid == here.pid else "java" if "java" in name else "workers"
            self.cpu_of[process.pid] = (kind, used.user + used.system)
        self.peak_mb = max(self.peak_mb, resident / 1e6)
        return {
            kind: sum(s for k, s in self.cpu_of.copy().values() if k == kind) for kind in ("driver", "java", "workers")
        }

    def watch(self, stop: threading.Event) -> None:
        """Look until told to stop."""
        while not stop.wait(POLL_S):
            self.look()


@dataclass
class Timed:
    """An engine, and what its searches took."""

    engine: object
    meter: Meter
    seconds: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)

    @property
    def blocks(self) -> int:
        """See the engine."""
        return self.engine.blocks

    @property
    def threads(self) -> int:
        """See the engine."""
        return self.engine.threads

    def counts(self, *what):
        """Timed."""
        return self._timed(lambda: self.engine.counts(*what))

    def pairs(self, *what):
        """Timed; all at once."""
        return iter(self._timed(lambda: list(self.engine.pairs(*what))))

    def _timed(self, work):
        before, began = self.meter.look(), time.perf_counter()
        found = work()
        self.seconds += time.perf_counter() - began
        for kind, used in self.meter.look().items():
            self.cpu_s[kind] = self.cpu_s.get(kind, 0.0) + used - before[kind]
        return found


def search(folder, engine):
    """The layer of note_comment."""
    from graphscan.behaviours.accounts import list_accounts
    from graphscan.behaviours.layer import scan
    from graphscan.behaviours.library import behaviour
    from graphscan.intake import read_dataset
    from graphscan.pipeline import day_cut
    from graphscan.settings import make_settings

    dataset = read_dataset(folder)
    accounts = list_accounts(dataset)
    return scan(dataset, accounts, behaviour("note_comment"), make_settings(threads=1), day_cut(dataset), engine=engine)


def digest(layer):
    """A hash of every number of the layer's pairs."""
    told = hashlib.sha256()
    for part in (layer.pairs, layer.surprise):
        for name in part.__dataclass_fields__:
            told.update(np.ascontiguousarray(getattr(part, name)).tobytes())
    return told.hexdigest()[:12]


def run_one(name, blocks, small, day):
    """Measure one engine in this process; its figures as one line of JSON."""
    from graphscan.behaviours.meetings import Local

    began = time.perf_counter()
    if name == "spark":
        from graphscan.engines.spark import start

        engine = replace(start(), blocks=blocks)
    else:
        engine = Local(1, blocks)
    search(small, engine)
    started = time.perf_counter() - began
    meter, stop = Meter(), threading.Event()
    threading.Thread(target=meter.watch, args=(stop,), daemon=True).start()
    timed = Timed(engine, meter)
    layer = search(day, timed)
    stop.set()
    told = {"start_s": started, "seconds": timed.seconds, "cpu_s": timed.cpu_s, "peak_mb": meter.peak_mb}
    print(json.dumps({**told, "met": layer.pairs_weighed, "found": len(layer.pairs), "digest": digest(layer)}))


def measure(name, workers, blocks, worker_mb, folders):
    """Run one engine in a process of its own; its figures, or that it failed."""
    options = [f"--master local-cluster[{workers},1,{worker_mb}]", f"--conf spark.executor.memory={worker_mb}m"]
    options += [f"--conf {pair}" for pair in QUIET]
    with tempfile.TemporaryDirectory() as work:
        environment = {
            **os.environ,
            "PYSPARK_SUBMIT_ARGS": " ".join([*options, "pyspark-shell"]),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_HOSTNAME": "localhost",
            "SPARK_WORKER_DIR": work,
            "SPARK_LOCAL_DIRS": work,
        }
        command = [sys.executable, __file__, "--one", name, str(blocks), *map(str, folders)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def plan(workers, blocks):
    """Which engine, how many workers, how many blocks, in order."""
    return [("local", 1, 1), ("local", 1, blocks), *(("spark", n, blocks) for n in workers)]


def show(row, first):
    what = f"{row['actions']:12,} {row['engine']:6} {row['workers']:7} {row['blocks']:6}"
    if "failed" in row:
        return f"{what} {row['failed']}"
    cpu = row["cpu_s"]
    same = "equal" if row["digest"] == first["digest"] else "DIFFERENT"
    return (
        f"{what} {row['start_s']:8.1f} {row['seconds']:8.1f} {sum(cpu.values()):7.1f} {cpu['driver']:7.1f}"
        f" {cpu['java']:7.1f} {cpu['workers']:8.1f} {row['peak_mb']:8,.0f}  {row['met']:,} weighed, {row['found']:,} found, {same}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actions", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--blocks", type=int, default=3, help="blocks of accounts; three make six tasks")
    parser.add_argument("--worker-mb", type=int, default=2048, help="memory of each worker's JVM")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        name, blocks, small, day = given.one
        return run_one(name, int(blocks), Path(small), Path(day))
    from day_dataset import write_dataset

    rows = []
    print(
        f"{'actions':>12} {'engine':6} {'workers':>7} {'blocks':>6} {'start s':>8} {'search s':>8} {'CPU s':>7} {'driver':>7}"
        f" {'java':>7} {'workers':>8} {'peak MB':>8}"
    )
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small"
        write_dataset(small, SMALL, texts=False)
        for n in given.actions:
            day = Path(folder) / f"day_{n}"
            write_dataset(day, n, texts=False)
            for name, workers, blocks in plan(given.workers, given.blocks):
                told = measure(name, workers, blocks, given.worker_mb, (small, day))
                rows.append({"actions": n, "engine": name, "workers": workers, "blocks": blocks, **told})
                print(show(rows[-1], next(r for r in rows if r["actions"] == n)), flush=True)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n")
    return None


if __name__ == "__main__":
    main()
