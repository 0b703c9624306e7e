"""What is true of each account: the file ``truth.csv``.

In: a path. Out: account id → :class:`Truth`, or one clear refusal that names file and line.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graphscan.errors import InputError

TRUTH_COLUMNS = ("account_id", "role", "cluster", "measure", "slice")
ROLES = ("managed", "occasional", "assisted", "human")
MEASURES = ("ban", "limit", "warn", "none")


@dataclass(frozen=True)
class Truth:
    """What is true of one account: its role, its cluster (empty: none), the measure due, and its slice."""

    role: str
    cluster: str
    measure: str
    slice: str


def read_truth(path: Path) -> Mapping[str, Truth]:
    """Read a truth file: account id → what is true of it; equal rows count once, more columns are ignored.

    Raises
    ------
    InputError
        When the truth cannot be read, lacks a column, holds a value that is not allowed, or gives one account
        two different rows; the message names the file and the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _truth_rows(path, csv.DictReader(stream, strict=True))
    except OSError as error:
        raise InputError(f"truth {path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"truth {path} is not a CSV file in UTF-8: {error}") from None


def _truth_rows(path: Path, reader: csv.DictReader[str]) -> Mapping[str, Truth]:
    missing = [name for name in TRUTH_COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        needed = ", ".join(TRUTH_COLUMNS)
        raise InputError(f"truth {path} lacks the column {', '.join(missing)}; it needs {needed}")
    rows: dict[str, Truth] = {}
    for row in reader:
        account, truth = _truth_row(path, reader.line_num, row)
        if rows.setdefault(account, truth) != truth:
            raise InputError(f"truth {path}, line {reader.line_num}: account {account} has two different rows")
    return rows


def _truth_row(path: Path, line: int, row: Mapping[str, str | None]) -> tuple[str, Truth]:
    account, role, cluster, measure, slice_name = (row[name] for name in TRUTH_COLUMNS)
    where = f"truth {path}, line {line}"
    if not account or role is None or cluster is None or measure is None or slice_name is None:
        raise InputError(f"{where}: a value is missing; a row is {', '.join(TRUTH_COLUMNS)}")
    if role not in ROLES:
        raise InputError(f"{where}: role {role!r}; allowed: {', '.join(ROLES)}")
    if measure not in MEASURES:
        raise InputError(f"{where}: measure {measure!r}; allowed: {', '.join(MEASURES)}")
    return account, Truth(role, cluster, measure, slice_name)
