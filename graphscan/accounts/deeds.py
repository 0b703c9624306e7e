"""Deeds: everything an account did by itself, in order, with the tool that did it.

In: the dataset, its accounts and a list of tools. Out: :class:`Deeds`, which all clocks of this room read. Views are
left out: a page left open loads by itself, so a view says little about who is awake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from graphscan.accounts.tool_list import EXEMPT, Kinds, ToolList, classify
from graphscan.behaviours.accounts import Accounts, codes_of, milliseconds
from graphscan.behaviours.actions import HOUR_MS, Codes, Flags, Ints
from graphscan.behaviours.references import name_sources
from graphscan.behaviours.sorting import order_by
from graphscan.intake.columns import slices
from graphscan.intake.dataset import Dataset
from graphscan.tables import ACTION_TABLES

Floats = npt.NDArray[np.float64]

T = TypeVar("T")


MAX_ROWS = 20  # references that one clue carries at most, as everywhere in a run


@dataclass(frozen=True)
class Deeds:
    """One row is one deed, sorted by (account, time, table, row).

    ``source`` is the table's position in :data:`graphscan.tables.ACTION_TABLES`, ``row`` the row in it, ``tool`` the
    kind of client (see :mod:`graphscan.accounts.tool_list`). ``n_accounts`` is the number of accounts there are.
    """

    account: Codes
    at_ms: Ints
    source: npt.NDArray[np.int8]
    row: Ints
    tool: Kinds
    n_accounts: int

    def __len__(self) -> int:
        return len(self.account)

    @property
    def start(self) -> Ints:
        """Where each account's deeds begin; one entry more than there are accounts."""
        return np.searchsorted(self.account, np.arange(self.n_accounts + 1, dtype=np.int32)).astype(np.int64)

    def where(self, keep: Flags) -> Deeds:
        """The chosen rows, in the same order."""
        if keep.all():
            return self
        chosen = {f.name: getattr(self, f.name)[keep] for f in fields(self) if f.name != "n_accounts"}
        return Deeds(**chosen, n_accounts=self.n_accounts)

    def only(self, accounts: Ints) -> Deeds:
        """The deeds of some accounts (ascending), each of them numbered by its place among these."""
        place = np.full(self.n_accounts, -1, np.int32)
        place[accounts] = np.arange(len(accounts), dtype=np.int32)
        theirs = self.where((place >= 0)[self.account])
        return replace(theirs, account=place[theirs.account], n_accounts=len(accounts))

    def with_at_least(self, n: int) -> Ints:
        """The accounts with so many deeds, ascending."""
        return np.flatnonzero(np.bincount(self.account, minlength=self.n_accounts) >= n)

    def of(self, *tables: str) -> Deeds:
        """The deeds of these tables."""
        return self.where(np.isin(self.source, [ACTION_TABLES.index(t) for t in tables]))

    def unscheduled(self) -> Deeds:
        """Without what an exempt tool carried out: the clock of a scheduler is not the clock of its user."""
        return self.where(self.tool != EXEMPT)

    @property
    def hours(self) -> Ints:
        """Deeds of all accounts together by hour of the UTC day."""
        counts = np.zeros(24, np.int64)
        for piece in slices(len(self)):
            counts += np.bincount(self.at_ms[piece] // HOUR_MS % 24, minlength=24)
        return counts

    def by_hour(self, accounts: Ints) -> Ints:
        """Deeds of each of these accounts by hour of the UTC day: one row an account, 24 columns."""
        place = np.full(self.n_accounts, -1, np.int64)
        place[accounts] = np.arange(len(accounts))
        row = place[self.account]
        hour = self.at_ms // HOUR_MS % 24
        return np.bincount((row * 24 + hour)[row >= 0], minlength=24 * len(accounts)).reshape(-1, 24)

    def references(
        self, dataset: Dataset, account: int, tables: tuple[str, ...] = ACTION_TABLES, tool: int | None = None
    ) -> tuple[str, ...]:
        """References of the first deeds of one account in these tables, at most MAX_ROWS, of one kind of tool if given."""
        low, high = np.searchsorted(self.account, np.array([account, account + 1], np.int32))  # else all are converted
        rows = np.arange(low, high)
        rows = rows[np.isin(self.source[rows], [ACTION_TABLES.index(t) for t in tables])]
        if tool is not None:
            rows = rows[self.tool[rows] == tool]
        rows = rows[:MAX_ROWS]
        return name_sources(dataset, ACTION_TABLES, self.source[rows], self.row[rows])


def of_all(told: T, accounts: Ints, n_accounts: int, nothing: Mapping[str, float]) -> T:
    """What is told of some accounts as columns of all: of the others it is NaN, or what ``nothing`` says of a column."""
    columns = {}
    for f in fields(told):  # type: ignore[arg-type]
        values = getattr(told, f.name)
        if isinstance(values, np.ndarray):
            columns[f.name] = np.full(n_accounts, nothing.get(f.name, np.nan), values.dtype)
            columns[f.name][accounts] = values
    return replace(told, **columns)  # type: ignore[type-var]


def gather_deeds(dataset: Dataset, accounts: Accounts, tools: ToolList, placeholders: tuple[str, ...] = ()) -> Deeds:
    """Return every deed of the dataset's accounts."""
    parts = [
        _part(dataset, table, code, accounts, tools, placeholders)
        for code, table in enumerate(ACTION_TABLES)
        if table in dataset.tables
    ]
    columns = [_column(dataset, parts, kind) for kind in (np.int32, np.int64, np.int8, np.int64, np.int8)]
    order = order_by(columns[0], columns[1])  # the parts come table by table, each row by row: ties stay so
    ordered = []
    while columns:  # one column after the other, so that of one only there are two copies
        ordered.append(dataset.keep(columns.pop(0)[order]))
    who, at, source, row, tool = ordered
    return Deeds(who, at, source, row, tool, len(accounts))


def _column(dataset: Dataset, parts: Sequence[list[np.ndarray]], kind: type[np.generic]) -> np.ndarray:
    """The first column of all parts, which no longer hold it then."""
    return dataset.joined([np.zeros(0, kind), *(part.pop(0) for part in parts)])


def _part(
    dataset: Dataset, name: str, code: int, accounts: Accounts, tools: ToolList, placeholders: tuple[str, ...]
) -> list[np.ndarray]:
    table, who = dataset.tables[name], codes_of(dataset, accounts, name)
    keep = np.ones(len(who), np.bool_)
    if "kind" in table.column_names:
        keep = pc.fill_null(pc.not_equal(table["kind"], "view"), True).to_numpy()
    row = np.flatnonzero(keep).astype(np.int64)
    kinds = classify(table["client"], tools, placeholders)[keep]
    at = milliseconds(table["created_at"])[keep]
    return dataset.keep([who[keep], at, np.full(len(row), code, np.int8), row, kinds])
