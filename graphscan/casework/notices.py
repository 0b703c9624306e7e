"""Notices: what the holder of an account is told about a decision, in zh-CN and en, as text, HTML and JSON.

In: a decision and, where there is one, its run. Out: :class:`Notice`. A notice names the measure, the account's own acts, the rule, how
far machines decided, from when until when, and how to appeal. It never names another account, and never a threshold
or a probability: it could otherwise be used to find the others, or to stay just below the line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphscan.casework.environment import environment
from graphscan.casework.facts import in_favour, own_facts
from graphscan.casework.words import (
    SOURCE,
    Language,
    day,
    instant,
    language_of,
    measure_of,
    moment,
    rule_of,
)
from graphscan.ledger.records import Decision
from graphscan.reports.canvas import CSS_FONTS
from graphscan.reports.frames import Frames
from graphscan.reports.words import one_line

APPEAL_DAYS = 180  # DSA article 20 asks for six months at least
STANDS = ("APPROVED", "QUEUED", "APPLIED")
"""States in which a notice is true as it reads; in all others it is a draft, and says so."""


@dataclass(frozen=True)
class Section:
    """One part of a notice: its heading and its sentences; ``listed`` when each is a point of its own."""

    heading: str
    lines: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True)
class Notice:
    """What one person is told about one decision; ``draft`` when it may not be sent as it stands."""

    decision_id: str
    account_id: str
    language: Language
    subject: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    draft: bool

    def text(self) -> str:
        """Return the notice as plain text."""
        parts = [_DRAFT[self.language], ""] if self.draft else []
        parts += [self.subject, "", *self.opening]
        for section in self.sections:
            mark = "- " if section.listed else ""
            parts += ["", _HEADED[self.language].format(section.heading), *[mark + line for line in section.lines]]
        return "\n".join(parts) + "\n"

    def html(self) -> str:
        """Return the notice as a page of its own: no script, nothing from outside."""
        return environment().get_template("notice.html.j2").render(
            notice=self, draft=_DRAFT[self.language], fonts=CSS_FONTS
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the notice as plain values."""
        return {
            "decision_id": self.decision_id,
            "language": self.language,
            "subject": self.subject,
            "draft": self.draft,
            "text": self.text(),
        }


_DRAFT: Mapping[Language, str] = {
    "zh-CN": "【草稿，尚未发出】",
    "en": "[DRAFT: not sent]",
}
_HEADED: Mapping[Language, str] = {"zh-CN": "【{}】", "en": "{}"}


def notice(
    decision: Decision,
    language: str,
    *,
    appeal_address: str,
    sent_at: str | None = None,
    run: Frames | None = None,
    appeal_days: int = APPEAL_DAYS,
) -> Notice:
    """Return the notice of a decision.

    ``appeal_address`` is where an appeal is made, ``sent_at`` the ISO 8601 instant at which the notice goes out (None: the deadline is
    told in days from its receipt), ``run`` the run behind it, from which the account's own dates are read.

    Raises
    ------
    InputError
        When the language, the measure or the reason has no words, or when nothing of the ground can be told.
    """
    spoken = language_of(language)
    zh = spoken == "zh-CN"
    measure = measure_of(decision.detail)
    sections = [
        Section("我们做了什么" if zh else "What we did", (measure.effect[spoken], *_duration(decision, spoken))),
        Section("依据的事实" if zh else "The facts", own_facts(decision, spoken, run), listed=True),
        Section("依据的规定" if zh else "The rule", _rule(decision, spoken)),
    ]
    if favour := in_favour(decision, spoken):
        heading = "我们已经考虑的、对您有利的情况" if zh else "What speaks for you, and was weighed"
        sections.append(Section(heading, favour, listed=True))
    sections += [
        Section("是谁作的决定" if zh else "Who decided", _who_decided(decision, spoken)),
        Section("怎样申诉" if zh else "How to appeal", _appeal(spoken, appeal_address, sent_at, appeal_days)),
    ]
    subject = f"关于您账号的处理通知：{measure.name[spoken]}" if zh else f"About your account: {measure.name[spoken]}"
    return Notice(
        decision.decision_id,
        decision.account_id,
        spoken,
        subject,
        opening(decision, spoken),
        tuple(sections),
        decision.state not in STANDS,
    )


def opening(decision: Decision, language: Language) -> tuple[str, ...]:
    """Return the lines that say which account and which decision a notice is about."""
    account, number = one_line(decision.account_id), one_line(decision.decision_id)
    if language == "zh-CN":
        return (f"账号：{account}", f"决定编号：{number}")
    return (f"Account: {account}", f"Decision: {number}")


