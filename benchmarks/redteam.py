"""The red team's curve: attacks of several strengths, what graphscan finds of them, and what it would do to whom.

In: attacks of :data:`graphscan.simulate.scenarios.ATTACKS`. Out: a line an attack, strength and seed in a file (lines that are there are
not made again), the stored curve, and the table of ``docs/redteam.md``.

    python benchmarks/redteam.py run cells.jsonl [--attacks NAME …] [--seeds 5] [--people 600]
    python benchmarks/redteam.py store cells.jsonl        (benchmarks/data/redteam.json and docs/redteam.md)
    python benchmarks/redteam.py check                    (exit 1 on a loss against the stored curve)

Flagged: in a cluster. Held: a case is open, that is flagged, in a group of shared rare objects, or proposed for a measure. Measured: what
the built-in policy proposes. Innocents are all whom nobody manages; ordinary accounts count too. ``check`` plays one cell of every
attack again and fails where flagged, held, measured or the precision of flags fall by more than two points, or where any innocent
is proposed for any measure; the test suite does the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from redteam_grid import CHECKED, STRENGTHS, Cell, cells
from redteam_play import of_strength, plan_named, play, tell, tell_days
from redteam_tables import harmed, table

from graphscan.progress import Silent
from graphscan.simulate.scenarios import Scenario
from graphscan.simulate.simulation import build

LOSS = 0.02  # a loss of more than two points fails the check
ROOT = Path(__file__).parents[1]
CURVE, PAGE = ROOT / "benchmarks" / "data" / "redteam.json", ROOT / "docs" / "redteam.md"
BEGIN, END = "<!-- redteam table begins -->", "<!-- redteam table ends -->"
PEOPLE = 600


def run(file: Path, attacks: Sequence[str], seeds: int, people: int) -> None:
    """Play every cell that the file does not hold, then look day by day at those that lack their days; a line each, as soon as it is known.

    Seeds are the outer loop, so that a broken run has something of everything. A later line of a cell replaces the earlier one.
    """
    wanted = [
        {"attack": name, "bots": bots, "strength": strength, "seed": seed, "people": people}
        for seed in range(1, seeds + 1)
        for name, bots, strength in cells()
        if name in attacks
    ]
    for step, missing in ((_played, "squad"), (_looked_at, "days")):
        for cell in wanted:
            line = _lines(file).get(_key(cell), cell)
            if missing not in line:
                found = step(line)
                with file.open("a") as stream:
                    stream.write(json.dumps(found) + "\n")
                print(cell, found["squad"], found.get("days"), harmed(found), file=sys.stderr, flush=True)


def _plan(cell: Mapping[str, Any]) -> Scenario:
    return of_strength(plan_named(cell["attack"]), cell["bots"], cell["strength"])


def _played(cell: Mapping[str, Any]) -> dict[str, Any]:
    return {**cell, **tell(play(_plan(cell), cell["people"], cell["seed"]))}


def _looked_at(line: Mapping[str, Any]) -> dict[str, Any]:
    return {**line, "days": tell_days(build(_plan(line), line["people"], line["seed"], Silent()))}


def _lines(file: Path) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The cells of a file; the last line of each."""
    lines = map(json.loads, file.read_text().splitlines() if file.exists() else [])
    return {_key(line): line for line in lines}


def _key(cell: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(cell[name] for name in ("attack", "bots", "strength", "seed", "people"))


def rates(line: Mapping[str, Any]) -> dict[str, float]:
    """Shares of the squads that are flagged, held, and proposed for any measure; and of the flagged, who is of a squad."""
    n = max(1, line["squad"]["of"])
    measured = sum(k for _, got, k in line["due"] if got != "none")
    wrong = sum(row["flagged"] for row in line["innocents"].values())
    flagged = line["squad"]["flagged"]
    return {
        "flagged": flagged / n,
        "held": line["squad"]["held"] / n,
        "measured": measured / n,
        "precision": flagged / (flagged + wrong) if flagged else 1.0,  # nothing flagged is a loss of recall
    }


def store(file: Path) -> None:
    """Write the curve and the page's table from a file of cells."""
    order = list(cells())
    lines = sorted(
        _lines(file).values(), key=lambda x: (order.index((x["attack"], x["bots"], x["strength"])), x["seed"])
    )
    CURVE.parent.mkdir(exist_ok=True)
    CURVE.write_text("[\n" + ",\n".join(json.dumps(line) for line in lines) + "\n]\n")
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n\n{table(lines)}\n{END}{rest}", encoding="utf-8")


def check(wanted: Sequence[Cell] = CHECKED) -> list[str]:
    """Play the checked cells again on the first seed, and say what was lost."""
    stored = {_key(line): line for line in json.loads(CURVE.read_text())}
    faults = []
    for name, bots, strength in wanted:
        before = stored.get((name, bots, strength, 1, PEOPLE))
        if before is None:
            faults.append(f"{name} {bots} {strength}: not in the stored curve")
            continue
        found = _played({"attack": name, "bots": bots, "strength": strength, "seed": 1, "people": PEOPLE})
        faults += losses(f"{name} {bots} {strength:g}", before, found)
    return faults


def losses(name: str, before: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """What a cell lost against the stored one, and the innocents it would measure."""
    was, now = rates(before), rates(found)
    lost = [f"{name}: {k} fell from {was[k]:.3f} to {now[k]:.3f}" for k in was if now[k] < was[k] - LOSS]
    hit = harmed(found)
    return lost + ([f"{name}: innocents would be measured: {hit}"] if hit else [])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("run", "store", "check"))
    parser.add_argument("file", type=Path, nargs="?", default=Path("cells.jsonl"))
    parser.add_argument("--attacks", nargs="*", default=list(STRENGTHS), choices=list(STRENGTHS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--people", type=int, default=PEOPLE)
    given = parser.parse_args()
    if given.what == "run":
        run(given.file, given.attacks, given.seeds, given.people)
    elif given.what == "store":
        store(given.file)
    else:
        faults = check()
        print("\n".join(faults) or f"{len(CHECKED)} cells as stored or better, no innocent measured")
        return 1 if faults else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
