"""The red team, small: one cell of every attack is no worse than stored, and whoever is framed is charged with nothing.

All rows and strengths: ``benchmarks/redteam.py``, whose parts play them here.
"""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import redteam
import redteam_play

from graphscan.progress import Silent
from graphscan.simulate.simulation import build


def plan(name, bots, strength):
    return redteam_play.of_strength(redteam_play.plan_named(name), bots, strength)


def played(name, bots, strength, seed=1):
    return redteam_play.play(plan(name, bots, strength), 600, seed)


def made(name, bots, strength):
    return build(plan(name, bots, strength), 600, 1, Silent())


@pytest.mark.parametrize("cell", redteam.CHECKED, ids=lambda cell: cell[0])
def test_no_attack_gained_two_points_on_the_stored_curve_and_no_innocent_is_measured(cell):
    assert redteam.check([cell]) == []


def test_a_run_a_day_sees_a_burst_within_days_and_a_squad_that_is_never_flagged_on_no_day():
    (seen,) = redteam_play.tell_days(made("leader_immunity", 20, 0.1))
    (hidden,) = redteam_play.tell_days(made("prebuilt_interest", 20, 1.0))
    assert seen["began_day"] < seen["seen_day"] <= 14
    assert hidden["began_day"] is not None and hidden["seen_day"] is None


@pytest.mark.parametrize(("bots", "strength"), [(5, 1.0), (20, 0.5)])
def test_whoever_is_copied_seconds_later_is_charged_with_nothing(bots, strength):
    found = played("framing_reactive", bots, strength)
    victims = found.rows[found.rows["slice"] == "victim"]
    assert found.squad["flagged"].mean() >= 0.9, "the squads must be there to be charged"
    assert victims["flagged"].sum() >= 1, "the framing must work on whoever does not ask who came later"
    assert victims["unexplained"].max() == 0
    assert not found.innocents["charged"].any() and not found.innocents["gate"].any()


def test_bystanders_of_an_idol_that_is_squatted_pass_no_gate():
    found = played("framing_preemptive", 60, 5.0)
    assert found.squad["flagged"].mean() >= 0.5
    assert not found.innocents["gate"].any()
    assert found.innocents["flagged"].mean() <= 0.01


def test_innocents_whom_two_squads_copy_are_charged_with_nothing():
    found = played("bridging", 30, 1.0)
    assert found.squad["flagged"].mean() >= 0.9
    assert not found.innocents["charged"].any()


def test_a_brigade_of_reports_flags_nobody():
    found = played("report_brigade", 100, 1.0)
    assert not found.rows["flagged"].any() and not found.rows["gate"].any()


def test_leaders_are_flagged_with_the_farm_that_they_lead():
    found = played("leader_immunity", 20, 0.1)
    assert found.squad["flagged"].mean() >= 0.85
    assert found.squad["leader"].sum() >= 1
    assert not found.innocents["flagged"].any()


def test_taken_over_accounts_are_told_from_willing_ones_and_pass_no_gate():
    found = played("hijacked", 15, 0.2)
    assert not found.squad["gate"].any()
    assert found.squad["compromised"].sum() >= 5
    assert not found.innocents["compromised"].any()


def test_freshmen_whom_a_squad_imitates_in_all_they_do_get_no_measure():
    """Their network, their hour, their singer, their slogan, and always first: before words were held to places, 18 were limited."""
    found = played("freshmen", 20, 1.0, seed=2)
    victims = found.rows[found.rows["slice"] == "victim"]
    assert (found.squad["measure_proposed"] == "ban").all()
    assert victims["charged"].sum() >= 10, "the framing must work on whoever asks only who came later"
    assert set(found.innocents["measure_proposed"]) == {"none"}
