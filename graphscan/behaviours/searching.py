"""Searching: what one task of the meetings stage does, wherever it runs: the pairs across two blocks of accounts.

In: a packed log and what is looked for. Out: :class:`Meetings`, or how many pairs pass which limit.
:mod:`graphscan.behaviours.meetings` is the way in; engines call :func:`pairs_between` and :func:`counts_between`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from graphscan.behaviours import kernel
from graphscan.errors import GraphscanError

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]
Block = tuple[int, int]

_WALK_RATIO = 0.35  # walk the window when it has fewer pairs than this share of tokens; 0.3–3 differ by < 10 %
_BYTES_PER_ACTION = 40  # packed action, list entry, flags and their copies
_BYTES_PER_CANDIDATE = 24  # key, its sorted copy, and the unique ones
_BYTES_PER_COUNT = (
    120  # what is counted per candidate and window (44), its copy without the rejected, and two numbers of chance
)
_CHUNKS = 32
_NO_LIMIT = 1 << 60
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
class Log:
    """Actions packed and sorted by (object, time), pruned; times are counted from ``origin_ms``."""

    start: Ints
    actions: Keys
    shift: np.uint64
    origin_ms: int
    n_accounts: int


@dataclass(frozen=True)
class Search:
    """What is looked for: windows, objects a pair needs, keys a task may hold; what chance expects, and the cuts."""

    windows: Ints
    least: int
    limit: int
    odds: tuple[npt.NDArray[np.float64], Codes, Codes, npt.NDArray[np.float64]]
    cuts: npt.NDArray[np.float64]


def pack(account: Codes, object_: Codes, at_ms: Ints, n_accounts: int = 0) -> Log:
    """Return the actions sorted by (object, time); GraphscanError when their codes and times do not fit 63 bits together.

    ``n_accounts``: how many codes of accounts there are, where more are than act here.
    """
    if np.any(at_ms[1:] < at_ms[:-1]):
        order = np.argsort(at_ms, kind="stable")
        account, object_, at_ms = account[order], object_[order], at_ms[order]
    origin, n_objects = int(at_ms[0]), int(object_.max()) + 1
    n_accounts = max(n_accounts, int(account.max()) + 1)
    time_bits = max(1, (int(at_ms[-1]) - origin).bit_length())
    code_bits = max(n_accounts.bit_length(), n_objects.bit_length())
    if time_bits + code_bits > 63:
        raise GraphscanError(
            f"a log of {n_accounts:,} accounts, {n_objects:,} objects and {2**time_bits:,} ms does not fit 63 bits"
        )
    shift = np.uint64(time_bits)
    actions = np.empty(len(account), np.uint64)  # made here, not in the kernel: numpy asks for huge pages
    start = kernel.sort_by_object(object_, account, at_ms, origin, n_objects, shift, actions)
    return Log(start, actions, shift, origin, n_accounts)


def prune(log: Log, window: int, min_objects: int, pool: ThreadPoolExecutor) -> Log:
    """Drop, without loss, actions that meet nobody and accounts with too few objects left; twice (the gain is there)."""
    start, actions = log.start, log.actions
    for _ in range(2):
        met = _met(start, actions, log.shift, window, pool)
        start, kept = kernel.drop_idle(start, actions, log.shift, met, log.n_accounts, min_objects)
        actions = actions[:kept]
    return Log(start, actions.copy(), log.shift, log.origin_ms, log.n_accounts)


def _met(start: Ints, actions: Keys, shift: np.uint64, window: int, pool: ThreadPoolExecutor) -> npt.NDArray[np.bool_]:
    """Whether another account's action on the same object lies within the window, per action."""
    met = np.empty(len(actions), np.bool_)
    list(pool.map(lambda chunk: kernel.mark_met(start, actions, shift, window, met, *chunk), _chunks(np.diff(start))))
    return met


