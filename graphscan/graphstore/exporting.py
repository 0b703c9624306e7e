"""The graph as files for ``neo4j-admin database import full``: a fifth of the processor time of a load over Bolt.

In: :class:`Source`. Out: a folder with one CSV a kind of node and relationship, ``import.sh`` that holds the command
line, and ``afterwards.cypher`` with the constraints, which an import cannot make. What comes of it equals a load.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from graphscan.graphstore import cypher
from graphscan.graphstore.batches import BATCH_ROWS, Row, node_batches, relationship_batches
from graphscan.graphstore.declarations import FIRST_SEEN, LAST_LOAD, Node, Relationship
from graphscan.graphstore.graph_tables import graph_tables, rows_of
from graphscan.graphstore.load_report import LoadReport
from graphscan.graphstore.loading import choose_scope, facts, load_id, scope_of
from graphscan.graphstore.model import NODES, RELATIONSHIPS
from graphscan.graphstore.sources import Source
from graphscan.progress import Progress
from graphscan.publishing import published
from graphscan.tables import Column, Kind

SEPARATOR = "\x1f"
"""Between the elements of a list and between labels. In a list's own text it is written ``␛001f``, as :mod:`texts`
writes what a database cannot hold."""

_TYPES: dict[Kind, str] = {
    "id": "string",
    "text": "string",
    "choice": "string",
    "time": "datetime",
    "bool": "boolean",
    "int": "long",
    "float": "double",
    "texts": "string[]",
    "ids": "string[]",
    "ints": "long[]",
}
_COMMAND = """#!/bin/sh
# Fills the database "neo4j" of the server whose neo4j-admin is in the path; the server must be stopped.
# Afterwards start it and run: cypher-shell -f afterwards.cypher
set -e
cd "$(dirname "$0")"
exec neo4j-admin database import full neo4j --overwrite-destination --id-type=string --multiline-fields=true \\
  --array-delimiter=U+001F --trim-strings=false --legacy-style-quoting=false --bad-tolerance=0 \\
{files} "$@"
"""


@dataclass
class _Export:
    """One export under way: where, with which stamps, and the arguments of the command line so far."""

    folder: Path
    stamps: tuple[Any, ...]
    arguments: list[str] = field(default_factory=list)

    def write(self, option: str, name: str, file: str, header: list[str], rows: Iterator[list[Any]]) -> int:
        count = 0
        with (self.folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
            out.write(",".join(header) + "\n")
            for row in rows:
                out.write(",".join(map(cell, row)) + "\n")
                count += 1
        self.arguments.append(f"  --{option}={shlex.quote(name)}={shlex.quote(file + '.csv')}")
        return count


def export(source: Source, out: Path, progress: Progress, around: bool | None = None) -> LoadReport:
    """Write the files; the folder appears whole or not at all.

    Raises
    ------
    OutputError
        When ``out`` exists, or its parent does not.
    """
    only_around = choose_scope(source, around)
    tables = graph_tables(source, only_around)
    report = LoadReport(load_id(source, only_around), scope_of(source, only_around))
    with published(out) as work:
        work.mkdir()
        writer = _Export(work, (source.data_until, report.load_id))
        for node in NODES:
            progress.step(f"writing {node.label}")
            report.nodes[node.label] = _write_nodes(writer, node, tables[node.table])
        _write_load(writer, facts(source, report))
        for relationship in RELATIONSHIPS:
            progress.step(f"writing {relationship.name}")
            rows = rows_of(relationship, tables)
            report.relationships[relationship.name] = _write_relationships(writer, relationship, rows)
        _write_commands(work, writer.arguments)
    return report


def _write_nodes(writer: _Export, node: Node, table: pa.Table) -> int:
    columns = [c for c in node.properties if c != node.key]
    header = [f"{node.key.name}:ID({node.label})", *map(_headed, (*columns, FIRST_SEEN, LAST_LOAD)), ":LABEL"]

    def rows() -> Iterator[list[Any]]:
        for batch in node_batches(node, table, BATCH_ROWS):
            for row in batch:
                held = [row["properties"][c.name] for c in columns]
                yield [row["key"], *held, *writer.stamps, _labels(node, row)]

    return writer.write("nodes", node.label, node.label, header, rows())


def _labels(node: Node, row: Row) -> list[str]:
    return [node.label, *(m.label for m in node.marks if row[m.label])]


def _write_relationships(writer: _Export, relationship: Relationship, found: pa.Table) -> int:
    start, end = relationship.start.label, relationship.end.label
    columns = relationship.columns
    headed = map(_headed, (*columns, FIRST_SEEN, LAST_LOAD))
    header = [f":START_ID({start})", f":END_ID({end})", "key:string", *headed]

    def rows() -> Iterator[list[Any]]:
        for batch in relationship_batches(relationship, found, BATCH_ROWS):
            for row in batch:
                held = [row["properties"][c.name] for c in columns]
                yield [row["start"], row["end"], row["key"], *held, *writer.stamps]

    return writer.write("relationships", relationship.type, relationship.name, header, rows())


def _write_load(writer: _Export, told: dict[str, Any]) -> None:
    """Write the (:Load) node as a finished load leaves it."""
    firstseen, name = writer.stamps
    steps = len(NODES) + len(RELATIONSHIPS)
    columns = [f"{k}:{'datetime' if k == 'data_until' else 'string'}" for k in told]
    header = ["load_id:ID(Load)", *columns, "complete:boolean", "step:long", "done:long"]
    row = [name, *told.values(), True, steps, 0, firstseen, name]
    label = cypher.LOAD_LABEL
    writer.write("nodes", label, label, [*header, _headed(FIRST_SEEN), _headed(LAST_LOAD)], iter([row]))


def _write_commands(folder: Path, arguments: list[str]) -> None:
    script = folder / "import.sh"
    script.write_text(_COMMAND.format(files=" \\\n".join(arguments)), encoding="utf-8")
    script.chmod(0o755)
    (folder / "afterwards.cypher").write_text(";\n".join(cypher.constraints()) + ";\n", encoding="utf-8")


def _headed(column: Column) -> str:
    return f"{column.name}:{_TYPES[column.kind]}"


def cell(value: Any) -> str:
    """Return a value as CSV: nothing for null, quotes around every text, so that an empty text is not null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, list):
        return cell(SEPARATOR.join(_element(v) for v in value)) if value else ""
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value)


def _element(value: str | int) -> str:
    return str(value).replace(SEPARATOR, "␛001f")
