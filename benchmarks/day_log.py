"""A seeded log of one day of a content platform, in time order, for the speed of the meetings stage.

Columns ``at_ms`` (int64), ``account``, ``object`` (int32). Accounts = actions / 7 with log-normal activity in three sessions a
day; objects = actions / 10 by a shifted Zipf law of exponent 1.1 whose hottest takes over 1 % of all actions; a daily rhythm;
planted groups of 5–500 accounts that act on 3–15 objects within a minute.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DAY_S = 86_400


def write_day(path: Path, n_actions: int, seed: int = 20260310, hottest: float | None = None) -> None:
    """Write the log to a Parquet file; the same bytes for the same size and seed.

    ``hottest``: the share of all actions that go to one object more, whoever acts and whenever; None: no such object.
    """
    rng = np.random.default_rng(seed)
    n_accounts, n_objects = max(n_actions // 7, 100), max(n_actions // 10, 1000)
    account = _who(rng, n_accounts, n_actions)
    at_s = _when(rng, account, n_accounts)
    object_ = _what(rng, len(account), n_objects)
    if hottest is not None:
        object_[rng.random(len(object_)) < hottest] = n_objects
    groups = _groups(rng, n_accounts, n_objects)
    account, object_, at_s = (
        np.concatenate([mine, planted]) for mine, planted in zip((account, object_, at_s), groups, strict=True)
    )
    order = np.argsort(at_s, kind="stable")
    names = rng.permutation(n_accounts).astype(np.int32)
    table = {
        "at_ms": (at_s[order] * 1000).astype(np.int64),
        "account": names[account[order]],
        "object": object_[order].astype(np.int32),
    }
    pq.write_table(pa.table(table), path, compression="zstd")


def _who(rng, n_accounts, n_actions):
    rate = rng.lognormal(0, 1.2, n_accounts)
    return np.repeat(np.arange(n_accounts), rng.poisson(rate * n_actions / rate.sum()))


def _rhythm(rng, n):
    """Times of day: most at 21 h, a second rise at noon, least at 4 h."""
    hour = np.arange(1440) / 60
    weight = 1 + 0.75 * np.cos((hour - 21) / 12 * np.pi) + 0.25 * np.cos((hour - 12.5) / 6 * np.pi)
    rising = np.concatenate([[0], np.cumsum(np.maximum(weight, 0.08))])
    return np.interp(rng.random(n), rising / rising[-1], np.arange(1441) * 60)


def _when(rng, account, n_accounts):
    sessions = _rhythm(rng, 3 * n_accounts)
    begin = sessions[3 * account + rng.integers(0, 3, len(account))]
    return np.mod(begin + rng.exponential(400, len(account)), DAY_S).astype(np.int64)


def _what(rng, n, n_objects, shift=10.5, exponent=0.1):
    low, high = shift**-exponent, (n_objects + shift) ** -exponent
    rank = (low - rng.random(n) * (low - high)) ** (-1 / exponent) - shift
    return np.clip(rank.astype(np.int64), 0, n_objects - 1)


def _groups(rng, n_accounts, n_objects):
    wanted, parts = max(int(n_accounts * 0.004), 100), []
    members = iter(rng.permutation(n_accounts))
    while wanted > 0:
        size = min(int(np.exp(rng.uniform(np.log(5), np.log(500)))), n_accounts // 10)
        group = np.fromiter((next(members) for _ in range(size)), np.int64, size)
        for _ in range(int(rng.integers(3, 16))):
            active = group[rng.random(size) < 0.7]
            at = np.clip(_rhythm(rng, 1)[0] + np.abs(rng.normal(0, 18, len(active))), 0, DAY_S - 1).astype(np.int64)
            parts.append((active, np.full(len(active), rng.integers(n_objects // 20, n_objects)), at))
        wanted -= size
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))
