"""How long a true cluster had worked when it could be found.

In: the truth, the found clusters and their meetings. Out: one row a true cluster, in milliseconds since 1970.

A run looks once, at the end of its log, so what it can tell is this: the first occasion on which two members met (``first_ms``),
and the third on which at least three did (``findable_ms``), which is the least that graphscan calls a cluster. Before that no run
could have named it; whether one at that instant would have depends on how sure it was by then, which only runs on shorter logs can tell.
Occasions are those of validated pairs inside the matching found cluster. A cluster that was lost has neither.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from graphscan.evaluation.clusters import Recovery
from graphscan.evaluation.found import Meeting
from graphscan.evaluation.truth import Truth

LEAST_MEMBERS, LEAST_OCCASIONS = 3, 3
"""The least that makes a cluster (docs/concepts.md)."""

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Detection:
    """One true cluster: its occasions, the first, the third with three members or more, and the log's end; None: lost."""

    cluster: str
    occasions: int
    first_ms: int | None
    findable_ms: int | None
    log_end_ms: int | None

    @property
    def wait_days(self) -> float | None:
        """Days from the first occasion to the instant from which it could be found."""
        return (
            None if self.first_ms is None or self.findable_ms is None else (self.findable_ms - self.first_ms) / DAY_MS
        )

    @property
    def worked_days(self) -> float | None:
        """Days from the first occasion to the end of the log, when the run did find it."""
        return None if self.first_ms is None or self.log_end_ms is None else (self.log_end_ms - self.first_ms) / DAY_MS


def detections_of(
    known: Mapping[str, Truth],
    recoveries: Sequence[Recovery],
    clusters: Mapping[str, Set[str]],
    meetings: Sequence[Meeting],
    log_end_ms: int | None,
) -> tuple[Detection, ...]:
    """Return one row a true cluster, in the order of ``recoveries``; none where the run keeps no meetings."""
    if not meetings:
        return ()
    home = {a: t.cluster for a, t in known.items() if t.cluster}
    matched = {r.cluster: clusters[r.cluster_id] for r in recoveries if r.found and r.cluster_id is not None}
    inside: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        a, b = meeting.accounts
        cluster = home.get(a, "")
        if cluster in matched and home.get(b) == cluster and {a, b} <= matched[cluster]:
            inside[cluster].append(meeting)
    return tuple(_detection(r.cluster, inside[r.cluster], log_end_ms if r.found else None) for r in recoveries)


def _detection(cluster: str, meetings: Sequence[Meeting], log_end_ms: int | None) -> Detection:
    occasions: dict[tuple[str, int], list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        occasions[meeting.object, meeting.first_ms // DAY_MS].append(meeting)
    full = sorted(at for group in occasions.values() if (at := _third_comes(group)) is not None)
    findable = full[LEAST_OCCASIONS - 1] if len(full) >= LEAST_OCCASIONS else None
    first = min((m.first_ms for m in meetings), default=None)
    return Detection(cluster, len(occasions), first, findable, log_end_ms)


def _third_comes(meetings: Sequence[Meeting]) -> int | None:
    """Return when the third member came to an occasion, as far as its meetings tell; None where fewer came."""
    came: dict[str, int] = {}
    for meeting in sorted(meetings, key=lambda m: (m.last_ms, m.accounts)):
        for account in meeting.accounts:
            came.setdefault(account, meeting.last_ms)
    return sorted(came.values())[LEAST_MEMBERS - 1] if len(came) >= LEAST_MEMBERS else None


def waits(detections: Iterable[Detection]) -> tuple[float | None, float | None]:
    """Return the median and the 95th percentile (nearest rank) of the days until a found cluster could be found."""
    days = sorted(d.wait_days for d in detections if d.wait_days is not None)
    if not days:
        return None, None
    return days[math.ceil(0.5 * len(days)) - 1], days[math.ceil(0.95 * len(days)) - 1]
