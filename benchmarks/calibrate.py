"""Calibrate managed_probability on simulated worlds, and say how well it holds on worlds it has not seen.

In: seeds. Out: graphscan/accounts/data/calibration.toml on standard output; the figures on standard error.

    python benchmarks/calibrate.py > calibration.toml     (about ten minutes; then put it in its place)

For every world the whole search runs, so that clusters are found, not given. ``managed`` accounts are the target; every other
role is not. The curve is logistic with a slope between 0.5 and 1.5: simulated worlds are cleaner than life, and a
free fit would be as sure as they are clean. ECE is the mean distance of probability and share in ten even bins.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from graphscan.accounts.conduct import conduct
from graphscan.accounts.probability import (
    OWN_FLOOR,
    WITHOUT_OWN,
    Calibration,
    cluster_weight,
    managed_probability,
)
from graphscan.accounts.templates import template_use
from graphscan.accounts.weights import own_weight, weigh
from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.groups.clusters import group
from graphscan.intake import read_dataset
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import Settings
from graphscan.simulate import simulate
from graphscan.steps import Steps

WORLDS = ("small_world", "city", "merchant", "slow", "quiet")
FIT, HELD_OUT = (11, 12), (21, 22)


def world(scenario: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Own weight, cluster weight and truth of every account of one simulated world."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world"
        simulate(path, scenario, seed=seed)
        dataset = read_dataset(path)
        with (path / "truth.csv").open(encoding="utf-8", newline="") as stream:
            managed = {row["account_id"] for row in csv.DictReader(stream) if row["role"] == "managed"}
    accounts = list_accounts(dataset)
    settings = Settings()
    grouping = group(
        find_layers(dataset, accounts, settings, Steps(Silent())),
        accounts,
        identified(dataset, accounts),
        settings,
    )
    cluster, membership = np.full(len(accounts), -1), np.zeros(len(accounts))
    for number, c in enumerate(grouping.clusters):
        cluster[c.community.accounts] = number
        membership[c.community.accounts] = c.community.membership
    found = conduct(
        dataset,
        accounts,
        placeholders=settings.placeholders,
        cluster=cluster,
        templates=template_use(dataset, accounts),
    )
    truth = np.array([i in managed for i in accounts.ids.to_pylist()])
    assert not np.isnan(managed_probability(found, membership, Calibration(0.0, 1.0))).all()
    return own_weight(weigh(found)), cluster_weight(membership), truth


def fit(weight: np.ndarray, truth: np.ndarray) -> Calibration:
    """Logistic curve with Platt's (1999) softened targets and a bounded slope."""
    good, bad = truth.sum(), (~truth).sum()
    target = np.where(truth, (good + 1) / (good + 2), 1 / (bad + 2))

    def loss(x: np.ndarray) -> float:
        z = x[0] + x[1] * weight
        return float(np.mean(np.logaddexp(0, z) - target * z))

    found = minimize(loss, np.array([-3.0, 1.0]), bounds=[(-20, 20), (0.5, 1.5)])
    return Calibration(float(found.x[0]), float(found.x[1]))


def ece(p: np.ndarray, truth: np.ndarray) -> float:
    """Expected calibration error over ten even bins."""
    bins = np.minimum((p * 10).astype(int), 9)
    return float(sum(abs(p[bins == b].sum() - truth[bins == b].sum()) for b in range(10)) / len(p))


def gather(seeds: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    parts = []
    for seed in seeds:
        for scenario in WORLDS:
            parts.append(world(scenario, seed))
            own, cluster, truth = parts[-1]
            print(
                f"{scenario} {seed}: {len(truth)} accounts, {truth.sum()} managed",
                file=sys.stderr,
                flush=True,
            )
    own, cluster, truth = (np.concatenate(column) for column in zip(*parts, strict=True))
    return own, cluster, truth


def main() -> None:
    own, cluster, truth = gather(FIT)
    curve = fit(own + cluster, truth)
    test_own, test_cluster, test_truth = gather(HELD_OUT)
    free = curve.probability(test_own + test_cluster)
    held = np.where(test_own >= OWN_FLOOR, free, np.minimum(free, WITHOUT_OWN))
    own_enough = test_own >= OWN_FLOOR
    print("# Made by benchmarks/calibrate.py; see graphscan/accounts/probability.py for what it means.")
    print("# These figures hold for simulated worlds; a platform's own reviewed cases should replace them.")
    print(f"intercept = {curve.intercept:.4f}\nslope = {curve.slope:.4f}")
    print(f"worlds = {list(WORLDS)}\nseeds = {list(FIT)}\nheld_out_seeds = {list(HELD_OUT)}".replace("'", '"'))
    print(f"accounts = {len(truth)}\nmanaged = {int(truth.sum())}")
    print(f"held_out_accounts = {len(test_truth)}\nheld_out_managed = {int(test_truth.sum())}")
    print(
        "# Expected calibration error and Brier score on the held-out worlds: of the bare curve, and with the rule that"
    )
    print("# nobody rises above one half without own evidence (which is meant to be too low for farms run by hand).")
    for name, p in (("curve", free), ("ruled", held)):
        print(f"ece_{name} = {ece(p, test_truth):.4f}\nbrier_{name} = {np.mean((p - test_truth) ** 2):.4f}")
    print("# Of held-out accounts with own evidence: how many there are, and how many of them are managed.")
    print(f"own_evidence = {int(own_enough.sum())}\nown_evidence_managed = {int(test_truth[own_enough].sum())}")
    for low in (0.5, 0.9, 0.99, 0.995):
        chosen = held > low
        print(f"# above {low}: {int(chosen.sum())} accounts, {int(test_truth[chosen].sum())} of them managed")


if __name__ == "__main__":
    main()
