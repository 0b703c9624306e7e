"""A part of a scenario, and what its builder is handed.

In: the declaration of a part. Out: :class:`Stage`, the one value that every builder takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphscan.simulate.clock import DAY_MS
from graphscan.simulate.doings import answer, receive, say
from graphscan.simulate.ids import Ints
from graphscan.simulate.life import Society, live
from graphscan.simulate.notes import Notes
from graphscan.simulate.people import People, Portrait, make_people
from graphscan.simulate.world import World


@dataclass(frozen=True)
class Part:
    """One population of a scenario.

    ``kind`` names its builder, ``size`` counts its accounts. ``each`` makes one copy for so many ordinary
    accounts (at least one); None makes exactly one. ``tag`` tells two parts of one kind apart. ``measure`` is
    what the policy asks for its members. ``strength`` is an attack's own measure (:mod:`graphscan.simulate.attacks`).
    """

    kind: str
    size: int
    tag: str = ""
    each: int | None = None
    measure: str = "none"
    strength: float = 1.0

    def names(self, ordinary: int) -> tuple[str, ...]:
        """Return the name of each copy in a world of so many ordinary accounts."""
        copies = 1 if self.each is None else max(1, ordinary // self.each)
        stem = f"{self.kind}{'-' if self.tag else ''}{self.tag}"
        return (stem,) if self.each is None else tuple(f"{stem}-{number}" for number in range(1, copies + 1))


@dataclass(frozen=True)
class Stage:
    """Where one copy of a part is built: its name, its declaration, the world, its society, its own dice."""

    name: str
    part: Part
    world: World
    society: Society
    rng: np.random.Generator

    def make(self, count: int, portrait: Portrait, suffix: str = "") -> People:
        """Make people of this part; ``suffix`` tells two groups of one part apart."""
        return make_people(self.world, f"{self.name}{suffix}", self.rng, count, portrait)

    def live(self, people: People, spent: Ints | None = None) -> None:
        """Let them live like everybody, and be read and answered like everybody."""
        notes, said = live(self.world, self.society, people, self.rng, spent)
        receive(self.world, self.society, self.rng, people.name, notes)
        answer(self.world, self.society, self.rng, people.name, said)

    def say(self, people: People, who: Ints, notes: Notes, at: Ints, text: pa.Array, **given: pa.Array) -> None:
        """Let the people at places ``who`` comment, one row a note, and be answered now and then."""
        said = say(self.world, people, who, notes, at, text, **given)
        answer(self.world, self.society, self.rng, f"{people.name} sayings", said)

    def days(self) -> int:
        """Return the days of the window."""
        return (self.world.end_ms - self.world.begin_ms) // DAY_MS
