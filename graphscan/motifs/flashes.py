"""Flash star: many members act on one object within minutes; and ordered relay: they do so in the same order again and again.

In: a scene. Out: occurrences, and p-values against the objects' own clocks and against shuffled orders. A single
flash is never evidence: a viral note makes one with anybody. Source: METHOD stage 4, M1 and M2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphscan.behaviours.actions import DAY_MS, Codes, Ints
from graphscan.behaviours.layer import Layer
from graphscan.motifs import kernels
from graphscan.motifs.chance import SURROGATES, Floats, count_tail, over_all, value_tail
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.scene import Scene

LEAST_ACCOUNTS = 3
MEMBER_SHARE = 0.3  # of the members, where they are many: in a farm of 40, three together are no star
MIN_OUTSIDERS = 8  # METHOD: fewer outside actions do not show an object's clock
RELAY_TAU = 0.6  # an object belongs to the relay when its order agrees so much with the usual one
_MOST_OCCASIONS = 200
_MOST_MEMBERS = 40  # of one occasion, the first to act: bounds the work of a surrogate
_CLOCK_SAMPLE = 500


def find_flashes(scene: Scene) -> list[Occurrence]:
    """Return every occasion on which enough members acted within the layer's middle window."""
    return [
        _star(layer, o, rows)
        for layer in scene.layers
        for o, rows in _gatherings(scene, layer, len(scene.members))
        if _is_star(layer.occasions.at_ms[rows], _window(layer), _least(scene))
    ]


