"""MediaCrawler's Xiaohongshu files: CSV, JSON, JSONL, SQLite or a spreadsheet, before and since July 2026.

In: tables of contents, comments and (until June 2026) creators, told by their columns. Out: notes, comments,
accounts. Since July 2026 accounts are hashed (``creator_hash``) and nicknames masked: the hash is the
account's id, the masked name is no nickname and is left out. Only facts about its files are used here: its
own licence is for non-commercial learning.
"""

from __future__ import annotations

from typing import Any

from graphscan.intake.adapters import instants
from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import BadValueError, Harvest, Options
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.rows import read_rows
from graphscan.intake.adapters.values import decoded, split
from graphscan.intake.adapters.xiaohongshu import note_time

_CONTENTS = ("note_id", "title", "desc", "time", "last_update_time")
_COMMENTS = ("comment_id", "note_id", "content", "create_time", "parent_comment_id")
_CREATORS = ("user_id", "nickname", "follows", "fans", "interaction")

_ACCOUNT = frozenset({"user_id", "creator_hash", "nickname", "last_modify_ts", "add_ts", "id"})
_USED = {
    "contents": _ACCOUNT | {*_CONTENTS, "tag_list"},
    "comments": _ACCOUNT | {*_COMMENTS},
    "creators": _ACCOUNT | {"desc"},
}
HASHED = "accounts are hashed (creator_hash): the hash is the account's id, the masked nickname is left out"


def recognise(export: Export, options: Options) -> bool:
    """Whether a table has the columns of its contents, comments or creators."""
    return any(_shapes(export).values())


def read(export: Export, harvest: Harvest) -> None:
    """Read every table of the file that is one of the three."""
    for table, shape in _shapes(export).items():
        if shape:
            _read_table(export, harvest, table, shape)


def _shapes(export: Export) -> dict[str, str]:
    """Return what each table is; its database also holds other platforms, whose tables look alike."""
    ours = [name for name in export.tables if name.startswith("xhs_")] or list(export.tables)
    return {table: _shape(set(export.tables[table])) for table in ours}


def _shape(columns: set[str]) -> str:
    if columns.issuperset(_CONTENTS):
        return "contents"
    if columns.issuperset(_COMMENTS):
        return "comments"
    return "creators" if columns.issuperset(_CREATORS) else ""


def _read_table(export: Export, harvest: Harvest, table: str, shape: str) -> None:
    take = {"contents": _take_note, "comments": _take_comment, "creators": _take_creator}[shape]
    harvest.drop(set(export.tables[table]) - _USED[shape])
    harvest.each(read_rows(export, table, harvest.fault), lambda row: take(harvest, row))


def _take_note(harvest: Harvest, row: dict[str, Any]) -> None:
    at, guessed = note_time(harvest, row.get("time"), row.get("note_id"))
    account, nickname = _author(harvest, row)
    values = {
        "note_id": row.get("note_id"),
        "account_id": account,
        "created_at": at,
        "title": row.get("title"),
        "text": row.get("desc"),
        "tags": _tags(row.get("tag_list")),
    }
    collected = _collected_at(row)
    harvest.add("notes", values, collected_at=collected, guessed_time=guessed)
    harvest.add_account(account, nickname, collected_at=collected)


def _take_comment(harvest: Harvest, row: dict[str, Any]) -> None:
    told = row.get("create_time")
    account, nickname = _author(harvest, row)
    parent = row.get("parent_comment_id")
    values = {
        "comment_id": row.get("comment_id"),
        "note_id": row.get("note_id"),
        "account_id": account,
        "created_at": None if instants.is_missing(told) else harvest.time("created_at", instants.from_ms, told),
        "text": row.get("content"),
        "reply_to": None if instants.is_missing(parent) else parent,
    }
    collected = _collected_at(row)
    harvest.add("comments", values, collected_at=collected)
    harvest.add_account(account, nickname, collected_at=collected)


def _take_creator(harvest: Harvest, row: dict[str, Any]) -> None:
    account, nickname = _author(harvest, row)
    harvest.add_account(account, nickname, collected_at=_collected_at(row), bio=row.get("desc"))


def _author(harvest: Harvest, row: dict[str, Any]) -> tuple[Any, Any]:
    """Return the account's id and, where it is not masked, its nickname."""
    plain = row.get("user_id")
    if plain not in (None, ""):
        return plain, row.get("nickname")
    hashed = row.get("creator_hash")
    if hashed in (None, ""):
        raise BadValueError("account_id", "neither user_id nor creator_hash has a value")
    harvest.hashed_accounts = True
    harvest.warn(HASHED)
    return hashed, None


def _tags(value: Foreign) -> list[str] | None:
    """Tags are one text parted by commas; SQLite holds that text JSON-encoded once more."""
    found = decoded(value)
    return found if isinstance(found, list) else split(found, ",")


def _collected_at(row: dict[str, Any]) -> int:
    """When the collector last touched the row (ms); 0, the earliest, where that cannot be read."""
    for name in ("last_modify_ts", "add_ts"):
        value = row.get(name)
        if str(value).isascii() and str(value).isdigit():
            return min(int(value or 0), instants.LAST_MS)
    return 0
