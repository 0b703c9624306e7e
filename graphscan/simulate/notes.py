"""Notes: writing them, and choosing among them as readers do.

In: authors and times. Out: :class:`Notes`, and :class:`Pool`, from which a reader's next note is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.simulate.clock import delays
from graphscan.simulate.ids import Floats, Handles, Ints, hex_text
from graphscan.simulate.texts import TITLES, fill, fill_any, lists, note_texts
from graphscan.simulate.world import World

MEMES = 300
"""Pictures that many people post; a picture in common is no secret."""

_TOPIC_STRIDE = 10**13
"""More than any time in milliseconds, so that topic and time make one sortable number."""


@dataclass(frozen=True)
class Notes:
    """One row a note: its handle, its author, when it was posted, its topic, its pull on readers."""

    note: Handles
    author: Handles
    created: Ints
    topic: Ints
    pull: Floats

    def __len__(self) -> int:
        return len(self.note)

    def take(self, places: Ints) -> Notes:
        """Return the notes at these places."""
        first = (self.note[places], self.author[places], self.created[places])
        return Notes(*first, self.topic[places], self.pull[places])


def write_notes(
    world: World,
    name: str,
    rng: np.random.Generator,
    author: Handles,
    created: Ints,
    topic: Ints,
    client: pa.Array,
    **given: pa.Array,
) -> Notes:
    """Add notes to the world, one a row of ``author``; ``given`` replaces columns (text, links, media …)."""
    count = len(author)
    pull = np.minimum(rng.random(count) ** (-1 / 1.3), 60.0)
    notes = Notes(world.new(f"{name} notes", count), author, created, topic, pull)
    columns: dict[str, Any] = {
        "title": fill_any(rng, TITLES, topic),
        "text": note_texts(rng, topic),
        "tags": _tags(rng, topic),
        "links": _links(rng, count),
        "media": _media(rng, notes.note),
        "ai_declared": None,
    }
    world.add("notes", note_id=notes.note, account_id=author, created_at=created, client=client, **(columns | given))
    return notes


class Pool:
    """Notes in order of topic and time, drawn by their pull among those that are recent for the reader."""

    def __init__(self, notes: Notes) -> None:
        order = np.lexsort((notes.created, notes.topic))
        self.notes = notes.take(order)
        self._keys = self.notes.topic * _TOPIC_STRIDE + self.notes.created
        self._mass = np.concatenate([[0.0], np.cumsum(self.notes.pull)])

    def choose(self, rng: np.random.Generator, topic: Ints, at: Ints) -> Ints:
        """Return the place of a note of the topic posted before ``at``, mostly a day or two; -1: none."""
        age = delays(rng, 20 * 3600.0, 1.2, len(at))
        high = np.searchsorted(self._keys, topic * _TOPIC_STRIDE + at)
        floor = np.searchsorted(self._keys, topic * _TOPIC_STRIDE)
        low = np.searchsorted(self._keys, topic * _TOPIC_STRIDE + np.maximum(at - age, 0))
        low = np.maximum(np.minimum(low, high - 5), floor)
        drawn = self._mass[low] + rng.random(len(at)) * (self._mass[high] - self._mass[low])
        place = np.clip(np.searchsorted(self._mass, drawn, side="right") - 1, low, np.maximum(high - 1, low))
        return np.where(high > low, place, -1)

    def middling(self, rng: np.random.Generator, count: int, first_ms: int, last_ms: int) -> Notes:
        """Return notes posted in the span that are neither hot nor dead: what is bought for comments."""
        fit = (self.notes.created >= first_ms) & (self.notes.created < last_ms)
        fit &= (self.notes.pull > 1.2) & (self.notes.pull < 4.0)
        return self.notes.take(np.sort(rng.choice(np.flatnonzero(fit), count, replace=False)))


def product_links(numbers: Ints) -> pa.StringArray:
    """Return one product page a number."""
    codes = hex_text(numbers.astype(np.uint64) + np.uint64(1), 10)
    return pc.binary_join_element_wise("https://mall.example/item/", codes, "")


def _tags(rng: np.random.Generator, topic: Ints) -> pa.ListArray:
    counts = rng.integers(1, 4, len(topic))
    flat = np.repeat(topic, counts)
    first = np.zeros(len(flat), bool)
    first[np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else []] = True
    return lists(counts, pc.if_else(pa.array(first), fill(rng, "{topic}", flat), fill(rng, "{noun}", flat)))


def _links(rng: np.random.Generator, count: int) -> pa.ListArray:
    counts = (rng.random(count) < 0.03).astype(np.int64)
    return lists(counts, product_links(rng.integers(0, 10**6 + count // 2, counts.sum())))


def _media(rng: np.random.Generator, note: Handles) -> pa.ListArray:
    counts = rng.integers(0, 5, len(note))
    flat = np.repeat(note, counts)
    own = hex_text(flat * np.uint64(8) + np.arange(len(flat)).astype(np.uint64), 16)
    memes = hex_text(rng.integers(1, MEMES, len(flat)).astype(np.uint64), 16)
    return lists(counts, pc.if_else(pa.array(rng.random(len(flat)) < 0.03), memes, own))
