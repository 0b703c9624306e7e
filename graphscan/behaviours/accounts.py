"""The accounts of a dataset as codes, and what is known of their lives before the window.

In: a dataset. Out: :class:`Accounts`. Codes follow the order of the ids as text, so the order of rows never matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.actions import DAY_MS, Codes, Flags, Ints
from graphscan.intake.columns import filled
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode
from graphscan.tables import INPUT_TABLES, input_table

UNKNOWN_MS = np.iinfo(np.int64).min
HISTORY_DAYS = 30
"""Age at the log's beginning from which an account has a history. Farms are registered shortly before they are used: with 0 days,
one whose first burst opens the log passes for old, and a large one explains itself away (seen in the injection study)."""


@dataclass(frozen=True)
class Accounts:
    """Every account named anywhere in a dataset; position is its code.

    ``ids`` are sorted. ``registered_ms`` is UNKNOWN_MS where it is not known. ``first_ms``/``last_ms`` bound the whole log's actions:
    the window looked at.
    """

    ids: pa.Array
    registered_ms: Ints
    first_ms: int
    last_ms: int

    def __len__(self) -> int:
        return len(self.ids)

    def codes(self, values: pa.Array) -> Codes:
        """The codes of account ids, all of which must be known, as int32; null becomes -1."""
        return encode(values, self.ids)

    @property
    def registration_known(self) -> bool:
        """Whether the registration time of at least one account is known."""
        return bool((self.registered_ms != UNKNOWN_MS).any())

    @cached_property
    def has_history(self) -> Flags:
        """Whether the account had a life before the window; where nothing is known, it gets the benefit of the doubt.

        Registered before :attr:`history_ends_ms`. An unknown registration counts as history: the doubt then makes meetings
        *more* expected, so that a gap in the data can hide a farm but never accuse a person.
        """
        return np.asarray((self.registered_ms == UNKNOWN_MS) | (self.registered_ms < self.history_ends_ms))

    @cached_property
    def history_ends_ms(self) -> int:
        """:data:`HISTORY_DAYS` before the first action of the log; or, when most were registered later, the median registration.

        A log that covers most accounts' whole lives has no "before": the older half then stands in for it.
        """
        known = self.registered_ms[self.registered_ms != UNKNOWN_MS]
        before = self.first_ms - HISTORY_DAYS * DAY_MS
        if len(known) == 0 or np.mean(known < before) >= 0.5:
            return before
        return int(np.median(known))


def list_accounts(dataset: Dataset) -> Accounts:
    """List every account that any table of the dataset names."""
    named = [
        dataset.tables[table.name].column(column.name)
        for table in INPUT_TABLES
        if table.name in dataset.tables
        for column in table.columns
        if column.kind == "id" and (column.refers_to == "accounts" or column.name == "account_id")
    ]
    chunks = [chunk for column in [*named, _followed(dataset)] for chunk in column.chunks]
    ids = pc.unique(pa.chunked_array(chunks, pa.string())).drop_null()
    ids = ids.take(pc.array_sort_indices(ids))
    first, last = _span(dataset)
    return Accounts(ids, _registered(dataset, ids), first, last)


def identified(dataset: Dataset, accounts: Accounts) -> Flags:
    """Whether somebody knows who is behind the account: verified by the platform, or labelled human."""
    return told_of(dataset, accounts, "accounts", "verified", True) | told_of(
        dataset, accounts, "labels", "label", "human"
    )


def told_of(dataset: Dataset, accounts: Accounts, table: str, column: str, value: bool | str) -> Flags:
    """Whether a row of the table says this of each account; worked out once, not to be written to."""

    def make() -> Flags:
        flags = np.zeros(len(accounts), np.bool_)
        if table in dataset.tables:
            found = dataset.tables[table]
            rows = pc.fill_null(pc.equal(found[column], value), False)
            flags[accounts.codes(found.filter(rows)["account_id"])] = True
        return flags

    flags: Flags = dataset.recall(f"{table}.{column} is {value}", make)
    return flags


def codes_of(dataset: Dataset, accounts: Accounts, table: str, column: str = "account_id") -> Codes:
    """The codes of a table's account ids, worked out once; not to be written to.

    ``accounts`` must be :func:`list_accounts` of the same dataset.
    """
    found: Codes = dataset.recall(
        f"codes of {table}.{column}", lambda: accounts.codes(dataset.tables[table].column(column))
    )
    return found


def places_of(dataset: Dataset, table: str, column: str, to: str) -> Codes:
    """The row in the table ``to`` that each reference leads to, -1 where none is there; worked out once, not to be written to."""

    def make() -> Codes:
        if not dataset.has(table, column):
            return np.full(dataset.tables[table].num_rows, -1, np.int32)
        return encode(dataset.tables[table].column(column), dataset.tables[to].column(input_table(to).key[0]))

    found: Codes = dataset.recall(f"places of {table}.{column} in {to}", make)
    return found


def note_authors(dataset: Dataset, accounts: Accounts, table: str, column: str) -> Codes:
    """The author of the note that each reference leads to; -1 where none is there."""
    if "notes" not in dataset.tables:
        return np.full(dataset.tables[table].num_rows, -1, np.int32)
    author = np.append(codes_of(dataset, accounts, "notes"), np.int32(-1))  # the last entry answers -1
    return author[places_of(dataset, table, column, "notes")]


def milliseconds(times: pa.ChunkedArray) -> Ints:
    """Milliseconds since 1970 UTC; UNKNOWN_MS for null."""
    return np.asarray(filled(times, int(UNKNOWN_MS), np.int64), np.int64)


def _followed(dataset: Dataset) -> pa.ChunkedArray:
    if "interactions" not in dataset.tables:
        return pa.chunked_array([], pa.string())
    table = dataset.tables["interactions"]
    return table.filter(pc.equal(table.column("target_kind"), "account")).column("target_id")


def _registered(dataset: Dataset, ids: pa.Array) -> Ints:
    registered = np.full(len(ids), UNKNOWN_MS, np.int64)
    if "accounts" in dataset.tables:
        table = dataset.tables["accounts"]
        registered[encode(table.column("account_id"), ids)] = milliseconds(table.column("registered_at"))
    return registered


def _span(dataset: Dataset) -> tuple[int, int]:
    bounds = [
        pc.min_max(dataset.tables[name].column("created_at").cast(pa.int64()))
        for name in ("notes", "comments", "chat_messages", "interactions")
        if dataset.has(name)
    ]
    known = [b for b in bounds if b["min"].is_valid]
    if not known:
        return 0, 0
    return min(b["min"].as_py() for b in known), max(b["max"].as_py() for b in known)
