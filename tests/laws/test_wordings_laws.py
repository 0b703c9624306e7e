"""What must not change who writes from one mould: the order of rows, the names of accounts, the clock, the threads."""

import copy
import datetime as dt
import importlib.util
import random
import tempfile
from pathlib import Path

import pytest

from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.layer import scan
from graphscan.behaviours.library import behaviour
from graphscan.behaviours.wordings import find_wordings
from graphscan.pipeline import day_cut
from graphscan.settings import make_settings

from ..cases.worlds import DAY, HOUR, World, meet, passers_by

CASES = Path(__file__).parents[1] / "cases"
NAMES = ("template_used", "contact_shared")


def told(name):
    place = importlib.util.spec_from_file_location(f"law_{name}", CASES / name / "story.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    world = World()
    meet(world, module.act, who=("f1", "f2", "f4"))
    passers_by(world, module.act)
    return world


def found(world, name, threads=1):
    """Pairs with their surprise, the templates, and the objects met on."""
    with tempfile.TemporaryDirectory() as folder:
        data = world.dataset(Path(folder) / "dataset")
    accounts = list_accounts(data)
    layer = scan(data, accounts, behaviour(name), make_settings(threads=threads), day_cut(data))
    ids = accounts.ids.to_pylist()
    pairs = {
        (frozenset((ids[a], ids[b])), int(met), float(f"{q:.6g}"))
        for a, b, met, q in zip(
            layer.pairs.account_a, layer.pairs.account_b, layer.surprise.met, layer.surprise.q_value, strict=True
        )
    }
    objects = set(layer.actions.objects.take(layer.actions.object[layer.encounters.a_action]).to_pylist())
    words = find_wordings(data, accounts)
    return pairs, objects, sorted(zip(words.names, words.templates.weight.tolist(), strict=True))


@pytest.fixture(scope="module", params=NAMES)
def original(request):
    return request.param, found(told(request.param), request.param)


def test_the_story_fires(original):
    _, (pairs, objects, _) = original
    assert {p for p, _, _ in pairs} >= {frozenset(("f1", "f2"))}
    assert all(min(p).startswith("f") for p, _, _ in pairs)
    assert objects


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_changes_nothing(original, seed):
    name, before = original
    world = told(name)
    for rows in world.rows.values():
        random.Random(seed).shuffle(rows)
    assert found(world, name) == before


@pytest.mark.parametrize("form", ["0{}", "用户{}", "🦊{}"])
def test_renaming_accounts_renames_what_is_found(original, form):
    name, (pairs, objects, templates) = original
    world = told(name)
    ids = sorted({row["account_id"] for rows in world.rows.values() for row in rows})
    chance = random.Random(form)
    new = {
        old: form.format(number) for old, number in zip(ids, chance.sample(range(10 * len(ids)), len(ids)), strict=True)
    }
    for rows in world.rows.values():
        for row in rows:
            row["account_id"] = new[row["account_id"]]
    expected = {(frozenset(new[a] for a in p), met, q) for p, met, q in pairs}
    assert found(world, name) == (expected, objects, templates)


@pytest.mark.parametrize("minutes", [1, 11 * HOUR + 17, -700 * DAY])
def test_shifting_the_clock_changes_nothing(original, minutes):
    name, before = original
    world = told(name)
    for rows in world.rows.values():
        for row in rows:
            for column in ("created_at", "registered_at"):
                if column in row:
                    moved = dt.datetime.fromisoformat(row[column]) + dt.timedelta(minutes=minutes)
                    row[column] = moved.isoformat(timespec="milliseconds")
    assert found(world, name) == before


def test_threads_and_rows_that_stand_twice_change_nothing(original):
    name, before = original
    world = told(name)
    assert found(copy.deepcopy(world), name, threads=3) == before
    for rows in world.rows.values():
        rows += copy.deepcopy(rows[::3])
    assert found(world, name) == before
