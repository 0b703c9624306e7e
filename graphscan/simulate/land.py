"""A land of towns: worlds larger than a machine's memory, made and written town by town.

In: a number of ordinary accounts, and each town's tables. Out: one part of each table a town (``notes/part-00003.parquet``).
What towns share is the notes of a few celebrities, on which people of every town act; nobody follows, chats or works for
a farm beyond their own town. So a land shows what grows with the number of accounts and rows, and how a popular object behaves
over all of them; it has no farm that spans towns, and no more in one interest than a town has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.simulate.clock import DAY_MS, HOUR_MS, awake
from graphscan.simulate.doings import READERS_A_PULL, READERS_A_PULL_LEVEL, receive
from graphscan.simulate.ids import Ints
from graphscan.simulate.life import Society
from graphscan.simulate.notes import Notes, write_notes
from graphscan.simulate.people import Portrait, make_people
from graphscan.simulate.world import World

ONE_TOWN = 200_000
"""Up to here a world is one town, in one file a table: about three gigabytes while it is made."""

TOWN = 100_000
"""Ordinary accounts of a town in a land, at most: 1.5 gigabytes and 24 s of one core (scenario city, measured)."""

CELEBRITIES = 4
HOT_NOTES = 20
READERS_SHARE = 0.002
"""Of a town's people, so many react to each hot note: the most read ordinary note of a town has fewer."""


def town_sizes(people: int, town: int = TOWN) -> list[int]:
    """Return the ordinary accounts of each town: as few towns as may be, as even as may be."""
    towns = -(-people // town)
    return [people // towns + (number < people % towns) for number in range(towns)]


def celebrities(world: World) -> Notes:
    """Make the celebrities and the hot notes that all towns read."""
    rng = world.rng("celebrities")
    portrait = Portrait(slice="celebrity", verified=True, bio="演员，工作联系经纪人", registered=_long_ago(world))
    people = make_people(world, "celebrities", rng, CELEBRITIES, portrait)
    writer = rng.integers(0, CELEBRITIES, HOT_NOTES)
    at = np.sort(awake(rng.integers(world.begin_ms, world.end_ms - 12 * HOUR_MS, HOT_NOTES)))
    clients = people.client.take(pa.array(writer))
    return write_notes(world, "hot", rng, people.account[writer], at, people.topic[writer], clients)


def _long_ago(world: World) -> tuple[int, int]:
    return world.begin_ms - 3000 * DAY_MS, world.begin_ms - 1000 * DAY_MS


def crowd(world: World, society: Society, hot: Notes) -> None:
    """Let a town's people react to the hot notes as to their own, only many more of them."""
    readers: Ints = np.full(len(hot), max(1, round(READERS_SHARE * len(society.people))))
    a_pull = READERS_A_PULL_LEVEL if society.level else READERS_A_PULL
    receive(world, society, world.rng("hot notes"), "hot", replace(hot, pull=readers / a_pull))


def write_part(work: Path, number: int, tables: Mapping[str, pa.Table]) -> None:
    """Write one town's rows as one part of each table."""
    for name, table in tables.items():
        folder = work / name
        folder.mkdir(exist_ok=True)
        pq.write_table(table, folder / f"part-{number:05d}.parquet", compression="zstd", compression_level=9)
