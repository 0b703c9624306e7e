"""Interest blocks: object-days that the same people act in, blocks inside blocks, learnt from people with a history.

In: occasions, who teaches. Out: the block of each object-day, level after level. A long log is learnt from on a share of its
teachers, and the rest of it takes the block that its neighbours are in.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import igraph as ig
import numpy as np
import numpy.typing as npt

from graphscan.behaviours import opportunity_kernel
from graphscan.behaviours.actions import Codes, Flags, Ints, Occasions
from graphscan.behaviours.sorting import rows_by_label
from graphscan.intake.columns import slices

LEVELS = 4
"""Blocks, blocks inside blocks, and so on: one partition cannot show both a city's crowds and a club inside one."""

LEARNT_ACTIONS = 4_000_000
"""Teachers' actions that the blocks are learnt from at most; of more, so many accounts teach as have about this many together.
igraph takes some 130 bytes for each and its time grows faster than their number: 7, 13 and 25 s of one core for one, two and four
million, 30 s for all 5.8 million of a day of ten (measured)."""

_PIECE = 1 << 20
_LAST_MS = np.iinfo(np.int64).max

Floats = npt.NDArray[np.float64]
Parts = list[Ints]


def interest_blocks(
    occasions: Occasions, n_accounts: int, teaches: Flags, min_accounts: int, min_size: int, seed: int
) -> list[Codes]:
    """Block number of each occasion, 1 up, at each level; 0 where too few teachers acted or the block is too small."""
    taught = np.bincount(occasions.occasion[teaches[occasions.account]], minlength=occasions.n_occasions)
    used = (taught >= min_size)[occasions.occasion] & teaches[occasions.account]
    if not used.any():
        return [np.zeros(occasions.n_occasions, np.int32)]
    place = _places_by_conduct(occasions, used, n_accounts)
    learnt = _learnt(occasions.account, place, used)
    people, who = np.unique(place[occasions.account[learnt]], return_inverse=True)
    days, day = np.unique(occasions.occasion[learnt], return_inverse=True)
    graph = ig.Graph(n=len(people) + len(days), edges=np.c_[who, len(people) + day])
    del who, day
    found = _nested_parts(graph, len(people), min_accounts, seed)
    labels = (_labels(parts, graph.vcount()) for parts in found)
    levels: Iterable[Codes]
    if learnt is used:
        levels = (_numbers(label[len(people) :], days, occasions.n_occasions) for label in labels)
    else:
        teachers = np.argsort(place)[people]
        levels = _extended(labels, np.array(graph.degree()), teachers, days, occasions, used, n_accounts)
    return [_lend_to_thin_days(occasions, number) for number in levels]


