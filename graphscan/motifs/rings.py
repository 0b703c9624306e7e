"""Reciprocal ring: a acts on b's note, b on c's, c on a's, within a day.

In: a scene. Out: occurrences, and a p-value against acts dealt anew among the same authors. Friends return favours
two by two, so only rings of three count. Source: METHOD stage 4, M3; temporal motifs of Paranjape, Benson & Leskovec
(2017).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphscan.behaviours.actions import DAY_MS, Codes, Ints
from graphscan.behaviours.layer import Layer
from graphscan.motifs import kernels
from graphscan.motifs.chance import SURROGATES, count_tail
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.scene import Scene

RING_MS = DAY_MS
_EXCHANGES = 10  # rounds of it; in days of a few acts some stay, and keep their true owner
_MOST_ACTS = 2_000  # among members: bounds the work of a surrogate to acts x members


def find_rings(scene: Scene) -> list[Occurrence]:
    """Return each ring once: the first time that its three acts lay within a day."""
    actor, owner, at_ms = _acts(scene)
    n = len(scene.members)
    found = np.zeros((_count(actor, owner, at_ms, n), 5), np.int64)
    kernels.rings(actor, owner, at_ms, RING_MS, n, found)
    seen: dict[tuple[int, ...], Occurrence] = {}
    for a, b, c, first, last in found.tolist():
        turn = min((a, b, c), (b, c, a), (c, a, b))
        seen.setdefault(turn, Occurrence(tuple(int(scene.members[k]) for k in turn), (), first, last))
    return list(seen.values())


def chance_of_rings(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of so many closings, when whose note each act was on is dealt anew among the members' acts of that day."""
    if not found:
        return 1.0
    actor, owner, at_ms = _acts(scene)
    n = len(scene.members)
    drawn = [_count(actor, _deal(actor, owner, at_ms // DAY_MS, rng), at_ms, n) for _ in range(SURROGATES)]
    return count_tail(_count(actor, owner, at_ms, n), np.array(drawn, np.float64))


def _deal(actor: Codes, owner: Codes, day: Ints, rng: np.random.Generator) -> Codes:
    """Owners dealt anew among each day's acts; whoever is dealt the own note changes with another act of that day."""
    dealt = owner[np.lexsort((rng.random(len(owner)), day))]
    begin, end = np.searchsorted(day, day), np.searchsorted(day, day, side="right")
    for _ in range(_EXCHANGES):
        for k in np.flatnonzero(dealt == actor):
            other = rng.integers(begin[k], end[k])
            dealt[k], dealt[other] = dealt[other], dealt[k]
    return np.where(dealt == actor, owner, dealt)


def _count(actor: Codes, owner: Codes, at_ms: Ints, n: int) -> int:
    return int(kernels.rings(actor, owner, at_ms, RING_MS, n, np.zeros((0, 5), np.int64)))


def _acts(scene: Scene) -> tuple[Codes, Codes, Ints]:
    """Members' acts on other members' notes, in every layer of the world, by time."""
    parts = [_acts_in(scene, layer) for layer in scene.world.layers if layer.behaviour.channel == "author of note"]
    actor = np.concatenate([np.zeros(0, np.int32), *(p[0] for p in parts)])
    owner = np.concatenate([np.zeros(0, np.int32), *(p[1] for p in parts)])
    at_ms = np.concatenate([np.zeros(0, np.int64), *(p[2] for p in parts)])
    among = np.flatnonzero((actor >= 0) & (owner >= 0) & (actor != owner))
    order = among[np.lexsort((owner[among], actor[among], at_ms[among]))][:_MOST_ACTS]
    return actor[order], owner[order], at_ms[order]


def _acts_in(scene: Scene, layer: Layer) -> tuple[Codes, Codes, Ints]:
    """Actor, author and time of each member's act; the channel of a note *is* its author's code, -1 where unknown."""
    actions = layer.actions
    rows = scene.world.actions_of[layer.behaviour.name].rows(scene.members)
    author = actions.channel_of[actions.object[rows]]
    return scene.place(actions.account[rows]), scene.place(author), actions.at_ms[rows]
