import pandas as pd

from graphscan.reports import Frames
from graphscan.reports.occasions import actions_of, examples, object_table, occasion_table, with_occasions

from . import story


def waves(*meetings):
    """Actions by occasion of (object, a's second, b's second) between the accounts a and b."""
    rows = [
        {
            "account_a": "a",
            "account_b": "b",
            "behaviour": "note_comment",
            "object": name,
            "a_at": story.at(seconds=a),
            "b_at": story.at(seconds=b),
            "a_row": f"a{a}",
            "b_row": f"b{b}",
        }
        for name, a, b in meetings
    ]
    frames = Frames(story.tables(meetings=rows), {})
    return with_occasions(actions_of(frames.meetings), pd.DataFrame({"window_s": [600]}))


def test_an_action_behind_many_meetings_counts_once():
    assert len(waves(("n", 0, 10), ("n", 0, 30))) == 3


def test_a_pause_longer_than_an_hour_begins_a_new_occasion():
    assert list(waves(("n", 0, 10), ("n", 3611, 3620))["occasion"]) == [0, 0, 1, 1]
    assert list(waves(("n", 0, 10), ("n", 3610, 3620))["occasion"]) == [0, 0, 0, 0]


def test_seconds_count_from_the_first_of_the_occasion():
    assert list(waves(("n", 100, 112.5), ("m", 0, 7))["after_s"]) == [0, 7, 0, 12.5]


def test_occasions_are_numbered_by_time_whatever_the_objects_are_called():
    told = waves(("z", 0, 1), ("a", 50, 51))
    assert dict(zip(told["object"], told["occasion"], strict=True)) == {"z": 0, "a": 1}


def test_an_object_is_counted_over_its_occasions():
    actions = waves(("n", 0, 10), ("n", 9000, 9030), ("m", 5, 6))
    table = object_table(occasion_table(actions), actions)
    first = table.iloc[0]
    assert (first["object"], first["occasions"], first["members"], first["spread_s"]) == ("n", 2, 2, 20)


def test_examples_prefer_other_objects_and_come_in_time_order():
    actions = waves(("n", 0, 10), ("n", 9000, 9010), ("m", 4000, 4500))
    chosen = examples(occasion_table(actions), limit=2)
    assert list(chosen["object"]) == ["n", "m"]
    assert len(examples(occasion_table(actions), limit=5)) == 3
