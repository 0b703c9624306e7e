"""The register of what can be looked for, by the columns that it needs.

In: nothing (declarations). Out: :data:`ABILITIES`, read by ``check``; a new thing to look for is added here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ability:
    """One thing to look for.

    ``needs`` names tables, or columns as ``table.column``, of which one must have a value; ``can`` and
    ``cannot`` are the sentences for people with and without it.
    """

    needs: tuple[str, ...]
    can: str
    cannot: str


ABILITIES: tuple[Ability, ...] = (
    Ability(
        ("notes",),
        "notes: accounts that post the same things at the same times can be found",
        "no notes: what accounts post is not looked at",
    ),
    Ability(
        ("notes.title", "notes.text", "comments.text", "chat_messages.text"),
        "texts: shared wording, templates and contacts can be found",
        "no texts: shared wording, templates and contacts cannot be seen",
    ),
    Ability(
        ("notes.links", "comments.links", "chat_messages.links"),
        "links: accounts that push the same link or product can be found",
        "no links: accounts that push the same link or product cannot be found by it",
    ),
    Ability(("notes.media",), "media: shared pictures can be found", "no media: shared pictures cannot be seen"),
    Ability(("notes.tags",), "tags: shared topics can be found", "no tags: shared topics cannot be seen"),
    Ability(
        ("comments",),
        "comments: accounts that comment on the same notes together can be found",
        "no comments: who comments together is not looked at",
    ),
    Ability(
        ("interactions",),
        "interactions: accounts that like, collect, share or follow together can be found",
        "no interactions: likes, collects, shares and follows are not looked at",
    ),
    Ability(
        ("chat_messages",),
        "chat messages: accounts that act together in chats can be found",
        "no chat messages: chat motifs are not looked for",
    ),
    Ability(
        ("chat_members",),
        "chat members: which accounts sit in the same chats is known",
        "no chat members: silent members of a chat are not known",
    ),
    Ability(
        ("accounts.registered_at",),
        "registered_at: accounts with a life before the window are known",
        "no registered_at: interest blocks and channel exposure can only be learnt inside the window, "
        "so a large farm may look like an interest",
    ),
    Ability(
        ("accounts.device", "accounts.network"),
        "device or network: accounts registered from one place can be seen",
        "no device, no network: registration from one place cannot be seen; this is no evidence either way",
    ),
    Ability(
        ("accounts.client", "notes.client", "comments.client", "chat_messages.client", "interactions.client"),
        "client: tool signatures can be seen",
        "no client: tool signatures cannot be seen; this is no evidence either way",
    ),
    Ability(
        ("notes.ai_declared",),
        "ai_declared: authors who label their notes as AI-assisted are known",
        "no ai_declared: whether authors label their notes as AI-assisted is not known",
    ),
    Ability(
        ("reports",),
        "reports: what users reported is known",
        "no reports: what users reported is not known",
    ),
    Ability(
        ("labels",),
        "labels: accounts already known can serve as seeds",
        "no labels: nothing already known can serve as a seed",
    ),
)
