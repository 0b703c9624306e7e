"""Templates an account wrote from after others had: own words from a mould that was already going round (family A3).

In: wordings. Out: :class:`TemplateUse`. The later user pays: an account that was among a mould's first two users is never charged
with it, so that nobody can be framed by being copied. What established accounts also write weighs nothing, and a mould
that lives in one place (below one author's notes, in one chat) is explained by the place; of what an account writes again and
again at one place only the first counts, wherever others take the mould. How a text sounds is never asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.deeds import MAX_ROWS, Floats
from graphscan.accounts.tools import share_of
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Flags, Ints
from graphscan.behaviours.references import name_rows
from graphscan.behaviours.wordings import Uses, Wordings, find_wordings
from graphscan.intake.dataset import Dataset

PEERS = 2
"""Family A3: accounts that must have written from the mould before one's own first text from it."""

PEERS_OF_NOTES = 3
"""The same for a managed note, as the policy's definition asks (``A3.template>=3``)."""

LEAST_TEXTS = 3
LEAST_SHARE = 0.2
"""Fewer texts, or less of all one writes, is occasional use: a fan's slogan, a feast day's greeting, a chain one joins. Of 35,091
honest accounts in seven simulated worlds 144 had one or two texts from a mould that weighs, and none had three (measured).

Of what one writes from a mould at one place (below one author's notes, in one chat) only the first text counts. A squad that writes a
fandom's slogan under strangers' notes too makes a mould of it: 18 of 20 newcomers who wrote it below their singer's notes only,
and 19 and 20 of 20 who had four singers, were limited before this rule (measured in the attacks ``freshmen`` and ``fandom``). A
farm for hire goes where its tasks are."""

FULL_SHARE = 0.5
FULL_WORTH = 0.5
"""Share of one's texts, and mean worth of the moulds, from which more counts no more."""

PRIOR_TEXTS = 3.0
ALONE = 2.2
"""Most that copying alone counts, below the floor of ln 10: a petition's supporters copy its words too."""

WITH_MACHINE_CLOCK = 4.0
"""Most where the account's own clock is a machine's as well: no petition is signed on a heartbeat."""


@dataclass(frozen=True)
class TemplateUse:
    """One row an account.

    ``texts``: public texts long enough to follow a mould; ``later``: those of them that follow a weighing one after at
    least :data:`PEERS` others had, the first at each place; ``moulds``: how many such moulds; ``most_before``: users that one of
    them had before.
    ``share`` is later through texts, ``worth`` the mean weight (0–1) of the later texts; both NaN where nothing is
    known: no texts, or nobody's registration. ``notes`` has one entry a row of the notes table: whether it follows one
    after :data:`PEERS_OF_NOTES` others. ``charged`` marks the later texts among ``wordings``.
    """

    texts: Ints
    later: Ints
    moulds: Ints
    most_before: Ints
    share: Floats
    worth: Floats
    notes: Flags
    wordings: Wordings
    charged: Flags

    def references(self, dataset: Dataset, account: int) -> tuple[str, ...]:
        """References of the first texts that an account is charged with, at most MAX_ROWS."""
        found = self.wordings
        rows = np.flatnonzero(self.charged & (found.account == account))
        rows = rows[np.lexsort((found.row[rows], found.source[rows], found.at_ms[rows]))][:MAX_ROWS]
        named = [name_rows(dataset, found.tables[found.source[r]], found.row[r : r + 1])[0].as_py() for r in rows]
        return tuple(str(n) for n in named)


def template_use(dataset: Dataset, accounts: Accounts) -> TemplateUse:
    """Return what each account wrote from moulds after others had."""
    found = find_wordings(dataset, accounts)
    worth = np.where(found.local, 0.0, found.templates.weight)
    before = _before(found, found.uses, len(accounts))
    counts = (found.template >= 0) & (np.append(worth, 0.0)[found.template] > 0) & ~_again(found)
    charged = counts & (before >= PEERS)
    n = len(accounts)
    texts = np.bincount(found.account[found.eligible], minlength=n).astype(np.int64)
    later = np.bincount(found.account[charged], minlength=n).astype(np.int64)
    total = np.bincount(found.account[charged], np.append(worth, 0.0)[found.template[charged]], minlength=n)
    moulds, most = _moulds(found.uses, worth, n)
    known = accounts.registration_known
    share = share_of(later, texts) if known else np.full(n, np.nan)
    return TemplateUse(
        texts,
        later,
        moulds,
        most,
        share,
        np.where(np.isnan(share), np.nan, total / np.maximum(later, 1)),
        _notes(dataset, found, counts & (before >= PEERS_OF_NOTES)),
        found,
        charged,
    )


def template_weight(use: TemplateUse, machine_cadence: Flags) -> Floats:
    """Return each account's log-likelihood ratio: nothing for occasional use, less for few texts and for moulds of little worth."""
    ceiling = np.where(machine_cadence, WITH_MACHINE_CLOCK, ALONE)
    strength = np.minimum(use.share / FULL_SHARE, 1.0) * np.minimum(use.worth / FULL_WORTH, 1.0)
    weight = ceiling * strength * use.later / (use.later + PRIOR_TEXTS)
    occasional = (use.later < LEAST_TEXTS) | (use.share < LEAST_SHARE)
    return np.where(np.isnan(use.share), np.nan, np.where(occasional, 0.0, weight))


def _again(found: Wordings) -> Flags:
    """Per text: whether its author wrote from the same mould at the same place before: loyal to a place, not spread over many.

    Notes stand at no place but their author's, and each counts.
    """
    place = found.host.copy()
    if "notes" in found.tables:
        own = np.flatnonzero(found.source == found.tables.index("notes"))
        place[own] = -1 - own
    order = np.lexsort((found.row, found.source, found.at_ms, place, found.template, found.account))
    keys = np.c_[found.account, found.template, place][order]
    again = np.zeros(len(order), np.bool_)
    again[order[1:]] = (keys[1:] == keys[:-1]).all(axis=1)
    return again


def _before(found: Wordings, uses: Uses, n_accounts: int) -> Ints:
    """Per text: how many others had written from its mould before its author first did; -1 where it follows none."""
    key = uses.account.astype(np.int64) * (len(found.names) + 1) + uses.template
    mine = found.account.astype(np.int64) * (len(found.names) + 1) + found.template
    place = np.searchsorted(key, mine)
    before = np.append(uses.before, -1)[np.minimum(place, len(key))]
    return np.where((found.template >= 0) & (found.account >= 0), before, -1)


def _moulds(uses: Uses, worth: Floats, n: int) -> tuple[Ints, Ints]:
    charged = (uses.before >= PEERS) & (worth[uses.template] > 0)
    most = np.zeros(n, np.int64)
    np.maximum.at(most, uses.account[charged], uses.before[charged])
    return np.bincount(uses.account[charged], minlength=n).astype(np.int64), most


def _notes(dataset: Dataset, found: Wordings, charged: Flags) -> Flags:
    flags = np.zeros(dataset.tables["notes"].num_rows if "notes" in dataset.tables else 0, np.bool_)
    if "notes" in found.tables:
        flags[found.row[charged & (found.source == found.tables.index("notes"))]] = True
    return flags
