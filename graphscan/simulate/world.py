"""A world while it is made: rows are added table by table, handles become ids, and the truth is kept beside.

In: columns from the populations. Out: Arrow tables as :mod:`graphscan.tables` declares them, and truth rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphscan.simulate.clock import BEGIN_MS, DAY_MS
from graphscan.simulate.ids import Handles, handles, ids, key_of
from graphscan.tables import INPUT_TABLES, Column, Table, input_table

WARM_UP_DAYS = 3
"""Notes reach back three days before the window, so that the first day has something to react to."""

TRUTH_COLUMNS = ("account_id", "role", "cluster", "measure", "slice")


Value: TypeAlias = npt.NDArray[Any] | pa.Array | str | bool | None
"""A column's values, or the one value of all its rows."""


class World:
    """One world of a seed and a number of days; populations draw from their own generators, named by them."""

    def __init__(self, seed: int, days: int, place: str = "", taken: dict[int, str] | None = None) -> None:
        """Begin an empty world; ``place`` names it among others of one seed, ``taken`` is what these share: which key is whose."""
        self.seed = seed
        self.place = place
        self._taken = {} if taken is None else taken
        self.begin_ms = BEGIN_MS
        self.end_ms = BEGIN_MS + days * DAY_MS
        self.notes_from_ms = BEGIN_MS - WARM_UP_DAYS * DAY_MS
        self._parts: dict[str, list[pa.Table]] = {table.name: [] for table in INPUT_TABLES}
        self._truth: list[pa.Table] = []
        self._made: Counter[str] = Counter()

    def rng(self, name: str) -> np.random.Generator:
        """Return the generator of a population: it depends on the seed and the name, on nothing else."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(key_of(self.place + name),)))

    def new(self, name: str, count: int) -> Handles:
        """Return ``count`` handles of the named population that were never given before."""
        made = handles(self._population(f"{self.seed} {self.place}{name}"), count, self._made[name])
        self._made[name] += count
        return made

    def _population(self, name: str) -> str:
        """Return the name under which a population counts: in a land of many towns two names may hash to one key."""
        while self._taken.setdefault(key_of(name), name) != name:
            name += "'"
        return name

    def add(self, table: str, **columns: Value) -> None:
        """Add rows to a table: ids are handles, times milliseconds (-1: null), one value fills a column."""
        declared = input_table(table)
        unknown = sorted(columns.keys() - {c.name for c in declared.columns})
        if unknown:
            raise KeyError(f"table {table} has no column {', '.join(unknown)}")
        count = next(len(v) for v in columns.values() if isinstance(v, np.ndarray | pa.Array))
        made = [_column(declared, c, columns, count) for c in declared.columns]
        self._parts[table].append(pa.table(made, schema=declared.schema))

    def tell(self, accounts: Handles, role: str, cluster: str, measure: str, slice_name: str) -> None:
        """Keep the truth of accounts: their role, cluster (or empty), the measure due, and their slice."""
        words = (role, f"{self.place}{cluster}" if cluster else "", measure, slice_name)
        columns = [
            ids("accounts", accounts),
            *(pa.repeat(pa.scalar(w, pa.string()), len(accounts)) for w in words),
        ]
        self._truth.append(pa.table(columns, names=list(TRUTH_COLUMNS)))

    def tables(self) -> Mapping[str, pa.Table]:
        """Return every table that has rows, rows in order of time, ties as the populations made them."""
        filled = {name: pa.concat_tables(parts).combine_chunks() for name, parts in self._parts.items() if parts}
        return {name: _by_time(table) for name, table in filled.items() if table.num_rows}

    def truth(self) -> pa.Table:
        """Return one row an account, sorted by its id."""
        return pa.concat_tables(self._truth).combine_chunks().sort_by("account_id")


def _column(table: Table, column: Column, columns: Mapping[str, Value], count: int) -> pa.Array:
    value: Any = columns.get(column.name)
    if isinstance(value, pa.Array):
        return value.cast(column.arrow_type)
    if not isinstance(value, np.ndarray):
        return pa.repeat(pa.scalar(value, column.arrow_type), count)
    if column.kind == "id":
        return ids(_thing(table, column, columns), value)
    if column.kind == "time":
        return pa.array(value, mask=value < 0).cast(column.arrow_type)
    return pa.array(value, column.arrow_type)


def _thing(table: Table, column: Column, columns: Mapping[str, Value]) -> str:
    """Return what kind of thing an id column names; a target is of one kind in all rows added at once."""
    return f"{columns['target_kind']}s" if column.name == "target_id" else column.refers_to or table.name


def _by_time(table: pa.Table) -> pa.Table:
    time = next(c for c in ("created_at", "registered_at", "joined_at") if c in table.column_names)
    at = table.column(time).cast(pa.int64()).fill_null(0).to_numpy()
    return table.take(pa.array(np.argsort(at, kind="stable")))
