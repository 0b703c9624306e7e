"""Why to look, and at whom first: reports open a case, and nothing else follows from them."""

import numpy as np

from graphscan.decisions.cases import Looked, priorities, reasons_to_look
from graphscan.decisions.conditions import NEVER_READ

QUIET = {
    "in_cluster": False,
    "cluster_probability": np.nan,
    "managed_probability": np.nan,
    "own_weight": 0.0,
    "managed_events": 0,
    "cotargets": False,
    "reporters": 0,
    "reported": 0.0,
    "scrutiny": 0.0,
    "labelled_managed": False,
    "labelled_human": False,
}


def looked(*accounts):
    return Looked(**{name: np.array([{**QUIET, **a}[name] for a in accounts]) for name in QUIET})


def test_a_single_report_opens_a_case():
    case = looked({}, {"reporters": 1, "reported": 0.15})
    assert reasons_to_look(case) == [[], ["reported"]]
    assert priorities(case).tolist() == [0.0, 0.15]


def test_own_evidence_is_looked_at_before_company_and_company_before_one_report():
    own = {"own_weight": 5.0, "managed_probability": 0.9}
    member = {"in_cluster": True, "cluster_probability": 0.8}
    order = priorities(looked(own, member, {"reporters": 1, "reported": 0.15}))
    assert order.tolist() == [0.9, 0.4, 0.15]


def test_a_high_probability_without_own_evidence_adds_nothing():
    assert priorities(looked({"managed_probability": 0.99})).tolist() == [0.0]


def test_more_reasons_never_make_a_look_less_pressing():
    parts = [{"in_cluster": True}, {"cotargets": True}, {"reporters": 2, "reported": 0.3}, {"labelled_managed": True}]
    told, last = {}, 0.0
    for part in parts:
        told |= part
        now = priorities(looked(told))[0]
        assert last < now < 1
        last = now


def test_an_account_found_human_is_not_pressing_whatever_is_reported():
    assert priorities(looked({"labelled_human": True, "reporters": 9, "reported": 0.4})).tolist() == [0.0]


def test_who_stands_near_reported_accounts_is_told_as_that():
    assert reasons_to_look(looked({"scrutiny": 0.2})) == [["near_reported"]]


def test_no_rule_may_read_the_priority_or_what_reports_say():
    assert {"priority", "reporters", "scrutiny"} <= set(NEVER_READ)
