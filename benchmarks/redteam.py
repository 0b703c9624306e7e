"""The red team's curve: attacks of several strengths, what graphscan finds of them, and what it would do to whom.

In: attacks of :data:`graphscan.simulate.scenarios.ATTACKS`. Out: a line an attack, strength and seed in a file (lines that are there are
not made again), the stored curve, and the table of ``docs/redteam.md``.

    python benchmarks/redteam.py run cells.jsonl [--attacks NAME …] [--seeds 5] [--people 600]
    python benchmarks/redteam.py delays cells.jsonl       (adds how many days it took, for one strength an attack)
    python benchmarks/redteam.py store cells.jsonl        (benchmarks/data/redteam.json and docs/redteam.md)
    python benchmarks/redteam.py check                    (exit 1 on a loss against the stored curve)

Flagged: in a cluster. Held: a case is open, that is flagged, in a group of shared rare objects, or proposed for a measure. Measured: what
the built-in policy proposes. Innocents are all whom nobody manages; ordinary accounts count too. Intervals are exact (Clopper and
Pearson 1934), 95 %, over all seeds. ``check`` plays a few cells again and fails where flagged, held or measured fall by more
than two points, or where any innocent is proposed for any measure.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphscan.accounts.weights import WEIGHTS, weigh
from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.decisions.policy import read_policy
from graphscan.evaluate import rate_of
from graphscan.groups.clusters import group
from graphscan.intake import read_dataset
from graphscan.motifs import find_motifs
from graphscan.pipeline import Own, decide, find_layers, fuse, look_at_accounts
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate.parts import Part
from graphscan.simulate.scenarios import ATTACKS, Scenario
from graphscan.simulate.simulation import build
from graphscan.steps import Steps
from graphscan.tables import ACTION_TABLES

UNEXPLAINED, SHARE = 6, 0.3  # guard G8
HALF = 0.5  # of a squad: from there it counts as held in time to detection
DATED = (*ACTION_TABLES, "reports")
LOSS = 0.02  # a loss of more than two points fails the check
ROOT = Path(__file__).parents[1]
CURVE, PAGE = ROOT / "benchmarks" / "data" / "redteam.json", ROOT / "docs" / "redteam.md"
BEGIN, END = "<!-- redteam table begins -->", "<!-- redteam table ends -->"

STRENGTHS: dict[str, tuple[tuple[int, float], ...]] = {
    "framing_reactive": tuple((bots, share) for bots in (5, 20, 50) for share in (0.25, 0.5, 1.0)),
    "framing_preemptive": tuple((bots, minutes) for bots in (10, 30, 60) for minutes in (5.0, 15.0, 60.0)),
    "freshmen": tuple((bots, share) for bots in (10, 20, 40) for share in (0.0, 0.5, 1.0)),
    "fandom": ((20, 0.5), (20, 1.0), (40, 1.0)),
    "phrase": ((20, 0.3), (20, 0.8), (40, 1.0)),
    "household": ((15, 0.0), (15, 1.0), (40, 1.0)),
    "report_brigade": ((10, 1.0), (100, 1.0), (1000, 1.0)),
    "bridging": ((30, 1.0), (30, 5.0)),
    "hijacked": ((15, 0.05), (15, 0.2), (15, 0.4)),
    "jitter": tuple((15, minutes) for minutes in (1.0, 5.0, 30.0, 360.0, 1440.0, 10080.0)),
    "rotation": ((15, 0.6), (15, 0.3), (15, 0.15), (15, 0.05)),
    "camouflage": ((15, 0.5), (15, 0.8), (15, 0.9), (15, 0.95)),
    "prebuilt_interest": ((20, 0.0), (20, 0.5), (20, 1.0)),
    "leader_immunity": ((20, 0.05), (20, 0.1), (20, 0.5)),
    "paraphrase": ((15, 0.0), (15, 0.33), (15, 0.66), (15, 1.0)),
    "noise": ((15, 0.0), (15, 0.1), (15, 0.3)),
    "aged": ((15, 0.0), (15, 30.0), (15, 180.0)),
    "poisoned_history": ((15, 0.01), (15, 0.05), (15, 0.2)),
    "funnel": ((12, 1.0),),
    "midnight": ((15, 1.0),),
    "well_spoken": ((15, 1.0), (15, 5.0)),
    "figurehead": ((15, 1.0),),
    "declared": ((15, 0.5), (15, 1.0)),
    "private": ((15, 0.5), (15, 1.0)),
}
"""Per attack: accounts of the squad, and the attack's own strength (see ``graphscan.simulate``: attacks, evasions, framings, hidings)."""

