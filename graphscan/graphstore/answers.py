"""Asking a question: one reading transaction → rows as plain values, for a table on a terminal or for JSON.

In: a question, its parameters, a connection. Out: :class:`Answer`. Paths and nodes become texts like
``(Account 1f7e…)-[CO_ACTED]->(Account 08ad…)``; the server may not write, whatever the file says.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from graphscan.errors import InputError
from graphscan.graphstore.connection import Connection
from graphscan.graphstore.model import NODES
from graphscan.graphstore.questions import Question, Value
from graphscan.graphstore.texts import unescape

if TYPE_CHECKING:
    from neo4j import ManagedTransaction
    from neo4j.graph import Node, Path

CELL_CHARS = 60
_KEYS = {n.label: n.key.name for n in NODES}


@dataclass(frozen=True)
class Answer:
    """The answer to one question: column names and rows of plain values (text, number, bool, list, None)."""

    question: Question
    parameters: Mapping[str, Value]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``; each row is one map."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"question": self.question.slug, "parameters": dict(self.parameters), "rows": rows}

    def lines(self) -> list[str]:
        """Return a table for a terminal, cells cut to :data:`CELL_CHARS` and freed of control characters."""
        cells = [list(self.columns)] + [[_cell(v) for v in row] for row in self.rows]
        widths = [max(width(row[i]) for row in cells) for i in range(len(self.columns))]
        table = [
            "  ".join(c + " " * (w - width(c)) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells
        ]
        return [self.question.name, self.question.asks, "", *table, "", f"{len(self.rows)} rows"]


def ask(question: Question, given: Mapping[str, str], connection: Connection) -> Answer:
    """Ask the question with the parameters given as text; see :meth:`Question.values` for errors."""
    values = question.values(given)
    _check_needs(question, connection)

    def work(transaction: ManagedTransaction) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
        result = transaction.run(question.cypher, dict(values))
        return tuple(result.keys()), tuple(tuple(plain(v) for v in record.values()) for record in result)

    columns, rows = connection.ask(work)
    return Answer(question, values, columns, rows)


def _check_needs(question: Question, connection: Connection) -> None:
    if question.needs is None:
        return
    named = connection.read("SHOW FUNCTIONS YIELD name WHERE name STARTS WITH $start RETURN name", start=question.needs)
    if not named:
        raise InputError(
            f"question {question.slug} needs the server's plugin {question.needs}, which is not installed there"
        )


def plain(value: Any) -> Any:
    """Return a value of the driver as text, number, bool, list, map or None."""
    from neo4j.graph import Node, Path, Relationship

    if isinstance(value, str):
        return unescape(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Path):
        return path_text(value)
    if isinstance(value, Node):
        return node_text(value)
    if isinstance(value, Relationship):
        return f"[{value.type}]"
    if isinstance(value, list):
        return [plain(v) for v in value]
    return _instant(value)


def _instant(value: Any) -> str:
    if hasattr(value, "to_native"):
        native = value.to_native()
        if not isinstance(native, timedelta):
            return str(native.isoformat(timespec="milliseconds")).replace("+00:00", "Z")
    return str(value)


def node_text(node: Node) -> str:
    """Return ``(Label key)`` with the label that is declared."""
    label = next((n for n in _KEYS if n in node.labels), "")
    return f"({label} {unescape(str(node.get(_KEYS.get(label, ''), '')))})"


def path_text(path: Path) -> str:
    """Return a path in ASCII art, each relationship in its own direction."""
    text = node_text(path.nodes[0])
    for before, relationship, after in zip(path.nodes, path.relationships, path.nodes[1:], strict=False):
        onward = relationship.start_node == before
        text += f"-[{relationship.type}]->" if onward else f"<-[{relationship.type}]-"
        text += node_text(after)
    return text


def _cell(value: Any) -> str:
    text = "" if value is None else "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    if isinstance(value, float):
        text = f"{value:.6g}"
    # control and formatting characters could move a terminal's cursor or turn a line around
    shown = "".join(c if unicodedata.category(c)[0] != "C" else "·" for c in " ".join(text.split()))
    return shown if len(shown) <= CELL_CHARS else shown[: CELL_CHARS - 1] + "…"


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
