"""Registration flash: registered together, among accounts that were not; and among accounts that all were."""

import numpy as np

from .told import BEGIN, DAY, HOUR, MEMBERS, MINUTE, STRANGERS, background, comment, dataset, motifs, scene


def told(members_at: list[float], strangers_at: list[float], network: str = "net") -> dict[str, int]:
    accounts = [
        {"account_id": who, "registered_at": BEGIN + int(at), "network": network}
        for who, at in zip([*MEMBERS, *STRANGERS], [*members_at, *strangers_at], strict=True)
    ]
    comments = [comment(who, f"n{k:02d}", 5 * DAY + k * HOUR) for k, who in enumerate(MEMBERS)]
    return motifs(scene(dataset(accounts=accounts, comments=[*background(), *comments])))


SPREAD = [float(x) for x in np.random.default_rng(1).integers(5 * DAY, size=40)]


def test_members_registered_within_minutes_are_a_flash() -> None:
    assert told([3 * MINUTE * k for k in range(8)], SPREAD) == {"registration_flash": 1}


def test_members_registered_on_different_days_are_none() -> None:
    assert told([12 * HOUR * k for k in range(8)], SPREAD) == {}


def test_where_everybody_came_in_one_rush_members_are_no_surprise() -> None:
    assert told([3 * MINUTE * k for k in range(8)], [3 * MINUTE * k for k in range(40)]) == {}


def test_a_network_that_means_nothing_joins_nobody() -> None:
    assert told([3 * MINUTE * k for k in range(8)], SPREAD, "unknown") == {}
