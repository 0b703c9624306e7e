"""The parts of ``docs/neo4j.md`` that follow from declarations: the schema and the list of questions.

In: :mod:`model` and ``queries/``. Out: Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence

from graphscan.graphstore.declarations import STAMPS, Node, Relationship
from graphscan.graphstore.model import NODES, RELATIONSHIPS
from graphscan.graphstore.questions import Question
from graphscan.tables import Column


def schema_page() -> str:
    """Return every node and relationship with its properties, as Markdown."""
    stamps = ", ".join(f"`{c.name}` ({c.meaning})" for c in STAMPS)
    parts = [f"Every node and relationship also carries {stamps}.", "", "### Nodes", ""]
    for node in NODES:
        parts += _node(node)
    parts += ["### Relationships", "", "| relationship | meaning | properties |", "|---|---|---|"]
    parts += [_relationship(r) for r in RELATIONSHIPS]
    return "\n".join(parts) + "\n"


def questions_page(questions: Sequence[Question]) -> str:
    """Return the questions as a Markdown table."""
    rows = [f"| `{q.slug}` | {q.asks} | {_parameters(q)} |" for q in questions]
    return "\n".join(["| question | asks | parameters |", "|---|---|---|", *rows]) + "\n"


def _node(node: Node) -> list[str]:
    rows = [_property(c, "unique" if c == node.key else "") for c in node.properties]
    marks = [f"Also labelled `:{m.label}` while `{m.column}` is `{m.value}`: {m.meaning}." for m in node.marks]
    table = ["| property | kind | meaning |", "|---|---|---|", *rows]
    return [f"**`(:{node.label})`** — {node.meaning}.", *marks, "", *table, ""]


def _property(column: Column, note: str) -> str:
    kind = f"{column.kind}, {note}" if note else column.kind
    return f"| `{column.name}` | {kind} | {column.meaning} |"


def _relationship(relationship: Relationship) -> str:
    form = f"(:{relationship.start.label})-[:{relationship.type}]->(:{relationship.end.label})"
    names = ", ".join(f"`{c.name}`" for c in relationship.columns)
    return f"| `{form}` | {relationship.meaning} | {names} |"


def _parameters(question: Question) -> str:
    return ", ".join(f"`{p.name}`" for p in question.parameters)
