"""Notes and comments as the Xiaohongshu web interface names them, in snake case or camel case.

In: JSON objects that collectors keep whole. Out: rows of notes, comments and accounts in a harvest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphscan.intake.adapters import instants
from graphscan.intake.adapters.harvest import BadValueError, Harvest
from graphscan.intake.adapters.instants import Foreign

Json = Mapping[str, Any]

TIME_FROM_ID = "note times taken from the note's id (the export has none)"

_NOT_KEPT_NOTE = ("cover", "image_list", "interact_info", "ip_location", "video")
_NOT_KEPT_COMMENT = ("ip_location", "like_count", "pictures", "show_tags")


def add_note(harvest: Harvest, note_id: Foreign, card: Json, *, collected_at: int = 0) -> None:
    """Take one note (``note_card``, or an object with the same keys)."""
    user = part(card, "user", "user_info", "userInfo")
    account = first(user, "user_id", "userId")
    at, guessed = note_time(harvest, first(card, "time", "create_time", "createTime"), note_id)
    values = {
        "note_id": note_id,
        "account_id": account,
        "created_at": at,
        "title": first(card, "title", "display_title", "displayTitle"),
        "text": first(card, "desc"),
        "tags": _tag_names(first(card, "tag_list", "tagList")),
    }
    harvest.add("notes", values, collected_at=collected_at, guessed_time=guessed)
    harvest.add_account(account, first(user, "nickname", "nick_name", "nickName"), collected_at=collected_at)
    harvest.drop(key for key in _NOT_KEPT_NOTE if key in card)


def note_time(harvest: Harvest, told: Foreign, note_id: Foreign) -> tuple[int | None, bool]:
    """Return the note's time in ms, and whether it had to be taken from the id because none was told."""
    if not instants.is_missing(told):
        return harvest.time("created_at", instants.from_ms, told), False
    guess = instants.from_object_id(note_id)
    if guess is not None:
        harvest.tally(TIME_FROM_ID)
    return guess, guess is not None


def add_comments(harvest: Harvest, line: int, comment: Json, *, note_id: Foreign = None, collected_at: int = 0) -> None:
    """Take a comment and the answers under it; each that cannot be taken is set aside alone."""
    note = first(comment, "note_id", "noteId") or note_id
    harvest.attempt(line, _add_comment, harvest, comment, note, None, collected_at)
    own_id = first(comment, "id", "comment_id")
    for answer in members(comment, "sub_comments", "subComments"):
        harvest.attempt(line, _add_comment, harvest, answer, note, own_id, collected_at)


def _add_comment(harvest: Harvest, comment: Json, note_id: Foreign, parent: Foreign, collected_at: int) -> None:
    user = part(comment, "user_info", "userInfo", "user")
    account = first(user, "user_id", "userId")
    told = first(comment, "create_time", "createTime", "time")
    target = first(part(comment, "target_comment", "targetComment"), "id", "comment_id")
    values = {
        "comment_id": first(comment, "id", "comment_id"),
        "note_id": first(comment, "note_id", "noteId") or note_id,
        "account_id": account,
        "created_at": None if instants.is_missing(told) else harvest.time("created_at", instants.from_ms, told),
        "text": first(comment, "content"),
        "reply_to": target or parent,
    }
    harvest.add("comments", values, collected_at=collected_at)
    harvest.add_account(account, first(user, "nickname", "nick_name", "nickName"), collected_at=collected_at)
    harvest.drop(key for key in _NOT_KEPT_COMMENT if key in comment)


def first(values: Json, *names: str) -> Foreign:
    """Return the value of the first of these keys that has one; an empty text is none."""
    for name in names:
        value = values.get(name)
        if value is not None and value != "":
            return value
    return None


def part(values: Json, *names: str) -> Json:
    """Return the object under the first of these keys that holds one, else an empty object."""
    found = first(values, *names)
    return found if isinstance(found, dict) else {}


def members(values: Json, *names: str) -> list[Json]:
    """Return the objects in the list under the first of these keys that holds one."""
    found = first(values, *names)
    return [member for member in found if isinstance(member, dict)] if isinstance(found, list) else []


def looks_like_comment(values: Json) -> bool:
    """Whether an object is a comment: it has words, and an author where comments have theirs."""
    return "content" in values and ("user_info" in values or "userInfo" in values)


def add_item(harvest: Harvest, item: Json, *, collected_at: int = 0) -> None:
    """Take one item of a list of notes, in any of the four shapes the site gives them.

    (a) ``{id, note_card}`` of searches, (b) ``{note_id, user …}`` of a user's page, (c) ``{id, note}`` of a
    note's page, (d) a tile read off the HTML, which knows its author by nickname only and is refused.
    """
    if item.get("_zs-origin") == "html" or ("author_name" in item and "user" not in item):
        raise BadValueError("account_id", "a tile read off the page: its author is known by nickname only")
    if item.get("model_type", "note") != "note":
        raise BadValueError("", f"model_type {str(item['model_type'])[:40]!r} is no note")
    card = part(item, "note_card", "noteCard", "note") or item
    note_id = first(item, "note_id", "noteId", "id") or first(card, "note_id", "noteId", "id")
    add_note(harvest, note_id, card, collected_at=collected_at)


def _tag_names(tags: Foreign) -> list[Any] | None:
    if not isinstance(tags, list):
        return None
    return [tag.get("name") if isinstance(tag, dict) else tag for tag in tags]
