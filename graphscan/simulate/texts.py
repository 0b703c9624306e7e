"""Texts from a grammar: many independent wordings, or one template filled again and again.

In: templates such as ``"{when}{verb}了{noun}"`` and the pieces of :mod:`graphscan.simulate.words`.
Out: Arrow text arrays, made column by column so that a million texts take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.simulate.ids import Ints
from graphscan.simulate.words import COLD_TOPIC, PIECES, TOPICS, Topic

COLD = len(TOPICS)
"""Number of the one topic that ordinary accounts do not write about."""

ALL_TOPICS: tuple[Topic, ...] = (*TOPICS, COLD_TOPIC)

_SLOT = re.compile(r"\{(\w+)\}")
_NUMBERS = pa.array([str(n) for n in range(2, 1000)])
_WORDS = {name: pa.array(words) for name, words in PIECES.items()}
_TOPIC_WORDS = {
    "noun": [pa.array(t.nouns) for t in ALL_TOPICS],
    "verb": [pa.array(t.verbs) for t in ALL_TOPICS],
    "trait": [pa.array(t.traits) for t in ALL_TOPICS],
    "topic": [pa.array([t.name]) for t in ALL_TOPICS],
}
_TOPIC_FLAT = {slot: pa.concat_arrays(arrays) for slot, arrays in _TOPIC_WORDS.items()}
_TOPIC_SIZES = {slot: np.array([len(a) for a in arrays]) for slot, arrays in _TOPIC_WORDS.items()}

SENTENCES = (
    "{when}{who}{place}{verb}了{noun}，{trait}，{feeling}。",
    "{noun}{degree}{trait}，{reason}，所以{verb}了{n}次{mood}",
    "{advice}{detail}，{noun}{degree}{feeling}。",
    "花了{n}块，{reason}，{degree}{feeling}{mood}",
    "{who}说{noun}{trait}，{reason}，结果{feeling}。",
    "{when}{verb}过{noun}，{reason}，这次{detail}。",
    "第{n}天，{place}的{noun}{trait}，{degree}{feeling}。",
    "{noun}和{noun}比，{degree}{trait}，{advice}{detail}。",
    "{closing}{mood}{detail}，{when}再说{noun}。",
)
TITLES = (
    "{noun}｜{trait}，{feeling}",
    "{when}{verb}的{noun}{mood}",
    "{place}{verb}{noun}的第{n}天",
    "{noun}{degree}{trait}？{who}{feeling}",
    "{advice}{verb}{noun}：{detail}",
)
COMMENTS = (
    "{opener}，{place}的{noun}{degree}{trait}{mood}",
    "{opener}{mood}{noun}{ask}？{reason}",
    "{opener}，{who}{when}也{verb}了{noun}，{feeling}",
    "{advice}{detail}，{noun}{degree}{trait}{mood}",
    "{degree}{feeling}，{who}{place}{verb}过{noun}{mood}",
    "{opener}，{n}块的{noun}{ask}{mood}",
    "{when}{verb}了{noun}，{reason}，{feeling}{mood}",
    "{opener}，{noun}{degree}{trait}，{reason}，{advice}{detail}，{closing}{mood}",
    "{who}{when}{place}{verb}了{noun}，花了{n}块，{trait}，{degree}{feeling}{mood}",
)
SHORT_COMMENTS = ("{short}{mood}", "{short}")
CHATTER = (
    "{greeting}{mood}",
    "{when}{who}{verb}了{noun}{mood}",
    "{opener}，{noun}{ask}",
    "{short}",
    "{detail}，{closing}",
)
SHORT_SHARE = 0.25
"""Share of comments that are everyday words under eight characters, which strangers share by the thousand."""


def fill(rng: np.random.Generator, template: str, topic: Ints) -> pa.StringArray:
    """Return one text a row of ``topic`` (numbers of topics): the template with its slots drawn at random."""
    columns = [_draw(rng, part, topic) if slot else pa.scalar(part) for slot, part in _parts(template) if part]
    columns.append(pa.array([""] * len(topic), pa.string()))
    return pc.binary_join_element_wise(*columns, "")


def fill_any(rng: np.random.Generator, templates: Sequence[str], topic: Ints) -> pa.StringArray:
    """Return one text a row, each from a template drawn at random."""
    chosen = rng.integers(0, len(templates), len(topic))
    rows = [np.flatnonzero(chosen == k) for k in range(len(templates))]
    texts = [fill(rng, template, topic[where]) for template, where in zip(templates, rows, strict=True)]
    return pa.concat_arrays(texts).take(pa.array(np.argsort(np.concatenate(rows), kind="stable")))


def note_texts(rng: np.random.Generator, topic: Ints) -> pa.StringArray:
    """Return one body of three to seven sentences a row; two of them share no more than the language does."""
    counts = rng.integers(3, 8, len(topic))
    return pc.binary_join(_nested(counts, fill_any(rng, SENTENCES, np.repeat(topic, counts))), "")


def comment_texts(rng: np.random.Generator, topic: Ints, short_share: float = SHORT_SHARE) -> pa.StringArray:
    """Return one comment a row, everyday short or in the writer's own words."""
    short = rng.random(len(topic)) < short_share
    own = fill_any(rng, COMMENTS, topic)
    return pc.if_else(pa.array(short), fill_any(rng, SHORT_COMMENTS, topic), own)


def nicknames(rng: np.random.Generator, count: int) -> pa.StringArray:
    """Return display names; a few strangers share one, as people do."""
    plain = ("{adjective}{creature}", "{creature}{n}", "{creature}{creature}", "{adjective}{creature}{n}")
    return fill_any(rng, plain, np.zeros(count, np.int64))


def lists(counts: Ints, values: pa.Array) -> pa.ListArray:
    """Return one list a row of the next ``counts`` values; an empty list is null: nothing was given."""
    nested = _nested(counts, values)
    return pc.if_else(pa.array(counts > 0), nested, pa.scalar(None, nested.type))


def _nested(counts: Ints, values: pa.Array) -> pa.ListArray:
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _parts(template: str) -> list[tuple[bool, str]]:
    return [(place % 2 == 1, part) for place, part in enumerate(_SLOT.split(template))]


def _draw(rng: np.random.Generator, slot: str, topic: Ints) -> pa.StringArray:
    if slot in _TOPIC_FLAT:
        sizes = _TOPIC_SIZES[slot]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        return _TOPIC_FLAT[slot].take(pa.array(starts[topic] + _below(rng, sizes[topic])))
    words = _NUMBERS if slot == "n" else _WORDS[slot]
    return words.take(pa.array(rng.integers(0, len(words), len(topic))))


def _below(rng: np.random.Generator, limits: Ints) -> Ints:
    return (rng.random(len(limits)) * limits).astype(np.int64)
