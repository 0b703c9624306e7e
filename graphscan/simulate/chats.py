"""Chats: ordinary group chats, private ones, and the group that answers an announcement with the same word.

In: the society, or a stage. Out: rows in ``chats``, ``chat_members`` and ``chat_messages``.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.simulate.clock import DAY_MS, delays, moments
from graphscan.simulate.crowds import daytimes
from graphscan.simulate.doings import turn_out
from graphscan.simulate.ids import NOBODY, Handles, Ints
from graphscan.simulate.life import Society
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import CHATTER, fill, fill_any
from graphscan.simulate.world import World

MEMBERS_A_GROUP = 25
PEOPLE_A_GROUP = 250
PEOPLE_A_PRIVATE_CHAT = 20


def ordinary_chats(world: World, society: Society, rng: np.random.Generator) -> None:
    """Open the ordinary group chats and private chats, and let their members talk."""
    people = society.people
    groups = max(3, len(people) // PEOPLE_A_GROUP)
    _open(world, society, rng, "group", groups, MEMBERS_A_GROUP, 4.0)
    _open(world, society, rng, "private", max(5, len(people) // PEOPLE_A_PRIVATE_CHAT), 2, 3.0)


def _open(
    world: World, society: Society, rng: np.random.Generator, kind: str, count: int, size: int, words: float
) -> None:
    people = society.people
    chat = world.new(f"{kind} chats", count)
    opened = world.begin_ms - rng.integers(1, 300 * DAY_MS, count)
    member = (rng.integers(0, len(people), count)[:, None] + _strides(rng, len(people), size)) % len(people)
    name = fill(rng, "{adjective}{topic}群", rng.integers(0, 12, count)) if kind == "group" else None
    world.add("chats", chat_id=chat, kind=kind, name=name, created_at=opened, owner_id=people.account[member[:, 0]])
    where, who = np.repeat(np.arange(count), size), member.ravel()
    joined = np.maximum(opened[where], people.registered[who])
    world.add("chat_members", chat_id=chat[where], account_id=people.account[who], joined_at=joined)
    _chatter(world, society, rng, kind, chat[where], who, words)


def _strides(rng: np.random.Generator, people: int, size: int) -> Ints:
    """Return ``size`` distinct distances, so that a chat has each member once."""
    return np.concatenate([[0], np.sort(rng.choice(np.arange(1, people), size - 1, replace=False))])


def _chatter(
    world: World,
    society: Society,
    rng: np.random.Generator,
    kind: str,
    chat: Handles,
    who: Ints,
    words: float,
) -> None:
    people = society.people
    row = np.repeat(np.arange(len(who)), rng.poisson(words, len(who)))
    first = np.maximum(people.registered[who[row]], world.begin_ms)
    at = moments(rng, first, np.full(len(row), world.end_ms), people.chronotype_h[who[row]])
    row, at = row[at >= first], at[at >= first]
    text = fill_any(rng, CHATTER, people.topic[who[row]])
    world.add(
        "chat_messages",
        message_id=world.new(f"{kind} messages", len(row)),
        chat_id=chat[row],
        account_id=people.account[who[row]],
        created_at=at,
        text=text if kind == "group" else None,
        client=people.client.take(pa.array(who[row])),
    )


def group_chat(stage: Stage) -> None:
    """Let a group answer announcements: four in five say 收到 within minutes, a third of them only that."""
    world, rng = stage.world, stage.rng
    people = stage.make(stage.part.size, Portrait(slice="group-chat"))
    chat = world.new(f"{stage.name} chat", 1)
    opened = np.array([world.begin_ms - 200 * DAY_MS])
    world.add("chats", chat_id=chat, kind="group", name="家长通知群", created_at=opened, owner_id=people.account[:1])
    joined = np.maximum(people.registered, opened[0])
    world.add("chat_members", chat_id=np.repeat(chat, len(people)), account_id=people.account, joined_at=joined)
    at = daytimes(stage, 15)
    announced = _announce(stage, people, chat, at)
    who, which = turn_out(rng, len(people), len(at), 0.8)
    come = at[which] + delays(rng, 300.0, 0.9, len(who))
    kept = np.flatnonzero((come >= joined[who]) & (come < world.end_ms))
    _acknowledge(stage, people, np.repeat(chat, len(kept)), who[kept], come[kept], announced[which[kept]])
    stage.live(people)


def _announce(stage: Stage, people: People, chat: Handles, at: Ints) -> Handles:
    message = stage.world.new(f"{stage.name} announcements", len(at))
    text = fill(stage.rng, "@所有人 通知第{n}号：{detail}，看到请回复。", np.zeros(len(at), np.int64))
    stage.world.add(
        "chat_messages",
        message_id=message,
        chat_id=np.repeat(chat, len(at)),
        account_id=np.repeat(people.account[:1], len(at)),
        created_at=at,
        text=text,
    )
    return message


def _acknowledge(stage: Stage, people: People, chat: Handles, who: Ints, at: Ints, announced: Handles) -> None:
    rng, count = stage.rng, len(who)
    same = pa.array(rng.random(count) < 0.3)
    own = fill(rng, "收到，{creature}家长{mood}谢谢老师", np.zeros(count, np.int64))
    stage.world.add(
        "chat_messages",
        message_id=stage.world.new(f"{stage.name} answers", count),
        chat_id=chat,
        account_id=people.account[who],
        created_at=at,
        text=pc.if_else(same, "收到", own),
        reply_to=np.where(rng.random(count) < 0.6, announced, NOBODY),
        client=people.client.take(pa.array(who)),
    )
