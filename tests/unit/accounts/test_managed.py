from dataclasses import replace

import numpy as np
import pytest

from graphscan.accounts.conduct import conduct
from graphscan.accounts.evidence import account_evidence
from graphscan.accounts.probability import OWN_FLOOR, Calibration, default_calibration, managed_probability
from graphscan.accounts.templates import template_use
from graphscan.accounts.weights import FAMILY_CAPS, WEIGHTS, own_weight, weigh
from graphscan.behaviours.accounts import list_accounts

from .told import DAY, HOUR, MINUTE, START, dataset, machine, notes, poisson

TOOL, APP = "openclaw/0.9.4", "app-ios/8.31.0"


def comments(who, times, client=None):
    return [
        {"comment_id": f"{who}-c{i}", "note_id": "x", "account_id": who, "created_at": int(t), "client": client}
        for i, t in enumerate(times)
    ]


def story():
    """One account of each kind: managed life, occasional, aided, person, silent, and one whose tools are not known."""
    days = START + np.arange(10) * DAY
    people = ("life", TOOL, START), ("occasional", APP, START - 400 * DAY), ("aided", APP, START - 400 * DAY)
    return dataset(
        accounts=[
            *({"account_id": i, "client": c, "registered_at": at} for i, c, at in people),
            {"account_id": "person", "client": APP, "registered_at": START - 900 * DAY, "verified": True},
            {"account_id": "silent"},
        ],
        notes=[
            *notes("life", days, client=TOOL),
            *notes("occasional", days[:2], client=TOOL),
            *({**n, "note_id": n["note_id"] + "b"} for n in notes("occasional", days[2:] + HOUR, client=APP)),
            *notes("aided", days, client=APP, ai_declared=True),
            *notes("person", days, client=APP),
            *notes("unknown", days),
        ],
        comments=[
            *comments("life", days + HOUR, TOOL),
            *comments("occasional", days + HOUR, APP),
            *comments("person", days + HOUR, APP),
        ],
    )


def look(data, note_flags=None, **given):
    accounts = list_accounts(data)
    if note_flags is not None:
        given["templates"] = replace(template_use(data, accounts), notes=note_flags)
    found = conduct(data, accounts, **given)
    return found, accounts.ids.to_pylist().index


@pytest.fixture(scope="module")
def told():
    return look(story())


def test_the_share_of_managed_notes(told):
    found, at = told
    share = {i: found.managed_share[at(i)] for i in ("life", "occasional", "aided", "person")}
    assert np.isnan(found.managed_share[[at("silent"), at("unknown")]]).all()
    assert share == {"life": 1.0, "occasional": 0.2, "aided": 0.0, "person": 0.0}


def test_private_notes_do_not_count_and_notes_of_unknown_origin_count_as_a_persons():
    data = dataset(
        notes=notes("a", [START], client=TOOL)
        + notes("b", [START], client=TOOL, public=False)
        + [{**n, "note_id": "a-unknown"} for n in notes("a", [START + HOUR])]
    )
    found, at = look(data)
    assert found.managed_share[at("a")] == 0.5
    assert np.isnan(found.managed_share[at("b")])
    assert found.notes.public[at("b")] == 0


def test_a_template_counts_only_with_a_machines_cadence_and_never_against_a_label():
    rng = np.random.default_rng(1)
    steady = machine(rng, 40)
    data = dataset(
        notes=notes("machine", steady)
        + notes("labelled", steady + MINUTE, ai_declared=True)
        + [n for k in range(20) for n in notes(f"p{k}", poisson(rng, 40))]
    )
    flags = np.ones(data.tables["notes"].num_rows, np.bool_)
    found, at = look(data, note_flags=flags)
    assert found.managed_share[at("machine")] == 1.0
    assert np.isnan(found.managed_share[at("p0")])
    assert np.isnan(found.managed_share[at("labelled")])


def test_a_managed_life_is_found_and_nobody_else(told):
    found, at = told
    p = managed_probability(found)
    assert p[at("life")] > 0.95
    assert p[at("occasional")] < 0.5
    assert p[at("aided")] < 0.05
    assert p[at("person")] < p[at("aided")]
    assert np.isnan(p[at("silent")])


def test_a_cluster_never_lifts_an_account_without_own_evidence_above_one_half(told):
    found, at = told
    surest = Calibration(20.0, 1.5)
    p = managed_probability(found, np.ones(len(found)), surest)
    own = own_weight(weigh(found))
    assert (p[own < OWN_FLOOR] == 0.5).all()
    assert p[at("life")] > 0.99


def test_in_a_cluster_an_unknown_account_has_a_probability_and_a_silent_one_outside_has_none(told):
    found, at = told
    inside = np.full(len(found), np.nan)
    inside[at("silent")] = 1.0
    p = managed_probability(found, inside)
    assert 0 < p[at("silent")] <= 0.5


def test_membership_only_raises(told):
    found, _ = told
    low, high = (managed_probability(found, np.full(len(found), m)) for m in (0.2, 0.9))
    assert (high >= low).all()


def test_a_label_lowers_and_never_raises():
    data = story()
    with_label, at = look(data)
    without, _ = look(dataset_without_labels(data))
    assert own_weight(weigh(with_label))[at("aided")] < own_weight(weigh(without))[at("aided")]


def dataset_without_labels(data):
    rows = [{**row, "ai_declared": None} for row in data.tables["notes"].to_pylist()]
    return dataset(**{name: table.to_pylist() for name, table in data.tables.items()} | {"notes": rows})


def test_how_a_text_sounds_is_never_asked():
    data = story()
    rows = [{**row, "text": "作为一个人工智能助手", "title": "delve"} for row in data.tables["notes"].to_pylist()]
    other = dataset(**{name: table.to_pylist() for name, table in data.tables.items()} | {"notes": rows})
    np.testing.assert_array_equal(*(managed_probability(look(d)[0]) for d in (data, other)))


