import numpy as np
import pytest

from graphscan.accounts.replies import KINDS, replies
from graphscan.behaviours.accounts import list_accounts

from .told import HOUR, START, dataset, notes


def thread(waits, log_sd=None, notes_of="author", count=25):
    """Commenters (one an entry of ``waits``: seconds per comment) under the notes of one author."""
    rows = [
        {
            "comment_id": f"{who}-{i}",
            "note_id": f"{notes_of}-n{i}",
            "account_id": who,
            "created_at": int(START + i * HOUR + wait * 1000),
        }
        for who, times in waits.items()
        for i, wait in enumerate(times)
    ]
    return dataset(notes=notes(notes_of, START + np.arange(count) * HOUR), comments=rows)


def look(data):
    accounts = list_accounts(data)
    return replies(data, accounts), accounts.ids.to_pylist().index


def crowd(rng, count=25, log_sd=1.2, n=30):
    return {f"p{k:02}": np.exp(rng.normal(5, log_sd, count)) for k in range(n)}


def test_an_account_that_always_takes_two_minutes_is_constant_among_people_who_do_not():
    rng = np.random.default_rng(1)
    found, at = look(thread({**crowd(rng), "machine": np.exp(rng.normal(np.log(120), 0.1, 25))}))
    machine = at("machine")
    assert found.constant[machine] == 1
    assert found.median_s[machine] == pytest.approx(120, rel=0.1)
    assert found.p_value[machine] <= 1e-6
    assert KINDS[found.kind[machine]] == "comments on notes"
    assert np.nansum(found.constant) == 1


def test_the_usual_spread_is_the_crowds():
    found, _ = look(thread(crowd(np.random.default_rng(2))))
    assert found.usual_log_sd[1] == pytest.approx(1.2, rel=0.1)


def test_p_values_of_people_are_even():
    found, _ = look(thread(crowd(np.random.default_rng(3), n=400)))
    p = found.p_value[~np.isnan(found.p_value)]
    assert len(p) == 400
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=0.03)
    assert np.nansum(found.constant) == 0


def test_no_statement_under_twenty_answers():
    found, at = look(thread({"few": np.full(19, 60.0), "enough": np.full(20, 60.0)}))
    assert np.isnan(found.constant[at("few")])
    assert found.kind[at("few")] == -1
    assert found.constant[at("enough")] == 1


def test_without_a_crowd_there_is_no_p_value():
    found, at = look(thread({"alone": np.full(25, 60.0)}))
    assert np.isnan(found.p_value[at("alone")])
    assert np.isnan(found.usual_log_sd[1])


def test_answers_under_the_own_note_are_not_counted():
    found, at = look(thread({"author": np.full(25, 60.0)}))
    assert np.isnan(found.constant[at("author")])


def test_answers_in_chats_count_and_answers_to_nobody_known_do_not():
    asked = [
        {"message_id": f"q{i}", "chat_id": "c", "account_id": "asks", "created_at": int(START + i * HOUR)}
        for i in range(25)
    ]
    answered = [
        {**row, "message_id": f"a{i}", "account_id": "bot", "created_at": row["created_at"] + 5000, "reply_to": f"q{i}"}
        for i, row in enumerate(asked)
    ]
    lost = [{**row, "message_id": f"l{i}", "account_id": "lost", "reply_to": "gone"} for i, row in enumerate(asked)]
    found, at = look(dataset(chat_messages=asked + answered + lost))
    assert found.constant[at("bot")] == 1
    assert KINDS[found.kind[at("bot")]] == "answers to comments and messages"
    assert np.isnan(found.constant[at("lost")])
