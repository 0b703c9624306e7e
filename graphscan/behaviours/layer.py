"""One layer: a behaviour's validated pairs, with the occasions behind each.

In: dataset, accounts, behaviour. Out: :class:`Layer`, one step of the run: extract → occasions → meetings → chance.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from graphscan.behaviours import null_kernel
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Actions, Codes, Ints, Occasions, find_occasions
from graphscan.behaviours.chance import Credible, Null, Surprise, learn_null, weigh
from graphscan.behaviours.extraction import extract
from graphscan.behaviours.library import Behaviour
from graphscan.behaviours.meetings import Engine, Local, Meetings, all_meetings, search_meetings
from graphscan.behaviours.opportunity import Opportunity, learn_opportunity
from graphscan.behaviours.sorting import order_by
from graphscan.behaviours.windows import windows_of
from graphscan.intake.dataset import Dataset
from graphscan.settings import Settings


@dataclass(frozen=True)
class Layer:
    """What one behaviour showed.

    ``pairs`` and ``surprise`` have one row per validated pair, in the same order. ``pairs_weighed`` pairs were weighed: all that met
    often enough, unless the search was ``screened`` (see :class:`~graphscan.behaviours.meetings.Batch`).
    ``surprise.pairs_tested`` is every pair of accounts, met or not.
    """

    behaviour: Behaviour
    actions: Actions
    occasions: Occasions
    opportunity: Opportunity
    null: Null
    windows_ms: Ints
    pairs: Meetings
    surprise: Surprise
    pairs_weighed: int
    screened: bool

    @property
    def pairs_met(self) -> int | None:
        """Pairs that met often enough to be weighed; None where they were not all counted."""
        return None if self.screened else self.pairs_weighed

    @property
    def window_of_pair(self) -> Ints:
        """The most surprising window of each validated pair, in milliseconds."""
        return self.windows_ms[self.surprise.window]

    @cached_property
    def encounters(self) -> Encounters:
        """The occasions behind every validated pair, listed once: three tables of a run are made of them."""
        return _encounters(self)


@dataclass(frozen=True)
class Encounters:
    """Occasions behind validated pairs; one row is one pair on one occasion.

    ``pair`` is the row in ``Layer.pairs``; ``a_action`` and ``b_action`` are rows in ``Layer.actions``.
    """

    pair: Ints
    a_action: Ints
    b_action: Ints = field(repr=False)


def scan(
    dataset: Dataset,
    accounts: Accounts,
    behaviour: Behaviour,
    settings: Settings,
    day_cut_ms: int,
    advance: Callable[[int], None] = lambda percent: None,
    engine: Engine | None = None,
) -> Layer | None:
    """Find a behaviour's pairs that met more often than chance explains; None when the data cannot show it.

    ``engine`` is where the search runs; None: this process.
    """
    actions = extract(dataset, accounts, behaviour, settings)
    if actions is None:
        return None
    actions = dataset.keep(actions.without_owners())
    if len(actions) == 0:
        return None
    threads = settings.threads or os.cpu_count() or 1
    occasions = dataset.keep(find_occasions(actions.account, actions.object, actions.at_ms, day_cut_ms))
    windows_ms = windows_of(behaviour, occasions)
    opportunity = learn_opportunity(
        occasions,
        len(accounts),
        actions.channel_of,
        accounts.has_history,
        explicit_of_object=actions.explicit_of,
        min_accounts=settings.block_min_accounts,
        min_object_accounts=settings.block_min_object_accounts,
        seed=settings.seed,
        store=dataset,
    )
    null = dataset.keep(learn_null(occasions, opportunity, windows_ms, len(accounts)))
    met, weighed, screened = _search(occasions, windows_ms, null, settings, engine or Local(threads), advance, threads)
    surprise = weigh(met, null, threads)
    found = surprise.found(settings.false_discovery_rate)
    return Layer(
        behaviour,
        actions,
        occasions,
        opportunity,
        null,
        windows_ms,
        met.where(found),
        surprise.where(found),
        weighed,
        screened,
    )


def _search(
    occasions: Occasions,
    windows_ms: Ints,
    null: Null,
    settings: Settings,
    engine: Engine,
    advance: Callable[[int], None],
    threads: int,
) -> tuple[Meetings, int, bool]:
    """The pairs that can be found at all, how many were weighed, and whether the search was screened."""
    rate = settings.false_discovery_rate
    batches = list(
        search_meetings(
            occasions.account,
            occasions.occasion,
            occasions.at_ms,
            windows_ms.tolist(),
            settings.min_occasions,
            engine,
            memory_bytes=settings.memory_bytes(),
            advance=advance,
            threads=threads,
            keep=Credible(null, rate, engine.threads),
            screen=null.screen(rate),
        )
    )
    weighed, screened = sum(b.weighed for b in batches), any(b.screened for b in batches)
    return all_meetings((b.pairs for b in batches), len(windows_ms)), weighed, screened


def _encounters(layer: Layer) -> Encounters:
    """List the occasions behind every validated pair, by pair and then by occasion."""
    account = layer.occasions.account
    paired = np.zeros(int(account.max()) + 1, np.bool_)
    paired[layer.pairs.account_a], paired[layer.pairs.account_b] = True, True
    rows = np.flatnonzero(paired[account])  # of a day's accounts a few thousandths
    order = rows[order_by(account[rows], layer.occasions.occasion[rows])]
    begin = np.zeros(len(paired) + 1, np.int64)
    np.cumsum(np.bincount(account[rows], minlength=len(paired)), out=begin[1:])
    lists = (begin, layer.occasions.occasion[order], layer.occasions.at_ms[order])
    who: tuple[Codes, Codes, Ints] = (layer.pairs.account_a, layer.pairs.account_b, layer.window_of_pair)
    n = null_kernel.common_occasions(*who, *lists, np.zeros((0, 3), np.int64))
    found = np.zeros((n, 3), np.int64)
    null_kernel.common_occasions(*who, *lists, found)
    action = layer.occasions.action[order]
    return Encounters(found[:, 0], action[found[:, 1]], action[found[:, 2]])
