"""What must not change who is found, from the dataset's files to the clusters: names, clocks, order, gossip."""

import copy
import datetime as dt
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.groups.clusters import group
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.steps import Steps

from ..cases.worlds import DAY, HOUR, World, meet, passers_by

FEW = settings(max_examples=12, deadline=None)
NAMES = ("account_id", "reporter_id", "owner_id")


def comment(world, who, what, at):
    world.comment(who, f"note {what}", at, text=f"so good, number {what}")


def like(world, who, what, at):
    world.react(who, "like", f"note {what}", at)


def told_world():
    """Two farms (one comments, one likes), passers-by who do both, and some authors."""
    world = World()
    meet(world, comment, who=[f"f{k}" for k in range(7)])
    meet(world, like, who=[f"g{k}" for k in range(6)], apart=1.1)
    passers_by(world, comment)
    passers_by(world, like, people=25)
    for what in range(0, 20, 3):
        world.post(f"p{what:02d}", 0, note_id=f"note {what}", text="hello")
    return world


def clusters(world):
    """Members of every cluster, and of every pair with its behaviour, meetings and rounded surprise."""
    with tempfile.TemporaryDirectory() as folder:
        dataset = world.dataset(Path(folder) / "dataset")
    accounts, wanted = list_accounts(dataset), make_settings(reclusterings=5)
    layers = find_layers(dataset, accounts, wanted, Steps(Silent()))
    ids = accounts.ids.to_pylist()
    found = group(layers, accounts, identified(dataset, accounts), wanted).clusters
    pairs = {
        (layer.behaviour.name, *sorted((ids[a], ids[b]))): (int(met), float(f"{q:.6g}"))
        for layer in layers
        for a, b, met, q in zip(
            layer.pairs.account_a, layer.pairs.account_b, layer.surprise.met, layer.surprise.q_value, strict=True
        )
    }
    return {frozenset(ids[c] for c in one.community.accounts) for one in found}, pairs


@pytest.fixture(scope="module")
def original():
    return clusters(told_world())


def changed(change):
    """The told world with every row changed in place."""
    world = told_world()
    for rows in world.rows.values():
        for row in rows:
            change(row)
    return world


def test_the_two_farms_are_found(original):
    assert original[0] == {frozenset(f"f{k}" for k in range(7)), frozenset(f"g{k}" for k in range(6))}
    assert all(min(a, b) >= "f" and max(a, b) < "h" for _, a, b in original[1])


@FEW
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(original, chance):
    world = told_world()
    for rows in world.rows.values():
        chance.shuffle(rows)
    assert clusters(world) == original


@FEW
@given(st.randoms(use_true_random=False), st.sampled_from(["{}", "0{}", "用户{}", "🦊{}"]))
def test_renaming_accounts_renames_what_is_found(original, chance, form):
    ids = sorted({row["account_id"] for rows in told_world().rows.values() for row in rows})
    numbers = chance.sample(range(10 * len(ids)), len(ids))
    new = {name: form.format(number) for name, number in zip(ids, numbers, strict=True)}
    found, pairs = clusters(changed(lambda row: row.update({n: new[row[n]] for n in NAMES if n in row})))
    assert found == {frozenset(new[a] for a in members) for members in original[0]}
    assert pairs == {(name, *sorted((new[a], new[b]))): v for (name, a, b), v in original[1].items()}


@pytest.mark.parametrize("minutes", [1, 11 * HOUR + 17, 40 * DAY, -7000 * DAY])
def test_shifting_the_clock_changes_nothing(original, minutes):
    def shift(row):
        moved = dt.datetime.fromisoformat(row["created_at"]) + dt.timedelta(minutes=minutes)
        row["created_at"] = moved.isoformat(timespec="milliseconds")

    assert clusters(changed(shift)) == original


@FEW
@given(st.randoms(use_true_random=False), st.integers(1, 300))
def test_rows_that_stand_twice_change_nothing(original, chance, copies):
    world = told_world()
    for rows in world.rows.values():
        rows += copy.deepcopy([chance.choice(rows) for _ in range(copies)])
    assert clusters(world) == original


def test_gossip_changes_nothing(original):
    """Nicknames, bios, reports and views are no meeting: nobody is found, or let go, because of what others say."""
    world, chance = told_world(), random.Random(1)
    everyone = sorted({row["account_id"] for rows in world.rows.values() for row in rows})
    world.rows["accounts"] = [{"account_id": a, "nickname": "小红", "bio": "farm farm farm"} for a in everyone]
    for k in range(200):
        world._add(
            "reports",
            k,
            report_id="r{n}",
            reporter_id=f"r{k}",
            target_kind="account",
            target_id=chance.choice(everyone),
        )
    assert clusters(world) == original


def test_a_farm_named_like_ordinary_people_is_found_all_the_same(original):
    names = {f"f{k}": f"p{k:02d}x" for k in range(7)}
    found, _ = clusters(changed(lambda row: row.update(account_id=names.get(row["account_id"], row["account_id"]))))
    assert frozenset(names.values()) in found


def test_nobody_known_and_everybody_old_are_the_same(original):
    """Where no registration is known everyone has the benefit of the doubt; a log of old accounts only says no more."""
    world = told_world()
    for who in sorted({row["account_id"] for rows in world.rows.values() for row in rows}):
        world.register(who, -900 * DAY)
    assert clusters(world) == original


def test_a_farm_that_stays_away_is_not_found(original):
    world = told_world()
    for table, rows in world.rows.items():
        world.rows[table] = [row for row in rows if not row["account_id"].startswith("g")]
    assert clusters(world)[0] == {frozenset(f"f{k}" for k in range(7))}
