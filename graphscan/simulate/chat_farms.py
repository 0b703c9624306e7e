"""Farms that work in group chats: a chorus of praise, and a funnel that ends in a group.

In: a stage. Out: rows in the world, told as managed. Their mark is that they are in a chat at all, as one in ten people is.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphscan.simulate.clock import DAY_MS, HOUR_MS, SECOND_MS, delays
from graphscan.simulate.crowds import daytimes
from graphscan.simulate.doings import every
from graphscan.simulate.hidden import JITTER_MS, crew, decent, rest, tasks, toil, turns
from graphscan.simulate.ids import NOBODY, Handles, Ints
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People
from graphscan.simulate.texts import comment_texts

GUESTS = 40
PRAISES = 14


def chorus_farm(stage: Stage) -> None:
    """Make a chat chorus: a host praises a thing in a group of strangers, and the others agree within two minutes."""
    people = crew(stage)
    chat = _group(stage, people, GUESTS, stage.world.begin_ms - 20 * DAY_MS)
    at = daytimes(stage, PRAISES, DAY_MS)
    host = _write(stage, people, chat, np.zeros(PRAISES, np.int64), at, None)
    who, which = turns(stage, people, PRAISES)
    late = at[which] + delays(stage.rng, 45.0, 0.6, len(who))
    _write(stage, people, chat, who, late, host[which])
    rest(stage, people, np.zeros(0, np.int64))


def group_funnel(stage: Stage) -> None:
    """Make a funnel into a group: friendly comments under strangers' notes, an invitation, and a link said in the group."""
    people, notes = crew(stage), tasks(stage)
    who, which = turns(stage, people, len(notes))
    at = decent(notes.created + 2 * HOUR_MS)[which] + stage.rng.integers(*JITTER_MS, len(who))
    chat = _group(stage, people, GUESTS * 2, stage.world.begin_ms + DAY_MS)
    said = daytimes(stage, PRAISES, DAY_MS)
    speaker = stage.rng.integers(0, len(people), PRAISES)
    link = every(PRAISES, f"https://contact.example/{stage.rng.integers(2**32):08x}")
    _write(stage, people, chat, speaker, np.maximum(said, stage.world.begin_ms + 2 * DAY_MS), None, links=link)
    toil(stage, people, notes, who, which, at)


def _group(stage: Stage, people: People, guests: int, opened: int) -> Handles:
    """Open a group of the members and of strangers who were invited one by one."""
    world, ordinary = stage.world, stage.society.people
    strangers = np.unique(stage.society.passers_by(stage.rng, guests))
    chat, start = world.new(f"{stage.name} group", 1), np.array([opened])
    world.add("chats", chat_id=chat, kind="group", name="福利交流群", created_at=start, owner_id=people.account[:1])
    for accounts, registered in (
        (people.account, people.registered),
        (ordinary.account[strangers], ordinary.registered[strangers]),
    ):
        joined = np.maximum(opened + stage.rng.integers(0, DAY_MS, len(accounts)), registered)
        world.add("chat_members", chat_id=np.repeat(chat, len(accounts)), account_id=accounts, joined_at=joined)
    return chat


def _write(
    stage: Stage, people: People, chat: Handles, who: Ints, at: Ints, above: Handles | None, **given: pa.Array
) -> Handles:
    world, count = stage.world, len(who)
    message = world.new(f"{stage.name} sayings", count)
    world.add(
        "chat_messages",
        message_id=message,
        chat_id=np.repeat(chat, count),
        account_id=people.account[who],
        created_at=np.minimum(at, world.end_ms - SECOND_MS),
        text=comment_texts(stage.rng, people.topic[who]),
        reply_to=np.full(count, NOBODY) if above is None else above,
        client=people.client.take(pa.array(who)),
        **given,
    )
    return message
