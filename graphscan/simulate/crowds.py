"""Honest crowds that act together: fans, viral audiences, daily readers, group buyers, well-wishers.

In: a stage. Out: rows in the world, told as human. Each looks like a farm in one respect, named in its
function's first line.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.simulate.clock import BEGIN_MS, DAY_MS, HOUR_MS, MINUTE_MS, awake, delays, moments
from graphscan.simulate.doings import every, react, receive, tally, turn_out
from graphscan.simulate.ids import Ints
from graphscan.simulate.notes import Notes, product_links, write_notes
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import comment_texts, fill

WOMENS_DAY_MS = BEGIN_MS + 6 * DAY_MS
"""8 March 2026, local midnight."""


def author_with_notes(stage: Stage, count: int, slice_name: str, at: Ints, bio: str) -> tuple[People, Notes]:
    """Make one verified author of the slice who writes ``count`` notes at these times."""
    author = stage.make(1, Portrait(slice=slice_name, verified=True, bio=bio), " author")
    topic = np.full(count, author.topic[0])
    clients = pa.repeat(author.client[0], count)
    writer = np.repeat(author.account, count)
    notes = write_notes(stage.world, author.name, stage.rng, writer, at, topic, clients)
    receive(stage.world, stage.society, stage.rng, author.name, notes)
    stage.live(author)
    return author, notes


def daytimes(stage: Stage, count: int, ahead_ms: int = HOUR_MS) -> Ints:
    """Return sorted waking moments of the window, none in its last ``ahead_ms``."""
    world = stage.world
    first, last = np.full(count, world.begin_ms), np.full(count, world.end_ms - ahead_ms)
    return np.sort(awake(moments(stage.rng, first, last, np.zeros(count))))


def fans(stage: Stage) -> None:
    """Make fans: a core is told of each post and answers within minutes, half of them with the slogan."""
    rng, posts = stage.rng, stage.days() * 10 // 7
    idol, notes = author_with_notes(stage, posts, "fan", daytimes(stage, posts), "歌手，作品见置顶")
    core = stage.make(stage.part.size, Portrait(slice="fan", topic=int(idol.topic[0])))
    who, which = turn_out(rng, len(core), posts, 0.8)
    habit_s = np.exp(rng.normal(np.log(600.0), 0.8, len(core)))
    at = awake(notes.created[which] + delays(rng, habit_s[who], 0.6, len(who)))
    own = comment_texts(rng, notes.topic[which])
    slogan = fill(rng, "一路同行，星河为你亮起{mood}", notes.topic[which])
    text = pc.if_else(pa.array(rng.random(len(who)) < 0.5), slogan, own)
    stage.say(core, who, notes.take(which), at, text)
    likes = np.flatnonzero(rng.random(len(who)) < 0.7)
    react(stage.world, core, who[likes], "like", notes.note[which[likes]], at[likes] + 5_000)
    _casual_fans(stage, notes)
    stage.live(core, tally(who, len(core)))


def _casual_fans(stage: Stage, notes: Notes) -> None:
    base = stage.make(stage.part.size, Portrait(slice="fan"), " base")
    who, which = turn_out(stage.rng, len(base), len(notes), 0.15)
    at = awake(notes.created[which] + delays(stage.rng, 7200.0, 1.2, len(who)))
    stage.say(base, who, notes.take(which), at, comment_texts(stage.rng, notes.topic[which]))
    stage.live(base, tally(who, len(base)))


def viral(stage: Stage) -> None:
    """Make a viral audience: a crowd under one note in an hour, its busy people under many such notes."""
    rng, events = stage.rng, 5
    _, notes = author_with_notes(stage, events, "viral", daytimes(stage, events, 6 * HOUR_MS), "记录现场")
    crowd = stage.make(stage.part.size, Portrait(slice="viral"))
    come = np.minimum(0.15 * (1 + rng.pareto(1.6, len(crowd))), 0.95)
    who, which = np.nonzero(rng.random((len(crowd), events)) < come[:, None])
    at = notes.created[which] + delays(rng, 1500.0, 0.9, len(who))
    talks = rng.random(len(who)) < 0.6
    text = comment_texts(rng, notes.topic[which[talks]], 0.5)
    stage.say(crowd, who[talks], notes.take(which[talks]), at[talks], text)
    react(stage.world, crowd, who[~talks], "like", notes.note[which[~talks]], at[~talks])
    stage.live(crowd, tally(who[talks], len(crowd)))


def habit(stage: Stage) -> None:
    """Make a daily habit: a column appears at 21:00 every evening, its readers are there within minutes."""
    rng, days = stage.rng, stage.days()
    at = BEGIN_MS + np.arange(days) * DAY_MS + 21 * HOUR_MS + rng.integers(0, 90_000, days)
    _, notes = author_with_notes(stage, days, "habit", at, "每晚九点，一则短文")
    readers = stage.make(stage.part.size, Portrait(slice="habit"))
    who, which = turn_out(rng, len(readers), days, 0.8)
    come = notes.created[which] + delays(rng, 420.0, 0.8, len(who))
    stage.say(readers, who, notes.take(which), come, comment_texts(rng, notes.topic[which]))
    stage.live(readers, tally(who, len(readers)))


def group_buy(stage: Stage) -> None:
    """Make a group buy: residents copy the leader's template with their flat within half an hour."""
    rng, rounds = stage.rng, 5
    world, deal = stage.world, product_links(rng.integers(10**7, 10**8, 1))[0].as_py()
    residents = stage.make(stage.part.size, Portrait(slice="group-buy", network=f"{rng.integers(2**40):012x}"))
    opened = daytimes(stage, rounds)
    leader, topic = np.repeat(residents.account[:1], rounds), np.zeros(rounds, np.int64)
    notes = write_notes(
        world, f"{stage.name} deals", rng, leader, opened, topic, pa.repeat(residents.client[0], rounds),
        text=fill(rng, "小区团购接龙第{n}期，{n}元一箱，满六十份发车。接龙＋楼号＋房号＋份数。", topic),
        links=every(rounds, deal),
    )  # fmt: skip
    who, which = turn_out(rng, len(residents), rounds, 0.75)
    at = notes.created[which] + rng.integers(MINUTE_MS, 30 * MINUTE_MS, len(who))
    text = fill(rng, "接龙 {n}号楼{n}室 {n}份，谢谢团长", np.zeros(len(who), np.int64))
    stage.say(residents, who, notes.take(which), at, text)
    stage.live(residents, tally(who, len(residents)))


