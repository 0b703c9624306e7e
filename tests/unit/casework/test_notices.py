"""A notice says what an account did and how to appeal; and nothing about others, nothing about the method."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from graphscan.behaviours.library import BEHAVIOURS
from graphscan.casework import outcomes, phrases
from graphscan.casework.notices import notice
from graphscan.casework.outcomes import appeal_notice, expiry_notice
from graphscan.casework.words import LANGUAGES, MEASURES, RULES
from graphscan.errors import InputError
from graphscan.ledger.appealing import REASONS
from graphscan.motifs.library import MOTIFS

from . import told

PACKAGE = Path(phrases.__file__).parents[1]
ADDRESS = "https://platform.example/appeals"


def made(decision, language, **more):
    return notice(decision, language, appeal_address=ADDRESS, **more)


def clue_names():
    """Every text in the rooms of evidence that could be the name of a clue, and each behaviour and motif in its place."""
    names = set()
    for room in ("groups", "motifs", "accounts", "texts", "fusion", "decisions"):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    names |= {node.value} if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", node.value) else set()
                if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                    prefix = str(node.values[0].value)
                    if re.fullmatch(r"[a-z]+(_[a-z]+)*_", prefix):
                        names |= {prefix + x.name for x in (*BEHAVIOURS, *MOTIFS)}
    return sorted(names)


def clues_about_accounts():
    """Names in calls that tell evidence about one account: ``_about(found, code, NAME …`` and ``Evidence(account, NAME …``."""
    names = set()
    for path in sorted((PACKAGE / "accounts").glob("*evidence.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and path.name != "cluster_evidence.py":
                place = {"_about": 2, "Evidence": 1}.get(getattr(node.func, "id", ""), 99)
                if len(node.args) > place and isinstance(node.args[place], ast.Constant):
                    names.add(node.args[place].value)
    return names


def test_the_walk_over_the_clues_finds_what_is_known():
    found = clue_names()
    assert {"posted_by_tool", "acted_later_note_comment", "motif_flash_star", "against_talk"} <= set(found)
    assert len(clues_about_accounts()) >= 12


def test_every_clue_about_an_account_has_words_of_its_own():
    against = {c for c in clues_about_accounts() if not c.startswith(("against_", "unknown_"))}
    assert against - phrases.CLUES.keys() == set()
    favours = {c for c in clues_about_accounts() if c.startswith("against_")}
    assert favours - phrases.FAVOURS.keys() == set()
    assert {b.name for b in BEHAVIOURS} - phrases.ACTS.keys() == set()


def hostile(decision, clue, family, writer):
    """A decision whose every free text names others and the method."""
    bad = f"{told.OTHERS[0]} {told.OTHERS[1]} {told.WORDS_OF_OTHERS} p=1.7e-09 < 0.995"
    one = told.ground(
        clue, family, writer=writer, value=0.9973, unit="share", sentence=bad, rows=(bad, f"notes/n-{told.OTHERS[0]}")
    )
    return replace(
        decision,
        grounds=(told.ground(), one),
        speaks_for=(one,),
        blocked_by=(bad,),
        counterfactual=bad,
        follows=(bad,),
        rule=bad,
        proposer=bad,
        policy_version=bad,
        run_path=bad,
        cluster_id=told.OTHERS[0],
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_clue_that_can_be_told_ever_names_others_or_the_method(language):
    run = told.run()
    whole = {c for c in clues_about_accounts() if not c.endswith("_")} | {f"acted_later_{b.name}" for b in BEHAVIOURS}
    for clue in clue_names():
        for family, writer in (("A1", "self"), ("B1", "self"), ("A4", "platform"), ("C1", "peer"), ("context", "self")):
            found = made(hostile(told.applied(), clue, family, writer), language, run=run if clue in whole else None)
            for text in (found.text(), found.html()) if clue in whole else (found.text(),):
                leaks = [bad for bad in told.NEVER if bad in text]
                assert leaks == [], f"{clue} {family}"
            assert not re.search(r"\d\.\d|%|\be-\d|p-value|threshold|阈值|概率", found.text()), f"{clue} {family}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_measured_changes_no_word(language):
    """Sentences and p-values of the grounds may be anything at all: the notice is the same."""
    run, decision = told.run(), told.applied()
    plain = made(told.without_run_words(decision), language, run=run).text()
    assert made(decision, language, run=run).text() == plain
    changed = replace(decision, managed_probability=0.5, membership=0.1, counterfactual=None, blocked_by=("x",))
    assert made(changed, language, run=run).text() == plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rows_of_others_give_no_dates(language):
    run = told.run()
    only_theirs = told.applied(grounds=(told.ground(rows=(f"notes/n-{told.OTHERS[0]}",)),))
    assert (
        made(only_theirs, language, run=run).text()
        == made(told.applied(grounds=(told.ground(rows=()),)), language, run=run).text()
    )


def test_facts_are_counts_and_days_of_ones_own_acts():
    text = made(told.applied(), "en", run=told.run()).text()
    assert "Notes that an automatic tool posted in your place: 14 (for example on 5 March 2026)." in text
    assert (
        "You commented on 5 notes shortly after a group of accounts had done the same, mostly within a minute (between"
        in text
    )
    assert "Of your 14 public notes, 14 were written or posted by an automatic tool." in text
    text = made(told.applied(), "zh-CN", run=told.run()).text()
    assert "有 14 篇笔记是由自动化工具代替您发布的（例如 2026年3月5日）。" in text
    assert "有 5 篇笔记，一批账号评论后不久，您的账号也去评论，大多相隔在一分钟之内（" in text


def test_what_the_decision_does_not_rest_on_is_not_told():
    asks_for_a_look = told.ground("cotarget_group", "B2", value=13.0, unit="objects", rows=())
    more = told.applied(grounds=(*told.GROUNDS, asks_for_a_look))
    assert made(more, "en").text() == made(told.applied(), "en").text()
    assert "few people come to" in made(replace(more, follows=()), "en").text()


def test_without_its_run_a_notice_still_has_its_facts():
    text = made(told.applied(), "en").text()
    assert "Notes that an automatic tool posted in your place: 14." in text
    assert "42 times, counted account by account" in text


def test_a_notice_says_who_decided():
    assert "Then 2 people looked at the evidence and took the decision." in made(told.applied(), "en").text()
    assert "之后有 2 位工作人员看过证据，由人作出了这项决定。" in made(told.applied(), "zh-CN").text()
    assert "No person took part in this decision yet." in made(told.warned(), "en").text()
    assert "您有权要求说明理由，也有权要求由人重新审查" in made(told.warned(), "zh-CN").text()


def test_a_notice_says_from_when_until_when_and_how_to_appeal():
    limit = made(told.limited(), "en", sent_at=told.iso(13)).text()
    assert (
        "From 23 March 2026, 14:05 (Beijing time) until 22 April 2026, 14:05 (Beijing time). It then ends by itself."
        in limit
    )
    assert f"You can appeal until 19 September 2026 (180 days): {ADDRESS}" in limit
    assert "从2026年3月23日 14:05（北京时间）起，没有结束日期，除非申诉成功。" in made(told.applied(), "zh-CN").text()
    assert "您可以在收到本通知后 180 天内申诉" in made(told.applied(), "zh-CN").text()
    planned = told.limited(applied_at=None, expires_at=None, state="IN_REVIEW")
    assert "从执行之时起，共 30 天，到时自动解除。" in made(planned, "zh-CN").text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_ai_as_an_aid_is_said_to_be_allowed(language):
    for decision in (told.applied(), told.limited(), told.warned()):
        text = made(decision, language).text()
        assert ("用 AI 帮忙润色" in text) or ("Using AI as an aid is allowed" in text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("detail", MEASURES)
@pytest.mark.parametrize("reason", RULES)
def test_every_measure_and_reason_has_words(detail, reason, language):
    found = made(told.applied(detail=detail, reason=reason, reasons=(reason,)), language)
    assert MEASURES[detail].name[language] in found.subject
    assert RULES[reason].what[language] in found.text()


def test_a_draft_says_so_until_the_decision_stands():
    assert made(told.decision(), "en").text().startswith("[DRAFT: not sent]")
    assert made(told.decision(state="SHADOWED"), "zh-CN").draft
    assert not made(told.applied(), "en").draft


def test_what_has_no_words_is_refused():
    with pytest.raises(InputError, match="no words for reason 'XHS-AI-9x'; allowed: XHS-AI-1a"):
        made(told.applied(reasons=("XHS-AI-9x",)), "en")
    with pytest.raises(InputError, match="no words for measure 'exile'"):
        made(told.applied(detail="exile"), "en")
    with pytest.raises(InputError, match="no notices in language 'fr'; allowed: zh-CN, en"):
        made(told.applied(), "fr")
    with pytest.raises(InputError, match="no ISO 8601 instant"):
        made(told.applied(applied_at="yesterday"), "en")
    with pytest.raises(InputError, match="without a zone"):
        made(told.applied(), "en", sent_at="2026-03-10T00:00:00")


def test_what_rests_on_others_alone_gets_no_notice():
    followed = told.ground("followed_by", "C2", writer="peer")
    with pytest.raises(InputError, match="rests on nothing that its account did"):
        made(told.applied(grounds=(followed,), families=("C2",)), "en")


def test_an_account_that_was_never_later_is_told_nothing_of_others():
    first = told.ground("acted_later_note_like", "B1", value=0.0, unit="meetings", rows=())
    text = made(told.applied(grounds=(told.ground(), first)), "en").text()
    assert "shortly after" not in text


def test_ones_own_id_is_shown_and_can_do_nothing():
    odd = "\u202e<i>x</i>\n\x1b[31m"
    found = made(told.applied(account_id=odd, grounds=(told.ground(rows=()),)), "en")
    assert "⟨U+202E⟩<i>x</i>⏎⟨U+001B⟩[31m" in found.text()
    assert "<i>" not in found.html()
    assert "\u202e" not in found.html()


def test_the_page_asks_for_nothing():
    page = made(told.applied(), "zh-CN").html()
    assert 'lang="zh-CN"' in page
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<img|<link|\bsrc=|href=|url\(", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_to_an_appeal_name_nobody(language):
    for state in ("UPHELD", "OVERTURNED"):
        found = appeal_notice(told.applied(), told.appeal(state), language, decided_at=told.iso(22))
        assert [bad for bad in (*told.NEVER, "chen", "victim") if bad in found.text()] == []


def test_an_overturned_appeal_is_an_apology_that_says_what_was_undone():
    text = appeal_notice(told.applied(), told.appeal("OVERTURNED"), "zh-CN", decided_at=told.iso(22)).text()
    assert "对不起" in text
    assert "是别的账号跟着您行动，您什么也没有做错。" in text
    assert "封禁已经解除，账号和内容恢复使用。" in text
    text = appeal_notice(
        told.limited(), told.appeal("OVERTURNED", outcome_reason="odd"), "en", decided_at=told.iso(22)
    ).text()
    assert "You were right. The decision was wrong." in text
    assert "The limit is lifted: your notes are shown as before." in text


def test_every_reason_of_the_ledger_for_undoing_a_decision_has_words():
    assert set(REASONS) - outcomes.REASONS.keys() == {"other"}


def test_an_upheld_appeal_says_where_one_can_go():
    text = appeal_notice(told.limited(), told.appeal("UPHELD"), "en", decided_at=told.iso(22)).text()
    assert "the decision stands: Limited distribution" in text
    assert "A person who had no part in the first decision looked at it." in text
    assert "or to a court" in text


def test_an_open_appeal_or_another_decisions_is_not_answered():
    with pytest.raises(InputError, match="appeal a1 is OPEN; allowed for an answer: UPHELD, OVERTURNED"):
        appeal_notice(told.applied(), told.appeal(), "en", decided_at=told.iso(22))
    with pytest.raises(InputError, match="is about decision dx"):
        appeal_notice(told.applied(), told.appeal("UPHELD", decision_id="dx"), "en", decided_at=told.iso(22))


def test_a_measure_that_ended_is_told_and_one_without_end_is_not():
    text = expiry_notice(told.limited("limit_interaction"), "zh-CN").text()
    assert "处理（限制互动）已于2026年4月22日 14:05（北京时间）到期。" in text
    with pytest.raises(InputError, match="has no end that could be told"):
        expiry_notice(told.applied(), "en")
