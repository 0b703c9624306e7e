"""What groups do together, told once: who turns out, what they say and like, and how strangers receive them.

In: people, notes, moments. Out: rows in the world; nothing before a registration or after the window.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphscan.simulate.clock import awake, delays
from graphscan.simulate.ids import Flags, Handles, Ints
from graphscan.simulate.life import Said, Society
from graphscan.simulate.notes import Notes
from graphscan.simulate.people import People
from graphscan.simulate.texts import comment_texts, lists
from graphscan.simulate.world import World

READERS_A_PULL = 3.3
"""Reactions that a note draws a unit of its pull: what ordinary notes get from ordinary accounts."""

READERS_A_PULL_LEVEL = 5.6
"""The same in level worlds, where those who are not ordinary read ordinary notes as well, which so draw more."""

FOLLOWERS_A_PULL = 0.2
"""New followers that a note draws a unit of its pull, as ordinary notes do: one act in seventeen is a follow."""

ANSWERED_SHARE = 0.1
ANSWERED_SHARE_LEVEL = 0.08
"""The same in level worlds, in which others answer ordinary comments as well."""


def turn_out(rng: np.random.Generator, members: int, events: int, share: float) -> tuple[Ints, Ints]:
    """Return who comes to which event when each member comes to each event with this chance."""
    who, which = np.nonzero(rng.random((members, events)) < share)
    return who, which


def tally(who: Ints, members: int) -> Ints:
    """Return how often each member came."""
    return np.bincount(who, minlength=members).astype(np.int64)


def say(world: World, people: People, who: Ints, notes: Notes, at: Ints, text: pa.Array, **given: pa.Array) -> Said:
    """Add one comment a row of ``who`` (places in ``people``) and return those inside the window."""
    kept = np.flatnonzero(_possible(world, people, who, at))
    under = notes.take(kept)
    said = Said(world.new(f"{people.name} sayings", len(kept)), under.note, at[kept], under.topic)
    world.add(
        "comments",
        comment_id=said.comment,
        note_id=said.note,
        account_id=people.account[who[kept]],
        created_at=said.at,
        text=text.take(pa.array(kept)),
        client=people.client.take(pa.array(who[kept])),
        **{name: column.take(pa.array(kept)) for name, column in given.items()},
    )
    return said


def react(world: World, people: People, who: Ints, kind: str, note: Handles, at: Ints) -> None:
    """Add one like, collect or share of a note a row of ``who``."""
    kept = np.flatnonzero(_possible(world, people, who, at))
    world.add(
        "interactions",
        account_id=people.account[who[kept]],
        kind=kind,
        target_kind="note",
        target_id=note[kept],
        created_at=at[kept],
        client=people.client.take(pa.array(who[kept])),
    )


def _possible(world: World, people: People, who: Ints, at: Ints) -> Flags:
    return (at >= people.registered[who]) & (at < world.end_ms) & (at >= world.begin_ms)


def every(count: int, link: str) -> pa.ListArray:
    """Return ``count`` lists of one link."""
    return lists(np.ones(count, np.int64), pa.repeat(pa.scalar(link), count))


def receive(world: World, society: Society, rng: np.random.Generator, name: str, notes: Notes) -> None:
    """Let ordinary accounts like, collect and comment on notes as they do among themselves.

    Without this, nobody would ever answer a farm, and a look at who is answered would tell it apart: such is
    the leak of at least one published simulator.
    """
    guests = society.guests(f"{name} notes")
    counts = rng.poisson(notes.pull * (READERS_A_PULL_LEVEL if society.level else READERS_A_PULL))
    which = np.repeat(np.arange(len(notes)), counts)
    who = society.passers_by(rng, len(which))
    at = awake(notes.created[which] + delays(rng, 5 * 3600.0, 1.2, len(which)))
    what = rng.choice(3, len(which), p=(0.33, 0.5, 0.17))
    text = comment_texts(rng, notes.topic[which])
    talks = what == 0
    say(world, guests, who[talks], notes.take(which[talks]), at[talks], text.filter(pa.array(talks)))
    for number, kind in ((1, "like"), (2, "collect")):
        chosen = what == number
        react(world, guests, who[chosen], kind, notes.note[which[chosen]], at[chosen])
    if society.level:
        _follow(world, society, world.rng(f"{name} followers"), notes)


def _follow(world: World, society: Society, rng: np.random.Generator, notes: Notes) -> None:
    """Let ordinary accounts follow the authors of notes that they came upon."""
    which = np.repeat(np.arange(len(notes)), rng.poisson(notes.pull * FOLLOWERS_A_PULL))
    who = society.passers_by(rng, len(which))
    at = awake(notes.created[which] + delays(rng, 5 * 3600.0, 1.2, len(which)))
    follow(world, society.people, who, notes.author[which], at)


def follow(world: World, people: People, who: Ints, author: Handles, at: Ints) -> None:
    """Add one follow a row of ``who``, each author once, nobody oneself."""
    kept = np.flatnonzero(_possible(world, people, who, at) & (people.account[who] != author))
    pairs = np.stack([people.account[who[kept]], author[kept]])
    kept = kept[np.sort(np.unique(pairs, axis=1, return_index=True)[1])]
    world.add(
        "interactions",
        account_id=people.account[who[kept]],
        kind="follow",
        target_kind="account",
        target_id=author[kept],
        created_at=at[kept],
        client=people.client.take(pa.array(who[kept])),
    )


def answer(world: World, society: Society, rng: np.random.Generator, name: str, said: Said) -> None:
    """Let ordinary accounts answer some comments, as they do among themselves."""
    kept = np.flatnonzero(rng.random(len(said.comment)) < (ANSWERED_SHARE_LEVEL if society.level else ANSWERED_SHARE))
    at = awake(said.at[kept] + delays(rng, 3600.0, 1.0, len(kept)))
    who = society.passers_by(rng, len(kept))
    guests = society.guests(f"{name} answers")
    answered = np.flatnonzero(_possible(world, guests, who, at))
    world.add(
        "comments",
        comment_id=world.new(guests.name, len(answered)),
        note_id=said.note[kept[answered]],
        account_id=guests.account[who[answered]],
        created_at=at[answered],
        text=comment_texts(rng, said.topic[kept[answered]]),
        reply_to=said.comment[kept[answered]],
        client=guests.client.take(pa.array(who[answered])),
    )


def reports(world: World, society: Society, rng: np.random.Generator) -> None:
    """Let ordinary accounts report ordinary notes now and then, out of annoyance: reports prove nothing."""
    count = max(4, len(society.people) // 60)
    notes = society.pool.notes
    which = rng.integers(0, len(notes), count)
    who = society.passers_by(rng, count)
    at = np.maximum(notes.created[which], world.begin_ms) + delays(rng, 7200.0, 1.0, count)
    kept = np.flatnonzero(at < world.end_ms)
    reasons = pa.array(["广告", "不友善", "不实信息", "不想看到"])
    world.add(
        "reports",
        report_id=world.new("ordinary reports", len(kept)),
        reporter_id=society.people.account[who[kept]],
        target_kind="note",
        target_id=notes.note[which[kept]],
        created_at=at[kept],
        reason=reasons.take(pa.array(rng.integers(0, len(reasons), len(kept)))),
    )
