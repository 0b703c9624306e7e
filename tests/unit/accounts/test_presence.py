import numpy as np

from graphscan.accounts.presence import presence
from graphscan.behaviours.accounts import list_accounts

from .told import DAY, HOUR, START, dataset, notes

OLD, NEW = START - 400 * DAY, START + DAY


def account(name, registered, **given):
    return {"account_id": name, "registered_at": registered, **given}


def comment(number, note, who, to=None):
    at = START + number * HOUR
    return {"comment_id": f"c{number}", "note_id": note, "account_id": who, "created_at": at, "reply_to": to}


def look(data, cluster=None):
    accounts = list_accounts(data)
    codes = None if cluster is None else np.array([cluster.get(i, -1) for i in accounts.ids.to_pylist()])
    return presence(data, accounts, codes), accounts.ids.to_pylist().index


def talk():
    return dataset(
        accounts=[account("a", NEW), account("old", OLD), account("new", NEW), account("mute", OLD)],
        notes=notes("a", [START]),
        comments=[
            comment(1, "a-n0", "old"),
            comment(2, "a-n0", "a", "c1"),
            comment(3, "a-n0", "new"),
            comment(4, "a-n0", "a", "c3"),
            comment(5, "a-n0", "mute"),
        ],
    )


def test_talk_with_an_old_account_counts_and_with_a_new_or_silent_one_does_not():
    found, at = look(talk())
    assert found.partners[at("a")] == 1
    assert found.partners[at("old")] == 0


def test_talk_inside_a_cluster_does_not_count():
    found, at = look(talk(), {"a": 0, "old": 0})
    assert found.partners[at("a")] == 0
    found, at = look(talk(), {"a": 0, "old": 1})
    assert found.partners[at("a")] == 1


def test_where_no_answers_are_recorded_there_is_no_data():
    found, _ = look(dataset(notes=notes("a", [START])))
    assert np.isnan(found.partners).all()


def test_what_is_known_of_an_account():
    data = dataset(
        accounts=[account("v", OLD, verified=True), account("n", None, verified=False)],
        labels=[
            {"account_id": "h", "label": "human", "source": "review"},
            {"account_id": "m", "label": "managed", "source": "review"},
        ],
        notes=notes("v", [START]),
    )
    found, at = look(data)
    assert [found.verified[at(i)] for i in "vnhm"] == [True, False, False, False]
    assert [found.labelled_human[at(i)] for i in "vnhm"] == [False, False, True, False]
    assert [found.labelled_managed[at(i)] for i in "vnhm"] == [False, False, False, True]
    assert found.age_days[at("v")] == 400
    assert np.isnan(found.age_days[at("n")])


def test_pictures_that_others_use_are_not_ones_own():
    data = dataset(
        notes=notes("a", [START], media=["m1", "m2", "m3", "shared", "", "m4"])
        + notes("b", [START], media=["shared"])
        + notes("c", [START + HOUR])
    )
    found, at = look(data)
    assert found.own_media_share[at("a")] == 0.8
    assert np.isnan(found.own_media_share[at("b")])
    assert np.isnan(found.own_media_share[at("c")])


def test_the_same_picture_twice_in_ones_own_notes_is_one_picture():
    data = dataset(notes=notes("a", [START, START + HOUR], media=["m1", "m2", "m3", "m4", "m5"]))
    found, at = look(data)
    assert found.own_media_share[at("a")] == 1.0
