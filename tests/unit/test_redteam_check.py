"""The red team's check: it fails on a loss of more than two points, and on any innocent that would be measured."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def redteam():
    """The benchmark as a module."""
    spec = importlib.util.spec_from_file_location("redteam_checked", ROOT / "benchmarks" / "redteam.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["redteam_checked"] = module
    spec.loader.exec_module(module)
    return module


def cell(flagged=50, held=50, ban=50, **harm):
    due = [["ban", "ban", ban], ["ban", "none", 50 - ban]]
    people = {"fan": {"of": 9, "flagged": 1, "held": 1, "charged": 0, **harm}}
    return {"squad": {"of": 50, "flagged": flagged, "held": held}, "due": due, "innocents": people}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (cell(), []),
        (cell(flagged=49), []),
        (cell(flagged=48), ["flagged fell"]),
        (cell(held=40, ban=40), ["held fell", "measured fell"]),
        (cell(warn=1), ["innocents would be measured: {'warn': 1}"]),
        (cell(ban=30, limit=2), ["measured fell", "innocents would be measured: {'limit': 2}"]),
    ],
)
def test_what_counts_as_a_loss(redteam, found, words):
    told = redteam.losses("x", cell(), found)
    assert len(told) == len(words) and all(w in t for w, t in zip(words, told, strict=True))


def test_the_stored_curve_holds_what_is_checked_and_hurts_nobody(redteam):
    stored = json.loads(redteam.CURVE.read_text())
    there = {(c["attack"], c["bots"], c["strength"]) for c in stored if c["seed"] == 1}
    assert set(redteam.CHECKED) <= there
    assert not any(redteam.harmed(c) for c in stored)


def test_every_attack_has_strengths_and_words(redteam):
    assert set(redteam.STRENGTHS) == set(redteam.SAID) == {a.name for a in redteam.ATTACKS}
