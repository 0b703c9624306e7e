"""Measure the proposed measures on simulated worlds: who is proposed for what, against what is due.

In: worlds as SCENARIO:SCALE:SEED, and a file of counts. Out: a line a world in that file (worlds that are there are not made again),
and the table of all of them together on standard output.

    python benchmarks/decisions.py counts.jsonl quiet:20000:31 city:20000:51 merchant:20000:61
    python benchmarks/decisions.py counts.jsonl                                   (only the table)

Honest are accounts whose truth is no measure. All intervals are exact (Clopper and Pearson 1934), 95 %. A limit is *earned*
where a limit or a ban is due; a ban only where a ban is. The last table compares honest slices by their rate of any measure.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from graphscan.evaluate import MEASURES, Rate, rate_of, read_truth
from graphscan.pipeline import scan_dataset
from graphscan.settings import make_settings
from graphscan.simulate import simulate

Cell = tuple[str, str, str]  # slice, due, proposed


def measure_world(world: str) -> Counter[Cell]:
    """Make one world, run the main job on it, and count its accounts."""
    scenario, scale, seed = world.split(":")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        simulate(path / "world", scenario, scale=int(scale), seed=int(seed))
        scan_dataset(path / "world", path / "run", make_settings(threads=1))
        truth = read_truth(path / "world" / "truth.csv")
        found = pq.read_table(path / "run" / "decisions.parquet", columns=["subject", "measure"])
        proposed = dict(zip(*(found[c].to_pylist() for c in ("subject", "measure")), strict=True))
    return Counter((t.slice, t.measure, proposed.get(account, "none")) for account, t in truth.items())


def add_worlds(file: Path, worlds: Iterable[str]) -> None:
    """Measure the worlds that the file does not hold, one line each as soon as it is known."""
    there = {json.loads(line)["world"] for line in file.read_text().splitlines()} if file.exists() else set()
    for world in worlds:
        if world not in there:
            cells = [[*cell, n] for cell, n in sorted(measure_world(world).items())]
            with file.open("a") as stream:
                stream.write(json.dumps({"world": world, "cells": cells}, ensure_ascii=False) + "\n")
            print(f"{world} done", file=sys.stderr, flush=True)


def all_cells(file: Path) -> tuple[list[str], Counter[Cell]]:
    """The worlds of a file, and their counts together."""
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    total: Counter[Cell] = Counter()
    for line in lines:
        total.update({(s, due, got): n for s, due, got, n in line["cells"]})
    return [line["world"] for line in lines], total


def count(
    cells: Counter[Cell], slice_: str | None = None, due: Iterable[str] = MEASURES, got: Iterable[str] = MEASURES
) -> int:
    """Accounts of a slice (None: all) for whom one of ``due`` is due and one of ``got`` was proposed."""
    return sum(n for (s, d, g), n in cells.items() if slice_ in (None, s) and d in due and g in got)


def told(rate: Rate) -> str:
    """One rate as a line; false measures also as an upper bound a million."""
    if rate.low is None or rate.high is None:
        return f"  {rate.name:34s} none"
    more = f", at most {rate.high * 1e6:,.0f} in a million" if rate.section == "harm" else ""
    return f"  {rate.name:34s} {rate.count:7,} of {rate.of:9,}  {rate.low:8.3%} to {rate.high:8.3%}{more}"


def main() -> None:
    file = Path(sys.argv[1])
    add_worlds(file, sys.argv[2:])
    worlds, cells = all_cells(file)
    print(f"{len(worlds)} worlds: {' '.join(worlds)}\n\ndue (rows) against proposed")
    for due in MEASURES:
        print(f"  {due:6s}" + "".join(f"{count(cells, due=[due], got=[got]):10,} {got}" for got in MEASURES))
    print("\nprecision and recall")
    for measure, earned in (("ban", ["ban"]), ("limit", ["limit", "ban"]), ("warn", ["warn", "limit", "ban"])):
        all_got = count(cells, got=[measure])
        print(told(rate_of("", f"{measure} earned", count(cells, due=earned, got=[measure]), all_got)))
        print(
            told(
                rate_of(
                    "",
                    f"{measure} due and proposed",
                    count(cells, due=[measure], got=[measure]),
                    count(cells, due=[measure]),
                )
            )
        )
    print("\nhonest accounts harmed")
    for name, got in (("banned", ["ban"]), ("limited", ["limit"]), ("warned", ["warn"])):
        print(told(rate_of("harm", name, count(cells, due=["none"], got=got), count(cells, due=["none"]))))
    print("\nhonest slices: any measure")
    for name in sorted({s for s, due, _ in cells if due == "none"}):
        rate = rate_of("harm", name, count(cells, name, ["none"], MEASURES[:-1]), count(cells, name, ["none"]))
        print(told(rate))
    print("\nslices due a measure: proposed")
    for name, due in sorted({(s, due) for s, due, _ in cells if due != "none"}):
        shares = ", ".join(f"{got} {count(cells, name, [due], [got]):,}" for got in MEASURES)
        print(f"  {name:24s} due {due:6s} {shares}")


if __name__ == "__main__":
    main()
