"""Drift: is the newest day like the days before it? A detector sees nothing in data that stopped coming, or came in another shape.

In: the window's tables and its newest day. Out: the rows of :data:`graphscan.jobs.tables.DRIFT`. Distributions are compared
by the population stability index; below a handful of rows it is mostly noise, so its noise stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.clock import NONE, to_millis
from graphscan.intake.wide import encode, whole
from graphscan.jobs.days import DATED, days_of
from graphscan.jobs.tables import DRIFT
from graphscan.tables import Table, from_rows, input_table

PSI_FLAG = 0.25
"""Siddiqi 2006, the convention of credit scoring: 0.1 to 0.25 some shift, above 0.25 a major one."""

NOISE_TIMES = 3.0
"""An index must also be three times what samples of these sizes show without drift: (bins - 1)(1/n + 1/m), as it is about χ²."""

LEAST_DAYS = 3
"""Other days that it takes to show how far an ordinary day strays: the rows of one chat or burst are no independent draws."""

VOLUME_TIMES = 2.0
"""A day of less than half or more than twice the median day's rows is flagged; weekends stay well within."""

FILLED_GAP = 0.2
"""Share of rows with a value that may be gained or lost within a day; a client's release moves less."""

_MOST_CLIENTS = 10
_ACTION_CUTS = (1, 2, 3, 5, 9, 17)
_AGE_CUTS_DAYS = (-1e9, 0, 7, 30, 90, 365)

Row = tuple[str, str, float | None, float | None, float | None, float | None, bool]


def drift_table(tables: Mapping[str, pa.Table], zone: str, day: str) -> pa.Table:
    """Compare the newest day with the other days of the window, table by table."""
    rows: list[Row] = []
    for name in DATED:
        if name in tables:
            table = input_table(name)
            rows += _of_table(tables, table, days_of(tables[name], table, zone, ""), day)
    return from_rows(rows, DRIFT)


def _of_table(tables: Mapping[str, pa.Table], table: Table, days: np.ndarray, day: str) -> Iterator[Row]:
    rows, today = tables[table.name], days == day
    yield _volume(table.name, days, day)
    if not today.any() or today.all():
        return
    hours = (to_millis(rows["created_at"]) // 10_800_000) % 8
    yield _compared(table.name, "hour", hours, days, day)
    if "client" in rows.column_names and rows["client"].null_count < rows.num_rows:
        yield _compared(table.name, "client", _clients(rows["client"]), days, day)
    who = "reporter_id" if table.name == "reports" else "account_id"
    yield _actions_each(table.name, rows[who], days, day)
    if "accounts" in tables and table.name != "reports":
        yield from _ages(table.name, rows, tables["accounts"], days, day)
    for column in table.columns:
        if not column.required:
            yield _filled(table.name, column.name, rows, today)


def _volume(table: str, days: np.ndarray, day: str) -> Row:
    found, counts = np.unique(days, return_counts=True)
    own = int(counts[found == day].sum())
    others = counts[found != day]
    usual = float(np.median(others)) if len(others) else None
    odd = usual is not None and not usual / VOLUME_TIMES <= own <= usual * VOLUME_TIMES
    # a handful of rows doubles by chance: the gap must also be beyond three Poisson deviations
    flag = odd and usual is not None and abs(own - usual) > 3 * np.sqrt(usual + 1)
    return (table, "rows", float(own), usual, None, None, bool(flag))


def _compared(table: str, feature: str, bins: np.ndarray, days: np.ndarray, day: str) -> Row:
    names, place = np.unique(days, return_inverse=True)
    _, bin_of = np.unique(bins, return_inverse=True)
    counts = np.zeros((len(names), int(bin_of.max()) + 1))
    np.add.at(counts, (place, bin_of), 1)
    others = counts[names != day]
    index = stability(counts[names == day][0], others.sum(axis=0))
    noise = max(_sampling_noise(counts[names == day][0], others.sum(axis=0)), _usual_index(others))
    flag = index > PSI_FLAG and index > NOISE_TIMES * noise
    return (table, feature, None, None, round(index, 6), round(noise, 6), bool(flag))


def stability(one: np.ndarray, other: np.ndarray) -> float:
    """Return the population stability index of two samples, given as counts by bin."""
    p, q = ((counts + 0.5) / (counts + 0.5).sum() for counts in (one, other))
    return float(((p - q) * np.log(p / q)).sum())


def _sampling_noise(one: np.ndarray, other: np.ndarray) -> float:
    used = int(((one + other) > 0).sum())
    return float((used - 1) * (1 / max(one.sum(), 1) + 1 / max(other.sum(), 1)))


def _usual_index(others: np.ndarray) -> float:
    """Return the median index of the other days, each held against the rest of them; 0 where they are too few."""
    if len(others) < LEAST_DAYS:
        return 0.0
    return float(np.median([stability(row, others.sum(axis=0) - row) for row in others]))


def _clients(clients: pa.ChunkedArray) -> np.ndarray:
    """Number the ten commonest clients, all others as one, missing as one."""
    counted = pc.value_counts(clients.drop_null()).to_pylist()
    common = [x["values"] for x in sorted(counted, key=lambda x: (-x["counts"], x["values"]))[:_MOST_CLIENTS]]
    found = pc.fill_null(pc.index_in(clients, value_set=pa.array(common, pa.string())), _MOST_CLIENTS)
    missing = pc.is_null(clients)
    return np.asarray(pc.if_else(missing, _MOST_CLIENTS + 1, found).to_numpy(zero_copy_only=False))


def _actions_each(table: str, who: pa.ChunkedArray, days: np.ndarray, day: str) -> Row:
    codes = whole(who).dictionary_encode().indices.to_numpy().astype(np.int64)
    names, at = np.unique(days, return_inverse=True)
    each, counts = np.unique(codes * len(names) + at, return_counts=True)
    bins = np.searchsorted(_ACTION_CUTS, counts, side="right")
    return _compared(table, "actions per account", bins, names[each % len(names)], day)


def _ages(table: str, rows: pa.Table, accounts: pa.Table, days: np.ndarray, day: str) -> Iterator[Row]:
    place = encode(rows["account_id"], accounts["account_id"])
    at = pa.array(place, mask=place < 0)
    registered = to_millis(accounts["registered_at"].take(at))
    if (registered == NONE).all():
        return
    old = (to_millis(rows["created_at"]) - registered) / 86_400_000
    bins = np.where(registered == NONE, 0, np.searchsorted(_AGE_CUTS_DAYS, old, side="right"))
    yield _compared(table, "age", bins, days, day)


def _filled(table: str, column: str, rows: pa.Table, today: np.ndarray) -> Row:
    there = rows[column].is_valid().to_numpy(zero_copy_only=False).astype(bool)
    own, usual = float(there[today].mean()), float(there[~today].mean())
    # three standard errors of a share of today's rows: small days flicker
    flag = abs(own - usual) > max(FILLED_GAP, 3 * np.sqrt(usual * (1 - usual) / today.sum()))
    return (table, f"filled: {column}", round(own, 6), round(usual, 6), None, None, bool(flag))
