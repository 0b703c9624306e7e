import json

import pytest

from graphscan.errors import InputError
from graphscan.reports import Frames, explain

from . import story


@pytest.fixture(scope="module")
def frames():
    return Frames(story.run_tables(), story.MANIFEST)


def test_a_pair_is_explained_down_to_the_rows(frames):
    told = explain(frames, "u01", "u00")
    text = str(told)
    assert "Same note commented: u00 and u01 met on" in text
    assert "[comments/note_comment-2-u01]: “这款2真的太好用了" in text
    assert len(told.frames["meetings"]) == told.frames["pairs"]["meetings"].sum()


def test_the_gap_and_the_later_account_are_told(frames):
    meetings = explain(frames, "u00", "u01").frames["meetings"]
    gaps = (meetings["b_at"] - meetings["a_at"]).dt.total_seconds()
    assert (meetings["gap_s"] == gaps.abs()).all()
    assert list(meetings["later"]) == ["u01" if gap > 0 else "u00" for gap in gaps]
    assert meetings["a_at"].is_monotonic_increasing


def test_an_account_with_findings_is_told_its_cluster_its_evidence_and_its_limits(frames):
    text = str(explain(frames, "u00"))
    assert "u00 is in cluster c1 as core: 100% of the seeded re-clusterings keep it there." in text
    assert "u00 acted second on 30 of 40 occasions." in text
    assert "Against it: u00 is labelled human by: moderators." in text
    assert "Coordination alone measures nobody" in text


def test_a_known_account_without_findings_is_told_what_was_looked_at(frames):
    text = str(explain(frames, story.BYSTANDER))
    assert "No validated pair with any other account." in text
    assert "Looked at: same note commented and same link or product." in text
    assert "Nothing found is not proof" in text


def test_a_pair_without_a_validated_pair_is_told_so(frames):
    text = str(explain(frames, "u00", story.BYSTANDER))
    assert "bystander and u00 have no validated pair." in text
    assert "Nothing found is not proof" in text


def test_a_cluster_is_explained_with_what_speaks_against_it(frames):
    text = str(explain(frames, "c1"))
    assert "8 accounts met more often than opportunity explains." in text
    assert "Against it: 1 of 8 members is verified by the platform." in text
    assert "Not known: The tools are not known" in text


def test_words_of_accounts_cannot_steer_the_terminal(frames):
    text = str(explain(frames, "c1")) + str(explain(frames, "\u202eabc"))
    assert "⟨U+001B⟩[31m" in text
    assert not set("\x1b\u202e") & set(text)


def test_an_explanation_is_plain_json(frames):
    told = json.loads(json.dumps(explain(frames, "u00").as_json(), allow_nan=False))
    assert told["frames"]["account"][0]["first_at"] == "2026-03-10T14:05:03Z"
    assert told["frames"]["account"][0]["measure"] is None


def test_an_unknown_id_says_where_to_look(frames):
    with pytest.raises(InputError, match=r"no account or cluster 'U00' .*letter case and leading zeros.*members\.csv"):
        explain(frames, "U00")
    with pytest.raises(InputError, match="no cluster 'c9' in this run; it has 2, for example c2, c1"):
        explain(frames, "cluster:c9")
    with pytest.raises(InputError, match="no account or cluster 'ghost'"):
        explain(frames, "u00", "ghost")


def test_a_pair_is_two_accounts(frames):
    with pytest.raises(InputError, match="'u00' was given twice"):
        explain(frames, "u00", "u00")
    with pytest.raises(InputError, match="not 3"):
        explain(frames, "u00", "u01", "u02")


def test_an_id_of_both_an_account_and_a_cluster_must_say_which():
    tables = story.run_tables() | {"accounts": story.tables(accounts=[story.account("c1")])["accounts"]}
    frames = Frames(tables, story.MANIFEST)
    with pytest.raises(InputError, match="write account:c1 or cluster:c1"):
        explain(frames, "c1")
    assert explain(frames, "cluster:c1").title == "Cluster c1"
    assert explain(frames, "account:c1").title == "Account c1"
