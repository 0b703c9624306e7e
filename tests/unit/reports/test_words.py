import datetime as dt

import pandas as pd
import pytest

from graphscan.reports import words
from graphscan.reports.sentences import (
    cluster_sentence,
    confirmation_sentence,
    follower_sentence,
    headline,
    likelihood_sentence,
    pair_sentence,
    timing_sentence,
)


@pytest.mark.parametrize(
    ("p_value", "told"),
    [
        (1.0, "about 100 in 100"),
        (0.2, "about 20 in 100"),
        (0.05, "about 1 in 20"),
        (1 / 2431, "about 1 in 2,400"),
        (1e-6, "about 1 in 10^6"),
        (3.2e-10, "about 1 in 10^9"),
        (0.0, "less than 1 in 10^300"),
        (None, "not known"),
        (float("nan"), "not known"),
    ],
)
def test_a_chance_is_told_in_words(p_value, told):
    assert words.chance(p_value) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (3.24, "3.2 s"),
        (59, "59 s"),
        (60, "1 min"),
        (723, "12 min 3 s"),
        (7500, "2 h 5 min"),
        (86400, "1 day"),
        (187200, "2 days 4 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds, told):
    assert words.duration(seconds) == told


def test_an_instant_is_told_in_utc_whatever_zone_it_came_in():
    shanghai = dt.datetime(2026, 3, 10, 22, 5, 3, 250_000, dt.timezone(dt.timedelta(hours=8)))
    assert words.utc(shanghai) == "2026-03-10 14:05:03 UTC"
    assert words.iso(pd.Timestamp(shanghai)) == "2026-03-10T14:05:03.250Z"
    assert (words.utc(pd.NaT), words.iso(None), words.day(pd.NaT)) == ("not known", "", "not known")


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\u202e", "\u2066", "\u200f", "\ufeff", "\uffff", "\x85"])
def test_characters_that_could_hide_or_steer_are_written_out(character):
    assert words.visible(f"a{character}b") == f"a⟨U+{ord(character):04X}⟩b"


def test_other_text_stays_as_it_came():
    kept = "家人👨‍👩‍👧 שלום <b> & \"'"
    assert words.visible(kept) == kept


def test_words_are_quoted_on_one_line_and_cut_after_200_characters():
    assert words.quoted("第一行\r\n第二行\n") == "第一行 ⏎ 第二行 ⏎ "
    assert words.quoted("长" * 201) == "长" * 199 + "…"
    assert words.quoted("长" * 200) == "长" * 200
    assert (words.quoted("  \n"), words.quoted(None)) == (None, None)


def test_a_long_id_keeps_its_beginning_and_its_end():
    assert words.label("x" * 28) == "x" * 28
    assert words.label("head" + "x" * 400 + "tail") == "head" + "x" * 14 + "…" + "xxxxx" + "tail"


@pytest.mark.parametrize(
    ("value", "told"),
    [(3.0, "3"), (0.123456, "0.123"), (1234567, "1,234,567"), (1e-12, "1e-12"), (None, "not known")],
)
def test_numbers(value, told):
    assert words.number(value) == told


def test_a_cluster_in_one_sentence():
    day = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)
    told = cluster_sentence(8, 28, 12, ["note_comment", "text_copied"], day, day + dt.timedelta(days=4))
    assert told == (
        "8 accounts, tied by 28 validated pairs (same note commented and same text), met on 12 objects "
        "between 2026-03-10 and 2026-03-14, more often than opportunity explains."
    )


def test_the_headline_counts_and_speaks_in_singular_and_plural():
    assert headline(1, 5, 900) == "1 cluster with 5 accounts in all stands out among the 900 accounts seen"
    assert headline(2, 13, 900) == "2 clusters with 13 accounts in all stand out among the 900 accounts seen"
    assert headline(0, 0, 900) == "Nothing was found among 900 accounts"


def test_the_follower_is_who_acted_later():
    assert follower_sentence("a", "b", [1, 9]) == "b came second on 9 of 10 occasions, after a."
    assert follower_sentence("a", "b", [9, 1]) == "a came second on 9 of 10 occasions, after b."
    assert "neither leads" in follower_sentence("a", "b", [3, 3])
    assert "same instant" in follower_sentence("a", "b", [0, 0])


def test_no_timing_information_is_not_a_result():
    assert timing_sentence(None).startswith("No timing information")
    assert "about 1 in 10^9" in timing_sentence(1e-9)


def test_a_pair_tells_observed_against_expected():
    pair = {
        "behaviour": "note_comment",
        "account_a": "a",
        "account_b": "b",
        "meetings": 7,
        "objects": 5,
        "window_s": 600,
        "expected": 0.07,
        "p_value": 1e-9,
        "q_value": 1e-6,
    }
    assert pair_sentence(pair) == (
        "Same note commented: a and b met on 7 occasions (5 objects) within 10 min; opportunity alone leads "
        "one to expect 0.07. The chance of so many or more is about 1 in 10^9 (q = 1e-06)."
    )


@pytest.mark.parametrize(
    "probability, told",
    [(None, "not known"), (0.5, "cannot be told (50 %"), (0.97, "very likely (97 %"), (1.0, "very likely (99 %"), (0.0, "unlikely (1 %")],
)  # fmt: skip
def test_how_likely_a_cluster_is_in_words(probability, told):
    assert likelihood_sentence(probability).startswith(told)


def test_a_confirmation_says_whether_it_holds_or_that_nothing_can_be_said():
    assert "does not hold" in confirmation_sentence(0.4) and "It holds" in confirmation_sentence(1e-6)
    assert "Too few" in confirmation_sentence(float("nan"))
