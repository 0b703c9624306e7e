"""Farms and honest look-alikes planted into real posts: what is found of the first, and that none of the second is.

The background's own truth is unknown: precision counts planted accounts only. One seed each; the table of all mixes, seeds and
rivals is ``benchmarks/injection.py``. Thresholds are the design's targets (recall 0.95, and 0.9 for farms of 400).
"""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.groups.clusters import group
from graphscan.intake import read_dataset
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate.injection import inject, write_injected
from graphscan.steps import Steps

HONEST = ("fan", "chat", "viral", "habit")
SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "real_elections"


@pytest.fixture(scope="module")
def background():
    """Who posted which address, hashtag or picture when."""
    notes = pq.read_table(SAMPLE / "notes.parquet").to_pandas()
    at_s = notes["created_at"].astype("datetime64[ms, UTC]").astype("int64") / 1000
    parts = [
        pd.DataFrame({"account": notes["account_id"], "object": notes[column], "at_s": at_s}).explode("object").dropna()
        for column in ("links", "tags", "media")
    ]
    stacked = pd.concat(parts).astype({"account": object, "object": object})
    return stacked.drop_duplicates(["account", "object", "at_s"]).reset_index(drop=True)


def flagged(rows, folder):
    """Flagged and all accounts of each planted population."""
    write_injected(rows, folder / "dataset")
    dataset = read_dataset(folder / "dataset")
    accounts, settings = list_accounts(dataset), make_settings(reclusterings=5)  # a farm of 400 is slow to re-cluster
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    clusters = group(layers, accounts, identified(dataset, accounts), settings).clusters
    ids = accounts.ids.to_pylist()
    found = {ids[code] for cluster in clusters for code in cluster.community.accounts}
    planted = rows[rows["population"] != "background"].groupby("account")["population"].first()
    return {name: (len(found & set(who.index)), len(who)) for name, who in planted.groupby(planted)}


def test_farms_for_hire_small_and_large_among_look_alikes(background, tmp_path):
    told = flagged(inject(background, ("hire", "mega", *HONEST), 0), tmp_path)
    assert {name: told[name][0] for name in HONEST} == dict.fromkeys(HONEST, 0)
    assert told["hire"][0] >= 0.95 * told["hire"][1]
    assert told["mega"][0] >= 0.9 * told["mega"][1]


def test_farms_of_one_merchant_among_its_customers(background, tmp_path):
    told = flagged(inject(background, ("merchant", "customer", *HONEST), 0), tmp_path)
    assert {name: told[name][0] for name in ("customer", *HONEST)} == dict.fromkeys(("customer", *HONEST), 0)
    assert told["merchant"][0] >= 0.95 * told["merchant"][1]


def test_honest_groups_alone_are_not_flagged(background, tmp_path):
    told = flagged(inject(background, HONEST, 1), tmp_path)
    assert {name: count for name, (count, _) in told.items() if count} == {}
