"""Ordinary life: people write notes, read others', comment, answer, like, collect, share and follow.

In: people and the pool of notes. Out: rows in the world. Whoever else lives in it (fans, farms) lives like
this too, beside what it is declared to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from graphscan.simulate.clock import visits
from graphscan.simulate.ids import NOBODY, Flags, Handles, Ints
from graphscan.simulate.notes import Notes, Pool, write_notes
from graphscan.simulate.people import People
from graphscan.simulate.texts import comment_texts
from graphscan.simulate.words import TOPICS
from graphscan.simulate.world import World

REPLY_SHARE = 0.15
TOPIC_SHARES = (0.6, 0.25)
"""Of what people read: their first topic, their second; the rest is anything."""

KINDS = ("like", "collect", "share", "follow", "like a comment")
KIND_SHARES = (0.6, 0.17, 0.07, 0.1, 0.06)
_PLACE_STRIDE = 10**13


class Threads:
    """Comments in order of note and time, to find the one that stood above when somebody answered."""

    def __init__(self, place: Ints, at: Ints, comment: Handles) -> None:
        order = np.lexsort((at, place))
        self._keys = (place * _PLACE_STRIDE + at)[order]
        self._place = place[order]
        self._comment = comment[order]

    def above(self, place: Ints, at: Ints) -> Handles:
        """Return the latest comment on the note at ``place`` before ``at``, or nobody's handle."""
        found = np.searchsorted(self._keys, place * _PLACE_STRIDE + at) - 1
        there = (found >= 0) & (self._place[found] == place) if len(self._keys) else np.zeros(len(at), bool)
        return np.where(there, self._comment[found] if len(self._keys) else NOBODY, NOBODY)


@dataclass(frozen=True)
class Said:
    """One row a comment that was written: its handle, its note, when, and the note's topic."""

    comment: Handles
    note: Handles
    at: Ints
    topic: Ints


@dataclass(frozen=True)
class Society:
    """The ordinary accounts, their notes to choose from and their comments to answer.

    ``level`` says whether they also follow those who are not ordinary, and read them as much. Without it nobody follows a farm, a club or a
    fan, which gives all of these away; the first scenarios are so, and stay so, since a sample of them is shipped.
    """

    people: People
    pool: Pool
    threads: Threads
    level: bool = False

    def passers_by(self, rng: np.random.Generator, count: int) -> Ints:
        """Return places of ordinary accounts, the busy ones more often."""
        shares = self.people.actions / self.people.actions.sum()
        return rng.choice(len(self.people), count, p=shares)

    def guests(self, name: str) -> People:
        """Return the ordinary accounts under the name of what they visit: it numbers what they say there."""
        return replace(self.people, name=f"{name} guests")


def settle(world: World, people: People, rng: np.random.Generator) -> Society:
    """Let the ordinary accounts live, first to write and then to read, and return what others join."""
    notes = _write(world, people, rng)
    pool = Pool(notes)
    owner, at, place = _read(world, people, rng, pool)
    comments = _comments_among(people, rng, owner)
    said = _comment(world, people, rng, pool, None, owner[comments], at[comments], place[comments])
    threads = Threads(place[comments], said.at, said.comment)
    _interact(world, people, rng, pool, threads, owner[~comments], at[~comments], place[~comments])
    return Society(people, pool, threads)


def live(
    world: World, society: Society, people: People, rng: np.random.Generator, spent: Ints | None = None
) -> tuple[Notes, Said]:
    """Let others live like the ordinary ones; return their notes and their comments.

    ``spent`` counts, for each, the comments it writes elsewhere (in its farm, its club): these replace as
    many of its own, so that membership does not show in how much an account comments.
    """
    notes = _write(world, people, rng)
    owner, at, place = _read(world, people, rng, society.pool)
    comments = _comments_among(people, rng, owner)
    kept = comments if spent is None else comments & (_rank_among(owner, comments) >= spent[owner])
    said = _comment(world, people, rng, society.pool, society.threads, owner[kept], at[kept], place[kept])
    _interact(world, people, rng, society.pool, society.threads, owner[~comments], at[~comments], place[~comments])
    return notes, said


