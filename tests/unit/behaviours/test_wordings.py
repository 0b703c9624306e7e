"""Wordings: worked out once, each text in one layer, the earlier never charged, nothing secret in a name, chance stays chance."""

import dataclasses
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from graphscan.behaviours import layer as layer_module
from graphscan.behaviours import wordings as wordings_module
from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.extraction import extract
from graphscan.behaviours.layer import scan
from graphscan.behaviours.library import behaviour
from graphscan.behaviours.tabling import template_uses_table, templates_table
from graphscan.behaviours.wordings import find_wordings
from graphscan.intake import read_dataset
from graphscan.pipeline import day_cut
from graphscan.settings import make_settings
from graphscan.simulate import simulate

from ...cases.worlds import World, meet, passers_by

CASES = Path(__file__).parents[2] / "cases"


def story(name):
    place = importlib.util.spec_from_file_location(f"told_{name}", CASES / name / "story.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def farm(tmp_path_factory):
    """Two newcomers who write from eight moulds, among passers-by: (dataset, accounts)."""
    world, act = World(), story("template_used").act
    meet(world, act)
    passers_by(world, act)
    data = world.dataset(tmp_path_factory.mktemp("farm") / "dataset")
    return data, list_accounts(data)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A simulated small world: (dataset, accounts)."""
    path = tmp_path_factory.mktemp("made") / "world"
    simulate(path, "small_world", seed=3)
    data = read_dataset(path)
    return data, list_accounts(data)


def shared(data, accounts, name, **settings):
    """(account, table, row) of actions on objects that more than one account acted on."""
    acts = extract(data, accounts, behaviour(name), make_settings(**settings))
    users = np.unique(np.stack([acts.object, acts.account]), axis=1)[0]
    common = np.bincount(users, minlength=len(acts.objects))[acts.object] > 1
    return {
        (int(a), acts.tables[s], int(r))
        for a, s, r in zip(acts.account[common], acts.source[common], acts.row[common], strict=True)
    }


def test_they_are_worked_out_once(farm, monkeypatch):
    data, accounts = farm
    asked = []
    real = wordings_module.find_templates
    monkeypatch.setattr(wordings_module, "find_templates", lambda *a, **k: asked.append(1) or real(*a, **k))
    fresh = dataclasses.replace(data, remembered={})
    for name in ("template_used", "contact_shared", "text_copied", "link_shared"):
        extract(fresh, accounts, behaviour(name), make_settings())
    assert asked == [1]


def test_no_text_is_an_object_of_two_layers_of_texts(made):
    data, accounts = made
    both = shared(data, accounts, "text_copied") & shared(data, accounts, "template_used")
    assert both == set()
    assert shared(data, accounts, "template_used")


def test_a_copy_stays_a_copy_when_templates_are_not_looked_for(farm):
    data, accounts = farm
    alone = extract(data, accounts, behaviour("text_copied"), make_settings(behaviours=("text_copied",)))
    beside = extract(data, accounts, behaviour("text_copied"), make_settings())
    following = find_wordings(data, accounts).object >= 0
    assert 0 < len(alone) - len(beside) <= following.sum()


def test_no_link_is_an_object_of_two_layers(tmp_path):
    world, act = World(), story("contact_shared").act
    meet(world, act)
    world.post("x", 5000, links=["https://item.taobao.com/item.htm?id=634001", "https://xhslink.com/a/K3"])
    data = world.dataset(tmp_path / "dataset")
    accounts = list_accounts(data)
    links = extract(data, accounts, behaviour("link_shared"), make_settings())
    contacts = extract(data, accounts, behaviour("contact_shared"), make_settings())
    assert links.objects.to_pylist() == ["item.taobao.com/item.htm?id=634001"]
    assert "short:xhslink.com/a/K3" in contacts.objects.to_pylist()
    assert "product:taobao/634001" not in contacts.objects.to_pylist()


def test_names_hide_the_middle_of_a_contact_and_number_those_that_look_alike(tmp_path):
    world = World()
    for k, number in enumerate(("13812345678", "13800005578", "13900001111")):
        world.comment("a", f"n{k}", k, text=f"电话 {number} 联系")
    data = world.dataset(tmp_path / "dataset")
    found = find_wordings(data, list_accounts(data))
    assert found.masked.to_pylist() == ["phone:13…78", "phone:13…78 (2)", "phone:13…11"]


def test_before_counts_other_accounts_strictly_earlier():
    account = np.array([0, 1, 2, 3, 0, 4], np.int32)
    template = np.array([0, 0, 0, 0, 0, -1], np.int32)
    at_ms = np.array([5, 7, 7, 9, 99, 1], np.int64)
    uses = wordings_module._uses(account, template, at_ms)
    assert uses.account.tolist() == [0, 1, 2, 3]
    assert uses.texts.tolist() == [2, 1, 1, 1]
    assert uses.before.tolist() == [0, 1, 1, 3]


def test_the_tables_tell_weighing_templates_and_who_used_them(farm):
    data, accounts = farm
    found = find_wordings(data, accounts)
    told, uses = templates_table(found), template_uses_table(found, accounts)
    assert told.num_rows == 8
    assert set(uses["template_id"].to_pylist()) == set(told["template_id"].to_pylist())
    assert sum(uses["texts"].to_pylist()) == sum(told["texts"].to_pylist())
    assert all(name.startswith("t") and len(name) == 13 for name in told["template_id"].to_pylist())


@pytest.mark.parametrize("name", ["template_used", "contact_shared"])
def test_authors_dealt_anew_make_no_pair(made, monkeypatch, name):
    """Every account keeps its number of texts, every object its times: what is left is chance, and chance ties nobody."""
    data, accounts = made
    real = layer_module.extract
    for seed in range(5):
        dice = np.random.default_rng(seed)
        monkeypatch.setattr(
            layer_module,
            "extract",
            lambda *a, dice=dice: dataclasses.replace(found := real(*a), account=dice.permutation(found.account)),
        )
        dealt = scan(data, accounts, behaviour(name), make_settings(threads=1), day_cut(data))
        assert len(dealt.pairs) == 0


def test_a_made_world_has_pairs_of_farms_only(made):
    data, accounts = made
    found = scan(data, accounts, behaviour("template_used"), make_settings(threads=1), day_cut(data))
    registered = accounts.registered_ms[np.concatenate([found.pairs.account_a, found.pairs.account_b])]
    assert len(found.pairs) > 100
    assert (registered > accounts.history_ends_ms).all()
