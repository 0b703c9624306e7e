import numpy as np
import pytest

from graphscan.accounts.registration import P_CUT, registration
from graphscan.behaviours.accounts import list_accounts

from .told import DAY, HOUR, MINUTE, START, dataset


def people(rng, n=1000, days=365, networks=400, prefix="p"):
    return [
        {
            "account_id": f"{prefix}{i:05}",
            "registered_at": int(START - rng.uniform(0, days * DAY)),
            "network": f"net{rng.integers(networks)}",
            "device": f"dev-{prefix}{i}",
        }
        for i in range(n)
    ]


def batch(n, place, start=START, gap=3 * MINUTE, prefix="z"):
    return [{"account_id": f"{prefix}{i:03}", "registered_at": start + i * gap, **place} for i in range(n)]


def look(rows):
    data = dataset(accounts=rows)
    accounts = list_accounts(data)
    return registration(data, accounts), accounts.ids.to_pylist().index


def test_ten_accounts_on_one_new_network_within_the_hour_are_a_batch():
    found, at = look(people(np.random.default_rng(1)) + batch(10, {"network": "farm"}))
    assert found.in_batch[at("z000")] == 1
    assert found.size[at("z009")] == 10
    assert found.p_value[at("z000")] <= 1e-8
    assert np.nansum(found.in_batch) == 10


def test_on_a_busy_network_eight_more_are_nothing():
    rng = np.random.default_rng(2)
    crowd = people(rng, 4000, days=30, networks=1)
    rows = crowd + batch(8, {"network": "net0"}, START - 5 * DAY)
    found, at = look(rows)
    assert found.in_batch[at("z000")] == 0


def test_on_the_day_of_a_campaign_a_network_of_usual_size_is_no_batch():
    rng = np.random.default_rng(3)
    rush = [
        {
            "account_id": f"r{i:05}",
            "registered_at": int(START + rng.uniform(0, HOUR)),
            "network": f"net{rng.integers(100)}",
        }
        for i in range(600)
    ]
    found, _ = look(people(rng, 3000, networks=100) + rush)
    assert np.nansum(found.in_batch) == 0


def test_at_random_nobody_is_in_a_batch_more_often_than_the_cut_says():
    rng = np.random.default_rng(4)
    rates = [np.nanmean(look(people(rng, 2000, days=10, networks=40))[0].p_value <= P_CUT) for _ in range(10)]
    assert np.mean(rates) <= 0.01


@pytest.mark.parametrize("place", ["", " ", "unknown", None])
def test_blank_and_default_places_never_link(place):
    data = dataset(accounts=people(np.random.default_rng(5)) + batch(30, {"network": place, "device": place}))
    found = registration(data, list_accounts(data), ("unknown",))
    assert found.batches == ()
    assert np.isnan(found.p_value[-1])


def test_two_accounts_on_one_device_are_a_couple_and_three_are_a_batch():
    rows = people(np.random.default_rng(6)) + batch(2, {"device": "x"}, prefix="y") + batch(3, {"device": "w"})
    found, at = look(rows)
    assert found.in_batch[at("y000")] == 0
    assert found.in_batch[at("z000")] == 1
    assert found.batches[int(found.batch[at("z000")])].kind == "device"


def test_a_family_over_the_years_is_no_batch():
    found, at = look(people(np.random.default_rng(7)) + batch(6, {"network": "home"}, START - 700 * DAY, 90 * DAY))
    assert found.in_batch[at("z000")] == 0


def test_without_a_time_there_is_no_data():
    rows = batch(10, {"network": "farm"})
    found, _ = look([{**r, "registered_at": None} for r in rows])
    assert np.isnan(found.in_batch).all()


def test_two_batches_of_one_network_are_two():
    rows = batch(8, {"network": "farm"}) + batch(6, {"network": "farm"}, START + 3 * DAY, prefix="y")
    found, at = look(people(np.random.default_rng(8)) + rows)
    assert [len(b.accounts) for b in found.batches if b.p_value <= P_CUT] == [8, 6]
    assert found.size[at("y000")] == 6
