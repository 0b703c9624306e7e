"""Raw pairs: every meeting before any validation, for those who want their own statistics.

In: a dataset folder. Out: one Parquet file in the form of :data:`graphscan.tables.MEETING_PAIRS`, behaviour after behaviour, each sorted by
accounts. Authors count like anyone else here; a run leaves an author's own notes out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.behaviours.accounts import Accounts, list_accounts
from graphscan.behaviours.extraction import extract
from graphscan.behaviours.library import BEHAVIOURS, Behaviour, behaviour
from graphscan.behaviours.meetings import Meetings, find_meetings
from graphscan.errors import SettingsError
from graphscan.intake import Dataset, read_dataset
from graphscan.progress import Progress
from graphscan.publishing import check_free, published
from graphscan.settings import Settings
from graphscan.tables import MEETING_PAIRS

_GROUP_ROWS = 1 << 17  # pairs in a row group of the file: some ten megabytes


def write_pairs(
    path: Path, out: Path, settings: Settings, window_s: float, min_objects: int, progress: Progress
) -> dict[str, int]:
    """Write all pairs with at least ``min_objects`` common objects within ``window_s`` seconds (inclusive).

    Returns the number of pairs of each behaviour that the data can show.

    Raises
    ------
    SettingsError
        For a window below zero, a count below one, or an unknown behaviour.
    """
    if not (math.isfinite(window_s) and 0 <= window_s <= 10**8):
        raise SettingsError(f"--window {window_s:g}: allowed is a number of seconds from 0 to 100000000")
    if min_objects < 1:
        raise SettingsError(f"--min-objects {min_objects}: allowed is a whole number from 1")
    wanted = [behaviour(name) for name in settings.behaviours] or list(BEHAVIOURS)
    check_free(out)
    progress.step("reading")
    dataset = read_dataset(path, timezone=settings.timezone, epoch_unit=settings.epoch_unit, progress=progress)
    accounts = list_accounts(dataset)
    counts: dict[str, int] = {}
    with published(out) as work, pq.ParquetWriter(work, MEETING_PAIRS.schema, compression="zstd") as writer:
        for each in wanted:
            progress.step(f"meetings: {each.name}", 100)
            n = _write(writer, dataset, accounts, each, settings, round(window_s * 1000), min_objects, progress)
            if n is not None:
                counts[each.name] = n
    return counts


def _write(
    writer: pq.ParquetWriter,
    dataset: Dataset,
    accounts: Accounts,
    wanted: Behaviour,
    settings: Settings,
    window_ms: int,
    min_objects: int,
    progress: Progress,
) -> int | None:
    actions = extract(dataset, accounts, wanted, settings)
    if actions is None:
        return None
    batches = find_meetings(
        actions.account,
        actions.object,
        actions.at_ms,
        [window_ms],
        min_objects,
        memory_bytes=settings.memory_bytes(),
        threads=settings.threads,
        advance=progress.advance,
    )
    n = 0
    for table in _even(_as_table(batch, accounts, wanted.name) for batch in batches):
        writer.write_table(table)
        n += table.num_rows
    return n


def _even(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Cut a stream of rows into equal tables (one row group each), however it came: blocks depend on the memory budget."""
    held: list[pa.Table] = []
    n = 0
    for table in tables:
        held.append(table)
        n += table.num_rows
        if n < _GROUP_ROWS:
            continue
        whole = pa.concat_tables(held)
        full = n - n % _GROUP_ROWS
        for first in range(0, full, _GROUP_ROWS):
            yield whole.slice(first, _GROUP_ROWS).combine_chunks()
        held, n = [whole.slice(full)], n - full
    if n:
        yield pa.concat_tables(held).combine_chunks()


def _as_table(batch: Meetings, accounts: Accounts, name: str) -> pa.Table:
    instant = pa.timestamp("ms", tz="UTC")
    columns = [
        accounts.ids.take(pa.array(batch.account_a)),
        accounts.ids.take(pa.array(batch.account_b)),
        pa.array([name], pa.string()).take(pa.array(np.zeros(len(batch), np.int8))),
        *(pa.array(v[:, 0], pa.int64()) for v in (batch.objects, batch.meetings, batch.a_first, batch.b_first)),
        *(pa.array(v[:, 0], pa.int64()).cast(instant) for v in (batch.first_ms, batch.last_ms)),
    ]
    return pa.table(columns, schema=MEETING_PAIRS.schema)
