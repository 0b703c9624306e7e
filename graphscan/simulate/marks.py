"""The marks of farms: what one can count about one account that tells a member from people, declared beforehand.

In: nothing. Out: :data:`MARKS`, and :data:`FEATURES`, the counts that a mark excuses. A simulator that leaks a mark which nobody declared
lets a rule of one number look clever (so it was with at least one published set: no human ever answered a bot). A test
computes every feature for every kind of farm, and fails where one beyond 0.4–0.6 (area under the curve) is not declared here.
"""

from __future__ import annotations

from collections.abc import Mapping

FEATURES: Mapping[str, tuple[str, ...]] = {
    "batch": ("age", "active days"),
    "old": ("age",),
    "busy": ("notes", "comments", "likes", "collects", "shares", "follows", "actions", "actions a day", "active days"),
    "paced": ("median gap", "mean hour", "night share"),
    "talks": ("comment share", "reply share", "comment length", "answered"),
    "links": ("link share", "note link share"),
    "unknown": ("followers", "received"),
    "praised": ("received", "followers", "notes"),
    "chats": ("chats", "messages"),
    "in no chat": ("chats", "messages"),
    "tool": ("tool share",),
}
"""Each mark, and the counts in which it shows."""

_FIRST = ("batch", "busy", "paced", "talks", "unknown", "in no chat")
"""The first farms: at least sixteen acts, work beside their life, registered in a batch, followed by nobody, in no chat."""

MARKS: Mapping[str, tuple[str, ...]] = {
    "hire-farm": (*_FIRST, "links", "tool"),
    "merchant-farm": (*_FIRST, "links", "tool"),
    "drip-farm": (*_FIRST, "links"),
    "paraphrase-farm": (*_FIRST, "tool"),
    "like-farm": _FIRST,
    "funnel-farm": (*_FIRST, "chats", "tool"),
    "reactive-farm": _FIRST,
    "preemptive-farm": _FIRST,
    "bridging-farm": _FIRST,
    "led-farm": _FIRST,
    "poisoned-farm": _FIRST,
    "poison": ("old", "busy", "paced", "talks", "unknown", "in no chat"),
    "prebuilt-farm": ("old", "busy", "paced", "talks", "unknown", "in no chat"),
    "hijacked": ("old", "busy", "paced", "talks", "unknown", "in no chat", "tool"),
    "brigade": _FIRST,
    "all-notes": ("busy", "paced", "talks", "praised", "links", "in no chat", "tool"),
    "tool-life": (*_FIRST, "tool"),
    **dict.fromkeys(
        (
            "jitter-farm",
            "rotation-farm",
            "camouflage-farm",
            "rewritten-farm",
            "noise-farm",
            "midnight-farm",
            "well-spoken-farm",
            "figurehead-farm",
            "declared-farm",
            "private-farm",
            "freshmen-farm",
            "fandom-farm",
            "phrase-farm",
            "household-farm",
            "homoglyph-farm",
            "churn-farm",
        ),
        (*_FIRST, "links", "tool"),
    ),
    "bought-farm": (*_FIRST, "old", "links", "tool"),
    "batch-farm": ("batch",),
    "aged-farm": (),
    "trickle-farm": (),
    "camouflaged-farm": (),
    "rotating-farm": (),
    "heartbeat-farm": (),
    "dedicated-farm": (),
    "ring-farm": ("praised",),
    "chorus-farm": ("chats",),
    "group-funnel-farm": ("chats",),
}
"""The marks of every slice that is told as managed."""


def excused(kind: str) -> frozenset[str]:
    """Return the features in which members of a slice may differ from people."""
    return frozenset(feature for mark in MARKS[kind] for feature in FEATURES[mark])
