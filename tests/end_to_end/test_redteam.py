"""The red team's framing rows, small: whoever is framed is charged with nothing, and passes no gate for a ban.

All rows and strengths: ``benchmarks/redteam.py``, whose parts play them here.
"""

import importlib.util
from pathlib import Path

import pytest

from graphscan.simulate.scenarios import ATTACKS

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "redteam.py"


@pytest.fixture(scope="module")
def redteam():
    """The benchmark as a module."""
    spec = importlib.util.spec_from_file_location("redteam", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def played(redteam, name, bots, strength, seed=1):
    plan = next(a for a in ATTACKS if a.name == name)
    return redteam.play(redteam.of_strength(plan, bots, strength), 600, seed)


@pytest.mark.parametrize(("bots", "strength"), [(5, 1.0), (20, 0.5)])
def test_whoever_is_copied_seconds_later_is_charged_with_nothing(redteam, bots, strength):
    found = played(redteam, "framing_reactive", bots, strength)
    victims = found.rows[found.rows["slice"] == "victim"]
    assert found.squad["flagged"].mean() >= 0.9, "the squads must be there to be charged"
    assert victims["flagged"].sum() >= 1, "the framing must work on whoever does not ask who came later"
    assert victims["unexplained"].max() == 0
    assert not found.innocents["charged"].any() and not found.innocents["gate"].any()


def test_bystanders_of_an_idol_that_is_squatted_pass_no_gate(redteam):
    found = played(redteam, "framing_preemptive", 60, 5.0)
    assert found.squad["flagged"].mean() >= 0.5
    assert not found.innocents["gate"].any()
    assert found.innocents["flagged"].mean() <= 0.01


def test_innocents_whom_two_squads_copy_are_charged_with_nothing(redteam):
    found = played(redteam, "bridging", 30, 1.0)
    assert found.squad["flagged"].mean() >= 0.9
    assert not found.innocents["charged"].any()


def test_a_brigade_of_reports_flags_nobody(redteam):
    found = played(redteam, "report_brigade", 100, 1.0)
    assert not found.rows["flagged"].any() and not found.rows["gate"].any()


def test_leaders_are_flagged_with_the_farm_that_they_lead(redteam):
    found = played(redteam, "leader_immunity", 20, 0.1)
    assert found.squad["flagged"].mean() >= 0.85
    assert found.squad["leader"].sum() >= 1
    assert not found.innocents["flagged"].any()


def test_taken_over_accounts_are_told_from_willing_ones_and_pass_no_gate(redteam):
    found = played(redteam, "hijacked", 15, 0.2)
    assert not found.squad["gate"].any()
    assert found.squad["compromised"].sum() >= 5
    assert not found.innocents["compromised"].any()


def test_freshmen_whom_a_squad_imitates_in_all_they_do_get_no_measure(redteam):
    """Their network, their hour, their singer, their slogan, and always first: before words were held to places, 18 were limited."""
    found = played(redteam, "freshmen", 20, 1.0, seed=2)
    victims = found.rows[found.rows["slice"] == "victim"]
    assert (found.squad["measure_proposed"] == "ban").all()
    assert victims["charged"].sum() >= 10, "the framing must work on whoever asks only who came later"
    assert set(found.innocents["measure_proposed"]) == {"none"}


def test_no_checked_cell_has_lost_two_points_against_the_stored_curve(redteam):
    assert redteam.check() == []
