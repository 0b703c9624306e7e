"""Flash star and ordered relay: together again and again, against a burst that everybody makes."""

import numpy as np

from graphscan.motifs.flashes import find_flashes

from .told import BEGIN, DAY, HOUR, MEMBERS, MINUTE, STRANGERS, background, comment, dataset, motifs, scene


def gathering(notes: list[str], spread: float, seed: int = 5) -> list[dict[str, object]]:
    """All members come to each note (one a day, in the afternoon) within so many ms."""
    rng = np.random.default_rng(seed)
    return [
        comment(who, note, day * DAY + 14 * HOUR + rng.integers(spread))
        for day, note in enumerate(notes)
        for who in MEMBERS
    ]


def told(*parts: list[dict[str, object]]) -> dict[str, int]:
    return motifs(scene(dataset(comments=[*background(), *(row for part in parts for row in part)])))


def test_members_who_gather_within_minutes_on_several_notes_are_flashes() -> None:
    assert told(gathering(["n00", "n05", "n10", "n15", "n20"], 5 * MINUTE))["flash_star"] == 5


def test_a_single_flash_is_never_a_motif() -> None:
    assert told(gathering(["n00"], MINUTE)) == {}
    assert told(gathering(["n00", "n05"], MINUTE)) == {}


def test_members_who_come_through_the_day_like_others_are_none() -> None:
    assert told(gathering(["n00", "n05", "n10", "n15", "n20"], 9 * HOUR)) == {}


def test_members_in_a_burst_that_everybody_makes_are_none() -> None:
    rng = np.random.default_rng(3)
    viral = ["v0", "v1", "v2", "v3", "v4"]
    crowd = [
        comment(who, note, day * DAY + 14 * HOUR + rng.integers(5 * MINUTE))
        for day, note in enumerate(viral)
        for who in STRANGERS
    ]
    assert told(gathering(viral, 5 * MINUTE), crowd) == {}


def test_an_occurrence_tells_who_where_and_when() -> None:
    rows = [comment(who, "n00", 14 * HOUR + k * MINUTE) for k, who in enumerate(MEMBERS[:4])]
    (star,) = find_flashes(scene(dataset(comments=rows), MEMBERS[:4]))
    assert star.objects == ("n00",)
    assert star.accounts == (0, 1, 2, 3)
    assert (star.started_ms, star.ended_ms) == (BEGIN + 14 * HOUR, BEGIN + 14 * HOUR + 3 * MINUTE)


def test_the_same_order_on_several_notes_is_a_relay() -> None:
    rows = [
        comment(who, note, day * DAY + 9 * HOUR + k * HOUR)
        for day, note in enumerate(["n00", "n05", "n10", "n15", "n20", "n25"])
        for k, who in enumerate(MEMBERS)
    ]
    assert told(rows) == {"ordered_relay": 1}


def test_another_order_every_time_is_no_relay() -> None:
    rng = np.random.default_rng(4)
    rows = [
        comment(MEMBERS[int(m)], note, day * DAY + 9 * HOUR + k * HOUR)
        for day, note in enumerate(["n00", "n05", "n10", "n15", "n20", "n25"])
        for k, m in enumerate(rng.permutation(8))
    ]
    assert told(rows) == {}