def _write(world: World, people: People, rng: np.random.Generator) -> Notes:
    counts = rng.binomial(people.actions, rng.beta(1.2, 9.0, len(people)))
    first = people.first_ms(world.notes_from_ms)
    owner, at = visits(rng, counts, first, np.full(len(people), world.end_ms), people.chronotype_h)
    topic = _topics(people, rng, owner)
    return write_notes(world, people.name, rng, people.account[owner], at, topic, _clients_of(people, owner))


def _read(world: World, people: People, rng: np.random.Generator, pool: Pool) -> tuple[Ints, Ints, Ints]:
    first = people.first_ms(world.begin_ms)
    end = np.full(len(people), world.end_ms)
    owner, at = visits(rng, people.actions, first, end, people.chronotype_h)
    place = pool.choose(rng, _topics(people, rng, owner), at)
    found = place >= 0
    return owner[found], at[found], place[found]


def _topics(people: People, rng: np.random.Generator, owner: Ints) -> Ints:
    drawn = rng.random(len(owner))
    other = rng.integers(0, len(TOPICS), len(owner))
    second = np.where(drawn < sum(TOPIC_SHARES), people.second_topic[owner], other)
    return np.where(drawn < TOPIC_SHARES[0], people.topic[owner], second)


def _comments_among(people: People, rng: np.random.Generator, owner: Ints) -> Flags:
    talkative = rng.beta(1.8, 2.5, len(people))
    return rng.random(len(owner)) < talkative[owner]


def _rank_among(owner: Ints, chosen: Flags) -> Ints:
    seen: Ints = np.cumsum(chosen) - chosen
    starts = np.searchsorted(owner, owner)
    return seen - seen[starts] if len(owner) else seen


def _comment(
    world: World,
    people: People,
    rng: np.random.Generator,
    pool: Pool,
    threads: Threads | None,
    owner: Ints,
    at: Ints,
    place: Ints,
) -> Said:
    notes = pool.notes.take(place)
    said = Said(world.new(f"{people.name} comments", len(owner)), notes.note, at, notes.topic)
    above = (threads or Threads(place, at, said.comment)).above(place, at)
    world.add(
        "comments",
        comment_id=said.comment,
        note_id=said.note,
        account_id=people.account[owner],
        created_at=at,
        text=comment_texts(rng, said.topic),
        reply_to=np.where(rng.random(len(owner)) < REPLY_SHARE, above, NOBODY),
        client=_clients_of(people, owner),
    )
    return said


def _interact(
    world: World,
    people: People,
    rng: np.random.Generator,
    pool: Pool,
    threads: Threads,
    owner: Ints,
    at: Ints,
    place: Ints,
) -> None:
    kind = rng.choice(len(KINDS), len(owner), p=KIND_SHARES)
    above = threads.above(place, at)
    targets = {"follow": ("account", pool.notes.author[place]), "like a comment": ("comment", above)}
    for number, name in enumerate(KINDS):
        target_kind, target = targets.get(name, ("note", pool.notes.note[place]))
        chosen = np.flatnonzero((kind == number) & (target != NOBODY) & (target != people.account[owner]))
        chosen = chosen[_first_times(people.account[owner[chosen]], target[chosen])]
        world.add(
            "interactions",
            account_id=people.account[owner[chosen]],
            kind=name.split()[0],
            target_kind=target_kind,
            target_id=target[chosen],
            created_at=at[chosen],
            client=_clients_of(people, owner[chosen]),
        )


def _first_times(account: Handles, target: Handles) -> Ints:
    order = np.lexsort((target, account))
    account, target = account[order], target[order]
    again = (account[1:] == account[:-1]) & (target[1:] == target[:-1])
    return np.sort(order[np.concatenate([[True], ~again])[: len(order)]])


def _clients_of(people: People, owner: Ints) -> pa.Array:
    return people.client.take(pa.array(owner))
