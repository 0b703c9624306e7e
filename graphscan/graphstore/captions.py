"""The few words that stand in a node's circle: what a person would call the thing, never an identity.

In: a graph table. Out: one caption a row, at most :data:`CAPTION_CHARS` characters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

CAPTION_CHARS = 40
"""A Browser circle shows three lines of some 12 characters."""

_Row = Mapping[str, Any]


def caption(label: str, table: pa.Table) -> pa.Array:
    """Return the captions of a table's rows, as the nodes of this label show them."""
    columns, told = _CAPTIONS[label]
    rows = table.select(list(columns)).to_pylist()
    return pa.array([shortened(told(row)) for row in rows], pa.string())


def shortened(text: str) -> str:
    """Return the text on one line, cut to :data:`CAPTION_CHARS` with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= CAPTION_CHARS else line[: CAPTION_CHARS - 1] + "…"


def _first(*columns: str) -> Callable[[_Row], str]:
    return lambda row: next((str(row[c]) for c in columns if row[c] is not None and str(row[c]).strip()), "")


def _account(row: _Row) -> str:
    """The nickname and the id's end, because strangers share nicknames."""
    name, id_ = row["nickname"], str(row["account_id"])
    return f"{' '.join(name.split())[:24]} ·{id_[-4:]}" if name else id_


def _cluster(row: _Row) -> str:
    score = "" if row["score"] is None else f", score {row['score']:.2f}"
    return f"{row['size']} accounts{score}"


def _link(row: _Row) -> str:
    return str(row["link"]).split("://", 1)[-1]


def _clue(row: _Row) -> str:
    return str(row["clue"]).replace("_", " ")


_CAPTIONS: Mapping[str, tuple[tuple[str, ...], Callable[[_Row], str]]] = {
    "Account": (("nickname", "account_id"), _account),
    "Note": (("title", "text", "note_id"), _first("title", "text", "note_id")),
    "Comment": (("text", "comment_id"), _first("text", "comment_id")),
    "Chat": (("name", "chat_id"), _first("name", "chat_id")),
    "Message": (("text", "message_id"), _first("text", "message_id")),
    "Link": (("link",), _link),
    "Cluster": (("size", "score"), _cluster),
    "Motif": (("kind",), _first("kind")),
    "Evidence": (("clue",), _clue),
    "Decision": (("measure", "decision_id"), _first("measure", "decision_id")),
    "Report": (("reason", "report_id"), _first("reason", "report_id")),
}
