"""Rare objects in common, whatever the time: who is named, who is not, and that it makes no cluster."""

import numpy as np
import pandas as pd
import pytest

from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.groups.clusters import group
from graphscan.groups.cotargets import find_cotargets, no_cotargets
from graphscan.intake import read_dataset
from graphscan.pipeline import find_layers, scan_dataset
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.simulate import simulate
from graphscan.steps import Steps

from ...cases.worlds import DAY, HOUR, World

YEAR = 365 * DAY
FARM = [f"bot{k}" for k in range(8)]
SETTINGS = make_settings(threads=1)


def drip(farm=FARM, apart=5 * HOUR):
    """Sixty old readers of sixty authors' notes, and a farm that comes to fourteen of the notes over one or two days."""
    world = World()
    for what in range(60):
        world.register(f"author{what}", -YEAR)
        world.post(f"author{what}", 1 + what % 30, f"note {what}")
    for p in range(60):
        world.register(f"p{p}", -YEAR)
        for k in range(12):
            world.comment(f"p{p}", f"note {(p * 7 + k * k * 5) % 60}", (p * 1009 + k * 2503) % (13 * DAY))
    for k, bot in enumerate(farm):
        world.register(bot, 60 + k)
        for what in range(14):
            place = (k * (2 * what + 3) + what) % len(farm)
            world.comment(bot, f"note {what * 4}", (1 + what % 9) * DAY + 61 * what + place * apart + k)
    return world


def look(world, folder):
    dataset = world.dataset(folder)
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, SETTINGS, Steps(Silent()))
    known = identified(dataset, accounts)
    clusters = group(layers, accounts, known, SETTINGS).clusters
    found = find_cotargets(layers, clusters, accounts, known, SETTINGS)
    ids = np.array(accounts.ids.to_pylist(), object)
    return clusters, found, [ids[g].tolist() for g in found.groups]


def test_a_farm_that_never_meets_within_hours_is_named_but_is_no_cluster(tmp_path):
    clusters, found, groups = look(drip(), tmp_path / "d")
    assert clusters == ()
    assert groups == [FARM]
    assert sorted(found.objects[found.group == 0].tolist()) == [14] * 8
    assert not found.in_cluster.any()


def test_in_a_run_such_a_group_is_told_with_each_account_and_ties_nobody(tmp_path):
    run = scan_dataset(drip().write_to(tmp_path / "d"), tmp_path / "run", SETTINGS)
    told = run.frame("evidence")
    told = told[told["clue"] == "cotarget_group"]
    assert told["subject"].tolist() == [f"account:{bot}" for bot in FARM]
    assert set(told["family"]) == {"B2"} and set(told["value"]) == {14.0}
    assert run.clusters.empty and run.accounts["cluster_id"].isna().all()


def test_a_farm_in_bursts_shares_its_objects_with_its_own_cluster(tmp_path):
    clusters, found, _ = look(drip(apart=0.3), tmp_path / "d")
    assert len(clusters) == 1
    assert found.in_cluster[clusters[0].community.accounts].min() >= 12


def test_three_objects_in_common_are_no_surprise(tmp_path):
    world = drip(farm=())
    for k, friend in enumerate(FARM):
        world.register(friend, 60 + k)
        for what in range(3):
            world.comment(friend, f"note {what * 4}", (1 + what) * DAY + k * HOUR)
    assert look(world, tmp_path / "d")[2] == []


@pytest.mark.parametrize(
    ("scenario", "allowed"), [("quiet", {"new-club"}), ("slow", {"drip-farm", "paraphrase-farm", "funnel-farm"})]
)
def test_in_a_made_world_no_fan_or_neighbour_is_named(tmp_path, scenario, allowed):
    """A new honest club has no past that explains it: it is looked at, as its members' cluster is."""
    simulate(tmp_path / "w", scenario, seed=1)
    dataset = read_dataset(tmp_path / "w")
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, SETTINGS, Steps(Silent()))
    found = find_cotargets(layers, (), accounts, identified(dataset, accounts), SETTINGS)
    truth = pd.read_csv(tmp_path / "w" / "truth.csv", dtype=str).set_index("account_id")["slice"]
    named = truth[np.array(accounts.ids.to_pylist(), object)[found.group >= 0]]
    assert set(named) <= allowed
    if scenario == "slow":
        assert named.value_counts().min() >= 9


def test_nobody_shares_anything_where_nothing_is_looked_at():
    assert no_cotargets(2).group.tolist() == [-1, -1]
