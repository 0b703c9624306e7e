"""Conduct: everything this room can say of every account by itself, gathered once.

In: the dataset, its accounts, a list of tools; where known, the cluster of each account and its use of templates.
Out: :class:`Conduct`. NaN is "no data" everywhere, which is never "no".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from graphscan.accounts.deeds import Deeds, Floats, gather_deeds
from graphscan.accounts.heartbeat import Heartbeat, heartbeat
from graphscan.accounts.managed import NoteShares, note_shares
from graphscan.accounts.presence import Presence, presence
from graphscan.accounts.registration import Registration, registration
from graphscan.accounts.regularity import Regularity, regularity
from graphscan.accounts.replies import Replies, replies
from graphscan.accounts.sleep import Sleep, sleep
from graphscan.accounts.templates import TemplateUse, template_weight
from graphscan.accounts.tool_list import Kinds, ToolList, classify, default_tools
from graphscan.accounts.tools import ToolUse, tool_use
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Flags, Ints
from graphscan.intake.dataset import Dataset

REGULAR_P = 1e-3
"""METHOD stage 7 (i): the p-value from which gaps are called regular."""


@dataclass(frozen=True)
class Conduct:
    """One row an account in every part; see the parts.

    ``templates`` is None where they were not looked for; ``machine_cadence`` says whose clock is a machine's; ``keep`` is where long
    arrays that are worked out of it go (:meth:`~graphscan.intake.dataset.Dataset.keep`).
    """

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
    templates: TemplateUse | None
    machine_cadence: Flags
    keep: Callable[[Any], Any] = field(default=lambda value: value, compare=False, repr=False)

    @cached_property
    def weights(self) -> dict[str, Floats]:
        """Where :func:`graphscan.accounts.weights.weigh` keeps what it worked out."""
        return {}

    def __len__(self) -> int:
        return len(self.accounts)

    @property
    def managed_share(self) -> Floats:
        """Share of public notes judged managed; NaN where unknown. See :class:`NoteShares`."""
        return self.notes.managed_share

    @cached_property
    def template_share(self) -> Floats:
        """Share of its public texts that follow a surprising mould after others had; NaN where unknown. See :class:`TemplateUse`."""
        return np.full(len(self), np.nan) if self.templates is None else self.templates.share

    @cached_property
    def template_texts(self) -> Ints:
        """How many of its public texts do."""
        return np.zeros(len(self), np.int64) if self.templates is None else self.templates.later

    @cached_property
    def template_llr(self) -> Floats:
        """Log-likelihood ratio of its own template evidence (family A3); NaN is no data."""
        if self.templates is None:
            return np.full(len(self), np.nan)
        return template_weight(self.templates, self.machine_cadence)


def conduct(
    dataset: Dataset,
    accounts: Accounts,
    *,
    tools: ToolList | None = None,
    placeholders: tuple[str, ...] = (),
    cluster: Ints | None = None,
    templates: TemplateUse | None = None,
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
    templates
        What each account wrote from moulds after others had (:func:`template_use`); None: not looked for.
    """
    listed = tools or default_tools()
    deeds = gather_deeds(dataset, accounts, listed, placeholders)
    clock = deeds.unscheduled()
    keep = dataset.keep  # each as soon as it is there
    regular, rest = keep(regularity(clock)), keep(sleep(clock))
    answers, beat = keep(replies(dataset, accounts)), keep(heartbeat(clock))
    machine = machine_cadence(regular, rest, answers, beat)
    kinds = _kinds_of_notes(dataset, listed, placeholders)
    return Conduct(
        accounts,
        deeds,
        keep(tool_use(dataset, accounts, deeds, listed, placeholders)),
        regular,
        rest,
        answers,
        beat,
        keep(registration(dataset, accounts, placeholders)),
        keep(presence(dataset, accounts, cluster, placeholders)),
        note_shares(dataset, accounts, kinds, machine, None if templates is None else templates.notes),
        templates,
        machine,
        keep,
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
