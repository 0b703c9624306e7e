"""Own choice: whether an account's own earlier interests explain that it acted where its cluster acted.

In: joint acts, the dataset's rows. Out: a flag a later act. What an account did before its cluster first touched the author, chat
or site is its own; what it did since may have been the cluster's work. So a squad that builds an interest while it works gains
nothing. Accounts without a life before the log have nothing that explains them, but an object that everybody acts on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.later_acts import Joint
from graphscan.accounts.visits import NEVER, Places, Visits, acts_of_layer, first_touch
from graphscan.behaviours.actions import DAY_MS, Flags, Ints
from graphscan.behaviours.opportunity import OBJECT_ACCOUNTS

POPULAR_SHARE = 0.02  # guard G13: the top 2 % of objects carry no weight

BLIND_DAYS = 3
"""Days at the log's beginning in which nothing can be seen of what was before: an idol that posts once a day shows two notes
in them (KNOWN_OBJECTS), with some left out. Who had a life before the log has the benefit of the doubt for a channel that its
cluster first touched in these days."""

BLOCK_ACTS, BLOCK_SHARE = 3, 0.2
"""Earlier acts in an interest block, and their share of all earlier acts of that behaviour, that make the block an interest of the
account: a main topic, not a chance visit. People in simulated worlds read 60 % their first topic, 25 % their second."""


@dataclass(frozen=True)
class Choices:
    """What own choice is judged by: each account's cluster (-1: none), its earlier life, the acquaintances, the log's start.

    ``first_ms`` is the first comment, message or like of anybody: older notes and follows show nobody's visits.
    """

    cluster_of: Ints
    newcomer: Flags
    visits: Visits
    places: dict[str, Places]
    first_ms: int


def explained(joint: Joint, rows: Ints, choices: Choices) -> Flags:
    """Whether each of the chosen rows is explained by the account's own earlier interests, or by an object's popularity."""
    who, action = joint.account[rows], joint.action[rows]
    place = place_of_actions(joint, action, choices.places)
    at = joint.at_ms[rows]
    known = _explained_by(choices.visits, who, place, at, choices)
    if joint.layer.behaviour.channel in ("host", "author of comment"):
        visits = acts_of_layer(joint.layer, choices.cluster_of >= 0).visits()
        channel = joint.layer.actions.channel_of[joint.layer.actions.object[action]].astype(np.int64)
        known |= _explained_by(visits, who, channel, at, choices)
    known |= _by_block(joint, rows, choices, place)
    return np.asarray((known & ~choices.newcomer[who]) | popular(joint, choices)[joint.layer.actions.object[action]])


def place_of_actions(joint: Joint, action: Ints, places: dict[str, Places]) -> Ints:
    """The channel of each action by its row: the author it was done with, or the chat; -1 where there is none."""
    actions = joint.layer.actions
    found = np.full(len(action), -1, np.int64)
    for code, table in enumerate(actions.tables):
        if table in places:
            here = actions.source[action] == code
            found[here] = places[table].channel[actions.row[action[here]]]
    return found


def _explained_by(visits: Visits, who: Ints, channel: Ints, at: Ints, choices: Choices) -> Flags:
    touch = np.minimum(first_touch(visits, who, channel, choices.cluster_of, choices.newcomer), at)
    unseen = touch < choices.first_ms + BLIND_DAYS * DAY_MS
    return (channel >= 0) & (unseen | (visits.known(who, channel) < touch))


def popular(joint: Joint, choices: Choices) -> Flags:
    """Per object of the layer: whether it is among the top 2 % by accounts of an earlier life outside every cluster.

    Whoever is in a cluster, and whoever is new, does not count: otherwise a farm would make its targets popular by itself.
    """
    acts = joint.layer.occasions
    counted = acts.first_on_object & (choices.cluster_of[acts.account] < 0) & ~choices.newcomer[acts.account]
    count = acts.count_by_object(counted, len(joint.layer.actions.objects))
    if not count.any():
        return np.zeros(len(count), np.bool_)
    cut = np.quantile(count[count > 0], 1 - POPULAR_SHARE)
    return np.asarray((count > cut) & (count >= OBJECT_ACCOUNTS))


def _by_block(joint: Joint, rows: Ints, choices: Choices, place: Ints) -> Flags:
    """Whether the object lies in an interest block that was the account's before its cluster touched the channel."""
    touch = first_touch(choices.visits, joint.account[rows], place, choices.cluster_of, choices.newcomer)
    touch = np.where(touch == NEVER, _first_on_object(joint)[rows], touch)
    known = np.zeros(len(rows), np.bool_)
    everything = _count_before(joint, np.zeros(joint.layer.occasions.n_occasions, np.int64), rows, touch)
    for level in joint.layer.opportunity.levels[1:]:
        here = _count_before(joint, level.block_of.astype(np.int64), rows, touch)
        mine = (here >= BLOCK_ACTS) & (here >= BLOCK_SHARE * everything)
        known |= mine & (level.block_of[joint.occasion[rows]] > 0)
    return known


def _first_on_object(joint: Joint) -> Ints:
    """When the cluster of each row first acted on the row's object, whoever did."""
    object_ = joint.layer.occasions.object_of[joint.occasion].astype(np.int64)
    _, group = np.unique(joint.cluster * (int(object_.max(initial=0)) + 1) + object_, return_inverse=True)
    first = np.full(int(group.max(initial=-1)) + 1, NEVER)
    np.minimum.at(first, group, joint.at_ms)
    return first[group]


def _count_before(joint: Joint, block_of: Ints, rows: Ints, until_ms: Ints) -> Ints:
    """How many occasions of each row's account lie in the row's block and before the given time."""
    acts, width = joint.layer.occasions, int(block_of.max(initial=0)) + 1
    mine = np.isin(acts.account, np.unique(joint.account[rows]))
    cell = acts.account[mine].astype(np.int64) * width + block_of[acts.occasion[mine]]
    cells, place = np.unique(cell, return_inverse=True)
    at = acts.at_ms[mine]
    if len(at) == 0:
        return np.zeros(len(rows), np.int64)
    origin, span = int(at.min()), int(at.max() - at.min()) + 2
    keys = np.sort(place * span + (at - origin))
    wanted = np.searchsorted(cells, joint.account[rows] * width + block_of[joint.occasion[rows]])
    until = np.clip(until_ms, origin, origin + span - 1) - origin
    return np.searchsorted(keys, wanted * span + until) - np.searchsorted(keys, wanted * span)