def _duration(decision: Decision, language: Language) -> tuple[str, ...]:
    if decision.measure == "warn":
        return ()
    begins = None if decision.applied_at is None else instant(decision.applied_at)
    ends = None if decision.expires_at is None else instant(decision.expires_at)
    return (_from(begins, language) + _until(begins, ends, decision.days, language),)


def _from(begins: dt.datetime | None, language: Language) -> str:
    if language == "zh-CN":
        return "从执行之时起，" if begins is None else f"从{moment(begins, language)}起，"
    return "From the moment it takes effect " if begins is None else f"From {moment(begins, language)} "


def _until(begins: dt.datetime | None, ends: dt.datetime | None, days: int | None, language: Language) -> str:
    if ends is None and begins is not None and days is not None:
        ends = begins + dt.timedelta(days=days)
    if language == "zh-CN":
        if ends is not None:
            return f"到{moment(ends, language)}为止，到时自动解除。"
        return "没有结束日期，除非申诉成功。" if days is None else f"共 {days} 天，到时自动解除。"
    if ends is not None:
        return f"until {moment(ends, language)}. It then ends by itself."
    return "without an end, unless an appeal succeeds." if days is None else f"for {days} days. It then ends by itself."


def _rule(decision: Decision, language: Language) -> tuple[str, ...]:
    codes = dict.fromkeys([decision.reason, *decision.reasons])
    lines = [_rule_line(code, language) for code in codes]
    if language == "zh-CN":
        aid = "用 AI 帮忙润色、翻译、找灵感，由您自己决定发什么、自己发布，是允许的，不会因此受到处理。"
    else:
        aid = (
            "Using AI as an aid is allowed: to polish, to translate, to look for ideas, as long as you decide what to "
            "post and post it yourself. No measure follows from that."
        )
    return (*lines, aid)


def _rule_line(code: str, language: Language) -> str:
    rule = rule_of(code)
    if language == "zh-CN":
        return f"{SOURCE[language]}，{rule.limb[language]}：{rule.what[language]}（规则编号 {code}）。"
    return f"{SOURCE[language][0].upper()}{SOURCE[language][1:]}, {rule.limb[language]}: {rule.what[language]} (code {code})."


def _who_decided(decision: Decision, language: Language) -> tuple[str, ...]:
    people = len({a.who for a in decision.approvals if a.word == "approve"})
    if language == "zh-CN":
        found = "这些情况是由系统自动检测发现的。"
        if people:
            return (found, f"之后有 {people} 位工作人员看过证据，由人作出了这项决定。")
        return (found, "还没有工作人员参与这项决定。您有权要求说明理由，也有权要求由人重新审查：提出申诉即可。")
    found = "This was detected automatically."
    if people:
        who = "one person" if people == 1 else f"{people} people"
        return (found, f"Then {who} looked at the evidence and took the decision.")
    return (
        found,
        "No person took part in this decision yet. You have the right to an explanation and to have a person look at it: "
        "an appeal is all it takes.",
    )


def _appeal(language: Language, address: str, sent_at: str | None, days: int) -> tuple[str, ...]:
    until = None if sent_at is None else instant(sent_at) + dt.timedelta(days=days)
    if language == "zh-CN":
        when = f"收到本通知后 {days} 天内" if until is None else f"{day(until, language)}之前（{days} 天内）"
        return (
            f"您可以在{when}申诉：{one_line(address)}",
            "申诉由没有参与这项决定的工作人员审查，不会只由机器决定。申诉不收费。",
            "请用您自己的话说明情况，可以上传截图、照片或文件。例如：您用的是什么软件、是不是定时发布；"
            "还有谁在用这个账号；您和别人为什么会同时行动（同班、同店、粉丝群、活动通知）；账号有没有被盗。",
            "如果账号被盗，请先修改密码，并在申诉里说明。",
        )
    when = f"within {days} days of receiving this" if until is None else f"until {day(until, language)} ({days} days)"
    return (
        f"You can appeal {when}: {one_line(address)}",
        "A person who had no part in this decision will look at your appeal, never a machine alone. It costs nothing.",
        "Tell it in your own words. You can upload screenshots, photos or files. For example: which app or scheduler you "
        "used; who else uses the account; why you and others acted at the same time (a class, a shop, a fan group, a "
        "reminder); whether somebody broke into the account.",
        "If somebody broke into your account, change your password first, and say so in the appeal.",
    )