SAID: dict[str, str] = {
    "framing_reactive": "share of the victim's comments copied",
    "framing_preemptive": "minutes over which the squad comes",
    "freshmen": "share of the freshmen's comments with the slogan",
    "fandom": "share of the freshmen's comments with the slogan",
    "phrase": "share of the victims' comments mocked",
    "household": "chance that the squad registers in the household's hours",
    "report_brigade": "-",
    "bridging": "innocents copied by both squads",
    "hijacked": "share of a tool's acts",
    "jitter": "minutes over which members come",
    "rotation": "share of members a task",
    "camouflage": "share of life besides",
    "prebuilt_interest": "share of authors visited before",
    "leader_immunity": "share of leaders",
    "paraphrase": "share written afresh",
    "noise": "share of characters",
    "aged": "days of age before the log",
    "poisoned_history": "crowd, as a share of the world",
    "funnel": "-",
    "midnight": "-",
    "well_spoken": "answers a member",
    "figurehead": "-",
    "declared": "share of notes labelled",
    "private": "share of notes private",
}
CHECKED = (
    ("framing_reactive", 20, 1.0),
    ("framing_preemptive", 30, 5.0),
    ("freshmen", 20, 1.0),
    ("fandom", 20, 1.0),
    ("jitter", 15, 30.0),
    ("noise", 15, 0.1),
    ("hijacked", 15, 0.2),
)
"""What ``check`` plays again, on the first seed: the framings, and one cell of each kind of evasion."""


@dataclass(frozen=True)
class Outcome:
    """One row an account: its truth, whether it is flagged, named, held, and what is proposed for it."""

    rows: pd.DataFrame

    @property
    def squad(self) -> pd.DataFrame:
        """The accounts of the squads; those that only poison or report are neither squad nor innocent."""
        return self.rows[self.rows["cluster"] != ""]

    @property
    def innocents(self) -> pd.DataFrame:
        """Everybody whom nobody manages."""
        return self.rows[self.rows["role"] != "managed"]


def play(plan: Scenario, people: int, seed: int) -> Outcome:
    """Make the world of a scenario, look at it, decide, and return what became of every account."""
    world = build(plan, people, seed, Silent())
    return judge(world.tables(), world.truth().to_pandas())


def judge(tables: Mapping[str, pa.Table], truth: pd.DataFrame) -> Outcome:
    """Look at a world, decide, and return what became of every account of its truth."""
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables.items():
            pq.write_table(table, Path(folder) / f"{name}.parquet")
        dataset = read_dataset(Path(folder))
    settings = make_settings(threads=1)
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    clusters = group(layers, accounts, identified(dataset, accounts), settings).clusters
    own = look_at_accounts(dataset, accounts, layers, clusters, settings)
    motifs = find_motifs(layers, clusters, dataset, accounts, settings.seed)
    fused = fuse(dataset, accounts, layers, clusters, own.conduct, settings)
    decided = decide(dataset, accounts, layers, clusters, own, motifs, fused, read_policy())
    told = pd.DataFrame({"account_id": accounts.ids.to_pylist(), "cluster_number": -1, **_facts(own)})
    for k, cluster in enumerate(clusters):
        told.loc[cluster.community.accounts, "cluster_number"] = k
    proposed = dict(zip(*(decided.decisions[c].to_pylist() for c in ("subject", "measure")), strict=True))
    told["measure_proposed"] = [proposed.get(a, "none") for a in told["account_id"]]
    told["flagged"] = told["cluster_number"] >= 0
    told["named"] = told["flagged"] | (own.cotargets.group >= 0)
    told["held"] = told["named"] | (told["measure_proposed"] != "none")
    return Outcome(told.merge(truth, on="account_id", how="left"))


def days_to_hold(plan: Scenario, people: int, seed: int) -> int:
    """Days from a squad's first act to the end of the first day by whose end half of it is held.

    For squads that are held at the end of the log; found by halving, as if a squad once held stayed held.
    """
    world = build(plan, people, seed, Silent())
    tables, truth = world.tables(), world.truth().to_pandas()
    squad = pa.array(truth.loc[truth["cluster"] != "", "account_id"])
    acts = [t.filter(pc.is_in(t["account_id"], squad))["created_at"] for n, t in tables.items() if n in ACTION_TABLES]
    first, last = min(pc.min(a).as_py() for a in acts if len(a)), max(pc.max(a).as_py() for a in acts if len(a))

    def held(days: int) -> bool:
        end = pa.scalar(first + timedelta(days=days), pa.timestamp("ms", "UTC"))
        until = {n: t.filter(pc.less(t["created_at"], end)) if n in DATED else t for n, t in tables.items()}
        return float(judge(until, truth).squad["held"].mean()) >= HALF

    low, high = 0, (last - first).days + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if held(middle) else (middle, high)
    return high


