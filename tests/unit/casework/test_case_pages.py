"""A case page shows what speaks for a person as plainly as what speaks against the account; and hostile text does nothing in it."""

import re

import pytest

from graphscan.casework.case_file import case_file
from graphscan.casework.case_pages import case_page

from . import told

BAD = "<script>alert(1)</script> ]]> \u202etxt\u202c =cmd() {{ 7*7 }} </style><img src=x onerror=alert(2)> \x1b[31m"


def page(decision=None, **more):
    return case_page(decision or told.decision(), told.run(), **more)


def test_for_and_against_stand_side_by_side():
    html = page()
    against, favour = html.index("What speaks against the account"), html.index("What speaks for the person")
    assert html[against:favour].count("<h2>") == 1
    assert html.count('<section class="side ') == 2
    assert html.index("What would change it") > favour
    assert "Without posted_by_tool and regular_gaps: limit." in html


def test_each_clue_says_who_can_write_it():
    html = page(told.decision(grounds=(told.ground(), told.ground("followed_by", "C2", writer="peer"))))
    assert "only the account itself can write this" in html
    assert "others can write this about it: it must not carry a measure" in html
    favour = html[html.index("What speaks for the person") :]
    assert "it must not carry a measure" not in favour
    assert "others had a part in this" in favour


def test_what_the_decision_does_not_rest_on_is_shown_as_such():
    more = told.decision(grounds=(*told.GROUNDS, told.ground("cotarget_group", "B2", value=13.0, unit="objects")))
    assert [f.clues[0].counts for f in case_file(more, None).against] == [True, True, True, False]
    assert page(more).count("Seen, but the decision does not rest on it.") == 1
    assert "does not rest on it" not in page()


def test_the_numbers_and_rows_of_a_clue_are_there():
    (family, *_) = case_file(told.decision(), told.run()).against
    (clue,) = family.clues
    assert (family.code, family.name) == ("A1", "tools")
    assert (clue.value, clue.chance) == ("14 notes", "about 1 in 10^9")
    assert [r.reference for r in clue.rows] == [f"notes/n-{told.SELF}", f"notes/n-{told.OTHERS[0]}"]
    assert (clue.rows[0].words, clue.rows[0].client) == ("早八人通勤穿搭", "openclaw/2.1")


def test_families_come_in_their_order_whatever_that_of_the_grounds():
    turned = told.decision(grounds=tuple(reversed(told.GROUNDS)))
    assert [f.code for f in case_file(turned, None).against] == ["A1", "A2", "B1"]


def test_reports_are_context_and_the_group_measures_nobody():
    html = page()
    assert "4 independent reporters named it. Reports ask for a look. They are never evidence" in html
    assert "A group measures nobody" in html


def test_siblings_are_those_of_the_same_cluster():
    same = [
        told.decision(decision_id=f"d{i}", account_id=f"m{i}", state=s)
        for i, s in enumerate(["APPROVED", "APPROVED", "BLOCKED"])
    ]
    other = told.decision(decision_id="dx", account_id="stranger", cluster_id="c2")
    found = case_file(told.decision(), None, siblings=[*same, other, told.decision()])
    assert [d.account_id for d in found.siblings] == ["m0", "m1", "m2"]
    assert found.sibling_counts == (("ban: APPROVED", 2), ("ban: BLOCKED", 1))


def test_the_timeline_is_in_order():
    found = case_file(told.applied(), told.run(), appeals=[told.appeal()]).timeline
    assert [at for at, _ in found] == sorted(at for at, _ in found)
    words = [word for _, word in found]
    assert words[0] == "registered"
    assert words[-1] == "appeal a1: open"
    assert "anna: approve" in words


def test_without_its_run_the_page_says_so_and_still_tells_the_grounds():
    html = case_page(told.decision(), None, lacking="run x is no folder")
    assert "The run behind this decision cannot be read" in html
    assert "run x is no folder" in html
    assert "posted by tool" in html
    assert "<img" not in html


def test_a_decision_without_own_evidence_says_that_it_must_be_rejected():
    html = page(told.decision(grounds=(), families=()))
    assert "A decision without own evidence must be rejected." in html
    assert "No notice can be written" in html


def test_a_shadow_decision_says_that_nothing_happens():
    assert "nothing happens to the account" in page(told.decision(mode="shadow", state="SHADOWED"))


def hostile_page():
    one = told.ground(BAD, BAD, writer=BAD, unit=BAD, sentence=BAD, rows=(BAD,))
    decision = told.applied(
        decision_id=BAD, account_id=BAD, reason=BAD, reasons=(BAD,), rule=BAD, blocked_by=(BAD,), counterfactual=BAD,
        policy_version=BAD, policy_sha256=BAD, run_id=BAD, run_path=BAD, proposer=BAD, grounds=(one,), speaks_for=(one,),
        approvals=(told.Approval(BAD, told.iso(), "approve", BAD),), detail=BAD, measure=BAD,
    )  # fmt: skip
    return case_page(
        decision,
        told.run(),
        history=[told.entry(1, BAD, BAD, BAD, actor=BAD, mac=BAD)],
        appeals=[told.appeal("OVERTURNED", appeal_id=BAD, text=BAD, outcome_reason=BAD, note=BAD, handler=BAD)],
        siblings=[told.applied(account_id=BAD, detail=BAD, reason=BAD)],
        lacking=BAD,
    )


def test_hostile_text_is_inert():
    html = hostile_page()
    assert "<script" not in html
    assert "<img src=x" not in html
    assert html.count("</style>") == 1
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert "{{ 7*7 }}" in html
    assert "⟨U+202E⟩" in html


@pytest.mark.parametrize("html", [page(), hostile_page()], ids=["told", "hostile"])
def test_the_page_asks_for_nothing_from_outside(html):
    assert "default-src 'none'" in html
    assert not re.search(r"<(script|link|iframe|object|form|base)\b", html)
    assert {src[:21] for src in re.findall(r'\bsrc="([^"]*)"', html)} <= {"data:image/svg+xml;bas"[:21]}
    assert not re.search(r"@import|url\(", html)


def test_the_same_case_gives_the_same_bytes():
    assert page() == page()


def test_both_notices_are_shown():
    html = page(told.applied())
    assert "关于您账号的处理通知：封禁账号" in html
    assert "About your account: Ban of the account" in html