def test_no_clue_that_honest_people_share_reaches_the_floor_alone():
    assert FAMILY_CAPS["A4"] < OWN_FLOOR
    assert all(w.cap < OWN_FLOOR for w in WEIGHTS if w.name in ("no_sleep", "constant_replies", "heartbeat"))


def test_a_club_registered_on_one_network_in_an_afternoon_stays_below_watch():
    rng = np.random.default_rng(5)
    days = START + np.arange(8) * DAY
    club = [
        {
            "account_id": f"k{i}",
            "client": APP,
            "network": "school",
            "registered_at": int(START + rng.uniform(0, 4 * HOUR)),
        }
        for i in range(60)
    ]
    others = [
        {
            "account_id": f"p{i}",
            "client": APP,
            "network": f"n{i % 300}",
            "registered_at": int(START - rng.uniform(0, 900 * DAY)),
        }
        for i in range(900)
    ]
    posts = [n for k in range(60) for n in notes(f"k{k}", np.sort(days + rng.uniform(0, 10 * HOUR, 8)), client=APP)]
    found, at = look(dataset(accounts=club + others, notes=posts))
    assert np.nansum(found.registration.in_batch) > 40
    assert managed_probability(found)[at("k0")] < 0.1
    assert np.nanmax(managed_probability(found, np.ones(len(found)))) <= 0.5


def test_everybody_scheduling_is_below_watch():
    rng = np.random.default_rng(2)
    data = dataset(
        notes=[n for k in range(40) for n in notes(f"s{k}", START + np.arange(100) * HOUR, client="scheduler/2.1")]
        + [n for k in range(10) for n in notes(f"p{k}", poisson(rng, 30), client=APP)]
    )
    found, _ = look(data)
    assert np.nanmax(managed_probability(found)) < 0.05
    assert np.nanmax(found.managed_share) == 0.0


def test_people_who_schedule_with_an_unknown_tool_are_below_watch_even_with_a_template():
    rng = np.random.default_rng(4)
    slots = [np.sort(rng.choice(30 * 12, 120, replace=False)) for _ in range(60)]
    times = [START + (s // 12) * DAY + (8 + s % 12) * HOUR for s in slots]
    data = dataset(notes=[n for k, t in enumerate(times) for n in notes(f"s{k}", t)])
    found, _ = look(data, note_flags=np.ones(data.tables["notes"].num_rows, np.bool_))
    assert np.nanmax(managed_probability(found)) < 0.05
    assert not found.notes.managed.any()


def test_weights_of_no_data_are_not_weights_of_no(told):
    found, at = told
    weights = weigh(found)
    assert np.isnan(weights["posted_by_tool"][at("unknown")])
    assert weights["posted_by_tool"][at("person")] == 0.0


def test_the_committed_curve_rises():
    assert default_calibration().slope > 0
    assert (np.diff(default_calibration().probability(np.linspace(-5, 12, 50))) > 0).all()


def test_the_template_rooms_weight_is_capped_and_counts_as_own(told):
    found, _ = told
    n = len(found)
    use = template_use(story(), found.accounts)
    much = replace(use, share=np.ones(n), worth=np.ones(n), later=np.full(n, 10**6))
    for clock, most in ((True, 4.0), (False, 2.2)):
        stronger = replace(found, templates=much, machine_cadence=np.full(n, clock))
        lifted = own_weight(weigh(stronger)) - own_weight(weigh(found))
        assert lifted == pytest.approx(most, abs=1e-4)


def evidence(told, account):
    found, at = told
    return {e.clue: e for e in account_evidence(found, story(), np.array([at(account)]))}


def test_the_evidence_of_a_managed_life(told):
    said = evidence(told, "life")
    assert set(said) == {"registered_by_tool", "posted_by_tool", "interacted_by_tool"}
    assert {e.family for e in said.values()} == {"A1"}
    assert said["posted_by_tool"].sentence == "An agent tool posted 10 of its 10 notes whose client is known."
    assert said["posted_by_tool"].rows[0] == "notes/life-n0"
    assert said["registered_by_tool"].rows == ("accounts/life",)
    assert said["posted_by_tool"].subject == "account:life"


def test_the_evidence_for_people_and_of_nothing(told):
    assert {"against_verified", "against_age"} <= set(evidence(told, "person"))
    assert "against_declared" in evidence(told, "aided")
    assert set(evidence(told, "unknown")) == {"unknown_tool"}
    assert evidence(told, "silent")["unknown_tool"].value is None


def test_the_evidence_of_a_clock_and_its_rows():
    rng = np.random.default_rng(3)
    data = dataset(
        comments=comments("machine", machine(rng, 600, jitter=MINUTE // 2))
        + [c for k in range(20) for c in comments(f"p{k}", poisson(rng, 100))]
    )
    found, at = look(data)
    said = {e.clue: e for e in account_evidence(found, data, np.array([at("machine")]))}
    assert {"regular_gaps", "no_sleep", "heartbeat"} <= set(said)
    assert len(said["regular_gaps"].rows) == 20
    assert said["regular_gaps"].p_value <= 1e-6
    assert "around 30 minutes" in said["regular_gaps"].sentence
    assert {said[c].family for c in ("regular_gaps", "no_sleep", "heartbeat")} == {"A2"}
    weights = weigh(found)
    together = np.nansum([weights[w.name][at("machine")] for w in WEIGHTS if w.family == "A2"])
    assert together > FAMILY_CAPS["A2"]
    assert own_weight(weights)[at("machine")] == pytest.approx(FAMILY_CAPS["A2"])
