"""Profiles: counts, times and history of each account."""

import datetime as dt

import pytest

from graphscan.accounts.profiles import profile
from graphscan.behaviours.accounts import list_accounts

from ...cases.worlds import DAY, MONDAY, World


@pytest.fixture
def told(tmp_path):
    """Profiles of a world by account id."""

    def look(world):
        dataset = world.dataset(tmp_path / "dataset")
        accounts = list_accounts(dataset)
        columns = {name: values.to_pylist() for name, values in profile(dataset, accounts).items()}
        return {a: {n: v[k] for n, v in columns.items()} for k, a in enumerate(accounts.ids.to_pylist())}

    return look


def test_counts_and_first_and_last_action_over_all_tables(told):
    world = World()
    world.post("a", 5)
    world.comment("a", "n", 1)
    world.write("a", "chat", 9)
    world.react("a", "view", "n", 3)
    found = told(world)["a"]
    assert [found[c] for c in ("actions", "notes", "comments", "messages", "interactions")] == [4, 1, 1, 1, 1]
    assert found["first_at"] == MONDAY + dt.timedelta(minutes=1)
    assert found["last_at"] == MONDAY + dt.timedelta(minutes=9)


def test_who_never_acted_has_no_first_action_but_is_listed(told):
    world = World()
    world.react("a", "follow", "star", 0, target_kind="account")
    world.register("silent", -400 * DAY)
    found = told(world)
    assert found["star"]["actions"] == found["silent"]["actions"] == 0
    assert found["star"]["first_at"] is None and found["silent"]["last_at"] is None


def test_history_is_before_none_or_unknown(told):
    world = World()
    for who in ("old", "older", "new", "somebody"):
        world.comment(who, "n", 0)
    world.register("old", -400 * DAY)
    world.register("older", -900 * DAY)
    world.register("new", -1)
    found = told(world)
    assert {who: row["history"] for who, row in found.items()} == {
        "old": "before",
        "older": "before",
        "new": "none",
        "somebody": "unknown",
    }
    assert found["somebody"]["registered_at"] is None
