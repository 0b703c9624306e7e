"""Words of the notices that are not facts: measures, rules, instants, in zh-CN and en.

In: a measure's detail, a reason code, an instant. Out: short texts. A reason code or a measure without words is an error: nobody is
told half of what is done to them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from graphscan.errors import InputError

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")

Words = Mapping[Language, str]

BEIJING = dt.timezone(dt.timedelta(hours=8), "CST")
"""The platform's own clock; China has no summer time, so a fixed offset is exact for anything after 1991."""


@dataclass(frozen=True)
class Measure:
    """One measure: ``name`` as a heading, ``effect``, what the account can and cannot do now, ``undone``, what is given back."""

    name: Words
    effect: Words
    undone: Words


MEASURES: Mapping[str, Measure] = {
    "warn": Measure(
        {"zh-CN": "警告", "en": "Warning"},
        {
            "zh-CN": "我们对您的账号发出一次警告。账号的功能不受影响。",
            "en": "We give your account a warning. Nothing that your account can do is restricted.",
        },
        {
            "zh-CN": "这次警告已经撤销，不会留在账号的处理记录里作为依据。",
            "en": "The warning is withdrawn. It will not be held against the account.",
        },
    ),
    "limit_distribution": Measure(
        {"zh-CN": "限制流量", "en": "Limited distribution"},
        {
            "zh-CN": "您的笔记会更少出现在推荐和搜索里。您仍然可以发布笔记、评论和发私信。",
            "en": "Your notes are shown less in recommendations and in search. "
            "You can still post, comment and send messages.",
        },
        {
            "zh-CN": "流量限制已经解除，您的笔记恢复正常推荐。",
            "en": "The limit is lifted: your notes are shown as before.",
        },
    ),
    "limit_interaction": Measure(
        {"zh-CN": "限制互动", "en": "Limited interaction"},
        {
            "zh-CN": "您的账号暂时不能互动，例如评论、点赞、收藏、关注和发私信。您仍然可以浏览。",
            "en": "Your account cannot interact for now: comment, like, collect, follow or send messages. "
            "You can still read.",
        },
        {
            "zh-CN": "互动限制已经解除，您可以照常评论、点赞、收藏、关注和发私信。",
            "en": "The limit is lifted: you can comment, like, collect, follow and send messages as before.",
        },
    ),
    "ban": Measure(
        {"zh-CN": "封禁账号", "en": "Ban of the account"},
        {
            "zh-CN": "您的账号已被封禁，不能再发布内容，也不能互动。您仍然可以申诉。",
            "en": "Your account is banned: it can no longer post or interact. You can still appeal.",
        },
        {
            "zh-CN": "封禁已经解除，账号和内容恢复使用。",
            "en": "The ban is lifted: your account and what it posted are back.",
        },
    ),
}
"""Every measure by the ``detail`` of a decision."""

SOURCE: Words = {
    "zh-CN": "薯管家 2026 年 3 月 10 日《关于打击AI托管运营账号的治理公告》",
    "en": "the platform's public notice on AI-managed accounts (薯管家, 10 March 2026)",
}

_FIRST: Words = {"zh-CN": "第一类", "en": "first limb"}
_SECOND: Words = {"zh-CN": "第二类", "en": "second limb"}
_APPLIED: Words = {"zh-CN": "本平台据此制定的细则", "en": "this platform's rules that apply the notice"}


@dataclass(frozen=True)
class Rule:
    """One reason code: the ``limb`` of the public notice it belongs to, and ``what`` it forbids."""

    limb: Words
    what: Words


RULES: Mapping[str, Rule] = {
    "XHS-AI-1a": Rule(
        _FIRST,
        {
            "zh-CN": "普通账号偶尔让 AI 托管工具代写、代发笔记",
            "en": "an ordinary account that now and then lets an AI agent write and post its notes",
        },
    ),
    "XHS-AI-1b": Rule(
        _FIRST,
        {
            "zh-CN": "普通账号偶尔让 AI 托管工具代替自己互动",
            "en": "an ordinary account that now and then lets an AI agent interact for it",
        },
    ),
    "XHS-AI-2a": Rule(
        _SECOND,
        {
            "zh-CN": "账号的注册、发布和互动都由 AI 托管工具完成",
            "en": "an account that an AI agent registers, posts with and interacts with",
        },
    ),
    "XHS-AI-2b": Rule(
        _SECOND,
        {
            "zh-CN": "主页上所有公开笔记都由 AI 托管工具代发",
            "en": "an account all of whose public notes are posted by an AI agent",
        },
    ),
    "XHS-AI-3a": Rule(
        _APPLIED,
        {
            "zh-CN": "多个账号被成批操作，在相同的内容上集中互动",
            "en": "accounts that are operated as a batch and act on the same things together",
        },
    ),
    "XHS-AI-3b": Rule(
        _APPLIED,
        {
            "zh-CN": "多个账号被成批操作，用同一个模板发评论",
            "en": "accounts that are operated as a batch and comment from one template",
        },
    ),
    "XHS-AI-3c": Rule(
        _APPLIED,
        {
            "zh-CN": "多个账号被成批操作，把人引到群聊或站外",
            "en": "accounts that are operated as a batch and lead people into chats or off the platform",
        },
    ),
    "XHS-AI-4": Rule(
        _APPLIED,
        {"zh-CN": "去掉或伪造内容上的 AI 标识", "en": "removing or forging the AI label of content"},
    ),
}
"""Every reason code that a measure may carry. Codes 9x clear an account: nobody gets a notice with one."""


def language_of(given: str) -> Language:
    """Return the language, InputError when there are no words in it."""
    for language in LANGUAGES:
        if given == language:
            return language
    raise InputError(f"no notices in language {given!r}; allowed: {', '.join(LANGUAGES)}")


def measure_of(detail: str) -> Measure:
    """Return a measure's words, InputError for an unknown one."""
    if detail not in MEASURES:
        raise InputError(f"no words for measure {detail!r}; allowed: {', '.join(MEASURES)}")
    return MEASURES[detail]


def rule_of(code: str) -> Rule:
    """Return a reason code's words, InputError for an unknown one."""
    if code not in RULES:
        raise InputError(
            f"no words for reason {code!r}; allowed: {', '.join(RULES)}; a policy with more needs them here"
        )
    return RULES[code]


def instant(text: str) -> dt.datetime:
    """Return an ISO 8601 instant of a record, InputError when it is none or has no zone."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no ISO 8601 instant") from None
    if found.tzinfo is None:
        raise InputError(f"{text!r} is an instant without a zone; records hold UTC")
    return found


def moment(at: dt.datetime, language: Language) -> str:
    """Return an instant on Beijing's clock, to the minute.

    >>> moment(dt.datetime(2026, 3, 10, 6, 5, tzinfo=dt.UTC), "zh-CN")
    '2026年3月10日 14:05（北京时间）'
    """
    local = at.astimezone(BEIJING)
    if language == "zh-CN":
        return f"{day(at, language)} {local:%H:%M}（北京时间）"
    return f"{day(at, language)}, {local:%H:%M} (Beijing time)"


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""English whatever the machine's locale."""


def day(at: dt.datetime, language: Language) -> str:
    """Return the day of an instant on Beijing's calendar."""
    local = at.astimezone(BEIJING)
    if language == "zh-CN":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"
