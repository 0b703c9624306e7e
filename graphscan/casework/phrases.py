"""Phrases: what the clues say, told to the person they are about, in zh-CN and en.

In: a clue's name and family. Out: :class:`Phrase`. A phrase holds no other account, no threshold and no probability; all that is ever
put into it are counts. Clues without a phrase of their own are told by their family; of families that others can write, nothing
is told, since nothing may rest on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphscan.casework.words import Words


@dataclass(frozen=True)
class Phrase:
    """One clue for its subject: ``counted`` has a place ``{n}`` for a count, ``plain`` has none and is used without a count.

    ``less``: what to take from the clue's value for the count (a batch counts the account itself).
    """

    plain: Words
    counted: Words | None = None
    less: int = 0


@dataclass(frozen=True)
class Act:
    """One behaviour as a verb and its objects: ``zh`` is (verb, measure word and noun), ``en`` is (past tense, one, many)."""

    zh: tuple[str, str]
    en: tuple[str, str, str]


FOLLOWED = "acted_later_"
"""Clues whose names start so say how often an account was the later one, behaviour by behaviour."""

ACTS: Mapping[str, Act] = {
    "note_comment": Act(("评论", "篇笔记"), ("commented on", "note", "notes")),
    "note_like": Act(("点赞", "篇笔记"), ("liked", "note", "notes")),
    "note_collect": Act(("收藏", "篇笔记"), ("collected", "note", "notes")),
    "note_share": Act(("分享", "篇笔记"), ("shared", "note", "notes")),
    "link_shared": Act(("发布", "个链接或商品"), ("posted", "link or product", "links or products")),
    "text_copied": Act(("发布", "段文字"), ("posted", "text", "texts")),
    "media_reused": Act(("发布", "个图片或视频"), ("posted", "picture or video", "pictures or videos")),
    "tags_repeated": Act(("使用", "组标签"), ("used", "set of tags", "sets of tags")),
    "account_followed": Act(("关注", "个账号"), ("followed", "account", "accounts")),
    "chat_answered": Act(("发言", "个群聊"), ("wrote in", "chat", "chats")),
    "template_used": Act(("使用", "个文字模板"), ("used", "template of words", "templates of words")),
    "contact_shared": Act(("留下", "个联系方式"), ("left", "contact", "contacts")),
    "reply_target": Act(("回复", "条评论或消息"), ("answered", "comment or message", "comments or messages")),
}
"""Every behaviour of the library, as something a person did."""

ONCE = frozenset({"registered_by_tool", "registration_batch"})
"""Clues about one thing that happened once: their day is told as it is, not as an example."""

FAMILIES: Mapping[str, Words] = {
    "A1": {
        "zh-CN": "账号的一部分操作是由自动化工具完成的。",
        "en": "An automatic tool did part of what this account did.",
    },
    "A2": {
        "zh-CN": "账号的操作时间有机器才有的规律。",
        "en": "The account keeps times that machines keep and people do not.",
    },
    "A3": {
        "zh-CN": "账号发布的一部分文字出自同一个模板，只换了少数几个词。",
        "en": "Part of the account's texts come from one template, with only a few words changed.",
    },
    "A4": {
        "zh-CN": "账号与一批账号在差不多同一时间、从同一处注册。这一点从不单独作为依据。",
        "en": "The account was registered at about the same time and place as a batch of accounts. This never counts "
        "alone.",
    },
    "A5": {
        "zh-CN": "账号在群聊里收到指令之后不久就照做。",
        "en": "The account did things soon after they were asked for in a chat.",
    },
    "A6": {
        "zh-CN": "账号发布的内容去掉或伪造了 AI 标识。",
        "en": "The AI label of what the account posted was removed or forged.",
    },
    "B1": {
        "zh-CN": "账号多次紧跟在一批账号之后，在相同的内容上做同样的事。",
        "en": "The account often did the same thing as a group of accounts, on the same content, shortly after them.",
    },
    "B2": {
        "zh-CN": "账号反复出现在很少有人去的内容上，而一批账号也都在那里。",
        "en": "The account was again and again on content that few people come to, and that a group of accounts came "
        "to as well.",
    },
    "B3": {
        "zh-CN": "账号与一批账号轮流在彼此的笔记下互动。",
        "en": "The account and a group of accounts acted on each other's notes in turn.",
    },
}
"""What a family of evidence says; families that others can write (C) and context are not here."""

CLUES: Mapping[str, Phrase] = {
    "registered_by_tool": Phrase(
        {
            "zh-CN": "这个账号是由自动化工具注册的。",
            "en": "The account was registered by an automatic tool.",
        }
    ),
    "posted_by_tool": Phrase(
        {
            "zh-CN": "账号有笔记是由自动化工具代替您发布的。",
            "en": "An automatic tool posted notes in your place.",
        },
        {
            "zh-CN": "有 {n} 篇笔记是由自动化工具代替您发布的。",
            "en": "Notes that an automatic tool posted in your place: {n}.",
        },
    ),
    "interacted_by_tool": Phrase(
        {
            "zh-CN": "账号有评论、私信、点赞等互动是由自动化工具代替您完成的。",
            "en": "An automatic tool commented, sent messages or liked in your place.",
        },
        {
            "zh-CN": "有 {n} 次评论、私信、点赞等互动是由自动化工具代替您完成的。",
            "en": "Comments, messages, likes and the like that an automatic tool did in your place: {n}.",
        },
    ),
    "regular_gaps": Phrase(
        {
            "zh-CN": "账号每隔几乎同样长的时间操作一次。人自己操作时，间隔总是有长有短。",
            "en": "The account acts at almost equal intervals. When people act by hand, the intervals differ.",
        }
    ),
    "no_sleep": Phrase(
        {
            "zh-CN": "账号白天黑夜都在操作，看不到休息的时候。",
            "en": "The account is active at all hours of day and night, without a time of rest.",
        }
    ),
    "constant_replies": Phrase(
        {
            "zh-CN": "账号几乎总是隔同样长的时间回复别人。",
            "en": "The account answers after almost the same time, again and again.",
        }
    ),
    "heartbeat": Phrase(
        {
            "zh-CN": "账号按固定的节拍上线操作，一天里的许多时段都是如此。",
            "en": "The account becomes active on a fixed beat, at many hours of the day.",
        },
        {
            "zh-CN": "账号大约每隔 {n} 分钟上线操作一次，一天里的许多时段都是如此。",
            "en": "The account becomes active on a beat of about {n} minutes, at many hours of the day.",
        },
    ),
    "registration_batch": Phrase(
        {
            "zh-CN": "账号与一批账号在差不多同一时间、从同一处注册。这一点从不单独作为依据。",
            "en": "The account was registered at about the same time and place as a batch of accounts. This never "
            "counts alone.",
        },
        {
            "zh-CN": "账号与另外 {n} 个账号在差不多同一时间、从同一处注册。这一点从不单独作为依据。",
            "en": "Other accounts registered at about the same time and place as yours: {n}. This never counts alone.",
        },
        less=1,
    ),
    "later_unexplained": Phrase(
        {
            "zh-CN": "账号多次紧跟在一批账号之后做同样的事，而账号以前的兴趣说明不了它为什么会在那里。",
            "en": "The account often did the same as a group of accounts, shortly after them, with no earlier interest "
            "of its own that explains it.",
        },
        {
            "zh-CN": "有 {n} 次，账号紧跟在一批账号之后做同样的事，而账号以前的兴趣说明不了它为什么会在那里。",
            "en": "Times that the account did the same as a group of accounts, shortly after them, with no earlier "
            "interest of its own that explains it: {n}.",
        },
    ),
    "template": Phrase(FAMILIES["A3"]),
    "cotarget_group": Phrase(FAMILIES["B2"]),
}
"""Clues about an account's own acts; a clue that is not here is told by its family."""

