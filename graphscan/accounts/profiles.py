"""Profiles: counts and times of each account's own actions, and whether it had a life before the window.

In: dataset and accounts. Out: columns of :data:`graphscan.tables.ACCOUNT_RESULTS`, in the order of the accounts' codes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphscan.behaviours.accounts import UNKNOWN_MS, Accounts, codes_of, milliseconds
from graphscan.behaviours.actions import Ints
from graphscan.intake.columns import slices
from graphscan.intake.dataset import Dataset

HISTORIES = ("before", "none", "unknown")
"""A life before the window, none before it, or not known."""

_COUNTED = {"notes": "notes", "comments": "comments", "messages": "chat_messages", "interactions": "interactions"}


def profile(dataset: Dataset, accounts: Accounts) -> dict[str, pa.Array]:
    """Return the profile columns: counts per table, first and last action, registration, history."""
    n = len(accounts)
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, UNKNOWN_MS)
    columns: dict[str, pa.Array] = {}
    total = np.zeros(n, np.int64)
    for column, table in _COUNTED.items():
        counts = np.zeros(n, np.int64)
        if table in dataset.tables:
            codes, times = codes_of(dataset, accounts, table), dataset.tables[table].column("created_at")
            for piece in slices(len(codes)):
                who, at = codes[piece], milliseconds(times[piece])
                counts += np.bincount(who, minlength=n)
                np.minimum.at(first, who, at)
                np.maximum.at(last, who, at)
        columns[column] = pa.array(counts, pa.int64())
        total += counts
    acted = total > 0
    return {
        "actions": pa.array(total, pa.int64()),
        **columns,
        "first_at": instants(first, acted),
        "last_at": instants(last, acted),
        "registered_at": instants(accounts.registered_ms, accounts.registered_ms != UNKNOWN_MS),
        "history": pa.array(HISTORIES, pa.string()).take(pa.array(histories(accounts))),
    }


def histories(accounts: Accounts) -> npt.NDArray[np.int8]:
    """The place of each account's history in :data:`HISTORIES`."""
    known = accounts.registered_ms != UNKNOWN_MS
    return np.where(known, np.where(accounts.has_history, np.int8(0), np.int8(1)), np.int8(2))


def instants(ms: Ints, known: np.ndarray) -> pa.Array:
    """Milliseconds as UTC instants; null where not known."""
    return pa.array(ms, pa.int64(), mask=~known).cast(pa.timestamp("ms", tz="UTC"))
