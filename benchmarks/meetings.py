"""The meetings stage beside DuckDB's and pandas' way of the same query, on the same log, in one run.

Question: all pairs of accounts that acted on at least two common objects within 60 seconds, exactly, with the number of
objects and of meetings. Run: ``python benchmarks/meetings.py [--actions 1000000 10000000] [--limit-s 600]``. Each engine
runs alone in a process of its own; CPU seconds and peak memory are the operating system's. A warm-up on a small log comes
first, since the first graphscan run in an environment also compiles the kernel.
Prints a table with ratios to graphscan; an engine that passes the time limit or runs out of memory is named as such.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing as mp
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from day_log import write_day

WINDOW_MS = 60_000
COLUMNS = ("account", "object", "at_ms")
DUCKDB_MEMORY = "12GB"
MEMORY_BYTES = 16 * 10**9  # an address-space limit for the rivals, so that none takes the machine down


def read_columns(path):
    """Account, object and time, read row group by row group, so that no second copy of the whole log is made."""
    import pyarrow.parquet as pq

    log = pq.ParquetFile(path)
    columns = {n: np.empty(log.metadata.num_rows, np.int64 if n == "at_ms" else np.int32) for n in COLUMNS}
    first = 0
    for group in range(log.num_row_groups):
        part = log.read_row_group(group, list(COLUMNS), use_threads=False)
        for name, column in columns.items():
            column[first : first + len(part)] = part[name].to_numpy()
        first += len(part)
    return list(columns.values())


def run_graphscan(path):
    from graphscan.behaviours.meetings import all_meetings, find_meetings

    met = all_meetings(find_meetings(*read_columns(path), [WINDOW_MS], 2), 1)
    return met.account_a, met.account_b, met.objects[:, 0], met.meetings[:, 0]


def run_duckdb(path):
    import duckdb

    query = f"""
      with e as materialized (select account a, object o, at_ms t, at_ms // {WINDOW_MS} b from read_parquet('{path}')),
      p as (select least(l.a, r.a) a, greatest(l.a, r.a) b, l.o o, count(*) n
            from e l join (select *, b as j from e union all select *, b - 1 as j from e) r on l.o = r.o and l.b = r.j
            where case when r.b = l.b then l.a < r.a else l.a <> r.a and r.t - l.t <= {WINDOW_MS} end group by all)
      select a, b, count(*) objects, sum(n)::bigint meetings from p group by a, b having count(*) >= 2"""
    with tempfile.TemporaryDirectory() as spill:
        settings = {
            "threads": 2,
            "memory_limit": DUCKDB_MEMORY,
            "temp_directory": spill,
            "preserve_insertion_order": "false",
        }
        found = duckdb.connect(config=settings).execute(query).fetchnumpy()
    return found["a"], found["b"], found["objects"], found["meetings"]


def run_pandas(path):
    import pandas as pd

    log = pd.read_parquet(path)
    log["b"] = log["at_ms"] // WINDOW_MS
    before = log.assign(b=log["b"] - 1)
    right = pd.concat([log.assign(same=True), before.assign(same=False)])
    both = log.merge(right, on=["object", "b"], suffixes=("_l", "_r"))
    inside = np.where(
        both["same"],
        both["account_l"] < both["account_r"],
        (both["account_l"] != both["account_r"]) & (both["at_ms_r"] - both["at_ms_l"] <= WINDOW_MS),
    )
    both = both[inside]
    low, high = np.minimum(both["account_l"], both["account_r"]), np.maximum(both["account_l"], both["account_r"])
    per = both.assign(x=low, y=high).groupby(["x", "y", "object"]).size().reset_index(name="n")
    found = per.groupby(["x", "y"])["n"].agg(["size", "sum"]).reset_index()
    found = found[found["size"] >= 2]
    return found["x"], found["y"], found["size"], found["sum"]


ENGINES = {"graphscan": run_graphscan, "DuckDB": run_duckdb, "pandas": run_pandas}


def digest(columns):
    """A hash of the pairs, whatever their order."""
    a, b, objects, meetings = (np.asarray(c, np.int64) for c in columns)
    order = np.lexsort((b, a))
    return len(a), hashlib.sha256(np.stack([c[order] for c in (a, b, objects, meetings)]).tobytes()).hexdigest()[:12]


def _child(name, path, pipe):
    if name != "graphscan":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    began = time.perf_counter()
    try:
        pairs, name_of_pairs = digest(ENGINES[name](path))
    except Exception as error:  # noqa: BLE001  whatever a rival dies of is its result
        pipe.send({"failed": type(error).__name__})
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    pipe.send(
        {
            "seconds": time.perf_counter() - began,
            "cpu_s": used.ru_utime + used.ru_stime,
            "peak_mb": used.ru_maxrss * 1024 / 1e6,
            "pairs": pairs,
            "digest": name_of_pairs,
        }
    )


def measure(name, path, limit_s):
    """Run one engine in a fresh process; its figures, or how it failed."""
    here, there = mp.get_context("spawn").Pipe()
    process = mp.get_context("spawn").Process(target=_child, args=(name, path, there))
    process.start()
    there.close()
    try:
        if not here.poll(limit_s):
            process.kill()
            return {"failed": f"over {limit_s} s"}
        return here.recv()
    except EOFError:
        return {"failed": "killed (memory)"}
    finally:
        process.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actions", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--limit-s", type=int, default=600)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "warm.parquet"
        write_day(warm, 20_000)
        measure("graphscan", str(warm), given.limit_s)
        for n in given.actions:
            path = Path(folder) / f"day_{n}.parquet"
            write_day(path, n)
            rows += [{"actions": n, "engine": e, **measure(e, str(path), given.limit_s)} for e in ENGINES]
    print(f"{'actions':>12} {'engine':10} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'× CPU':>7} {'× MB':>6}  pairs")
    for row in rows:
        base = next(r for r in rows if r["actions"] == row["actions"] and r["engine"] == "graphscan")
        if "failed" in row:
            print(f"{row['actions']:12,} {row['engine']:10} {row['failed']}")
            continue
        same = "equal" if row["digest"] == base["digest"] else "DIFFERENT"
        print(
            f"{row['actions']:12,} {row['engine']:10} {row['seconds']:8.1f} {row['cpu_s']:8.1f} {row['peak_mb']:8,.0f}"
            f" {row['cpu_s'] / base['cpu_s']:7.1f} {row['peak_mb'] / base['peak_mb']:6.1f}  {row['pairs']:,} {same}"
        )
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