FAVOURS: Mapping[str, Phrase] = {
    "against_exempt_tool": Phrase(
        {
            "zh-CN": "账号的一部分操作用的是定时发布、无障碍辅助等允许使用的工具。",
            "en": "Part of what you did went through tools that are allowed, such as a scheduler or an accessibility aid.",
        }
    ),
    "against_declared": Phrase(
        {
            "zh-CN": "您给一部分笔记加了 AI 标识。",
            "en": "You labelled some of your notes as AI-assisted.",
        },
        {
            "zh-CN": "您给 {n} 篇笔记加了 AI 标识。",
            "en": "Notes that you labelled as AI-assisted: {n}.",
        },
    ),
    "against_verified": Phrase({"zh-CN": "账号通过了平台认证。", "en": "The platform verified your account."}),
    "against_labelled_human": Phrase(
        {
            "zh-CN": "以前的审查认为账号由真人使用。",
            "en": "An earlier review found a person behind the account.",
        }
    ),
    "against_age": Phrase({"zh-CN": "账号注册已久。", "en": "Your account is an old one."}),
    "against_own_media": Phrase(
        {"zh-CN": "账号的图片和视频大多是自己的。", "en": "Most of your pictures and videos are your own."}
    ),
    "against_talk": Phrase(
        {
            "zh-CN": "账号与别的老用户有来有往。",
            "en": "You and long-standing users of the platform talk with each other.",
        }
    ),
    "against_object_owner": Phrase(
        {
            "zh-CN": "别人在您的内容下做了什么，不算在您身上。",
            "en": "What others did on your content is not counted against you.",
        }
    ),
    "against_receiver": Phrase(
        {
            "zh-CN": "别人关注您、回复您，不算在您身上。",
            "en": "That others follow or answer you is not counted against you.",
        }
    ),
    "against_bridge": Phrase(
        {
            "zh-CN": "您的账号与那一批账号的关系也可能有别的原因。",
            "en": "Your account may be near that group of accounts for another reason.",
        }
    ),
    "against_compromised": Phrase(
        {
            "zh-CN": "账号以前一直正常，后来突然变了，也可能是被盗。",
            "en": "The account was an ordinary one and changed suddenly: somebody may have broken into it.",
        }
    ),
    "against_own_choice": Phrase(
        {
            "zh-CN": "有些时候，账号以前的兴趣能说明它为什么会在那里。",
            "en": "On some occasions your own earlier interests explain why you were there.",
        }
    ),
    "against_sleep": Phrase({"zh-CN": "账号有正常的休息时间。", "en": "Your account has its hours of rest."}),
}
"""Clues that speak for the account; one that is not here is told as :data:`FAVOUR`."""

FAVOUR = Phrase(
    {
        "zh-CN": "还有别的对您有利的情况。",
        "en": "There are other things that speak for you.",
    }
)
