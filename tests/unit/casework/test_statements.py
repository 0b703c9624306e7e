"""A statement of reasons has the database's fields and values, holds no personal data, and is made once a decision took effect."""

import json
import re

import pytest

from graphscan.casework.statement_schema import EEA, faults_of
from graphscan.casework.statements import export_statements, statement_of_reasons
from graphscan.errors import InputError

from . import told

CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.parametrize("made", [told.applied(), told.limited(), told.limited("limit_interaction")])
def test_a_statement_is_valid_and_names_nobody(made):
    statement = statement_of_reasons(made, run=told.run(), reference_url="https://platform.example/rules")
    assert list(faults_of(statement)) == []
    text = json.dumps(statement, ensure_ascii=False)
    assert [bad for bad in (*told.NEVER, told.SELF, made.decision_id, "your", "You ") if bad in text] == []
    assert CHINESE.findall(statement["decision_facts"]) == []


def test_a_ban_ends_the_account_and_one_with_an_end_suspends_it():
    statement = statement_of_reasons(told.applied(), run=told.run())
    assert statement["decision_account"] == "DECISION_ACCOUNT_TERMINATED"
    assert "end_date_account_restriction" not in statement
    statement = statement_of_reasons(told.applied(days=90))
    assert statement["decision_account"] == "DECISION_ACCOUNT_SUSPENDED"
    assert statement["end_date_account_restriction"] == "2026-06-21"


def test_limits_are_restrictions_of_their_own_kind():
    shown = statement_of_reasons(told.limited())
    assert shown["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_DEMOTED"]
    assert shown["end_date_visibility_restriction"] == "2026-04-22"
    acting = statement_of_reasons(told.limited("limit_interaction"))
    assert acting["decision_provision"] == "DECISION_PROVISION_PARTIAL_SUSPENSION"
    assert acting["end_date_service_restriction"] == "2026-04-22"


def test_the_parts_of_a_statement():
    statement = statement_of_reasons(told.applied(), run=told.run())
    assert statement["automated_detection"] == "Yes"
    assert statement["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"
    assert statement["content_date"] == "2026-02-08"
    assert statement["application_date"] == "2026-03-23"
    assert statement["category"] == "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
    assert statement["territorial_scope"] == sorted(EEA)
    assert len(EEA) == 30
    assert statement["decision_facts"] == (
        "Notes that an automatic tool posted in its holder's place: 14. The account acts at almost equal intervals. When "
        "people act by hand, the intervals differ. The account commented on 5 notes shortly after a group of accounts had done "
        "the same, mostly within a minute. Of the account's 14 public notes, 14 were written or posted by an automatic "
        "tool. Detected by automated means. 2 trained reviewer(s) looked at the evidence and took the decision."
    )


def test_rings_are_inauthentic_accounts():
    statement = statement_of_reasons(told.applied(reason="XHS-AI-3a", reasons=("XHS-AI-3a", "XHS-AI-3b")))
    assert statement["category"] == "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
    assert statement["category_specification"] == ["KEYWORD_INAUTHENTIC_ACCOUNTS"]


def test_no_statement_for_a_warning_or_before_it_took_effect():
    with pytest.raises(InputError, match="is a warn: it restricts nothing"):
        statement_of_reasons(told.warned())
    with pytest.raises(InputError, match="is IN_REVIEW: a statement is made when it took effect"):
        statement_of_reasons(told.decision())


def test_faults_are_all_told():
    statement = statement_of_reasons(told.applied())
    bad = {
        **statement,
        "puid": "a b",
        "decision_facts": "x" * 5001,
        "content_date": "1999-12-31",
        "content_type_other": "",
        "mood": 1,
    }
    del bad["category"], bad["decision_account"]
    told_faults = "\n".join(faults_of(bad))
    for part in (
        "puid is",
        "decision_facts is",
        "content_date is",
        "mood is no field",
        "category is missing",
        "no restriction",
    ):
        assert part in told_faults
    assert "content_type_other is ''" in told_faults
    del bad["content_type_other"]
    assert "CONTENT_TYPE_OTHER must be explained" in "\n".join(faults_of(bad))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://", "https://x.example/" + "a" * 500])
def test_a_strange_address_is_refused(url):
    with pytest.raises(InputError, match="decision_ground_reference_url"):
        statement_of_reasons(told.applied(), reference_url=url)


def test_an_export_counts_what_owes_no_statement():
    many = [told.limited(decision_id="d2", applied_at=told.iso(14)), told.applied(), told.warned(), told.decision()]
    made = export_statements(many, lambda decision: None)
    assert made.owed_none == {"a warning": 1, "not applied (IN_REVIEW)": 1}
    lines = [json.loads(line) for line in made.text().splitlines()]
    assert [line["application_date"] for line in lines] == ["2026-03-23", "2026-03-24"]
    assert len({line["puid"] for line in lines}) == 2
    assert made.lines == export_statements(reversed(many), lambda decision: None).lines