def _places_by_conduct(occasions: Occasions, used: Flags, n_accounts: int) -> Ints:
    """Order accounts by what they did, not by their names, so that renaming accounts does not change the blocks."""
    first = min(int(occasions.at_ms[rows][used[rows]].min(initial=_LAST_MS)) for rows in slices(len(used), _PIECE))
    conduct = np.zeros(n_accounts, np.uint64)
    for rows in slices(len(used), _PIECE):
        here = used[rows]
        mixed = (occasions.at_ms[rows][here] - first + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= (occasions.occasion[rows][here].astype(np.uint64) + np.uint64(1)) * np.uint64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> np.uint64(29)
        np.add.at(conduct, occasions.account[rows][here], mixed)
    place = np.empty(n_accounts, np.int64)
    place[np.argsort(conduct, kind="stable")] = np.arange(n_accounts)
    return place


def _learnt(account: Codes, place: Ints, used: Flags) -> Flags:
    """The used actions to learn from: all, or those of the first accounts by place that have at most LEARNT_ACTIONS together.

    Places follow a hash of what was done, so that these accounts are a random sample, the same whatever accounts are called.
    """
    if np.count_nonzero(used) <= LEARNT_ACTIONS:
        return used
    of_account = np.bincount(account[used], minlength=len(place))
    total = np.cumsum(of_account[np.argsort(place)])
    return used & (place < np.searchsorted(total, LEARNT_ACTIONS, side="right"))[account]


def _nested_parts(graph: ig.Graph, n_people: int, min_accounts: int, seed: int) -> Iterator[Parts]:
    """Communities with enough people, level after level, each found inside those of the level before."""
    parts = [np.arange(graph.vcount())]
    for _ in range(LEVELS):
        finer = [inner for part in parts for inner in _split(graph, part, seed)]
        finer = [part for part in finer if (part < n_people).sum() >= min_accounts]
        if len(finer) == len(parts) and all(len(a) == len(b) for a, b in zip(finer, parts, strict=True)):
            return
        yield finer
        parts = finer


def _split(graph: ig.Graph, part: Ints, seed: int) -> Parts:
    """Leiden by modularity inside a part; the order of vertices, and so the answer, does not depend on names."""
    whole = len(part) == graph.vcount()  # of a long log the copy would take gigabytes
    inside = graph if whole else graph.induced_subgraph(part.tolist())
    ig.set_random_number_generator(random.Random(seed))
    label = np.array(inside.community_leiden("modularity", n_iterations=2).membership)
    return [part[rows] for rows in rows_by_label(label)]


def _labels(parts: Parts, n_vertices: int) -> Codes:
    """Number of the part each vertex is in, 1 up; 0 for none."""
    label = np.zeros(n_vertices, np.int32)
    for k, vertices in enumerate(parts):
        label[vertices] = k + 1
    return label


def _numbers(label: Codes, days: Codes, n_occasions: int) -> Codes:
    """Block of every occasion, where ``label`` are those of ``days``; 0 for the others."""
    number = np.zeros(n_occasions, np.int32)
    number[days] = label
    return number


def _extended(
    levels: Iterable[Codes],
    degree: Ints,
    teachers: Ints,
    days: Codes,
    occasions: Occasions,
    used: Flags,
    n_accounts: int,
) -> Iterator[Codes]:
    """Carry labels learnt on a sample to every object-day: first to all accounts from their days, then to all days from these.

    ``levels`` are labels of ``teachers`` and then ``days``, whose ``degree`` in the sample says how large a block is.
    """
    begin, listed = groups_by_account(occasions, np.arange(occasions.n_occasions, dtype=np.int32), used, n_accounts)
    all_days = np.zeros(0, np.bool_)
    coarser = np.ones(len(degree), np.int32)
    of_account, of_day = np.ones(n_accounts, np.int32), np.ones(occasions.n_occasions, np.int32)
    for label in levels:
        within, expected = _inside(label, coarser, degree)
        number = _numbers(label[len(teachers) :], days, occasions.n_occasions)
        account = np.zeros(n_accounts, np.int32)
        opportunity_kernel.adopt(begin, listed, all_days, number, of_account, within, expected, account)
        account[teachers] = label[: len(teachers)]
        day = np.zeros(occasions.n_occasions, np.int32)
        opportunity_kernel.adopt(occasions.start, occasions.account, used, account, of_day, within, expected, day)
        yield day
        coarser, of_account, of_day = label, account, day


def groups_by_account(occasions: Occasions, group_of: Codes, used: Flags, n_accounts: int) -> tuple[Ints, Codes]:
    """Return the group of each account's used actions: those of account ``a`` are ``groups[begin[a]:begin[a + 1]]``.

    ``group_of`` has one entry per occasion; one below 0 is none.
    """
    begin = np.zeros(n_accounts + 1, np.int64)
    of_action = (occasions.account, occasions.occasion, group_of, used)
    opportunity_kernel.count_rows(*of_action, begin)
    groups = np.empty(begin[-1], np.int32)
    opportunity_kernel.list_groups(*of_action, begin[:-1].copy(), groups)
    return begin, groups


def _inside(label: Codes, coarser: Codes, degree: Ints) -> tuple[Codes, Floats]:
    """The coarser block that each label lies in, and the label's share of that block's degrees."""
    n = int(label.max(initial=0)) + 1
    within = np.zeros(n, np.int32)
    within[label] = coarser
    size = np.bincount(label, weights=degree, minlength=n)
    whole = np.bincount(coarser, weights=degree)
    return within, size / np.maximum(whole[within], 1)


def _lend_to_thin_days(occasions: Occasions, number: Codes) -> Codes:
    """Give an object's days without a block the block of its largest day.

    The quiet tail of a viral note, cut off by midnight, is still the same crowd: left in the rest it made 28 of 2,375
    bystanders look coordinated in one injection (measured).
    """
    placed = np.flatnonzero(number > 0)
    by_size = placed[np.argsort(occasions.sizes[placed], kind="stable")]
    of_object = np.zeros(int(occasions.object_of.max(initial=0)) + 1, np.int32)
    of_object[occasions.object_of[by_size]] = number[by_size]
    return np.where(number > 0, number, of_object[occasions.object_of]).astype(np.int32)
