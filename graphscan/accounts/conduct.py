"""Conduct: everything this room can say of every account by itself, gathered once.

In: the dataset, its accounts, a list of tools; where known, the cluster of each account and which notes follow a
shared template. Out: :class:`Conduct`. NaN is "no data" everywhere, which is never "no".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.deeds import Deeds, Floats, gather_deeds
from graphscan.accounts.heartbeat import Heartbeat, heartbeat
from graphscan.accounts.managed import NoteShares, note_shares
from graphscan.accounts.presence import Presence, presence
from graphscan.accounts.registration import Registration, registration
from graphscan.accounts.regularity import Regularity, regularity
from graphscan.accounts.replies import Replies, replies
from graphscan.accounts.sleep import Sleep, sleep
from graphscan.accounts.tool_list import Kinds, ToolList, classify, default_tools
from graphscan.accounts.tools import ToolUse, tool_use
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Flags, Ints
from graphscan.intake.dataset import Dataset

REGULAR_P = 1e-3
"""METHOD stage 7 (i): the p-value from which gaps are called regular."""


@dataclass(frozen=True)
class Conduct:
    """One row an account in every part; see the parts. ``template_llr`` is the template room's log-likelihood ratio."""

    accounts: Accounts
    deeds: Deeds
    tools: ToolUse
    regularity: Regularity
    sleep: Sleep
    replies: Replies
    heartbeat: Heartbeat
    registration: Registration
    presence: Presence
    notes: NoteShares
    template_llr: Floats

    def __len__(self) -> int:
        return len(self.accounts)

    @property
    def managed_share(self) -> Floats:
        """Share of public notes judged managed; NaN where unknown. See :class:`NoteShares`."""
        return self.notes.managed_share


def conduct(
    dataset: Dataset,
    accounts: Accounts,
    *,
    tools: ToolList | None = None,
    placeholders: tuple[str, ...] = (),
    cluster: Ints | None = None,
    template_notes: Flags | None = None,
    template_llr: Floats | None = None,
) -> Conduct:
    """Look at every account's own behaviour.

    Parameters
    ----------
    tools
        Which clients are agent tools and which are exempt; None: the built-in list.
    placeholders
        Values of client, device, network and media columns that mean nothing.
    cluster
        Number of each account's cluster, -1 for none: talk inside a cluster does not speak for a person.
    template_notes
        One entry a note: whether it follows a template that at least three accounts posted before.
    template_llr
        One entry an account: log-likelihood ratio of its own template evidence (family A3); NaN is no data.
    """
    listed = tools or default_tools()
    deeds = gather_deeds(dataset, accounts, listed, placeholders)
    clock = deeds.unscheduled()
    regular, rest = regularity(clock), sleep(clock)
    answers, beat = replies(dataset, accounts), heartbeat(clock)
    machine = machine_cadence(regular, rest, answers, beat)
    kinds = _kinds_of_notes(dataset, listed, placeholders)
    return Conduct(
        accounts,
        deeds,
        tool_use(dataset, accounts, deeds, listed, placeholders),
        regular,
        rest,
        answers,
        beat,
        registration(dataset, accounts, placeholders),
        presence(dataset, accounts, cluster, placeholders),
        note_shares(dataset, accounts, kinds, machine, template_notes),
        np.full(len(accounts), np.nan) if template_llr is None else template_llr,
    )


def machine_cadence(regular: Regularity, rest: Sleep, answers: Replies, beat: Heartbeat) -> Flags:
    """Whether an account's clock is a machine's by any of the four clues of family A2; no data is no."""
    return np.asarray(
        (regular.p_value <= REGULAR_P) | (rest.sleepless == 1) | (answers.constant == 1) | (beat.beats == 1)
    )


def _kinds_of_notes(dataset: Dataset, tools: ToolList, placeholders: tuple[str, ...]) -> Kinds:
    if "notes" not in dataset.tables:
        return np.zeros(0, np.int8)
    return classify(dataset.tables["notes"]["client"], tools, placeholders)
