"""What a column map says: for each table of ours, how every column is taken from theirs.

In: nothing (declarations; :mod:`~graphscan.intake.adapters.column_map_file` reads them from TOML). Out:
:class:`ColumnMap`, with every mistake it holds, so that all are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from graphscan.errors import InputError
from graphscan.tables import Table


@dataclass(frozen=True)
class Take:
    """How one of our columns is filled: from their ``column``, a fixed ``value`` or the ``row`` number."""

    column: str = ""
    value: str | None = None
    row: str | None = None
    prefix: str = ""
    epoch: str = ""
    format: str = ""
    separator: str = ""
    list: str = ""


@dataclass(frozen=True)
class Entry:
    """One ``[[table]]``: our table, the exports and rows it applies to, and how each column is taken."""

    table: Table
    takes: Mapping[str, Take]
    file: str = "*"
    sheet: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        """Their columns that this entry reads, sorted."""
        return tuple(sorted({t.column for t in self.takes.values() if t.column} | set(self.where)))


@dataclass(frozen=True)
class ColumnMap:
    """A column map; ``faults`` are its mistakes, told together with those that only an export can show."""

    name: str
    entries: tuple[Entry, ...]
    timezone: str | None = None
    delimiter: str = ""
    encoding: str = ""
    placeholders: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()

    def entries_for(self, file: str) -> tuple[Entry, ...]:
        """Return the entries that apply to an export of that file name."""
        return tuple(entry for entry in self.entries if fnmatchcase(file, entry.file))

    def fail(self, more: Iterable[str] = ()) -> None:
        """Raise an InputError with every mistake, its own and ``more``, if there is any."""
        faults = list(dict.fromkeys([*self.faults, *more]))
        if faults:
            raise InputError(f"column map {self.name}:\n" + "\n".join(f"  {fault}" for fault in faults))
