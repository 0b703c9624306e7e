"""Meetings: which accounts acted on the same objects within a window, exactly.

In: actions (account, object, time). Out: all pairs of accounts with at least k distinct common objects, with how often
they met, who was first, and when; for several windows in one pass. The answer does not depend on the order of the
rows, the number of threads, the memory budget or the engine: when a task would pass the budget it is cut into blocks of
accounts, which is also how it runs elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

import numpy as np

from graphscan.behaviours.screening import NO_SCREEN_CUTS, Screen, bound_of, limits_from, no_odds
from graphscan.behaviours.searching import (
    Block,
    Codes,
    Ints,
    Log,
    Meetings,
    Noted,
    Search,
    account_blocks,
    counts_between,
    kept_of,
    merged,
    pack,
    pairs_between,
    pairs_noted,
    prune,
    task_limits,
    window_pairs,
)
from graphscan.errors import GraphscanError

__all__ = ["Batch", "Engine", "Local", "Meetings", "all_meetings", "find_meetings", "search_meetings"]

SCREENED_PAIRS = 20_000_000
"""Pairs of a log up to which all are formed: half a minute of one core. Above, those that cannot be found are left out."""

Keep = Callable[[Meetings], Meetings]
BlockPair = tuple[Block, Block]


class Batch(NamedTuple):
    """Some pairs that met. ``weighed``: of how many they are what was kept.

    Where the search was ``screened``, these are not all that met: some of the pairs that could not be found were not formed, and which
    depends on how the work was cut.
    """

    weighed: int
    screened: bool
    pairs: Meetings


class Engine(Protocol):
    """Where the tasks of a search run; each task is the pairs across two blocks of accounts (or inside one)."""

    @property
    def threads(self) -> int:
        """Threads that one task has."""

    @property
    def blocks(self) -> int:
        """Blocks of accounts that the work is cut into at least."""

    def counts(self, log: Log, tasks: Sequence[BlockPair], search: Search) -> tuple[Ints, Noted | None]:
        """In how many ways how many of the search's cuts are passed, over all tasks, and the pairs if they could be noted."""

    def pairs(
        self, log: Log, tasks: Sequence[BlockPair], search: Search, keep: Keep
    ) -> Iterator[tuple[int, list[Meetings]]]:
        """Per task, in order: how many pairs were found, and what is kept of them."""


@dataclass(frozen=True)
class Local:
    """One task after another on one machine, each by ``threads`` threads."""

    threads: int
    blocks: int = 1

    def counts(self, log: Log, tasks: Sequence[BlockPair], search: Search) -> tuple[Ints, Noted | None]:
        """See :class:`Engine`; pairs are noted where there is one task."""
        one = len(tasks) == 1
        with ThreadPoolExecutor(self.threads) as pool:
            found = [counts_between(log, rows, columns, search, pool, note=one) for rows, columns in tasks]
        return np.sum([counts for counts, _ in found], axis=0), found[0][1]

    def pairs(
        self, log: Log, tasks: Sequence[BlockPair], search: Search, keep: Keep
    ) -> Iterator[tuple[int, list[Meetings]]]:
        """See :class:`Engine`."""
        with ThreadPoolExecutor(self.threads) as pool:
            for rows, columns in tasks:
                yield kept_of(pairs_between(log, rows, columns, search, pool), keep)


def find_meetings(
    account: Codes,
    object_: Codes,
    at_ms: Ints,
    windows_ms: Sequence[int],
    min_objects: int = 2,
    *,
    memory_bytes: int = 8 * 10**9,
    threads: int = 0,
    advance: Callable[[int], None] = lambda share: None,
    keep: Keep = lambda batch: batch,
) -> Iterator[Meetings]:
    """Yield every pair of accounts with at least ``min_objects`` common objects within the widest window.

    Parameters
    ----------
    account, object_
        Codes from 0 up, one per action.
    at_ms
        Instants in milliseconds, any order.
    windows_ms
        Window lengths in milliseconds; two actions meet when they are at most this far apart (inclusive).
    min_objects
        Distinct objects that a pair needs within the widest window, at least 1.
    memory_bytes
        Budget for the working arrays; results and the input come on top.
    advance
        Called with whole percents of the work done.
    keep
        What to keep of some of a task's pairs, row by row; called as often as the budget needs, before tasks are joined.

    Yields
    ------
    Meetings
        Batches in ascending order of (account_a, account_b), so that concatenating them is sorted.

    Raises
    ------
    GraphscanError
        When accounts, objects and the time span do not fit 64 bits together (never on real logs).
    """
    engine = Local(threads or os.cpu_count() or 1)
    columns = (account, object_, at_ms, windows_ms, min_objects)
    found = search_meetings(
        *columns, engine, memory_bytes=memory_bytes, threads=engine.threads, advance=advance, keep=keep
    )
    yield from (batch.pairs for batch in found)


