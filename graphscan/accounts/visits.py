"""Visits: when each account first came to which author, chat or site, and since when it knows it.

In: the dataset's rows, or a layer's own channels. Out: :class:`Visits`, from which it is told whether an account knew a
channel before its cluster first touched it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.accounts import Accounts, codes_of, milliseconds, note_authors, places_of
from graphscan.behaviours.actions import Codes, Flags, Ints
from graphscan.behaviours.layer import Layer
from graphscan.behaviours.sorting import order_by
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode

NEVER = np.iinfo(np.int64).max

KNOWN_OBJECTS = 2
"""Objects of a channel that an account had acted on before it counts as knowing it: one is a chance visit, two are a
return. More would ask of an honest reader what a short log cannot show: an idol posts one or two notes a day."""

NEWCOMERS = 3
"""Newcomers who must have touched a channel for their first touch to be the cluster's. Where squatting newcomers and an idol's
old fans are lumped together, the fans' own earlier visits must not be what the fans are measured against; a token newcomer
sent late must not open the books of a squad of bought accounts."""


@dataclass(frozen=True)
class Visits:
    """One row is one account's acquaintance with one channel, sorted by (account, channel).

    ``first_ms`` is its first action there, ``known_ms`` the moment from which it knew the channel: its second object there,
    its follow, or its joining (:data:`NEVER`: not yet).
    """

    account: Ints
    channel: Ints
    first_ms: Ints
    known_ms: Ints

    @property
    def width(self) -> int:
        """More than any channel's code."""
        return int(self.channel.max(initial=0)) + 1

    def known(self, account: Ints, channel: Ints) -> Ints:
        """Since when each account knows each channel; NEVER where it does not."""
        if len(self.account) == 0:
            return np.full(len(account), NEVER)
        keys = self.account * self.width + self.channel
        wanted = account * self.width + channel
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        there = (channel >= 0) & (channel < self.width) & (keys[place] == wanted)
        return np.where(there, self.known_ms[place], NEVER)


@dataclass(frozen=True)
class Acts:
    """One row is one action with a channel; ``settled`` ones (a follow, a joining) make the channel known at once."""

    account: Ints
    channel: Ints
    object: Ints
    at_ms: Ints
    settled: Flags

    def joined(self, other: Acts) -> Acts:
        """Both lists in one."""
        return Acts(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in self.__dataclass_fields__))

    def visits(self) -> Visits:
        """Return the acquaintances that these acts made."""
        if len(self.account) == 0:
            none = np.zeros(0, np.int64)
            return Visits(none, none, none, none)
        order = order_by(self.account, self.channel, self.object, self.at_ms)
        who, where, what, at = (getattr(self, n)[order] for n in ("account", "channel", "object", "at_ms"))
        fresh = np.r_[True, (np.diff(who) != 0) | (np.diff(where) != 0)]
        pair = np.cumsum(fresh) - 1
        first = np.full(int(pair[-1]) + 1, NEVER)
        np.minimum.at(first, pair, at)
        known = _nth_object(pair, what, at, len(first))
        settled = self.settled[order]
        np.minimum.at(known, pair[settled], at[settled])
        return Visits(who[fresh], where[fresh], first, known)


def _nth_object(pair: Ints, what: Ints, at: Ints, n: int) -> Ints:
    """When each pair of account and channel came to its KNOWN_OBJECTS-th object; rows are sorted by (pair, object, time)."""
    new = np.r_[True, (np.diff(pair) != 0) | (np.diff(what) != 0)]
    pair, at = pair[new], at[new]
    order = order_by(pair, at)
    pair, at = pair[order], at[order]
    rank = np.arange(len(pair)) - np.searchsorted(pair, pair)
    known = np.full(n, NEVER)
    chosen = rank == KNOWN_OBJECTS - 1
    known[pair[chosen]] = at[chosen]
    return known


def first_touch(visits: Visits, account: Ints, channel: Ints, cluster_of: Ints, newcomer: Flags) -> Ints:
    """When each account's cluster, the account itself left out, first touched each channel; NEVER where it did not.

    Where at least NEWCOMERS newcomers touched the channel, theirs is the first touch; else any other member's.
    """
    if len(visits.account) == 0:
        return np.full(len(account), NEVER)
    groups, group = np.unique(cluster_of[visits.account] * visits.width + visits.channel, return_inverse=True)
    new = newcomer[visits.account]
    by_new, count = np.full(len(groups), NEVER), np.bincount(group[new], minlength=len(groups))
    np.minimum.at(by_new, group[new], visits.first_ms[new])
    order = order_by(group, visits.first_ms)
    start = np.searchsorted(group[order], np.arange(len(groups) + 1))
    earliest, second = order[start[:-1]], order[np.minimum(start[:-1] + 1, len(order) - 1)]
    runner_up = np.where(np.diff(start) > 1, visits.first_ms[second], NEVER)
    wanted = cluster_of[account] * visits.width + channel
    at = np.minimum(np.searchsorted(groups, wanted), len(groups) - 1)
    others = np.where(visits.account[earliest[at]] == account, runner_up[at], visits.first_ms[earliest[at]])
    touch = np.where(count[at] >= NEWCOMERS, by_new[at], others)
    there = (channel >= 0) & (channel < visits.width) & (groups[at] == wanted)
    return np.where(there, touch, NEVER)


