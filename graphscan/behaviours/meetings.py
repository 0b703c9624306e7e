"""Meetings: which accounts acted on the same objects within a window, exactly.

In: actions (account, object, time). Out: all pairs of accounts with at least k distinct common objects, with how often
they met, who was first, and when; for several windows in one pass. The answer does not depend on the order of the
rows, the number of threads or the memory budget: when a task would pass the budget it is cut into blocks of
accounts, which is also how it runs elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from graphscan.behaviours import kernel
from graphscan.behaviours.screening import NO_SCREEN_CUTS, Screen, bound_of, limits_from, no_odds
from graphscan.errors import GraphscanError

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]

_WALK_RATIO = 0.35  # walk the window when it has fewer pairs than this share of tokens; 0.3–3 differ by < 10 %
_BYTES_PER_ACTION = 40  # packed action, list entry, flags and their copies
_BYTES_PER_CANDIDATE = 24  # key, its sorted copy, and the unique ones
_BYTES_PER_COUNT = (
    120  # what is counted per candidate and window (44), its copy without the rejected, and two numbers of chance
)
_CHUNKS = 32
_NO_LIMIT = 1 << 60
SCREENED_PAIRS = 20_000_000
"""Pairs of a log up to which all are formed: half a minute of one core. Above, those that cannot be found are left out."""

_MIN_CANDIDATES = 1 << 16  # below, cutting a task costs more than it saves


@dataclass(frozen=True)
class Meetings:
    """Pairs of accounts that met; one row per pair, one column per window (ascending).

    ``account_a`` < ``account_b`` are account codes, rows are sorted by them. ``objects``: distinct common objects with a
    meeting; ``meetings``: pairs of actions within the window; ``a_first``/``b_first``: meetings in which that account
    was earlier; ``first_ms``/``last_ms``: earliest and latest action of these meetings, -1 where there is none.
    """

    account_a: Codes
    account_b: Codes
    objects: Codes
    meetings: Ints
    a_first: Ints
    b_first: Ints
    first_ms: Ints
    last_ms: Ints

    def __len__(self) -> int:
        return len(self.account_a)

    def where(self, rows: npt.NDArray[np.bool_]) -> Meetings:
        """The chosen rows only."""
        return Meetings(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class _Log:
    """Actions packed and sorted by (object, time), pruned; times are counted from ``origin_ms``."""

    start: Ints
    actions: Keys
    shift: np.uint64
    origin_ms: int
    n_accounts: int


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
    keep: Callable[[Meetings], Meetings] = lambda batch: batch,
    screen: Screen | None = None,
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
        What to keep of each task's pairs, called once a task, before tasks are joined; tasks are not sorted among each other.
    screen
        Leaves out pairs that cannot be found; looked at where there may be more than :data:`SCREENED_PAIRS`. None: all are yielded.

    Yields
    ------
    Meetings
        Batches in ascending order of (account_a, account_b), so that concatenating them is sorted.

    Raises
    ------
    GraphscanError
        When accounts, objects and the time span do not fit 64 bits together (never on real logs).
    """
    windows = np.unique(np.asarray(windows_ms, np.int64))
    if len(windows) == 0 or windows[0] < 0 or min_objects < 1:
        raise GraphscanError("meetings need at least one window of 0 ms or more, and min_objects of 1 or more")
    if len(account) == 0:
        return
    workers = threads or os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        log = _prune(_pack(account, object_, at_ms), int(windows[-1]), min_objects, pool)
        limit = max(_MIN_CANDIDATES, memory_bytes // 2 // (_BYTES_PER_CANDIDATE + len(windows) * _BYTES_PER_COUNT))
        blocks = _account_blocks(log, memory_bytes)
        search = _Search(windows, min_objects, limit, pool, no_odds(log.n_accounts, len(windows)), NO_SCREEN_CUTS)
        if screen is not None:
            search = _screened(search, log, blocks, screen)
        done, total = 0, len(blocks) * (len(blocks) + 1) // 2
        for i, rows in enumerate(blocks):
            batches = []
            for columns in blocks[i:]:
                batches += [keep(b) for b in _block_pair(log, rows, columns, search)]
                done += 1
                advance(100 * done // total - 100 * (done - 1) // total)
            yield _merge(batches, len(windows))


def all_meetings(batches: Iterator[Meetings], n_windows: int) -> Meetings:
    """Concatenate the batches of :func:`find_meetings`; of shape (0, n_windows) when there are none."""
    return _merge(list(batches), n_windows)


def _pack(account: Codes, object_: Codes, at_ms: Ints) -> _Log:
    if np.any(at_ms[1:] < at_ms[:-1]):
        order = np.argsort(at_ms, kind="stable")
        account, object_, at_ms = account[order], object_[order], at_ms[order]
    origin, n_accounts, n_objects = int(at_ms[0]), int(account.max()) + 1, int(object_.max()) + 1
    time_bits = max(1, (int(at_ms[-1]) - origin).bit_length())
    code_bits = max(n_accounts.bit_length(), n_objects.bit_length())
    if time_bits + code_bits > 63:
        raise GraphscanError(
            f"a log of {n_accounts:,} accounts, {n_objects:,} objects and {2**time_bits:,} ms does not fit 63 bits"
        )
    shift = np.uint64(time_bits)
    start, actions = kernel.sort_by_object(object_, account, at_ms - origin, n_objects, shift)
    return _Log(start, actions, shift, origin, n_accounts)


def _prune(log: _Log, window: int, min_objects: int, pool: ThreadPoolExecutor) -> _Log:
    """Drop, without loss, actions that meet nobody and accounts with too few objects left; twice (the gain is there)."""
    start, actions = log.start, log.actions
    for _ in range(2):
        met = _met(start, actions, log.shift, window, pool)
        start, kept = kernel.drop_idle(start, actions, log.shift, met, log.n_accounts, min_objects)
        actions = actions[:kept]
    return _Log(start, actions.copy(), log.shift, log.origin_ms, log.n_accounts)


def _met(start: Ints, actions: Keys, shift: np.uint64, window: int, pool: ThreadPoolExecutor) -> npt.NDArray[np.bool_]:
    """Whether another account's action on the same object lies within the window, per action."""
    met = np.empty(len(actions), np.bool_)
    list(pool.map(lambda chunk: kernel.mark_met(start, actions, shift, window, met, *chunk), _chunks(np.diff(start))))
    return met


def _account_blocks(log: _Log, memory_bytes: int) -> list[tuple[int, int]]:
    """Ranges of account codes of about equal numbers of actions, so that two of them fit the budget."""
    n_blocks = max(1, -(-2 * len(log.actions) * _BYTES_PER_ACTION // memory_bytes))
    if n_blocks == 1:
        return [(0, log.n_accounts)]
    actions_of = np.bincount((log.actions >> log.shift).astype(np.int64), minlength=log.n_accounts)
    return _chunks(actions_of, n_blocks)


@dataclass(frozen=True)
class _Search:
    """What is looked for: windows, objects a pair needs, keys a task may hold, threads; what chance expects, and the cuts."""

    windows: Ints
    least: int
    limit: int
    pool: ThreadPoolExecutor
    odds: tuple[npt.NDArray[np.float64], Codes, Codes, npt.NDArray[np.float64]]
    cuts: npt.NDArray[np.float64]


def _screened(search: _Search, log: _Log, blocks: list[tuple[int, int]], screen: Screen) -> _Search:
    """The same search, of those pairs only that could be found, where there may be very many of the others.

    Two objects make a pair, so no more pairs than half the pairs of actions can be found; counting those that pass stricter
    and stricter limits, without forming any, gives the limit that is used.
    """
    most = int(_window_pairs(log, int(search.windows[-1]), search.pool).sum()) // 2
    if most <= SCREENED_PAIRS:
        return search
    limits = limits_from(screen.bound(most))
    counting = replace(search, odds=screen.odds, cuts=screen.cuts(limits), limit=_NO_LIMIT)
    histogram = np.zeros(len(limits) + 1, np.int64)
    for i, rows in enumerate(blocks):
        for columns in blocks[i:]:
            task = _task(log, rows, columns, counting)
            if task is not None:
                histogram += _histogram(task, counting)
    passed = np.cumsum(histogram[::-1])[::-1][1:]
    limit = bound_of(screen, limits, passed)
    return replace(search, odds=screen.odds, cuts=screen.cuts(np.array([limit])))


def _block_pair(log: _Log, rows: tuple[int, int], columns: tuple[int, int], search: _Search) -> Iterator[Meetings]:
    """All pairs with one account in each block; cut in four (three on the diagonal) when they pass the limit."""
    task = _task(log, rows, columns, search)
    if task is None:
        return
    found = _pairs_of(task, search)
    if found is not None:
        yield found
        return
    halves = [(r, c) for r in _halves(rows) for c in _halves(columns) if rows != columns or r <= c]
    for r, c in halves:
        yield from _block_pair(log, r, c, search)


def _rest(log: _Log) -> tuple[np.uint64, int, int]:
    return log.shift, log.origin_ms, log.n_accounts


def _halves(block: tuple[int, int]) -> list[tuple[int, int]]:
    middle = (block[0] + block[1]) // 2
    return [block] if middle == block[0] else [(block[0], middle), (middle, block[1])]


@dataclass(frozen=True)
class _Task:
    """The actions of two blocks of accounts, in the order in which they are searched.

    ``ranked``: objects from hot to cold; ``begin``, ``lists``: each account's actions, hot objects first; ``walks``: per rank,
    whether walking its windows is the cheaper way; ``cost`` per rank.
    """

    log: _Log
    side: npt.NDArray[np.int8]
    ranked: Ints
    begin: Ints
    lists: Keys
    walks: npt.NDArray[np.bool_]
    cost: Ints


def _task(log: _Log, rows: tuple[int, int], columns: tuple[int, int], search: _Search) -> _Task | None:
    """What has to be looked at for pairs with one account in each block; None when that is nothing."""
    side = np.zeros(log.n_accounts, np.int8)
    part = log
    if rows != columns:
        side[rows[0] : rows[1]], side[columns[0] : columns[1]] = 1, 2
    else:
        side[:] = 3
        side[rows[0] : rows[1]] = 0
    if rows != columns or rows != (0, log.n_accounts):
        wanted = (side == 1) | (side == 2) if rows != columns else side == 0
        start, actions = kernel.select_accounts(log.start, log.actions, log.shift, wanted)
        part = _prune(_Log(start, actions, *_rest(log)), int(search.windows[-1]), search.least, search.pool)
    if len(part.actions) == 0:
        return None
    per_object = np.diff(part.start)
    ranked = np.argsort(-per_object, kind="stable")[: int((per_object > 0).sum())]
    begin, lists, tokens = kernel.list_by_account(part.start, part.actions, part.shift, ranked, part.n_accounts)
    walk_cost = _window_pairs(part, int(search.windows[-1]), search.pool)[ranked]
    walks = walk_cost <= _WALK_RATIO * tokens if search.least >= 2 else np.ones(len(ranked), np.bool_)
    cost = np.where(walks, 3 * walk_cost, tokens) + per_object[ranked]
    return _Task(part, side, ranked, begin, lists, walks, cost)


def _window_pairs(log: _Log, window: int, pool: ThreadPoolExecutor) -> Ints:
    """Pairs of actions inside the window, per object."""
    per_object = np.diff(log.start)
    pairs = np.zeros(len(per_object), np.int64)
    list(
        pool.map(
            lambda c: kernel.count_window_pairs(log.start, log.actions, log.shift, window, pairs, *c),
            _chunks(per_object),
        )
    )
    return pairs


def _pairs_of(task: _Task, search: _Search) -> Meetings | None:
    """The pairs of one task, or None when their candidates pass the limit (and the task can still be cut)."""
    splittable = int((np.diff(task.begin) > 0).sum()) > 2
    keys = _candidates(task, replace(search, limit=search.limit if splittable else _NO_LIMIT))
    return None if keys is None else _count(task, keys, search)


def _candidates(task: _Task, search: _Search) -> Keys | None:
    chunks = _chunks(task.cost)
    # all chunks may be held at once: together they stay near the limit
    share = max(2 * search.limit // max(len(chunks), 1), 1)
    found, n = [], 0
    for keys, whole, _ in search.pool.map(lambda c: _searched(task, search, share, c), chunks):
        n += len(keys)
        if not whole or n > search.limit:
            return None
        found.append(keys)
    merged = np.concatenate(found)
    merged.sort()
    return merged[np.r_[True, merged[1:] != merged[:-1]]] if len(merged) else merged


def _histogram(task: _Task, search: _Search) -> Ints:
    """In how many ways how many of the search's cuts are passed; with two cuts or more nothing is kept."""
    found = search.pool.map(lambda c: _searched(task, search, _NO_LIMIT, c)[2], _chunks(task.cost))
    total: Ints = np.sum(list(found), axis=0)
    return total


def _searched(task: _Task, search: _Search, limit: int, chunk: tuple[int, int]) -> tuple[Keys, bool, Ints]:
    log, histogram = task.log, np.zeros(len(search.cuts) + 1, np.int64)
    where = (log.start, log.actions, log.shift, task.ranked, task.begin, task.lists, task.walks, task.side)
    what = (search.windows, search.least, search.odds, search.cuts, limit, histogram)
    keys, whole = kernel.find_candidates(*where, *what, *chunk)
    return keys.copy(), whole, histogram


def _count(task: _Task, keys: Keys, search: _Search) -> Meetings:
    shape = (len(keys), len(search.windows))
    objects = np.zeros(shape, np.int32)
    meetings, a_first, b_first, first, last = (np.zeros(shape, np.int64) for _ in range(5))
    tables = (objects, meetings, a_first, b_first, first, last)
    lists = (task.begin, task.lists, task.log.shift)
    list(
        search.pool.map(
            lambda c: kernel.count_exactly(keys, *lists, search.windows, *tables, *c),
            _chunks(np.ones(len(keys), np.int64)),
        )
    )
    for times in (first, last):
        times[times >= 0] += task.log.origin_ms
    low = (keys >> np.uint64(32)).astype(np.int32)
    high = (keys & np.uint64(0xFFFFFFFF)).astype(np.int32)
    return Meetings(low, high, *tables).where(objects[:, -1] >= search.least)


def _merge(batches: list[Meetings], n_windows: int) -> Meetings:
    if not batches:
        none = np.zeros((0, n_windows), np.int64)
        codes = np.zeros(0, np.int32)
        return Meetings(codes, codes, none.astype(np.int32), none, none, none, none, none)
    joined = Meetings(*(np.concatenate([getattr(b, name) for b in batches]) for name in Meetings.__dataclass_fields__))
    if len(batches) == 1:
        return joined
    order = np.lexsort((joined.account_b, joined.account_a))
    return Meetings(*(getattr(joined, name)[order] for name in Meetings.__dataclass_fields__))


def _chunks(cost: Ints, n: int = _CHUNKS) -> list[tuple[int, int]]:
    """Cut positions into at most ``n`` ranges of about equal cost."""
    total = np.cumsum(cost.astype(np.float64) + 1)
    if len(total) == 0:
        return []
    cuts = np.searchsorted(total, np.linspace(0, total[-1], n + 1)[1:-1])
    edges = np.unique(np.concatenate([[0], cuts, [len(cost)]]))
    return [(int(a), int(b)) for a, b in pairwise(edges)]
