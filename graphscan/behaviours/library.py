"""The behaviours: what accounts can do together, declared as values.

In: nothing. Out: :data:`BEHAVIOURS`, a register that reads like a page. To add one, add an entry here and a case folder
``tests/cases/<name>/`` with the smallest story that fires and the nearest that does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graphscan.errors import SettingsError

Form = Literal["as it is", "text", "link", "tags", "template", "contact"]
Channel = Literal["none", "author of note", "author of comment", "host", "chat"]

_SHORT = (60, 600, 3600)
"""METHOD stage 1: a minute, ten minutes, an hour. With six hours more, farms that take one or three hours to come are found at .91 and
.75 instead of .60 and none, but 3 of 140 customers of simulated merchants are taken for their farms (measured): not worth it."""

_LONG = (600, 3600, 21_600)  # METHOD stage 1: content spreads more slowly (tau 6 h)


@dataclass(frozen=True)
class Source:
    """Where a behaviour's actions come from: rows of ``table`` (of ``kind``), whose ``column`` gives the object."""

    table: str
    column: str
    kind: str = ""
    target_kind: str = ""


@dataclass(frozen=True)
class Behaviour:
    """One thing that accounts can do together.

    ``title`` names it in a table, ``sentence`` completes "two accounts …". ``form``:
    how the object's value is normalised. ``channel``: through what people
    come upon the object. ``popularity``: the answer to the viral note, required: no behaviour without one. ``windows_s``: how far
    apart two actions may be to count as a meeting, all tried, corrected for; the widest is left out of a log so dense that
    it would drown it (:mod:`graphscan.behaviours.windows`).
    """

    name: str
    title: str
    sentence: str
    sources: tuple[Source, ...]
    popularity: str
    form: Form = "as it is"
    channel: Channel = "none"
    windows_s: tuple[int, ...] = _SHORT


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        "note_comment",
        "same note commented",
        "commented on the same note",
        (Source("comments", "note_id"),),
        "a viral note's own burst, its topic's crowd and its author's readers are what chance is made of",
        channel="author of note",
    ),
    Behaviour(
        "note_like",
        "same note liked",
        "liked the same note",
        (Source("interactions", "target_id", "like", "note"),),
        "as for comments; likes are many, so a meeting on a hot note is worth next to nothing",
        channel="author of note",
    ),
    Behaviour(
        "note_collect",
        "same note collected",
        "collected the same note",
        (Source("interactions", "target_id", "collect", "note"),),
        "as for comments",
        channel="author of note",
    ),
    Behaviour(
        "note_share",
        "same note shared",
        "shared the same note",
        (Source("interactions", "target_id", "share", "note"),),
        "as for comments",
        channel="author of note",
    ),
    Behaviour(
        "link_shared",
        "same link or product",
        "put the same link or product into their notes, comments or messages",
        tuple(Source(table, "links") for table in ("notes", "comments", "chat_messages")),
        "a link that a crowd passes on has its own burst; a site's regulars are its channel",
        form="link",
        channel="host",
        windows_s=_LONG,
    ),
    Behaviour(
        "text_copied",
        "same text",
        "wrote the same text, but for case, spaces, marks and emoji",
        tuple(Source(table, "text") for table in ("notes", "comments", "chat_messages")),
        "a greeting that thousands write has its own burst and its crowd; short everyday words are no object",
        form="text",
        windows_s=_LONG,
    ),
    Behaviour(
        "template_used",
        "same template",
        "wrote texts from the same mould, with other words in its slots",
        tuple(Source(table, "text") for table in ("notes", "comments", "chat_messages")),
        "a mould that established accounts also write from (memes, share texts, greetings, sign-up forms) is no object; "
        "every other text is an occasion to write, and makes chance",
        form="template",
        windows_s=_LONG,
    ),
    Behaviour(
        "contact_shared",
        "same contact",
        "gave the same contact in words: a messenger id, a number, a short link, a shop or a product",
        tuple(
            Source(table, column) for table in ("notes", "comments", "chat_messages") for column in ("text", "links")
        ),
        "a shop that a crowd names has its own burst and its crowd; every other text is an occasion to name one, and "
        "makes chance",
        form="contact",
        windows_s=_LONG,
    ),
    Behaviour(
        "media_reused",
        "same picture or video",
        "posted the same picture or video",
        (Source("notes", "media"),),
        "a meme that many post has its own burst and its crowd",
        windows_s=_LONG,
    ),
    Behaviour(
        "tags_repeated",
        "same tags in order",
        "used the same three or more tags in the same order",
        (Source("notes", "tags"),),
        "a challenge's tags have their own burst and their crowd",
        form="tags",
        windows_s=_LONG,
    ),
    Behaviour(
        "account_followed",
        "same account followed",
        "followed the same account",
        (Source("interactions", "target_id", "follow", "account"),),
        "a star's new followers are a burst of the star's own",
    ),
    Behaviour(
        "chat_answered",
        "same chat answered",
        "wrote in the same chat on the same day",
        (Source("chat_messages", "chat_id"),),
        "members answer announcements together: membership explains it, for everyone",
        channel="chat",
    ),
    Behaviour(
        "reply_target",
        "same comment or message answered",
        "answered the same comment or message",
        (Source("comments", "reply_to"), Source("chat_messages", "reply_to")),
        "a comment that provokes a crowd has its own burst; chat members are explained by membership",
        channel="author of comment",
    ),
)
"""Every behaviour looked at, in the order in which a report tells them."""


def behaviour(name: str) -> Behaviour:
    """Return the behaviour of that name; SettingsError naming what is allowed when there is none."""
    for known in BEHAVIOURS:
        if known.name == name:
            return known
    raise SettingsError(f"behaviour {name!r} is unknown; allowed: {', '.join(b.name for b in BEHAVIOURS)}")
