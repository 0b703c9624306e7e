"""The red team's table: attacks of several strengths, and what graphscan's own facts would let happen to whom.

Run: ``python benchmarks/redteam.py [--attacks NAME …] [--seeds 1] [--people 1000]``. Per attack and strength: the share of squad
accounts that are flagged (in a cluster), and named (flagged, or in a group of shared rare objects); innocents flagged and
named; and who passes the facts of the gate for a ban: six unexplained later acts, three in ten of all actions, and own evidence
of class A. Ordinary accounts count as innocents too. Held: squad accounts flagged that the gate stops.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from graphscan.accounts.weights import WEIGHTS, weigh
from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.groups.clusters import group
from graphscan.intake import read_dataset
from graphscan.pipeline import Own, find_layers, look_at_accounts
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate.parts import Part
from graphscan.simulate.scenarios import ATTACKS, Scenario
from graphscan.simulate.simulation import build
from graphscan.steps import Steps

UNEXPLAINED, SHARE = 6, 0.3  # ENFORCEMENT G8

STRENGTHS: dict[str, tuple[tuple[int, float], ...]] = {
    "framing_reactive": tuple((bots, share) for bots in (5, 20, 50) for share in (0.25, 0.5, 1.0)),
    "framing_preemptive": tuple((bots, minutes) for bots in (10, 30, 60) for minutes in (5.0, 15.0, 60.0)),
    "report_brigade": ((10, 1.0), (100, 1.0), (1000, 1.0)),
    "bridging": ((30, 1.0), (30, 5.0)),
    "leader_immunity": ((20, 0.05), (20, 0.1), (20, 0.5)),
    "prebuilt_interest": ((20, 0.0), (20, 0.5), (20, 1.0)),
    "hijacked": ((15, 0.05), (15, 0.2), (15, 0.4)),
    "poisoned_history": ((15, 0.01), (15, 0.05), (15, 0.2)),
}
"""Per attack: accounts of the squad, and the attack's own strength (see ``graphscan.simulate.attacks``)."""


@dataclass(frozen=True)
class Outcome:
    """One row an account: its truth, whether it is flagged or named, and what the gate for a ban reads."""

    rows: pd.DataFrame

    @property
    def squad(self) -> pd.DataFrame:
        """The accounts of the squads; helpers that only poison or report are neither squad nor innocent."""
        return self.rows[self.rows["cluster"] != ""]

    @property
    def innocents(self) -> pd.DataFrame:
        """Everybody whom nobody manages."""
        return self.rows[self.rows["role"] != "managed"]


def play(plan: Scenario, people: int, seed: int) -> Outcome:
    """Make the world of a scenario, look at it, and return what became of every account."""
    world = build(plan, people, seed, Silent())
    with tempfile.TemporaryDirectory() as folder:
        for name, table in world.tables().items():
            pq.write_table(table, Path(folder) / f"{name}.parquet")
        dataset = read_dataset(Path(folder))
    settings = make_settings(threads=1)
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    clusters = group(layers, accounts, identified(dataset, accounts), settings).clusters
    own = look_at_accounts(dataset, accounts, layers, clusters, settings)
    told = pd.DataFrame({"account_id": accounts.ids.to_pylist(), "cluster_number": -1, **_facts(own)})
    for k, cluster in enumerate(clusters):
        told.loc[cluster.community.accounts, "cluster_number"] = k
    told["flagged"] = told["cluster_number"] >= 0
    told["named"] = told["flagged"] | (own.cotargets.group >= 0)
    return Outcome(told.merge(world.truth().to_pandas(), on="account_id", how="left"))


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


def tell(outcome: Outcome) -> dict[str, object]:
    """Return one row of the table."""
    bots, people = outcome.squad, outcome.innocents
    exposed = people[people["slice"].isin(["victim", "fan", "reported"])]

    def part(rows: pd.DataFrame, column: str) -> str:
        return f"{int(rows[column].sum())}/{len(rows)}"

    return {
        "recall": _share(bots["flagged"]),
        "named": _share(bots["named"]),
        "held": int((bots["flagged"] & ~bots["gate"]).sum()),
        "charged": int(bots["charged"].sum()),
        "leaders": int(bots["leader"].sum()),
        "hijacked": int(bots["compromised"].sum()),
        "clusters": int(outcome.rows["cluster_number"].max()) + 1,
        "exposed flagged": part(exposed, "flagged"),
        "exposed charged": part(exposed, "charged"),
        "exposed gate": part(exposed, "gate"),
        "innocents flagged": part(people, "flagged"),
        "innocents named": part(people, "named"),
        "innocents gate": part(people, "gate"),
    }


def _share(flags: pd.Series) -> float | None:
    return round(float(flags.mean()), 3) if len(flags) else None


def of_strength(plan: Scenario, bots: int, strength: float) -> Scenario:
    """The scenario with another squad: so many accounts, of that strength."""
    kind = plan.parts[-1].kind
    parts: list[Part] = [replace(p, size=bots, strength=strength) if p.kind == kind else p for p in plan.parts]
    return replace(plan, parts=tuple(parts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attacks", nargs="*", default=list(STRENGTHS))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--people", type=int, default=1_000)
    given = parser.parse_args()
    table = []
    for plan in (a for a in ATTACKS if a.name in given.attacks):
        for bots, strength in STRENGTHS[plan.name]:
            for seed in range(1, given.seeds + 1):
                found = tell(play(of_strength(plan, bots, strength), given.people, seed))
                table.append({"attack": plan.name, "bots": bots, "strength": strength, "seed": seed, **found})
                print(table[-1], flush=True)
    print(pd.DataFrame(table).to_string(index=False))


if __name__ == "__main__":
    main()
