"""Time and memory against size, side by side with what others use, on the same log in one run; a table and a plot.

Question: all pairs of accounts that acted on at least two common objects within 60 seconds, exactly. Run:
``python benchmarks/scale.py [--actions 100000 1000000 …] [--environments FOLDER] [--write README.md]``. Every engine runs
alone in a process of its own under a limit of time and of memory; one that hits a limit is named and not tried on larger
logs. The packages of others (Coordination Network Toolkit, coordinationz) get environments of their own in FOLDER.
CPU seconds are those of reading and answering, with libraries loaded and kernels compiled; a package's are its whole
process's, since its clock cannot be started inside. Peak memory is always the whole process's. Each figure is kept in
``--record`` as soon as it is there, and with ``--again`` the table and the plot are made from the record without measuring.

Pairs are compared where the definitions are the same: by a sum of hashes of (account, account, objects, meetings) with DuckDB, Polars and
pandas; by the pairs themselves with the Toolkit, whose weight counts messages: graphscan is asked its question for that.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import meetings
import numpy as np
from day_log import write_day
from meetings import WINDOW_MS, read_columns, run_duckdb, run_graphscan, run_pandas
from scale_tables import draw, written

HERE = Path(__file__).parent
RECORD = HERE / "data" / "scale.json"
PLOT = HERE.parent / "docs" / "images" / "scale.png"
SIZES = (100_000, 1_000_000, 10_000_000, 70_000_000)
MEMORY_BYTES = 20 * 10**9  # of address space, for every engine; what is shown is the most that really lay in memory
HOTTEST = 0.13  # of all actions on one object, for the rows of a viral day
LIMIT_S = 120
PACKAGES = {"CNT": "CNT, w ≥ 2", "coordinationz": "coordinationz"}
meetings.DUCKDB_MEMORY = "8GB"  # it spills beyond
VIRAL = ("graphscan, viral", "DuckDB, viral")
VIRAL_CHECKED = (
    1_000_000  # up to this size DuckDB answers for the viral day too: 13 % of ten million are 2 billion pairs
)
ALONE_FROM = 70_000_000  # at this size only graphscan and the limits run, unless --all says otherwise


def run_viral(path):
    """The same question, the answer hashed piece by piece: a viral day of 70 million actions has an answer larger than memory."""
    from graphscan.behaviours.meetings import find_meetings

    told = []

    def note(batch):
        told.append(digest((batch.account_a, batch.account_b, batch.objects[:, 0], batch.meetings[:, 0])))
        return batch.where(np.zeros(len(batch), np.bool_))

    for _ in find_meetings(*read_columns(path), [WINDOW_MS], 2, keep=note):
        pass
    pairs, hashes = zip(*told, strict=True)
    return sum(pairs), f"{sum(int(h, 16) for h in hashes) % 2**64:016x}"


def run_polars(path):
    """The same bucket join as DuckDB's query, by Polars' streaming engine."""
    import polars as pl

    log = pl.scan_parquet(path).with_columns(b=pl.col("at_ms") // WINDOW_MS)
    right = pl.concat([log.with_columns(same=True), log.with_columns(b=pl.col("b") - 1, same=False)])
    mine, other = pl.col("account"), pl.col("account_right")
    near = (mine != other) & (pl.col("at_ms_right") - pl.col("at_ms") <= WINDOW_MS)
    found = (
        log.join(right, on=["object", "b"])
        .filter(pl.when("same").then(mine < other).otherwise(near))
        .group_by(a=pl.min_horizontal(mine, other), b=pl.max_horizontal(mine, other), o="object")
        .len("n")
        .group_by("a", "b")
        .agg(objects=pl.len(), meetings=pl.col("n").sum())
        .filter(pl.col("objects") >= 2)
        .collect(engine="streaming")
    )
    return tuple(found[name].to_numpy() for name in ("a", "b", "objects", "meetings"))


def sort_by_counting(path):
    """The cheapest honest limit: read three columns and sort them by (object, time), by counting, as the log is in time order."""
    from graphscan.behaviours.searching import pack

    pack(*read_columns(path))


def sort_by_duckdb(path):
    """The limit that anybody can repeat: DuckDB reads the log and sorts it by (object, time) into a table."""
    import duckdb

    with tempfile.TemporaryDirectory() as spill:
        settings = {"threads": 2, "memory_limit": "8GB", "temp_directory": spill}
        query = f"create temp table sorted as select * from read_parquet('{path}') order by object, at_ms"
        duckdb.connect(config=settings).execute(query)


ENGINES = {
    "graphscan": run_graphscan,
    "graphscan, viral": run_viral,
    "DuckDB, viral": run_duckdb,
    "DuckDB": run_duckdb,
    "Polars": run_polars,
    "pandas": run_pandas,
    "CNT": None,
    "coordinationz": None,
    "read and sort, counting": sort_by_counting,
    "read and sort, DuckDB": sort_by_duckdb,
}


def digest(columns):
    """Number of pairs and a sum of their hashes, whatever their order."""
    total = 0
    for first in range(0, len(columns[0]), 1_000_000):
        a, b, *counts = (np.asarray(c[first : first + 1_000_000]).astype(np.uint64) for c in columns)
        mixed = (a << np.uint64(32)) | b
        for count in (np.uint64(0), *counts):
            mixed = (mixed ^ count) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
        total = (total + int(mixed.sum(dtype=np.uint64))) % 2**64
    return len(columns[0]), f"{total:016x}"


def child(name, path, out):
    """One engine, in this process: its figures to a file; libraries are loaded and kernels compiled before the clock starts."""
    tiny = str(Path(out).with_suffix(".tiny.parquet"))
    write_day(Path(tiny), 2_000)
    ENGINES[name](tiny)
    began, cpu = time.perf_counter(), time.process_time()
    found = ENGINES[name](path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "stage_s": time.perf_counter() - began,
        "stage_cpu_s": time.process_time() - cpu,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss * 1024 / 1e6,
    }
    if found is not None:
        figures["pairs"], figures["digest"] = found if isinstance(found[0], int) else digest(found)
    Path(out).write_text(json.dumps(figures))


def _limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def run(command, limit_s):
    """Start a command under both limits: why it failed, or nothing."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            preexec_fn=_limit_memory,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])},
        )
        try:
            code = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return f"over {limit_s:.0f} s"
        errors.seek(0)
        said = errors.read()
    if code == 0:
        return ""
    if code < 0 or any(word in said for word in ("MemoryError", "OutOfMemory", "Out of Memory", "memory allocation")):
        return f"over {MEMORY_BYTES / 1e9:.0f} GB"
    return (said.strip().splitlines() or [f"exit {code}"])[-1][:100]