def search_meetings(
    account: Codes,
    object_: Codes,
    at_ms: Ints,
    windows_ms: Sequence[int],
    min_objects: int,
    engine: Engine,
    *,
    memory_bytes: int = 8 * 10**9,
    threads: int = 1,
    advance: Callable[[int], None] = lambda share: None,
    keep: Keep = lambda batch: batch,
    screen: Screen | None = None,
) -> Iterator[Batch]:
    """The same as :func:`find_meetings` on any engine; see :class:`Batch`.

    Parameters
    ----------
    threads
        Threads of this process, which prepares the log for all tasks.
    screen
        Leaves out pairs that cannot be found; looked at where there may be more than :data:`SCREENED_PAIRS`. None: all are formed.
    """
    windows = np.unique(np.asarray(windows_ms, np.int64))
    if len(windows) == 0 or windows[0] < 0 or min_objects < 1:
        raise GraphscanError("meetings need at least one window of 0 ms or more, and min_objects of 1 or more")
    if len(account) == 0:
        return
    with ThreadPoolExecutor(threads) as pool:
        log = prune(pack(account, object_, at_ms), int(windows[-1]), min_objects, pool)
        blocks = account_blocks(log, memory_bytes, engine.blocks)
        odds = no_odds(log.n_accounts, len(windows))
        search = Search(windows, min_objects, *task_limits(memory_bytes, len(windows)), odds, NO_SCREEN_CUTS)
        tasks = [(rows, columns) for i, rows in enumerate(blocks) for columns in blocks[i:]]
        noted = None
        if screen is not None:
            search, noted = _screened(search, log, tasks, screen, engine, pool)
    found = engine.pairs(log, tasks, search, keep) if noted is None else _of_noted(noted, search, keep, threads)
    del noted
    met, batches = 0, list[Meetings]()
    for done, ((_, columns), (n, kept)) in enumerate(zip(tasks, found, strict=True), 1):
        met += n
        batches += kept
        kept.clear()  # held once only
        advance(100 * done // len(tasks) - 100 * (done - 1) // len(tasks))
        if columns == blocks[-1]:  # the last task of this block of rows
            yield Batch(met, search.cuts is not NO_SCREEN_CUTS, merged(batches, len(windows)))
            met, batches = 0, []


def all_meetings(batches: Iterator[Meetings], n_windows: int) -> Meetings:
    """Concatenate the batches of :func:`find_meetings`; of shape (0, n_windows) when there are none."""
    return merged(list(batches), n_windows)


def _screened(
    search: Search, log: Log, tasks: Sequence[BlockPair], screen: Screen, engine: Engine, pool: ThreadPoolExecutor
) -> tuple[Search, Noted | None]:
    """The same search, of those pairs only that could be found, where there may be very many of the others.

    Two objects make a pair, so no more pairs than half the pairs of actions can be found; counting those that pass stricter
    and stricter limits gives the limit that is used. Those that pass the loosest are given too, where the engine noted them.
    """
    most = int(window_pairs(log, int(search.windows[-1]), pool).sum()) // 2
    if most <= SCREENED_PAIRS:
        return search, None
    limits = limits_from(screen.bound(most))
    histogram, noted = engine.counts(log, tasks, replace(search, odds=screen.odds, cuts=screen.cuts(limits)))
    passed = np.cumsum(histogram[::-1])[::-1][1:]
    limit = bound_of(screen, limits, passed)
    return replace(search, odds=screen.odds, cuts=screen.cuts(np.array([limit]))), noted


def _of_noted(noted: Noted, search: Search, keep: Keep, threads: int) -> Iterator[tuple[int, list[Meetings]]]:
    """What :meth:`Engine.pairs` gives for one task, of the pairs that were noted."""
    with ThreadPoolExecutor(threads) as pool:
        yield kept_of(pairs_noted(noted, search, pool), keep)
