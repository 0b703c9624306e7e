"""Hosted accounts: the cases of the platform's notice that no farm is needed for, by degree, and those who only polish.

In: a stage. Out: rows in the world, told with the measure that the notice asks for. None of them belongs to a cluster.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphscan.simulate.circles import AGENT_TOOL, post
from graphscan.simulate.clock import BEGIN_MS, DAY_MS, awake, delays, moments
from graphscan.simulate.doings import react
from graphscan.simulate.ids import Ints
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait

READ = 25
"""Notes that each reader of these parts likes, about as many actions as ordinary accounts do."""


def often(stage: Stage) -> None:
    """Make frequent users of an agent tool: four to nine notes hosted among a life of their own."""
    portrait = Portrait(role="occasional", slice="often", measure=stage.part.measure, actions_min=15)
    people = stage.make(stage.part.size, portrait)
    _host(stage, people, stage.rng.integers(4, 10, len(people)))
    stage.live(people)


def steady(stage: Stage) -> None:
    """Make steady users of an agent tool: ten to twenty notes hosted, beside a person's own busy life."""
    _degree(stage, "steady", 10, 20)


def incessant(stage: Stage) -> None:
    """Make incessant users of an agent tool: thirty to forty notes hosted, beside a person's own busy life."""
    _degree(stage, "incessant", 30, 40)


def _degree(stage: Stage, slice_name: str, least: int, most: int) -> None:
    portrait = Portrait(role="occasional", slice=slice_name, measure=stage.part.measure, actions_min=30)
    people = stage.make(stage.part.size, portrait)
    _host(stage, people, stage.rng.integers(least, most + 1, len(people)))
    stage.live(people)


def all_notes(stage: Stage) -> None:
    """Make accounts all of whose notes a tool posts, while a person reads and likes through the app."""
    portrait = Portrait(role="managed", slice="all-notes", measure=stage.part.measure, actions_min=15)
    people = stage.make(stage.part.size, portrait)
    _host(stage, people, stage.rng.integers(8, 15, len(people)))
    _read(stage, people)


def tool_life(stage: Stage) -> None:
    """Make accounts that a tool registered, each on its own day, and that do nothing but through it: no farm, no batch."""
    portrait = Portrait(
        role="managed",
        slice="tool-life",
        measure=stage.part.measure,
        registered=(BEGIN_MS, BEGIN_MS + 5 * DAY_MS),
        client=AGENT_TOOL,
        actions_min=25,
    )
    stage.live(stage.make(stage.part.size, portrait))


def aided_undeclared(stage: Stage) -> None:
    """Make aided writers who do not say so: they polish notes with AI and post by hand in their own time."""
    people = stage.make(stage.part.size, Portrait(role="assisted", slice="aided-undeclared"))
    who, at = _times(stage, people, np.full(len(people), 3))
    post(stage, people, who, at, "app-ios/8.31.0", ai_declared=pa.array(np.zeros(len(who), np.bool_)))
    stage.live(people)


def _host(stage: Stage, people: People, counts: Ints) -> None:
    who, at = _times(stage, people, counts)
    post(stage, people, who, at, AGENT_TOOL)


def _times(stage: Stage, people: People, counts: Ints) -> tuple[Ints, Ints]:
    """Who posts when: so many notes each, in the hours in which its person is awake, after it was registered."""
    who = np.repeat(np.arange(len(people)), counts)
    end = np.full(len(who), stage.world.end_ms)
    at = moments(stage.rng, people.first_ms(BEGIN_MS)[who], end, people.chronotype_h[who])
    late = at > people.registered[who]
    return who[late], at[late]


def _read(stage: Stage, people: People) -> None:
    """Like notes that others like too, each some hours after it appeared."""
    who = stage.rng.permutation(np.repeat(np.arange(len(people)), READ))
    notes = stage.society.pool.middling(stage.rng, len(who), BEGIN_MS, stage.world.end_ms - DAY_MS)
    at = awake(notes.created + delays(stage.rng, 6 * 3600.0, 1.2, len(who)))
    react(stage.world, people, who, "like", notes.note, at)
