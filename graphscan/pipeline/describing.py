"""The tables of a run, from what every stage found.

In: the dataset, its accounts, layers and clusters, and what the stages say of them. Out: every table of
:data:`graphscan.tables.RUN_TABLES`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.accounts.profiles import profile
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.layer import Layer
from graphscan.behaviours.tabling import (
    meetings_table,
    pairs_table,
    rows_table,
    template_uses_table,
    templates_table,
)
from graphscan.behaviours.wordings import find_wordings
from graphscan.fusion.strength import Strength
from graphscan.fusion.ties import ties_table
from graphscan.groups.clusters import Cluster, Grouping, cluster_numbers, members_table
from graphscan.intake import Dataset
from graphscan.motifs import FoundMotif, motifs_table
from graphscan.pipeline.stages import Decided, Fused, Own
from graphscan.reports.sentences import cluster_sentence
from graphscan.tables import ACCOUNT_RESULTS, CLUSTERS, MEASURE_NAMES, from_rows


def describe(
    dataset: Dataset,
    accounts: Accounts,
    layers: Sequence[Layer],
    grouping: Grouping,
    own: Own,
    motifs: Sequence[FoundMotif],
    fused: Fused,
    decided: Decided,
) -> dict[str, pa.Table]:
    """Return every table of the run."""
    pairs = pairs_table(layers, accounts)
    cited = set(pc.unique(pc.list_flatten(decided.evidence["rows"])).to_pylist())
    return {
        "pairs": pairs,
        "clusters": _clusters_table(grouping.clusters, fused.strength, decided),
        "members": members_table(grouping.clusters, accounts),
        "motifs": motifs_table(motifs, accounts),
        "accounts": _accounts_table(dataset, accounts, pairs, grouping.clusters, own, decided),
        "evidence": decided.evidence,
        "later_acts": own.later_acts,
        "ties": ties_table(fused.ties, accounts, grouping.clusters),
        "facts": decided.facts,
        "decisions": decided.decisions,
        "meetings": meetings_table(layers, accounts, dataset),
        "templates": templates_table(find_wordings(dataset, accounts)),
        "template_uses": template_uses_table(find_wordings(dataset, accounts), accounts),
        "rows": rows_table(layers, dataset, cited, accounts.ids.take(pa.array(decided.told))),
    }


def _clusters_table(clusters: Sequence[Cluster], strength: Strength, decided: Decided) -> pa.Table:
    measures = _cluster_measures(clusters, decided)
    rows = []
    for k, c in enumerate(clusters):
        names = [t.layer.behaviour.name for t in c.ties]
        first, last = (pa.scalar(ms, pa.timestamp("ms", tz="UTC")).as_py() for ms in c.span_ms)
        size = len(c.community.accounts)
        sentence = cluster_sentence(size, c.pairs, c.objects, names, first, last)
        told = (c.cluster_id, size, c.score, names, first, last, sentence, measures[c.cluster_id], c.pairs, c.objects)
        known = (_number(strength.probability[k]), _number(strength.confirmed_p_value[k]))
        rows.append((*told, c.timing_p_value, *known, int(strength.enforcement_ties[k])))
    return from_rows(rows, CLUSTERS)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _cluster_measures(clusters: Sequence[Cluster], decided: Decided) -> dict[str, str]:
    """The strongest measure that is proposed for at least half of each cluster's members."""
    members = dict(zip(*(decided.facts[c].to_pylist() for c in ("account_id", "cluster_id")), strict=True))
    severity: dict[str, list[int]] = {c.cluster_id: [] for c in clusters}
    for account, measure in zip(*(decided.decisions[c].to_pylist() for c in ("subject", "measure")), strict=True):
        if (cluster := members.get(account)) is not None:
            severity[cluster].append(MEASURE_NAMES.index(measure))
    found = {}
    for c in clusters:
        ranked = sorted(severity[c.cluster_id], reverse=True)
        middle = (len(c.community.accounts) + 1) // 2 - 1
        found[c.cluster_id] = MEASURE_NAMES[ranked[middle] if middle < len(ranked) else 0]
    return found


def _accounts_table(
    dataset: Dataset,
    accounts: Accounts,
    pairs: pa.Table,
    clusters: Sequence[Cluster],
    own: Own,
    decided: Decided,
) -> pa.Table:
    n = len(accounts)
    clustered = cluster_numbers(clusters, n)
    joined = pairs.group_by(["account_a", "account_b"]).aggregate([])
    ends = pa.concat_arrays([joined[k].combine_chunks() for k in ("account_a", "account_b")])
    columns = {
        "account_id": accounts.ids,
        "cluster_id": pa.array([c.cluster_id for c in clusters], pa.string()).take(_or_null(clustered)),
        "managed_probability": pa.array(own.probability, pa.float64(), from_pandas=True),
        "managed_share": pa.array(own.conduct.managed_share, pa.float64(), from_pandas=True),
        **_proposed(accounts, decided.decisions),
        "partners": pa.array(np.bincount(accounts.codes(ends), minlength=n), pa.int64()),
        "hours": _hours(own, decided.told),
        **profile(dataset, accounts),
    }
    arrays = [columns.get(f.name, pa.nulls(n, f.type)) for f in ACCOUNT_RESULTS.schema]
    return pa.table(arrays, schema=ACCOUNT_RESULTS.schema)


def _proposed(accounts: Accounts, decisions: pa.Table) -> dict[str, pa.Array]:
    """The measure proposed for each account, "none" for most, and its reason."""
    row = np.full(len(accounts), -1, np.int64)
    row[accounts.codes(decisions["subject"])] = np.arange(decisions.num_rows)
    measure, reason = (decisions[name].combine_chunks().take(_or_null(row)) for name in ("measure", "reason"))
    return {"measure": pc.fill_null(measure, "none"), "reason": reason}


def _or_null(places: np.ndarray) -> pa.Array:
    """Places to take values from; null for -1."""
    return pa.array(places, mask=places < 0)


def _hours(own: Own, told: np.ndarray) -> pa.Array:
    """Each told account's deeds by hour of the UTC day; null for all others."""
    there = np.zeros(len(own.probability), np.bool_)
    there[told] = True
    stop = np.cumsum(there, dtype=np.int32) * 24
    offsets = pa.array(np.concatenate([np.zeros(1, np.int32), stop]), mask=np.append(~there, False))
    return pa.ListArray.from_arrays(offsets, pa.array(own.conduct.deeds.by_hour(told).reshape(-1), pa.int64()))
