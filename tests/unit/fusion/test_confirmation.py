"""Confirmation: a farm holds on occasions that did not find it; what was picked for its timing does not."""

import numpy as np
import pytest

from graphscan.fusion.confirmation import CONFIRMED_P, _halves, confirm
from graphscan.fusion.weighing import only_days, weigh_pairs
from graphscan.groups.clusters import Cluster, Tie
from graphscan.groups.communities import Community
from graphscan.groups.timing import check_timing
from graphscan.settings import make_settings

from ...cases.worlds import DAY, World, meet, passers_by
from .told import comment, like, look, two_farms

SETTINGS = make_settings(threads=1)


@pytest.fixture(scope="module")
def found():
    return look(two_farms())


def test_both_farms_hold_on_the_other_half(found):
    assert len(found.clusters) == 2 and (found.confirmed <= CONFIRMED_P).all()


def test_an_object_is_on_one_half_in_every_layer(found):
    halves = _halves(found.layers, found.accounts.first_ms)
    side = {}
    for layer in found.layers:
        for o, second in zip(layer.occasions.object_of, halves[layer.behaviour.name], strict=True):
            name = layer.actions.objects[int(o)].as_py()
            assert side.setdefault(name, bool(second)) == bool(second)
    assert 0.25 < np.mean(list(side.values())) < 0.75


def test_days_left_out_have_nobody_and_the_others_are_as_they_were(found):
    occasions = found.layers[0].occasions
    keep = np.arange(occasions.n_occasions) % 2 == 0
    half = only_days(occasions, keep)
    assert half.sizes.tolist() == np.where(keep, occasions.sizes, 0).tolist()
    whole = only_days(occasions, np.ones(occasions.n_occasions, bool))
    assert all((getattr(whole, f) == getattr(occasions, f)).all() for f in ("account", "occasion", "at_ms", "start"))


def test_all_pairs_weighed_again_are_the_layers_own(found):
    layer = found.layers[0]
    weighed = weigh_pairs(layer, np.ones(len(found.accounts), bool), SETTINGS.min_occasions)
    keys = layer.pairs.account_a.astype(np.int64) * len(found.accounts) + layer.pairs.account_b
    assert weighed.p_of(keys) == pytest.approx(layer.surprise.p_value, rel=1e-12)
    assert set(weighed.key[weighed.q_value <= SETTINGS.false_discovery_rate]) == set(keys)


def test_four_joint_occasions_are_too_few_to_deal_in_two():
    world = World()
    meet(world, like, who=[f"g{k}" for k in range(6)], times=4)
    passers_by(world, like, people=60)
    told = look(world)
    assert len(told.clusters) == 1 and np.isnan(told.confirmed).all()


def crowd(seed):
    """Eighty people on forty notes, each when it suits them: nothing to find."""
    rng, world = np.random.default_rng(seed), World()
    for person in range(80):
        for note in rng.choice(40, 14, replace=False):
            comment(world, f"p{person:02d}", int(note), int(rng.integers(0, 5 * DAY)))
    return world


def picked_for_timing(layer, size=5):
    """The accounts that met most often: whoever is picked on the data looks close on the same data."""
    met = np.zeros((80, 80))
    for o in range(layer.occasions.n_occasions):
        rows = slice(layer.occasions.start[o], layer.occasions.start[o + 1])
        who, at = layer.occasions.account[rows], layer.occasions.at_ms[rows]
        close = np.abs(at[:, None] - at[None, :]) <= 3_600_000
        met[np.ix_(who, who)] += close
    np.fill_diagonal(met, 0)
    members = [int(met.sum(axis=1).argmax())]
    while len(members) < size:
        rest = met[members].sum(axis=0)
        rest[members] = -1
        members.append(int(rest.argmax()))
    return np.sort(np.array(members, np.int32))


@pytest.mark.parametrize("seed", range(4))
def test_what_was_picked_for_its_timing_is_not_confirmed(seed):
    told = look(crowd(seed))
    layer = told.layers[0]
    members = picked_for_timing(layer)
    acts = np.flatnonzero(np.isin(layer.occasions.account, members))
    timing = check_timing(acts, layer.occasions, layer.windows_ms, 1)
    assert timing.p_value < 0.05  # the trap: on the data that picked them they look close
    cluster = Cluster("c", Community(members, np.ones(5), 0.05), (Tie(layer, np.zeros(0, np.int64), acts, timing),))
    p = confirm(told.layers, [cluster], len(told.accounts), told.accounts.first_ms, SETTINGS)[0]
    assert not p <= CONFIRMED_P
