"""The injection table: farms and honest look-alikes planted into real actions, graphscan beside the rules of others.

Run: ``python benchmarks/injection.py [--seeds 3] [--background FOLDER]``. Prints recall over planted farm accounts, precision
among planted accounts, mean Jaccard of the farms, and how many accounts of each population were flagged. Takes about five
minutes, most of it the rivals'.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

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
from graphscan.simulate.injection import POPULATIONS, inject, write_injected
from graphscan.steps import Steps

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


def rival_flags(rows: pd.DataFrame) -> dict[str, tuple[list[list[str]], float]]:
    """The same for every rival rule."""
    names, account = np.unique(rows["account"].to_numpy().astype(str), return_inverse=True)
    object_ = np.unique(rows["object"].to_numpy().astype(str), return_inverse=True)[1].astype(np.int32)
    account, at_ms = account.astype(np.int32), (rows["at_s"].to_numpy() * 1000).astype(np.int64)
    found = {}
    for name, rule in {
        "co-share 60 s, k≥2": lambda: rivals.co_share(account, object_, at_ms, 2),
        "co-share 60 s, k≥3": lambda: rivals.co_share(account, object_, at_ms, 3),
        "TF-IDF cosine ≥ .5": lambda: rivals.tf_idf(account, object_),
        "SVN × 10 min, 1 %": lambda: rivals.svn(account, object_, at_ms),
    }.items():
        began = time.perf_counter()
        clusters = rivals.communities(rule())
        found[name] = ([names[c].tolist() for c in clusters], time.perf_counter() - began)
    return found


def score(rows: pd.DataFrame, clusters: list[list[str]]) -> dict[str, object]:
    """Recall, precision among planted, mean Jaccard of farms, and flagged of all per population."""
    planted = rows[rows["population"] != "background"].groupby("account")["population"].first()
    everyone = planted.reindex(rows["account"].unique()).fillna("background")
    flagged = everyone.index.isin([a for c in clusters for a in c])
    farm = everyone.isin([p.name for p in POPULATIONS if p.is_farm]).to_numpy()
    honest = ~farm & (everyone != "background").to_numpy()
    farms = rows[rows["cluster"] != ""].groupby("cluster")["account"].agg(set)
    best = [max((len(f & set(c)) / len(f | set(c)) for c in clusters), default=0.0) for f in farms]
    return {
        "recall": (flagged & farm).sum() / farm.sum(),
        "precision": (flagged & farm).sum() / max(1, (flagged & (farm | honest)).sum()),
        "jaccard": float(np.mean(best)),
        **{str(name): f"{flagged[everyone == name].sum()}/{n}" for name, n in everyone.value_counts().items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--background", type=Path, default=SAMPLE)
    given = parser.parse_args()
    background = read_background(given.background)
    table = []
    for mix, populations in MIXES.items():
        for seed in range(given.seeds):
            rows = inject(background, populations, seed)
            methods = {
                "graphscan": graphscan_flags(rows),
                "graphscan, no registrations": graphscan_flags(rows, know_registration=False),
                **(rival_flags(rows) if seed == 0 else {}),
            }
            for name, (clusters, seconds) in methods.items():
                table.append({"planted": mix, "seed": seed, "method": name, **score(rows, clusters), "s": seconds})
    frame = pd.DataFrame(table).fillna("")
    front = ["planted", "seed", "method", "recall", "precision", "jaccard"]
    order = front + [c for c in frame.columns if c not in (*front, "background", "s")] + ["background", "s"]
    print(frame[order].to_string(index=False, float_format=lambda v: f"{v:.3f}"))


if __name__ == "__main__":
    main()
