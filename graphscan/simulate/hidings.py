"""Hidings: farms that work as others do, and hide what shows it: time, company, words, age, notes, or a good name.

In: a stage; ``part.strength`` is how much is hidden (see each function). Out: rows in the world, the farms told as managed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.simulate.attacks import old_registrations
from graphscan.simulate.circles import post
from graphscan.simulate.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, delays, moments
from graphscan.simulate.doings import tally, turn_out
from graphscan.simulate.farms import (
    PARTICIPATION,
    TASKS,
    Errand,
    bought_notes,
    errands,
    members,
    portrait,
    template,
    work,
)
from graphscan.simulate.ids import Ints
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People
from graphscan.simulate.texts import comment_texts

MOST_TASKS = 120
"""Notes that a rotating farm is sent to at most: no more are bought in two weeks by anybody simulated here."""

NOISE = ("\u200b", "\u200d", "\u2060", "🌸", "✨", "～")
"""Characters that say nothing, between those of a mould: three that nobody sees, two pictures, a wave."""


def jitter(stage: Stage) -> None:
    """Make a farm whose members come to each task over ``strength`` minutes: bursts, or a drip of days."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage), (SECOND_MS, int(stage.part.strength * MINUTE_MS)))
    work(stage, people, job, template(stage, job))


def rotation(stage: Stage) -> None:
    """Make a farm of which a share ``strength`` comes to each task; the fewer come, the more tasks there are."""
    people = members(stage, 40.0)
    share = stage.part.strength
    notes = bought_notes(stage, min(MOST_TASKS, round(TASKS * PARTICIPATION / share)))
    who, which = turn_out(stage.rng, len(people), len(notes), share)
    start = notes.created + delays(stage.rng, 2 * 3600.0, 0.7, len(notes))
    job = Errand(who, notes.take(which), start[which] + stage.rng.integers(20, 900, len(who)) * SECOND_MS)
    work(stage, people, job, template(stage, job))


def camouflage(stage: Stage) -> None:
    """Make a farm that lives so much besides that its tasks are only a share 1 - ``strength`` of what it does."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    tasks = tally(job.who, len(people))
    all_ = np.ceil(tasks / (1 - stage.part.strength)).astype(np.int64)
    work(stage, replace(people, actions=np.maximum(all_, tasks)), job, template(stage, job))


def paraphrase_share(stage: Stage) -> None:
    """Make a farm with a mould, a share ``strength`` of whose comments a model writes afresh."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    afresh = stage.rng.random(len(job.who)) < stage.part.strength
    work(stage, people, job, _either(afresh, comment_texts(stage.rng, job.notes.topic, 0.1), template(stage, job)))


def noise(stage: Stage) -> None:
    """Make a farm that strews marks that say nothing into its mould, one after a share ``strength`` of all characters."""
    disguised_mould(stage, _strewn)


def disguised_mould(stage: Stage, disguise: Callable[[Stage, str], str]) -> None:
    """Make a farm that writes its mould and disguises each text in turn."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    texts = [disguise(stage, text) for text in template(stage, job).to_pylist()]
    work(stage, people, job, pa.array(texts, pa.string()))


def _strewn(stage: Stage, text: str) -> str:
    marks = stage.rng.integers(0, len(NOISE), len(text))
    hit = stage.rng.random(len(text)) < stage.part.strength
    return "".join(letter + (NOISE[mark] if h else "") for letter, mark, h in zip(text, marks, hit, strict=True))


def aged(stage: Stage) -> None:
    """Make a farm whose accounts were registered over a month that ended ``strength`` days before the log."""
    last = stage.world.begin_ms - int(stage.part.strength * DAY_MS)
    people = _registered(stage, (last - 30 * DAY_MS, last))
    job = errands(stage, len(people), bought_notes(stage))
    work(stage, people, job, template(stage, job))


def midnight(stage: Stage) -> None:
    """Make a farm that does every task across the hour in which the day is cut, half before it and half after."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    cut = (job.at // DAY_MS + 1) * DAY_MS - 4 * HOUR_MS  # four in the morning where these people live
    at = cut + stage.rng.integers(-300, 300, len(job.who)) * SECOND_MS
    job = replace(job, at=np.where(at > job.notes.created, at, at + DAY_MS))
    work(stage, people, job, template(stage, job))


def well_spoken(stage: Stage) -> None:
    """Make a farm whose members answer each other, ``strength`` times each, so that people seem to talk with them."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    work(stage, people, job, template(stage, job))
    said = stage.world.new(f"{stage.name} asked", len(people))
    notes = bought_notes(stage, len(people))
    place = stage.rng.integers(0, len(notes), len(people))
    at = notes.created[place] + HOUR_MS
    ask = {"comment_id": said, "note_id": notes.note[place], "account_id": people.account, "created_at": at}
    stage.world.add("comments", **ask, text=comment_texts(stage.rng, notes.topic[place]), client=people.client)
    who = np.repeat(np.arange(len(people)), max(1, round(stage.part.strength)))
    whom = (who + 1 + np.tile(np.arange(len(who) // len(people)), len(people))) % len(people)
    stage.world.add(
        "comments",
        comment_id=stage.world.new(f"{stage.name} answered", len(who)),
        note_id=notes.note[place[whom]],
        account_id=people.account[who],
        created_at=at[whom] + delays(stage.rng, 1800.0, 0.8, len(who)),
        text=comment_texts(stage.rng, notes.topic[place[whom]]),
        reply_to=said[whom],
        client=people.client.take(pa.array(who)),
    )


def figurehead(stage: Stage) -> None:
    """Make a farm with one verified account in it, to spare the others by its company."""
    head = stage.make(1, replace(portrait(stage, old_registrations(stage)), verified=True), " head")
    people = stage.make(stage.part.size - 1, portrait(stage, old_registrations(stage)))
    notes = bought_notes(stage)
    for some in (head, people):
        job = errands(stage, len(some), notes)
        work(stage, some, job, template(stage, job))


def declared(stage: Stage) -> None:
    """Make a farm whose tool posts notes besides, and labels a share ``strength`` of them as made with AI."""
    people, who, at = _posting(stage)
    label = pa.array(stage.rng.random(len(who)) < stage.part.strength)
    post(stage, people, who, at, people.client[0].as_py(), ai_declared=label)


def private_notes(stage: Stage) -> None:
    """Make a farm whose tool posts notes besides, a share ``strength`` of them private."""
    people, who, at = _posting(stage)
    shown = pa.array(stage.rng.random(len(who)) >= stage.part.strength)
    post(stage, people, who, at, people.client[0].as_py(), public=shown)


def _posting(stage: Stage) -> tuple[People, Ints, Ints]:
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    work(stage, people, job, template(stage, job))
    who = np.repeat(np.arange(len(people)), 6)
    end = np.full(len(who), stage.world.end_ms)
    at = moments(stage.rng, people.registered[who] + DAY_MS, end, people.chronotype_h[who])
    return people, who, at


def _either(afresh: np.ndarray, first: pa.Array, second: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(afresh), first, second)


def _registered(stage: Stage, span: tuple[int, int]) -> People:
    return stage.make(stage.part.size, portrait(stage, span))