def chance_of_flashes(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of so many stars when members come by the clock of outsiders; over all layers tried."""
    return over_all([_chance_in_layer(scene, layer, rng) for layer in scene.layers])


def _least(scene: Scene) -> int:
    return max(LEAST_ACCOUNTS, int(np.ceil(MEMBER_SHARE * min(len(scene.members), _MOST_MEMBERS))))


def _window(layer: Layer) -> int:
    return int(layer.windows_ms[(len(layer.windows_ms) - 1) // 2])


def _gatherings(scene: Scene, layer: Layer, most: int = _MOST_MEMBERS) -> list[tuple[int, Ints]]:
    """Occasions that enough members acted on, with the members' rows in time order; evenly thinned when too many.

    What happens in a chat is left to :mod:`graphscan.motifs.chats`: its members answer announcements together, and say so by joining.
    """
    occasions = layer.occasions
    rows = scene.world.occasions_of[layer.behaviour.name].rows(scene.members)
    where, first, count = np.unique(occasions.occasion[rows], return_index=True, return_counts=True)
    declared = layer.actions.explicit_of[occasions.object_of[where]]
    chosen = np.flatnonzero((count >= LEAST_ACCOUNTS) & ~declared)
    chosen = chosen[:: max(1, -(-len(chosen) // _MOST_OCCASIONS))]
    return [(int(where[k]), rows[first[k] : first[k] + min(count[k], most)]) for k in chosen]


def _is_star(at_ms: Ints, window: int, least: int) -> bool:
    return len(at_ms) >= least and bool((at_ms[least - 1 :] - at_ms[: len(at_ms) - least + 1] <= window).any())


def _star(layer: Layer, occasion: int, rows: Ints) -> Occurrence:
    lo, hi = kernels.widest(layer.occasions.at_ms[rows], _window(layer))
    inside = rows[lo:hi]
    at_ms = layer.occasions.at_ms[inside]
    return Occurrence(
        tuple(layer.occasions.account[inside].tolist()),
        (_object(layer, occasion),),
        int(at_ms[0]),
        int(at_ms[-1]),
    )


def _object(layer: Layer, occasion: int) -> str:
    return str(layer.actions.objects[int(layer.occasions.object_of[occasion])].as_py())


def _chance_in_layer(scene: Scene, layer: Layer, rng: np.random.Generator) -> float:
    seen, drawn = 0, np.zeros(SURROGATES)
    least, window = _least(scene), _window(layer)
    for o, rows in _gatherings(scene, layer):
        if len(rows) < least:
            continue
        at_ms = layer.occasions.at_ms[rows]
        seen += _is_star(at_ms, window, least)
        draws = rng.choice(_clock(scene, layer, o, at_ms, rng), (SURROGATES, len(rows)))
        times = np.sort(draws + rng.normal(0, window / 4, draws.shape), axis=1)
        drawn += (times[:, least - 1 :] - times[:, : len(rows) - least + 1] <= window).any(axis=1)
    return count_tail(seen, drawn)


def _clock(scene: Scene, layer: Layer, occasion: int, own: Ints, rng: np.random.Generator) -> Ints:
    """When outsiders act on the object that day; where they are too few, the platform's times of day around the members' own."""
    rows = slice(layer.occasions.start[occasion], layer.occasions.start[occasion + 1])
    outside = ~np.isin(layer.occasions.account[rows], scene.members)
    if outside.sum() >= MIN_OUTSIDERS:
        return layer.occasions.at_ms[rows][outside]
    sample = rng.choice(layer.occasions.at_ms, _CLOCK_SAMPLE)
    begin = int(np.median(own)) - DAY_MS // 2
    return np.asarray(begin + (sample - begin) % DAY_MS)


def find_relays(scene: Scene) -> list[Occurrence]:
    """Return, per layer, the objects on which members acted in their usual order, as one occurrence.

    People with steady habits make an order too (an idol's forty fans did, in a simulated world): it says "again the same
    way", not "a program".
    """
    return [found for layer in scene.layers if (found := _relay(scene, layer)) is not None]


def chance_of_relays(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of the mean Kendall tau between objects when who takes which place is shuffled inside each object.

    Only members of one latency stratum (fast, middle or slow responders) change places: that some are quicker than others is
    habit, and makes an order of its own.
    """
    return over_all([_chance_of_order(scene, layer, rng) for layer in scene.layers])


def _orders(scene: Scene, layer: Layer) -> tuple[Codes, Ints, list[int]]:
    gatherings = _gatherings(scene, layer)
    who = [scene.place(layer.occasions.account[rows]) for _, rows in gatherings]
    start = np.concatenate([[0], np.cumsum([len(w) for w in who])]).astype(np.int64)
    return np.concatenate([np.zeros(0, np.int32), *who]), start, [o for o, _ in gatherings]


def _chance_of_order(scene: Scene, layer: Layer, rng: np.random.Generator) -> float:
    who, start, _ = _orders(scene, layer)
    n, drawn = len(scene.members), np.zeros(SURROGATES)
    group = 3 * np.repeat(np.arange(len(start) - 1), np.diff(start))
    group += layer.opportunity.stratum[scene.members][who]
    places = np.argsort(group, kind="stable")
    for s in range(SURROGATES):
        dealt = np.empty_like(who)
        dealt[places] = who[np.lexsort((rng.random(len(who)), group))]
        drawn[s] = kernels.agreement(start, dealt, n)
    return value_tail(float(kernels.agreement(start, who, n)), drawn)


def _relay(scene: Scene, layer: Layer) -> Occurrence | None:
    who, start, occasions = _orders(scene, layer)
    usual = _usual_places(who, start, len(scene.members))
    agreeing = [k for k in range(len(occasions)) if _tau(usual[who[start[k] : start[k + 1]]]) >= RELAY_TAU]
    objects = sorted({_object(layer, occasions[k]) for k in agreeing})
    if len(objects) < LEAST_ACCOUNTS:
        return None
    inside = np.unique(np.concatenate([who[start[k] : start[k + 1]] for k in agreeing]))
    inside = inside[np.argsort(usual[inside], kind="stable")]
    rows = [rows for o, rows in _gatherings(scene, layer) if o in {occasions[k] for k in agreeing}]
    at_ms = layer.occasions.at_ms[np.concatenate(rows)]
    return Occurrence(tuple(scene.members[inside].tolist()), tuple(objects), int(at_ms.min()), int(at_ms.max()))


def _usual_places(who: Codes, start: Ints, n: int) -> Floats:
    """Each member's mean place, 0 (first) to 1 (last), over the objects it acted on."""
    sizes = np.diff(start)
    place = (np.arange(len(who)) - np.repeat(start[:-1], sizes)) / np.maximum(np.repeat(sizes, sizes) - 1, 1)
    return np.bincount(who, place, minlength=n) / np.maximum(np.bincount(who, minlength=n), 1)


def _tau(places: Floats) -> float:
    """Kendall's tau between an order and the usual places of those in it."""
    later = np.sign(places[None, :] - places[:, None])
    upper = np.triu(np.ones(later.shape, np.bool_), 1)
    return float(later[upper].mean())
