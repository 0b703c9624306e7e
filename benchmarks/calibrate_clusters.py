"""Calibrate the probability of a cluster on simulated worlds and planted groups, and say how well it holds on others.

In: seeds. Out: graphscan/fusion/data/cluster_curve.toml on standard output; the figures on standard error.

    python benchmarks/calibrate_clusters.py > cluster_curve.toml     (about ten minutes; then put it in its place)

One row is one community: a cluster that the search found, one that it set aside (shared taste, a flash), or an honest
group that it did not find at all, taken as if it had (there would be too few honest ones). It is batch-operated when at
least half of its members are managed (planted farms in real actions likewise; communities of the real background have no
truth and are left out). The curve is logistic; slopes are held between 0.25 and 1.5, since the axes are log-likelihood
ratios already and simulated worlds are cleaner than life.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
from calibrate import ece
from injection import HONEST, read_background
from scipy.optimize import minimize

from graphscan.accounts.conduct import conduct
from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.fusion.axes import Axes, weigh_axes
from graphscan.fusion.confirmation import CONFIRMED_P, confirm
from graphscan.fusion.strength import ClusterCurve, cluster_probability
from graphscan.fusion.ties import find_ties
from graphscan.groups.clusters import Cluster, cluster_numbers, group
from graphscan.groups.communities import Community
from graphscan.intake import read_dataset
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate import simulate
from graphscan.simulate.injection import POPULATIONS, inject, write_injected
from graphscan.steps import Steps

WORLDS = ("small_world", "merchant", "slow", "quiet", "city")
PLANTED = {
    "planted for hire": ("hire", *HONEST),
    "planted merchants": ("merchant", "customer", *HONEST),
}
FIT, HELD_OUT = (11, 12), (21, 22)
MORE_QUIET = 4
"""Further seeds a set of the world without farms: the honest new club is the hardest case, and each world has one."""

LEAST_GIVEN = 5  # as min_cluster_size
BOUNDS = (0.25, 1.5)
FEATURES = ("coordination", "automation", "commerce", "presence")


def communities(
    path: Path, managed: set[str], unknown: set[str], honest: dict[str, list[str]]
) -> list[dict[str, object]]:
    """One row a community of the dataset: its axes, whether it was kept as a cluster, its truth, its confirmation.

    ``honest`` names groups that are taken as communities whether they were found or not.
    """
    dataset, settings = read_dataset(path), make_settings(threads=1)
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    grouping = group(layers, accounts, identified(dataset, accounts), settings)
    found = (*grouping.clusters, *grouping.shared_taste, *grouping.flashes)
    kept = len(grouping.clusters)
    axes, ties, ids = look(dataset, accounts, layers, found, settings)
    confirmed = confirm(layers, found, len(accounts), accounts.first_ms, settings)
    enforcement = ties.enforcement_ties(len(found))
    rows = []
    for k, c in enumerate(found):
        members = ids[c.community.accounts]
        if np.mean([m in unknown for m in members]) > 0.5:
            continue
        truth = bool(np.mean([m in managed for m in members]) >= 0.5)
        told = {"how": "found" if k < kept else "set aside", "truth": truth, "size": len(members)}
        rows.append({**told, "axes": axes.columns[k], "confirmed": confirmed[k], "ties": enforcement[k]})
    codes = {name: np.flatnonzero(np.isin(ids, group)).astype(np.int32) for name, group in honest.items()}
    given = [Cluster(name, Community(c, np.ones(len(c)), 0.05), ()) for name, c in sorted(codes.items())]
    axes, ties, _ = look(dataset, accounts, layers, given, settings)
    for k, c in enumerate(given):
        told = {"how": f"given ({c.cluster_id})", "truth": False, "size": len(c.community.accounts)}
        rows.append(
            {**told, "axes": axes.columns[k], "confirmed": np.nan, "ties": ties.enforcement_ties(len(given))[k]}
        )
    return rows


def look(dataset, accounts, layers, found, settings):  # type: ignore[no-untyped-def]
    """Axes and ties of communities, and the accounts' ids."""
    number = cluster_numbers(found, len(accounts))
    own = conduct(dataset, accounts, placeholders=settings.placeholders, cluster=number)
    ties = find_ties(dataset, accounts, layers, found, own.registration, settings)
    return weigh_axes(found, ties, own), ties, np.array(accounts.ids.to_pylist(), object)


def simulated(scenario: str, seed: int) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world"
        simulate(path, scenario, seed=seed)
        with (path / "truth.csv").open(encoding="utf-8", newline="") as stream:
            truth = list(csv.DictReader(stream))
        managed = {row["account_id"] for row in truth if row["role"] == "managed"}
        honest: dict[str, list[str]] = {}
        for row in truth:
            if row["role"] != "managed" and row["slice"] != "ordinary":
                honest.setdefault(row["slice"], []).append(row["account_id"])
        return communities(path, managed, set(), {k: v for k, v in honest.items() if len(v) >= LEAST_GIVEN})


def planted(populations: tuple[str, ...], seed: int) -> list[dict[str, object]]:
    rows = inject(read_background(), populations, seed)
    kind = rows.groupby("account")["population"].first()
    farms = {p.name for p in POPULATIONS if p.is_farm}
    honest: dict[str, list[str]] = {}
    for account in kind.index[kind.isin(["fan", "chat", "habit"])]:
        honest.setdefault(re.sub("_.*", "", account), []).append(account)
    with tempfile.TemporaryDirectory() as folder:
        write_injected(rows, Path(folder) / "dataset")
        return communities(
            Path(folder) / "dataset",
            set(kind.index[kind.isin(farms)]),
            set(kind.index[kind == "background"]),
            honest,
        )


