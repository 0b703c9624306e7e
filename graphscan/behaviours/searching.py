"""Searching: what one task of the meetings stage does, wherever it runs: the pairs across two blocks of accounts.

In: a packed log and what is looked for. Out: :class:`Meetings`, or how many pairs pass which limit.
:mod:`graphscan.behaviours.meetings` is the way in; engines call :func:`pairs_between` and :func:`counts_between`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, pairwise, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from graphscan.behaviours import counting_kernel, kernel, sweep_kernel
from graphscan.errors import GraphscanError

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]
Block = tuple[int, int]

# walk the window when it has fewer pairs than this share of tokens: a pair costs 200 ns, a token 36 (70 million actions), but 0.35 takes
# only 14 % longer
_WALK_RATIO = 0.1
_BYTES_PER_ACTION = 40  # packed action, list entry, where and how long, and copies of what is chosen
_BYTES_PER_CANDIDATE = 24  # key, room that is still free beside it, and the sorted ones
_BYTES_PER_COUNT = (
    80  # what is counted per pair and window (44), the accounts, two numbers of chance, a copy of those kept
)
_CHUNKS = 32
_PAIRS_AT_ONCE = 1 << 12  # by one thread: each clears what it marks objects in
_BUCKET_BITS = 10
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
    """What is looked for: windows, objects a pair needs, keys a task may hold and count at once; what chance expects, and the cuts."""

    windows: Ints
    least: int
    limit: int
    counted: int
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
    workspace = np.empty(2 * log.n_accounts, np.int32), np.empty(log.n_accounts, np.bool_)
    for _ in range(2):
        met = _met(start, actions, log.shift, window, pool)
        start, kept = kernel.drop_idle(start, actions, log.shift, met, *workspace, min_objects)
        actions = actions[:kept]
    return Log(start, actions.copy(), log.shift, log.origin_ms, log.n_accounts)


def _met(start: Ints, actions: Keys, shift: np.uint64, window: int, pool: ThreadPoolExecutor) -> npt.NDArray[np.bool_]:
    """Whether another account's action on the same object lies within the window, per action."""
    met = np.empty(len(actions), np.bool_)
    list(pool.map(lambda chunk: kernel.mark_met(start, actions, shift, window, met, *chunk), _chunks(np.diff(start))))
    return met


