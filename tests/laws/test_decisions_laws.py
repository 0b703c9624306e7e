"""Laws of proposed measures: evidence taken away never raises one, gossip changes none, names and order are nothing."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.decisions.counterfactual import PARTS, without
from graphscan.decisions.deciding import decide_all
from graphscan.decisions.policy import read_policy
from graphscan.decisions.recheck import recheck
from graphscan.decisions.verdicts import judge, severity
from graphscan.tables import EVIDENCE, FACTS, LATER_ACTS, MEMBERS, PAIRS

POLICY = read_policy()
MANY = settings(max_examples=300, deadline=None)
SOME = settings(max_examples=60, deadline=None)

share = st.sampled_from([0.0, 0.2, 0.5, 0.96, 1.0])
known = st.one_of(st.none(), share)
count = st.sampled_from([0, 1, 3, 4, 6, 9, 12, 40])


@st.composite
def rows(draw, name="ann"):
    """A row of facts that hangs together: shares and counts fit, families fit what was seen."""
    public = draw(count)
    managed = draw(st.integers(0, public))
    others = draw(count)
    registered = draw(st.sampled_from([None, False, True]))
    a1 = ["A1"] if managed or others or registered else []
    families = a1 + sorted(draw(st.sets(st.sampled_from(["A2", "A3", "A4"]))))
    member = draw(st.booleans())
    unexplained = draw(count) if member else 0
    families += ["B1"] if unexplained >= 6 else []
    actions = public + others + draw(st.sampled_from([0, 5, 30])) + unexplained
    return {
        "account_id": name,
        "cluster_id": "c1" if member else None,
        "cluster_size": 7 if member else None,
        "cluster_probability": draw(st.sampled_from([None, 0.4, 0.995])) if member else None,
        "membership": draw(st.sampled_from([0.5, 0.7, 0.9])) if member else None,
        "roles": sorted(
            draw(st.sets(st.sampled_from(["object_owner", "bridge", "leader", "compromised"]), max_size=1))
        ),
        "managed_probability": draw(st.sampled_from([None, 0.3, 0.97, 0.9999])),
        "own_weight": draw(st.sampled_from([-1.0, 1.0, 3.0, 9.0])),
        "families": families,
        "managed_share": managed / public if public else None,
        "public_notes": public,
        "managed_notes": managed,
        "span_days": draw(st.sampled_from([1.0, 8.0])) if public else None,
        "managed_events": managed + others,
        "managed_days": min(managed + others, 5),
        "registered_by_tool": registered,
        "posting_share": managed / public if public else None,
        "interaction_share": draw(st.sampled_from([0.1, 0.6, 1.0])) if others else draw(st.sampled_from([None, 0.0])),
        "template_share": None,
        "follower_later": unexplained + 2 if member else 0,
        "follower_unexplained": unexplained,
        "follower_share": unexplained / actions if actions else None,
        "cotargets": 0,
        "age_days": draw(st.sampled_from([None, 3.0, 300.0])),
        "actions": actions,
        "declared_share": draw(known),
        "exempt_share": draw(known),
        "verified": draw(st.booleans()),
        "labelled": draw(st.sampled_from([None, None, "human", "managed"])),
        "presence": 0.0,
        "reporters": 0,
        "scrutiny": 0.0,
    }


def clues_of(row):
    others = row["managed_events"] - row["managed_notes"]
    told = [("registered_by_tool", 1.0 if row["registered_by_tool"] else 0.0)]
    told += [("posted_by_tool", float(row["managed_notes"])), ("interacted_by_tool", float(others))]
    return [{"clue": clue, "family": "A1", "value": value} for clue, value in told if value]


@MANY
@given(row=rows(), parts=st.sets(st.sampled_from(sorted(PARTS)), min_size=1))
def test_evidence_taken_away_never_raises_a_measure(row, parts):
    left = judge(without(row, clues_of(row), sorted(parts)), POLICY)
    assert left.severity <= judge(row, POLICY).severity


@MANY
@given(row=rows(), reporters=st.integers(0, 10**6), scrutiny=st.floats(0, 1))
def test_reports_and_what_follows_from_them_change_nothing(row, reporters, scrutiny):
    assert judge(row | {"reporters": reporters, "scrutiny": scrutiny}, POLICY) == judge(row, POLICY)


@MANY
@given(row=rows(), clue=st.sampled_from(["received_likes", "followed_by", "copied_by"]))
def test_what_others_can_write_changes_no_decision(row, clue):
    """Class C: whatever a crowd does to somebody."""
    table = pa.Table.from_pylist([row], schema=FACTS.schema)
    gossip = {
        "subject": "account:ann",
        "clue": clue,
        "family": "C1",
        "writer": "peer",
        "value": 1e6,
        "sentence": "x",
        "rows": [],
    }
    said = pa.Table.from_pylist([{f.name: gossip.get(f.name) for f in EVIDENCE.schema}], schema=EVIDENCE.schema)
    assert decide_all(table, said, POLICY).equals(decide_all(table, EVIDENCE.schema.empty_table(), POLICY))


@MANY
@given(row=rows())
def test_no_measure_without_something_that_only_the_account_itself_can_write(row):
    found = judge(row, POLICY)
    assert found.measure == "none" or any(f.startswith("A") for f in found.families)


@MANY
@given(row=rows())
def test_every_ban_has_two_families_and_no_protection(row):
    found = judge(row, POLICY)
    if found.measure == "ban":
        assert len(found.families) >= 2
        assert found.review == "two"
        assert not row["verified"] and row["labelled"] != "human"
        assert not {"bridge", "compromised"} & set(row["roles"])
        assert "B1" not in found.families or row["follower_share"] >= 0.3


@MANY
@given(row=rows())
def test_no_managed_event_falls_through(row):
    """Whoever let a tool act gets at least a warning, unless a guard or an exemption is named."""
    if row["managed_events"] and row["labelled"] != "human":
        found = judge(row, POLICY)
        assert found.measure != "none" or found.blocked_by


@MANY
@given(row=rows(), declared=share)
def test_a_label_never_raises_a_measure(row, declared):
    without_label = judge(row | {"declared_share": 0.0}, POLICY)
    assert judge(row | {"declared_share": declared}, POLICY).severity <= without_label.severity


@MANY
@given(row=rows())
def test_what_was_held_back_was_graver(row):
    found = judge(row, POLICY)
    strongest = max((severity(step) for rule in POLICY.rules for step in rule.ladder), default=(0, 0, 0))
    assert not found.blocked_by or found.severity < strongest


def tables(told):
    facts = pa.Table.from_pylist(told, schema=FACTS.schema)
    members = [r["account_id"] for r in told if r["cluster_id"]]
    pairs = [{"account_a": a, "account_b": b} for a in members for b in members if a < b]
    acts = [
        {
            "account_id": m,
            "cluster_id": "c1",
            "after": [n for n in members if n != m],
            "explained": False,
            "row": f"r{m}",
        }
        for m in members
    ]
    empty = EVIDENCE.schema.empty_table()
    return {
        "facts": facts,
        "evidence": empty,
        "decisions": decide_all(facts, empty, POLICY),
        "members": _table(MEMBERS, [{"cluster_id": "c1", "account_id": m} for m in members]),
        "pairs": _table(PAIRS, pairs),
        "later_acts": _table(LATER_ACTS, acts),
    }


def _table(declared, rows):
    return pa.Table.from_pylist(
        [{f.name: r.get(f.name) for f in declared.schema} for r in rows], schema=declared.schema
    )


worlds = st.lists(rows(), min_size=1, max_size=9).map(
    lambda told: [row | {"account_id": f"a{k}"} for k, row in enumerate(told)]
)


@SOME
@given(told=worlds)
def test_a_recheck_without_anybody_is_the_run(told):
    run = tables(told)
    assert recheck(run, POLICY, ()).equals(run["decisions"])


@SOME
@given(told=worlds, gone=st.sets(st.sampled_from([f"a{k}" for k in range(9)]), min_size=1))
def test_a_recheck_never_raises_a_measure(told, gone):
    rank = {"warn": 1, "limit": 2, "ban": 3}
    run = tables(told)
    before = dict(zip(*(run["decisions"][c].to_pylist() for c in ("subject", "measure")), strict=True))
    after = recheck(run, POLICY, gone)
    for account, measure in zip(*(after[c].to_pylist() for c in ("subject", "measure")), strict=True):
        assert rank[measure] <= rank[before[account]]


@SOME
@given(told=worlds, data=st.data())
def test_the_order_of_rows_changes_no_decision(told, data):
    shuffled = data.draw(st.permutations(told))
    empty = EVIDENCE.schema.empty_table()
    one, other = (decide_all(pa.Table.from_pylist(t, schema=FACTS.schema), empty, POLICY) for t in (told, shuffled))
    assert one.equals(other)


@SOME
@given(told=worlds)
def test_the_names_of_accounts_change_no_measure(told):
    renamed = [row | {"account_id": f"z{9 - k}"} for k, row in enumerate(told)]
    empty = EVIDENCE.schema.empty_table()
    one, other = (decide_all(pa.Table.from_pylist(t, schema=FACTS.schema), empty, POLICY) for t in (told, renamed))
    back = {f"z{9 - k}": row["account_id"] for k, row in enumerate(told)}
    names = ("measure", "detail", "days", "reasons", "families", "blocked_by", "counterfactual")
    left = {r["subject"]: [r[n] for n in names] for r in one.to_pylist()}
    right = {back[r["subject"]]: [r[n] for n in names] for r in other.to_pylist()}
    assert left == right
