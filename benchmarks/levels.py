"""Level worlds: no number about one account tells a farm there. graphscan beside its rivals, on the same log.

In: worlds as SCENARIO:SCALE:SEED. Out: a row a world and method: farm accounts and honest accounts that are flagged. Rivals get who acted
on what and when (comments on notes, likes, collects, shares, follows), graphscan the whole dataset.

    python benchmarks/levels.py [hidden:1500:11 …] [--rivals-venv DIR]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import rivals
from injection import OURS, log_of

from graphscan.simulate import simulate

WORLDS = (*(f"{name}:1500:{seed}" for seed in (11, 12) for name in ("hidden", "adaptive")), "hidden_mega:3000:11")


def measure(world: str, wanted: Collection[str], environments: Path | None) -> Iterator[dict[str, Any]]:
    """One row a method: graphscan, and each rival that ``wanted`` names (empty: all that are not slow)."""
    scenario, scale, seed = world.split(":")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "world"
        simulate(made, scenario, scale=int(scale), seed=int(seed))
        truth = pd.read_csv(made / "truth.csv", dtype=str, keep_default_na=False).set_index("account_id")
        (made / "truth.csv").unlink()
        log, names = log_of(actions(made))
        np.savez(Path(folder) / "log.npz", **log)
        yield row_of(world, OURS, truth, rivals.graphscan(made), None)
        for rival in rivals.RIVALS:
            if rival.name in wanted or not (wanted or rival.slow):
                found = rivals.flag(rival, Path(folder) / "log.npz", environments)
                yield row_of(world, rival.name, truth, found, names)


def actions(made: Path) -> pd.DataFrame:
    """Who acted on what when: every comment and every interaction of a world."""
    parts = [
        pq.read_table(made / f"{table}.parquet", columns=["account_id", of, "created_at"])
        .to_pandas()
        .set_axis(["account", "object", "at"], axis=1)
        for table, of in (("comments", "note_id"), ("interactions", "target_id"))
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(at_s=rows["at"].astype("datetime64[ms, UTC]").astype("int64") / 1000)


def row_of(
    world: str, method: str, truth: pd.DataFrame, found: rivals.Outcome, names: np.ndarray | None
) -> dict[str, Any]:
    """Flagged and all farm accounts and honest accounts, or why there is no answer."""
    row: dict[str, Any] = {"world": world, "method": method}
    if found.failed:
        return {**row, "failed": found.failed}
    members = np.concatenate(found.clusters) if found.clusters else np.empty(0, np.int64 if names is not None else str)
    flagged = truth.index.isin(members if names is None else names[members])
    farm = (truth["cluster"] != "").to_numpy()
    honest = (truth["measure"] == "none").to_numpy()
    counts = {name: [int((flagged & who).sum()), int(who.sum())] for name, who in (("farm", farm), ("honest", honest))}
    return {**row, **counts, "cpu_s": round(found.cpu_s, 1), "peak_mb": round(found.peak_mb)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("worlds", nargs="*", default=list(WORLDS))
    parser.add_argument("--rivals-venv", type=Path)
    given = parser.parse_args()
    for world in given.worlds:
        for row in measure(world, (), given.rivals_venv):
            print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
