"""Notices of what came after: an appeal that changed nothing, one that undid the decision, a measure that ended by itself.

In: a decision and its appeal. Out: :class:`~graphscan.casework.notices.Notice`. A handler's note is for colleagues and is never
shown: it may name others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphscan.casework.notices import Notice, Section, notice, opening
from graphscan.casework.words import Language, Words, instant, language_of, measure_of, moment
from graphscan.errors import InputError
from graphscan.ledger.records import Appeal, Decision, Entry
from graphscan.reports.frames import Frames

FURTHER: Words = {
    "zh-CN": "如果您仍不同意，可以向平台以外的争议解决机构求助，或者向法院起诉。",
    "en": "If you still disagree, you can go to a body for settling disputes outside the platform, or to a court.",
}

REASONS: Mapping[str, Words] = {
    "not_member": {
        "zh-CN": "您的账号与那一批账号没有关系。",
        "en": "Your account does not belong to the group of accounts.",
    },
    "victim": {
        "zh-CN": "是别的账号跟着您行动，您什么也没有做错。",
        "en": "Other accounts followed you around; you did nothing wrong.",
    },
    "compromised": {
        "zh-CN": "当时操作账号的不是您。请修改密码，保护好账号。",
        "en": "It was not you who used the account. Please change your password and keep the account safe.",
    },
    "fan": {
        "zh-CN": "您是因为自己的喜好才在那里的。",
        "en": "It was your own liking that brought you there.",
    },
    "organiser": {
        "zh-CN": "您组织或参加的是正当的活动。",
        "en": "What you organised or took part in was an honest activity.",
    },
    "aid": {
        "zh-CN": "您只是把 AI 当作帮手，这是允许的。",
        "en": "You used AI as an aid, which is allowed.",
    },
    "tester": {
        "zh-CN": "您的操作属于获准的测试。",
        "en": "What you did was part of a permitted test.",
    },
    "disproportionate": {
        "zh-CN": "处理得太重了。",
        "en": "The measure was too hard.",
    },
    "wrong_facts": {
        "zh-CN": "我们依据的事实不对。",
        "en": "The facts that we relied on were wrong.",
    },
}
"""Why an appeal succeeded, by the ledger's reasons; ``other`` is told as a wrong decision."""

_WRONG: Words = {"zh-CN": "这项决定是错的。", "en": "The decision was wrong."}


def notice_due(
    decision: Decision,
    language: str,
    *,
    history: Sequence[Entry],
    appeals: Sequence[Appeal],
    appeal_address: str,
    sent_at: str | None = None,
    run: Frames | None = None,
) -> Notice:
    """Return what the account holder has to be told now: the answer to an appeal, that a measure has ended, or the decision.

    ``history`` holds the ledger's entries about the decision and its appeal; the last word among them is told.
    """
    by_entry = {f"appeal:{a.appeal_id}": a for a in appeals if a.decision_id == decision.decision_id}
    for entry in reversed(history):
        if entry.action in ("uphold", "overturn") and entry.subject in by_entry:
            return appeal_notice(decision, by_entry[entry.subject], language, decided_at=entry.at)
        if entry.action == "expire" and entry.subject == f"decision:{decision.decision_id}":
            return expiry_notice(decision, language)
    return notice(decision, language, appeal_address=appeal_address, sent_at=sent_at, run=run)


def appeal_notice(
    decision: Decision, appeal: Appeal, language: str, *, decided_at: str, further: str | None = None
) -> Notice:
    """Return the answer to an appeal; ``decided_at`` is when it was decided, ``further`` where one can go from there.

    Raises
    ------
    InputError
        When the appeal is still open, has lapsed, or is about another decision.
    """
    spoken = language_of(language)
    if appeal.decision_id != decision.decision_id:
        raise InputError(
            f"appeal {appeal.appeal_id} is about decision {appeal.decision_id}, not {decision.decision_id}"
        )
    if appeal.state == "OVERTURNED":
        return _overturned(decision, appeal, spoken, decided_at)
    if appeal.state == "UPHELD":
        return _upheld(decision, spoken, decided_at, further)
    raise InputError(f"appeal {appeal.appeal_id} is {appeal.state}; allowed for an answer: UPHELD, OVERTURNED")


