"""Run and input tables → the tables that nodes and relationships are declared over, captions and stubs included.

In: :class:`Source`. Out: a table by each name that :mod:`model` mentions. A node that is only referred to (a comment
on an unknown note) gets a row of its own with ``known`` false, so that no relationship loses its end.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.graphstore import derived
from graphscan.graphstore.around import around_clusters, pairs_around
from graphscan.graphstore.captions import caption
from graphscan.graphstore.declarations import CAPTION, KNOWN, Node, Relationship
from graphscan.graphstore.model import NODES, RELATIONSHIPS
from graphscan.graphstore.sources import Source, Tables


def graph_tables(source: Source, around: bool) -> dict[str, pa.Table]:
    """Return the graph's tables: of everything, or of what lies around the clusters."""
    run = {**source.run, "pairs": pairs_around(source.run)} if around else source.run
    given = around_clusters(source.run, source.input) if around else source.input
    tables = {**{k: given[k] for k in _FROM_INPUT}, **{k: run[k] for k in _FROM_RUN}}
    tables |= derived.tables(run, given)
    tables["accounts"] = derived.accounts(run, source.input["accounts"])
    if around:
        tables["accounts"] = _only(tables["accounts"], "account_id", referred_to("Account", tables))
    return tables | {node.table: _with_stubs(node, tables) for node in NODES}


_FROM_INPUT = ("notes", "comments", "chats", "chat_members", "chat_messages", "interactions", "reports")
_FROM_RUN = ("pairs", "clusters", "members", "motifs", "decisions")


def rows_of(relationship: Relationship, tables: Tables) -> pa.Table:
    """Return the rows that become relationships of this kind: both ends given, ``only`` holding."""
    table = tables[relationship.table]
    for column, value in relationship.only:
        table = table.filter(pc.equal(table[column], value))
    ends = (relationship.start.column, relationship.end.column)
    return table.filter(pc.and_(*(pc.is_valid(table[name]) for name in ends)))


def referred_to(label: str, tables: Tables) -> pa.Array:
    """Return the keys at which some relationship starts or ends, sorted, each once."""
    chunks: list[pa.Array] = []
    for relationship in RELATIONSHIPS:
        for end in (relationship.start, relationship.end):
            if end.label == label:
                chunks += rows_of(relationship, tables)[end.column].chunks
    found = pc.unique(pa.chunked_array(chunks, pa.string()))
    return found.take(pc.sort_indices(found))


def _only(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table[column], value_set=values))


def _with_stubs(node: Node, tables: Mapping[str, pa.Table]) -> pa.Table:
    """Return a node's rows sorted by key with caption and ``known``, and one more for each key only referred to."""
    table, key = tables[node.table], node.key.name
    known = table.append_column(CAPTION.name, caption(node.label, table)).append_column(
        KNOWN.name, pa.repeat(pa.scalar(True), table.num_rows)
    )
    used = referred_to(node.label, tables)
    strangers = used.filter(pc.invert(pc.is_in(used, value_set=pc.unique(table[key]))))
    stubs = {key: strangers, CAPTION.name: strangers, KNOWN.name: pa.repeat(pa.scalar(False), len(strangers))}
    rows = pa.table(
        {f.name: stubs.get(f.name, pa.nulls(len(strangers), f.type)) for f in known.schema},
        schema=known.schema,
    )
    return pa.concat_tables([known, rows]).sort_by(key)
