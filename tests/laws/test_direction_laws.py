"""Laws of who acted later: names, row order, the clock, strangers and harmless activity change no charge."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphscan.accounts.conduct import conduct
from graphscan.accounts.direction import follow
from graphscan.accounts.roles import find_roles
from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.groups.clusters import cluster_numbers, group
from graphscan.groups.cotargets import find_cotargets
from graphscan.intake.dataset import Dataset, Quality
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.steps import Steps

from ..cases.worlds import DAY, HOUR
from ..unit.accounts.squads import SQUAD, post, squat, town

SETTINGS = make_settings(threads=1, reclusterings=5)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A squad that sits on an idol's notes, the idol's fan, and a victim who is copied besides."""
    world = town(old=["fan", "victim"])
    post(world, "idol", range(12))
    for day in range(12):
        world.comment("fan", f"idol {day}", 10 * HOUR + day * DAY + 5)
        world.comment("victim", f"note {day}", 15 * HOUR + day * DAY)
        for k, bot in enumerate(SQUAD):
            world.comment(bot, f"note {day}", 15 * HOUR + day * DAY + 1 + k * 0.1)
    squat(world, SQUAD, "idol", range(4, 12))
    return world.dataset(tmp_path_factory.mktemp("told") / "d").tables


def look(tables):
    """Account id → what it is charged with, and its role; of clustered accounts."""
    dataset = Dataset(dict(tables), Quality())
    accounts = list_accounts(dataset)
    layers = find_layers(dataset, accounts, SETTINGS, Steps(Silent()))
    known = identified(dataset, accounts)
    clusters = group(layers, accounts, known, SETTINGS).clusters
    direction, later_acts = follow(clusters, dataset, accounts)
    found = conduct(dataset, accounts)
    roles = find_roles(layers, clusters, found, direction, later_acts)
    shared = find_cotargets(layers, clusters, accounts, known, SETTINGS)
    counts = np.c_[direction.later, direction.unexplained, direction.first, shared.in_cluster]
    inside = np.flatnonzero(cluster_numbers(clusters, len(accounts)) >= 0)
    ids = accounts.ids.to_pylist()
    return {ids[k]: (*counts[k].tolist(), tuple(roles.of(int(k)))) for k in inside}, later_acts


def renamed(tables, name):
    def column(table, c):
        values = table[c]
        if c == "account_id" or c == "target_id":
            return pa.chunked_array([pa.array([name(v) for v in values.to_pylist()], values.type)])
        return values

    return {n: pa.table([column(t, c) for c in t.column_names], schema=t.schema) for n, t in tables.items()}


def shifted(tables, by_ms):
    def column(table, c):
        values = table[c]
        if pa.types.is_timestamp(values.type):
            moved = np.asarray(values.cast(pa.int64()).to_numpy()) + by_ms
            return pa.chunked_array([pa.array(moved, mask=np.isnan(moved)).cast(pa.int64()).cast(values.type)])
        return values

    return {n: pa.table([column(t, c) for c in t.column_names], schema=t.schema) for n, t in tables.items()}


def with_rows(tables, name, rows):
    more = pa.Table.from_pylist(rows, schema=tables[name].schema)
    return {**tables, name: pa.concat_tables([tables[name], more])}


@pytest.fixture(scope="module")
def usual(told):
    return look(told)


def test_the_story_is_what_it_says(usual):
    charged, _ = usual
    assert set(SQUAD) <= charged.keys()
    assert all(charged[bot][1] >= 6 for bot in SQUAD)
    assert charged.get("victim", (0, 0))[1] == 0
    assert charged.get("fan", (0, 0))[1] == 0


def test_names_change_no_charge(told, usual):
    back = {f"z{v[::-1]}": v for v in told["accounts"]["account_id"].to_pylist()}
    found, _ = look(renamed(told, lambda v: f"z{v[::-1]}" if f"z{v[::-1]}" in back else v))
    assert {back[name]: value for name, value in found.items()} == usual[0]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 999))
def test_the_order_of_rows_changes_no_charge(told, usual, seed):
    rng = np.random.default_rng(seed)
    found, acts = look({n: t.take(pa.array(rng.permutation(t.num_rows))) for n, t in told.items()})
    assert found == usual[0]
    assert acts.equals(usual[1])


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(by=st.integers(-(10**10), 10**10))
def test_a_shift_of_all_times_changes_no_charge(told, usual, by):
    assert look(shifted(told, by))[0] == usual[0]


def test_strangers_change_no_charge(told, usual):
    at = told["comments"]["created_at"][0].as_py()
    stranger = {"comment_id": "new", "note_id": "elsewhere", "account_id": "stranger", "created_at": at}
    assert look(with_rows(told, "comments", [stranger]))[0] == usual[0]


def test_doubling_what_a_victim_does_harmlessly_brings_no_new_charge(told, usual):
    comments = told["comments"].to_pylist()
    mine = [r for r in comments if r["account_id"] == "victim"]
    twice = [
        {**r, "comment_id": f"more {k}", "note_id": f"quiet {k}", "created_at": r["created_at"]}
        for k, r in enumerate(mine)
    ]
    found, _ = look(with_rows(told, "comments", twice))
    for name in ("victim", "fan"):
        assert found.get(name, (0, 0))[1] <= usual[0].get(name, (0, 0))[1] == 0


def test_every_later_act_is_after_somebody_of_its_own_cluster(usual):
    charged, acts = usual
    for row in acts.to_pylist():
        assert row["after"] and row["account_id"] not in row["after"]
        assert set(row["after"]) <= charged.keys()
