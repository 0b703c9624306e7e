"""Honest circles that look odd: shift workers, clubs, brands, schedulers, lovers of a cold topic, aided.

In: a stage. Out: rows in the world, told as human; aided writers as assisted, users of a tool as occasional.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphscan.simulate.clock import BEGIN_MS, DAY_MS, HOUR_MS, MINUTE_MS, awake, delays, hours, moments
from graphscan.simulate.crowds import daytimes
from graphscan.simulate.doings import every, react, receive, tally, turn_out
from graphscan.simulate.ids import Ints
from graphscan.simulate.notes import Notes, product_links, write_notes
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import COLD, comment_texts, fill

AGENT_TOOL = "openclaw/0.9.4"
"""What a hosted account's actions carry where the platform saw it."""

SCHEDULER = "scheduler/2.1"
"""The platform's own tool for posting at a set minute."""


def night_shift(stage: Stage) -> None:
    """Make shift workers: awake when others sleep, nothing else in common."""
    stage.live(stage.make(stage.part.size, Portrait(slice="night-shift", chronotype_h=11.0)))


def school_club(stage: Stage) -> None:
    """Make freshmen of a club: one network, one afternoon of registration, normal life after."""
    start = BEGIN_MS + 2 * DAY_MS + 14 * HOUR_MS
    network = f"{stage.rng.integers(2**40):012x}"
    portrait = Portrait(slice="school-club", registered=(start, start + 4 * HOUR_MS), network=network)
    stage.live(stage.make(stage.part.size, portrait))


def scheduled(stage: Stage) -> None:
    """Make users of the scheduler: besides their life, one note a day at the very minute they set."""
    rng, days, count = stage.rng, stage.days(), stage.part.size
    people = stage.make(count, Portrait(slice="scheduled"))
    who, which = turn_out(rng, count, days, 0.3)
    hour = hours(rng, count).astype(np.int64)
    at = BEGIN_MS + which * DAY_MS + hour[who] * HOUR_MS
    who, at = who[at > people.registered[who]], at[at > people.registered[who]]
    post(stage, people, who, at, SCHEDULER)
    stage.live(people)


def post(stage: Stage, people: People, who: Ints, at: Ints, client: str | None, **given: pa.Array) -> Notes:
    """Let the people at places ``who`` post notes at these times with this client, and be read."""
    clients = pa.repeat(pa.scalar(client, pa.string()), len(who))
    name = f"{people.name} posts"
    topic = given.pop("topic", None)
    topics = people.topic[who] if topic is None else np.full(len(who), topic)
    notes = write_notes(stage.world, name, stage.rng, people.account[who], at, topics, clients, **given)
    receive(stage.world, stage.society, stage.rng, name, notes)
    return notes


def brand(stage: Stage) -> None:
    """Make a brand's accounts, verified and declared in each bio: the same words and link within a minute."""
    rng, days, count = stage.rng, stage.days(), stage.part.size
    people = stage.make(count, Portrait(slice="brand", verified=True, bio="山岚茶饮官方矩阵账号，内容由总部统一发布"))
    who, which = turn_out(rng, count, days, 1.0)
    at = BEGIN_MS + which * DAY_MS + 10 * HOUR_MS + rng.integers(0, 60_000, len(who))
    late = at > people.registered[who]
    who, which, at = who[late], which[late], at[late]
    daily = fill(rng, "{when}新品上市，{trait}，到店报暗号第二杯{n}折，活动以门店公示为准。", np.zeros(days, np.int64))
    link = product_links(rng.integers(10**7, 10**8, 1))[0].as_py()
    post(stage, people, who, at, SCHEDULER, text=daily.take(pa.array(which)), links=every(len(who), link))
    stage.live(people)


def niche(stage: Stage) -> None:
    """Make lovers of a cold topic: the same forty notes for all of them, each in their own time."""
    rng, count, posts = stage.rng, stage.part.size, stage.days() * 3
    people = stage.make(count, Portrait(slice="niche"))
    writer = rng.integers(0, max(1, count // 5), posts)
    at = np.maximum(daytimes(stage, posts, DAY_MS), people.registered[writer])
    notes = post(stage, people, writer, at, None, topic=COLD)
    who, which = turn_out(rng, count, posts, 0.5)
    first = notes.created[which]
    come = moments(rng, first, np.minimum(first + 3 * DAY_MS, stage.world.end_ms), people.chronotype_h[who])
    who, which, come = who[come > first], which[come > first], come[come > first]
    talks = rng.random(len(who)) < 0.4
    text = comment_texts(rng, np.full(talks.sum(), COLD))
    stage.say(people, who[talks], notes.take(which[talks]), come[talks], text)
    react(stage.world, people, who[~talks], "like", notes.note[which[~talks]], come[~talks])
    stage.live(people, tally(who[talks], count))


def aided(stage: Stage) -> None:
    """Make aided writers: people who polish notes with AI, say so, and post by hand in their own time."""
    rng, count = stage.rng, stage.part.size
    people = stage.make(count, Portrait(role="assisted", slice="aided"))
    who = np.repeat(np.arange(count), 3)
    at = moments(rng, people.first_ms(BEGIN_MS)[who], np.full(len(who), stage.world.end_ms), people.chronotype_h[who])
    who, at = who[at > people.registered[who]], at[at > people.registered[who]]
    post(stage, people, who, at, "app-ios/8.31.0", ai_declared=pa.array(rng.random(len(who)) < 0.9))
    stage.live(people)


def occasional(stage: Stage) -> None:
    """Make occasional users of an agent tool: one to three notes hosted among a life of their own."""
    rng, count = stage.rng, stage.part.size
    people = stage.make(
        count, Portrait(role="occasional", slice="occasional", measure=stage.part.measure, actions_min=15)
    )
    who = np.repeat(np.arange(count), rng.integers(1, 4, count))
    at = moments(rng, people.first_ms(BEGIN_MS)[who], np.full(len(who), stage.world.end_ms), people.chronotype_h[who])
    who, at = who[at > people.registered[who]], at[at > people.registered[who]]
    post(stage, people, who, at, AGENT_TOOL)
    stage.live(people)


def new_club(stage: Stage) -> None:
    """Make an honest new club: all members new, one channel, told of each post, answering like people."""
    rng, count, posts = stage.rng, stage.part.size, stage.days() + 1
    span = (BEGIN_MS, BEGIN_MS + 2 * DAY_MS)
    people = stage.make(count, Portrait(slice="new-club", registered=span))
    at = np.maximum(daytimes(stage, posts), span[1] + np.arange(posts) * MINUTE_MS)
    notes = post(stage, people, np.zeros(posts, np.int64), at, None)
    who, which = turn_out(rng, count, posts, 0.7)
    habit_s = np.exp(rng.normal(np.log(1500.0), 0.9, count))
    come = awake(notes.created[which] + delays(rng, habit_s[who], 0.8, len(who)))
    stage.say(people, who, notes.take(which), come, comment_texts(rng, notes.topic[which]))
    stage.live(people, tally(who, count))
