"""What the built-in policy says of told accounts, and what each guard holds back."""

import pytest

from .told import ALL_NOTES, RING, TOOL_LIFE, verdict


def test_nothing_known_is_no_measure():
    found = verdict()
    assert (found.measure, found.rule, found.blocked_by) == ("none", None, ())


@pytest.mark.parametrize(
    ("events", "measure", "days"),
    [
        (1, "warn", None),
        (3, "warn", None),
        (4, "limit_distribution", 7),
        (9, "limit_distribution", 7),
        (10, "limit_distribution", 30),
        (29, "limit_distribution", 30),
        (500, "limit_distribution", 30),
    ],
)
def test_occasional_use_is_measured_by_degree(events, measure, days):
    found = verdict(
        families=["A1"], managed_events=events, managed_notes=1, public_notes=20, managed_share=0.05, actions=1000
    )
    assert (found.step.detail, found.step.days, found.rule.id) == (measure, days, "1-occasional")


@pytest.mark.parametrize("share", [None, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("notes", [0, 1, 2, 3])
def test_one_to_three_managed_events_are_a_warning_whatever_the_share(share, notes):
    found = verdict(families=["A1"], managed_events=3, managed_notes=notes, public_notes=notes, managed_share=share)
    assert (found.measure, found.review) == ("warn", "none")


def test_managed_interaction_alone_has_its_own_reason():
    found = verdict(families=["A1"], managed_events=2, interaction_share=0.04)
    assert found.reasons == ("XHS-AI-1b",)


@pytest.mark.parametrize("notes", [9, 20])
def test_who_lets_a_tool_write_more_of_its_notes_is_measured_no_milder(notes):
    """Below half the rule of occasional use speaks, from half on that of heavy use: it must not be the milder of the two."""
    found = verdict(families=["A1"], managed_share=notes / 20, managed_notes=notes, public_notes=20, managed_events=60)
    assert (found.step.detail, found.step.days) == ("limit_distribution", 30)


def test_half_of_the_notes_is_heavy_use_and_never_a_ban():
    found = verdict(families=["A1", "A2"], managed_share=0.6, managed_notes=6, public_notes=10, managed_events=6)
    assert (found.measure, found.rule.id, found.step.days, found.review) == ("limit", "1-heavy-notes", 30, "one")


def test_heavy_interaction_without_a_single_note_does_not_fall_through():
    found = verdict(families=["A1"], interaction_share=0.8, managed_events=200, actions=250)
    assert (found.step.detail, found.reasons) == ("limit_interaction", ("XHS-AI-1b",))


def test_a_life_by_tool_with_one_family_is_limited_and_the_reader_is_told_why_not_banned():
    found = verdict(TOOL_LIFE)
    assert (found.measure, found.review, found.rule.id) == ("limit", "one", "2a-managed-life")
    assert "a ban needs 2 independent evidence families, and it has 1 (A1: agent tools)" in found.blocked_by


@pytest.mark.parametrize("second", ["A2", "A3", "A4"])
def test_a_life_by_tool_with_a_second_family_is_banned_by_two_people(second):
    found = verdict(TOOL_LIFE, families=["A1", second])
    assert (found.measure, found.review, found.step.days) == ("ban", "two", None)
    assert (found.families, found.blocked_by) == (("A1", second), ())


def test_a_life_by_tool_without_notes_counts_as_well():
    found = verdict(
        TOOL_LIFE, families=["A1", "A4"], posting_share=None, public_notes=0, managed_notes=0, managed_share=None
    )
    assert found.measure == "ban"


def test_a_life_by_tool_with_notes_of_which_nobody_knows_who_posts_them_is_limited():
    found = verdict(TOOL_LIFE, families=["A1", "A4"], posting_share=None, managed_notes=0, managed_share=None)
    assert found.measure == "limit"


def test_all_notes_managed_bans_with_two_families_and_limits_with_one():
    assert verdict(ALL_NOTES, families=["A1", "A2"]).measure == "ban"
    assert verdict(ALL_NOTES).measure == "limit"
    assert verdict(ALL_NOTES, families=["A1", "A2"]).reasons[0] == "XHS-AI-2b"


@pytest.mark.parametrize(
    "less",
    [
        {"public_notes": 4, "managed_notes": 4},
        {"span_days": 6.5},
        {"managed_probability": 0.99},
        {"managed_share": 0.9},
    ],
)
def test_all_notes_managed_needs_notes_days_certainty_and_all_of_them(less):
    assert verdict(ALL_NOTES, less, families=["A1", "A2"]).measure == "limit"


def test_a_ring_limits_where_an_account_has_evidence_of_its_own():
    found = verdict(RING)
    assert (found.measure, found.reasons, found.families) == ("limit", ("XHS-AI-3a", "XHS-AI-3b"), ("A3", "B1"))


def test_acting_together_alone_measures_nobody_and_says_so():
    found = verdict(RING, families=["B1", "B2", "B3"], own_weight=0.0)
    assert found.measure == "none"
    assert "acting together alone measures nobody" in found.blocked_by[0]


@pytest.mark.parametrize(
    ("families", "own", "measure"),
    [
        (["A4", "B1"], 1.5, "none"),
        (["A4", "B1", "B2"], 1.5, "none"),
        (["A3", "B1"], 2.2, "none"),
        (["A3", "B1"], 2.4, "limit"),
        (["A3", "B1", "B2"], 1.6, "limit"),
        (["A2", "B1", "B3"], 1.6, "limit"),
        (["A3", "B1", "B2"], 0.9, "none"),
    ],
)
def test_own_evidence_for_a_ring_is_strong_or_stands_among_three_families_and_outweighs_presence(
    families, own, measure
):
    """A school club's registration batch never is; a petition's supporters have lives that outweigh its words."""
    found = verdict(RING, families=families, own_weight=own)
    assert found.measure == measure
    assert measure == "limit" or "too weak" in found.blocked_by[0]


@pytest.mark.parametrize(
    "less",
    [
        {"cluster_probability": 0.94},
        {"cluster_probability": None},
        {"cluster_size": 4},
        {"follower_unexplained": 5},
        {"membership": 0.59},
        {"membership": None},
    ],
)
def test_a_ring_needs_a_sure_cluster_a_sure_member_and_own_choice(less):
    assert verdict(RING, less).measure == "none"


@pytest.mark.parametrize("role", ["object_owner", "receiver", "bridge"])
def test_owners_receivers_and_bridges_are_not_measured_by_what_others_did(role):
    found = verdict(RING, roles=[role])
    assert found.measure == "none"
    assert "by what others did around it" in found.blocked_by[0]


def test_a_leader_is_measured_by_its_own_evidence_like_anybody():
    assert verdict(RING, roles=["leader"]).measure == "limit"


@pytest.mark.parametrize("short", [{"follower_unexplained": 5}, {"follower_share": 0.29}, {"follower_share": None}])
def test_later_acts_count_towards_a_ban_only_where_they_are_own_choice(short):
    ring = {k: RING[k] for k in ("cluster_id", "cluster_size", "cluster_probability", "membership")}
    enough = {"follower_unexplained": 9, "follower_share": 0.4, "families": ["A1", "B1"]}
    assert verdict(TOOL_LIFE, ring, enough).measure == "ban"
    found = verdict(TOOL_LIFE, ring, enough, short)
    assert found.measure == "limit"
    assert any("to count" in words for words in found.blocked_by)


@pytest.mark.parametrize(("membership", "measure"), [(0.8, "ban"), (0.79, "limit"), (None, "limit")])
def test_a_ban_that_rests_on_a_relation_needs_sure_membership(membership, measure):
    ring = {"cluster_id": "c1", "cluster_size": 9, "membership": membership}
    own = {"follower_unexplained": 9, "follower_share": 0.4, "families": ["A1", "B1"]}
    assert verdict(TOOL_LIFE, ring, own).measure == measure


def test_shared_targets_never_count_towards_a_ban():
    """Whoever copies somebody's likes a day later shares them all: others can write this."""
    ring = {"cluster_id": "c1", "cluster_size": 9, "membership": 1.0, "cotargets": 14}
    found = verdict(TOOL_LIFE, ring, families=["A1", "B2"])
    assert found.measure == "limit"
    assert "it has 1 (A1: agent tools)" in found.blocked_by[0]


@pytest.mark.parametrize(("sure", "told"), [(0.91, "0.910"), (None, "not known")])
def test_where_only_certainty_falls_short_the_reader_is_told(sure, told):
    found = verdict(ALL_NOTES, families=["A1", "A2"], managed_probability=sure)
    assert found.measure == "limit"
    assert found.blocked_by == (f"rule 2b-all-notes-managed asks for managed_probability >=0.995, and it is {told}",)
    assert "asks for cluster_probability" in verdict(RING, cluster_probability=0.9).blocked_by[0]


def test_a_ban_that_rests_on_own_evidence_only_needs_no_membership():
    assert verdict(TOOL_LIFE, families=["A1", "A2"], cluster_id="c1", cluster_size=9, membership=0.5).measure == "ban"


@pytest.mark.parametrize("young", [{"age_days": 6.9}, {"actions": 9}])
def test_the_young_and_the_quiet_get_a_warning_at_most(young):
    found = verdict(ALL_NOTES, young, families=["A1", "A2"])
    assert found.measure == "warn"
    assert any("at most a warning" in words for words in found.blocked_by)


def test_a_life_that_began_with_the_tool_is_no_excuse_for_being_young():
    assert verdict(TOOL_LIFE, families=["A1", "A2"], age_days=3.0).measure == "ban"


def test_an_unknown_age_makes_nobody_young():
    assert verdict(ALL_NOTES, families=["A1", "A2"], age_days=None).measure == "ban"


@pytest.mark.parametrize(
    "spared", [{"verified": True}, {"exempt_share": 0.5}, {"roles": ["compromised"]}, {"roles": ["bridge"]}]
)
def test_protected_accounts_are_reviewed_and_never_banned(spared):
    found = verdict(TOOL_LIFE, spared, families=["A1", "A2"])
    assert (found.measure, found.review) == ("limit", "one")
    assert found.blocked_by


def test_even_a_warning_of_a_verified_account_is_reviewed():
    assert verdict(families=["A1"], managed_events=1, managed_notes=1, verified=True).review == "one"


def test_people_outrank_the_machine():
    found = verdict(TOOL_LIFE, families=["A1", "A2"], labelled="human")
    assert found.measure == "none"
    assert "a person already found it" in found.blocked_by[0]


def test_a_label_managed_changes_no_measure():
    assert verdict(labelled="managed") == verdict()
    assert verdict(TOOL_LIFE, labelled="managed") == verdict(TOOL_LIFE)


@pytest.mark.parametrize(
    ("of", "before", "after"),
    [
        (ALL_NOTES | {"families": ["A1", "A2"]}, "ban", "limit"),
        (ALL_NOTES | {"managed_share": 0.9}, "limit", "warn"),
        (
            {"families": ["A1"], "managed_notes": 1, "managed_events": 1, "managed_share": 0.1, "public_notes": 10},
            "warn",
            "none",
        ),
    ],
)
def test_an_honest_label_lowers_by_one_rung(of, before, after):
    assert verdict(of).measure == before
    found = verdict(of, declared_share=1.0)
    assert found.measure == after
    assert any("labelled" in words for words in found.blocked_by)


def test_a_label_on_fewer_notes_than_are_managed_lowers_nothing():
    assert verdict(ALL_NOTES, families=["A1", "A2"], declared_share=0.9).measure == "ban"


def test_a_label_on_notes_does_not_excuse_managed_interaction():
    noted = {"managed_notes": 8, "managed_share": 1.0, "managed_events": 60}
    assert verdict(TOOL_LIFE, noted, families=["A1", "A2"], declared_share=1.0).measure == "ban"


def test_a_label_does_not_excuse_a_single_managed_comment():
    """Were it weighed against the notes, an account would fare worse without one of its managed notes."""
    one = {"families": ["A1"], "managed_notes": 1, "managed_events": 2, "public_notes": 3, "managed_share": 1 / 3}
    assert verdict(one, declared_share=0.5, interaction_share=0.1).measure == "warn"
    assert verdict(one, declared_share=0.5, interaction_share=0.0).measure == "none"


def test_being_assisted_is_no_violation():
    assert verdict(public_notes=12, managed_share=0.0, declared_share=1.0).measure == "none"


@pytest.mark.parametrize("base", [{}, TOOL_LIFE, RING])
def test_reports_change_no_measure(base):
    quiet = verdict(base)
    assert verdict(base, reporters=1000, scrutiny=1.0) == quiet
