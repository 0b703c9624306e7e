"""The red team's check and tables: a loss of more than two points fails, and any innocent that would be measured."""

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import redteam
import redteam_grid
import redteam_play
import redteam_tables

from graphscan.simulate.scenarios import ATTACKS

SEEDS = {1, 2, 3, 4, 5}


def cell(flagged=50, held=50, ban=50, fans=1, **harm):
    due = [["ban", "ban", ban], ["ban", "none", 50 - ban]]
    people = {"fan": {"of": 9, "flagged": fans, "held": 1, "charged": 0, **harm}}
    return {"squad": {"of": 50, "flagged": flagged, "held": held}, "due": due, "innocents": people}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (cell(), []),
        (cell(flagged=49), []),
        (cell(flagged=48), ["flagged fell"]),
        (cell(held=40, ban=40), ["held fell", "measured fell"]),
        (cell(fans=4), ["precision fell"]),
        (cell(flagged=0, held=50, fans=0), ["flagged fell"]),
        (cell(warn=1), ["innocents would be measured: {'warn': 1}"]),
        (cell(ban=30, limit=2), ["measured fell", "innocents would be measured: {'limit': 2}"]),
    ],
)
def test_what_counts_as_a_loss(found, words):
    told = redteam.losses("x", cell(), found)
    assert len(told) == len(words) and all(w in t for w, t in zip(words, told, strict=True))


def test_the_stored_curve_holds_every_cell_on_five_seeds_and_hurts_nobody():
    stored = json.loads(redteam.CURVE.read_text())
    there = {(c["attack"], c["bots"], c["strength"], c["seed"]) for c in stored}
    assert there == {(*one, seed) for one in redteam_grid.cells() for seed in SEEDS}
    assert not any(redteam.harmed(c) for c in stored)


def test_the_page_shows_the_stored_curve():
    between = redteam.PAGE.read_text(encoding="utf-8").split(redteam.BEGIN)[1].split(redteam.END)[0]
    assert between.strip() == redteam_tables.table(json.loads(redteam.CURVE.read_text())).strip()


def test_every_attack_has_strengths_and_words_and_is_checked():
    names = {a.name for a in ATTACKS}
    assert set(redteam_grid.STRENGTHS) == set(redteam_grid.SAID) == {name for name, _, _ in redteam.CHECKED} == names
    assert set(redteam.CHECKED) <= set(redteam_grid.cells())
    assert set(redteam_grid.GOALS) <= {(name, strength) for name, _, strength in redteam_grid.cells()}


def squad(began, seen):
    return {"squad": "a", "of": 9, "began_day": began, "seen_day": seen}


def test_days_to_detection_are_of_the_squads_that_were_seen():
    lines = [{"days": [squad(1.5, 4), squad(2.0, 3)]}, {"days": [squad(1.0, None), squad(3.0, 13)]}]
    assert redteam_tables.days(lines) == "2.5 (1.0–10.0), 3 of 4 squads"
    assert redteam_tables.days([{"days": [squad(1.0, None)]}]) == "never (1 squads)"
    assert redteam_tables.days([{"days": []}]) == redteam_tables.days([{}]) == "-"


@pytest.mark.parametrize(("flagged", "verdict"), [(300, "shown"), (271, "not shown"), (200, "missed")])
def test_a_goal_is_shown_by_its_lower_bound_and_missed_by_its_figure(flagged, verdict):
    line = {"attack": "jitter", "bots": 15, "strength": 5.0, "squad": {"of": 300, "flagged": flagged}}
    assert redteam_tables.verdicts_of([line]) == [(("jitter", 15, 5.0), verdict)]


@pytest.mark.parametrize("first", range(1, 15))
def test_the_first_day_is_found_by_halving(first):
    asked = []
    assert redteam_play._first(lambda day: asked.append(day) or day >= first, 14) == first
    assert len(asked) <= 4
