"""Bluesky's Jetstream, one JSON event a line.

In: events with ``did, time_us, kind, commit``. Out: posts become notes, replies comments on the post that
began the thread, likes and reposts interactions with a note, follows interactions with an account.
``time_us``, the relay's clock, is the time: the record's own ``createdAt`` is what a client claims.
"""

from __future__ import annotations

from typing import Any

from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import BadValueError, Harvest, Options
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.rows import read_objects
from graphscan.intake.adapters.xiaohongshu import Json, first, members, part

_POST = "app.bsky.feed.post"
_KINDS = {"app.bsky.feed.like": "like", "app.bsky.feed.repost": "share", "app.bsky.graph.follow": "follow"}


def recognise(export: Export, options: Options) -> bool:
    """Whether the lines are events of Jetstream."""
    return any({"did", "time_us", "kind"} <= set(row) for row in export.sample if isinstance(row, dict))


def read(export: Export, harvest: Harvest) -> None:
    """Read every event that made something; others (identity, account, deletions) are set aside."""
    harvest.each(read_objects(export, harvest.fault), lambda row: _take(harvest, row))


def _take(harvest: Harvest, row: Json) -> None:
    commit = part(row, "commit")
    record, collection = part(commit, "record"), str(commit.get("collection"))
    if commit.get("operation") != "create" or (collection != _POST and collection not in _KINDS):
        raise BadValueError("", "an event that makes no post, like, repost or follow")
    told = {
        "account_id": row.get("did"),
        "created_at": harvest.time("created_at", _from_microseconds, row["time_us"]),
    }
    if collection == _POST:
        _take_post(harvest, f"at://{row.get('did')}/{_POST}/{commit.get('rkey')}", record, told)
        return
    kind, subject = _KINDS[collection], record.get("subject")
    target = part(record, "subject").get("uri") if kind != "follow" else subject
    target_kind = "account" if kind == "follow" else "note"
    harvest.add("interactions", {**told, "kind": kind, "target_kind": target_kind, "target_id": target})


def _take_post(harvest: Harvest, uri: str, record: Json, told: dict[str, Any]) -> None:
    reply = part(record, "reply")
    words = {**told, "text": record.get("text"), "links": _links(record)}
    if not reply:
        harvest.add("notes", {**words, "note_id": uri, "tags": first(record, "tags")})
        return
    root, parent = part(reply, "root").get("uri"), part(reply, "parent").get("uri")
    answered = parent if parent != root else None
    harvest.add("comments", {**words, "comment_id": uri, "note_id": root, "reply_to": answered})


def _links(record: Json) -> list[Any] | None:
    """Return the links of the text (its facets) and of the card below it."""
    features = [feature for facet in members(record, "facets") for feature in members(facet, "features")]
    cards = [part(part(record, "embed"), "external")]
    return [found["uri"] for found in (*features, *cards) if isinstance(found.get("uri"), str)] or None


def _from_microseconds(value: Foreign) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("time_us is no whole number of microseconds")
    return value // 1000