def measure(name, path, folder, limit_s, environments):
    """One engine on one log: its figures, or how it failed."""
    if ENGINES[name] is None:
        return measure_package(PACKAGES[name], path, folder, limit_s, environments)
    out = folder / "figures.json"
    failed = run([sys.executable, str(HERE / "scale.py"), "--child", name, str(path), str(out)], limit_s)
    return {"failed": failed} if failed else json.loads(out.read_text())


def measure_package(registered, path, folder, limit_s, environments):
    """A real package in its own environment, on the same log as .npz; with its pairs."""
    # here, since a child that loaded them would be charged for them
    from rivals.environments import NotInstalledError, python_with
    from rivals.register import RIVALS

    rival = next(r for r in RIVALS if r.name == registered)
    if environments is None:
        return {"failed": "no folder for its environment was given"}
    try:
        python = python_with(rival.requirements, environments)
    except NotInstalledError as error:
        return {"failed": str(error)}
    import pyarrow.parquet as pq

    log, out, used = folder / "log.npz", folder / "found.npz", folder / "used.json"
    table = pq.read_table(path)
    np.savez(log, **{name: table[name].to_numpy() for name in table.column_names})
    script = [str(python), "-W", "ignore", str(HERE / "rivals" / "packages" / rival.script), str(log), str(out)]
    launched = [sys.executable, str(HERE / "rivals" / "launch.py"), str(used), *script, *rival.arguments]
    failed = run(launched, limit_s)
    if failed:
        return {"failed": failed}
    pairs = np.load(out)["pairs"]
    found = {**json.loads(used.read_text()), "pairs": len(pairs)}
    if registered == PACKAGES["CNT"]:
        found["equal"] = bool(same_as_toolkit(path, pairs))
    return found


