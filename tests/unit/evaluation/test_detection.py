"""How long a farm worked before it could be found: instants counted by hand."""

from __future__ import annotations

from graphscan.evaluation.clusters import recoveries_of
from graphscan.evaluation.detection import DAY_MS, detections_of, waits
from graphscan.evaluation.found import Meeting
from graphscan.evaluation.truth import Truth

KNOWN = {name: Truth("managed", "farm", "ban", "hire") for name in ("a", "b", "c", "d")} | {
    "x": Truth("human", "", "none", "fan"),
    "y": Truth("managed", "lost", "ban", "shy"),
}
CLUSTERS = {"c1": {"a", "b", "c", "x"}}


def meeting(a: str, b: str, day: int, hour: int, thing: str | None = None) -> Meeting:
    at = day * DAY_MS + hour * 3_600_000
    return Meeting((a, b), thing or f"note {day}", at, at + 60_000)


MEETINGS = [
    meeting("a", "b", 0, 1),  # only two: the first occasion, and no reason to name anybody
    *(meeting(*pair, day, 5) for day in (1, 2, 5) for pair in (("a", "b"), ("b", "c"))),
    meeting("a", "x", 0, 0),  # swept along: not of the farm
    meeting("a", "d", 0, 0),  # of the farm, but not found with it
]


def test_a_farm_can_be_found_from_its_third_occasion_with_three_members() -> None:
    recoveries = recoveries_of(KNOWN, CLUSTERS)
    farm, lost = detections_of(KNOWN, recoveries, CLUSTERS, MEETINGS, 9 * DAY_MS)
    assert (farm.cluster, farm.occasions, farm.first_ms) == ("farm", 4, 3_600_000)
    assert farm.findable_ms == 5 * DAY_MS + 5 * 3_600_000 + 60_000
    assert round(farm.worked_days or 0, 3) == round(9 - 1 / 24, 3)
    assert (lost.cluster, lost.first_ms, lost.wait_days, lost.worked_days) == ("lost", None, None, None)
    assert waits((farm, lost)) == (farm.wait_days, farm.wait_days)


def test_two_full_occasions_are_not_enough() -> None:
    recoveries = recoveries_of(KNOWN, CLUSTERS)
    farm, _ = detections_of(KNOWN, recoveries, CLUSTERS, MEETINGS[:5], 9 * DAY_MS)
    assert farm.occasions == 3 and farm.wait_days is None and waits((farm,)) == (None, None)


def test_a_run_without_meetings_tells_no_times() -> None:
    assert detections_of(KNOWN, recoveries_of(KNOWN, CLUSTERS), CLUSTERS, (), 9 * DAY_MS) == ()
