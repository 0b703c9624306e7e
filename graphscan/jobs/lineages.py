"""Lineages: which cluster of this pass is which of the last, by the largest overlap of members, and what happened to it.

In: the lineages of the last pass and the clusters of this one. Out: :class:`Lineages`: lineages, their members, and the events,
history included. The way of Greene, Doyle and Cunningham (2010) and MONIC (Spiliopoulou 2006), with one-to-one identity: of
all that overlap by half of the smaller side, the largest overlap keeps the name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from graphscan.jobs.tables import LINEAGE_EVENTS, LINEAGE_MEMBERS, LINEAGES
from graphscan.tables import from_rows

LINK = 0.5
"""MONIC's default: two clusters have to do with each other when they share half of the smaller one."""

Members = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Lineage:
    """One lineage; fields as in :data:`graphscan.jobs.tables.LINEAGES`."""

    lineage_id: str
    cluster_id: str | None
    status: str
    announced: bool
    first_pass: str
    last_pass: str
    size: int
    peak_size: int
    merged_into: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class Event:
    """One event; fields as in :data:`graphscan.jobs.tables.LINEAGE_EVENTS`."""

    pass_id: str
    lineage_id: str
    event: str
    cluster_id: str | None
    other: str | None
    size_before: int
    size_after: int
    joined: int
    left: int


@dataclass(frozen=True)
class Lineages:
    """All lineages by id, their members with the pass since when, and every event so far."""

    lineages: Mapping[str, Lineage] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    def tables(self) -> dict[str, pa.Table]:
        """Return the three tables, in order of lineage; events in order of passes."""
        ids = sorted(self.lineages)
        rows = [tuple(vars(self.lineages[i]).values()) for i in ids]
        members = [(i, a, since) for i in ids for a, since in sorted(self.members.get(i, {}).items())]
        return {
            "lineages": from_rows(rows, LINEAGES),
            "lineage_events": from_rows([tuple(vars(e).values()) for e in self.events], LINEAGE_EVENTS),
            "lineage_members": from_rows(members, LINEAGE_MEMBERS),
        }

    def at(self, pass_id: str) -> list[Event]:
        """Return the events of one pass."""
        return [e for e in self.events if e.pass_id == pass_id]

    def of_cluster(self) -> dict[str, Lineage]:
        """Return the present lineages by their clusters."""
        return {x.cluster_id: x for x in self.lineages.values() if x.cluster_id is not None}


def from_tables(tables: Mapping[str, pa.Table]) -> Lineages:
    """Return the lineages that :meth:`Lineages.tables` wrote."""
    members: dict[str, dict[str, str]] = {}
    for row in tables["lineage_members"].to_pylist():
        members.setdefault(row["lineage_id"], {})[row["account_id"]] = row["first_pass"]
    lineages = {row["lineage_id"]: Lineage(**row) for row in tables["lineages"].to_pylist()}
    return Lineages(lineages, members, tuple(Event(**row) for row in tables["lineage_events"].to_pylist()))


def follow(before: Lineages, clusters: Members, announced: Collection[str], pass_id: str) -> Lineages:
    """Return the lineages after a pass that found these clusters.

    Parameters
    ----------
    before
        The lineages after the last pass.
    clusters
        Cluster id → its members.
    announced
        Ids of the clusters that pass the level for repeated looks.
    pass_id
        The pass.
    """
    present = {i: frozenset(m) for i, m in before.members.items() if before.lineages[i].status == "present"}
    absent = {i: frozenset(m) for i, m in before.members.items() if before.lineages[i].status != "present"}
    kept = _matched(present, clusters)
    free = {c: m for c, m in clusters.items() if c not in kept.values()}
    parents = {c: _largest(m, present) for c, m in free.items()}
    returned = _matched(absent, {c: m for c, m in free.items() if parents[c] is None})
    made = _Made(before, clusters, announced, pass_id)
    for lineage, cluster in sorted({**kept, **returned}.items()):
        made.go_on(lineage, cluster, back=lineage in returned)
    for cluster in sorted(c for c in free if c not in returned.values()):
        made.begin(cluster, parents[cluster])
    owner = {cluster: lineage for lineage, cluster in {**kept, **returned}.items()}
    for lineage in sorted(i for i in present if i not in kept):
        into = _largest(present[lineage], {c: clusters[c] for c in owner})
        made.end(lineage, owner[into] if into else None)
    return made.result()


