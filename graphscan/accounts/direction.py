"""Direction: who acted later, and whether the account's own earlier interests explain that it was there.

In: layers, clusters, the dataset. Out: :class:`Direction`, and the later acts one by one. Co-action is charged to the later actor only:
whoever is followed around has done nothing. And only what the account's own earlier choices do not explain counts:
bots that sit on everything its idol posts do not make a fan their accomplice (:mod:`graphscan.accounts.own_choice`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.accounts.deeds import Floats
from graphscan.accounts.later_acts import Joint, earlier_members, find_joint_acts
from graphscan.accounts.own_choice import Choices, explained
from graphscan.accounts.profiles import instants
from graphscan.accounts.visits import acts_of_rows, first_seen, places_of_rows
from graphscan.behaviours.accounts import Accounts, codes_of
from graphscan.behaviours.actions import DAY_MS, Flags, Ints
from graphscan.behaviours.tabling import object_labels, row_names
from graphscan.groups.clusters import Cluster, cluster_numbers
from graphscan.intake.columns import column_at
from graphscan.intake.dataset import Dataset
from graphscan.tables import ACTION_TABLES, LATER_ACTS

_PLACE = {"notes": "note_id", "comments": "note_id", "chat_messages": "chat_id", "interactions": "target_id"}


@dataclass(frozen=True)
class Direction:
    """One row an account; occasions are places (notes, chats, followed accounts) a day, zero outside clusters.

    ``later`` counts occasions on which it acted, within the window, after another member; ``unexplained`` those of them
    on objects that its own interests from before its cluster's first touch do not explain; ``first`` those on
    which it was the first member. ``share`` is ``unexplained`` through all its actions, NaN without actions.
    ``cotargets`` counts objects shared with members of its cluster whatever the time, beyond chance.

    A comment with a link and a copied text under one note, liked besides, is one occasion, not four.
    """

    later: Ints
    unexplained: Ints
    first: Ints
    share: Floats
    cotargets: Ints


def no_direction(n_accounts: int) -> Direction:
    """Return what is known when there is no cluster."""
    none = np.zeros(n_accounts, np.int64)
    return Direction(none, none, none, np.full(n_accounts, np.nan), none)


def follow(clusters: Sequence[Cluster], dataset: Dataset, accounts: Accounts) -> tuple[Direction, pa.Table]:
    """Tell who acted later in which cluster, and return the later acts as :data:`graphscan.tables.LATER_ACTS`.

    ``cotargets`` is left at zero: it is another look, :mod:`graphscan.groups.cotargets`.
    """
    found = find_joint_acts(clusters, len(accounts))
    if not found:
        return no_direction(len(accounts)), LATER_ACTS.schema.empty_table()
    places = dataset.keep(places_of_rows(dataset, accounts))
    number = cluster_numbers(clusters, len(accounts))
    visits = acts_of_rows(dataset, accounts, places, number >= 0).visits()
    choices = Choices(number, ~accounts.has_history, visits, places, first_seen(dataset, accounts))
    rows = [np.flatnonzero(joint.later | joint.first) for joint in found]
    known = [explained(joint, r, choices) for joint, r in zip(found, rows, strict=True)]
    where = _occasions(dataset, accounts, found, rows)
    told = _explained_anyhow(where, np.concatenate(known))
    direction = _count(found, rows, where, told, _all_actions(dataset, accounts))
    return direction, _table(clusters, dataset, accounts, found, rows, told)


def _occasions(dataset: Dataset, accounts: Accounts, found: Sequence[Joint], rows: Sequence[Ints]) -> Ints:
    """A number for each (account, place, day) of the chosen rows of all layers, one after the other."""
    texts, keys = [], []
    for joint, chosen in zip(found, rows, strict=True):
        texts.append(_place_texts(dataset, joint, joint.action[chosen]))
        keys.append(np.c_[joint.account[chosen], (joint.at_ms[chosen] - accounts.first_ms) // DAY_MS])
    place = pa.concat_arrays(texts).dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    _, number = np.unique(np.c_[np.concatenate(keys), place], axis=0, return_inverse=True)
    return number.reshape(-1)


def _place_texts(dataset: Dataset, joint: Joint, action: Ints) -> pa.Array:
    """What each action was done to, named by its kind: a comment's note, a message's chat, a liked note."""
    actions = joint.layer.actions
    parts, at = [pa.array([], pa.string())], [np.zeros(0, np.int64)]
    for code, table in enumerate(actions.tables):
        here = np.flatnonzero(actions.source[action] == code)
        column = column_at(dataset.tables[table][_PLACE[table]], actions.row[action[here]])
        kind = "chats" if table == "chat_messages" else "notes"
        parts.append(pc.binary_join_element_wise(pa.scalar(kind), column, "/"))
        at.append(here)
    return pa.concat_arrays(parts).take(pa.array(np.argsort(np.concatenate(at), kind="stable")))


def _explained_anyhow(where: Ints, known: Flags) -> Flags:
    """Whether anything the account did on that occasion is explained: then it is explained that it was there."""
    return np.asarray((np.bincount(where, known) > 0)[where], np.bool_)


def _count(found: Sequence[Joint], rows: Sequence[Ints], where: Ints, told: Flags, actions: Ints) -> Direction:
    account, later = (
        np.concatenate([getattr(joint, name)[r] for joint, r in zip(found, rows, strict=True)])
        for name in ("account", "later")
    )
    n = int(where.max(initial=-1)) + 1
    whose = np.zeros(n, np.int64)
    whose[where] = account
    was_later = np.bincount(where, later, n) > 0
    counted = (was_later, np.bincount(where, later & ~told, n) > 0, ~was_later)
    in_all, unexplained, first = (np.bincount(whose[c], minlength=len(actions)).astype(np.int64) for c in counted)
    share = np.divide(unexplained, actions, out=np.full(len(actions), np.nan), where=actions > 0)
    return replace(no_direction(len(actions)), later=in_all, unexplained=unexplained, first=first, share=share)


def _all_actions(dataset: Dataset, accounts: Accounts) -> Ints:
    """Everything each account did; views are left out, as in :mod:`graphscan.accounts.deeds`: they cost nothing."""
    total = np.zeros(len(accounts), np.int64)
    for name in ACTION_TABLES:
        if name in dataset.tables:
            who = codes_of(dataset, accounts, name)
            if name == "interactions":
                who = who[pc.fill_null(pc.not_equal(dataset.tables[name]["kind"], "view"), True).to_numpy()]
            total += np.bincount(who, minlength=len(accounts))
    return total


def _table(
    clusters: Sequence[Cluster],
    dataset: Dataset,
    accounts: Accounts,
    found: Sequence[Joint],
    rows: Sequence[Ints],
    told: Flags,
) -> pa.Table:
    parts, begin = [], 0
    for joint, chosen in zip(found, rows, strict=True):
        here = told[begin : begin + len(chosen)]
        begin += len(chosen)
        later = joint.later[chosen]
        parts.append(_rows(clusters, dataset, accounts, joint, chosen[later], here[later]))
    return (
        pa.concat_tables(parts)
        .combine_chunks()
        .sort_by([(name, "ascending") for name in ("account_id", "at", "behaviour", "object")])
    )


def _rows(
    clusters: Sequence[Cluster], dataset: Dataset, accounts: Accounts, joint: Joint, rows: Ints, told: Flags
) -> pa.Table:
    start, after = earlier_members(joint, rows)
    actions, action = joint.layer.actions, joint.action[rows]
    ids = pa.array([c.cluster_id for c in clusters], pa.string())
    columns = {
        "account_id": accounts.ids.take(pa.array(joint.account[rows])),
        "cluster_id": ids.take(pa.array(joint.cluster[rows])),
        "behaviour": pa.repeat(pa.scalar(joint.layer.behaviour.name), len(rows)),
        "object": object_labels(joint.layer, actions.object[action]),
        "at": instants(joint.at_ms[rows], np.ones(len(rows), np.bool_)),
        "after": pa.ListArray.from_arrays(pa.array(start, pa.int32()), accounts.ids.take(pa.array(after))),
        "explained": pa.array(told),
        "row": row_names(joint.layer, action, dataset),
    }
    return pa.table([columns[name] for name in LATER_ACTS.schema.names], schema=LATER_ACTS.schema)
