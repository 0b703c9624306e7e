"""Framings: squads that make what an innocent does of its own look like theirs: its arrival, its words, its device and network.

In: a stage; ``part.strength`` is the attack's own (see each function). Out: rows in the world. Squads are told as managed and are
clusters of the truth; their victims are people of the slice ``victim``.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.simulate.attacks import old_registrations
from graphscan.simulate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, awake, delays, moments
from graphscan.simulate.crowds import author_with_notes, daytimes
from graphscan.simulate.doings import tally, turn_out
from graphscan.simulate.farms import bought_notes, errands, portrait
from graphscan.simulate.ids import Ints
from graphscan.simulate.moulds import draw_mould
from graphscan.simulate.notes import Notes
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import comment_texts, fill

FRAMED = 20  # freshmen of one school, or neighbours behind one address
PARTICIPATION = 0.9
FIRST_S = 240  # a squad that is always there first is there within four minutes
ARRIVED_H = 8


def freshmen(stage: Stage) -> None:
    """Make freshmen of one school who follow one singer, and a squad that does all it can to look like them.

    The squad registers in the same hours behind the same network, is under every note of the singer's before they are, and
    writes the slogan that they too write in a share ``strength`` of their comments; it writes it under strangers' notes as well, so
    that it is no word of that place. A squad due a ban acts through the tool.
    """
    _imitate(stage, 1)


def fandom(stage: Stage) -> None:
    """Make freshmen as above who follow a group of four singers, with one slogan under the notes of all four."""
    _imitate(stage, 4)


def _imitate(stage: Stage, singers: int) -> None:
    rng = stage.rng
    start = stage.world.begin_ms + 6 * HOUR_MS
    span, network = (start, start + ARRIVED_H * HOUR_MS), f"{rng.integers(2**40):012x}"
    notes = _singers(stage, singers)
    posts, topic = len(notes), int(notes.topic[0])
    portrait = Portrait(slice="victim", registered=span, network=network, topic=topic)
    fans = stage.make(FRAMED, portrait, " freshmen")
    squad = _squad(stage, span, network)
    slogan = draw_mould(rng)
    who, which = turn_out(rng, len(fans), posts, 0.8)
    habit_s = np.exp(rng.normal(np.log(900.0), 0.8, len(fans)))
    at = awake(notes.created[which] + delays(rng, habit_s[who], 0.8, len(who)))
    own = rng.random(len(who)) >= stage.part.strength
    stage.say(fans, who, notes.take(which), at, _words(stage, notes, which, own, slogan))
    stage.live(fans, tally(who, len(fans)))
    _be_first(stage, squad, notes, slogan)


def _singers(stage: Stage, count: int) -> Notes:
    """Notes of so many verified singers: one a day of a single one, one in two days of each of several."""
    posts, first = stage.days() // (1 if count == 1 else 2), stage.world.begin_ms + 2 * DAY_MS
    parts = []
    for k in range(count):
        at = np.sort(np.maximum(daytimes(stage, posts), first + np.arange(posts) * 30 * MINUTE_MS))
        parts.append(
            author_with_notes(replace(stage, name=f"{stage.name} singer {k}"), posts, "fan", at, "歌手，作品见置顶")[1]
        )
    return Notes(*(np.concatenate([getattr(x, f.name) for x in parts]) for f in fields(Notes)))


def _words(stage: Stage, notes: Notes, which: Ints, own: np.ndarray, slogan: str) -> pa.Array:
    topic = notes.topic[which]
    return pc.if_else(pa.array(own), comment_texts(stage.rng, topic), fill(stage.rng, slogan, topic))


def _squad(stage: Stage, span: tuple[int, int], network: str | None = None) -> People:
    return stage.make(stage.part.size, portrait(stage, span, network))


def _be_first(stage: Stage, squad: People, notes: Notes, slogan: str) -> None:
    who, which = turn_out(stage.rng, len(squad), len(notes), PARTICIPATION)
    at = notes.created[which] + stage.rng.integers(1, FIRST_S, len(who)) * SECOND_MS
    stage.say(squad, who, notes.take(which), at, fill(stage.rng, slogan, notes.topic[which]))
    job = errands(stage, len(squad), bought_notes(stage, 8))
    stage.say(squad, job.who, job.notes, job.at, fill(stage.rng, slogan, job.notes.topic))
    stage.live(squad, tally(np.concatenate([who, job.who]), len(squad)))


def stock_phrase(stage: Stage) -> None:
    """Make people with one stock phrase each, and a squad that writes it too, everywhere and also before them.

    The squad has seen the phrase in the log's first days; from then on it comments with it on a share ``strength`` of what its
    victim comments on, a minute before the victim does or two after, as luck has it, and under notes of its own errands.
    """
    rng = stage.rng
    victims = stage.make(2, Portrait(slice="victim", registered=old_registrations(stage)), " victims")
    squad = _squad(stage, (stage.world.begin_ms, stage.world.begin_ms + 20 * HOUR_MS))
    for k in range(len(victims)):
        _mock(stage, victims, squad, k)
    job = errands(stage, len(squad), bought_notes(stage, 8))
    phrase = draw_mould(rng)
    stage.say(squad, job.who, job.notes, job.at, fill(rng, phrase, job.notes.topic))
    stage.live(victims)
    stage.live(squad, tally(job.who, len(squad)))


def _mock(stage: Stage, victims: People, squad: People, k: int) -> None:
    rng, count, phrase = stage.rng, 16, draw_mould(stage.rng)
    first, last = (np.full(count, t) for t in (stage.world.begin_ms, stage.world.end_ms - HOUR_MS))
    at = np.sort(awake(moments(rng, first, last, np.full(count, victims.chronotype_h[k]))))
    place = stage.society.pool.choose(rng, np.full(count, victims.topic[k]), at)
    at, notes = at[place >= 0], stage.society.pool.notes.take(place[place >= 0])
    stage.say(victims, np.full(len(at), k), notes, at, fill(rng, phrase, notes.topic))
    chosen = np.flatnonzero((at > stage.world.begin_ms + 3 * DAY_MS) & (rng.random(len(at)) < stage.part.strength))
    who, which = turn_out(rng, len(squad), len(chosen), PARTICIPATION)
    rows = chosen[which]
    when = np.maximum(at[rows] + rng.integers(-60, 120, len(who)) * SECOND_MS, notes.created[rows] + SECOND_MS)
    stage.say(squad, who, notes.take(rows), when, fill(rng, phrase, notes.topic[rows]))


def borrowed_identity(stage: Stage) -> None:
    """Make a new household behind one network, and a squad that copies it seconds later from the household's network.

    A share ``strength`` of the squad registers within the household's hours; all of it gives the household's network.
    """
    rng = stage.rng
    begin = stage.world.begin_ms + 2 * HOUR_MS
    span, network = (begin, begin + 3 * HOUR_MS), f"{rng.integers(2**40):012x}"
    home = stage.make(6, Portrait(slice="victim", registered=span, network=network, actions_min=20), " household")
    squad = _squad(stage, span if rng.random() < stage.part.strength else (begin, begin + 30 * HOUR_MS), network)
    who: Ints = np.repeat(np.arange(len(home)), 12)
    first, last = (np.full(len(who), t) for t in (stage.world.begin_ms + DAY_MS, stage.world.end_ms - HOUR_MS))
    at = awake(moments(rng, first, last, home.chronotype_h[who]))
    place = stage.society.pool.choose(rng, home.topic[who], at)
    found = np.flatnonzero(place >= 0)
    who, at, notes = who[found], at[found], stage.society.pool.notes.take(place[found])
    stage.say(home, who, notes, at, comment_texts(rng, notes.topic))
    sent, which = turn_out(rng, len(squad), len(at), 0.5)
    late = at[which] + SECOND_MS + delays(rng, 20.0, 0.7, len(sent))
    stage.say(squad, sent, notes.take(which), late, comment_texts(rng, notes.topic[which]))
    stage.live(home, tally(who, len(home)))
    stage.live(squad, tally(sent, len(squad)))
