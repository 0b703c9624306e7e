"""Telegram Desktop's ``result.json``: one chat, or all of them.

In: ``{name, type, id, messages}``, or ``{chats: {list: […]}}``. Out: chats, messages, accounts, and stays in
a chat only where the export is sure of them: it names the actor by id, everyone else by display name. Message
ids count from 1 in every chat, so ours are ``<chat>:<message>``.
"""

from __future__ import annotations

from graphscan.intake.adapters import instants
from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import BadValueError, Harvest, Options
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.rows import read_objects
from graphscan.intake.adapters.xiaohongshu import Json, members, part

_PRIVATE = frozenset({"personal_chat", "bot_chat", "saved_messages"})
_JOINS = frozenset({"join_group_by_link", "join_group_by_request", "create_group", "create_channel"})
_CREATES = frozenset({"create_group", "create_channel"})
_LINKS = frozenset({"link", "text_link"})
_ZONE = "Asia/Shanghai"


def recognise(export: Export, options: Options) -> bool:
    """Whether an object is a chat with Telegram's messages, or a list of such chats."""
    return any(_is_chat(chat) for row in export.sample if isinstance(row, dict) for chat in _chats(row))


def read(export: Export, harvest: Harvest) -> None:
    """Read every chat; lines count messages within their chat."""
    for line, row in read_objects(export, harvest.fault):
        chats = [chat for chat in _chats(row) if _is_chat(chat)]
        for chat in chats:
            harvest.attempt(line, _take_chat, harvest, chat)
        if not chats:
            harvest.fault(line, "no chat of Telegram")


def _chats(row: Json) -> list[Json]:
    return members(part(row, "chats"), "list") or [row]


def _is_chat(chat: Json) -> bool:
    if "guild" in chat or "id" not in chat or "type" not in chat:
        return False
    return any(m.get("type") in ("message", "service") and "date" in m for m in members(chat, "messages"))


def _take_chat(harvest: Harvest, chat: Json) -> None:
    messages = members(chat, "messages")
    opened = next((m for m in messages if m.get("action") in _CREATES), None)
    values = {
        "chat_id": chat["id"],
        "kind": "private" if chat["type"] in _PRIVATE else "group",
        "name": chat.get("name"),
        "created_at": _time(harvest, opened) if opened else None,
        "owner_id": _account(harvest, opened.get("actor_id")) if opened else None,
    }
    harvest.add("chats", values)
    for line, message in enumerate(messages, 1):
        take = _take_service if message.get("type") == "service" else _take_message
        harvest.attempt(line, take, harvest, chat["id"], message)


def _take_message(harvest: Harvest, chat_id: Foreign, message: Json) -> None:
    account = _account(harvest, message.get("from_id"))
    reply = message.get("reply_to_message_id")
    elsewhere = "reply_to_peer_id" in message
    values = {
        "message_id": f"{chat_id}:{message.get('id')}",
        "chat_id": chat_id,
        "account_id": account,
        "created_at": _time(harvest, message),
        "text": _words(message),
        "reply_to": None if reply is None or elsewhere else f"{chat_id}:{reply}",
        "links": _links(message),
    }
    harvest.add("chat_messages", values)
    harvest.add_account(account, message.get("from"))


def _take_service(harvest: Harvest, chat_id: Foreign, message: Json) -> None:
    """Take a join where the one who acted joined; others are told by display name, which is no id."""
    action = str(message.get("action"))[:40]
    account = _account(harvest, message.get("actor_id"))
    if account is not None:
        harvest.add_account(account, message.get("actor"))
    if action in _JOINS and account is not None:
        joined = _time(harvest, message)
        harvest.add("chat_members", {"chat_id": chat_id, "account_id": account, "joined_at": joined})
    names = message.get("members")
    if isinstance(names, list) and names:
        harvest.tally(f"members named by display name only ({action}); not linked to accounts", len(names))
    elif action not in _JOINS:
        raise BadValueError("", f"service row {action!r}: no row of a dataset")


def _time(harvest: Harvest, message: Json) -> int:
    seconds = message.get("date_unixtime")
    if seconds is not None:
        return harvest.time("created_at", instants.from_seconds, seconds)
    return harvest.time("created_at", lambda text: harvest.local(text, _ZONE), message.get("date"))


def _account(harvest: Harvest, value: Foreign) -> Foreign:
    """Return a sender's id; before 2021 users were bare numbers, since then ``user<number>``."""
    if isinstance(value, int) and not isinstance(value, bool):
        harvest.tally("sender ids that are bare numbers (exports before 2021), read as user<number>")
        return f"user{value}"
    return value


def _words(message: Json) -> str | None:
    """Join the pieces of a text: ``text`` is a string or a mixed list, ``text_entities`` is always a list."""
    entities = message.get("text_entities")
    pieces = entities if isinstance(entities, list) and entities else message.get("text")
    if not isinstance(pieces, list):
        return pieces if isinstance(pieces, str) else None
    return "".join(p if isinstance(p, str) else str(p.get("text", "")) for p in pieces if isinstance(p, str | dict))


def _links(message: Json) -> list[str] | None:
    entities = members(message, "text_entities") or members(message, "text")
    found = [str(e.get("href") or e.get("text") or "") for e in entities if e.get("type") in _LINKS]
    return [link for link in found if link] or None