def task_limits(memory_bytes: int, n_windows: int) -> tuple[int, int]:
    """Return how many keys a task may hold (half the memory), and how many of them may be counted at once (an eighth: beside the keys)."""
    return (
        max(_MIN_CANDIDATES, memory_bytes // 2 // _BYTES_PER_CANDIDATE),
        max(_MIN_CANDIDATES, memory_bytes // 8 // (n_windows * _BYTES_PER_COUNT)),
    )


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
    keys = _candidates(task, search, pool)
    if keys is not None:
        for first, stop in _pieces(len(keys), search.counted):
            yield _count(task, keys[first:stop], search, pool)
        return
    del task  # its arrays are not needed while its parts are looked at
    halves = [(r, c) for r in _halves(rows) for c in _halves(columns) if rows != columns or r <= c]
    for r, c in halves:
        yield from pairs_between(log, r, c, search, pool)


def counts_between(
    log: Log, rows: Block, columns: Block, search: Search, pool: ThreadPoolExecutor, *, note: bool = False
) -> tuple[Ints, Noted | None]:
    """In how many ways how many of the search's cuts (two or more) are passed, and, if asked for, the pairs that pass the first.

    They are noted unless there are more than the search's limit.
    """
    task = _task(log, rows, columns, search, pool)
    if task is None:
        return np.zeros(len(search.cuts) + 1, np.int64), None
    chunks = _chunks(task.cost)
    held = np.zeros(len(chunks), np.int64)
    limit = search.limit if note else -1
    keys, counts = zip(
        *pool.map(lambda c, mine: _searched(task, search, limit, held, mine, c), chunks, count()), strict=True
    )
    total: Ints = np.sum(counts, axis=0)
    if held.sum() > limit:
        return total, None
    return total, Noted(task, _sorted_once(list(keys), task.log.n_accounts, pool))


def pairs_noted(noted: Noted, search: Search, pool: ThreadPoolExecutor) -> Iterator[Meetings]:
    """The noted pairs that pass the search's cut: what :func:`pairs_between` finds, without searching again."""
    for first, stop in _pieces(len(noted.keys), search.counted):
        met = _count(noted.task, noted.keys[first:stop], search, pool)
        passes = np.empty(len(met), np.bool_)
        sweep_kernel.passing(met.account_a, met.account_b, met.objects, search.least, search.odds, search.cuts, passes)
        yield met.where(passes)


def kept_of(batches: Iterator[Meetings], keep: Callable[[Meetings], Meetings]) -> tuple[int, list[Meetings]]:
    """How many pairs the batches have, and what is kept of each."""
    met, kept = 0, []
    for batch in batches:
        met += len(batch)
        kept.append(keep(batch))
    return met, kept


def _rest(log: Log) -> tuple[np.uint64, int, int]:
    return log.shift, log.origin_ms, log.n_accounts


def _halves(block: tuple[int, int]) -> list[tuple[int, int]]:
    middle = (block[0] + block[1]) // 2
    return [block] if middle == block[0] else [(block[0], middle), (middle, block[1])]


@dataclass(frozen=True)
class _Task:
    """The actions of two blocks of accounts, in the order in which they are searched.

    ``ranked``: objects from hot to cold; ``begin``, ``lists``: each account's actions, hot objects first, and a short code for each;
    ``where``, ``hotter``: per action, where its account's list begins, and how many actions on hotter objects are there; ``walks``: per
    rank, whether walking its windows is the cheaper way; ``side``: which block an account is of, empty where there is one only;
    ``cost`` per rank.
    """

    log: Log
    ranked: Ints
    begin: Ints
    lists: Keys
    codes: npt.NDArray[np.uint16]
    where: npt.NDArray[Any]
    hotter: npt.NDArray[Any]
    walks: npt.NDArray[np.bool_]
    side: npt.NDArray[np.int8]
    cost: Ints


@dataclass(frozen=True)
class Noted:
    """Pairs that pass the loosest of the cuts that were counted, each once, sorted, and what they were found in."""

    task: _Task
    keys: Keys


def _task(log: Log, rows: Block, columns: Block, search: Search, pool: ThreadPoolExecutor) -> _Task | None:
    """What has to be looked at for pairs with one account in each block; None when that is nothing."""
    part, side, window = log, np.zeros(0, np.int8), int(search.windows[-1])
    if rows != columns or rows != (0, log.n_accounts):
        of = np.zeros(log.n_accounts, np.int8)
        of[rows[0] : rows[1]], of[columns[0] : columns[1]] = 1, 2
        part = prune(_chosen(log, of > 0), window, search.least, pool)
        side = of if rows != columns else side
    if len(part.actions) == 0:
        return None
    per_object = np.diff(part.start)
    ranked = np.argsort(-per_object, kind="stable")[: int((per_object > 0).sum())]
    n, n_accounts = len(part.actions), part.n_accounts
    begin, place = np.empty(n_accounts + 1, np.int64), np.empty(n_accounts, np.int64)
    size = np.uint32 if n < 2**32 else np.uint64
    lists, where, hotter = np.empty(n, np.uint64), np.empty(n, size), np.empty(n, size)
    tokens = kernel.list_by_account(part.start, part.actions, part.shift, ranked, begin, place, lists, where, hotter)
    codes = np.empty(n, np.uint16)
    list(
        pool.map(
            lambda c: counting_kernel.code_lists(lists, part.shift, window, codes, *c), _pieces(n, n // _CHUNKS + 1)
        )
    )
    walk_cost = window_pairs(part, window, pool)[ranked]
    walks = walk_cost <= _WALK_RATIO * tokens if search.least >= 2 else np.ones(len(ranked), np.bool_)
    cost = np.where(walks, 5 * walk_cost, tokens) + per_object[ranked]
    return _Task(part, ranked, begin, lists, codes, where, hotter, walks, side, cost)


def _chosen(log: Log, wanted: npt.NDArray[np.bool_]) -> Log:
    """The actions of the wanted accounts."""
    start, actions = kernel.select_accounts(log.start, log.actions, log.shift, wanted)
    return Log(start, actions, *_rest(log))


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


def _candidates(task: _Task, search: Search, pool: ThreadPoolExecutor) -> Keys | None:
    """The candidates of one task, each once, sorted, or None when they pass the limit (and the task can still be cut)."""
    splittable = int((np.diff(task.begin) > 0).sum()) > 2
    limit, chunks = search.limit if splittable else sweep_kernel.NO_LIMIT, _chunks(task.cost)
    held = np.zeros(len(chunks), np.int64)
    found = list(pool.map(lambda c, mine: _searched(task, search, limit, held, mine, c)[0], chunks, count()))
    return None if held.sum() > limit else _sorted_once(found, task.log.n_accounts, pool)


def _searched(task: _Task, search: Search, limit: int, held: Ints, mine: int, chunk: Block) -> tuple[Keys, Ints]:
    """The keys of one range of ranks, and in how many ways how many cuts are passed there."""
    log, histogram = task.log, np.zeros(len(search.cuts) + 1, np.int64)
    free = len(search.cuts) == 1 and bool(np.isposinf(search.cuts).all())
    windows = search.windows[-1:] if free else search.windows
    where = (log.start, log.actions, log.shift, task.ranked, task.lists, task.where, task.hotter, task.walks, task.side)
    what = (windows, search.least, free, search.odds, search.cuts, histogram, np.array([limit >= 0]))
    keys = sweep_kernel.find_candidates(where, what, limit, held, mine, *chunk)
    return keys.copy(), histogram


def _sorted_once(found: list[Keys], n_accounts: int, pool: ThreadPoolExecutor) -> Keys:
    """All keys, each once, sorted: spread over buckets of account_a first, so that each is sorted within the nearest caches."""
    n, shift = sum(map(len, found)), np.uint64(32 + max(n_accounts.bit_length() - _BUCKET_BITS, 0))
    counts = np.zeros((len(found), 1 << _BUCKET_BITS), np.int64)
    list(pool.map(counting_kernel.count_buckets, found, repeat(shift), counts))
    edges = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    places = edges[:-1] + np.cumsum(counts, axis=0) - counts
    keys = np.empty(n, np.uint64)
    list(pool.map(counting_kernel.spread, found, repeat(shift), places, repeat(keys)))
    found.clear()
    list(pool.map(lambda first, stop: keys[first:stop].sort(), edges[:-1], edges[1:]))
    kept = 0
    for first, stop in pairwise(edges.tolist()):
        kept = counting_kernel.move_unique(keys, first, stop, kept)
    return keys[:kept]


def _count(task: _Task, keys: Keys, search: Search, pool: ThreadPoolExecutor) -> Meetings:
    """What is told of the pairs of these keys; those that met on too few objects are left out."""
    n, shape = len(keys), (len(keys), len(search.windows))
    codes = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(shape, np.int32)
    found = Meetings(*codes, *(np.empty(shape, np.int64) for _ in range(5)))
    columns = tuple(getattr(found, name) for name in Meetings.__dataclass_fields__)
    log = (task.begin, task.lists, task.codes, task.log.shift, task.log.origin_ms)
    list(
        pool.map(
            lambda c: counting_kernel.count_exactly(keys, *log, search.windows, columns, *c),
            _pieces(n, max(_PAIRS_AT_ONCE, n // _CHUNKS + 1)),
        )
    )
    enough = found.objects[:, -1] >= search.least
    return found if enough.all() else found.where(enough)


def _pieces(n: int, size: int) -> list[tuple[int, int]]:
    """Cut ``n`` positions into ranges of ``size``."""
    return [(first, min(first + size, n)) for first in range(0, n, size)]


def merged(batches: list[Meetings], n_windows: int) -> Meetings:
    """Return all batches as one, sorted; of shape (0, n_windows) when there are none. Empties ``batches``: see below."""
    if not batches:
        none = np.zeros((0, n_windows), np.int64)
        codes = np.zeros(0, np.int32)
        return Meetings(codes, codes, none.astype(np.int32), none, none, none, none, none)
    if len(batches) == 1:
        return batches.pop()
    names = Meetings.__dataclass_fields__
    parts = [[getattr(b, name) for b in batches] for name in names]
    batches.clear()  # so that of all columns but one there is no second copy
    joined = []
    while parts:
        joined.append(np.concatenate(parts.pop(0)))
    key = joined[0].astype(np.int64) << 32 | joined[1]
    if np.all(key[1:] > key[:-1]):
        return Meetings(*joined)
    order = np.argsort(key)
    return Meetings(*(column[order] for column in joined))


def _chunks(cost: Ints, n: int = _CHUNKS) -> list[tuple[int, int]]:
    """Cut positions into at most ``n`` ranges of about equal cost."""
    total = np.cumsum(cost.astype(np.float64) + 1)
    if len(total) == 0:
        return []
    cuts = np.searchsorted(total, np.linspace(0, total[-1], n + 1)[1:-1])
    edges = np.unique(np.concatenate([[0], cuts, [len(cost)]]))
    return [(int(a), int(b)) for a, b in pairwise(edges)]
