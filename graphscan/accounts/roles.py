"""Roles: why an account may stand in a cluster without being of it.

In: layers, clusters, conduct, direction. Out: :class:`Roles`. Victims, idols, receivers, bridges and hijacked accounts get a role of
their own, and never a measure by what others do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from graphscan.accounts.bridges import bridges
from graphscan.accounts.change import compromised
from graphscan.accounts.conduct import Conduct
from graphscan.accounts.direction import Direction
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Flags, Ints
from graphscan.behaviours.layer import Layer
from graphscan.groups.clusters import Cluster, cluster_numbers

CHARGED = 6
"""guard G8: unexplained later acts from which co-action counts against an account. Who has so many has no role by what
others do: members of a farm that boost and answer each other would all be owners and receivers."""

REACHED_BY = 3  # members: two friends who both like one author's notes make nobody the cluster's object
OWNED = 2  # notes: one viral note is no choice of its author's by the cluster

LEADS, LEADS_SHARE = 5, 0.8
"""Joint occasions on which it was the first, and their share of all its joint occasions: in a group without order a member of five
is first on one in five, and first on five of six once in 800 (binomial, p = 0.2: 0.0016)."""


@dataclass(frozen=True)
class Roles:
    """One row an account in each.

    ``object_owner``: the cluster acts on its notes. ``receiver``: the cluster answers it, follows it or writes to it.
    ``bridge``: without it the cluster falls apart, or it belongs to several. ``leader``: nearly always the first
    member on an occasion, so that it is charged with nothing as a follower. ``compromised``: an old, clean history and a
    sudden change of conduct: an account to be secured, not punished.
    """

    object_owner: Flags
    receiver: Flags
    bridge: Flags
    leader: Flags
    compromised: Flags

    def of(self, code: int) -> list[str]:
        """The names of one account's roles."""
        return [f.name for f in fields(self) if getattr(self, f.name)[code]]


def no_roles(n_accounts: int) -> Roles:
    """Return what is known when there is no cluster."""
    return Roles(*(np.zeros(n_accounts, np.bool_) for _ in fields(Roles)))


def find_roles(
    layers: Sequence[Layer],
    clusters: Sequence[Cluster],
    found: Conduct,
    direction: Direction,
    later_acts: pa.Table,
) -> Roles:
    """Tell the roles of every account. Owners and receivers may stand outside the cluster that reaches them."""
    n = len(found)
    number = cluster_numbers(clusters, n)
    passive = direction.unexplained < CHARGED
    return Roles(
        _owners(layers, number, n) & passive,
        _receivers(layers, number, found.accounts) & passive,
        bridges(layers, number, n),
        _leaders(direction) & passive,
        compromised(found, later_acts),
    )


def _leaders(direction: Direction) -> Flags:
    joint = direction.first + direction.later
    return np.asarray((direction.first >= LEADS) & (direction.first >= LEADS_SHARE * joint))


def _owners(layers: Sequence[Layer], number: Ints, n: int) -> Flags:
    """Authors of at least OWNED notes on which REACHED_BY members of one cluster acted, whatever they did there."""
    parts = [_acts(x, number) for x in layers if x.behaviour.channel == "author of note"]
    if not parts:
        return np.zeros(n, np.bool_)
    names = np.unique(np.concatenate([p[1] for p in parts]))
    rows = np.concatenate([np.c_[p[0], np.searchsorted(names, p[1]), p[2]] for p in parts])
    rows = rows[rows[:, 2] >= 0]
    cells, members = np.unique(_with_cluster(np.unique(rows, axis=0), number)[:, 1:], axis=0, return_counts=True)
    authors, notes = np.unique(cells[members >= REACHED_BY][:, [0, 2]], axis=0, return_counts=True)
    owners = np.zeros(n, np.bool_)
    owners[authors[notes >= OWNED][:, 1]] = True
    return owners


def _acts(layer: Layer, number: Ints) -> tuple[Ints, np.ndarray, Ints]:
    """Clustered accounts' acts: account, the note's id, its author."""
    rows = np.flatnonzero(number[layer.actions.account] >= 0)
    what = layer.actions.object[rows]
    names = layer.actions.objects.take(pa.array(what)).to_numpy(zero_copy_only=False).astype(str)
    return layer.actions.account[rows].astype(np.int64), names, layer.actions.channel_of[what].astype(np.int64)


def _with_cluster(rows: Ints, number: Ints) -> Ints:
    """Return rows (account, note, author) as (account, cluster, note, author)."""
    return np.asarray(np.c_[rows[:, 0], number[rows[:, 0]], rows[:, 1:]], np.int64)


def _receivers(layers: Sequence[Layer], number: Ints, accounts: Accounts) -> Flags:
    """Accounts that at least REACHED_BY members of one cluster followed, or whose comments they answered."""
    found = np.zeros(len(accounts), np.bool_)
    for layer in layers:
        if layer.behaviour.name == "account_followed":
            target = accounts.codes(layer.actions.objects.named)
        elif layer.behaviour.channel == "author of comment":
            target = np.where(layer.actions.explicit_of, -1, layer.actions.channel_of)
        else:
            continue
        rows = np.flatnonzero(number[layer.actions.account] >= 0)
        who, whom = layer.actions.account[rows], target[layer.actions.object[rows]]
        each = np.unique(np.c_[number[who], whom, who][whom >= 0], axis=0)
        pairs, members = np.unique(each[:, :2], axis=0, return_counts=True)
        found[pairs[members >= REACHED_BY][:, 1]] = True
    return found
