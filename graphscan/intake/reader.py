"""A dataset folder → the tables of a dataset, clean, in canonical order, with an account of their quality.

In: a folder as ``docs/dataset.md`` describes it. Out: :class:`Dataset`. Neither the order of rows, nor their
split into files, nor compression changes the tables that come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from graphscan.errors import InputError
from graphscan.intake.clock import Clock
from graphscan.intake.csv_rows import read_csv
from graphscan.intake.dataset import Dataset, FileRead, Quality, SetAside
from graphscan.intake.duplicates import without_duplicates
from graphscan.intake.files import Source, find_sources
from graphscan.intake.gate import Admitted, admit
from graphscan.intake.jsonl_rows import read_jsonl
from graphscan.intake.parquet_rows import read_parquet
from graphscan.intake.references import dangling_references
from graphscan.intake.rows import reading, shorten
from graphscan.progress import Progress, Silent
from graphscan.publishing import sha256_of
from graphscan.tables import INPUT_TABLES, Table, input_table

_READERS = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet}
LISTED_ROWS = 1000
"""Rows set aside that are listed per table; all are counted."""


@dataclass
class _Account:
    """What is noted of quality while tables are read."""

    files: list[FileRead] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    listed: list[SetAside] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    equal: dict[str, int] = field(default_factory=dict)
    different: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    zoneless: Counter[str] = field(default_factory=Counter)


def read_dataset(
    path: Path,
    *,
    timezone: str = "UTC",
    epoch_unit: str = "",
    progress: Progress | None = None,
    tables: Sequence[str] | None = None,
) -> Dataset:
    """Read a dataset folder.

    Parameters
    ----------
    path
        The folder.
    timezone
        IANA zone in which times without a zone are read. An hour that comes twice is read as the first; a
        time in the gap of a clock set forward is read by the offset before the gap.
    epoch_unit
        Unit of times given as numbers, ``"s"`` or ``"ms"``; empty: a number is no time.
    progress
        Told each file; silent by default.
    tables
        Names of the tables to read; all by default.

    Returns
    -------
    Dataset
        Tables in canonical order without duplicates, and the counts of everything not taken.

    Raises
    ------
    InputError
        When the folder, a file or a column is not what the format says; the message names it and what is.
    SettingsError
        When the zone or the unit is unknown.
    """
    clock, voice, account = Clock(timezone, epoch_unit), progress or Silent(), _Account()
    found = _wanted(find_sources(path), tables)
    read: dict[str, pa.Table] = {}
    for name, sources in groupby(found, key=lambda source: source.table):
        read[name] = _read_table(input_table(name), list(sources), clock, voice, account)
    voice.step("check references")
    return Dataset(read, _quality(account, dangling_references(read), timezone))


def _wanted(sources: tuple[Source, ...], tables: Sequence[str] | None) -> tuple[Source, ...]:
    if tables is None:
        return sources
    known = [table.name for table in INPUT_TABLES]
    unknown = [name for name in tables if name not in known]
    if unknown:
        raise InputError(f"{', '.join(unknown)} is no table of a dataset; allowed: {', '.join(known)}")
    return tuple(source for source in sources if source.table in tables)


def _read_table(table: Table, sources: list[Source], clock: Clock, voice: Progress, account: _Account) -> pa.Table:
    voice.step(f"read {table.name}", len(sources))
    parts: list[pa.Table] = []
    unknown: set[str] = set()
    for source in sources:
        admitted, others = read_source(source, clock)
        _note_file(account, source, admitted)
        unknown.update(others)
        parts.append(admitted.rows)
        del admitted
        voice.advance()
    rows = pa.concat_tables(parts)
    parts.clear()
    kept = without_duplicates(rows, table)
    _note_table(account, table, kept.rows.num_rows, kept.equal, kept.different)
    if unknown:
        account.unknown[table.name] = tuple(sorted(unknown))
        voice.say(f"{table.name}: unknown columns kept out: {_names(unknown)}")
    return kept.rows


def read_source(source: Source, clock: Clock) -> tuple[Admitted, tuple[str, ...]]:
    """Return the rows of one file, not yet free of duplicates, and the names of its unknown columns.

    Raises :class:`InputError` as :func:`read_dataset` does.
    """
    table = input_table(source.table)
    raw = _READERS[source.format](source, table)
    folders = {name for name, _ in source.partition}
    return admit(raw, source, table, clock), tuple(name for name in raw.unknown if name not in folders)


def _note_file(account: _Account, source: Source, admitted: Admitted) -> None:
    with reading(source):
        digest, size = sha256_of(source.path), source.path.stat().st_size
    account.files.append(FileRead(source.name, source.table, digest, size, admitted.read, admitted.set_aside))
    account.counts.setdefault(source.table, Counter()).update(admitted.counts)
    account.zoneless.update({f"{source.table}.{name}": n for name, n in admitted.zoneless.items()})
    room = LISTED_ROWS - sum(row.table == source.table for row in account.listed)
    account.listed.extend(admitted.listed[:room])


def _note_table(account: _Account, table: Table, rows: int, equal: int, different: int) -> None:
    account.rows[table.name] = rows
    if equal:
        account.equal[table.name] = equal
    if different:
        account.different[table.name] = different


def _names(names: Iterable[str]) -> str:
    listed = sorted(names)
    more = f" and {len(listed) - 20} more" if len(listed) > 20 else ""
    return ", ".join(shorten(name, 40) for name in listed[:20]) + more


def _quality(account: _Account, dangling: Mapping[str, int], timezone: str) -> Quality:
    return Quality(
        files=tuple(account.files),
        rows=account.rows,
        set_aside=tuple(account.listed),
        set_aside_counts={table: dict(sorted(counts.items())) for table, counts in account.counts.items() if counts},
        duplicates_equal=account.equal,
        duplicates_different=account.different,
        dangling=dangling,
        unknown_columns=account.unknown,
        notices=tuple(
            f"{column}: {count:,} times without a zone were read in {timezone}"
            for column, count in account.zoneless.items()
        ),
    )
