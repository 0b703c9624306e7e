"""Does a column map fit the exports? Every mistake is told at once, before anything is read.

In: a column map and exports. Out: nothing, or one InputError.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from graphscan.intake.adapters.column_map import ColumnMap, Entry
from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.rows import read_rows

_TABULAR = ("csv", "json", "jsonl", "parquet", "sqlite", "xlsx")


def covers(columns: ColumnMap, export: Export) -> bool:
    """Whether the map has an entry for the export's file name and the export is tabular at all."""
    return export.container in _TABULAR and bool(columns.entries_for(PurePath(export.name).name))


def check_columns(columns: ColumnMap, exports: Sequence[Export]) -> None:
    """Raise an InputError with all mistakes of a map at once, its own and those that the exports show."""
    covered = [export for export in exports if covers(columns, export)]
    faults = [fault for export in covered for fault in _unknown_sources(columns, export)]
    columns.fail([*faults, *_repeated_rows(columns, covered)])


def _unknown_sources(columns: ColumnMap, export: Export) -> Iterable[str]:
    for entry in columns.entries_for(PurePath(export.name).name):
        sheet = sheet_of(export, entry)
        if sheet not in export.tables:
            sheets = ", ".join(export.tables)
            yield f"{entry.table.name}: {export.name} has no sheet {sheet!r}; it has {sheets}"
            continue
        found = export.tables[sheet]
        unknown = [source for source in entry.sources if source not in found]
        if unknown and export.container in ("json", "jsonl"):
            found = tuple(dict.fromkeys(key for _, row in read_rows(export, "", _ignore) for key in row))
            unknown = [source for source in unknown if source not in found]
        for source in unknown:
            yield f"{entry.table.name}: {export.name} has no column {source!r}; it has {', '.join(found)}"


def _repeated_rows(columns: ColumnMap, exports: Sequence[Export]) -> Iterable[str]:
    """Ids made from row numbers would mean different things in different files."""
    made: dict[tuple[str, str], int] = {}
    for export in exports:
        for entry in columns.entries_for(PurePath(export.name).name):
            for key in {(entry.table.name, t.row) for t in entry.takes.values() if t.row is not None}:
                made[key] = made.get(key, 0) + 1
    files = len(exports)
    for table, row in sorted(key for key, count in made.items() if count > 1 and files > 1):
        yield f'{table}: row = "{row}" is used for several files; give each its own [[table]] with file = …'


def sheet_of(export: Export, entry: Entry) -> str:
    """Return the table of an export that an entry reads: the sheet it names, or the first."""
    if export.container in ("sqlite", "xlsx"):
        return entry.sheet or next(iter(export.tables), "")
    return ""


def _ignore(line: int, reason: str) -> None:
    """Leave a bad line to the reading proper, which counts it."""
