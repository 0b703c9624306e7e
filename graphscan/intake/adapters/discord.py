"""DiscordChatExporter's JSON: one channel.

In: ``{guild, channel, messages}``. Out: the chat, its messages, accounts, and joins where the message is one.
Reactions list their users, but an interaction of a dataset has no chat message as its target: counted only.
"""

from __future__ import annotations

from typing import Any

from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import BadValueError, Harvest, Options
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.rows import read_objects
from graphscan.intake.adapters.xiaohongshu import Json, members, part

_WORDS = frozenset({"Default", "Reply", "ThreadStarterMessage", "ChatInputCommand", "ApplicationCommand", "20", "23"})
_JOIN = frozenset({"GuildMemberJoin", "7"})
REACTIONS = "users listed under reactions are not kept: an interaction has no chat message as its target"


def recognise(export: Export, options: Options) -> bool:
    """Whether an object has a guild, a channel and messages."""
    return any(_is_channel(row) for row in export.sample if isinstance(row, dict))


def read(export: Export, harvest: Harvest) -> None:
    """Read every channel; lines count messages within their channel."""
    for line, row in read_objects(export, harvest.fault):
        if _is_channel(row):
            harvest.attempt(line, _take_channel, harvest, row)
        else:
            harvest.fault(line, "no channel of DiscordChatExporter")


def _is_channel(row: Json) -> bool:
    return bool(part(row, "guild")) and "id" in part(row, "channel") and isinstance(row.get("messages"), list)


def _take_channel(harvest: Harvest, row: Json) -> None:
    channel = part(row, "channel")
    kind = "private" if channel.get("type") == "DirectTextChat" else "group"
    harvest.add("chats", {"chat_id": channel["id"], "kind": kind, "name": channel.get("name")})
    for line, message in enumerate(members(row, "messages"), 1):
        harvest.attempt(line, _take_message, harvest, channel["id"], message)


def _take_message(harvest: Harvest, chat_id: Foreign, message: Json) -> None:
    author = part(message, "author")
    at = harvest.time("created_at", lambda text: harvest.local(text, "UTC"), message.get("timestamp"))
    account, kind = author.get("id"), str(message.get("type"))
    if kind in _JOIN:
        harvest.add("chat_members", {"chat_id": chat_id, "account_id": account, "joined_at": at})
    elif kind in _WORDS:
        harvest.add("chat_messages", {**_values(chat_id, message), "account_id": account, "created_at": at})
    else:
        raise BadValueError("", f"service message {kind[:40]!r}: no row of a dataset")
    harvest.add_account(account, author.get("nickname") or author.get("name"))
    listed = sum(len(members(reaction, "users")) for reaction in members(message, "reactions"))
    if listed:
        harvest.tally(REACTIONS, listed)


def _values(chat_id: Foreign, message: Json) -> dict[str, Any]:
    links = [embed["url"] for embed in members(message, "embeds") if isinstance(embed.get("url"), str)]
    return {
        "message_id": message.get("id"),
        "chat_id": chat_id,
        "text": message.get("content"),
        "reply_to": _reply(chat_id, part(message, "reference")),
        "links": links or None,
    }


def _reply(chat_id: Foreign, reference: Json) -> Foreign:
    """Return what a message answers: a reference out of the channel, or of a forwarded message, is none."""
    if reference.get("type", "Default") != "Default" or reference.get("channelId", chat_id) != chat_id:
        return None
    return reference.get("messageId")
