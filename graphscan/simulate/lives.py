"""Honest lives that look odd in one number: families on one address, the dormant who return, heavy users, newcomers, victims.

In: a stage. Out: rows in the world, told as human, no measure due. What each has in common with a farm is in its first line.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphscan.simulate.attacks import old_registrations
from graphscan.simulate.circles import post
from graphscan.simulate.clock import DAY_MS, HOUR_MS, MINUTE_MS, awake, delays
from graphscan.simulate.crowds import author_with_notes, daytimes
from graphscan.simulate.doings import react, tally, turn_out
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import Portrait
from graphscan.simulate.texts import comment_texts

HOUSEHOLD = 4
BURST = 30


def families(stage: Stage) -> None:
    """Make families of four, each on one network address: they read and like one another's notes in the evening."""
    for number in range(max(1, stage.part.size // HOUSEHOLD)):
        network = f"{stage.rng.integers(2**40):012x}"
        family = stage.make(HOUSEHOLD, Portrait(slice="family", network=network), f" {number}")
        stage.live(family)


def dormant(stage: Stage) -> None:
    """Make old accounts that were silent for years and all come back in the last four days, for a reunion everybody writes about."""
    people = stage.make(stage.part.size, Portrait(slice="dormant", registered=old_registrations(stage)))
    back = stage.world.end_ms - 4 * DAY_MS
    _, notes = author_with_notes(stage, 5, "dormant", back + np.arange(5) * 12 * HOUR_MS, "十年再聚首")
    who, which = turn_out(stage.rng, len(people), len(notes), 0.5)
    at = awake(notes.created[which] + delays(stage.rng, 3 * 3600.0, 1.0, len(who)))
    stage.say(people, who, notes.take(which), at, comment_texts(stage.rng, notes.topic[which]))
    stage.live(replace(people, registered=np.full(len(people), back)), tally(who, len(people)))


def heavy(stage: Stage) -> None:
    """Make heavy users: at least a hundred and fifty acts in the window, at all hours that they are awake."""
    stage.live(stage.make(stage.part.size, Portrait(slice="heavy", actions_min=150)))


def few_posts(stage: Stage) -> None:
    """Make people of whom there is hardly anything to see: three acts each, which may look regular by chance."""
    people = stage.make(stage.part.size, Portrait(slice="few-posts"))
    stage.live(replace(people, actions=np.full(len(people), 3, np.int64)))


def newcomers(stage: Stage) -> None:
    """Make accounts under seven days old, lively from the first hour as newcomers are, each on its own."""
    span = (stage.world.end_ms - 7 * DAY_MS, stage.world.end_ms - DAY_MS)
    stage.live(stage.make(stage.part.size, Portrait(slice="newcomer", registered=span, actions_min=12)))


def wooed(stage: Stage) -> None:
    """Make victims of a crowd: authors under whose notes strangers leave likes in bursts that nobody asked for."""
    rng, count = stage.rng, stage.part.size
    authors = stage.make(count, Portrait(slice="victim", registered=old_registrations(stage)))
    notes = post(stage, authors, np.arange(count), daytimes(stage, count, DAY_MS), None)
    which = np.repeat(np.arange(count), BURST)
    at = awake(notes.created)[which] + rng.integers(MINUTE_MS, HOUR_MS, len(which))
    guests = stage.society.guests(f"{stage.name} burst")
    react(stage.world, guests, stage.society.passers_by(rng, len(which)), "like", notes.note[which], at)
    stage.live(authors)


def commuters(stage: Stage) -> None:
    """Make commuters: each evening at half past six for an hour they read the same few notes, each on its own."""
    rng, days = stage.rng, stage.days()
    people = stage.make(stage.part.size, Portrait(slice="commuter"))
    who, day = turn_out(rng, len(people), days, 0.8)
    at = stage.world.begin_ms + day * DAY_MS + 18 * HOUR_MS + HOUR_MS // 2 + rng.integers(0, HOUR_MS, len(who))
    place = stage.society.pool.choose(rng, people.topic[who], at)
    found = np.flatnonzero(place >= 0)
    react(stage.world, people, who[found], "like", stage.society.pool.notes.note[place[found]], at[found])
    stage.live(people)
