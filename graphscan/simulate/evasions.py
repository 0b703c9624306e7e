"""Evasions: worlds in which a farm hides from the detector, or from what an account is charged with.

In: a stage; ``part.strength`` is the evasion's own (see each function). Out: rows in the world, the farms told as managed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from graphscan.simulate.attacks import old_registrations
from graphscan.simulate.circles import AGENT_TOOL
from graphscan.simulate.clock import DAY_MS, HOUR_MS, SECOND_MS, awake, delays
from graphscan.simulate.doings import react, tally, turn_out
from graphscan.simulate.farms import bought_notes, errands, members
from graphscan.simulate.notes import Notes
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import comment_texts

PARTICIPATION = 0.9


def leader_immunity(stage: Stage) -> None:
    """Make a farm in which a share ``strength`` of the accounts always comes first, to be charged with nothing."""
    squad, notes = members(stage, 20.0), bought_notes(stage)
    leaders = max(1, round(stage.part.strength * len(squad)))
    job = errands(stage, len(squad), notes)
    start = notes.created + 2 * HOUR_MS
    leads = np.flatnonzero(job.who < leaders)
    at, place = job.at.copy(), np.searchsorted(np.sort(notes.note), job.notes.note)
    earliest = np.full(len(notes), np.iinfo(np.int64).max)
    np.minimum.at(earliest, place, job.at)
    at[leads] = np.maximum(earliest[place[leads]] - stage.rng.integers(1, 20, len(leads)) * SECOND_MS, start.min())
    stage.say(squad, job.who, job.notes, at, comment_texts(stage.rng, job.notes.topic))
    stage.live(squad, tally(job.who, len(squad)))


def prebuilt_interest(stage: Stage) -> None:
    """Make a farm of bought accounts, each of which first visits a share ``strength`` of the authors it will praise, twice.

    The visits lie in the log's first four days, at the account's leisure; the work begins after.
    """
    squad = _bought(stage, "managed", "prebuilt-farm")
    ahead, world = 4 * DAY_MS, stage.world
    pool = stage.society.pool.notes
    late = np.flatnonzero((pool.created > world.begin_ms + ahead) & (pool.created < world.end_ms - DAY_MS))
    early = np.flatnonzero(pool.created < world.begin_ms + ahead - DAY_MS)
    names, count = np.unique(pool.author[early], return_counts=True)
    fit = late[np.isin(pool.author[late], names[count >= 2])]
    _, once = np.unique(pool.author[fit], return_index=True)
    notes = pool.take(np.sort(stage.rng.choice(fit[once], min(12, len(once)), replace=False)))
    _befriend(stage, squad, pool.take(early), notes, world.begin_ms + ahead)
    job = errands(stage, len(squad), notes)
    stage.say(squad, job.who, job.notes, job.at, comment_texts(stage.rng, job.notes.topic))
    stage.live(squad, tally(job.who, len(squad)))


def _befriend(stage: Stage, squad: People, early: Notes, notes: Notes, until_ms: int) -> None:
    """Visits to two early notes of each author to be praised, at any time before the work."""
    places = np.concatenate([np.flatnonzero(early.author == a)[:2] for a in notes.author])
    wanted = np.repeat(stage.rng.random((len(squad), len(notes))) < stage.part.strength, 2, axis=1)
    who, which = np.nonzero(wanted)
    seen = early.take(places[which])
    first = np.maximum(seen.created, stage.world.begin_ms)
    at = awake(first + (stage.rng.random(len(who)) * (until_ms - first - 8 * HOUR_MS)).astype(np.int64))
    react(stage.world, squad, who, "like", seen.note, at)


def _bought(stage: Stage, role: str, slice_name: str) -> People:
    portrait = Portrait(
        role=role,
        slice=slice_name,
        cluster=stage.name,
        measure=stage.part.measure,
        registered=old_registrations(stage),
        actions_min=16,
    )
    return stage.make(stage.part.size, portrait)


def hijacked(stage: Stage) -> None:
    """Make real, old accounts that live their lives, and of which a tool does a share ``strength`` in the last four days."""
    people = _bought(stage, "managed", "hijacked")
    stage.live(people)
    driven = replace(
        people, name=f"{people.name} driven", client=pa.repeat(pa.scalar(AGENT_TOOL), len(people)).cast(pa.string())
    )
    tasks = max(3, round(float(np.mean(people.actions)) * stage.part.strength / (1 - stage.part.strength)))
    world = stage.world
    notes = stage.society.pool.middling(stage.rng, tasks, world.end_ms - 4 * DAY_MS, world.end_ms - DAY_MS)
    who, which = turn_out(stage.rng, len(people), len(notes), PARTICIPATION)
    start = awake(notes.created + delays(stage.rng, 2 * 3600.0, 0.7, len(notes)))
    at = start[which] + stage.rng.integers(20 * SECOND_MS, 600 * SECOND_MS, len(who))
    stage.say(driven, who, notes.take(which), at, comment_texts(stage.rng, notes.topic[which]))


def poisoned_history(stage: Stage) -> None:
    """Make a farm whose owner drives the null up: old accounts, a share ``strength`` of the world, crowd on its targets."""
    squad, notes = members(stage, 20.0), bought_notes(stage)
    count = max(5, round(stage.part.strength * len(stage.society.people)))
    crowd = stage.make(count, Portrait(role="managed", slice="poison", registered=old_registrations(stage)), " crowd")
    job = errands(stage, len(squad), notes)
    stage.say(squad, job.who, job.notes, job.at, comment_texts(stage.rng, job.notes.topic))
    who, which = turn_out(stage.rng, count, len(notes), 0.4)
    at = awake(notes.created[which] + delays(stage.rng, 3 * 3600.0, 0.8, len(who)))
    stage.say(crowd, who, notes.take(which), at, comment_texts(stage.rng, notes.topic[which]))
    stage.live(crowd, tally(who, count))
    stage.live(squad, tally(job.who, len(squad)))
