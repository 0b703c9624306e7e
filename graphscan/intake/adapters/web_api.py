"""Answers of the Xiaohongshu web interface kept as JSON, as its clients and libraries return them.

In: objects (or lines, or arrays of them) with ``items[].note_card``, ``notes[]`` or ``comments[]``, bare or
under ``data``. Out: notes, comments with their answers, accounts.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import Harvest, Options
from graphscan.intake.adapters.rows import read_objects
from graphscan.intake.adapters.xiaohongshu import (
    Json,
    add_comments,
    add_item,
    looks_like_comment,
    members,
    part,
)


def recognise(export: Export, options: Options) -> bool:
    """Whether an object holds notes with their cards, or comments with their authors."""
    return any(_is_answer(row) for row in export.sample if isinstance(row, dict))


def read(export: Export, harvest: Harvest) -> None:
    """Read every note and comment of every answer; the line is the answer's."""
    for line, row in read_objects(export, harvest.fault):
        for item in _items(row):
            harvest.attempt(line, lambda item: add_item(harvest, item), item)
        for comment in _comments(row):
            add_comments(harvest, line, comment)
        if not _is_answer(row):
            harvest.fault(line, "neither notes nor comments in this answer")


def _is_answer(row: Json) -> bool:
    return any(_is_item(item) for item in _items(row)) or any(map(looks_like_comment, _comments(row)))


def _is_item(item: Json) -> bool:
    return bool(part(item, "note_card", "noteCard", "note")) or ("note_id" in item and "user" in item)


def _items(row: Json) -> Iterator[Json]:
    """Yield the notes of one answer: under ``items`` or ``notes``, or the object itself."""
    body = part(row, "data") or row
    yield from members(body, "items")
    yield from members(body, "notes")
    if part(body, "note_card", "noteCard"):
        yield body


def _comments(row: Json) -> Iterator[Json]:
    """Yield the comments of one answer: under ``comments``, or the object itself."""
    body = part(row, "data") or row
    yield from members(body, "comments")
    if looks_like_comment(body):
        yield body
