"""Attacks: worlds in which somebody turns the detector against the innocent.

In: a stage; ``part.strength`` is the attack's own (see each function). Out: rows in the world. Squads are told as managed and are
clusters of the truth; their victims are people, of the slices ``victim``, ``fan`` and ``reported``.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphscan.simulate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, awake, delays, moments
from graphscan.simulate.crowds import author_with_notes, daytimes
from graphscan.simulate.doings import tally, turn_out
from graphscan.simulate.farms import SETTLED_DAYS, bought_notes, errands, members
from graphscan.simulate.ids import Flags, Ints
from graphscan.simulate.notes import Notes
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import comment_texts

VICTIM_ACTS = 16
PARTICIPATION = 0.9  # a squad made for one purpose is thorough
OLD_DAYS = (200, 900)


def framing_reactive(stage: Stage) -> None:
    """Make a squad that comments a few seconds after its victim, on a share ``strength`` of what the victim comments on."""
    squad = members(stage, 20.0)
    victims, who, notes, at = _victims(stage, 1)
    _copy(stage, squad, notes, at, stage.rng.random(len(who)) < stage.part.strength)
    stage.live(victims, tally(who, len(victims)))
    stage.live(squad)


def _victims(stage: Stage, count: int) -> tuple[People, Ints, Notes, Ints]:
    """Make people who comment on what they come upon, and return what they commented on when."""
    victims = stage.make(count, Portrait(slice="victim", registered=old_registrations(stage)), " victims")
    who: Ints = np.repeat(np.arange(count), VICTIM_ACTS)
    first, last = (np.full(len(who), t) for t in (stage.world.begin_ms, stage.world.end_ms - HOUR_MS))
    at = awake(moments(stage.rng, first, last, victims.chronotype_h[who]))
    place = stage.society.pool.choose(stage.rng, victims.topic[who], at)
    found = np.flatnonzero(place >= 0)
    who, at, notes = who[found], at[found], stage.society.pool.notes.take(place[found])
    stage.say(victims, who, notes, at, comment_texts(stage.rng, notes.topic))
    return victims, who, notes, at


def _copy(stage: Stage, squad: People, notes: Notes, at: Ints, chosen: Flags) -> None:
    which = np.flatnonzero(chosen & (at > stage.world.begin_ms + SETTLED_DAYS * DAY_MS))
    who, what = turn_out(stage.rng, len(squad), len(which), PARTICIPATION)
    rows = which[what]
    late = at[rows] + 1 * SECOND_MS + delays(stage.rng, 15.0, 0.8, len(rows))
    stage.say(squad, who, notes.take(rows), late, comment_texts(stage.rng, notes.topic[rows]))


def framing_preemptive(stage: Stage) -> None:
    """Make a squad that sits on every new note of an idol, over ``strength`` minutes, so that its fans come later."""
    rng, posts = stage.rng, stage.days() * 10 // 7
    idol, notes = author_with_notes(stage, posts, "fan", daytimes(stage, posts), "歌手，作品见置顶")
    fans = stage.make(30, Portrait(slice="fan", topic=int(idol.topic[0])), " fans")
    who, which = turn_out(rng, len(fans), posts, 0.8)
    habit_s = np.exp(rng.normal(np.log(600.0), 0.8, len(fans)))
    at = awake(notes.created[which] + delays(rng, habit_s[who], 0.6, len(who)))
    stage.say(fans, who, notes.take(which), at, comment_texts(rng, notes.topic[which]))
    stage.live(fans, tally(who, len(fans)))
    squad = members(stage, 20.0)
    sent, where = turn_out(rng, len(squad), posts, PARTICIPATION)
    begin = np.maximum(notes.created, stage.world.begin_ms)
    early = begin[where] + rng.integers(0, int(stage.part.strength * MINUTE_MS), len(sent))
    stage.say(squad, sent, notes.take(where), early, comment_texts(rng, notes.topic[where]))
    stage.live(squad)


def report_brigade(stage: Stage) -> None:
    """Make a brigade whose every account reports one author and each of the author's notes; it does nothing else."""
    rng, world = stage.rng, stage.world
    author, notes = author_with_notes(stage, 6, "reported", daytimes(stage, 6, 12 * HOUR_MS), "独立撰稿人")
    portrait = Portrait(role="managed", slice="brigade", registered=(world.begin_ms, world.begin_ms + DAY_MS))
    brigade = stage.make(stage.part.size, portrait, " brigade")
    stage.live(brigade)
    for kind, target, first in (("account", author.account, notes.created[:1]), ("note", notes.note, notes.created)):
        who, which = turn_out(rng, len(brigade), len(target), 1.0)
        at = np.maximum(first[which], world.begin_ms + 2 * DAY_MS) + rng.integers(0, HOUR_MS, len(who))
        world.add(
            "reports",
            report_id=world.new(f"{stage.name} {kind} reports", len(who)),
            reporter_id=brigade.account[who],
            target_kind=kind,
            target_id=target[which],
            created_at=at,
            reason="广告",
        )


def bridging(stage: Stage) -> None:
    """Make two squads with work of their own that both copy the same ``strength`` innocents, who so join them."""
    squad = members(stage, 20.0)
    victims, who, notes, at = _victims(stage, max(1, int(stage.part.strength)))
    half = len(squad) // 2
    for places in (np.arange(half), np.arange(half, len(squad))):
        ring = _some(squad, places)
        _copy(stage, ring, notes, at, stage.rng.random(len(at)) < 0.5)
        _work(stage, ring, bought_notes(stage, 8))
    stage.live(victims, tally(who, len(victims)))
    stage.live(squad)


def _some(people: People, places: Ints) -> People:
    chosen = {n: getattr(people, n)[places] for n in ("account", "registered", "chronotype_h", "topic", "second_topic")}
    return People(
        f"{people.name} from {int(places[0])}",
        **chosen,
        actions=people.actions[places],
        client=people.client.take(pa.array(places)),
    )


def _work(stage: Stage, people: People, notes: Notes) -> Ints:
    job = errands(stage, len(people), notes)
    stage.say(people, job.who, job.notes, job.at, comment_texts(stage.rng, job.notes.topic))
    return job.who


def old_registrations(stage: Stage) -> tuple[int, int]:
    """Return a span in which accounts were registered long before the log."""
    least, most = OLD_DAYS
    return stage.world.begin_ms - most * DAY_MS, stage.world.begin_ms - least * DAY_MS
