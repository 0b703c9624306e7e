"""What to tell after a pass: what is new since the last, what is proposed, what became of it, and whether the data can be trusted.

In: the pass, its run, its lineages, the register. Out: :class:`Told`, plain values that the report's forms are made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from graphscan.jobs.canaries import BLIND
from graphscan.jobs.lineages import Event, Lineages, ranked
from graphscan.jobs.register import Delivery, Register
from graphscan.jobs.state import State
from graphscan.run import RunFolder

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Told:
    """The report's content: the pass, the changes, all present lineages, proposals, data, drift.

    ``alerts`` are sentences, ``acted`` is what the ledger says of earlier proposals (None: no ledger).
    """

    facts: Mapping[str, Any]
    counts: Mapping[str, int]
    changes: Sequence[Mapping[str, Any]]
    lineages: Sequence[Mapping[str, Any]]
    proposals: Mapping[str, Any]
    data: Mapping[str, Any]
    drift: Sequence[Mapping[str, Any]]
    alerts: Sequence[str]
    acted: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {**vars(self), "facts": dict(self.facts)}


def tell(
    state: State,
    register: Register,
    facts: Mapping[str, Any],
    manifest: Mapping[str, Any],
    run: Tables,
    after: Lineages,
    drift: pa.Table,
    acted: Mapping[str, Any] | None,
) -> Told:
    """Gather the report's content."""
    since = _previous(state, facts["previous"])
    sentences = dict(zip(*(run["clusters"][c].to_pylist() for c in ("cluster_id", "sentence")), strict=True))
    data = _data(register.deliveries[since["deliveries"] :], manifest)
    drifted = drift.to_pylist()
    return Told(
        facts,
        _counts(manifest, after),
        [_change(e, after, sentences) for e in ranked(after.at(facts["pass_id"]))],
        _present(after, run["clusters"]),
        _proposals(run["decisions"], since["decisions"], after),
        data,
        drifted,
        _alerts(facts, data, drifted),
        acted,
    )


def _previous(state: State, pass_id: str | None) -> dict[str, Any]:
    """Return how many deliveries the pass before knew, and what it proposed for whom."""
    if pass_id is None:
        return {"deliveries": 0, "decisions": set()}
    folder = state.passes / pass_id
    decisions = RunFolder(folder / "run")["decisions"]
    manifest = State(folder).read("pass.json", {})
    return {"deliveries": manifest["deliveries"], "decisions": set(_proposed(decisions))}


def _proposed(decisions: pa.Table) -> list[tuple[str, str]]:
    """Who, and what for: decisions have other ids whenever their cluster gains a member."""
    return list(zip(decisions["subject"].to_pylist(), decisions["measure"].to_pylist(), strict=True))


def _counts(manifest: Mapping[str, Any], after: Lineages) -> dict[str, int]:
    present = [x for x in after.lineages.values() if x.status == "present"]
    return {
        "accounts": manifest["counts"]["accounts"],
        "clusters": manifest["counts"]["clusters"],
        "clustered_accounts": manifest["counts"]["clustered_accounts"],
        "announced": sum(x.announced for x in present),
        "watched": sum(not x.announced for x in present),
    }


def _change(event: Event, after: Lineages, sentences: Mapping[str, str]) -> dict[str, Any]:
    known = after.lineages[event.lineage_id]
    return {**vars(event), "announced": known.announced, "sentence": sentences.get(event.cluster_id or "")}


def _present(after: Lineages, clusters: pa.Table) -> list[dict[str, Any]]:
    """Present lineages, in the order of the run's clusters (best score first)."""
    of_cluster = after.of_cluster()
    found = []
    for row in clusters.to_pylist():
        lineage = of_cluster[row["cluster_id"]]
        told = {k: row[k] for k in ("score", "sentence", "measure", "probability")}
        found.append({**vars(lineage), **told})
    return found


def _proposals(decisions: pa.Table, before: set[tuple[str, str]], after: Lineages) -> dict[str, Any]:
    """What is proposed: ``new`` since the last pass, ``withdrawn`` since, and how often each measure now.

    Whoever is proposed only as a member of a cluster that is not announced yet is counted as ``held``.
    """
    now = _proposed(decisions)
    watched = {c for c, x in after.of_cluster().items() if not x.announced}
    rows = decisions.select(["decision_id", "subject", "measure", "reason", "cluster_id", "review"]).to_pylist()
    new = [r for r, who in zip(rows, now, strict=True) if who not in before]
    return {
        "total": len(now),
        "by_measure": dict(sorted(Counter(m for _, m in now).items())),
        "new": [{**r, "held": r["cluster_id"] in watched} for r in new],
        "held": sum(r["cluster_id"] in watched for r in rows),
        "withdrawn": len(before - set(now)),
    }


def _data(deliveries: Sequence[Delivery], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What came in since the last pass, and what the reader of the run says of the window."""
    late: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    for d in deliveries:
        late.update(d.late)
        aside.update({f"{d.table}: {reason}": n for reason, n in d.set_aside.items()})
    return {
        "files": len(deliveries),
        "repeated_files": sum(d.repeated for d in deliveries),
        "rows_read": sum(d.rows_read for d in deliveries),
        "rows_set_aside": sum(d.rows_set_aside for d in deliveries),
        "set_aside": dict(sorted(aside.items())),
        "rows_late": sum(late.values()),
        "late_by_day": dict(sorted(late.items())),
        "rows_repeated": sum(d.equal for d in deliveries),
        "rows_contradicting": sum(d.different for d in deliveries),
        "rows_of_erased": sum(d.erased for d in deliveries),
        "rows_of_purged_days": sum(d.expired for d in deliveries),
        "unknown_columns": sorted({f"{d.table}.{c}" for d in deliveries for c in d.unknown_columns}),
        "window_rows": manifest["quality"]["rows"],
        "dangling_references": manifest["quality"]["dangling_references"],
    }


def _alerts(facts: Mapping[str, Any], data: Mapping[str, Any], drift: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what should make a person look at the job itself before believing it."""
    found = []
    canary = facts["canary"]
    if canary is not None and canary["recall"] is not None and canary["recall"] < BLIND:
        found.append(
            f"Only {canary['found']} of {canary['planted']} planted accounts were found: the detector may be blind."
        )
    if canary is not None and canary["recall"] is None:
        found.append(f"No canary farm could be planted: {canary['reason']}.")
    found += [_drift_sentence(row) for row in drift if row["flag"]]
    if data["rows_set_aside"]:
        found.append(f"{data['rows_set_aside']:,} rows could not be read and were set aside.")
    if data["rows_contradicting"]:
        found.append(
            f"{data['rows_contradicting']:,} rows contradict another row of the same id; the earliest was kept."
        )
    return found


def _drift_sentence(row: Mapping[str, Any]) -> str:
    where = f"{row['table']}, {row['feature']}"
    if row["psi"] is not None:
        return f"{where}: not distributed as on the days before (stability index {row['psi']:.2f}; {row['noise']:.2f} is noise)."
    if row["feature"] == "rows":
        return f"{where}: {row['value']:,.0f} on this day, {row['usual']:,.0f} on a usual one."
    return f"{where}: {row['value']:.0%} of rows on this day, {row['usual']:.0%} on the days before."
