"""The deeper pictures: layers, relay, day clocks, decisions, waterfall."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from graphscan.accounts.weights import FAMILY_CAPS
from graphscan.errors import InputError
from graphscan.reports import Frames, case_pictures
from graphscan.reports.clock_figures import Clock
from graphscan.reports.paths import NO_MEASURE, NO_RULE, NOT_LOOKED_AT, paths_of
from graphscan.reports.relays import MOST_OCCASIONS, relay_of
from graphscan.reports.weighing import weighing_of
from graphscan.tables import FACTS

from . import story

OF_CLUSTERS = [case_pictures.layers, case_pictures.relay, case_pictures.clocks, case_pictures.decisions]


def fact(account, **given):
    told = {"account_id": account, "cluster_id": "c1", "families": [], "roles": [], "own_weight": 0.0}
    blank = {"int": 0, "float": 0, "bool": False, "texts": []}
    empty = {c.name: blank[c.kind] for c in FACTS.columns if c.required and c.kind in blank}
    return empty | told | given


def decision(account, measure, **given):
    told = {
        "decision_id": f"d-{account}", "subject": account, "measure": measure, "reason": "r", "follows": [], "cluster_id": "c1",
        "policy_version": "p", "automated": True, "rule": "managed_in_cluster", "detail": measure, "degree": 3, "days": None,
        "reasons": [], "families": ["A1"], "review": "two", "blocked_by": [], "counterfactual": None, "policy_sha256": "0",
    }  # fmt: skip
    return told | given


def weighed(account, clue, family, weight):
    return story.clue(f"account:{account}", clue, f"{clue} of {account}") | {"family": family, "weight": weight}


def frames(manifest=None, **rows):
    tables = story.run_tables()
    return Frames(
        tables | {name: story.tables(**{name: given})[name] for name, given in rows.items()}, manifest or story.MANIFEST
    )


def decided():
    facts = [fact("u00", families=["A1"]), fact("u01", roles=["receiver"]), fact("u02", families=["A1"])]
    held = decision("u02", "limit", blocked_by=["an account older than 180 days is not banned"], days=30)
    return frames(facts=facts, decisions=[decision("u00", "ban"), held])


@pytest.mark.parametrize("make", OF_CLUSTERS)
@pytest.mark.parametrize("cluster", ["c1", "c2"])
def test_pictures_draw_without_a_warning_and_have_words(make, cluster):
    picture = make(frames(), cluster)
    axes = picture.on(None)
    FigureCanvasAgg(axes.figure).draw()
    assert axes.get_title(loc="left")
    assert cluster in picture.words and picture.words.endswith(".")


@pytest.mark.parametrize("make", OF_CLUSTERS)
def test_the_same_run_gives_the_same_bytes(make):
    assert make(decided(), "c1").svg() == make(decided(), "c1").svg()


@pytest.mark.parametrize("make", [case_pictures.relay, case_pictures.clocks])
def test_names_stay_text_and_do_nothing(make):
    svg = make(frames(), "c2").svg()
    assert "甲乙丙丁" in svg and "&lt;b&gt;bold" in svg
    assert "<b>" not in svg and "\u202e" not in svg and "qz0" not in svg


def test_a_picture_shows_itself_in_a_notebook():
    axes = case_pictures.relay(frames(), "c2").on(None)
    assert axes._repr_png_().startswith(b"\x89PNG")
    assert axes._repr_png_() == axes._repr_png_()


@pytest.mark.parametrize("make", OF_CLUSTERS)
def test_an_unknown_cluster_is_named(make):
    with pytest.raises(InputError, match="no cluster 'c9'"):
        make(frames(), "c9")


def actions(*rows):
    """(occasion, account, seconds after the first)."""
    at = story.START
    columns = {"occasion": [], "account_id": [], "after_s": [], "object": [], "first_at": []}
    for occasion, account, after in rows:
        for name, value in zip(columns, (occasion, account, after, f"n{occasion}", at), strict=True):
            columns[name].append(value)
    return pd.DataFrame(columns)


def test_who_always_comes_first_stands_on_top():
    found = relay_of(actions((0, "b", 0.0), (0, "a", 5.0), (0, "c", 9.0), (1, "b", 0.0), (1, "c", 1.0)))
    assert found.members == ("b", "a", "c")
    assert (found.led(0), found.came(0), found.came(1)) == (2, 2, 1)
    assert np.array_equal(found.places, [[1, 1], [2, np.nan], [3, 2]], equal_nan=True)


def test_who_comes_at_one_instant_shares_a_place():
    found = relay_of(actions((0, "a", 0.0), (0, "b", 0.0), (0, "c", 1.0)))
    assert found.places[:, 0].tolist() == [1, 1, 3]


def test_the_relay_takes_the_fullest_occasions_and_says_how_many_there_are():
    rows = [(n, a, k) for n in range(40) for k, a in enumerate("abc" if n >= 5 else "ab")]
    found = relay_of(actions(*rows))
    assert found.places.shape == (3, MOST_OCCASIONS) and found.all_occasions == 40
    assert not np.isnan(found.places).any()


def test_the_quiet_hours_are_counted_across_midnight():
    counts = [0] * 24
    counts[12], counts[23] = 9, 1
    assert Clock("a", counts).quiet_share() == 0
    awake = Clock("b", [1] * 24)
    assert awake.quiet_share() == pytest.approx(5 / 24)
    assert Clock("c", None).quiet_share() is None and Clock("d", [0] * 24).quiet_share() is None


def test_a_run_that_does_not_know_the_hours_says_so():
    assert "hold an unknown share of its actions, and an unknown share" in case_pictures.clocks(frames(), "c1").words


def test_the_hours_of_members_add_up_to_the_clusters():
    accounts = [story.account(a, "c1") | {"hours": [1] * 24} for a in story.MANY]
    words = case_pictures.clocks(frames({"hours": [2] * 24}, accounts=accounts), "c1").words
    assert "hold 20.8% of its actions, and 20.8% of the platform's" in words


def test_every_member_has_a_path_even_where_nothing_is_proposed():
    paths = {p.account_id: p for p in paths_of(decided(), "c1")}
    assert sorted(paths) == sorted(story.MANY)
    assert paths["u00"].stages == ("c1", "own evidence A1", "managed in cluster", "nothing", "ban")
    assert paths["u01"].stages[1:3] == ("no own evidence; receiver", NO_RULE)
    assert paths["u02"].stages[3:] == ("an account older than 180 days is not banned", "limit, 30 days")
    assert paths["u03"].stages[1:] == (NOT_LOOKED_AT, NOT_LOOKED_AT, "nothing", NO_MEASURE)
    assert [p.measure for p in paths.values()].count("none") == len(story.MANY) - 2


def test_the_decision_tree_tells_its_outcome():
    assert (
        case_pictures.decisions(decided(), "c1").words
        == "Decisions of cluster c1: 8 members, 1 ban, 1 limit and 6 none."
    )


def test_steps_add_up_to_the_fact():
    evidence = [weighed("u00", "posted_by_tool", "A1", 5.0), weighed("u00", "against_age", "context", -0.7)]
    found = weighing_of(frames(evidence=evidence, facts=[fact("u00", own_weight=4.0)]), "u00")
    assert found.complete and found.own == 4.0
    parts = [s.weight for s in found.steps if s.kind in ("clue", "cap", "rest")]
    assert sum(parts) == pytest.approx(4.0)
    assert [s.name for s in found.steps][:3] == [
        "posted by tool (A1)",
        "age (context)",
        "signs too weak for a sentence",
    ]
    assert found.steps[-1].kind == "cluster"


def test_without_a_fact_the_sum_is_that_of_the_clues_told_and_says_so():
    found = weighing_of(frames(evidence=[weighed("u00", "no_sleep", "A2", 2.0)]), "u00")
    assert not found.complete and found.own == 2.0
    assert (
        "clues told +2.00"
        in case_pictures.waterfall(frames(evidence=[weighed("u00", "no_sleep", "A2", 2.0)]), "u00").words
    )


def test_a_family_over_its_cap_is_held_there():
    cap = FAMILY_CAPS["A2"]
    evidence = [weighed("u00", c, "A2", 2.0) for c in ("no_sleep", "constant_replies")]
    found = weighing_of(frames(evidence=evidence), "u00")
    assert found.own == pytest.approx(cap)
    assert [s.weight for s in found.steps if s.kind == "cap"] == [pytest.approx(cap - 4.0)]


def test_a_clue_without_weight_is_no_step():
    found = weighing_of(frames(evidence=[story.clue("account:u00", "later_actor", "…")]), "u00")
    assert [s.kind for s in found.steps] == ["sum", "cluster"] and found.own == 0


def test_the_waterfall_of_a_bystander_and_of_nobody():
    axes = case_pictures.waterfall(frames(), story.BYSTANDER).on(None)
    FigureCanvasAgg(axes.figure).draw()
    assert "managed probability not known" in axes.get_title(loc="left")
    with pytest.raises(InputError, match="no account 'nobody' in this run"):
        case_pictures.waterfall(frames(), "nobody")
