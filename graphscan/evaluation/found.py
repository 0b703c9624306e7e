"""What a run says, as far as a truth can be held against it.

In: a run's folder. Out: :class:`Found`; a table or column beyond those of RUN's contract may be missing, and is then unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphscan.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Seen:
    """One account of the run: its cluster, its proposed measure and its managed probability, each None where unknown."""

    cluster: str | None
    measure: str | None
    probability: float | None


@dataclass(frozen=True)
class Meeting:
    """Two accounts of a validated pair on one object on one day: when the earlier and when the later came, in ms since 1970."""

    accounts: tuple[str, str]
    object: str
    first_ms: int
    last_ms: int


@dataclass(frozen=True)
class Found:
    """A run: its accounts, its clusters' members and probabilities, its meetings, and its last action (ms since 1970)."""

    accounts: Mapping[str, Seen]
    clusters: Mapping[str, frozenset[str]]
    probabilities: Mapping[str, float]
    meetings: Sequence[Meeting]
    last_ms: int | None

    def renamed(self, name: Callable[[str], str]) -> Found:
        """Return the same run with other names for accounts and clusters."""
        return Found(
            {name(a): Seen(s.cluster and name(s.cluster), s.measure, s.probability) for a, s in self.accounts.items()},
            {name(c): frozenset(map(name, members)) for c, members in self.clusters.items()},
            {name(c): p for c, p in self.probabilities.items()},
            [
                Meeting((name(m.accounts[0]), name(m.accounts[1])), m.object, m.first_ms, m.last_ms)
                for m in self.meetings
            ],
            self.last_ms,
        )


def read_run(run: Path) -> Found:
    """Read the folder of a run.

    Raises
    ------
    InputError
        When it is no run, or one of its tables cannot be read or lacks a column of RUN's contract.
    """
    rows = _rows(
        run, "accounts", ("account_id", "cluster_id", "measure"), ("managed_probability", "last_at")
    )  # fmt: skip
    members: dict[str, set[str]] = {}
    for cluster, account in _rows(run, "members", ("cluster_id", "account_id")):
        members.setdefault(cluster, set()).add(account)
    last = [at for *_, at in rows if at is not None]
    return Found(
        {account: Seen(cluster, measure, p) for account, cluster, measure, p, _ in rows},
        {cluster: frozenset(accounts) for cluster, accounts in members.items()},
        {c: p for c, p in _if_there(run, "clusters", ("cluster_id", "probability")) if p is not None},
        list(_meetings(_if_there(run, "meetings", ("account_a", "account_b", "object", "a_at", "b_at")))),
        max(last, default=None),
    )


def _meetings(rows: Iterable[tuple[Any, ...]]) -> Iterable[Meeting]:
    for a, b, thing, a_ms, b_ms in rows:
        yield Meeting((a, b), thing, min(a_ms, b_ms), max(a_ms, b_ms))


def _if_there(run: Path, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return rows, none where the run has no such table: what is not known is not judged."""
    return _rows(run, table, (), columns) if (run / f"{table}.parquet").is_file() else []


def _rows(run: Path, table: str, columns: Sequence[str], optional: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = run / f"{table}.parquet"
    try:
        with pq.ParquetFile(file) as opened:
            there = opened.schema_arrow.names
            found = opened.read(columns=[name for name in (*columns, *optional) if name in there])
    except FileNotFoundError:
        hint = "a run is a folder made by `graphscan run`"
        raise InputError(f"run {run}: {file.name} is not there; {hint}") from None
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"run {run}: {file.name} cannot be read: {error}") from None
    missing = [name for name in columns if name not in there]
    if missing:
        raise InputError(f"run {run}: {file.name} lacks the column {', '.join(missing)}")
    values = [_values(found, name) if name in there else [None] * found.num_rows for name in (*columns, *optional)]
    return list(zip(*values, strict=True))


def _values(table: pa.Table, name: str) -> list[Any]:
    """Return a column's values; instants as milliseconds since 1970, so that no library's time zone has a say."""
    import pyarrow as pa

    column = table.column(name)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ms", column.type.tz), safe=False).cast(pa.int64())
    return list(column.to_pylist())
