"""Chat chorus: members speak in one group chat within a minute, again and again; and funnel: a comment, then a private message with a link.

In: a scene. Out: occurrences, and p-values. Of private messages only who, when and the link are looked at, never
their words. Source: METHOD stage 4, M4; the chorus is the group-chat form of M1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from graphscan.behaviours.actions import DAY_MS, Codes, Ints
from graphscan.motifs import kernels
from graphscan.motifs.chance import SURROGATES, count_tail
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.rows import Messages
from graphscan.motifs.scene import Scene

LEAST_SPEAKERS = 3
CHORUS_MS = 60_000  # METHOD stage 1: the shortest window
FUNNEL_MS = 1_800_000  # METHOD M4: within 30 minutes
_LONGEST_CHAT = 20_000  # messages of all the members' chats that are looked at; the newest are left out


def find_choruses(scene: Scene) -> list[Occurrence]:
    """Return every burst in which at least three members spoke in one group chat, no more than a minute apart."""
    messages = scene.world.group_messages
    if messages is None:
        return []
    rows, start = _members_chats(scene, messages)
    who = scene.place(messages.account[rows])
    found = np.zeros((len(rows), 2), np.int64)
    n = kernels.bursts(start, who, messages.at_ms[rows], CHORUS_MS, LEAST_SPEAKERS, len(scene.members), found)
    return [_chorus(scene, messages, rows[lo:hi]) for lo, hi in found[:n]]


def chance_of_choruses(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of so many choruses when who spoke is dealt anew among each chat's own messages.

    A chat that everybody answers at once, an announcement's, stays as it is: where all who speak are members, nothing can be said.
    """
    messages = scene.world.group_messages
    if messages is None or not found:
        return 1.0
    rows, start = _members_chats(scene, messages)
    who, at_ms = scene.place(messages.account[rows]), messages.at_ms[rows]
    chat, none, n = messages.chat[rows], np.zeros((0, 2), np.int64), len(scene.members)
    drawn = [
        kernels.bursts(start, who[np.lexsort((rng.random(len(who)), chat))], at_ms, CHORUS_MS, LEAST_SPEAKERS, n, none)
        for _ in range(SURROGATES)
    ]
    return count_tail(len(found), np.array(drawn, np.float64))


def _members_chats(scene: Scene, messages: Messages) -> tuple[Ints, Ints]:
    """Rows of the chats in which enough members spoke, by chat and time, and where each chat begins."""
    own = messages.index.rows(scene.members)
    spoke = np.unique(np.stack([messages.chat[own], messages.account[own]], axis=1), axis=0)
    chats, speakers = np.unique(spoke[:, 0], return_counts=True)
    chats = chats[speakers >= LEAST_SPEAKERS]
    ends = zip(np.searchsorted(messages.chat, chats), np.searchsorted(messages.chat, chats, "right"), strict=True)
    rows = np.concatenate([np.zeros(0, np.int64), *(np.arange(lo, hi) for lo, hi in ends)])[:_LONGEST_CHAT]
    edges = np.flatnonzero(np.diff(messages.chat[rows])) + 1
    return rows, np.unique(np.concatenate([[0], edges, [len(rows)]])).astype(np.int64)


def _chorus(scene: Scene, messages: Messages, rows: Ints) -> Occurrence:
    spoken = rows[scene.place(messages.account[rows]) >= 0]
    chat = str(messages.chats[int(messages.chat[rows[0]])].as_py())
    return Occurrence(
        tuple(dict.fromkeys(messages.account[spoken].tolist())),
        (chat,),
        int(messages.at_ms[spoken[0]]),
        int(messages.at_ms[spoken[-1]]),
    )


def find_funnels(scene: Scene) -> list[Occurrence]:
    """Return every private message with a link that a member sent within half an hour after a comment of its own."""
    sent, comments = _linked_messages(scene), _comments(scene)
    if sent is None or comments is None:
        return []
    messages, rows = sent
    before = _last_comment(comments, messages.account[rows], messages.at_ms[rows])
    note = scene.world.dataset.tables["comments"]["note_id"]
    return [
        Occurrence(
            (int(messages.account[row]),),
            (str(note[int(comments[2][c])].as_py()), str(messages.link[int(row)].as_py())),
            int(comments[1][c]),
            int(messages.at_ms[row]),
        )
        for row, c in zip(rows, before, strict=True)
        if c >= 0
    ]


def chance_of_funnels(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of so many when each member's messages come on another day of the log, at the same time of day."""
    sent, comments, days = _linked_messages(scene), _comments(scene), scene.world.days
    if sent is None or comments is None or not found or days < 3:
        return 1.0
    messages, rows = sent
    account, at_ms = messages.account[rows], messages.at_ms[rows]
    begin = scene.world.accounts.first_ms
    drawn = []
    for _ in range(SURROGATES):
        shift = rng.integers(1, days, len(scene.members))[scene.place(account)] * DAY_MS
        moved = begin + (at_ms - begin + shift) % (days * DAY_MS)
        drawn.append(int((_last_comment(comments, account, moved) >= 0).sum()))
    return count_tail(len(found), np.array(drawn, np.float64))


def _linked_messages(scene: Scene) -> tuple[Messages, Ints] | None:
    messages = scene.world.private_messages
    if messages is None:
        return None
    rows = messages.index.rows(scene.members)
    return messages, rows[messages.link.take(pa.array(rows)).is_valid().to_numpy(zero_copy_only=False)]


def _comments(scene: Scene) -> tuple[Codes, Ints, Ints] | None:
    """Members' comments: account, time, row; sorted by account and time."""
    comments = scene.world.comments
    if comments is None:
        return None
    rows = comments.index.rows(scene.members)
    return comments.account[rows], comments.at_ms[rows], comments.row[rows]


def _last_comment(comments: tuple[Codes, Ints, Ints], account: Codes, at_ms: Ints) -> Ints:
    """Place of each sender's last comment at most half an hour before; -1 where there is none."""
    who, when, _ = comments
    if len(who) == 0:
        return np.full(len(account), -1, np.int64)
    both = np.concatenate([who, account]), np.concatenate([when, at_ms])
    order = np.lexsort((np.arange(len(both[0])), both[1], both[0]))  # at the same instant the comment comes first
    seen = np.maximum.accumulate(np.where(order < len(who), order, -1))
    place = np.empty(len(order), np.int64)
    place[order] = seen
    place = place[len(who) :]
    near = (place >= 0) & (who[place] == account) & (at_ms - when[place] <= FUNNEL_MS)
    return np.where(near, place, -1)
