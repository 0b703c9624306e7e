"""Strength: what parts a small farm from a small club is everything but coordination."""

import numpy as np
import pytest

from graphscan.fusion.axes import CAPS, Axes
from graphscan.fusion.strength import COORDINATION_ALONE, ClusterCurve, Strength, cluster_probability, default_curve
from graphscan.fusion.strength_evidence import strength_evidence

from .told import look, two_farms


def axes(coordination=3.0, automation=0.0, commerce=0.0, presence=0.0, known=True):
    return Axes(*(np.array([x], float) for x in (coordination, automation, commerce, presence)), np.array([known]))


def probability(**given):
    return float(cluster_probability(axes(**given))[0])


def test_coordination_alone_never_rises_above_one_half_whatever_the_curve():
    keen = ClusterCurve(5.0, (1.5, 1.5, 1.5, 1.5))
    assert cluster_probability(axes(), keen)[0] == COORDINATION_ALONE
    assert cluster_probability(axes(automation=3.0), keen)[0] > 0.99


def test_a_merchants_farm_and_a_new_club_that_act_alike_are_told_apart():
    assert probability(automation=3.0, commerce=1.5) > 0.9
    assert probability(presence=1.5) < 0.3


def test_each_axis_moves_it_its_own_way():
    middling = {"automation": 1.0, "commerce": 1.0, "presence": 1.0, "coordination": 1.5}
    base = probability(**middling)
    for name in middling:
        more = probability(**{**middling, name: middling[name] + 1.0})
        assert (more < base) if name == "presence" else (more > base), name


def test_nothing_known_but_coordination_is_no_data():
    assert np.isnan(probability(known=False))


def test_one_axis_alone_does_not_make_it_certain():
    curve = default_curve()
    assert all(0 < slope <= 1.5 for slope in curve.slopes)
    assert probability(coordination=0.0, automation=CAPS["automation"]) < 0.99
    assert probability(coordination=0.0, commerce=CAPS["commerce"]) < 0.99


@pytest.fixture(scope="module")
def found():
    return look(two_farms())


def test_the_axes_of_told_farms(found):
    """The talkers share their words, the likers nothing but their timing; nobody's tools or age are recorded."""
    talk, likes = sorted(range(2), key=lambda k: -found.axes.commerce[k])
    assert found.axes.commerce[talk] == pytest.approx(1.5) and found.axes.commerce[likes] == 0
    assert (found.axes.automation == 0).all() and (found.axes.coordination > 1).all()
    told = cluster_probability(found.axes)
    assert found.axes.known[talk] and not np.isnan(told[talk])


def sentences(found, probability, confirmed, ties):
    strength = Strength(np.array(probability), np.array(confirmed), np.array(ties))
    return {e.clue: e.sentence for e in strength_evidence(found.clusters[:1], found.axes, strength)}


def test_the_sentences_tell_both_sides_and_what_is_not_known(found):
    told = sentences(found, [0.97], [1e-6], [4])
    assert told["cluster_probability"].startswith("97 % likely batch-operated")
    assert "Against it:" in told["cluster_probability"]
    assert "4 pairs of members" in told["enforcement_ties"]
    assert "closer together" in told["confirmed"]
    told = sentences(found, [np.nan], [np.nan], [0])
    assert set(told) == {"unknown_probability", "unknown_confirmation", "against_one_kind_of_layer"}
    assert "no closer" in sentences(found, [0.5], [0.4], [0])["against_confirmation"]


def test_no_sentence_says_never_or_certainly(found):
    assert sentences(found, [0.9999], [1.0], [0])["cluster_probability"].startswith("99 %")
    assert sentences(found, [0.0001], [1.0], [0])["cluster_probability"].startswith("1 %")
