"""Proposed measures on the page and in words: they are told as proposals, with their grounds and what held back."""

import pyarrow as pa
import pytest

from graphscan.decisions.deciding import decide_all
from graphscan.decisions.policy import read_policy
from graphscan.reports.frames import Frames
from graphscan.reports.measures import ONLY_PROPOSED, account_pages, measure_lines, measure_words, proposed
from graphscan.reports.page import page
from graphscan.tables import FACTS, RUN_TABLES

from ..decisions.told import ALL_NOTES, RING, TOOL_LIFE, evidence, row

POLICY = read_policy()
HOSTILE = '<script>alert("x")</script>\u202e'


def frames(*rows, manifest=True):
    facts = pa.Table.from_pylist(list(rows), schema=FACTS.schema)
    clues = [(r["account_id"], "posted_by_tool", "A1", 8.0) for r in rows]
    told = evidence(*clues, *((r["account_id"], "against_talk", "context", 2.0) for r in rows))
    tables = {t.name: t.schema.empty_table() for t in RUN_TABLES}
    tables |= {"facts": facts, "evidence": told, "decisions": decide_all(facts, told, POLICY)}
    about = {"policy": {"name": POLICY.name, "sha256": POLICY.sha256, "canonical": POLICY.canonical}}
    return Frames(tables, about if manifest else {})


@pytest.mark.parametrize(
    ("detail", "days", "words"),
    [
        ("warn", None, "a warning"),
        ("limit_distribution", 7, "limited distribution for 7 days"),
        ("limit_interaction", 1, "limited interaction for 1 day"),
        ("ban", None, "a ban"),
    ],
)
def test_measures_have_words(detail, days, words):
    assert measure_words(detail, days) == words


def test_the_table_counts_measures_gravest_first_with_what_each_needs():
    rows = [row(TOOL_LIFE, families=["A1", "A2"], account_id=f"t{k}") for k in range(2)]
    rows += [row(ALL_NOTES, account_id="n"), row(account_id="quiet")]
    told = proposed(frames(*rows))
    assert [(r["measure"], r["accounts"], r["held"]) for r in told["rows"]] == [
        ("Bans", "2", "0"),
        ("Limits", "1", "1"),
    ]
    assert told["rows"][0]["review"] == "needs the approval of two people"
    assert told["sentence"] == "Proposed: 2 bans, 1 limit and 0 warnings."
    assert told["looked_at"] == "4"


def test_an_accounts_page_tells_grounds_what_speaks_for_it_and_what_held_back():
    pages, left_out = account_pages(frames(row(TOOL_LIFE)))
    assert left_out == 0
    (told,) = pages
    assert told.measure == "limited interaction for 30 days"
    assert told.rule == "2a-managed-life: An agent tool registered it, interacts for it and posts whatever it posts."
    assert (told.grounds, told.speaks_for) == (("posted_by_tool.",), ("against_talk.",))
    assert "a ban needs 2 independent evidence families" in told.blocked_by[0]
    assert dict(told.numbers)["managed probability"] == "above 0.999"


def test_explaining_an_account_says_why_nothing_is_proposed():
    assert "no rule of the policy speaks of it." in measure_lines(frames(row()), "ann")[0]
    alone = measure_lines(frames(row(RING, families=["B1"], own_weight=0.0)), "ann")
    assert alone == [
        "No measure is proposed: no evidence of its own (class A) speaks against it; acting together alone measures nobody."
    ]
    assert measure_lines(frames(), "ann") == ["No measure is proposed."]
    assert measure_lines(frames(row(), manifest=False), "ann") == ["No measure is proposed."]


def test_explaining_a_measure_ends_with_what_it_is():
    lines = measure_lines(frames(row(TOOL_LIFE)), "ann")
    assert lines[0].startswith("Proposed: limited interaction for 30 days (XHS-AI-2a")
    assert any(line.startswith("Held back from a stronger measure: a ban needs 2") for line in lines)
    assert lines[-1] == ONLY_PROPOSED


def test_the_page_isolates_what_accounts_are_called():
    html = page(frames(row(TOOL_LIFE, account_id=HOSTILE)), {})
    assert "<script>" not in html
    assert "\u202e" not in html
    assert "Accounts with a proposed measure" in html
    assert html.count(ONLY_PROPOSED) == 2


def test_a_page_without_measures_says_so():
    html = page(frames(row()), {})
    assert "No measure is proposed for anybody." in html
    assert 'id="accounts"' not in html
