"""The file of a column map: a TOML file that says which of their columns becomes which of ours.

In: a TOML file. Out: :class:`ColumnMap`, with every mistake it holds (all are told at once).

::

    timezone = "UTC"                 # for times without an offset
    delimiter = ";"                  # otherwise told from the header
    encoding = "gb18030"             # otherwise UTF-8
    placeholders = ["-1", "none"]    # values of target_id that mean nothing; otherwise the built-in list

    [[table]]
    name = "interactions"
    file = "*.parquet"               # only exports of that name; otherwise every one
    sheet = "Sheet1"                 # of a spreadsheet, or the table of an SQLite file; otherwise the first
    where = { action = ["share"] }   # only rows with one of these values
    [table.columns]
    account_id = "user"
    target_id = { column = "url_id", prefix = "url:" }
    created_at = { column = "timestamp", epoch = "s" }
    kind = { value = "share" }
    target_kind = { value = "note" }
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphscan.errors import InputError, SettingsError
from graphscan.intake.adapters.column_map import ColumnMap, Entry, Take
from graphscan.intake.adapters.instants import Foreign, zone_of
from graphscan.settings import Settings
from graphscan.tables import INPUT_TABLES, Table

_TABLES = {table.name: table for table in INPUT_TABLES}
_MAP_KEYS = ("timezone", "delimiter", "encoding", "placeholders", "table")
_TABLE_KEYS = ("name", "file", "sheet", "where", "columns")
_TAKE_KEYS = ("column", "value", "row", "prefix", "epoch", "format", "separator", "list")


def read_column_map(path: Path) -> ColumnMap:
    """Read a column map; its mistakes are kept, see :meth:`ColumnMap.fail`.

    Raises
    ------
    InputError
        When the file is not there or is not TOML.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"column map {path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"column map {path} is not valid TOML: {error}") from None
    faults = _unknown(given, _MAP_KEYS, "the map")
    tables = given.get("table", [])
    if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
        faults.append("there is no [[table]]; at least one says what to read")
        tables = []
    entries = [_entry(table, number, faults) for number, table in enumerate(tables, 1)]
    words = {key: _word(given, key, "the map", faults) for key in ("timezone", "delimiter", "encoding")}
    _check_words(words, faults)
    holders = given.get("placeholders", list(Settings().placeholders))
    if not _are_texts(holders):
        faults.append("placeholders must be a list of texts")
        holders = []
    return ColumnMap(
        path.name,
        tuple(entry for entry in entries if entry is not None),
        words["timezone"] or None,
        words["delimiter"],
        words["encoding"],
        frozenset(holder.lower() for holder in holders),
        tuple(faults),
    )


def _entry(given: Mapping[str, Any], number: int, faults: list[str]) -> Entry | None:
    name = given.get("name")
    where = f"[[table]] {number}"
    faults += _unknown(given, _TABLE_KEYS, where)
    if not isinstance(name, str) or name not in _TABLES:
        faults.append(f"{where}: unknown table {name!r}; allowed: {', '.join(_TABLES)}")
        return None
    columns = given.get("columns")
    if not isinstance(columns, dict):
        faults.append(f"{name}: [table.columns] is missing")
        columns = {}
    table = _TABLES[name]
    takes = _takes(table, columns, faults)
    lacking = [column for column in table.required if column not in columns]
    if lacking:
        faults.append(f"{name}: required columns are missing: {', '.join(lacking)}")
    file, sheet = (_word(given, key, name, faults) for key in ("file", "sheet"))
    return Entry(table, takes, file or "*", sheet, _where(given.get("where", {}), name, faults))


def _takes(table: Table, columns: Mapping[str, Any], faults: list[str]) -> dict[str, Take]:
    allowed = table.schema.names
    takes = {}
    for column, given in columns.items():
        if column not in allowed:
            faults.append(f"{table.name}: unknown column {column!r}; allowed: {', '.join(allowed)}")
        else:
            takes[column] = _take(given, f"{table.name}.{column}", table.column(column).kind, faults)
    return takes


def _take(given: Foreign, where: str, kind: str, faults: list[str]) -> Take:
    if isinstance(given, str):
        return Take(column=given)
    if not isinstance(given, dict):
        faults.append(f'{where}: must be a column name or a table such as {{ column = "their name" }}')
        return Take()
    faults += _unknown(given, _TAKE_KEYS, where)
    words = {key: str(value) for key, value in given.items() if key in _TAKE_KEYS}
    if sum(key in words for key in ("column", "value", "row")) != 1:
        faults.append(f"{where}: exactly one of column, value, row says where the value comes from")
    if "row" in words and kind != "id":
        faults.append(f"{where}: row makes ids; this column holds {kind}")
    if words.get("epoch", "s") not in ("s", "ms"):
        faults.append(f"{where}: epoch {words['epoch']!r}; allowed: s, ms")
    if words.get("list", "one") != "one":
        faults.append(f"{where}: list {words['list']!r}; allowed: one")
    return Take(**words)


def _where(given: Foreign, table: str, faults: list[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(given, dict):
        faults.append(f'{table}: where must be a table such as {{ action = ["share"] }}')
        return {}
    return {c: tuple(map(str, v)) if isinstance(v, list) else (str(v),) for c, v in given.items()}


def _word(given: Mapping[str, Any], key: str, where: str, faults: list[str]) -> str:
    value = given.get(key, "")
    if isinstance(value, str):
        return value
    faults.append(f"{where}: {key} = {value!r} must be text")
    return ""


def _check_words(words: Mapping[str, str], faults: list[str]) -> None:
    if len(words["delimiter"]) > 1:
        faults.append(f"delimiter {words['delimiter']!r}: allowed is one character")
    if words["encoding"]:
        try:
            "".encode(words["encoding"])
        except LookupError:
            faults.append(f"encoding {words['encoding']!r}: allowed is a name such as utf-8, gb18030 or utf-16")
    if words["timezone"]:
        try:
            zone_of(words["timezone"])
        except SettingsError as error:
            faults.append(str(error))


def _are_texts(value: Foreign) -> bool:
    return isinstance(value, list) and all(isinstance(member, str) for member in value)


def _unknown(given: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> list[str]:
    return [f"{where}: unknown key {key!r}; allowed: {', '.join(allowed)}" for key in given if key not in allowed]
