"""Farms: accounts run together, each farm a cluster of the truth.

In: a stage. Out: rows in the world, told as managed. Members also live like everybody, and what they write
for the farm replaces as much of their own writing, so that only what a farm does together shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.simulate.circles import AGENT_TOOL
from graphscan.simulate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, awake, delays
from graphscan.simulate.crowds import author_with_notes, daytimes
from graphscan.simulate.doings import every, react, tally, turn_out
from graphscan.simulate.ids import NOBODY, Handles, Ints
from graphscan.simulate.life import Society
from graphscan.simulate.moulds import draw_mould
from graphscan.simulate.notes import Notes, product_links
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import comment_texts, fill

PARTICIPATION = 0.7
JITTER_MS = (20 * SECOND_MS, 900 * SECOND_MS)
"""A farm's tool spreads its accounts over twenty seconds to fifteen minutes."""

TASKS = 14
SETTLED_DAYS = 2
"""A farm is registered in the window's first two days and begins to work after."""


@dataclass(frozen=True)
class Errand:
    """One row an act a farm's member is sent to do: the member's place, the task's note, and when."""

    who: Ints
    notes: Notes
    at: Ints


def members(stage: Stage, hours: float) -> People:
    """Make the accounts, registered within so many hours; a farm due for a ban acts through the tool."""
    latest = SETTLED_DAYS * DAY_MS - int(hours * HOUR_MS)
    start = stage.world.begin_ms + int(stage.rng.integers(0, max(latest, 1)))
    return stage.make(stage.part.size, portrait(stage, (start, start + int(hours * HOUR_MS))))


def portrait(stage: Stage, registered: tuple[int, int], network: str | None = None) -> Portrait:
    """Return what a farm's members have in common; a farm due for a ban acts through the tool."""
    return Portrait(
        role="managed",
        slice=stage.part.kind,
        cluster=stage.name,
        measure=stage.part.measure,
        registered=registered,
        network=network,
        client=AGENT_TOOL if stage.part.measure == "ban" else None,
        actions_min=16,
    )


def bought_notes(stage: Stage, tasks: int = TASKS) -> Notes:
    """Return ordinary notes of the middling sort on which the farm is hired to act."""
    world = stage.world
    return stage.society.pool.middling(stage.rng, tasks, world.begin_ms + SETTLED_DAYS * DAY_MS, world.end_ms - DAY_MS)


def errands(stage: Stage, count: int, notes: Notes, spread_ms: tuple[int, int] = JITTER_MS) -> Errand:
    """Send members to the notes: each task begins some hours after the note, each member a little later."""
    who, which = turn_out(stage.rng, count, len(notes), PARTICIPATION)
    start = awake(notes.created + delays(stage.rng, 2 * 3600.0, 0.7, len(notes)))
    at = start[which] + stage.rng.integers(*spread_ms, len(who))
    return Errand(who, notes.take(which), at)


def work(stage: Stage, people: People, job: Errand, text: pa.Array, links: pa.Array | None = None) -> None:
    """Comment as told, be answered now and then, and live beside it."""
    given = {} if links is None else {"links": links}
    stage.say(people, job.who, job.notes, job.at, text, **given)
    stage.live(people, tally(job.who, len(people)))


def some_links(stage: Stage, count: int, share: float = 0.5) -> pa.ListArray:
    """Return one product's link on a share of the rows, null on the rest."""
    link = every(count, product_links(stage.rng.integers(10**7, 10**8, 1))[0].as_py())
    return pc.if_else(pa.array(stage.rng.random(count) < share), link, pa.scalar(None, link.type))


