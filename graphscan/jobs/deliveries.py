"""Deliveries: new files of the dataset folders, each read once, its rows laid into the days they belong to.

In: dataset folders and the register. Out: the register with the new parts, saved once a delivery day: kill the process at any point, and
either all files of that day are in or none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
import pyarrow as pa

from graphscan.intake.clock import Clock
from graphscan.intake.files import Source, find_sources
from graphscan.intake.reader import read_source
from graphscan.intake.rows import reading
from graphscan.jobs.config import JobConfig
from graphscan.jobs.days import DATED, action_days, by_day, days_of, merged, sweep
from graphscan.jobs.erased import without_accounts
from graphscan.jobs.pseudonyms import Pseudonyms
from graphscan.jobs.register import Delivery, Register
from graphscan.jobs.state import State, pass_order
from graphscan.progress import Progress
from graphscan.publishing import sha256_of
from graphscan.tables import input_table

UNDATED = "9999"
"""Sorts files without a partition behind those with one."""


@dataclass(frozen=True)
class _File:
    source: Source
    name: str
    digest: str

    @property
    def day(self) -> str:
        """The partition's day, where there is one."""
        return dict(self.source.partition).get("date", "")


def take_in(
    state: State, config: JobConfig, register: Register, pseudonyms: Pseudonyms | None, progress: Progress
) -> None:
    """Read every file that was not taken before; rows land in the days of their times.

    Raises
    ------
    InputError
        When a file cannot be read as it is; days before it are in, it and its day's other files are not.
    """
    sweep(state, register.parts)
    files = sorted(_new_files(config, register, progress), key=lambda f: (f.day or UNDATED, f.name))
    for day, group in groupby(files, key=lambda f: f.day):
        progress.step(f"taking in {day or 'files without a day'}")
        _take(state, config, register, list(group), pseudonyms)
        register.save(state)
        sweep(state, register.parts)


def _new_files(config: JobConfig, register: Register, progress: Progress) -> Iterator[_File]:
    known = {(d.name, d.sha256) for d in register.deliveries}
    sources = [(n, s) for n, folder in enumerate(config.datasets) for s in find_sources(folder)]
    progress.step("looking for new files", len(sources))
    for number, source in sources:
        file = _File(source, f"{number}/{source.name}", _digest(source))
        if (file.name, file.digest) not in known:
            yield file
        progress.advance()


def _digest(source: Source) -> str:
    """Return the hash of a file's content and of what its folders say of declared columns."""
    with reading(source):
        content = sha256_of(source.path)
    said = [(k, v) for k, v in source.partition if k in {c.name for c in input_table(source.table).columns}]
    return hashlib.sha256(json.dumps([source.table, content, said]).encode()).hexdigest()


@dataclass
class _Group:
    """The files of one delivery day while they are read."""

    rows: dict[tuple[str, str], list[tuple[int, pa.Table]]] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)


def _take(
    state: State, config: JobConfig, register: Register, files: list[_File], pseudonyms: Pseudonyms | None
) -> None:
    group, known = _Group(), {d.sha256 for d in register.deliveries}
    clock = Clock(config.run_settings.timezone, config.run_settings.epoch_unit)
    dated_first = sorted(files, key=lambda f: f.source.table not in DATED)
    for file in dated_first:
        if file.digest in known:
            group.deliveries.append(Delivery(file.source.table, file.name, file.digest, repeated=True))
            continue
        known.add(file.digest)
        _read(config, state, register, file, pseudonyms, clock, group)
    for (table, day), several in sorted(group.rows.items()):
        for number, rows in several:
            part, equal, different = merged(state, register.parts, table, day, rows)
            register.parts.setdefault(table, {})[day] = part
            told = group.deliveries[number]
            group.deliveries[number] = replace(told, equal=told.equal + equal, different=told.different + different)
    register.deliveries += group.deliveries


def _read(
    config: JobConfig,
    state: State,
    register: Register,
    file: _File,
    pseudonyms: Pseudonyms | None,
    clock: Clock,
    group: _Group,
) -> None:
    table = input_table(file.source.table)
    admitted, unknown = read_source(file.source, clock)
    rows = pseudonyms.rows(admitted.rows, table) if pseudonyms else admitted.rows
    kept = without_accounts(rows, table, register.erased)
    days = days_of(kept, table, config.day_timezone, file.day or _newest(register, group))
    standing = days >= register.purged_before
    last = state.last_pass()
    told = Delivery(
        table.name,
        file.name,
        file.digest,
        admitted.tally.read,
        admitted.tally.set_aside,
        dict(admitted.tally.counts),
        unknown,
        late=_late(days[standing], pass_order(last)[0]) if last and table.name in DATED else {},
        erased=rows.num_rows - kept.num_rows,
        expired=int((~standing).sum()),
    )
    number = len(group.deliveries)
    group.deliveries.append(told)
    for day, part in by_day(kept.filter(pa.array(standing)), days[standing]):
        group.rows.setdefault((table.name, day), []).append((number, part))


def _newest(register: Register, group: _Group) -> str:
    """Return the newest day known so far, which rows of an undated table without a partition come with."""
    taken = {day for table, day in group.rows if table in DATED}
    return max([*action_days(register.parts), *taken], default="1970-01-01")


def _late(days: np.ndarray, last: str) -> dict[str, int]:
    """Return by day how many rows belong to a day whose pass is over."""
    found, counts = np.unique(days[days <= last], return_counts=True)
    return {str(day): int(count) for day, count in zip(found, counts, strict=True)}
