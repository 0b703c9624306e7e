"""The injection table: farms and honest look-alikes planted into real actions, graphscan beside its rivals on the same log.

Run: ``python benchmarks/injection.py [--seeds 3] [--rivals-venv DIR] [--only NAME …] [--background FOLDER]``. Prints recall over planted
farm accounts, precision among planted accounts, mean Jaccard of the farms, how many accounts of each population were flagged, CPU
seconds and peak memory. About three minutes a mix and seed with every rival; graphscan alone takes half a minute.

``--parts aged-farm:20:0.4 fans:40 …`` plants parts of the simulator's scenarios instead of the mixes, any kind of farm or look-alike
(KIND[:SIZE[:STRENGTH[:MEASURE]]], kinds as ``graphscan simulate --list --json`` tells them); ``--background`` is then any folder whose
``notes`` have links, tags or media, of fourteen days or more.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import rivals

from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.groups.clusters import group
from graphscan.intake import read_dataset
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate.injection import inject, write_injected
from graphscan.simulate.transplants import parse_part, transplant
from graphscan.steps import Steps

OURS, OURS_BLIND = "graphscan", "graphscan, registrations unknown"
HONEST = ("fan", "chat", "viral", "habit")
MIXES = {
    "farms for hire": ("hire", *HONEST),
    "and two of 400": ("hire", "mega", *HONEST),
    "one merchant each": ("merchant", "customer", *HONEST),
}
SAMPLE = Path(__file__).parent.parent / "data" / "samples" / "real_elections"


def read_background(folder: Path = SAMPLE) -> pd.DataFrame:
    """Real actions: who posted which address, hashtag or picture when; one row is one action."""
    notes = pq.read_table(folder / "notes.parquet").to_pandas()
    at_s = notes["created_at"].astype("datetime64[ms, UTC]").astype("int64") / 1000
    parts = [
        pd.DataFrame({"account": notes["account_id"], "object": notes[c], "at_s": at_s}).explode("object").dropna()
        for c in ("links", "tags", "media")
    ]
    stacked = pd.concat(parts).astype({"account": object, "object": object})
    return stacked.drop_duplicates(["account", "object", "at_s"]).reset_index(drop=True)


def graphscan_flags(rows: pd.DataFrame, know_registration: bool = True) -> tuple[list[list[str]], float]:
    """Clusters (account ids) that graphscan finds in the injected dataset, and the seconds of detection."""
    with tempfile.TemporaryDirectory() as folder:
        write_injected(rows, Path(folder) / "dataset")
        if not know_registration:
            (Path(folder) / "dataset" / "accounts.parquet").unlink()
        dataset = read_dataset(Path(folder) / "dataset")
    began, settings, accounts = time.perf_counter(), make_settings(), list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    clusters = group(layers, accounts, identified(dataset, accounts), settings).clusters
    ids = np.array(accounts.ids.to_pylist(), object)
    return [ids[c.community.accounts].tolist() for c in clusters], time.perf_counter() - began


def log_of(rows: pd.DataFrame) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The log that rivals get (codes of accounts and objects, ms), and the account of each code."""
    names, account = np.unique(rows["account"].to_numpy().astype(str), return_inverse=True)
    object_ = np.unique(rows["object"].to_numpy().astype(str), return_inverse=True)[1]
    at_ms = (rows["at_s"].to_numpy() * 1000).astype(np.int64)
    return {"account": account.astype(np.int32), "object": object_.astype(np.int32), "at_ms": at_ms}, names


def measure(rows: pd.DataFrame, wanted: Collection[str], environments: Path | None) -> Iterator[dict[str, object]]:
    """One row a method: graphscan with and without registration times, and each rival that ``wanted`` names (empty: all)."""
    with tempfile.TemporaryDirectory() as folder:
        log, names = log_of(rows)
        np.savez(Path(folder) / "log.npz", **log)
        write_injected(rows, Path(folder) / "dataset")
        for name in (OURS, OURS_BLIND):
            if not wanted or name in wanted:
                if name == OURS_BLIND:
                    (Path(folder) / "dataset" / "accounts.parquet").unlink()
                yield row_of(name, rows, rivals.graphscan(Path(folder) / "dataset"))
        for rival in rivals.RIVALS:
            if not wanted or rival.name in wanted:
                yield row_of(rival.name, rows, rivals.flag(rival, Path(folder) / "log.npz", environments), names)


def row_of(
    method: str, rows: pd.DataFrame, found: rivals.Outcome, names: np.ndarray | None = None
) -> dict[str, object]:
    """The figures of one method, or why there are none; ``names`` are the accounts of codes (none: ids were given)."""
    used = {"method": method, "cpu_s": round(found.cpu_s, 1), "peak_mb": round(found.peak_mb)}
    if found.failed:
        return {"method": method, "failed": found.failed}
    clusters = [(c if names is None else names[c]).tolist() for c in found.clusters]
    return {**used, **figures(rows, clusters)}


def score(rows: pd.DataFrame, clusters: list[list[str]]) -> dict[str, object]:
    """The same as :func:`figures`, flat: a column a population, ``flagged/all``."""
    found = figures(rows, clusters)
    counts = found.pop("flagged")
    return {**found, **{name: f"{n}/{of}" for name, (n, of) in counts.items()}}


def figures(rows: pd.DataFrame, clusters: list[list[str]]) -> dict[str, Any]:
    """Recall, precision among planted, mean Jaccard of farms, and flagged and all accounts of each population."""
    planted = rows[rows["population"] != "background"].groupby("account")["population"].first()
    everyone = planted.reindex(rows["account"].unique()).fillna("background")
    flagged = everyone.index.isin([a for c in clusters for a in c])
    farm = everyone.index.isin(rows.loc[rows["cluster"] != "", "account"])
    honest = ~farm & (everyone != "background").to_numpy()
    farms = rows[rows["cluster"] != ""].groupby("cluster")["account"].agg(set)
    best = [max((len(f & set(c)) / len(f | set(c)) for c in clusters), default=0.0) for f in farms]
    hit, told = int((flagged & farm).sum()), int((flagged & (farm | honest)).sum())
    return {
        "recall": round(hit / int(farm.sum()), 4),
        "precision": round(hit / told, 4) if told else None,  # nothing found is not wrong
        "jaccard": round(float(np.mean(best)), 4),
        "flagged": {str(k): [int(flagged[everyone == k].sum()), int(n)] for k, n in everyone.value_counts().items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--background", type=Path, default=SAMPLE)
    parser.add_argument("--rivals-venv", type=Path, help="folder for the environments of real packages")
    parser.add_argument("--only", nargs="*", default=[], help="methods by name")
    parser.add_argument("--parts", nargs="*", default=[], help="KIND[:SIZE[:STRENGTH[:MEASURE]]] of the simulator")
    given = parser.parse_args()
    background = read_background(given.background)
    parts = [parse_part(text, f"{number}") for number, text in enumerate(given.parts, 1)]
    for seed in range(given.seeds):
        planted = {"parts": transplant(background, parts, seed)} if parts else {}
        for mix in planted or MIXES:
            rows = planted[mix] if parts else inject(background, MIXES[mix], seed)
            for row in measure(rows, given.only, given.rivals_venv):
                print(json.dumps({"mix": mix, "seed": seed, **row}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
