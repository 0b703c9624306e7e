"""Ties: two kinds of layers make an enforcement tie; one kind, however strong, does not."""

import dataclasses

import numpy as np
import pytest

from graphscan.accounts.registration import Batch, Registration
from graphscan.fusion.identity import device_shared, registered_together
from graphscan.fusion.layer_kinds import LAYER_KINDS
from graphscan.fusion.ties import _as_one, ties_table
from graphscan.tables import TIES

from ..accounts.told import dataset
from .told import look, two_farms


@pytest.fixture(scope="module")
def found():
    return look(two_farms())


def by_pair(found):
    rows = ties_table(found.ties, found.accounts, found.clusters).to_pylist()
    return {(row["account_a"], row["account_b"]): row for row in rows}


def test_those_who_act_and_speak_alike_are_tied_for_enforcement_those_who_only_act_are_not(found):
    rows = by_pair(found)
    talkers = [row for (a, _), row in rows.items() if a.startswith("f")]
    likers = [row for (a, _), row in rows.items() if a.startswith("g")]
    assert len(talkers) == 21 and all(row["enforcement"] for row in talkers)
    assert all({"note_comment", "text_copied"} <= set(row["layers"]) for row in talkers)
    assert len(likers) == 15 and not any(row["enforcement"] for row in likers)
    assert all(row["layers"] == ["note_like"] for row in likers)


def test_the_count_of_a_cluster_is_that_of_its_rows(found):
    table = ties_table(found.ties, found.accounts, found.clusters).to_pylist()
    for k, cluster in enumerate(found.clusters):
        mine = [row["enforcement"] for row in table if row["cluster_id"] == cluster.cluster_id]
        assert found.ties.enforcement_ties(len(found.clusters))[k] == sum(mine)


def test_the_table_is_as_declared_and_says_no_more_than_its_layers(found):
    table = ties_table(found.ties, found.accounts, found.clusters)
    assert table.schema == TIES.schema
    for row in table.to_pylist():
        assert row["account_a"] < row["account_b"]
        assert 0 < row["p_value"] <= row["q_value"] <= 1


def test_a_layer_that_did_not_validate_a_pair_still_has_its_say(found):
    """Every column is filled where both acted twice, by the same weighing as the layer's own pairs."""
    layer = next(x for x in found.layers if x.behaviour.name == "note_like")
    column = found.ties.by_layer[:, found.ties.layers.index("note_like")]
    n = len(found.accounts)
    own = dict(zip(layer.pairs.account_a.astype(int) * n + layer.pairs.account_b, layer.surprise.p_value, strict=True))
    keys = found.ties.account_a * n + found.ties.account_b
    mine = {int(k): p for k, p in zip(keys, column, strict=True) if int(k) in own}
    assert len(mine) == 15
    assert all(p == pytest.approx(own[k], rel=1e-12) for k, p in mine.items())


def test_words_copied_after_a_template_are_one_layer_not_two():
    names = ("note_comment", "template_used", "text_copied")
    p = np.array([[0.5, 1e-6, 1e-9], [0.5, np.nan, 1e-4], [0.5, np.nan, np.nan]])
    merged = _as_one(p, names)
    assert merged[0].tolist() == pytest.approx([0.5, np.nan, 2e-9], nan_ok=True)  # the better one, for two looks
    assert merged[1].tolist() == pytest.approx([0.5, np.nan, 1e-4], nan_ok=True)  # only one was there to look at
    assert np.isnan(merged[2, 1:]).all()


def test_one_registration_batch_ties_its_accounts_and_no_data_ties_nobody():
    batch = Batch("device", np.array([0, 1, 2]), 0, 0.1, 1e-7)
    nothing = np.nan
    told = Registration(np.array([1e-7, 1e-7, 1e-7, 1.0, nothing]), np.array([0, 0, 0, -1, -1]), np.zeros(5), (batch,))
    a, b = np.array([0, 0, 3, 0]), np.array([1, 3, 3, 4])
    assert registered_together(told, a, b).tolist() == pytest.approx([1e-7, 1.0, 1.0, nothing], nan_ok=True)


def test_a_farm_on_one_telephone_is_tied_a_couple_is_not_a_blank_is_no_device():
    farm, couple, blank = ["phone"] * 6, ["home"] * 2, ["unknown"] * 5
    devices = farm + couple + blank + [f"own{k}" for k in range(300)]
    rows = [{"account_id": f"a{k:03d}", "device": d} for k, d in enumerate(devices)]
    rows += [{"account_id": "b", "device": None}]
    told = dataset(accounts=rows)
    from graphscan.behaviours.accounts import list_accounts

    accounts = list_accounts(told)
    a, b = np.array([0, 6, 8, 20, 0]), np.array([5, 7, 9, 21, len(accounts) - 1])
    p = device_shared(told, accounts, ("unknown",), a, b)
    assert p[0] < 1e-4 and p[1] == 1.0 and np.isnan(p[2]) and p[3] == 1.0 and np.isnan(p[4])


def test_every_kind_is_named_once():
    assert len({kind.name for kind in LAYER_KINDS}) == len(LAYER_KINDS)
    assert all(kind.weight > 0 for kind in LAYER_KINDS)


def test_the_people_of_a_known_brand_have_no_row(found):
    """Verified accounts act together openly."""
    world = two_farms()
    for k in range(6):
        world.rows["accounts"].append({"account_id": f"g{k}", "verified": True})
    again = look(world)
    assert all(a.startswith("f") for a, _ in by_pair(again))
    assert dataclasses.is_dataclass(again.ties)
