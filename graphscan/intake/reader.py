"""A dataset folder → the tables of a dataset, clean, in canonical order, with an account of their quality.

In: a folder as ``docs/dataset.md`` describes it. Out: :class:`Dataset`. Neither the order of rows, nor their
split into files, nor compression changes the tables that come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from graphscan.errors import InputError
from graphscan.intake.clock import Clock
from graphscan.intake.csv_rows import read_csv, read_csv_pieces
from graphscan.intake.dataset import Dataset, FileRead, Quality, SetAside
from graphscan.intake.duplicates import without_duplicates
from graphscan.intake.files import Source, find_sources
from graphscan.intake.gate import Admitted, Tally, admit
from graphscan.intake.jsonl_rows import read_jsonl, read_jsonl_pieces
from graphscan.intake.large import without_duplicates_on_shelf
from graphscan.intake.parquet_rows import held_bytes, read_parquet, read_parquet_pieces
from graphscan.intake.references import dangling_references
from graphscan.intake.refusals import check_encoding
from graphscan.intake.rows import RawRows, reading, shorten
from graphscan.intake.shelf import Shelf
from graphscan.progress import Progress, Silent
from graphscan.publishing import sha256_of
from graphscan.tables import INPUT_TABLES, Table, input_table

Unknown = tuple[str, ...]

_READERS = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet}
_PIECES = {"csv": read_csv_pieces, "jsonl": read_jsonl_pieces, "parquet": read_parquet_pieces}
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
    shelf: Shelf | None = None,
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
    shelf
        Where tables too large to hold are kept; the same tables come back, memory-mapped. None: all are held.

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
        read[name] = _read_table(input_table(name), list(sources), clock, voice, account, shelf)
    voice.step("check references")
    return Dataset(read, _quality(account, dangling_references(read), timezone), shelf=shelf)


def _wanted(sources: tuple[Source, ...], tables: Sequence[str] | None) -> tuple[Source, ...]:
    if tables is None:
        return sources
    known = [table.name for table in INPUT_TABLES]
    unknown = [name for name in tables if name not in known]
    if unknown:
        raise InputError(f"{', '.join(unknown)} is no table of a dataset; allowed: {', '.join(known)}")
    return tuple(source for source in sources if source.table in tables)


def _read_table(
    table: Table, sources: list[Source], clock: Clock, voice: Progress, account: _Account, shelf: Shelf | None
) -> pa.Table:
    voice.step(f"read {table.name}", len(sources))
    parts: list[pa.Table] = []
    unknown: set[str] = set()
    shelved = shelf if shelf is not None and shelf.too_large(sum(map(_held_bytes, sources))) else None
    for source in sources:
        for rows, others in _pieces(source, clock, account, whole=shelved is None):
            unknown.update(others)
            if shelved is None:
                parts.append(rows)
            else:
                shelved.put(f"{table.name}-staged", rows)
        voice.advance()
    if shelved is None:
        together = pa.concat_tables(parts)
        parts.clear()
        kept = without_duplicates(together, table)
    else:
        kept = without_duplicates_on_shelf(shelved, f"{table.name}-staged", table)
    _note_table(account, table, kept.rows.num_rows, kept.equal, kept.different)
    if unknown:
        account.unknown[table.name] = tuple(sorted(unknown))
        voice.say(f"{table.name}: unknown columns kept out: {_names(unknown)}")
    return kept.rows


def _held_bytes(source: Source) -> int:
    """About how many bytes a file's rows take in memory; compressed text grows fivefold."""
    if source.format == "parquet":
        return held_bytes(source)
    with reading(source):
        return source.path.stat().st_size * (1 if source.compression is None else 5)


def _pieces(source: Source, clock: Clock, account: _Account, *, whole: bool) -> Iterator[tuple[pa.Table, Unknown]]:
    """The rows of one file, at once or in pieces, each with the names of unknown columns; the file is noted at the end."""
    if whole or _may_lack(source):
        admitted, unknown = read_source(source, clock)
        _note_file(account, source, admitted.tally)
        yield admitted.rows, unknown
        return
    table, tally = input_table(source.table), None
    for raw in _PIECES[source.format](source, table):
        try:
            admitted = admit(raw, source, table, clock, piece=tally is not None)
        except InputError:  # no row of the first piece is right in some column; what that means, the whole file says
            admitted, unknown = read_source(source, clock)
            _note_file(account, source, admitted.tally)
            yield admitted.rows, unknown
            return
        tally = admitted.tally if tally is None else tally + admitted.tally
        yield admitted.rows, _unknown(source, raw)
    if tally is None:
        tally = read_source(source, clock)[0].tally
    check_encoding(source, tally.undecoded, tally.read)
    _note_file(account, source, tally)


def _may_lack(source: Source) -> bool:
    """Whether a column of the table is told by a folder's name, and may be in some lines besides: only the whole file tells."""
    told = {name for name, _ in source.partition}
    return source.format == "jsonl" and any(column.name in told for column in input_table(source.table).columns)


def read_source(source: Source, clock: Clock) -> tuple[Admitted, Unknown]:
    """Return the rows of one file, not yet free of duplicates, and the names of its unknown columns.

    Raises :class:`InputError` as :func:`read_dataset` does.
    """
    table = input_table(source.table)
    raw = _READERS[source.format](source, table)
    return admit(raw, source, table, clock), _unknown(source, raw)


def _unknown(source: Source, raw: RawRows) -> Unknown:
    folders = {name for name, _ in source.partition}
    return tuple(name for name in raw.unknown if name not in folders)


def _note_file(account: _Account, source: Source, tally: Tally) -> None:
    with reading(source):
        digest, size = sha256_of(source.path), source.path.stat().st_size
    account.files.append(FileRead(source.name, source.table, digest, size, tally.read, tally.set_aside))
    account.counts.setdefault(source.table, Counter()).update(tally.counts)
    account.zoneless.update({f"{source.table}.{name}": n for name, n in tally.zoneless.items()})
    room = LISTED_ROWS - sum(row.table == source.table for row in account.listed)
    account.listed.extend(tally.listed[:room])


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