def _facts(own: Own) -> dict[str, np.ndarray]:
    weights = weigh(own.conduct)
    class_a = [np.nan_to_num(weights[w.name]) > 0 for w in WEIGHTS if w.family.startswith("A")]
    charged = (own.direction.unexplained >= UNEXPLAINED) & (np.nan_to_num(own.direction.share) >= SHARE)
    roles = {name: getattr(own.roles, name) for name in ("bridge", "leader", "compromised")}
    stopped = roles["bridge"] | roles["compromised"] | own.roles.object_owner | own.roles.receiver
    return {
        "unexplained": own.direction.unexplained,
        "charged": charged,
        "gate": charged & np.any(class_a, axis=0) & ~stopped,
        **roles,
    }


def tell(outcome: Outcome) -> dict[str, Any]:
    """Return the counts of one cell: the squads by what is due and proposed, the innocents by slice."""
    bots, people = outcome.squad, outcome.innocents
    due = Counter(zip(bots["measure"], bots["measure_proposed"], strict=True))
    slices = {}
    for name, rows in people.groupby("slice"):
        proposed = Counter(m for m in rows["measure_proposed"] if m != "none")
        slices[str(name)] = {
            "of": len(rows),
            **_sums(rows, "flagged", "held", "charged"),
            **dict(sorted(proposed.items())),
        }
    return {
        "squad": {"of": len(bots), **_sums(bots, "flagged", "held", "leader", "compromised")},
        "due": [[*cell, n] for cell, n in sorted(due.items())],
        "innocents": slices,
        "clusters": int(outcome.rows["cluster_number"].max()) + 1,
    }


def _sums(rows: pd.DataFrame, *names: str) -> dict[str, int]:
    return {name: int(rows[name].sum()) for name in names}


def of_strength(plan: Scenario, bots: int, strength: float) -> Scenario:
    """The scenario with another squad: so many accounts, of that strength."""
    kind = plan.parts[-1].kind
    parts: list[Part] = [replace(p, size=bots, strength=strength) if p.kind == kind else p for p in plan.parts]
    return replace(plan, parts=tuple(parts))


def plan_named(name: str) -> Scenario:
    """The attack of that name."""
    return next(a for a in ATTACKS if a.name == name)


def run(file: Path, attacks: Sequence[str], seeds: int, people: int) -> None:
    """Play every cell that the file does not hold, a line each as soon as it is known; seeds are the outer loop."""
    there = {_key(line) for line in _lines(file)}
    for seed in range(1, seeds + 1):
        for name in attacks:
            for bots, strength in STRENGTHS[name]:
                cell = {"attack": name, "bots": bots, "strength": strength, "seed": seed, "people": people}
                if _key(cell) not in there:
                    found = tell(play(of_strength(plan_named(name), bots, strength), people, seed))
                    with file.open("a") as stream:
                        stream.write(json.dumps({**cell, **found}) + "\n")
                    print(cell, found["squad"], harmed(found), file=sys.stderr, flush=True)


