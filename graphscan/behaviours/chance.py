"""Chance: how surprising it is that a pair met so often, given what both had the opportunity to see.

In: occasions and opportunity. Out: per pair the expected occasions, a p-value, and whether it survives a false discovery
rate over *all* pairs of accounts, including those never seen together.

The null (METHOD stage 3): on each object-day the pair's chance to meet is the object-day's own burst shape (share of its actors'
pairs that fall within the window, by latency strata) times both accounts' chance to act on it at all: through an interest
block, through the rest of the platform, or through a channel they follow. The sum over object-days is the mean of a Poisson count.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from graphscan.behaviours import null_kernel
from graphscan.behaviours.actions import Codes, Flags, Ints, Occasions
from graphscan.behaviours.interests import Floats
from graphscan.behaviours.meetings import Meetings
from graphscan.behaviours.opportunity import Blocks, Opportunity, Shares
from graphscan.behaviours.screening import Screen

_PAIRS_PER_TASK = 50_000
_ACTIONS_PER_PIECE = 1 << 18  # what is learnt of object-days takes some 500 bytes each, of which a day has millions


@dataclass(frozen=True)
class Surprise:
    """Per pair (same rows as the meetings): occasions met, expected, p and q, all at the most surprising window.

    ``window``: index of that window. ``p_value`` is already corrected for the windows tried. ``q_value``: smallest false
    discovery rate at which the pair is found, over ``pairs_tested`` pairs.
    """

    met: Codes
    expected: Floats
    p_value: Floats
    q_value: Floats
    window: Ints
    pairs_tested: int

    def found(self, rate: float) -> Flags:
        """The pairs found at this false discovery rate."""
        return self.q_value <= rate

    def where(self, rows: Flags) -> Surprise:
        """The chosen pairs only."""
        return Surprise(
            self.met[rows],
            self.expected[rows],
            self.p_value[rows],
            self.q_value[rows],
            self.window[rows],
            self.pairs_tested,
        )


@dataclass(frozen=True)
class Null:
    """What chance is made of in one behaviour, learnt once: expected occasions of any pair follow from it.

    ``levels`` and ``channels`` hold each account's shares and, per block or channel, its coincidence weight of shape
    (groups, 3, 3, windows). ``tested`` is the number of pairs of active accounts, met or not.
    """

    stratum: Codes
    levels: tuple[tuple[Shares, Floats], ...]
    channels: tuple[Shares, Floats]
    tested: int

    def tails(self, meetings: Meetings, threads: int = 1) -> tuple[Floats, Floats]:
        """Return expected occasions and the chance of as many as were met, both of shape (pairs, windows)."""
        expected = self._expected(meetings, threads)
        # what scipy.stats.poisson.sf computes, without its checks of every argument: a third of the time
        beyond = special.pdtrc(np.maximum(meetings.objects - 1, 0), np.maximum(expected, 1e-300))
        return expected, np.where(meetings.objects > 0, beyond, 1.0)

    def credible(self, meetings: Meetings, rate: float, threads: int = 1) -> Flags:
        """Whether a pair can be found at a false discovery rate at all: a q-value is never below its p-value."""
        _, tails = self.tails(meetings, threads)
        return np.asarray(tails.min(axis=1) * tails.shape[1] <= rate)

    def screen(self, rate: float) -> Screen:
        """The least of :meth:`tails`' expectations: what the whole platform, the coarsest level, says of any pair.

        An account lies in one world, so that it has one share there.
        """
        shares, weights = self.levels[0]
        acted = np.diff(shares.start) > 0
        first = shares.start[:-1][acted]
        share, world = np.zeros(len(acted)), np.zeros(len(acted), np.int32)
        share[acted], world[acted] = shares.share[first], shares.group[first]
        return Screen(share, world, self.stratum, weights, self.tested, rate)

    def _expected(self, meetings: Meetings, threads: int) -> Floats:
        """What the level of blocks that explains most says, plus the channels."""
        by_blocks = np.zeros(meetings.objects.shape)
        for shares, weights in self.levels:
            here = _sum_of_products(meetings, self.stratum, shares, weights, threads)
            np.maximum(by_blocks, here, out=by_blocks)
        return by_blocks + _sum_of_products(meetings, self.stratum, *self.channels, threads)


@dataclass(frozen=True)
class Credible:
    """Keeps, of pairs that met, those that can be found at all, so that the others need not be held."""

    null: Null
    rate: float
    threads: int

    def __call__(self, batch: Meetings) -> Meetings:
        """The pairs to keep."""
        return batch.where(self.null.credible(batch, self.rate, self.threads))


def learn_null(occasions: Occasions, opportunity: Opportunity, windows_ms: Ints, n_accounts: int) -> Null:
    """Return the null model of one behaviour."""
    active = int((np.bincount(occasions.account, minlength=n_accounts) >= 2).sum())
    levels = tuple(
        (level.shares, _block_weights(occasions, opportunity, level, windows_ms)) for level in opportunity.levels
    )
    channels = _channels(occasions, opportunity, windows_ms)
    return Null(opportunity.stratum, levels, channels, active * (active - 1) // 2)


def weigh(meetings: Meetings, null: Null, threads: int = 1) -> Surprise:
    """Weigh every pair of ``meetings`` (counted on occasions) against chance.

    Pairs that are left out count as tests with a p-value of 1; leaving out only pairs that are not
    :meth:`Null.credible` changes no q-value up to that rate.
    """
    expected, tails = null.tails(meetings, threads)
    window = np.argmin(tails, axis=1) if len(meetings) else np.zeros(0, np.int64)
    row = np.arange(len(meetings))
    p_value = np.minimum(1.0, tails[row, window] * tails.shape[1])
    return Surprise(
        meetings.objects[row, window],
        expected[row, window],
        p_value,
        false_discovery_rates(p_value, null.tested),
        window,
        null.tested,
    )


def false_discovery_rates(p_values: Floats, tested: int) -> Floats:
    """Return Benjamini–Hochberg q-values of the given p-values among ``tested`` tests, the others having p = 1.

    Source: Benjamini & Hochberg, J. R. Stat. Soc. B 57 (1995) 289–300, step-up form.
    """
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * max(tested, len(p_values)) / np.arange(1, len(p_values) + 1)
    q_values = np.empty(len(p_values))
    q_values[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return np.minimum(q_values, 1.0)


def _sum_of_products(meetings: Meetings, stratum: Codes, shares: Shares, weights: Floats, threads: int) -> Floats:
    total = np.zeros((len(meetings), weights.shape[-1]))
    who = (meetings.account_a, meetings.account_b, stratum, shares.start, shares.group, shares.share, weights)

    def task(first: int) -> None:
        null_kernel.add_products(*who, first, min(first + _PAIRS_PER_TASK, len(meetings)), total)

    with ThreadPoolExecutor(max(1, threads)) as pool:
        list(pool.map(task, range(0, len(meetings), _PAIRS_PER_TASK)))
    return total


def _block_weights(occasions: Occasions, opportunity: Opportunity, level: Blocks, windows_ms: Ints) -> Floats:
    """Coincidences of each block's teachers: the sum over its object-days of their squared number times their burst shape.

    Newcomers are judged by how people with a history coincide there, never by their own burst: otherwise a farm at a shop's
    notes would be part of what it is measured against. In the rest, where nobody teaches, everyone counts.
    """
    summed = np.zeros((level.n_blocks, 3, 3, len(windows_ms)))
    for days, rows in _pieces(occasions):
        block = level.block_of[days]
        account, occasion = occasions.account[rows], occasions.occasion[rows] - days.start
        counted = opportunity.teaches[account] | (block == 0)[occasion]
        sizes = np.bincount(occasion[counted], minlength=len(block))
        start = np.concatenate([[0], np.cumsum(sizes)])
        rates = null_kernel.coincidence_rates(
            start, opportunity.stratum[account[counted]], occasions.at_ms[rows][counted], windows_ms
        )
        # in the order of the object-days, so that the same bytes come out always
        np.add.at(summed, block, rates * (sizes.astype(np.float64) ** 2)[:, None, None, None])
    return summed


def _channels(occasions: Occasions, opportunity: Opportunity, windows_ms: Ints) -> tuple[Shares, Floats]:
    """The channels that somebody has a share in, numbered anew: the shares, and the sum of each one's burst shapes."""
    shares = opportunity.channels
    known = np.unique(shares.group)
    number = np.full(max(int(opportunity.channel_of.max(initial=-1)), int(known.max(initial=-1))) + 2, -1, np.int32)
    number[known] = np.arange(len(known))
    summed = np.zeros((max(len(known), 1), 3, 3, len(windows_ms)))
    for days, rows in _pieces(occasions):
        channel = number[opportunity.channel_of[days]]  # the last entry answers -1
        if not (channel >= 0).any():
            continue
        rates = null_kernel.coincidence_rates(
            occasions.start[days.start : days.stop + 1] - rows.start,
            opportunity.stratum[occasions.account[rows]],
            occasions.at_ms[rows],
            windows_ms,
        )
        np.add.at(summed, channel[channel >= 0], rates[channel >= 0])
    return Shares(shares.start, number[shares.group], shares.share), summed


def _pieces(occasions: Occasions) -> Iterator[tuple[slice, slice]]:
    """Object-days of about :data:`_ACTIONS_PER_PIECE` actions, and their actions."""
    cuts = np.searchsorted(occasions.start, np.arange(0, occasions.start[-1], _ACTIONS_PER_PIECE))
    for low, high in pairwise(np.unique([0, *cuts, occasions.n_occasions]).tolist()):
        yield slice(low, high), slice(int(occasions.start[low]), int(occasions.start[high]))
