"""Which files of a dataset folder hold which table.

In: a folder. Out: one :class:`Source` per data file, sorted by path, whatever order the disk lists them in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from graphscan.errors import InputError
from graphscan.tables import ACTION_TABLES, INPUT_TABLES

Format = Literal["csv", "jsonl", "parquet"]

_ENDINGS: tuple[tuple[str, Format, str | None], ...] = (
    (".parquet", "parquet", None),
    (".csv", "csv", None),
    (".csv.gz", "csv", "gzip"),
    (".csv.zst", "csv", "zstd"),
    (".jsonl", "jsonl", None),
    (".jsonl.gz", "jsonl", "gzip"),
    (".jsonl.zst", "jsonl", "zstd"),
)
_TABLES = tuple(table.name for table in INPUT_TABLES)
_ALLOWED = (
    f"allowed are {', '.join(_TABLES)}, each as .parquet, .csv[.gz|.zst], .jsonl[.gz|.zst] or a folder of such files"
)
# How Hive and Spark write a null into a folder's name.
_HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Source:
    """One data file: its table, where it lies, how it is written, and what hive folders say of its rows."""

    table: str
    path: Path
    name: str
    format: Format
    compression: str | None
    partition: tuple[tuple[str, str], ...] = ()


def find_sources(folder: Path) -> tuple[Source, ...]:
    """Return every data file of a dataset folder, sorted by table (declared order) and then by path.

    Files and folders whose name begins with a dot or an underscore are not looked at; ``truth.csv``,
    ``README*``, ``*.md`` and ``LICENSE*`` may lie beside the tables and are not read.

    Raises
    ------
    InputError
        When the folder is missing, is a file or is empty; on an unknown file or folder, a table that is there
        twice, a link that leads out of the folder, and when no table of actions is there.
    """
    _check_folder(folder)
    places = _tables_in(folder)
    if not places:
        raise InputError(f"dataset {folder} holds no table; {_ALLOWED}")
    if not set(places) & set(ACTION_TABLES):
        raise InputError(
            f"dataset {folder} has no table of actions (found: {', '.join(places)}); "
            f"at least one of {', '.join(ACTION_TABLES)} is needed"
        )
    return tuple(source for name, place in places.items() for source in _sources(name, place, folder))


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        raise InputError(f"dataset {folder} does not exist; name a folder that holds the tables")
    if not folder.is_dir():
        raise InputError(f"dataset {folder} is a file; name the folder that holds the tables")


def _tables_in(folder: Path) -> dict[str, Path]:
    places: dict[str, Path] = {}
    for entry in _entries(folder, folder):
        name = _table_of(entry)
        if name is None and _may_lie_there(entry.name):
            continue
        if name not in _TABLES:
            raise InputError(f"unknown file {entry.name} in dataset {folder}; {_ALLOWED}")
        if name in places:
            raise InputError(f"table {name} is there twice: {places[name].name} and {entry.name}; leave one")
        places[name] = entry
    return {name: places[name] for name in _TABLES if name in places}


def _table_of(entry: Path) -> str | None:
    if entry.is_dir():
        return entry.name if entry.name in _TABLES else None
    ending = _ending(entry.name)
    stem = entry.name[: -len(ending[0])] if ending else None
    return stem if stem in _TABLES else None


def _may_lie_there(name: str) -> bool:
    return name == "truth.csv" or name.endswith(".md") or name.startswith(("README", "LICENSE"))


def _ending(name: str) -> tuple[str, Format, str | None] | None:
    return next((ending for ending in _ENDINGS if name.endswith(ending[0])), None)


def _sources(table: str, place: Path, root: Path) -> list[Source]:
    if not place.is_dir():
        return [_source(table, place, root)]
    found = [_source(table, path, root) for path in _walk(place, root)]
    if not found:
        raise InputError(f"folder {place.name}/ of dataset {root} holds no data file; fill it or remove it")
    return sorted(found, key=lambda source: source.name)


def _source(table: str, path: Path, root: Path) -> Source:
    ending = _ending(path.name)
    name = path.relative_to(root).as_posix()
    if ending is None:
        raise InputError(f"unknown file {name} in dataset {root}; {_ALLOWED}")
    return Source(table, path, name, ending[1], ending[2], _partition(path.relative_to(root).parts[1:-1]))


def _partition(folders: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = [folder.split("=", 1) for folder in folders if "=" in folder]
    return tuple((unquote(key), "" if value == _HIVE_NULL else unquote(value)) for key, value in pairs)


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    for entry in _entries(folder, root):
        if entry.is_dir():
            yield from _walk(entry, root)
        else:
            yield entry


def _entries(folder: Path, root: Path) -> list[Path]:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise InputError(f"folder {folder} cannot be listed: {error.strerror}") from None
    entries = [folder / name for name in names if not name.startswith((".", "_"))]
    for entry in entries:
        _check_entry(entry, root)
    return entries


def _check_entry(entry: Path, root: Path) -> None:
    target = entry.resolve()
    if not target.is_relative_to(root.resolve()):
        raise InputError(f"{entry} is a link out of the dataset to {target}; copy the file into the dataset")
    if entry.is_symlink() and entry.is_dir() and entry.parent.resolve().is_relative_to(target):
        raise InputError(f"{entry} is a link to a folder that holds it; remove the link")
    if not (entry.is_file() or entry.is_dir()):
        raise InputError(f"{entry} is neither a file nor a folder; remove it from the dataset")
