"""References to input rows: a name for each row that does not depend on where it stood in its file.

In: a table and row numbers. Out: texts such as ``comments/65e1…``; rows of tables without an id are named by their values, such as
``interactions/u1|like|note|n7|2026-03-10T14:05:03.000Z``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.actions import Ints
from graphscan.intake.columns import rows_at
from graphscan.intake.dataset import Dataset
from graphscan.tables import ROWS, input_table


def name_rows(dataset: Dataset, table: str, rows: Ints) -> pa.Array:
    """Return the reference of each row of an input table."""
    found = rows_at(dataset.tables[table].select(list(input_table(table).key)), rows)
    parts = [_as_text(column.combine_chunks()) for column in found.columns]
    joined = pc.binary_join_element_wise(*parts, "|") if len(parts) > 1 else parts[0]
    return pc.binary_join_element_wise(pa.scalar(table), joined, "/")


def name_sources(dataset: Dataset, tables: Sequence[str], source: npt.NDArray[np.int8], rows: Ints) -> tuple[str, ...]:
    """Return the references of rows of several tables, in their order: ``source`` is each one's place in ``tables``.

    Each table is asked once.
    """
    names = np.empty(len(rows), object)
    for code in np.unique(source):
        here = source == code
        names[here] = name_rows(dataset, tables[int(code)], rows[here]).to_pylist()
    return tuple(map(str, names))


def copy_rows(dataset: Dataset, table: str, rows: Ints) -> pa.Table:
    """Return the rows in the form of :data:`graphscan.tables.ROWS`, so that a run can be read without its dataset."""
    found = rows_at(dataset.tables[table], rows)
    columns = {
        "row": name_rows(dataset, table, rows),
        "table": pa.array([table] * found.num_rows, pa.string()),
        "account_id": found["account_id"],
        "at": found["registered_at" if table == "accounts" else "created_at"],
        "on": _acted_on(found, table),
        "text": _words(dataset, found, table),
        "links": found["links"] if "links" in found.column_names else pa.nulls(found.num_rows, pa.list_(pa.string())),
        "client": found["client"],
    }
    return pa.table([columns[name] for name in ROWS.schema.names], schema=ROWS.schema)


def _as_text(values: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(values.type):
        naive = values.cast(pa.timestamp("ms"))
        return pc.fill_null(pc.binary_join_element_wise(pc.strftime(naive, format="%Y-%m-%dT%H:%M:%S"), "Z", ""), "")
    return pc.fill_null(values, "")


_ACTED_ON = {"notes": "note_id", "comments": "note_id", "chat_messages": "chat_id", "interactions": "target_id"}


def _acted_on(found: pa.Table, table: str) -> pa.Array | pa.ChunkedArray:
    return found[_ACTED_ON[table]] if table in _ACTED_ON else pa.nulls(found.num_rows, pa.string())


def _words(dataset: Dataset, found: pa.Table, table: str) -> pa.Array:
    if table == "accounts":
        return pa.nulls(found.num_rows, pa.string())
    if table == "interactions":
        return found["kind"].combine_chunks()
    if table == "notes":
        title, text = found["title"].combine_chunks(), found["text"].combine_chunks()
        # not null_handling="skip": of two columns that are null throughout, pyarrow 26 makes one without rows
        return pc.coalesce(pc.binary_join_element_wise(title, text, "\n"), title, text, pa.scalar("", pa.string()))
    if table == "chat_messages":
        return pc.if_else(_in_group(dataset, found), found["text"].combine_chunks(), pa.scalar(None, pa.string()))
    return found["text"].combine_chunks()


def _in_group(dataset: Dataset, messages: pa.Table) -> pa.Array:
    if "chats" not in dataset.tables:
        return pa.array([False] * messages.num_rows)
    chats = dataset.tables["chats"]
    groups = chats.filter(pc.equal(chats["kind"], "group"))["chat_id"].combine_chunks()
    return pc.is_in(messages["chat_id"].combine_chunks(), value_set=groups)
