"""Managed notes: the share of each account's public notes that were not posted by a person (``managed_share``).

In: the notes, the kind of tool of each, and, from elsewhere, which notes follow a shared template. Out:
:class:`NoteShares`. The policy's definition: a note is managed when an agent tool posted it, or when it follows a
template that at least three accounts posted before *and* the account's own cadence is a machine's; a note that only
carries its author's AI label is not. How a text sounds is never asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow.compute as pc

from graphscan.accounts.deeds import Floats
from graphscan.accounts.tool_list import AGENT, NO_DATA, Kinds
from graphscan.accounts.tools import share_of
from graphscan.behaviours.accounts import Accounts, codes_of
from graphscan.behaviours.actions import Flags, Ints
from graphscan.intake.dataset import Dataset


@dataclass(frozen=True)
class NoteShares:
    """One row an account: counts of its public notes.

    ``judged`` counts notes that could be judged: the client is known, or they are managed by template. ``declared``
    counts notes that their author labelled as AI-assisted, ``label_known`` those where that is known at all.
    """

    public: Ints
    judged: Ints
    managed: Ints
    by_agent: Ints
    declared: Ints
    label_known: Ints

    @cached_property
    def managed_share(self) -> Floats:
        """Managed notes through *all* public notes; NaN where nothing is known of any of them.

        A note of unknown origin counts as a person's: the share can only be too small, and reaches 1 only where
        every single public note is known to be managed.
        """
        share = share_of(self.managed, self.public)
        return np.where(self.judged > 0, share, np.nan)

    @cached_property
    def declared_share(self) -> Floats:
        """Share of public notes with a known label that are declared as AI-assisted; NaN where none is known."""
        return share_of(self.declared, self.label_known)


def note_shares(
    dataset: Dataset, accounts: Accounts, tool: Kinds, machine_cadence: Flags, template: Flags | None = None
) -> NoteShares:
    """Judge each account's public notes.

    Parameters
    ----------
    tool, template
        One entry a row of the notes table: the kind of its client, and whether it follows a template that at least
        three accounts posted before it (None: templates were not looked for).
    machine_cadence
        One entry an account: whether its own clock is a machine's (family A2).
    """
    n = len(accounts)
    if "notes" not in dataset.tables:
        return NoteShares(*(np.zeros(n, np.int64) for _ in range(6)))
    notes = dataset.tables["notes"]
    who = codes_of(dataset, accounts, "notes")
    public = pc.fill_null(notes["public"], True).to_numpy()
    declared = pc.fill_null(notes["ai_declared"], False).to_numpy()
    labelled = pc.is_valid(notes["ai_declared"]).to_numpy()
    copied = np.zeros(len(who), np.bool_) if template is None else template
    by_agent = tool == AGENT
    managed = by_agent | (copied & machine_cadence[who] & ~declared)
    judged = (tool != NO_DATA) | managed
    flags = (np.ones(len(who), np.bool_), judged, managed, by_agent, declared, labelled)
    return NoteShares(*(np.bincount(who[public & f], minlength=n).astype(np.int64) for f in flags))
