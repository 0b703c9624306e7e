"""Decisions as rows: ids, grounds, and the smallest part of the evidence that makes the difference."""

from graphscan.decisions.counterfactual import counterfactual
from graphscan.decisions.deciding import decide_all, decision_id
from graphscan.decisions.verdicts import judge
from graphscan.tables import DECISIONS

from .told import ALL_NOTES, POLICY, RING, TOOL_LIFE, evidence, facts, row

CLUES = [
    ("ann", "registered_by_tool", "A1", 1.0),
    ("ann", "posted_by_tool", "A1", 8.0),
    ("ann", "interacted_by_tool", "A1", 52.0),
    ("ann", "registration_batch", "A4", 12.0),
    ("ann", "against_talk", "context", 2.0),
    ("ann", "against_registered", "A1", 0.0),
]


def one(*parts, clues=CLUES, **given):
    table = decide_all(facts(row(*parts, **given)), evidence(*clues), POLICY)
    assert table.schema == DECISIONS.schema
    return table.to_pylist()[0]


def test_a_decision_rests_on_the_clues_of_its_families_and_on_nothing_that_speaks_for_the_account():
    found = one(TOOL_LIFE, families=["A1", "A4"])
    assert found["follows"] == [
        f"account:ann {clue}"
        for clue in ("registered_by_tool", "posted_by_tool", "interacted_by_tool", "registration_batch")
    ]
    assert (found["measure"], found["review"], found["automated"]) == ("ban", "two", True)
    assert found["policy_version"] == POLICY.name
    assert found["policy_sha256"] == POLICY.sha256


def test_an_id_hangs_on_policy_account_cluster_and_measure_only():
    assert one(TOOL_LIFE)["decision_id"] == one(TOOL_LIFE, actions=99)["decision_id"]
    ids = {
        decision_id(POLICY, *key)
        for key in (("a", "c", "ban"), ("a", None, "ban"), ("a", "c", "limit"), ("b", "c", "ban"))
    }
    assert len(ids) == 4


def test_accounts_without_a_measure_have_no_decision_and_rows_come_in_the_order_of_accounts():
    rows = [row(TOOL_LIFE, account_id="b"), row(account_id="c"), row(TOOL_LIFE, account_id="a")]
    assert decide_all(facts(*rows), evidence(), POLICY)["subject"].to_pylist() == ["a", "b"]


def test_what_others_did_is_no_ground_of_a_measure_on_own_conduct():
    clues = [*CLUES, ("ann", "acted_later", "B1", 9.0)]
    found = one(TOOL_LIFE, families=["A1", "B1"], clues=clues)
    assert (found["measure"], found["families"]) == ("limit", ["A1"])
    assert "account:ann acted_later" not in found["follows"]


def told(*parts, clues=CLUES, **given):
    facts_row = row(*parts, **given)
    named = [{"clue": c, "family": f, "value": v} for _, c, f, v in clues]
    return counterfactual(facts_row, named, judge(facts_row, POLICY), POLICY)


def test_the_smallest_part_is_told_with_what_would_be_left():
    found = told(ALL_NOTES, families=["A1", "A2"], clues=[("ann", "posted_by_tool", "A1", 9.0)])
    assert found == (
        "without the notes posted by an agent tool: no measure; "
        "without the machine's clock: limited distribution for 30 days"
    )


def test_two_parts_are_told_where_neither_alone_makes_the_difference():
    found = told(ALL_NOTES, families=["A1", "A2", "A4"], own_weight=9.0, clues=[("ann", "posted_by_tool", "A1", 9.0)])
    assert found.startswith("without the notes posted by an agent tool: no measure")
    ring = told(RING, families=["A2", "A3", "B1"], own_weight=8.0)
    assert ring == "without the unexplained later acts: no measure"


def test_a_weak_second_clue_matters_when_certainty_hangs_on_it():
    """Without its clock the account stays one of two families, yet is no longer sure enough for a ban."""
    found = told(ALL_NOTES, families=["A1", "A2", "A4"], own_weight=6.4, clues=[("ann", "posted_by_tool", "A1", 9.0)])
    assert "without the machine's clock: limited distribution for 30 days" in found
