"""The Coordination Network Toolkit's eight columns, whose order matters and whose names do not.

In: a CSV of message id, user id, username, repost id, reply id, message, timestamp (seconds), URLs (parted by
spaces, a Python list or JSON); an index column before them is skipped. Out: a repost becomes a share of the
note reposted, a reply becomes a comment on the note replied to, any other message a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from graphscan.errors import InputError
from graphscan.intake.adapters import instants
from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import Harvest, Options
from graphscan.intake.adapters.rows import read_cells
from graphscan.intake.adapters.values import listed

_WIDTH = 8
_NAMES = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")
_SECONDS = re.compile(r"\d{9,10}(\.\d+)?")
_NO_ID = frozenset({"", "nan", "none", "null", "na"})


def recognise(export: Export, options: Options) -> bool:
    """Whether the rows have eight columns (or an index before them) and seconds in the last but one."""
    if export.container != "csv" or not export.sample:
        return False
    skip = _index_columns(export)
    if skip is None or export.tables[""][skip:] == _NAMES:
        return skip is not None
    return all(
        _SECONDS.fullmatch(row[skip + 6].strip()) and row[skip].strip() and row[skip + 1].strip()
        for row in export.sample
        if len(row) == skip + _WIDTH
    )


def read(export: Export, harvest: Harvest) -> None:
    """Read every message by the order of its columns.

    Raises
    ------
    InputError
        When the file has neither eight columns nor an index and eight.
    """
    skip = _index_columns(export)
    if skip is None:
        found = len(export.tables.get("", ()))
        raise InputError(f"export {export.name} has {found} columns; coordination_toolkit has 8, or an index and 8")
    if tuple(export.tables[""][skip:]) != _NAMES:
        harvest.warn("columns are read by their order, as this format has it, not by their names")
    harvest.each(_messages(export, harvest, skip), lambda cells: _take(harvest, cells))


def _index_columns(export: Export) -> int | None:
    """How many index columns come first (0 or 1); None when the width is neither 8 nor 9 with an index."""
    header = export.tables.get("", ())
    if len(header) == _WIDTH:
        return 0
    is_index = bool(header) and (header[0] in ("", "index", "Unnamed: 0") or tuple(header[1:]) == _NAMES)
    return 1 if len(header) == _WIDTH + 1 and is_index else None


def _messages(export: Export, harvest: Harvest, skip: int) -> Iterator[tuple[int, Sequence[str]]]:
    rows = read_cells(export, harvest.fault)
    next(rows, None)
    for line, cells in rows:
        if len(cells) == skip + _WIDTH:
            yield line, cells[skip:]
        else:
            harvest.fault(line, f"{len(cells)} fields where the header has {skip + _WIDTH}")


def _take(harvest: Harvest, cells: Sequence[str]) -> None:
    message_id, user_id, username, repost_id, reply_id, message, timestamp, urls = cells
    told = {
        "account_id": user_id,
        "created_at": None if not timestamp.strip() else harvest.time("created_at", instants.from_seconds, timestamp),
    }
    words: dict[str, Any] = {**told, "text": message, "links": listed(urls)}
    repost, reply = _reference(repost_id), _reference(reply_id)
    if repost is not None:
        harvest.add("interactions", {**told, "kind": "share", "target_kind": "note", "target_id": repost})
    if reply is not None:
        harvest.add("comments", {**words, "comment_id": message_id, "note_id": reply})
    if repost is None and reply is None:
        harvest.add("notes", {**words, "note_id": message_id})
    harvest.add_account(user_id, username)


def _reference(value: str) -> str | None:
    return None if value.strip().lower() in _NO_ID else value
