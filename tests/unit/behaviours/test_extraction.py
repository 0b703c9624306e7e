"""Extraction: which rows become actions, on which object, through which channel, and which are one's own."""

import numpy as np
import pytest

from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.extraction import extract
from graphscan.behaviours.library import BEHAVIOURS, behaviour
from graphscan.errors import SettingsError
from graphscan.settings import make_settings

from ...cases.worlds import World


@pytest.fixture
def told(tmp_path):
    """How to look at a world: (accounts, actions of one behaviour)."""

    def look(world, name, **settings):
        dataset = world.dataset(tmp_path / "dataset")
        accounts = list_accounts(dataset)
        return accounts, extract(dataset, accounts, behaviour(name), make_settings(**settings))

    return look


def acts(accounts, actions):
    ids, objects = accounts.ids.to_pylist(), actions.objects.to_pylist()
    return [(ids[a], objects[o]) for a, o in zip(actions.account, actions.object, strict=True)]


def test_actions_stand_in_time_order_whatever_their_table(told):
    world = World()
    world.comment("b", "n", 3, links=["x-1", "x-2"])
    world.post("a", 5, links=["x-1"])
    world.post("c", 1, links=["x-2"])
    accounts, actions = told(world, "link_shared")
    assert acts(accounts, actions) == [("c", "x-2"), ("b", "x-1"), ("b", "x-2"), ("a", "x-1")]
    assert actions.tables == ("notes", "comments")
    assert [actions.tables[s] for s in actions.source] == ["notes", "comments", "comments", "notes"]


@pytest.mark.parametrize("name", [b.name for b in BEHAVIOURS])
def test_a_dataset_that_cannot_show_a_behaviour_gives_none(name, told):
    world = World()
    world.react("a", "view", "n", 0)
    assert told(world, name)[1] is None


def test_a_channel_is_the_notes_author_where_the_note_is_known(told):
    world = World()
    world.post("author", 0, note_id="n1")
    world.comment("a", "n1", 1)
    world.comment("a", "n2", 2)
    accounts, actions = told(world, "note_comment")
    channel = dict(zip(actions.objects.to_pylist(), actions.channel_of.tolist(), strict=True))
    assert channel == {"n1": accounts.ids.to_pylist().index("author"), "n2": -1}


def test_actions_on_ones_own_note_are_set_apart(told):
    world = World()
    world.post("author", 0, note_id="n1")
    world.comment("author", "n1", 1)
    world.comment("a", "n1", 2)
    accounts, actions = told(world, "note_comment")
    assert actions.by_owner.tolist() == [True, False]
    others = actions.without_owners()
    assert acts(accounts, others) == [("a", "n1")]
    assert others.without_owners() is others


def test_answers_in_a_chat_belong_to_the_chat_and_comments_to_their_author(told):
    world = World()
    world.open_chat("chat")
    world.comment("author", "n", 0, comment_id="7")
    world.write("leader", "chat", 0, message_id="7")
    world.comment("a", "n", 1, reply_to="7")
    world.write("b", "chat", 2, reply_to="7")
    accounts, actions = told(world, "reply_target")
    assert actions.objects.to_pylist() == ["chat_messages/7", "comments/7"]
    assert actions.explicit_of.tolist() == [True, False]
    assert len(np.unique(actions.channel_of)) == 2 and actions.channel_of.min() >= 0
    assert actions.channel_of[1] == accounts.ids.to_pylist().index("author")


def test_followed_accounts_are_accounts_even_if_they_never_act(told):
    world = World()
    world.react("a", "follow", "star", 0, target_kind="account")
    accounts, actions = told(world, "account_followed")
    assert "star" in accounts.ids.to_pylist()
    assert acts(accounts, actions) == [("a", "star")]


def test_how_short_a_text_may_be_is_a_setting(told):
    world = World()
    world.comment("a", "n", 0, text="short words")
    assert told(world, "text_copied", min_text_chars=10)[1].objects.to_pylist() == ["shortwords"]


def test_an_unknown_behaviour_is_refused_with_those_there_are():
    with pytest.raises(SettingsError, match="'x' is unknown; allowed: note_comment, "):
        behaviour("x")
