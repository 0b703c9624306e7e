"""Any tabular file → our tables, as a column map says; whole columns at a time.

In: an export and a column map. Out: rows in a harvest; rows that lack a required value, or hold one that
cannot be read, are set aside and counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphscan.errors import InputError
from graphscan.intake.adapters.column_map import ColumnMap, Entry
from graphscan.intake.adapters.column_map_check import check_columns, covers, sheet_of
from graphscan.intake.adapters.column_parts import Taken
from graphscan.intake.adapters.column_values import Source, take_column
from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import Harvest, Options
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.rows import read_rows
from graphscan.intake.adapters.values import clean_text


def recognise(export: Export, options: Options) -> bool:
    """Whether a column map was given that applies to this export."""
    return options.columns is not None and covers(options.columns, export)


def read(export: Export, harvest: Harvest) -> None:
    """Read an export as the column map says.

    Raises
    ------
    InputError
        When no map was given, a source column is not there, or an id column holds floats.
    """
    columns = harvest.options.columns
    if columns is None:
        raise InputError(f"export {export.name}: the format column_map needs a column map (--columns MAP.toml)")
    check_columns(columns, [export])
    for entry in columns.entries_for(PurePath(export.name).name):
        _read_entry(export, entry, columns, harvest)


def _read_entry(export: Export, entry: Entry, columns: ColumnMap, harvest: Harvest) -> None:
    source = _selected(_source(export, entry, harvest), entry, harvest)
    zone = harvest.options.timezone or columns.timezone
    if zone is None:
        harvest.warn("times without an offset, if any, were read as UTC (say otherwise with timezone in the map)")
    taken = {name: take_column(source, entry, name, zone or "UTC", columns.placeholders) for name in entry.takes}
    keep = np.ones(len(source.lines), dtype=bool)
    for name, column in taken.items():
        keep = _without(keep, column, entry, name, source, harvest)
    arrays = [
        taken[field.name].values if field.name in taken else pa.nulls(len(keep), field.type)
        for field in entry.table.schema
    ]
    rows = pa.table(arrays, schema=entry.table.schema).filter(pa.array(keep))
    if rows.num_rows:
        harvest.add_table(entry.table.name, rows)


def _without(
    keep: np.ndarray[Any, np.dtype[np.bool_]],
    taken: Taken,
    entry: Entry,
    name: str,
    source: Source,
    harvest: Harvest,
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Set aside the rows whose value is bad, or missing where it has to be there; return those still kept."""
    faults = list(taken.faults)
    if entry.table.column(name).required:
        missing = pc.is_null(taken.values).to_numpy(zero_copy_only=False)
        faults.append((missing, f"no value in {entry.takes[name].column}"))
    for mask, reason in faults:
        lines = source.lines[mask & keep]
        if len(lines):
            harvest.faults([int(line) for line in lines], reason, f"{entry.table.name}.{name}")
        keep = keep & ~mask
    return keep


def _selected(source: Source, entry: Entry, harvest: Harvest) -> Source:
    keep = np.ones(len(source.lines), dtype=bool)
    for column, allowed in entry.where.items():
        text = source.columns[column].cast(pa.string())
        keep &= pc.is_in(text, value_set=pa.array(allowed, pa.string())).to_numpy(zero_copy_only=False)
    if keep.all():
        return source
    harvest.tally(f'rows that "where" of {entry.table.name} does not select', int((~keep).sum()))
    mask = pa.array(keep)
    chosen = {name: values.filter(mask) for name, values in source.columns.items()}
    return Source(source.export, chosen, source.lines[keep], source.numbers[keep])


def _source(export: Export, entry: Entry, harvest: Harvest) -> Source:
    if export.container == "parquet":
        return _parquet_source(export, entry)
    rows = list(read_rows(export, sheet_of(export, entry), harvest.fault))
    columns = {}
    for name in entry.sources:
        values = [row.get(name) for _, row in rows]
        has_fraction = any(isinstance(value, float) for value in values)
        columns[name] = pa.array(values, pa.float64()) if _are_numbers(values, has_fraction) else _texts(values)
    lines = np.array([line for line, _ in rows], dtype=np.int64)
    return Source(export.name, columns, lines, np.arange(1, len(lines) + 1))


def _parquet_source(export: Export, entry: Entry) -> Source:
    try:
        if entry.sources:
            table = pq.ParquetFile(export.path).read(columns=list(entry.sources))
            columns = {name: table.column(name) for name in entry.sources}
        else:
            columns = {}
        count = pq.read_metadata(export.path).num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"export {export.name} is a broken Parquet file: {error}") from None
    numbers = np.arange(1, count + 1)
    return Source(export.name, columns, numbers, numbers)


def _are_numbers(values: Sequence[Any], has_fraction: bool) -> bool:
    """Whether a column holds numbers with fractions: they stay numbers, so that no id is made of them."""
    return has_fraction and all(v is None or (isinstance(v, int | float) and not isinstance(v, bool)) for v in values)


def _texts(values: Iterable[Any]) -> pa.Array:
    return pa.array([clean_text(_text(value)) for value in values], pa.string())


def _text(value: Foreign) -> Foreign:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
