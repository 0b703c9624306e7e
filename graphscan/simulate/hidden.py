"""Hidden farms: accounts run together that differ from people in nothing one can count about one of them.

In: a stage; ``part.strength`` is the share of what a member does that is work. Out: rows in the world, told as managed. A member has an
ordinary appetite; its work takes the place of as much of its own life, in the mix of comments, likes and collects that people
have, in words of its own, as an answer as often as others. What is left to see is who comes where with whom, and when. Where a farm
keeps a mark (a batch of registrations, a machine's clock, a chat), :data:`graphscan.simulate.marks.MARKS` declares it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphscan.simulate.circles import post
from graphscan.simulate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, awake, delays, moments
from graphscan.simulate.crowds import author_with_notes, daytimes
from graphscan.simulate.doings import follow, react
from graphscan.simulate.farms import SETTLED_DAYS
from graphscan.simulate.ids import NOBODY, Flags, Handles, Ints
from graphscan.simulate.notes import Notes
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import comment_texts

TASKS = 18
JITTER_MS = (20 * SECOND_MS, 15 * MINUTE_MS)
DRIP_MS = (MINUTE_MS, 12 * HOUR_MS)
HEARTBEAT_MS = 30 * MINUTE_MS
"""As on an agents' network whose tools woke every half hour."""

BUSY_TENTHS = 21
"""Honest people who take part in something do it beside their life, and so are busier than others; members are as busy as they."""

PASSING_SHARE = 0.38
"""Of what ordinary accounts do, so much is in passing, outside their visits (measured: answers and reactions to others' notes)."""

TALK_SHARE, ANSWER_SHARE = 0.88, 0.08
"""Of what people do elsewhere they talk a little less than at home, and answer half as often (measured over all honest parts)."""

CHATTING_SHARE = 0.2
SQUAD = 8
MOST_TURNS = 0.95
REACTIONS = ("like", "collect", "share", "follow")
REACTION_SHARES = (0.72, 0.22, 0.02, 0.04)
"""What remains so that members, with their own life beside, like, collect, share and follow as often as people (measured)."""


