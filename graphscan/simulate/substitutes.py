"""Substitutes: farms that put one thing in another's place: look-alike letters for letters, fresh accounts for used ones.

In: a stage; ``part.strength`` is how much is replaced (see each function). Out: rows in the world, the farms told as managed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from graphscan.simulate.clock import DAY_MS, HOUR_MS, SECOND_MS
from graphscan.simulate.farms import SETTLED_DAYS, bought_notes, errands, members, portrait, template, work
from graphscan.simulate.moulds import draw_mould
from graphscan.simulate.parts import Stage
from graphscan.simulate.texts import fill

PLAIN = "人入口土大女子小工干日月木水火生用田白目石立竹米老肉色行見角言"
RADICALS = "⼈⼊⼝⼟⼤⼥⼦⼩⼯⼲⽇⽉⽊⽔⽕⽣⽤⽥⽩⽬⽯⽴⽵⽶⽼⾁⾊⾏⾒⾓⾔"
TWINS = {
    **dict(zip(PLAIN, RADICALS, strict=True)),
    **dict(zip("aceopxyi", "асеорхуі", strict=True)),
    **{letter: chr(ord(letter) + 0xFEE0) for letter in "0123456789bdfghjklmnqrstuvwz"},
    "，": ",",
    "！": "!",
    "。": "｡",
    "？": "?",
}
"""A character and one that looks like it: radicals of the Kangxi dictionary, Cyrillic letters, wide letters and digits, narrow marks."""

FALSE_LETTERS = "己已末未土士日曰天夭干千"
"""Letters whose neighbour in this row looks like them and means another thing; nothing makes the two one."""

_FALSE = dict(zip(FALSE_LETTERS, "".join(b + a for a, b in zip(*[iter(FALSE_LETTERS)] * 2, strict=True)), strict=True))


def homoglyphs(stage: Stage) -> None:
    """Make a farm that writes its mould with look-alike letters in place of a share ``strength`` of those that have one."""
    people = members(stage, 40.0)
    job = errands(stage, len(people), bought_notes(stage))
    texts = [_disguised(stage, text) for text in template(stage, job).to_pylist()]
    work(stage, people, job, pa.array(texts, pa.string()))


def _disguised(stage: Stage, text: str) -> str:
    twins = {**TWINS, **_FALSE}
    hit = stage.rng.random(len(text)) < stage.part.strength
    return "".join(twins.get(letter, letter) if h else letter for letter, h in zip(text, hit, strict=True))


def churn(stage: Stage) -> None:
    """Make a farm that throws its accounts away: after ``strength`` days as many fresh ones go on with the same mould."""
    notes, mould = bought_notes(stage), draw_mould(stage.rng)
    begin = stage.world.begin_ms + SETTLED_DAYS * DAY_MS
    turn = ((notes.created - begin) // int(stage.part.strength * DAY_MS)).astype(np.int64)
    for number in np.unique(turn):
        start = begin + int(number * stage.part.strength * DAY_MS)
        fresh = replace(portrait(stage, (start - 10 * HOUR_MS, start - 2 * HOUR_MS)), actions_min=0)
        people = stage.make(stage.part.size, fresh, f" {int(number) + 1}")
        job = errands(stage, len(people), notes.take(np.flatnonzero(turn == number)))
        at = np.minimum(job.at, stage.world.end_ms - SECOND_MS)
        stage.say(people, job.who, job.notes, at, fill(stage.rng, mould, job.notes.topic))
