"""On a simulated world that no curve was fitted to: farms against every honest slice, as if each slice had been found."""

import csv
from collections import defaultdict

import numpy as np
import pytest

from graphscan.accounts.conduct import conduct
from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.fusion.axes import weigh_axes
from graphscan.fusion.confirmation import CONFIRMED_P, confirm
from graphscan.fusion.strength import cluster_probability
from graphscan.fusion.ties import find_ties
from graphscan.groups.clusters import Cluster, cluster_numbers, group
from graphscan.groups.communities import Community
from graphscan.intake import read_dataset
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate import simulate
from graphscan.steps import Steps


class World:
    """A simulated world with its layers, and what fusion says of given communities."""

    def __init__(self, folder, scenario, seed):
        simulate(folder, scenario, seed=seed)
        with (folder / "truth.csv").open(encoding="utf-8", newline="") as stream:
            self.truth = {row["account_id"]: row for row in csv.DictReader(stream)}
        self.dataset, self.settings = read_dataset(folder), make_settings(threads=1)
        self.accounts = list_accounts(self.dataset)
        self.layers = find_layers(self.dataset, self.accounts, self.settings, Steps(Silent()))
        known = identified(self.dataset, self.accounts)
        self.clusters = group(self.layers, self.accounts, known, self.settings).clusters

    def honest(self):
        """Every honest slice of five accounts or more, as a cluster."""
        slices = defaultdict(list)
        for code, account in enumerate(self.accounts.ids.to_pylist()):
            row = self.truth[account]
            if row["role"] != "managed" and row["slice"] != "ordinary":
                slices[row["slice"]].append(code)
        return [
            Cluster(name, Community(np.array(codes, np.int32), np.ones(len(codes)), 0.05), ())
            for name, codes in sorted(slices.items())
            if len(codes) >= 5
        ]

    def weigh(self, clusters):
        """Probability and enforcement ties of each."""
        number = cluster_numbers(clusters, len(self.accounts))
        own = conduct(self.dataset, self.accounts, placeholders=self.settings.placeholders, cluster=number)
        ties = find_ties(self.dataset, self.accounts, self.layers, clusters, own.registration, self.settings)
        return cluster_probability(weigh_axes(clusters, ties, own)), ties.enforcement_ties(len(clusters))


@pytest.fixture(scope="module")
def merchants(tmp_path_factory):
    return World(tmp_path_factory.mktemp("fusion") / "world", "merchant", 31)


def test_no_honest_slice_is_more_likely_than_not_or_tied_for_enforcement(merchants):
    honest = merchants.honest()
    assert {"new-club", "school-club", "group-buy", "fan", "brand"} <= {c.cluster_id for c in honest}
    probability, ties = merchants.weigh(honest)
    assert not (probability > 0.5).any()
    assert (ties == 0).all()


def test_farms_and_the_new_club_that_acts_like_them_are_told_apart(merchants):
    probability, _ = merchants.weigh(merchants.clusters)
    ids = merchants.accounts.ids.to_pylist()
    managed = np.array(
        [
            np.mean([merchants.truth[ids[a]]["role"] == "managed" for a in c.community.accounts])
            for c in merchants.clusters
        ]
    )
    assert (managed > 0.5).sum() == 4
    assert (probability[managed > 0.5] > 0.9).all()
    assert (probability[managed <= 0.5] <= 0.5).all()


def test_the_farms_are_confirmed_on_held_out_occasions(merchants):
    found = confirm(
        merchants.layers, merchants.clusters, len(merchants.accounts), merchants.accounts.first_ms, merchants.settings
    )
    assert (found <= CONFIRMED_P).sum() >= 4
