"""Small datasets told row by row, and times of people and machines, for the tests of this room."""

import numpy as np
import pyarrow as pa

from graphscan.accounts.deeds import Deeds
from graphscan.intake.dataset import Dataset, Quality
from graphscan.tables import input_table

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000
START = 1_772_323_200_000  # 2026-03-01T00:00Z


def dataset(**tables):
    """A dataset from lists of rows; a time is a number of milliseconds, a column not told is null."""
    return Dataset({name: table(name, rows) for name, rows in tables.items()}, Quality())


def table(name, rows):
    declared = input_table(name)
    return pa.table(
        [pa.chunked_array([pa.array([r.get(c.name) for r in rows], c.arrow_type)]) for c in declared.columns],
        schema=declared.schema,
    )


def notes(account, times, **given):
    return [
        {"note_id": f"{account}-n{i}", "account_id": account, "created_at": int(t), **given}
        for i, t in enumerate(times)
    ]


def deeds(*times, source=0, tool=0):
    """Deeds of as many accounts as there are lists of times (ms)."""
    who = np.concatenate([np.full(len(t), i, np.int32) for i, t in enumerate(times)])
    at = np.concatenate([np.sort(np.asarray(t, np.int64)) for t in times])
    n = len(who)
    return Deeds(
        who, at, np.full(n, source, np.int8), np.arange(n, dtype=np.int64), np.full(n, tool, np.int8), len(times)
    )


def poisson(rng, n, mean_ms=HOUR):
    return START + np.cumsum(rng.exponential(mean_ms, n)).astype(np.int64)


def person(rng, days=14, a_day=12, up=8, sleeps=8):
    """Deeds of somebody who is awake from ``up`` for a day less ``sleeps`` hours, in visits of one to four."""
    times = []
    for day in range(days):
        for visit in np.sort(rng.uniform(up, up + 24 - sleeps, rng.poisson(a_day / 2))):
            times += list(START + day * DAY + visit * HOUR + np.cumsum(rng.exponential(2, rng.integers(1, 4))) * MINUTE)
    return np.sort(np.array(times)).astype(np.int64)


def machine(rng, n=100, every=30 * MINUTE, jitter=2 * MINUTE):
    return START + np.arange(n) * every + rng.normal(0, jitter, n).astype(np.int64)
