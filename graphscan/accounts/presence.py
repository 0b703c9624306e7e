"""Presence: what speaks for a person behind an account (evidence *for* it; absence speaks against nobody).

In: the dataset, its accounts and, where known, the cluster of each. Out: :class:`Presence`. Talk counts only with accounts
that are half a year old and not in the same cluster: a farm can talk to itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.accounts.deeds import Floats
from graphscan.accounts.tools import share_of
from graphscan.behaviours.accounts import UNKNOWN_MS, Accounts, codes_of, places_of, told_of
from graphscan.behaviours.actions import DAY_MS, Codes, Flags, Ints
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode, whole

AGED_MS = 180 * DAY_MS
"""METHOD stage 2: an account of more than 180 days is an old one."""

MIN_MEDIA = 5
"""Pictures an account needs before their variety says anything."""


@dataclass(frozen=True)
class Presence:
    """One row an account; NaN is no data.

    ``verified``, ``labelled_human`` and ``labelled_managed`` are flags that are known to be set. ``age_days`` counts from
    registration to the first action of the log (negative: registered inside it), ``own_media_share`` the share of its
    pictures and videos that no other account used, ``partners`` the aged accounts outside its cluster that it
    answered and that answered it (NaN where nobody's answers are recorded).
    """

    verified: Flags
    labelled_human: Flags
    labelled_managed: Flags
    age_days: Floats
    own_media_share: Floats
    partners: Floats


def presence(
    dataset: Dataset, accounts: Accounts, cluster: Ints | None = None, placeholders: tuple[str, ...] = ()
) -> Presence:
    """Gather what speaks for each account; ``cluster`` numbers its cluster, -1 for none."""
    known = accounts.registered_ms != UNKNOWN_MS
    age = np.where(known, (accounts.first_ms - np.where(known, accounts.registered_ms, 0)) / DAY_MS, np.nan)
    outside = np.full(len(accounts), -1) if cluster is None else cluster
    return Presence(
        told_of(dataset, accounts, "accounts", "verified", True),
        told_of(dataset, accounts, "labels", "label", "human"),
        told_of(dataset, accounts, "labels", "label", "managed"),
        age,
        _own_media(dataset, accounts, placeholders),
        _partners(dataset, accounts, age >= AGED_MS / DAY_MS, outside),
    )


def _own_media(dataset: Dataset, accounts: Accounts, placeholders: tuple[str, ...]) -> Floats:
    n = len(accounts)
    if not dataset.has("notes", "media"):
        return np.full(n, np.nan)
    notes = dataset.tables["notes"]
    media = whole(notes["media"])
    who = codes_of(dataset, accounts, "notes")[pc.list_parent_indices(media).to_numpy()].astype(np.int64)
    items = pc.list_flatten(media)
    real = ~pc.is_in(items, value_set=pa.array([None, "", *placeholders], pa.string())).to_numpy(zero_copy_only=False)
    item = encode(items, items.unique().drop_null()).astype(np.int64)[real]
    pairs = np.unique(item * n + who[real])
    users = np.bincount(pairs // n)
    mine = np.bincount(pairs % n, minlength=n)
    own = np.bincount((pairs % n)[users[pairs // n] == 1], minlength=n)
    return np.where(mine >= MIN_MEDIA, share_of(own, mine), np.nan)


def _partners(dataset: Dataset, accounts: Accounts, aged: Flags, cluster: Ints) -> Floats:
    kinds = (_to_notes, _to_comments, _to_messages)
    answers = [found for kind in kinds for found in kind(dataset, accounts)]
    if not answers:
        return np.full(len(accounts), np.nan)
    n = len(accounts)
    who, whom = (np.concatenate(c) for c in zip(*answers, strict=True))
    answers.clear()
    there = np.sort(_pairs(who, whom, n))
    there = there[np.diff(there, prepend=-1) != 0]
    reverse = there % n * n + there // n
    place = np.searchsorted(there, reverse)
    there = there[there[np.minimum(place, len(there) - 1)] == reverse]
    one, other = there // n, there % n
    real = aged[other] & ((cluster[one] < 0) | (cluster[one] != cluster[other]))
    return np.bincount(one[real], minlength=n).astype(np.float64)


def _pairs(who: Codes, whom: Codes, n: int) -> Ints:
    """``who * n + whom`` of the answers to others that may have been answered in turn: both did answer, and were answered."""
    answers, answered = (np.bincount(c[c >= 0], minlength=n) > 0 for c in (who, whom))
    both = answers & answered
    chosen = np.flatnonzero((who != whom) & (who >= 0) & (whom >= 0) & both[who] & both[whom])
    keys = who[chosen].astype(np.int64)
    keys *= n
    keys += whom[chosen]
    return keys


Answers = list[tuple[Codes, Codes]]


def _to_notes(dataset: Dataset, accounts: Accounts) -> Answers:
    return _answered(dataset, accounts, "comments", "note_id", "notes")


def _to_comments(dataset: Dataset, accounts: Accounts) -> Answers:
    return _answered(dataset, accounts, "comments", "reply_to", "comments")


def _to_messages(dataset: Dataset, accounts: Accounts) -> Answers:
    return _answered(dataset, accounts, "chat_messages", "reply_to", "chat_messages")


def _answered(dataset: Dataset, accounts: Accounts, table: str, refers: str, to: str) -> Answers:
    """Who answered whom, where both rows are there."""
    if not dataset.has(table, refers) or to not in dataset.tables:
        return []
    place = places_of(dataset, table, refers, to)
    keep = place >= 0
    who = codes_of(dataset, accounts, table)[keep]
    return [(who, codes_of(dataset, accounts, to)[place[keep]])]
