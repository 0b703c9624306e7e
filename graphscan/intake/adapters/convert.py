"""Foreign exports → one dataset folder (``graphscan convert``).

In: files, or folders of files, each told by its content. Out: a folder of canonical Parquet tables that
appears whole or not at all, and a report of what was read, set aside and why.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from graphscan.errors import InputError
from graphscan.intake.adapters.adapter import Adapter
from graphscan.intake.adapters.column_map_check import check_columns
from graphscan.intake.adapters.column_map_file import read_column_map
from graphscan.intake.adapters.export import MAX_CELL_CHARS, Export, UnusableExportError
from graphscan.intake.adapters.harvest import Harvest, Options
from graphscan.intake.adapters.instants import zone_of
from graphscan.intake.adapters.merge import merge
from graphscan.intake.adapters.places import Place, places_of
from graphscan.intake.adapters.register import ADAPTERS, adapter_named, known_formats
from graphscan.intake.adapters.report import ConversionReport, FileReport, report_of
from graphscan.intake.adapters.sniffing import look
from graphscan.intake.adapters.sniffing_text import CHINESE
from graphscan.intake.dataset import write_dataset
from graphscan.progress import Progress, Silent
from graphscan.publishing import check_free, sha256_of
from graphscan.tables import ACTION_TABLES

_MIXED = (
    "some exports name accounts by a hash and others by their id: the same person counts as two accounts; "
    "convert them into separate datasets"
)
_NO_ACTIONS = f"nothing says what accounts did: a dataset needs one of {', '.join(ACTION_TABLES)}"


@contextmanager
def _cells_of_at_most(chars: int) -> Iterator[None]:
    """Bound what the csv module takes as one cell; the bound is the whole process's, so it is put back."""
    former = csv.field_size_limit(chars)
    try:
        yield
    finally:
        csv.field_size_limit(former)


def convert(
    exports: Sequence[Path],
    out: Path,
    *,
    format: str | None = None,
    timezone: str | None = None,
    columns: Path | None = None,
    progress: Progress | None = None,
) -> ConversionReport:
    """Read foreign exports, told by content, and write them as one dataset.

    Parameters
    ----------
    exports
        Files, or folders in which every file is an export; their order and names never change the result.
    out
        The dataset folder to make.
    format
        Name of an entry of :data:`~graphscan.intake.adapters.register.ADAPTERS`; None: each file tells.
    timezone
        IANA zone of times without an offset; None: the format's own (China for collectors, UTC for CSVs).
    columns
        A column map in TOML, for tables of any other shape.

    Raises
    ------
    InputError
        When an export is missing, broken or of no known format, or nothing in all of them can be taken.
    SettingsError
        When the time zone is none.
    OutputError
        When ``out`` exists already.
    """
    check_free(out)
    if timezone is not None:
        zone_of(timezone)
    forced = adapter_named(format) if format is not None else None
    options = Options(timezone, read_column_map(columns) if columns is not None else None)
    places = [place for place in places_of(exports) if columns is None or place.path.resolve() != columns.resolve()]
    _check_map(options, places)
    with _cells_of_at_most(MAX_CELL_CHARS):
        harvests, files = _harvest(places, options, forced, progress or Silent())
    if not any(harvest.rows_read for harvest in harvests):
        raise InputError(_nothing(files))
    tables, folded = merge(harvests)
    write_dataset(tables, out)
    counts = {name: rows.num_rows for name, rows in tables.items()}
    folded = {name: count for name, count in folded.items() if name not in ("accounts", "chats")}
    return ConversionReport(tuple(files), counts, folded, _notices(harvests, tables))


def _check_map(options: Options, places: Sequence[Place]) -> None:
    """Tell all mistakes of a column map at once, before anything is read."""
    if options.columns is None:
        return
    found = []
    for place in places:
        try:
            found.append(_look(place, options))
        except UnusableExportError:
            continue  # named as set aside, or refused, when it is read (see _harvest)
    check_columns(options.columns, found)


def _look(place: Place, options: Options) -> Export:
    columns = options.columns
    if columns is None or not columns.entries_for(place.path.name):
        return look(place.path, place.name)
    return look(place.path, place.name, delimiter=columns.delimiter, encoding=columns.encoding)


def _harvest(
    places: Sequence[Place], options: Options, forced: Adapter | None, progress: Progress
) -> tuple[list[Harvest], list[FileReport]]:
    harvests: dict[str, Harvest] = {}
    files = []
    progress.step("reading exports", len(places))
    for place in places:
        try:
            harvest, report = _read(place, options, forced)
        except UnusableExportError as error:
            if not place.from_folder:
                raise
            report = FileReport(place.name, sha256_of(place.path), "", left_out=error.reason)
        else:
            if report.sha256 in harvests:
                report = FileReport(place.name, report.sha256, report.format, left_out="same bytes as another export")
            harvests.setdefault(harvest.export.sha256, harvest)
        files.append(report)
        progress.advance()
    return list(harvests.values()), files


def _read(place: Place, options: Options, forced: Adapter | None) -> tuple[Harvest, FileReport]:
    export = _look(place, options)
    adapter = forced or _recognised(export, options)
    harvest = Harvest(export, options)
    _warn_of(export, harvest)
    adapter.read(export, harvest)
    harvest.export = replace(export, document=None)
    return harvest, report_of(harvest, adapter.name)


def _warn_of(export: Export, harvest: Harvest) -> None:
    if export.encoding == CHINESE:
        harvest.warn(f"the file is not UTF-8; it was read as {CHINESE}")
    log = export.path.with_name(f"{export.path.name}-wal")
    if export.container == "sqlite" and log.is_file() and log.stat().st_size:
        harvest.warn("rows may be missing: a write-ahead log lies beside the database; close what writes it")


def _recognised(export: Export, options: Options) -> Adapter:
    for adapter in ADAPTERS:
        if adapter.recognise(export, options):
            return adapter
    raise UnusableExportError(
        export.name,
        f"of no known format (it looks like {export.container})",
        f"; known formats:\n{known_formats()}",
    )


def _nothing(files: Sequence[FileReport]) -> str:
    """Say that nothing can be taken, and the reasons."""
    told = [line for file in files for line in file.lines()]
    return "no row of any export can be taken:\n" + "\n".join(told[:50])


def _notices(harvests: Sequence[Harvest], tables: Mapping[str, pa.Table]) -> tuple[str, ...]:
    kinds = {harvest.hashed_accounts for harvest in harvests if harvest.rows_read}
    mixed = (_MIXED,) if len(kinds) > 1 else ()
    return mixed if any(name in tables for name in ACTION_TABLES) else (*mixed, _NO_ACTIONS)