def lineage_name(pass_id: str, cluster_id: str) -> str:
    """Return the id of a lineage that begins with a cluster at a pass."""
    return "l" + hashlib.sha256(f"{pass_id}\0{cluster_id}".encode()).hexdigest()[:12]


def _linked(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= max(1.0, LINK * min(len(one), len(other)))


def _matched(old: Members, new: Members) -> dict[str, str]:
    """Return lineage → cluster, one to one: the largest overlap first, then the most alike, then by id."""
    links = [
        (-len(a & b), -len(a & b) / len(a | b), i, c) for i, a in old.items() for c, b in new.items() if _linked(a, b)
    ]
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, lineage, cluster in sorted(links):
        if lineage not in found and cluster not in taken:
            found[lineage] = cluster
            taken.add(cluster)
    return found


def _largest(one: frozenset[str], others: Members) -> str | None:
    """Return which of the others it has most in common with; None when with none half of the smaller side."""
    links = [(-len(one & other), name) for name, other in others.items() if _linked(one, other)]
    return min(links)[1] if links else None


class _Made:
    """The lineages after a pass, while they are made."""

    def __init__(self, before: Lineages, clusters: Members, announced: Collection[str], pass_id: str) -> None:
        self._clusters, self._announced, self._pass = clusters, announced, pass_id
        self._lineages = dict(before.lineages)
        self._members = {i: dict(m) for i, m in before.members.items()}
        self._events = list(before.events)

    def go_on(self, lineage: str, cluster: str, back: bool) -> None:
        """The lineage is there (again), perhaps with others."""
        old, new = self._members[lineage], self._clusters[cluster]
        joined, left = len(new - old.keys()), len(old.keys() - new)
        for event, happened in (("back", back), ("grown", joined > 0), ("shrunk", left > 0)):
            if happened:
                self._tell(lineage, event, cluster, None, len(old), len(new), joined, left)
        was = self._lineages[lineage]
        self._members[lineage] = {a: old.get(a, self._pass) if not back else self._pass for a in new}
        self._lineages[lineage] = replace(
            was,
            cluster_id=cluster,
            status="present",
            announced=was.announced or cluster in self._announced,
            last_pass=self._pass,
            size=len(new),
            peak_size=max(was.peak_size, len(new)),
            merged_into=None,
        )

    def begin(self, cluster: str, parent: str | None) -> None:
        """A cluster that is nobody's: new, or split from a lineage that went on elsewhere."""
        lineage, size = lineage_name(self._pass, cluster), len(self._clusters[cluster])
        self._members[lineage] = dict.fromkeys(self._clusters[cluster], self._pass)
        self._lineages[lineage] = Lineage(
            lineage, cluster, "present", cluster in self._announced, self._pass, self._pass, size, size, None, parent
        )
        self._tell(lineage, "split" if parent else "new", cluster, parent, 0, size, size, 0)

    def end(self, lineage: str, into: str | None) -> None:
        """No cluster is left of it: gone, or merged into another."""
        was = self._lineages[lineage]
        self._lineages[lineage] = replace(was, cluster_id=None, status="merged" if into else "gone", merged_into=into)
        self._tell(lineage, "merged" if into else "gone", None, into, was.size, 0, 0, was.size)

    def _tell(self, lineage: str, event: str, cluster: str | None, other: str | None, *counts: int) -> None:
        before, after, joined, left = counts
        self._events.append(Event(self._pass, lineage, event, cluster, other, before, after, joined, left))

    def result(self) -> Lineages:
        """Return what was made."""
        return Lineages(self._lineages, self._members, tuple(self._events))


def members_by_cluster(members: pa.Table) -> dict[str, frozenset[str]]:
    """Return cluster id → members, from a run's members table."""
    found: dict[str, set[str]] = {}
    for cluster, account in zip(members["cluster_id"].to_pylist(), members["account_id"].to_pylist(), strict=True):
        found.setdefault(cluster, set()).add(account)
    return {c: frozenset(m) for c, m in found.items()}


def ranked(events: Sequence[Event]) -> list[Event]:
    """Return events as a report tells them: by kind, then the largest first."""
    order = {name: k for k, name in enumerate(("new", "grown", "split", "merged", "back", "shrunk", "gone"))}
    return sorted(events, key=lambda e: (order[e.event], -max(e.size_after, e.size_before), e.lineage_id))