def crew(stage: Stage, registered: tuple[int, int] | None = None) -> People:
    """Make the members: ordinary in age (unless a span is given), app, appetite and clock."""
    portrait = Portrait(
        role="managed",
        slice=stage.part.kind,
        cluster=stage.name,
        measure=stage.part.measure,
        registered=registered,
        actions_min=4,
    )
    people = stage.make(stage.part.size, portrait)
    private_chats(stage, people)
    return replace(people, actions=people.actions * BUSY_TENTHS // 10)


def private_chats(stage: Stage, people: People) -> None:
    """Let one member in five talk to some stranger in private, as one ordinary account in five is in a chat."""
    world, rng = stage.world, stage.rng
    who = np.flatnonzero(rng.random(len(people)) < CHATTING_SHARE)
    chat, other = world.new(f"{stage.name} private chats", len(who)), stage.society.passers_by(rng, len(who))
    opened = np.maximum(people.registered[who], stage.society.people.registered[other])
    opened = np.maximum(opened, world.begin_ms) + rng.integers(0, HOUR_MS, len(who))
    sides = (people.account[who], stage.society.people.account[other])
    world.add("chats", chat_id=chat, kind="private", created_at=opened, owner_id=sides[0])
    for number, account in enumerate(sides):
        world.add("chat_members", chat_id=chat, account_id=account, joined_at=opened)
        at = np.minimum(opened + delays(rng, 3600.0, 1.0, len(who)), world.end_ms - SECOND_MS)
        message = world.new(f"{stage.name} private messages {number}", len(who))
        world.add("chat_messages", message_id=message, chat_id=chat, account_id=account, created_at=at)


def batch(stage: Stage) -> People:
    """Make members registered within three hours of the log's first two days."""
    start = stage.world.begin_ms + int(stage.rng.integers(0, SETTLED_DAYS * DAY_MS - 3 * HOUR_MS))
    return crew(stage, (start, start + 3 * HOUR_MS))


def tasks(stage: Stage, count: int = TASKS) -> Notes:
    """Return strangers' notes, neither hot nor dead, on which the farm is hired to act."""
    world = stage.world
    return stage.society.pool.middling(stage.rng, count, world.begin_ms + SETTLED_DAYS * DAY_MS, world.end_ms - DAY_MS)


def turns(stage: Stage, people: People, count: int) -> tuple[Ints, Ints]:
    """Return who comes to which task: each as often as a share ``strength`` of its appetite allows, so that busy ones come more."""
    chance = np.minimum(stage.part.strength * people.actions / count, MOST_TURNS)
    who, which = np.nonzero(stage.rng.random((len(people), count)) < chance[:, None])
    return who.astype(np.int64), which.astype(np.int64)


def toil(stage: Stage, people: People, notes: Notes, who: Ints, which: Ints, at: Ints) -> None:
    """Let members act on the notes as people do, and live beside it on what appetite is left."""
    _mingle(stage, people, who, notes.take(which), at)
    rest(stage, people, who)


def rest(stage: Stage, people: People, who: Ints) -> None:
    """Let members live on the appetite that their work (one row of ``who`` an act) leaves them, now and then in passing."""
    done = np.bincount(who, minlength=len(people))
    passing = np.maximum(np.rint(PASSING_SHARE * people.actions).astype(np.int64) - done, 0)
    owner = np.repeat(np.arange(len(people)), passing)
    first, last = (np.full(len(owner), t) for t in (stage.world.begin_ms, stage.world.end_ms))
    at = awake(moments(stage.rng, np.maximum(first, people.registered[owner]), last, people.chronotype_h[owner]))
    pool = stage.society.pool
    place = pool.choose(stage.rng, people.topic[owner], at)
    found = np.flatnonzero(place >= 0)
    _mingle(stage, people, owner[found], pool.notes.take(place[found]), at[found])
    stage.live(replace(people, actions=np.maximum(people.actions - done - passing, 1)))


def _mingle(stage: Stage, people: People, who: Ints, notes: Notes, at: Ints) -> None:
    """One act a row: a comment from the talkative, else a like, a collect, a share or a follow, in the mix that people have."""
    rng, world = stage.rng, stage.world
    talks = rng.random(len(who)) < TALK_SHARE * rng.beta(1.8, 2.5, len(people))[who]
    chosen = np.flatnonzero(talks)
    under = notes.take(chosen)
    text = comment_texts(rng, under.topic)
    stage.say(people, who[chosen], under, at[chosen], text, reply_to=_answers(stage, under, at[chosen]))
    kind = rng.choice(len(REACTIONS), len(who), p=REACTION_SHARES)
    for number, name in enumerate(REACTIONS):
        rows = np.flatnonzero(~talks & (kind == number))
        if name == "follow":
            follow(world, people, who[rows], notes.author[rows], at[rows])
        else:
            react(world, people, who[rows], name, notes.note[rows], at[rows])


def _answers(stage: Stage, notes: Notes, at: Ints) -> Handles:
    """Return, for as many as among people, the comment that stood above; else nobody's handle."""
    pool = stage.society.pool.notes.note
    order = np.argsort(pool)
    place = order[np.minimum(np.searchsorted(pool[order], notes.note), len(pool) - 1)]
    there: Flags = (pool[place] == notes.note) & (stage.rng.random(len(at)) < ANSWER_SHARE)
    return np.where(there, stage.society.threads.above(place, at), NOBODY)


def _starts(stage: Stage, notes: Notes) -> Ints:
    return decent(notes.created + delays(stage.rng, 2 * 3600.0, 0.7, len(notes)))


def decent(at: Ints) -> Ints:
    """Return the times with those between midnight and six moved to the morning after: nobody is hired for the night."""
    return awake(at + HOUR_MS) - HOUR_MS


def _work(stage: Stage, people: People, jitter_ms: tuple[int, int]) -> None:
    notes = tasks(stage)
    who, which = turns(stage, people, len(notes))
    at = _starts(stage, notes)[which] + stage.rng.integers(*jitter_ms, len(who))
    toil(stage, people, notes, who, which, decent(at))


def aged_farm(stage: Stage) -> None:
    """Make a farm of bought accounts that are as old as anybody's."""
    _work(stage, crew(stage), JITTER_MS)


def batch_farm(stage: Stage) -> None:
    """Make a farm registered in one batch; nothing else marks it."""
    _work(stage, batch(stage), JITTER_MS)


def trickle_farm(stage: Stage) -> None:
    """Make a slow farm of bought accounts: they come to a task over twelve hours."""
    _work(stage, crew(stage), DRIP_MS)


def camouflaged_farm(stage: Stage) -> None:
    """Make a farm of bought accounts of which only a share ``strength`` of what they do is work."""
    _work(stage, crew(stage), JITTER_MS)


def rotating_farm(stage: Stage) -> None:
    """Make a farm that sends another squad of eight to each task, so that no two members meet often."""
    people, notes = crew(stage), tasks(stage, 3 * TASKS)
    count = min(SQUAD, len(people))
    squads = np.stack([stage.rng.choice(len(people), count, replace=False) for _ in range(len(notes))])
    who, which = squads.ravel().astype(np.int64), np.repeat(np.arange(len(notes)), count)
    at = _starts(stage, notes)[which] + stage.rng.integers(*JITTER_MS, len(who))
    toil(stage, people, notes, who, which, at)


def heartbeat_farm(stage: Stage) -> None:
    """Make a farm whose tool wakes every thirty minutes: its work falls into the first half minute of each half hour."""
    people, notes = crew(stage), tasks(stage)
    who, which = turns(stage, people, len(notes))
    start = _starts(stage, notes)[which] + stage.rng.integers(0, 2, len(who)) * HEARTBEAT_MS
    at = decent(-(-start // HEARTBEAT_MS) * HEARTBEAT_MS) + stage.rng.integers(0, 30 * SECOND_MS, len(who))
    toil(stage, people, notes, who, which, at)


def dedicated_farm(stage: Stage) -> None:
    """Make a merchant's own farm of bought accounts: it praises only this merchant's notes, among honest customers."""
    at = daytimes(stage, TASKS, DAY_MS)
    _, notes = author_with_notes(stage, TASKS, "merchant", at, "手作小店，每日上新")
    people = crew(stage)
    who, which = turns(stage, people, len(notes))
    toil(stage, people, notes, who, which, awake(notes.created)[which] + stage.rng.integers(*JITTER_MS, len(who)))
    _customers(stage, notes)


def _customers(stage: Stage, notes: Notes) -> None:
    people = stage.make(2 * stage.part.size, Portrait(slice="customer"), " customers")
    chance = np.minimum(0.25 * people.actions / len(notes), MOST_TURNS)
    who, which = np.nonzero(stage.rng.random((len(people), len(notes))) < chance[:, None])
    at = awake(notes.created[which] + delays(stage.rng, 3 * 3600.0, 1.1, len(who)))
    kept = np.flatnonzero(at < stage.world.end_ms)
    stage.say(people, who[kept], notes.take(which[kept]), at[kept], comment_texts(stage.rng, notes.topic[which[kept]]))
    rest(stage, people, who[kept])


def ring_farm(stage: Stage) -> None:
    """Make a mutual ring: each member posts now and then, and the others like and praise it within the hour."""
    people, count = crew(stage), TASKS
    writer = stage.rng.integers(0, len(people), count)
    at = np.maximum(daytimes(stage, count, DAY_MS), people.registered[writer])
    notes = post(stage, people, writer, at, None)
    who, which = turns(stage, people, count)
    other = who != writer[which]
    who, which = who[other], which[other]
    late = stage.rng.integers(MINUTE_MS, HOUR_MS, len(who))
    toil(stage, people, notes, who, which, notes.created[which] + late)
