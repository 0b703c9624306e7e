"""Every behaviour's smallest story that fires, and the nearest stories that do not, through the real reader and scan."""

import importlib.util
from pathlib import Path

import pytest

from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.layer import scan
from graphscan.behaviours.library import BEHAVIOURS, behaviour
from graphscan.intake import wide
from graphscan.pipeline import day_cut
from graphscan.settings import make_settings

from .worlds import World, meet, passers_by

CASES = Path(__file__).parent


def story(name):
    """The story of a behaviour: its ``act``, and every ``quiet_…``."""
    place = importlib.util.spec_from_file_location(f"story_of_{name}", CASES / name / "story.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


QUIET = [(b.name, name) for b in BEHAVIOURS for name in sorted(vars(story(b.name))) if name.startswith("quiet_")]


def found(world, name, folder):
    """Pairs of account ids that one behaviour finds at the default rate; None when the data cannot show it."""
    dataset = world.dataset(folder / "dataset")
    accounts = list_accounts(dataset)
    layer = scan(dataset, accounts, behaviour(name), make_settings(threads=1), day_cut(dataset))
    if layer is None:
        return None
    ids = accounts.ids.to_pylist()
    return {(ids[a], ids[b]) for a, b in zip(layer.pairs.account_a, layer.pairs.account_b, strict=True)}


def test_every_behaviour_has_its_case_and_every_case_its_behaviour():
    folders = {p.parent.name for p in CASES.glob("*/story.py")}
    assert folders == {b.name for b in BEHAVIOURS}
    assert {name for name, _ in QUIET} == folders


@pytest.mark.parametrize("name", [b.name for b in BEHAVIOURS])
def test_it_fires(name, tmp_path):
    world, act = World(), story(name).act
    meet(world, act)
    passers_by(world, act)
    assert found(world, name, tmp_path) == {("f1", "f2")}


@pytest.mark.parametrize("name", [b.name for b in BEHAVIOURS])
def test_it_fires_where_ids_and_texts_need_64_bit_offsets(name, tmp_path, monkeypatch):
    monkeypatch.setattr(wide, "MOST_BYTES", -1)
    world, act = World(), story(name).act
    meet(world, act)
    passers_by(world, act)
    assert found(world, name, tmp_path) == {("f1", "f2")}


@pytest.mark.parametrize("name", [b.name for b in BEHAVIOURS])
def test_the_same_things_at_other_times_do_not(name, tmp_path):
    world, act = World(), story(name).act
    meet(world, act, who=("f1",))
    meet(world, act, who=("f2",), every=0)  # all in one morning
    passers_by(world, act)
    assert found(world, name, tmp_path) == set()


@pytest.mark.parametrize(("name", "quiet"), QUIET, ids=[" ".join(q).replace("_", " ") for q in QUIET])
def test_the_nearest_story_does_not(name, quiet, tmp_path):
    told, world = story(name), World()
    getattr(told, quiet)(world, lambda act, **how: meet(world, act, **how))
    passers_by(world, told.act)
    assert found(world, name, tmp_path) == set()