@dataclass(frozen=True)
class Places:
    """One entry a row of a table: whom or what it was done with (an author's code, a chat's, or -1), and on what object."""

    channel: Codes
    object: Codes


def places_of_rows(dataset: Dataset, accounts: Accounts) -> dict[str, Places]:
    """Return, for every table of actions but notes, the channel and the object of each row.

    A channel is an account's code, or a chat's, which come after all accounts. What was done to a note has the note's
    place in its table as object, whatever the table, so that liking and commenting one note is one object.
    """
    return {name: find(dataset, accounts) for name, find in _PLACES.items() if name in dataset.tables}


def _of_comments(dataset: Dataset, accounts: Accounts) -> Places:
    return _authors(dataset, accounts, "comments", "note_id")


def _of_interactions(dataset: Dataset, accounts: Accounts) -> Places:
    table = dataset.tables["interactions"]
    found = _authors(dataset, accounts, "interactions", "target_id")
    note, person = _equal(table["target_kind"], "note"), _equal(table["target_kind"], "account")
    channel = np.where(note, found.channel, np.where(person, accounts.codes(table["target_id"]), np.int32(-1)))
    return Places(channel, np.where(note, found.object, np.int32(-1)))


def _of_messages(dataset: Dataset, accounts: Accounts) -> Places:
    chat = encode(dataset.tables["chat_messages"]["chat_id"], _chats(dataset))
    return Places(
        np.where(chat >= 0, chat + np.int32(len(accounts)), np.int32(-1)), np.arange(len(chat), dtype=np.int32)
    )


_PLACES = {"comments": _of_comments, "interactions": _of_interactions, "chat_messages": _of_messages}


def _authors(dataset: Dataset, accounts: Accounts, table: str, column: str) -> Places:
    author = note_authors(dataset, accounts, table, column)
    if "notes" not in dataset.tables:
        return Places(author, author)
    return Places(author, places_of(dataset, table, column, "notes"))


def _equal(column: pa.ChunkedArray, value: str) -> Flags:
    return np.asarray(pc.fill_null(pc.equal(column, value), False).to_numpy(), np.bool_)


def _chats(dataset: Dataset) -> pa.Array:
    named = [dataset.tables[t]["chat_id"] for t in ("chat_messages", "chat_members") if t in dataset.tables]
    names = pc.unique(pa.chunked_array([c for column in named for c in column.chunks], pa.string()))
    return names.take(pc.array_sort_indices(names))


def acts_of_rows(dataset: Dataset, accounts: Accounts, places: dict[str, Places], chosen: Flags) -> Acts:
    """Return everything that the chosen accounts did with an author or in a chat, views left out, and their joinings of chats."""
    none = np.zeros(0, np.int64)
    found = Acts(none, none, none, none, np.zeros(0, np.bool_))
    for name, place in places.items():
        table = dataset.tables[name]
        settled, seen = np.zeros(table.num_rows, np.bool_), np.zeros(table.num_rows, np.bool_)
        if name == "interactions":
            settled, seen = _equal(table["kind"], "follow"), _equal(table["kind"], "view")
        who = codes_of(dataset, accounts, name)
        found = found.joined(
            _of(chosen[who] & ~seen, who, place.channel, place.object, milliseconds(table["created_at"]), settled)
        )
    return found.joined(_joinings(dataset, accounts, chosen)) if "chat_members" in dataset.tables else found


def first_seen(dataset: Dataset, accounts: Accounts) -> int:
    """When anybody first commented, wrote in a chat, liked or looked (else the log's start): older notes and follows show no visits."""
    first = []
    for name in _PLACES:
        if dataset.has(name):
            at = dataset.tables[name]["created_at"].cast(pa.int64())
            if name == "interactions":
                at = at.filter(pa.array(~_equal(dataset.tables[name]["kind"], "follow")))
            first.append(pc.min(at).as_py())
    return min((at for at in first if at is not None), default=accounts.first_ms)


def _of(rows: Flags, account: Codes, channel: Codes | Ints, object_: Codes | Ints, at_ms: Ints, settled: Flags) -> Acts:
    """The acts of these rows that have a channel."""
    at = np.flatnonzero(rows & (channel >= 0))
    where = account[at].astype(np.int64), channel[at].astype(np.int64), object_[at].astype(np.int64)
    return Acts(*where, at_ms[at], settled[at])


def _joinings(dataset: Dataset, accounts: Accounts, chosen: Flags) -> Acts:
    """A joining of unknown time is older than everything: no data is not "no"."""
    table = dataset.tables["chat_members"]
    chat = encode(table["chat_id"], _chats(dataset)).astype(np.int64) + len(accounts)
    who, at = accounts.codes(table["account_id"]), milliseconds(table["joined_at"])
    return _of(chosen[who], who, chat, np.full(len(who), -1), at, np.ones(len(who), np.bool_))


def acts_of_layer(layer: Layer, chosen: Flags) -> Acts:
    """Return the chosen accounts' own actions of a layer with its own channels: sites of links, authors of answered comments."""
    actions = layer.actions
    settled = np.zeros(len(actions), np.bool_)
    channel = actions.channel_of[actions.object]
    return _of(chosen[actions.account], actions.account, channel, actions.object, actions.at_ms, settled)