def festival(stage: Stage) -> None:
    """Make well-wishers: on Women's Day everybody posts the same greeting, mostly within a few hours."""
    rng, count = stage.rng, stage.part.size
    people = stage.make(count, Portrait(slice="festival"))
    at = awake(WOMENS_DAY_MS + 9 * HOUR_MS + delays(rng, 2 * 3600.0, 0.7, count))
    text = pa.repeat(pa.scalar("祝所有女生节日快乐，永远自由，永远热烈，做自己的光！"), count)
    alive = np.flatnonzero(people.registered < at)
    columns = {"text": text.take(pa.array(alive)), "title": pa.repeat(pa.scalar("女神节快乐"), len(alive))}
    notes = write_notes(
        stage.world, f"{stage.name} greetings", rng, people.account[alive], at[alive], people.topic[alive],
        people.client.take(pa.array(alive)), **columns,
    )  # fmt: skip
    receive(stage.world, stage.society, rng, f"{stage.name} greetings", notes)
    _greet_friends(stage, people)
    stage.live(people, np.ones(count, np.int64))


def _greet_friends(stage: Stage, people: People) -> None:
    count = len(people)
    at = awake(WOMENS_DAY_MS + 10 * HOUR_MS + delays(stage.rng, 2 * 3600.0, 0.7, count))
    place = stage.society.pool.choose(stage.rng, people.topic, at)
    found = np.flatnonzero(place >= 0)
    notes = stage.society.pool.notes.take(place[found])
    text = pa.repeat(pa.scalar("女神节快乐，永远自由，永远热烈！"), len(found))
    stage.say(people, found, notes, at[found], text)