def same_as_toolkit(path, pairs):
    """Whether graphscan, asked the Toolkit's question (two messages within the window, on any objects), finds the same pairs."""
    from graphscan.behaviours.meetings import all_meetings, find_meetings

    met = all_meetings(find_meetings(*read_columns(path), [WINDOW_MS], 1), 1)
    ours = np.stack([met.account_a, met.account_b], axis=1)[met.meetings[:, 0] >= 2]
    return len(ours) == len(pairs) and np.array_equal(ours, pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])


def measure_all(given):
    """Every engine on every size, the record written after each."""
    done = json.loads(given.record.read_text())["rows"] if given.keep and given.record.exists() else []
    rows = [
        r for r in done if (r["actions"], r["engine"]) not in {(n, e) for n in given.actions for e in given.engines}
    ]
    for n in sorted(given.actions):
        with tempfile.TemporaryDirectory(dir=given.scratch) as place:
            folder = Path(place)
            path = folder / "day.parquet"
            for engine in sorted(given.engines, key=_viral):
                if engine in VIRAL or not path.exists():
                    write_day(path, n, hottest=HOTTEST if engine in VIRAL else None)
                rows.append({"actions": n, "engine": engine, **_tried(engine, n, rows, path, folder, given)})
                print(rows[-1], flush=True)
                _write_record(given, rows)


def _viral(engine):
    return engine in VIRAL


def _tried(engine, n, rows, path, folder, given):
    ours = engine.startswith(("graphscan", "read"))
    if engine == "DuckDB, viral" and n > VIRAL_CHECKED:
        return {"failed": "not tried"}
    before = [r for r in rows if r["engine"] == engine and r["actions"] < n and "failed" in r]
    if before:
        at = min(before, key=lambda r: r["actions"])
        return {"failed": at["failed"] if "actions" in at["failed"] else f"{at['failed']} at {at['actions']:,} actions"}
    if n >= ALONE_FROM and not ours and not given.all:
        return {"failed": "not tried"}
    return measure(engine, path, folder, 600 if ours else given.limit_s, given.environments)


def _write_record(given, rows):
    order = list(ENGINES)
    rows.sort(key=lambda r: (r["actions"], order.index(r["engine"])))
    machine = {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}
    limits = {"limit_s": given.limit_s, "memory_gb": MEMORY_BYTES / 1e9}
    given.record.write_text(json.dumps({"machine": machine, **limits, "rows": rows}, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--actions", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--limit-s", type=float, default=LIMIT_S, help="wall seconds a rival may take")
    parser.add_argument("--environments", type=Path, help="folder for the environments of the rivals' packages")
    parser.add_argument("--all", action="store_true", help=f"let rivals try {ALONE_FROM:,} actions too")
    parser.add_argument("--keep", action="store_true", help="keep the record's other rows")
    parser.add_argument("--again", action="store_true", help="measure nothing; table and plot from the record")
    parser.add_argument("--record", type=Path, default=RECORD)
    parser.add_argument("--scratch", type=Path, help="where the logs are written for the while")
    parser.add_argument("--plot", type=Path, default=PLOT)
    parser.add_argument("--write", type=Path, nargs="*", default=[], help="pages whose scale markers are filled")
    given = parser.parse_args()
    if not given.again:
        measure_all(given)
    record = json.loads(given.record.read_text())
    print(written(record))
    draw(record, given.plot)
    for page in given.write:
        text = page.read_text(encoding="utf-8")
        start, end = text.index("<!-- begin scale -->") + 20, text.index("<!-- end scale -->")
        page.write_text(text[:start] + "\n\n" + written(record) + "\n" + text[end:], encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
