"""Roles: who stands in a cluster for another reason than being of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from graphscan.accounts.bridges import bridges
from graphscan.accounts.conduct import conduct
from graphscan.accounts.roles import find_roles, no_roles

from ...cases.worlds import DAY, HOUR
from .squads import SQUAD, Look, comment, post, squat, town


def roles_in(look):
    found = find_roles(
        look.layers, look.clusters, conduct(look.dataset, look.accounts), look.direction, look.later_acts
    )
    ids = look.accounts.ids.to_pylist()
    return {ids[k]: found.of(k) for k in range(len(ids)) if found.of(k)}


def test_whoever_is_always_first_is_told_so_and_its_followers_are_not(tmp_path):
    world = town(old=["victim"])
    for what in range(12):
        at = 9 * HOUR + (3 + what % 9) * DAY + 31 * what
        comment(world, "victim", what, at)
        for k, bot in enumerate(SQUAD):
            comment(world, bot, what, at + 0.1 + k * 0.05)
    roles = roles_in(Look(world, tmp_path / "d", ["victim", *SQUAD]))
    assert roles["victim"] == ["leader"]
    assert not any("leader" in roles.get(bot, []) for bot in SQUAD)


def test_the_author_on_whose_notes_a_squad_sits_is_an_owner_and_whom_it_follows_a_receiver(tmp_path):
    world = town(old=["star"])
    post(world, "idol", range(4, 12))
    squat(world, SQUAD, "idol", range(4, 12))
    for k, bot in enumerate(SQUAD):
        world.react(bot, "follow", "star", 5 * DAY + k, "account")
    roles = roles_in(Look(world, tmp_path / "d", SQUAD))
    assert roles["idol"] == ["object_owner"]
    assert roles["star"] == ["receiver"]


def test_members_that_boost_each_other_are_no_owners(tmp_path):
    world = town()
    post(world, "shop", range(4, 12))
    squat(world, SQUAD, "shop", range(4, 12))
    for bot in SQUAD:
        for day in (6, 7):
            world.post(bot, 12 * HOUR + day * DAY, f"{bot} {day}")
            for k, other in enumerate(SQUAD):
                if other != bot:
                    world.comment(other, f"{bot} {day}", 12 * HOUR + day * DAY + 5 + k)
    roles = roles_in(Look(world, tmp_path / "d", SQUAD))
    assert not any("object_owner" in roles.get(bot, []) for bot in SQUAD)


@pytest.fixture
def taken_over():
    """An old account lives ten ordinary days; then a tool follows the squad with it. Another did so from the first day."""
    world = town(old=["hijacked", "willing"])
    post(world, "shop", range(2, 14))
    squat(world, SQUAD, "shop", range(2, 14))
    for day in range(10):
        for hour in (9, 13, 20):
            world.react("hijacked", "like", f"note {(day * 3 + hour) % 20}", hour * HOUR + day * DAY)
    for who, days in (("hijacked", range(10, 14)), ("willing", range(2, 14))):
        for day in days:
            world.comment(who, f"shop {day}", 10 * HOUR + day * DAY + 4, client="openclaw/0.9.4")
            world.react(who, "like", f"note {day % 20}", 21 * HOUR + day * DAY)
    return world


def test_an_old_account_that_changed_suddenly_is_perhaps_taken_over(taken_over, tmp_path):
    roles = roles_in(Look(taken_over, tmp_path / "d", ["hijacked", "willing", *SQUAD]))
    assert "compromised" in roles["hijacked"]
    assert "compromised" not in roles.get("willing", [])
    assert not any("compromised" in roles.get(bot, []) for bot in SQUAD)


def ties(*groups):
    pairs = np.array(sorted({(min(a, b), max(a, b)) for g in groups for a in g for b in g if a != b}))
    return [SimpleNamespace(pairs=SimpleNamespace(account_a=pairs[:, 0], account_b=pairs[:, 1]))]


def test_whoever_holds_two_rings_together_is_a_bridge_and_no_member_of_a_ring_is():
    left, right = list(range(6)), list(range(6, 12))
    number = np.zeros(13, np.int64)
    assert np.flatnonzero(bridges(ties([*left, 12], [*right, 12]), number, 13)).tolist() == [12]
    assert not bridges(ties([*left, *right]), number, 13).any()


def test_five_who_are_copied_by_both_rings_are_bridges():
    left, right, both = list(range(10)), list(range(10, 20)), list(range(20, 25))
    layers = ties(*([*ring, innocent] for ring in (left, right) for innocent in both))
    assert np.flatnonzero(bridges(layers, np.zeros(25, np.int64), 25)).tolist() == both


def test_whoever_is_tied_to_another_cluster_too_is_a_bridge():
    left, right = list(range(6)), list(range(6, 12))
    number = np.array([0] * 6 + [1] * 6 + [0])
    assert np.flatnonzero(bridges(ties([*left, 12], [*right, 12]), number, 13)).tolist() == [12]


def test_no_cluster_no_roles():
    assert no_roles(2).of(1) == []
