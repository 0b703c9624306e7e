"""Reciprocal ring: favours passed round in threes, against favours between two and acts at random."""

import numpy as np

from graphscan.motifs.rings import find_rings

from .told import BEGIN, DAY, HOUR, MEMBERS, background, comment, dataset, motifs, scene

SIX = MEMBERS[:6]


def note_of(who: str) -> dict[str, object]:
    return {"note_id": f"by-{who}", "account_id": who, "created_at": BEGIN - DAY}


def told(acts: list[tuple[str, str, float]]) -> dict[str, object]:
    comments = [comment(actor, f"by-{owner}", at) for actor, owner, at in acts]
    return {"notes": [note_of(who) for who in SIX], "comments": comments}


def ring(a: str, b: str, c: str, at: float) -> list[tuple[str, str, float]]:
    return [(a, b, at), (b, c, at + HOUR), (c, a, at + 2 * HOUR)]


def found(acts: list[tuple[str, str, float]]) -> dict[str, int]:
    story = told(acts)
    story["comments"] = [*background(), *story["comments"]]
    return motifs(scene(dataset(**story), SIX))


def test_a_ring_is_three_acts_within_a_day_told_once() -> None:
    (one,) = find_rings(scene(dataset(**told([*ring("m0", "m1", "m2", 0), *ring("m1", "m2", "m0", 3 * DAY)])), SIX))
    assert one.accounts == (0, 1, 2)
    assert one.ended_ms - one.started_ms == 2 * HOUR


def test_an_open_chain_a_slow_ring_and_a_pair_are_none() -> None:
    chain = [("m0", "m1", 0.0), ("m1", "m2", HOUR)]
    slow = [("m0", "m1", 0.0), ("m1", "m2", HOUR), ("m2", "m0", DAY + HOUR)]
    pair = [("m0", "m1", 0.0), ("m1", "m0", HOUR)]
    for acts in (chain, slow, pair):
        assert find_rings(scene(dataset(**told(acts)), SIX)) == []


def test_rings_day_after_day_are_a_motif() -> None:
    acts = [
        act
        for day in range(8)
        for trio in (("m0", "m1", "m2"), ("m3", "m4", "m5"), ("m0", "m3", "m1"), ("m2", "m5", "m4"))
        for act in ring(*trio, day * DAY + 9 * HOUR)
    ]
    assert found(acts) == {"reciprocal_ring": 4}


def test_as_many_acts_at_random_are_none() -> None:
    rng = np.random.default_rng(5)
    acts = [(*(SIX[int(k)] for k in rng.permutation(6)[:2]), float(rng.integers(8 * DAY))) for _ in range(96)]
    assert found(acts) == {}
