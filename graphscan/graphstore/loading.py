"""A run (and its dataset) → the graph, again and again the same; killed at any point, the next load completes it.

In: :class:`Source`, a connection. Out: the graph, and :class:`LoadReport`. Each batch is one transaction that also
records how far the load came, so that a load begun again goes on where it stopped; a complete one starts anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from graphscan.errors import OutsideError
from graphscan.graphstore import cypher
from graphscan.graphstore.around import WHOLE_GRAPH_ROWS
from graphscan.graphstore.batches import BATCH_ROWS, Row, node_batches, relationship_batches
from graphscan.graphstore.connection import Connection
from graphscan.graphstore.graph_tables import graph_tables, rows_of
from graphscan.graphstore.load_report import LoadReport
from graphscan.graphstore.model import NODES, RELATIONSHIPS, relationship_types
from graphscan.graphstore.sources import Source, Tables
from graphscan.progress import Progress

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

Batches = Callable[[int], Iterator[list[Row]]]


@dataclass(frozen=True)
class Step:
    """One statement and the rows it is run over: what it loads, how many rows, and batches after so many rows."""

    name: str
    is_node: bool
    statement: str
    rows: int
    batches: Batches


def choose_scope(source: Source, around: bool | None, limit: int = WHOLE_GRAPH_ROWS) -> bool:
    """Return whether to load only what lies around the clusters; by default above ``limit`` input rows."""
    return source.input_rows > limit if around is None else around


def load(
    source: Source,
    connection: Connection,
    progress: Progress,
    *,
    around: bool | None = None,
    keep: bool = False,
    batch_rows: int = BATCH_ROWS,
) -> LoadReport:
    """Load the graph; unless ``keep``, remove what former loads left and this one did not touch.

    Raises
    ------
    OutsideError
        When the server goes silent, or somebody changes the graph meanwhile. Running again is safe.
    """
    began = time.monotonic()
    only_around = choose_scope(source, around)
    steps = plan(graph_tables(source, only_around), batch_rows)
    report = LoadReport(load_id(source, only_around), scope_of(source, only_around))
    run = _Load(connection, progress, report.load_id, source)
    run.prepare()
    report.resumed = run.begin(facts(source, report), steps)
    for number, step in enumerate(steps):
        run.take(number, step)
        counts = report.nodes if step.is_node else report.relationships
        counts[step.name] = step.rows
    if not keep:
        report.deleted = run.clean()
    run.end(len(steps))
    report.seconds = time.monotonic() - began
    return report


def load_id(source: Source, around: bool) -> str:
    """Return a name that is the same for the same tables, scope and declarations."""
    seed = [source.identity, scope_of(source, around), cypher.every_statement()]
    return hashlib.sha256(json.dumps(seed, sort_keys=True).encode()).hexdigest()[:16]


def scope_of(source: Source, around: bool) -> str:
    """Return in words what is loaded."""
    kept = "all input rows" if source.whole else "the rows that the run kept"
    return f"around the clusters, of {kept}" if around else kept


def facts(source: Source, report: LoadReport) -> dict[str, Any]:
    """Return what the (:Load) node says of the graph."""
    return {
        "caption": "this graph",
        "scope": report.scope,
        "data_until": source.data_until,
        "graphscan_version": source.version,
    }


def plan(tables: Tables, batch_rows: int) -> list[Step]:
    """Return the steps of a load: nodes, then relationships, in the order of their declarations."""
    keys = {n.label: n.key.name for n in NODES}
    steps = []
    for node in NODES:
        table = tables[node.table]
        batches = partial(node_batches, node, table, batch_rows)
        steps.append(Step(node.label, True, cypher.load_nodes(node), table.num_rows, batches))
    for relationship in RELATIONSHIPS:
        rows = rows_of(relationship, tables)
        statement = cypher.load_relationships(relationship, keys)
        batches = partial(relationship_batches, relationship, rows, batch_rows)
        steps.append(Step(relationship.name, False, statement, rows.num_rows, batches))
    return steps


class _ChangedMeanwhileError(OutsideError):
    """Nodes that this load had put there are gone."""


class _Load:
    """One load under way."""

    def __init__(self, connection: Connection, progress: Progress, name: str, source: Source) -> None:
        self._connection, self._progress = connection, progress
        self._common = {"load": name, "firstseen": source.data_until}
        self._at = (0, 0)

    def prepare(self) -> None:
        """Make the constraints and wait until they hold."""
        statements = cypher.constraints()
        self._progress.step("constraints", len(statements))
        for statement in statements:
            self._connection.execute(statement)
            self._progress.advance()
        self._connection.execute("CALL db.awaitIndexes(30)")

    def begin(self, told: dict[str, Any], steps: list[Step]) -> int:
        """Find where this load stands; return how many rows are in the graph already."""
        [state] = self._connection.execute(cypher.begin_load(), facts=told, **self._common)
        if state["complete"]:
            self._connection.execute(cypher.restart_load(), **self._common)
            return 0
        self._at = (state["step"], state["done"])
        if self._at > (0, 0):
            self._progress.say("an interrupted load of the same run is there; going on from where it stopped")
        return sum(step.rows for step in steps[: state["step"]]) + int(state["done"])

    def take(self, number: int, step: Step) -> None:
        """Load one step, or what is missing of it."""
        at, done = self._at
        if number < at or not step.rows:
            return
        done = done if number == at else 0
        self._progress.step(f"loading {step.name}", step.rows)
        self._progress.advance(done)
        for batch in step.batches(done):
            done += len(batch)
            try:
                self._connection.write(partial(self._batch, step, batch, {"step": number, "done": done}))
            except _ChangedMeanwhileError:
                self._connection.execute(cypher.restart_load(), **self._common)
                raise
            self._progress.advance(len(batch))

    def _batch(self, step: Step, batch: list[Row], reached: dict[str, int], tx: ManagedTransaction) -> None:
        record = tx.run(step.statement, {"rows": batch, **self._common}).single(strict=True)
        if record["written"] != len(batch):
            raise _ChangedMeanwhileError(
                f"{step.name}: the server took {record['written']:,} of {len(batch):,} rows because nodes loaded"
                " before are gone; somebody else changes this graph, or another load runs. Load again"
            )
        tx.run(cypher.note_batch(), {**reached, **self._common}).consume()

    def clean(self) -> dict[str, int]:
        """Remove what other loads left; return how many of each kind."""
        statements = {t: cypher.clean_relationships(t) for t in relationship_types()}
        labels = (*(n.label for n in NODES), cypher.LOAD_LABEL)
        statements |= {label: cypher.clean_nodes(label) for label in labels}
        self._progress.step("removing what former loads left", len(statements))
        return {kind: self._removed(statement) for kind, statement in statements.items()}

    def _removed(self, statement: str) -> int:
        total, deleted = 0, -1
        while deleted:
            [row] = self._connection.execute(statement, load=self._common["load"], limit=BATCH_ROWS)
            deleted = row["deleted"]
            total += deleted
        self._progress.advance()
        return total

    def end(self, steps: int) -> None:
        """Mark the load as complete."""
        self._connection.execute(cypher.end_load(), step=steps, **self._common)