def task_limit(memory_bytes: int, n_windows: int) -> int:
    """Return how many keys a task may hold."""
    return max(_MIN_CANDIDATES, memory_bytes // 2 // (_BYTES_PER_CANDIDATE + n_windows * _BYTES_PER_COUNT))


def account_blocks(log: Log, memory_bytes: int, least: int = 1) -> list[Block]:
    """Ranges of account codes of about equal numbers of actions: at least so many, and so that two of them fit the budget."""
    n_blocks = max(least, -(-2 * len(log.actions) * _BYTES_PER_ACTION // memory_bytes))
    if n_blocks == 1:
        return [(0, log.n_accounts)]
    actions_of = np.bincount((log.actions >> log.shift).astype(np.int64), minlength=log.n_accounts)
    return _chunks(actions_of, n_blocks)


def pairs_between(
    log: Log, rows: Block, columns: Block, search: Search, pool: ThreadPoolExecutor
) -> Iterator[Meetings]:
    """All pairs with one account in each block; cut in four (three on the diagonal) when they pass the limit."""
    task = _task(log, rows, columns, search, pool)
    if task is None:
        return
    found = _pairs_of(task, search, pool)
    if found is not None:
        yield found
        return
    halves = [(r, c) for r in _halves(rows) for c in _halves(columns) if rows != columns or r <= c]
    for r, c in halves:
        yield from pairs_between(log, r, c, search, pool)


def counts_between(log: Log, rows: Block, columns: Block, search: Search, pool: ThreadPoolExecutor) -> Ints:
    """In how many ways how many of the search's cuts are passed; with two cuts or more nothing is kept."""
    task = _task(log, rows, columns, search, pool)
    if task is None:
        return np.zeros(len(search.cuts) + 1, np.int64)
    found = pool.map(lambda c: _searched(task, search, _NO_LIMIT, c)[2], _chunks(task.cost))
    total: Ints = np.sum(list(found), axis=0)
    return total


def _rest(log: Log) -> tuple[np.uint64, int, int]:
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

    log: Log
    side: npt.NDArray[np.int8]
    ranked: Ints
    begin: Ints
    lists: Keys
    walks: npt.NDArray[np.bool_]
    cost: Ints


def _task(log: Log, rows: Block, columns: Block, search: Search, pool: ThreadPoolExecutor) -> _Task | None:
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
        part = prune(Log(start, actions, *_rest(log)), int(search.windows[-1]), search.least, pool)
    if len(part.actions) == 0:
        return None
    per_object = np.diff(part.start)
    ranked = np.argsort(-per_object, kind="stable")[: int((per_object > 0).sum())]
    lists = np.empty(len(part.actions), np.uint64)
    begin, tokens = kernel.list_by_account(part.start, part.actions, part.shift, ranked, part.n_accounts, lists)
    walk_cost = window_pairs(part, int(search.windows[-1]), pool)[ranked]
    walks = walk_cost <= _WALK_RATIO * tokens if search.least >= 2 else np.ones(len(ranked), np.bool_)
    cost = np.where(walks, 3 * walk_cost, tokens) + per_object[ranked]
    return _Task(part, side, ranked, begin, lists, walks, cost)


def window_pairs(log: Log, window: int, pool: ThreadPoolExecutor) -> Ints:
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


def _pairs_of(task: _Task, search: Search, pool: ThreadPoolExecutor) -> Meetings | None:
    """The pairs of one task, or None when their candidates pass the limit (and the task can still be cut)."""
    splittable = int((np.diff(task.begin) > 0).sum()) > 2
    keys = _candidates(task, search if splittable else replace(search, limit=_NO_LIMIT), pool)
    return None if keys is None else _count(task, keys, search, pool)


def _candidates(task: _Task, search: Search, pool: ThreadPoolExecutor) -> Keys | None:
    chunks = _chunks(task.cost)
    # all chunks may be held at once: together they stay near the limit
    share = max(2 * search.limit // max(len(chunks), 1), 1)
    found, n = [], 0
    for keys, whole, _ in pool.map(lambda c: _searched(task, search, share, c), chunks):
        n += len(keys)
        if not whole or n > search.limit:
            return None
        found.append(keys)
    together = np.concatenate(found)
    together.sort()
    return together[np.r_[True, together[1:] != together[:-1]]] if len(together) else together


def _searched(task: _Task, search: Search, limit: int, chunk: tuple[int, int]) -> tuple[Keys, bool, Ints]:
    log, histogram = task.log, np.zeros(len(search.cuts) + 1, np.int64)
    where = (log.start, log.actions, log.shift, task.ranked, task.begin, task.lists, task.walks, task.side)
    what = (search.windows, search.least, search.odds, search.cuts, limit, histogram)
    keys, whole = kernel.find_candidates(*where, *what, *chunk)
    return keys.copy(), whole, histogram


def _count(task: _Task, keys: Keys, search: Search, pool: ThreadPoolExecutor) -> Meetings:
    shape = (len(keys), len(search.windows))
    objects = np.zeros(shape, np.int32)
    meetings, a_first, b_first, first, last = (np.zeros(shape, np.int64) for _ in range(5))
    tables = (objects, meetings, a_first, b_first, first, last)
    lists = (task.begin, task.lists, task.log.shift)
    list(
        pool.map(
            lambda c: kernel.count_exactly(keys, *lists, search.windows, *tables, *c),
            _chunks(np.ones(len(keys), np.int64)),
        )
    )
    for times in (first, last):
        times[times >= 0] += task.log.origin_ms
    low = (keys >> np.uint64(32)).astype(np.int32)
    high = (keys & np.uint64(0xFFFFFFFF)).astype(np.int32)
    found, enough = Meetings(low, high, *tables), objects[:, -1] >= search.least
    return found if enough.all() else found.where(enough)


def merged(batches: list[Meetings], n_windows: int) -> Meetings:
    """Return all batches as one, sorted; of shape (0, n_windows) when there are none."""
    if not batches:
        none = np.zeros((0, n_windows), np.int64)
        codes = np.zeros(0, np.int32)
        return Meetings(codes, codes, none.astype(np.int32), none, none, none, none, none)
    if len(batches) == 1:
        return batches[0]
    joined = Meetings(*(np.concatenate([getattr(b, name) for b in batches]) for name in Meetings.__dataclass_fields__))
    order = np.argsort(joined.account_a.astype(np.int64) << 32 | joined.account_b)
    return Meetings(*(getattr(joined, name)[order] for name in Meetings.__dataclass_fields__))


def _chunks(cost: Ints, n: int = _CHUNKS) -> list[tuple[int, int]]:
    """Cut positions into at most ``n`` ranges of about equal cost."""
    total = np.cumsum(cost.astype(np.float64) + 1)
    if len(total) == 0:
        return []
    cuts = np.searchsorted(total, np.linspace(0, total[-1], n + 1)[1:-1])
    edges = np.unique(np.concatenate([[0], cuts, [len(cost)]]))
    return [(int(a), int(b)) for a, b in pairwise(edges)]
