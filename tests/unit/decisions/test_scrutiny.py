"""Scrutiny: reports ask for a look, a mob asks once, and nobody is looked at for one voice."""

import numpy as np
import pytest

from graphscan.behaviours.accounts import list_accounts
from graphscan.decisions.scrutiny import MOST_OF_ONE, find_scrutiny, held_sum
from graphscan.decisions.seeds import SEED_CAP, find_seeds
from graphscan.fusion.ties import Ties
from graphscan.groups.clusters import Cluster
from graphscan.groups.communities import Community

from ..accounts.told import START, dataset

PEOPLE = [f"p{k:02d}" for k in range(12)]
RING = [f"r{k}" for k in range(6)]
NOBODY = np.full(18, -1)


def world(reports=(), labels=(), notes=()):
    """Twelve people, a ring of six; a report is (who, whom) or (who, note)."""
    known = {n["note_id"] for n in notes}
    rows = [
        {
            "report_id": f"x{k}",
            "reporter_id": who,
            "target_kind": "note" if whom in known else "account",
            "target_id": whom,
            "created_at": START,
        }
        for k, (who, whom) in enumerate(reports)
    ]
    told = [{"account_id": a, "label": label, "source": "test"} for a, label in labels]
    accounts = [{"account_id": a} for a in PEOPLE + RING]
    data = dataset(accounts=accounts, reports=rows, labels=told, notes=list(notes))
    return data, list_accounts(data)


def ring(accounts, membership=1.0):
    """The ring as a cluster, every pair an enforcement tie."""
    codes = np.sort(np.array([accounts.ids.to_pylist().index(a) for a in RING], np.int32))
    cluster = Cluster("c", Community(codes, np.full(6, membership), 0.05), ())
    a, b = (codes[i].astype(np.int64) for i in np.triu_indices(6, 1))
    n = len(a)
    p = np.full(n, 1e-9)
    return (cluster,), Ties(a, b, np.zeros(n, np.int64), ("x",), p[:, None], p, p, np.ones(n, np.bool_))


def no_ties():
    none, p = np.zeros(0, np.int64), np.zeros(0)
    return Ties(none, none, none, ("x",), p.reshape(0, 1), p, p, np.zeros(0, np.bool_))


def scrutiny(data, accounts, clusters=(), ties=None):
    told = find_scrutiny(data, accounts, no_ties() if ties is None else ties, clusters)
    return dict(zip(accounts.ids.to_pylist(), zip(told.reporters, told.scrutiny, strict=True), strict=True))


def test_four_voices_ask_for_a_look_three_do_not():
    for voices, looked_at in ((3, False), (4, True)):
        told = scrutiny(*world([(PEOPLE[k], "p11") for k in range(voices)]))
        assert told["p11"][0] == voices and (told["p11"][1] > 0) == looked_at
        assert all(value == (0, 0) for name, value in told.items() if name != "p11")


def test_the_same_reporter_counts_once_and_a_note_stands_for_its_author():
    notes = [{"note_id": f"n{k}", "account_id": "p11", "created_at": START} for k in range(5)]
    reports = [("p00", f"n{k}") for k in range(5)] + [("p00", "p11"), ("p11", "p11"), ("p00", "nobody's note")]
    assert scrutiny(*world(reports, notes=notes))["p11"] == (1, 0)


def test_a_farm_of_reporters_is_one_voice():
    data, accounts = world([(r, "p11") for r in RING])
    assert scrutiny(data, accounts)["p11"][0] == 6
    clusters, ties = ring(accounts)
    assert scrutiny(data, accounts, clusters, ties)["p11"] == (1, 0)


def test_what_is_said_of_members_reaches_all_of_the_ring_and_nobody_else():
    data, accounts = world([(PEOPLE[k], RING[k % 3]) for k in range(9)])
    told = scrutiny(data, accounts, *ring(accounts))
    assert all(told[r][1] > 0.05 for r in RING)
    assert all(told[p][1] == 0 for p in PEOPLE)
    assert told[RING[5]][0] == 0  # nobody reported it


def test_ties_that_are_not_enforcement_ties_carry_nothing():
    data, accounts = world([(PEOPLE[k], RING[0]) for k in range(9)])
    clusters, ties = ring(accounts)
    weak = Ties(*(getattr(ties, f) for f in list(ties.__dataclass_fields__)[:-1]), np.zeros(len(ties), np.bool_))
    told = scrutiny(data, accounts, clusters, weak)
    assert told[RING[0]][1] > 0 and all(told[r][1] == 0 for r in RING[1:])


def test_a_label_counts_by_itself_and_a_person_known_to_be_human_is_let_be():
    data, accounts = world([(PEOPLE[k], "p11") for k in range(6)], [(RING[0], "managed"), ("p11", "human")])
    told = scrutiny(data, accounts, *ring(accounts))
    assert told["p11"] == (6, pytest.approx(0.0, abs=0.2)) and told["p11"][1] < 0.05
    assert all(0 < told[r][1] <= SEED_CAP for r in RING)


def test_a_reporter_who_was_right_counts_more_than_one_who_was_wrong():
    reports = [("p00", r) for r in RING[:3]] + [("p01", p) for p in PEOPLE[5:8]] + [("p00", "p11"), ("p01", "p10")]
    labels = [(r, "managed") for r in RING[:3]] + [(p, "human") for p in PEOPLE[5:8]]
    data, accounts = world(reports, labels)
    seeds = find_seeds(data, accounts, NOBODY)
    at = dict(zip(seeds.account.tolist(), seeds.worth, strict=True))
    ids = accounts.ids.to_pylist()
    assert at[ids.index("p11")] == pytest.approx(0.3 * 4 / 5) and at[ids.index("p10")] == pytest.approx(0.3 * 1 / 5)


def test_reports_of_one_account_never_count_for_more_than_the_cap():
    data, accounts = world([(p, "r0") for p in PEOPLE])
    assert find_seeds(data, accounts, NOBODY).total(18).max() == pytest.approx(SEED_CAP)


@pytest.mark.parametrize("seed", range(30))
def test_no_part_is_more_than_its_share_of_the_sum(seed):
    rng = np.random.default_rng(seed)
    parts = rng.exponential(1.0, (50, rng.integers(1, 12))) ** 3
    base = rng.normal(0, 0.5, 50) * (rng.random(50) < 0.5)
    total = held_sum(parts, base)
    held = np.minimum(parts, MOST_OF_ONE * total[:, None])
    reached = total > 0
    assert np.allclose(base[reached] + held[reached].sum(axis=1), total[reached])
    slow = [max((t for t in np.linspace(0, 60, 6001) if b + np.minimum(p, 0.3 * t).sum() >= t), default=0.0)
            for p, b in zip(parts, base, strict=True)]  # fmt: skip
    assert np.allclose(np.minimum(total, 60), slow, atol=0.02)
