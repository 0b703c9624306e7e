"""Evasion: what a farm must give up to stay unseen. Recall and precision against five ways of hiding, losses included.

    python benchmarks/evasion.py [--seeds 2] [--only jitter drip] [--picture docs/images/evasion.png]

Ten farms of ten accounts (squads: four of fifty) work on fifteen objects, twelve of them other people's, among the real actions and the
honest groups of the injection study. Each way of hiding is turned up alone, all else as in :class:`Farm`. graphscan's clusters are set
beside the 60-second rule (two common objects within a minute, as CooRnet and CooRTweet have it). Recall counts planted farm
accounts in any cluster; precision counts planted accounts only. About a quarter of an hour.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import rivals
from injection import HONEST, graphscan_flags, read_background, score

from graphscan.simulate.injection import Background, inject

MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0


@dataclass(frozen=True)
class Farm:
    """How the planted farms work.

    ``jitter_s``: mean delay of a member after the order (exponential). ``every_days``: days between two joint objects; 2.8 are fifteen in
    the background's 42 days. ``dropout``: share of the members who leave an object out. ``squad``: share of the farm that is sent
    to an object at all, drawn anew each time. ``camouflage``: acts on what others act on, per act for the farm.
    """

    farms: int = 10
    accounts: int = 10
    jitter_s: float = 5 * MINUTE_S
    every_days: float = 2.8
    dropout: float = 0.3
    squad: float = 1.0
    camouflage: float = 1.0


SQUADS = Farm(farms=4, accounts=50, every_days=1.4)

WAYS: dict[str, tuple[str, dict[str, Farm]]] = {
    "jitter": (
        "mean delay after the order",
        {
            name: Farm(jitter_s=s)
            for name, s in {
                "1 min": MINUTE_S,
                "10 min": 10 * MINUTE_S,
                "30 min": 30 * MINUTE_S,
                "1 h": HOUR_S,
                "3 h": 3 * HOUR_S,
                "6 h": 6 * HOUR_S,
                "24 h": DAY_S,
            }.items()
        },
    ),
    "drip": (
        "days between joint objects",
        {f"{d:g}": Farm(every_days=d) for d in (1.4, 2.8, 4.2, 7, 10.5, 14)},
    ),
    "squads": (
        "share of 50 accounts sent to each of 30 objects",
        {f"{s:.0%}": replace(SQUADS, squad=s) for s in (0.6, 0.3, 0.15, 0.1, 0.05)},
    ),
    "camouflage": (
        "other acts for each act of the farm",
        {f"{c:g}×": Farm(camouflage=c) for c in (0, 1, 2, 3, 5)},
    ),
    "dropout": (
        "share of the members who skip an object",
        {f"{d:.0%}": Farm(dropout=d) for d in (0.0, 0.3, 0.5, 0.6, 0.7, 0.8)},
    ),
}
"""Five ways of hiding, each from open to hidden."""

METHODS = {"graphscan": ("#0072B2", "o", "-"), "60-second rule": ("#D55E00", "s", "--")}
"""Colour (Okabe & Ito 2008, told apart by everybody), marker and line of each method."""


def plant(world: Background, farm: Farm, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of all farms, in the columns of an injection."""
    rows = []
    tasks = max(2, round((world.last_s - world.first_s) / DAY_S / farm.every_days))
    for f in range(farm.farms):
        members = [f"evader{f}_{k}" for k in range(farm.accounts)]
        own = max(1, tasks // 5)
        objects = [*rng.choice(world.middling, tasks - own, replace=False), *(f"hidden{f}_{k}" for k in range(own))]
        for task, begin in zip(objects, world.any_time(rng, tasks), strict=True):
            sent = rng.choice(members, max(2, round(farm.squad * len(members))), replace=False)
            came = [m for m in sent if rng.random() >= farm.dropout]
            rows += [(m, str(task), begin + rng.exponential(farm.jitter_s), f"evader{f}") for m in came]
        rows += list(_camouflage(world, farm, rng, members, tasks, f"evader{f}"))
    return pd.DataFrame(rows, columns=["account", "object", "at_s", "cluster"])


def _camouflage(
    world: Background, farm: Farm, rng: np.random.Generator, members: list[str], tasks: int, name: str
) -> Iterator[tuple[str, str, float, str]]:
    """Acts on what others act on, at about their times: as many a member as it works for the farm, times ``camouflage``."""
    each = round(farm.camouflage * tasks * farm.squad * (1 - farm.dropout))
    objects, times = world.actions["object"].to_numpy(), world.actions["at_s"].to_numpy()
    for member in members:
        for row in rng.integers(len(objects), size=each):
            yield member, str(objects[row]), float(times[row] + rng.normal(0, 30 * MINUTE_S)), name


def evade(background: pd.DataFrame, farm: Farm, seed: int) -> pd.DataFrame:
    """The background, the honest groups and the farms, ready to be written as a dataset."""
    rows = inject(background, HONEST, seed)
    planted = plant(Background(background), farm, np.random.default_rng([seed, 7]))
    planted = planted.assign(channel=planted["object"], population="hire", has_history=False)
    return pd.concat([rows, planted], ignore_index=True)


def sixty_seconds(rows: pd.DataFrame) -> list[list[str]]:
    """Clusters of the 60-second rule."""
    names, account = np.unique(rows["account"].to_numpy().astype(str), return_inverse=True)
    object_ = np.unique(rows["object"].to_numpy().astype(str), return_inverse=True)[1].astype(np.int32)
    at_ms = (rows["at_s"].to_numpy() * 1000).astype(np.int64)
    pairs = rivals.co_share(account.astype(np.int32), object_, at_ms, 2)
    return [names[c].tolist() for c in rivals.communities(pairs)]


def measure(ways: list[str], seeds: int, table: Path | None) -> pd.DataFrame:
    """One row a way, value, seed and method: recall, precision, and honest planted accounts flagged; kept as they come."""
    background, told = read_background(), []
    for seed in range(seeds):
        for way in ways:
            for value, farm in WAYS[way][1].items():
                rows = evade(background, farm, seed)
                for method, clusters in {
                    "graphscan": graphscan_flags(rows)[0],
                    "60-second rule": sixty_seconds(rows),
                }.items():
                    told.append({"way": way, "value": value, "seed": seed, "method": method, **score(rows, clusters)})
                    print(f"{way} {value} seed {seed} {method}: recall {told[-1]['recall']:.3f}", flush=True)
                if table:
                    pd.DataFrame(told).to_csv(table, index=False)
    return pd.DataFrame(told)


def draw(frame: pd.DataFrame, path: Path) -> None:
    """One panel a way of hiding: recall (thick) and precision (thin, light) of each method."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    ways = list(dict.fromkeys(frame["way"]))
    figure, panels = plt.subplots(2, 3, figsize=(12, 7), sharey=True, layout="constrained")
    for panel, way in zip(panels.flat, ways, strict=False):
        shown = frame[frame["way"] == way]
        for method, (colour, marker, line) in METHODS.items():
            mean = shown[shown["method"] == method].groupby("value", sort=False)[["recall", "precision"]].mean()
            panel.plot(mean.index, mean["recall"], line, color=colour, marker=marker, lw=2.2, label=f"{method}: recall")
            panel.plot(
                mean.index, mean["precision"], ":", color=colour, marker=marker, mfc="white", ms=4, lw=1.2,
                label=f"{method}: precision",
            )  # fmt: skip
        panel.set_title(way, loc="left", fontweight="bold")
        panel.set_xlabel(WAYS[way][0])
        panel.set_ylim(-0.03, 1.05)
        panel.grid(alpha=0.25)
    for panel in panels[:, 0]:
        panel.set_ylabel("share")
    for panel in list(panels.flat)[len(ways) :]:
        panel.axis("off")
    list(panels.flat)[-1].legend(*panels.flat[0].get_legend_handles_labels(), loc="center", frameon=False)
    figure.suptitle("What a farm must give up to stay unseen: farms planted in real actions", fontsize=13)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--only", nargs="*", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--table", type=Path, help="a CSV file for all rows; drawn again from it when it is there")
    given = parser.parse_args()
    if given.table and given.table.exists():
        frame = pd.read_csv(given.table, dtype={"value": str})
    else:
        frame = measure(given.only, given.seeds, given.table)
    shown = frame.groupby(["way", "value", "method"], sort=False)[["recall", "precision"]].agg(["mean", "min"])
    print(shown.to_string(float_format=lambda v: f"{v:.3f}"))
    if given.picture:
        draw(frame, given.picture)


if __name__ == "__main__":
    main()
