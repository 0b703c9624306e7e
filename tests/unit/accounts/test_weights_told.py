"""What is told of weights: each clue carries what it counts, and the hours of an account are its own."""

import numpy as np

from graphscan.accounts.conduct import conduct
from graphscan.accounts.evidence import account_evidence
from graphscan.accounts.weights import own_weight, weigh
from graphscan.behaviours.accounts import list_accounts

from .told import DAY, HOUR, START, dataset, deeds, notes


def told_of(tables):
    found = dataset(**tables)
    accounts = list_accounts(found)
    looked = conduct(found, accounts)
    return looked, list(account_evidence(looked, found, np.arange(len(accounts))))


def test_a_clue_carries_what_it_counts():
    rows = notes("a", [START + n * 7 * HOUR + n * n * 60_000 for n in range(12)], client="openclaw/1")
    looked, clues = told_of(
        {"notes": rows, "accounts": [{"account_id": "a", "client": "openclaw/1", "verified": True}]}
    )
    weights = {c.clue: c.weight for c in clues}
    assert weights["registered_by_tool"] == 2.5
    assert weights["posted_by_tool"] > 4
    assert weights["against_verified"] == -3.0
    told = sum(w for w in weights.values() if w is not None)
    assert abs(told - own_weight(weigh(looked))[0]) < 1e-5


def test_a_clue_that_does_not_count_carries_no_weight():
    _, clues = told_of({"notes": notes("a", [START, START + DAY])})
    assert {c.clue: c.weight for c in clues} == {"unknown_tool": None}


def test_the_hours_of_an_account_are_its_own():
    found = deeds([START + HOUR, START + DAY + HOUR, START + 23 * HOUR], [START + 5 * HOUR], [])
    by_hour = found.by_hour(np.array([2, 0]))
    assert by_hour.shape == (2, 24) and by_hour[0].sum() == 0
    assert by_hour[1][[1, 23]].tolist() == [2, 1] and by_hour[1].sum() == 3
    assert found.hours[[1, 5, 23]].tolist() == [2, 1, 1] and found.hours.sum() == 4
