"""The rows that a run kept of its input → input tables again, so that a run loads without its dataset.

In: the run's ``rows`` table. Out: notes, comments, chat messages and interactions with the columns that the
kept rows carry; all other columns are null.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.tables import Table, input_table

_Row = dict[str, Any]


def input_tables_of(rows: pa.Table) -> dict[str, pa.Table]:
    """Return the input tables; one row of each is one kept row."""
    return {name: _table(rows, input_table(name), columns) for name, columns in _COLUMNS.items()}


def _table(rows: pa.Table, table: Table, columns: Callable[[_Row], _Row]) -> pa.Table:
    kept = rows.filter(pc.equal(rows["table"], table.name)).to_pylist()
    return pa.Table.from_pylist([columns(row) for row in kept], schema=table.schema)


def _named(row: _Row) -> str:
    """The id in a reference such as ``notes/n7``."""
    return str(row["row"])[len(row["table"]) + 1 :]


def _common(row: _Row) -> _Row:
    return {"account_id": row["account_id"], "created_at": row["at"], "client": row["client"]}


def _note(row: _Row) -> _Row:
    return {**_common(row), "note_id": _named(row), "text": row["text"], "links": row["links"]}


def _comment(row: _Row) -> _Row:
    on = {"comment_id": _named(row), "note_id": row["on"]}
    return {**_common(row), **on, "text": row["text"], "links": row["links"]}


def _message(row: _Row) -> _Row:
    on = {"message_id": _named(row), "chat_id": row["on"]}
    return {**_common(row), **on, "text": row["text"], "links": row["links"]}


def _interaction(row: _Row) -> _Row:
    # account|kind|target_kind|…: ids may hold | themselves, but the account and the kind are known
    target_kind = _named(row)[len(f"{row['account_id']}|{row['text']}|") :].split("|", 1)[0]
    return {**_common(row), "kind": row["text"], "target_kind": target_kind, "target_id": row["on"]}


_COLUMNS: dict[str, Callable[[_Row], _Row]] = {
    "notes": _note,
    "comments": _comment,
    "chat_messages": _message,
    "interactions": _interaction,
}