def _upheld(decision: Decision, language: Language, decided_at: str, further: str | None) -> Notice:
    zh, at = language == "zh-CN", moment(instant(decided_at), language)
    name = measure_of(decision.detail).name[language]
    sections = (
        Section(
            "结果" if zh else "The outcome",
            (
                f"我们重新看了证据和您提交的材料。{at}的结论是：原来的处理（{name}）维持不变。"
                if zh
                else f"We looked again at the evidence and at what you sent. On {at} we found that the decision "
                f"stands: {name}.",
                _ends(decision, language),
            ),
        ),
        Section(
            "是谁审查的" if zh else "Who looked at it",
            (
                "由一位没有参与原决定的工作人员审查。"
                if zh
                else "A person who had no part in the first decision looked at it.",
            ),
        ),
        Section("还可以怎么做" if zh else "What you can still do", (further or FURTHER[language],)),
    )
    subject = "申诉结果：维持原决定" if zh else "Your appeal: the decision stands"
    return _made(decision, language, subject, sections)


def _overturned(decision: Decision, appeal: Appeal, language: Language, decided_at: str) -> Notice:
    zh, at = language == "zh-CN", moment(instant(decided_at), language)
    sections = (
        Section(
            "对不起" if zh else "We are sorry",
            (
                f"您的申诉成立。{REASONS.get(appeal.outcome_reason or '', _WRONG)[language]}"
                if zh
                else f"You were right. {REASONS.get(appeal.outcome_reason or '', _WRONG)[language]}",
                "给您带来的不便和不快，我们向您道歉。"
                if zh
                else "We apologise for the trouble and the upset that this caused you.",
            ),
        ),
        Section(
            "我们撤销了什么" if zh else "What we undid",
            (
                f"撤销时间：{at}。" if zh else f"On {at}.",
                measure_of(decision.detail).undone[language],
                "这项决定今后不会作为对您不利的依据，同样的证据也不会再次用在您身上。"
                if zh
                else "The decision will not be held against you, and the same evidence will not be used against you again.",
                "我们也会重新检查用同样证据处理过的其他决定。"
                if zh
                else "We also check the other decisions that rest on the same evidence.",
            ),
        ),
    )
    subject = "申诉结果：处理已撤销，我们向您道歉" if zh else "Your appeal: the decision is undone, and we apologise"
    return _made(decision, language, subject, sections)


def expiry_notice(decision: Decision, language: str) -> Notice:
    """Return the notice that a measure has ended by itself; InputError when it never began or has no end."""
    spoken = language_of(language)
    if decision.applied_at is None or decision.expires_at is None:
        raise InputError(f"decision {decision.decision_id} is {decision.state} and has no end that could be told")
    zh, at = spoken == "zh-CN", moment(instant(decision.expires_at), spoken)
    measure = measure_of(decision.detail)
    sections = (
        Section(
            "现在" if zh else "Now",
            (
                f"处理（{measure.name[spoken]}）已于{at}到期。" if zh else f"{measure.name[spoken]}: ended on {at}.",
                measure.undone[spoken],
                "您不需要做任何事。" if zh else "You need not do anything.",
            ),
        ),
    )
    return _made(decision, spoken, "处理已到期解除" if zh else "The measure on your account has ended", sections)


def _ends(decision: Decision, language: Language) -> str:
    if decision.expires_at is None:
        return "这项处理没有结束日期。" if language == "zh-CN" else "It has no end date."
    at = moment(instant(decision.expires_at), language)
    return f"这项处理到{at}自动解除。" if language == "zh-CN" else f"It ends by itself on {at}."


def _made(decision: Decision, language: Language, subject: str, sections: tuple[Section, ...]) -> Notice:
    return Notice(
        decision.decision_id, decision.account_id, language, subject, opening(decision, language), sections, False
    )