def add_delays(file: Path) -> None:
    """Add ``days`` to the first seed's line of each attack's middle strength; the file is written after every line.

    None where half of the squad is not held at the end either.
    """
    lines = _lines(file)
    middle = {(name, *cells[len(cells) // 2]) for name, cells in STRENGTHS.items()}
    for line in lines:
        wanted = line["seed"] == 1 and (line["attack"], line["bots"], line["strength"]) in middle
        if wanted and line["squad"]["of"] and "days" not in line:
            plan = of_strength(plan_named(line["attack"]), line["bots"], line["strength"])
            ever = line["squad"]["held"] >= HALF * line["squad"]["of"]
            line["days"] = days_to_hold(plan, line["people"], line["seed"]) if ever else None
            print(line["attack"], line["bots"], line["strength"], line["days"], file=sys.stderr, flush=True)
            beside = file.with_suffix(".partial")
            beside.write_text("".join(json.dumps(x) + "\n" for x in lines))
            beside.replace(file)


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _key(cell: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(cell[name] for name in ("attack", "bots", "strength", "seed", "people"))


def harmed(line: Mapping[str, Any]) -> dict[str, int]:
    """How many innocents are proposed for which measure."""
    total: Counter[str] = Counter()
    for row in line["innocents"].values():
        total.update({m: row[m] for m in ("ban", "limit", "warn") if m in row})
    return dict(total)


def rates(line: Mapping[str, Any]) -> dict[str, float]:
    """Shares of the squads that are flagged, held, and proposed for any measure."""
    n = max(1, line["squad"]["of"])
    measured = sum(k for _, got, k in line["due"] if got != "none")
    return {"flagged": line["squad"]["flagged"] / n, "held": line["squad"]["held"] / n, "measured": measured / n}


def store(file: Path) -> None:
    """Write the curve and the page's table from a file of cells."""
    order = [(a, b, s) for a, cells in STRENGTHS.items() for b, s in cells]
    lines = sorted(_lines(file), key=lambda x: (order.index((x["attack"], x["bots"], x["strength"])), x["seed"]))
    CURVE.parent.mkdir(exist_ok=True)
    CURVE.write_text("[\n" + ",\n".join(json.dumps(line) for line in lines) + "\n]\n")
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n\n{table(lines)}\n{END}{rest}", encoding="utf-8")


def table(lines: Sequence[Mapping[str, Any]]) -> str:
    """The page's tables: a row a cell, and innocents by slice."""
    cells: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for line in lines:
        cells.setdefault((line["attack"], line["bots"], line["strength"]), []).append(line)
    told = [
        "| attack | strength | seeds | flagged | held | precision | days | due a ban: ban, limit | due a limit: ban, limit "
        "| innocents flagged | measured |"
    ]
    told.append("| --- | --- | ---: | --- | --- | --- | ---: | --- | --- | ---: | ---: |")
    told += [_row(cell, group) for cell, group in cells.items()]
    told += [
        "",
        "| innocents | accounts | flagged | warned, limited, banned | at most, 95 % |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    return "\n".join([*told, *_slices(lines)]) + "\n"


def _row(cell: tuple[Any, ...], group: Sequence[Mapping[str, Any]]) -> str:
    name, bots, strength = cell
    squad = Counter[str]()
    for line in group:
        squad.update(line["squad"])
    due = Counter({(d, g): 0 for d in ("ban", "limit") for g in ("ban", "limit")})
    for line in group:
        due.update({(d, g): n for d, g, n in line["due"]})
    people = [row for line in group for row in line["innocents"].values()]
    hit = sum(sum(harmed(line).values()) for line in group)
    words = f"{name}, {bots} accounts"
    said = f"{strength:g}" if SAID[name] == "-" else f"{strength:g} ({SAID[name]})"
    shown = [_interval(squad["flagged"], squad["of"]), _interval(squad["held"], squad["of"])]
    innocent = sum(r["flagged"] for r in people)
    shown += [_interval(squad["flagged"], squad["flagged"] + innocent), _days(group)]
    shown += [_told_due(due, d) for d in ("ban", "limit")]
    flagged = f"{innocent} of {sum(r['of'] for r in people):,}"
    return f"| {words} | {said} | {len(group)} | {' | '.join(shown)} | {flagged} | {hit} |"


def _days(group: Sequence[Mapping[str, Any]]) -> str:
    """Days to hold half of the squad; "never" where it is not held, a dash where that was not measured."""
    known = [line["days"] for line in group if "days" in line]
    return "-" if not known else "never" if known[0] is None else str(known[0])


def _told_due(due: Mapping[tuple[str, str], int], what: str) -> str:
    of = sum(n for (d, _), n in due.items() if d == what)
    return f"{due[what, 'ban']}, {due[what, 'limit']} of {of}" if of else "-"


def _interval(count: int, of: int) -> str:
    rate = rate_of("", "", count, of)
    return "-" if rate.low is None or rate.high is None else f"{count / of:.2f} ({rate.low:.2f}–{rate.high:.2f})"


def _slices(lines: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    total: dict[str, Counter[str]] = {}
    for line in lines:
        for name, row in line["innocents"].items():
            total.setdefault(name, Counter()).update(row)
    for name, row in sorted(total.items()):
        hit = row["warn"] + row["limit"] + row["ban"]
        rate = rate_of("", "", hit, row["of"])
        most = "-" if rate.high is None else f"{rate.high * 1e6:,.0f} in a million"
        yield f"| {name} | {row['of']:,} | {row['flagged']} | {row['warn']}, {row['limit']}, {row['ban']} | {most} |"


def check() -> list[str]:
    """Play the checked cells again and say what was lost."""
    stored = {_key(line): line for line in json.loads(CURVE.read_text())}
    people = next(iter(stored.values()))["people"]
    faults = []
    for name, bots, strength in CHECKED:
        before = stored.get((name, bots, strength, 1, people))
        if before is None:
            faults.append(f"{name} {bots} {strength}: not in the stored curve")
            continue
        found = tell(play(of_strength(plan_named(name), bots, strength), people, 1))
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
    parser.add_argument("what", choices=("run", "delays", "store", "check"))
    parser.add_argument("file", type=Path, nargs="?", default=Path("cells.jsonl"))
    parser.add_argument("--attacks", nargs="*", default=list(STRENGTHS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--people", type=int, default=600)
    given = parser.parse_args()
    if given.what == "run":
        run(given.file, given.attacks, given.seeds, given.people)
    elif given.what == "delays":
        add_delays(given.file)
    elif given.what == "store":
        store(given.file)
    else:
        faults = check()
        print("\n".join(faults) or f"{len(CHECKED)} cells as stored or better, no innocent measured")
        return 1 if faults else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
