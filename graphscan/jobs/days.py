"""Days: normalised rows by table and day, each part a Parquet file named by its content, so that unchanged days are never parsed again.

In: admitted rows, and the register of parts that stand. Out: parts, and the dataset of a window. A row lies in the day of its own time;
tables that say what something *is* (accounts, chats, members, labels) lie in the day they came with, and every window has all of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.errors import InputError
from graphscan.intake.clock import to_millis
from graphscan.intake.duplicates import without_duplicates
from graphscan.jobs.state import State, write_whole
from graphscan.tables import ACTION_TABLES, INPUT_TABLES, Table, input_table

DATED = (*ACTION_TABLES, "reports")
"""Tables whose rows happen at a time."""


@dataclass(frozen=True)
class Part:
    """The rows of one table on one day: the file's name and hash, and its rows."""

    file: str
    sha256: str
    rows: int


Parts = dict[str, dict[str, Part]]
"""Table → day → part."""


def days_of(rows: pa.Table, table: Table, zone: str, delivered: str) -> np.ndarray:
    """Return each row's day (text): that of its time in ``zone``, or for an undated table the day it came with."""
    if table.name not in DATED:
        return np.full(rows.num_rows, delivered)
    instants = pd.DatetimeIndex(to_millis(rows["created_at"]).astype("datetime64[ms]")).tz_localize("UTC")
    local = instants.tz_convert(zone).tz_localize(None).to_numpy().astype("datetime64[D]")
    return np.datetime_as_string(local)


def by_day(rows: pa.Table, days: np.ndarray) -> Iterator[tuple[str, pa.Table]]:
    """Yield each day and its rows, days in order."""
    for day in np.unique(days):
        yield str(day), rows.filter(pa.array(days == day))


def read_part(state: State, table: str, part: Part) -> pa.Table:
    """Read a part; InputError when it is gone or is not what was written."""
    path = state.days / table / part.file
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path} is missing from the state; restore it, or begin a new state folder") from None
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise InputError(f"{path} is not what was written there; restore it, or begin a new state folder")
    return pq.read_table(io.BytesIO(data)).cast(input_table(table).schema)


def write_part(state: State, table: str, day: str, rows: pa.Table) -> Part:
    """Write the rows of a day under a name that its content gives; nothing refers to it until the register does."""
    stream = io.BytesIO()
    pq.write_table(rows, stream, compression="zstd")
    digest = hashlib.sha256(stream.getvalue()).hexdigest()
    part = Part(f"{day}-{digest[:16]}.parquet", digest, rows.num_rows)
    folder = state.days / table
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / part.file).exists():
        write_whole(folder / part.file, stream.getvalue())
    return part


def merged(state: State, parts: Parts, table: str, day: str, rows: pa.Table) -> tuple[Part, int, int]:
    """Lay rows over what stands for a day; return the part, and rows dropped as equal to and different from one that is there."""
    old = parts.get(table, {}).get(day)
    together = rows if old is None else pa.concat_tables([read_part(state, table, old), rows])
    kept = without_duplicates(together, input_table(table))
    return write_part(state, table, day, kept.rows), kept.equal, kept.different


def sweep(state: State, parts: Parts) -> None:
    """Remove part files that nothing refers to: what a killed intake left, and what newer parts replaced."""
    standing = {(table, part.file) for table, days in parts.items() for part in days.values()}
    for path in state.days.glob("*/*"):
        if (path.parent.name, path.name) not in standing:
            path.unlink()


def action_days(parts: Parts) -> list[str]:
    """Return the days on which somebody did something, oldest first."""
    return sorted({day for name in ACTION_TABLES for day, part in parts.get(name, {}).items() if part.rows})


def first_day(day: str, window_days: int) -> str:
    """Return the first day of the window that ends with ``day``."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=window_days - 1)).isoformat()


def window_parts(parts: Parts, day: str, window_days: int) -> Mapping[str, list[tuple[str, Part]]]:
    """Return by table the parts of the window that ends with ``day``, in order of days."""
    first = first_day(day, window_days)
    found = {}
    for table in INPUT_TABLES:
        held = sorted(parts.get(table.name, {}).items())
        inside = [(d, p) for d, p in held if table.name not in DATED or first <= d <= day]
        if inside:
            found[table.name] = inside
    return found


def window_tables(state: State, parts: Parts, day: str, window_days: int) -> dict[str, pa.Table]:
    """Return the tables of a window: what one run over a folder with all these rows would read."""
    return {
        name: without_duplicates(pa.concat_tables([read_part(state, name, p) for _, p in held]), input_table(name)).rows
        for name, held in window_parts(parts, day, window_days).items()
    }