def gather(seeds: tuple[int, ...]) -> list[dict[str, object]]:
    everything = []
    for seed in seeds:
        sources = {
            **{name: lambda n=name: simulated(n, seed) for name in WORLDS},  # noqa: B023
            **{f"quiet again {n}": lambda n=n: simulated("quiet", 1000 * n + seed) for n in range(MORE_QUIET)},  # noqa: B023
            **{name: lambda p=p: planted(p, seed) for name, p in PLANTED.items()},  # noqa: B023
        }
        for name, make in sources.items():
            rows = make()
            everything += [{**row, "source": name} for row in rows]
            tell(f"{name} {seed}", rows)
    return everything


def tell(name: str, rows: list[dict[str, object]]) -> None:
    """Say how many communities there are, and how many of those found were confirmed on held-out occasions."""
    parts = []
    for how in ("found", "set aside"):
        for truth in (True, False):
            chosen = [r for r in rows if r["how"] == how and r["truth"] == truth]
            p = np.array([r["confirmed"] for r in chosen], float)
            tied = sum(r["ties"] > 0 for r in chosen)
            told = f"{int((p <= CONFIRMED_P).sum())} confirmed, {int(np.isnan(p).sum())} too few, {tied} with ties"
            parts.append(f"{len(chosen)} {'farms' if truth else 'honest'} {how} ({told})")
    given = [r for r in rows if str(r["how"]).startswith("given")]
    parts.append(f"{len(given)} honest given ({sum(r['ties'] > 0 for r in given)} with ties)")
    print(f"{name}: {'; '.join(parts)}", file=sys.stderr, flush=True)


def columns(rows: list[dict[str, object]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([r["axes"] for r in rows]), np.array([bool(r["truth"]) for r in rows])


def fit(x: np.ndarray, truth: np.ndarray) -> ClusterCurve:
    """Logistic curve with Platt's (1999) softened targets and bounded slopes."""
    good, bad = truth.sum(), (~truth).sum()
    target = np.where(truth, (good + 1) / (good + 2), 1 / (bad + 2))

    def loss(w: np.ndarray) -> float:
        z = w[0] + x @ w[1:]
        return float(np.mean(np.logaddexp(0, z) - target * z))

    found = minimize(loss, np.array([-2.0, 0.5, 1, 1, 1]), bounds=[(-20, 20), *[BOUNDS] * 4])
    return ClusterCurve(float(found.x[0]), tuple(float(s) for s in found.x[1:]))


def axes_of(x: np.ndarray) -> Axes:
    return Axes(x[:, 0], x[:, 1], x[:, 2], -x[:, 3], np.ones(len(x), np.bool_))


def main() -> None:
    rows = gather(FIT)
    x, truth = columns(rows)
    curve = fit(x, truth)
    test = gather(HELD_OUT)
    tx, t_truth = columns(test)
    ruled, free = cluster_probability(axes_of(tx), curve), curve.probability(axes_of(tx))
    print("# Made by benchmarks/calibrate_clusters.py; see graphscan/fusion/strength.py for what it means.")
    print(
        "# These figures hold for simulated worlds and planted groups; a platform's own reviewed cases should replace them."
    )
    print(f"intercept = {curve.intercept:.4f}\nslopes = {[round(s, 4) for s in curve.slopes]}")
    print(f"axes = {list(FEATURES)}\nworlds = {[*WORLDS, *PLANTED]}".replace("'", '"'))
    print(f"seeds = {list(FIT)}\nheld_out_seeds = {list(HELD_OUT)}")
    print(f"communities = {len(truth)}\nbatch_operated = {int(truth.sum())}")
    print(f"held_out_communities = {len(t_truth)}\nheld_out_batch_operated = {int(t_truth.sum())}")
    print(
        "# Expected calibration error and Brier score on the held-out communities: of the bare curve, and with the rule that"
    )
    print(
        "# coordination alone never rises above one half (which is meant to be too low for farms known by nothing else)."
    )
    for name, p in (("curve", free), ("ruled", ruled)):
        print(f"ece_{name} = {ece(p, t_truth):.4f}\nbrier_{name} = {np.mean((p - t_truth) ** 2):.4f}")
    judged = np.array([not str(r["how"]).startswith("given") for r in test])
    print("# The same, of communities that the search found by itself (given honest groups left out).")
    print(f"found_communities = {int(judged.sum())}\nfound_batch_operated = {int(t_truth[judged].sum())}")
    for name, p in (("curve", free), ("ruled", ruled)):
        print(f"found_ece_{name} = {ece(p[judged], t_truth[judged]):.4f}")
        print(f"found_brier_{name} = {np.mean((p[judged] - t_truth[judged]) ** 2):.4f}")
    for low in (0.5, 0.8, 0.9, 0.95, 0.99):
        chosen = ruled > low
        print(f"# above {low}: {int(chosen.sum())} communities, {int(t_truth[chosen].sum())} of them batch-operated")
    for row, p, bare in sorted(zip(test, ruled, free, strict=True), key=lambda item: -item[1]):
        what = f"{row['source']}, {row['size']} members, {row['how']}"
        axes = ", ".join(f"{n} {v:.2f}" for n, v in zip(FEATURES, row["axes"], strict=True))
        print(f"{p:.3f} ({bare:.3f}) {'farm' if row['truth'] else 'honest'}: {what}: {axes}", file=sys.stderr)


if __name__ == "__main__":
    main()
