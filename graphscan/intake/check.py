"""What is in a dataset, what is missing, and what the analysis can and cannot say with it.

In: :class:`Dataset`. Out: :class:`Capabilities`, in sentences for people and as plain values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.abilities import ABILITIES
from graphscan.intake.clock_notes import Places, clock_notes
from graphscan.intake.dataset import Dataset, Quality, named
from graphscan.tables import INPUT_TABLES, Table

Count = Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class TableSummary:
    """One table: its rows, the accounts in it, its first and last time, and how far its columns are filled.

    ``filled`` maps each optional column to the share (0–1) of rows with a value; times are ISO 8601 in
    UTC, or None where the table has none.
    """

    name: str
    rows: int
    accounts: int
    first_at: str | None
    last_at: str | None
    filled: dict[str, float]


@dataclass(frozen=True)
class Capabilities:
    """What a dataset holds and what can and cannot be said with it; each text is one sentence for people."""

    tables: tuple[TableSummary, ...]
    accounts: int
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    notes: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the whole as lines for people."""
        found = [_table_line(table) for table in self.tables]
        return [
            f"{self.accounts:,} accounts in {len(self.tables)} tables",
            *(f"  {line}" for line in found),
            *_section("What can be looked for", self.can),
            *_section("What cannot", self.cannot),
            *_section("What to know about these data", self.notes),
        ]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json`` and the manifest."""
        return {
            "accounts": self.accounts,
            "tables": [vars(table) for table in self.tables],
            "can": list(self.can),
            "cannot": list(self.cannot),
            "notes": list(self.notes),
        }


def check_dataset(dataset: Dataset, count: Count | None = None, places: Places | None = None) -> Capabilities:
    """Say what a dataset holds, what is missing, and what the analysis can and cannot say with it.

    ``count`` tells how many accounts some tables name; None: their ids are counted, which holds all that are different. ``places``: see
    :func:`~graphscan.intake.clock_notes.clock_notes`.
    """
    count = count or partial(_accounts, dataset)
    able = [(ability, any(dataset.has(*need.split(".")) for need in ability.needs)) for ability in ABILITIES]
    summaries = tuple(
        _summary(table, dataset.tables[table.name], count) for table in INPUT_TABLES if table.name in dataset.tables
    )
    return Capabilities(
        tables=summaries,
        accounts=count(list(dataset.tables)),
        can=tuple(ability.can for ability, there in able if there),
        cannot=tuple(ability.cannot for ability, there in able if not there),
        notes=(*clock_notes(dataset.tables, places), *_thin_columns(summaries), *_quality_notes(dataset.quality)),
    )


def _summary(table: Table, rows: pa.Table, count: Count) -> TableSummary:
    times = next((column.name for column in table.columns if column.kind == "time"), None)
    first, last = _span(rows.column(times)) if times else (None, None)
    filled = {
        column.name: _share(rows.num_rows - rows.column(column.name).null_count, rows.num_rows)
        for column in table.columns
        if not column.required
    }
    return TableSummary(table.name, rows.num_rows, count([table.name]), first, last, filled)


def _span(times: pa.ChunkedArray) -> tuple[str | None, str | None]:
    ends = pc.min_max(times).as_py()
    return _iso(ends["min"]), _iso(ends["max"])


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _accounts(dataset: Dataset, tables: Sequence[str]) -> int:
    told = [dataset.tables[name] for name in tables]
    ids = [table.column("account_id") for table in told if "account_id" in table.column_names]
    chunks = [chunk for column in ids for chunk in column.chunks]
    return int(pc.count_distinct(pa.chunked_array(chunks, pa.string())).as_py())


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _table_line(table: TableSummary) -> str:
    span = f", {table.first_at} to {table.last_at}" if table.first_at else ""
    who = f" by or of {table.accounts:,} accounts" if table.accounts else ""
    return f"{table.name}: {table.rows:,} rows{who}{span}"


def _section(title: str, sentences: tuple[str, ...]) -> list[str]:
    return [f"{title}:", *(f"  - {sentence}" for sentence in sentences)] if sentences else []


def _thin_columns(summaries: tuple[TableSummary, ...]) -> list[str]:
    # Below half, a column speaks for a minority only, and its silence about the rest is easily misread.
    return [
        f"{table.name}.{name} is known for {share:.1%} of rows only; the rest is no data, not a no"
        for table in summaries
        for name, share in table.filled.items()
        if 0 < share < 0.5 and name in ("registered_at", "client", "device", "network", "text", "ai_declared")
    ]


def _quality_notes(quality: Quality) -> list[str]:
    notes = [
        f"{table}: {sum(reasons.values()):,} rows were set aside ({_reasons(quality, table, reasons)})"
        for table, reasons in quality.set_aside_counts.items()
    ]
    notes += [f"{table}: {count:,} duplicate rows were dropped" for table, count in quality.duplicates_equal.items()]
    notes += [
        f"{table}: {count:,} rows were dropped because another row of the same id says something else; "
        "the earliest was kept"
        for table, count in quality.duplicates_different.items()
    ]
    notes += [
        f"{column}: {count:,} values name a row that is not in the dataset; they are kept, "
        "the object simply has no author"
        for column, count in quality.dangling.items()
    ]
    return [*notes, *quality.notices]


def _reasons(quality: Quality, table: str, counts: Mapping[str, int]) -> str:
    """How many rows for which reason, and where the first of them stands if it is among those listed."""
    first = {
        named(r.column, r.reason): f", first {r.file}:{r.line}" for r in reversed(quality.set_aside) if r.table == table
    }
    return "; ".join(f"{reason}: {count:,}{first.get(reason, '')}" for reason, count in counts.items())
