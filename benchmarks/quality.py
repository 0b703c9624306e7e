"""The whole quality table by one command: graphscan, its rivals, real labels, simulated worlds and propagation.

    python3 dev.py quality [--short] [--check] [--seeds 3] [--data FOLDER] [--graph FOLDER] [--write README.md]

``dev.py`` sets up what is needed; in an environment that has it, ``python benchmarks/quality.py`` does the same. ``--data`` is the
folder of the sets that may not be shipped, ``--graph`` the public Sybil graph (docs/real-data.md says where each comes from); without
them their rows say that they were not run. ``--short`` is one seed, the quick rivals and no labelled sets. ``--check`` fails (exit 1)
where graphscan lost more than two points against the stored docs/quality.json. ``--keep FILE`` keeps each finished piece, so that a
broken run goes on where it was; ``--no-measuring`` only writes what the file holds. Written with ``--write``: docs/quality.md,
docs/quality.json and the table between the markers of README.md. Rivals that are packages are put into environments of their own
under ``--rivals-venv``, which asks the package index at the first run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import decisions
import injection
import levels
import propagation
import quality_goals
import quality_tables
import real_labels
import rivals
import shipped

from graphscan.simulate.injection import inject

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "out" / "rivals"  # git ignores out/
Row = dict[str, Any]

WORLDS = ("city:3000:51", "quiet:3000:31", "merchant:3000:61")
QUICK = ("co-share, k ≥ 2", "CooRTweet", "CNT, w ≥ 3", "coordinationz", "TF-IDF cosine", "SynchroTrap, ≥ .2")
"""Rivals of the short form: each takes some seconds."""


@dataclass(frozen=True)
class Piece:
    """One piece of the table: its part, its name, and what measures it."""

    part: str
    name: str
    rows: Callable[[], Iterator[Row]]


def pieces(given: argparse.Namespace) -> list[Piece]:
    """Everything to be measured, in order; seeds outermost, so that a broken run has something of everything."""
    worlds = WORLDS[:1] if given.short else WORLDS
    chosen = [Piece("shipped", name, measure) for name, measure in shipped.MEASURES.items()]
    for seed in range(1 if given.short else given.seeds):
        wanted = [injection.OURS, *QUICK] if given.short else wanted_of(seed)
        for mix in injection.MIXES:
            chosen.append(Piece("injection", f"{mix}:{seed}", partial(injected, mix, seed, wanted, given.rivals_venv)))
    for world in levels.WORLDS[:1] if given.short else levels.WORLDS:
        wanted = QUICK if given.short else ()
        chosen.append(Piece("levels", world, partial(levels.measure, world, wanted, given.rivals_venv)))
    chosen += [Piece("worlds", world, partial(world_rows, world)) for world in worlds]
    chosen.append(Piece("propagation", "graph", partial(propagation_rows, given.graph, 3 if given.short else 10)))
    sets = [] if given.short else list(real_labels.SETS)
    return chosen + [
        Piece("real", name, partial(real_labels.measure, name, given.data, given.rivals_venv)) for name in sets
    ]


def wanted_of(seed: int) -> list[str]:
    """Methods of a seed: all on the first, all but the slow ones on the others."""
    return [injection.OURS, injection.OURS_BLIND, *(r.name for r in rivals.RIVALS if seed == 0 or not r.slow)]


def injected(mix: str, seed: int, wanted: list[str], environments: Path) -> Iterator[Row]:
    """The injection table's rows of one mix and seed."""
    rows = inject(injection.read_background(), injection.MIXES[mix], seed)
    for row in injection.measure(rows, wanted, environments):
        yield {"mix": mix, "seed": seed, **row}


def world_rows(world: str) -> Iterator[Row]:
    """Accounts of one simulated world by what is due to them and what was proposed, honest slices apart."""
    cells = decisions.measure_world(world)
    for due in ("ban", "limit", "warn", "none"):
        row = {got: decisions.count(cells, due=[due], got=[got]) for got in ("ban", "limit", "warn", "none")}
        yield {"world": world, "due": due, **row}


def propagation_rows(graph: Path | None, draws: int) -> Iterator[Row]:
    """AUC of each way to propagate, by the share of wrong seeds."""
    if graph is None:
        yield {"failed": "not run: the public Sybil graph was not given (--graph; docs/real-data.md says where it is)"}
        return
    yield from propagation.measure(graph, draws)


def measured(given: argparse.Namespace) -> list[Row]:
    """All rows; pieces that ``--keep`` holds are not measured again. The last row tells what a run in one go has taken."""
    kept = _kept(given.keep)
    found: list[Row] = []
    began, again = time.monotonic(), 0
    for piece in pieces(given):
        rows = kept.get((piece.part, piece.name))
        again += rows is not None
        if rows is None and not given.no_measuring:
            rows = [{"part": piece.part, "piece": piece.name, **row} for row in piece.rows()]
            if given.keep:
                with given.keep.open("a", encoding="utf-8") as stream:
                    stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        for row in rows or []:
            print(quality_tables.line(row), file=sys.stderr, flush=True)
        found += rows or []
    return found if again or given.no_measuring else [*found, _taken(time.monotonic() - began, given.short)]


def _kept(file: Path | None) -> dict[tuple[str, str], list[Row]]:
    kept: dict[tuple[str, str], list[Row]] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file and file.exists() else []:
        row = json.loads(line)
        kept.setdefault((row["part"], row["piece"]), []).append(row)
    return kept


def _taken(wall_s: float, short: bool) -> Row:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(u.ru_utime + u.ru_stime for u in used)
    told = {"wall_min": round(wall_s / 60, 1), "cpu_min": round(cpu_s / 60, 1), "cores": os.cpu_count()}
    return {"part": "run", "piece": "short" if short else "whole", **told}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit 1 on a loss of two points against docs/quality.json")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--graph", type=Path)
    parser.add_argument("--rivals-venv", type=Path, default=CACHE, help="default: out/rivals, which git ignores")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--no-measuring", action="store_true")
    parser.add_argument("--write", type=Path, metavar="README.md")
    given = parser.parse_args()
    given.rivals_venv.mkdir(parents=True, exist_ok=True)
    rows = measured(given)
    print(quality_tables.page(rows))
    if given.write:
        quality_tables.write(rows, ROOT / "docs", given.write)
    if not given.check:
        return 0
    lost = quality_goals.losses(json.loads((ROOT / "docs" / "quality.json").read_text(encoding="utf-8")), rows)
    print("\n".join(f"lost: {line}" for line in lost) or "no loss of two points against docs/quality.json")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