def hire(stage: Stage) -> None:
    """Make a farm for hire: bursts of template comments with one product's link under others' notes."""
    people = members(stage, 2.0 if stage.part.measure == "ban" else 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    work(stage, people, job, template(stage, job), some_links(stage, len(job.who)))


def template(stage: Stage, job: Errand) -> pa.Array:
    """Return a text for each act, all filled from one mould drawn for the farm."""
    product = np.full(len(job.who), job.notes.topic[0] if len(job.who) else 0)
    return fill(stage.rng, draw_mould(stage.rng), product)


def paraphrase(stage: Stage) -> None:
    """Make a farm whose every comment is written afresh: nothing shared but where and when."""
    people = members(stage, 3.0)
    job = errands(stage, len(people), bought_notes(stage))
    work(stage, people, job, comment_texts(stage.rng, job.notes.topic, 0.1))


def drip(stage: Stage) -> None:
    """Make a slow farm: its members come to a task over six hours, templates as the farm for hire."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage), (MINUTE_MS, 6 * HOUR_MS))
    work(stage, people, job, template(stage, job), some_links(stage, len(job.who)))


def likes(stage: Stage) -> None:
    """Make a farm that writes nothing: likes and collects in bursts under bought notes."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    react(stage.world, people, job.who, "like", job.notes.note, job.at)
    again = np.flatnonzero(stage.rng.random(len(job.who)) < 0.5)
    react(stage.world, people, job.who[again], "collect", job.notes.note[again], job.at[again] + 7 * SECOND_MS)
    stage.live(people)


def merchant(stage: Stage) -> None:
    """Make a merchant's own farm: it praises only this merchant's notes, among honest customers."""
    posts = TASKS + 1
    at = stage.world.begin_ms + SETTLED_DAYS * DAY_MS + _spread(stage, posts)
    _, notes = author_with_notes(stage, posts, "merchant", at, "手作小店，每日上新")
    people = members(stage, 3.0)
    job = errands(stage, len(people), notes)
    _customers(stage, notes)
    work(stage, people, job, template(stage, job), some_links(stage, len(job.who), 0.3))


def _spread(stage: Stage, count: int) -> Ints:
    days = stage.days() - SETTLED_DAYS - 1
    at = daytimes(stage, count) - stage.world.begin_ms
    return np.sort(at * days // stage.days())


def _customers(stage: Stage, notes: Notes) -> None:
    rng = stage.rng
    people = stage.make(stage.part.size * 2, Portrait(slice="customer"), " customers")
    who, which = turn_out(rng, len(people), len(notes), 0.25)
    at = awake(notes.created[which] + delays(rng, 3 * 3600.0, 1.1, len(who)))
    stage.say(people, who, notes.take(which), at, comment_texts(rng, notes.topic[which]))
    stage.live(people, tally(who, len(people)))


def funnel(stage: Stage) -> None:
    """Make a chat funnel: a friendly comment, then private messages with one contact link to strangers."""
    people = members(stage, 2.0)
    job = errands(stage, len(people), bought_notes(stage))
    _private_messages(stage, people, job)
    work(stage, people, job, comment_texts(stage.rng, job.notes.topic, 0.1))


def _private_messages(stage: Stage, people: People, job: Errand) -> None:
    world, rng, count = stage.world, stage.rng, len(job.who)
    at = job.at + delays(rng, 600.0, 0.5, count)
    chat, victim = world.new(f"{stage.name} chats", count), _victims(stage.society, rng, count)
    sender = people.account[job.who]
    link = every(count, f"https://contact.example/{rng.integers(2**32):08x}")
    world.add("chats", chat_id=chat, kind="private", created_at=at, owner_id=sender)
    for account in (sender, victim):
        world.add("chat_members", chat_id=chat, account_id=account, joined_at=at)
    world.add(
        "chat_messages",
        message_id=world.new(f"{stage.name} messages", count),
        chat_id=chat,
        account_id=sender,
        created_at=at + 20 * SECOND_MS,
        links=link,
        client=people.client.take(pa.array(job.who)),
        reply_to=np.full(count, NOBODY),
    )


def _victims(society: Society, rng: np.random.Generator, count: int) -> Handles:
    return society.people.account[society.passers_by(rng, count)]
