"""The world of motifs: the platform's actions around all clusters.

In: layers, dataset, accounts. Out: :class:`World`, made once for all clusters; each part of it when a motif first asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.accounts import Accounts, codes_of, milliseconds
from graphscan.behaviours.actions import DAY_MS, Codes, Flags, Ints
from graphscan.behaviours.indexing import Index, index_rows
from graphscan.behaviours.layer import Layer
from graphscan.behaviours.sorting import order_by
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode, whole
from graphscan.motifs.rows import Comments, Deeds, Messages, first_of
from graphscan.tables import ACTION_TABLES

_NEAR = 25  # accounts on either side, by number of actions, that may stand in for a member


@dataclass(frozen=True)
class _Cast:
    """Accounts that may stand in, by activity and then by code; ``place`` of each account (by code), ``left_out``: places, ascending."""

    account: Codes
    activity: Ints
    place: Ints
    left_out: Ints

    def __len__(self) -> int:
        return len(self.account) - len(self.left_out)

    def without(self, members: Codes) -> _Cast:
        """The same without some accounts, all of them in it; nothing of the others is copied."""
        return replace(self, left_out=np.sort(self.place[members]))

    def places(self, actions: Ints) -> Ints:
        """Where, among those who are left, accounts so active stand (the first that are no less active)."""
        whole = np.searchsorted(self.activity, actions)
        return np.asarray(whole - np.searchsorted(self.left_out, whole))

    def at(self, places: Ints) -> Codes:
        """The accounts at some places among those who are left."""
        before = np.searchsorted(self.left_out - np.arange(len(self.left_out)), places, side="right")
        return np.asarray(self.account[places + before], np.int32)


def _cast(codes: Codes, activity: Ints) -> _Cast:
    order = codes[np.argsort(activity[codes], kind="stable")]
    place = np.full(len(activity), -1, np.int64)
    place[order] = np.arange(len(order))
    return _Cast(order, activity[order], place, np.zeros(0, np.int64))


@dataclass(frozen=True)
class _Part:
    """Members of one kind: who may stand in for them, and how active they are."""

    cast: _Cast
    actions: Ints

    def drawn(self, rng: np.random.Generator) -> Codes:
        """One stand-in for each."""
        shifted = rng.integers(-_NEAR, _NEAR, len(self.actions))
        if not len(self.cast):
            return np.zeros(0, np.int32)
        return self.cast.at(np.clip(self.cast.places(self.actions) + shifted, 0, len(self.cast) - 1))


@dataclass(frozen=True)
class World:
    """Everything motifs look at; each part is made when a motif first asks for it.

    ``exempt`` tells, of client texts, which are the platform's own scheduler and its like; None: none is known.
    """

    layers: Sequence[Layer]
    dataset: Dataset
    accounts: Accounts
    exempt: Callable[[pa.Array], Flags] | None = None

    @cached_property
    def deeds(self) -> Deeds:
        """All actions of all tables."""
        names = [t for t in ACTION_TABLES if self.dataset.has(t)]
        tables = [self.dataset.tables[t] for t in names]
        joined = self.dataset.joined
        account = joined([np.zeros(0, np.int32), *(codes_of(self.dataset, self.accounts, t) for t in names)])
        at_ms = joined(chain([np.zeros(0, np.int64)], (milliseconds(t["created_at"]) for t in tables)))
        exempt = np.concatenate([np.zeros(0, np.bool_), *(self._exempt(t) for t in tables)])
        order = order_by(account, at_ms)
        counts = np.bincount(account, minlength=len(self.accounts))
        return self.dataset.keep(Deeds(np.concatenate([[0], np.cumsum(counts)]), at_ms[order], exempt[order]))

    def _exempt(self, table: pa.Table) -> Flags:
        if self.exempt is None:
            return np.zeros(table.num_rows, np.bool_)
        return self.exempt(table["client"])

    @cached_property
    def activity(self) -> Ints:
        """Actions of each account."""
        return np.diff(self.deeds.begin)

    def casting(self, members: Codes) -> Callable[[np.random.Generator], Codes]:
        """Return what draws stand-ins: for each member another account about as active, with the same answer to "a life before?".

        This is the permutation of labels inside strata (METHOD stage 4), the stratum of a member being the accounts nearest in
        activity. Members never stand in for members.
        """
        old, everybody = self.accounts.has_history[members], self._casts[None].without(members)
        wanted = []
        for kind in (False, True):
            pool = self._casts[kind].without(members[old == kind])
            wanted.append(_Part(pool if len(pool) else everybody, self.activity[members[old == kind]]))

        def draw(rng: np.random.Generator) -> Codes:
            return np.unique(np.concatenate([part.drawn(rng) for part in wanted]))

        return draw

    @cached_property
    def _casts(self) -> dict[bool | None, _Cast]:
        """Accounts with a life before the log, those without, and (None) all."""
        old = self.accounts.has_history
        which = {False: np.flatnonzero(~old), True: np.flatnonzero(old), None: np.arange(len(old))}
        return {kind: _cast(codes.astype(np.int32), self.activity) for kind, codes in which.items()}

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What one motif made for all scenes, by its own key."""
        return {}

    @cached_property
    def occasions_of(self) -> dict[str, Index]:
        """Per layer, the rows of each account among its occasions."""
        n = len(self.accounts)
        keep = self.dataset.keep
        return {layer.behaviour.name: keep(index_rows(layer.occasions.account, n)) for layer in self.layers}

    @cached_property
    def actions_of(self) -> dict[str, Index]:
        """Per layer, the rows of each account among its actions."""
        n = len(self.accounts)
        keep = self.dataset.keep
        return {layer.behaviour.name: keep(index_rows(layer.actions.account, n)) for layer in self.layers}

    @cached_property
    def comments(self) -> Comments | None:
        """All comments; None where there are none."""
        if not self.dataset.has("comments"):
            return None
        table = self.dataset.tables["comments"]
        account, at_ms = codes_of(self.dataset, self.accounts, "comments"), milliseconds(table["created_at"])
        row = order_by(account, at_ms)
        return self.dataset.keep(Comments(index_rows(account[row], len(self.accounts)), account[row], at_ms[row], row))

    @cached_property
    def group_messages(self) -> Messages | None:
        """Messages in group chats."""
        return self._messages("group")

    @cached_property
    def private_messages(self) -> Messages | None:
        """Messages in private chats: who, when, and the first link; never their words."""
        return self._messages("private")

    def _messages(self, kind: str) -> Messages | None:
        if not self.dataset.has("chat_messages") or not self.dataset.has("chats"):
            return None
        chats = self.dataset.tables["chats"].filter(pc.equal(self.dataset.tables["chats"]["kind"], kind))
        names = chats["chat_id"].combine_chunks()
        table = self.dataset.tables["chat_messages"]
        chat = encode(table["chat_id"], names)
        at_ms, account = milliseconds(table["created_at"]), codes_of(self.dataset, self.accounts, "chat_messages")
        rows = np.flatnonzero(chat >= 0)
        rows = rows[order_by(chat[rows], at_ms[rows], account[rows])]
        link = first_of(whole(table["links"])).take(pa.array(rows))
        index = index_rows(account[rows], len(self.accounts))
        return Messages(names, chat[rows], account[rows], at_ms[rows], link, index)

    @property
    def days(self) -> int:
        """Whole days that the log spans."""
        return int((self.accounts.last_ms - self.accounts.first_ms) // DAY_MS)
