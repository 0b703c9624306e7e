"""The main job: read, find, describe, publish. The only file that knows every room.

In: a dataset folder and settings. Out: a run folder, whole or not at all.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphscan.accounts.cluster_evidence import LIKELY, cluster_evidence
from graphscan.accounts.conduct import Conduct, conduct
from graphscan.accounts.direction import Direction, follow
from graphscan.accounts.direction_evidence import cotarget_evidence, direction_evidence
from graphscan.accounts.evidence import account_evidence
from graphscan.accounts.probability import managed_probability
from graphscan.accounts.profiles import histories, profile
from graphscan.accounts.roles import Roles, find_roles
from graphscan.accounts.templates import template_use
from graphscan.accounts.tool_list import EXEMPT, ToolList, classify, default_tools, read_tools
from graphscan.behaviours.accounts import Accounts, codes_of, identified, list_accounts, milliseconds, places_of
from graphscan.behaviours.actions import Codes, quietest_ms
from graphscan.behaviours.layer import Layer, scan
from graphscan.behaviours.library import Behaviour
from graphscan.behaviours.meetings import Engine
from graphscan.behaviours.own import chosen
from graphscan.behaviours.tabling import (
    meetings_table,
    pairs_table,
    rows_table,
    template_uses_table,
    templates_table,
)
from graphscan.behaviours.wordings import find_wordings
from graphscan.decisions.deciding import decide_all
from graphscan.decisions.facts import Around, gather_facts
from graphscan.decisions.policy import Policy, read_policy
from graphscan.decisions.scrutiny import find_scrutiny
from graphscan.engines import engine_of
from graphscan.fusion.axes import Axes, weigh_axes
from graphscan.fusion.confirmation import confirm
from graphscan.fusion.strength import Strength, cluster_probability
from graphscan.fusion.strength_evidence import strength_evidence
from graphscan.fusion.ties import Ties, find_ties, ties_table
from graphscan.groups.clues import Evidence, Surroundings, evidence_table, group_evidence
from graphscan.groups.clusters import Cluster, Grouping, cluster_numbers, group, members_table, memberships
from graphscan.groups.cotargets import Cotargets, find_cotargets
from graphscan.intake import Dataset, Shelf, check_dataset, read_dataset
from graphscan.motifs import FoundMotif, find_motifs, motif_evidence, motifs_table
from graphscan.progress import Progress, Silent
from graphscan.publishing import check_free, published, remove, sha256_of
from graphscan.reports.sentences import cluster_sentence
from graphscan.reports.writing import render
from graphscan.run import Run
from graphscan.settings import Settings
from graphscan.steps import Steps
from graphscan.tables import (
    ACCOUNT_RESULTS,
    ACTION_TABLES,
    CLUSTERS,
    MEASURE_NAMES,
    RUN_TABLES,
    from_rows,
)

MANIFEST = "run.json"
POLICY = "policy.toml"
SHELF = ".shelf"
_CODES_AT_ONCE = 1 << 22
_LIBRARIES = ("igraph", "leidenalg", "matplotlib", "networkx", "numba", "numpy", "pandas", "pyarrow", "scipy")


def scan_dataset(
    path: Path, out: Path, settings: Settings, progress: Progress | None = None, added: Sequence[Behaviour] = ()
) -> Run:
    """Run the main job on a dataset folder and publish the run.

    ``added`` are behaviours of one's own, looked at besides the built-in ones that the settings name.

    Raises
    ------
    InputError
        When the dataset cannot be read as it is.
    OutputError
        When ``out`` exists, or its parent does not.
    """
    told = progress or Silent()
    check_free(out)  # before anything that takes time
    chosen(settings.behaviours, added)
    engine = engine_of(settings)  # what it lacks is told at once
    policy = read_policy(Path(settings.policy) if settings.policy else None)
    with published(out) as work:
        work.mkdir()
        shelf = Shelf(work / SHELF, settings.memory_bytes())
        shelf.folder.mkdir()
        steps = Steps(told, shelf.release)
        with shelf.watched():
            tables, facts = _scanned(path, settings, policy, steps, shelf, engine, added)
        remove(shelf.folder)
        with steps.step("writing"):
            _write_tables(work, tables)
            (work / POLICY).write_text(policy.canonical, encoding="utf-8", newline="\n")
            render(work, tables, facts, told)
        _write_manifest(work, {**facts, "steps": steps.taken})
    return Run.open(out)


def _scanned(
    path: Path,
    settings: Settings,
    policy: Policy,
    steps: Steps,
    shelf: Shelf,
    engine: Engine,
    added: Sequence[Behaviour],
) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """Every table of the run, and what its manifest says."""
    told = steps.progress
    with steps.step("reading"):
        dataset = read_dataset(
            path, timezone=settings.timezone, epoch_unit=settings.epoch_unit, progress=told, shelf=shelf
        )
    for notice in dataset.quality.notices:
        told.say(notice)
    accounts = list_accounts(dataset)
    with steps.step("texts"):
        find_wordings(dataset, accounts)
    layers = find_layers(dataset, accounts, settings, steps, added, engine)
    with steps.step("grouping"):
        grouping = group(layers, accounts, identified(dataset, accounts), settings)
    with steps.step("accounts"):
        own = dataset.keep(look_at_accounts(dataset, accounts, layers, grouping.clusters, settings))
    with steps.step("motifs"):
        motifs = find_motifs(layers, grouping.clusters, dataset, accounts, settings.seed, exempt=_exempt(settings))
    with steps.step("fusion"):
        fused = fuse(dataset, accounts, layers, grouping.clusters, own.conduct, settings)
    with steps.step("decisions"):
        decided = decide(dataset, accounts, layers, grouping.clusters, own, motifs, fused, policy)
    with steps.step("describing"):
        tables = describe(dataset, accounts, layers, grouping, own, motifs, fused, decided)
        facts = _facts(dataset, accounts, layers, grouping, decided, policy, settings)
        facts |= {"own_behaviours": [dataclasses.asdict(b) for b in added]} if added else {}
        facts["hours"] = own.conduct.deeds.hours.tolist()
    return tables, facts


def find_layers(
    dataset: Dataset,
    accounts: Accounts,
    settings: Settings,
    steps: Steps,
    added: Sequence[Behaviour] = (),
    engine: Engine | None = None,
) -> list[Layer]:
    """Scan every behaviour that the settings name (all, if none), and keep those that the data can show.

    Long arrays of a layer lie on the dataset's shelf, if it has one. ``engine`` is where meetings are looked for; None: here.
    """
    cut = day_cut(dataset)
    layers = []
    for wanted in chosen(settings.behaviours, added):
        with steps.step(f"meetings: {wanted.name}", 100):
            layer = scan(dataset, accounts, wanted, settings, cut, steps.progress.advance, engine)
            if layer is not None:
                layers.append(dataset.keep(layer))
    return layers


def day_cut(dataset: Dataset) -> int:
    """Where the day is cut, in ms after midnight UTC: the quietest hour of all actions together."""
    times = [milliseconds(dataset.tables[t].column("created_at")) for t in ACTION_TABLES if dataset.has(t)]
    return quietest_ms(np.concatenate(times)) if times else 0


@dataclasses.dataclass(frozen=True)
class Own:
    """What every account's own conduct says; ``probability`` is NaN where nothing is known."""

    conduct: Conduct
    probability: np.ndarray
    direction: Direction
    later_acts: pa.Table
    roles: Roles
    cotargets: Cotargets


def look_at_accounts(
    dataset: Dataset, accounts: Accounts, layers: Sequence[Layer], clusters: Sequence[Cluster], settings: Settings
) -> Own:
    """Look at every account's own behaviour, and weigh it together with its membership."""
    found = conduct(
        dataset,
        accounts,
        tools=_tools(settings),
        placeholders=settings.placeholders,
        cluster=cluster_numbers(clusters, len(accounts)),
        templates=template_use(dataset, accounts),
    )
    probability = np.round(managed_probability(found, memberships(clusters, len(accounts))), 6)
    direction, later_acts = follow(clusters, dataset, accounts)
    roles = find_roles(layers, clusters, found, direction, later_acts)
    shared = find_cotargets(layers, clusters, accounts, identified(dataset, accounts), settings)
    direction = dataclasses.replace(direction, cotargets=shared.in_cluster)
    return Own(found, probability, direction, later_acts, roles, shared)


@dataclasses.dataclass(frozen=True)
class Fused:
    """What all layers say together: the ties of clustered pairs, the axes of each cluster, and its strength."""

    ties: Ties
    axes: Axes
    strength: Strength


def fuse(
    dataset: Dataset,
    accounts: Accounts,
    layers: Sequence[Layer],
    clusters: Sequence[Cluster],
    found: Conduct,
    settings: Settings,
) -> Fused:
    """Combine the layers of every clustered pair, and weigh every cluster."""
    ties = find_ties(dataset, accounts, layers, clusters, found.registration, settings)
    axes = weigh_axes(clusters, ties, found)
    confirmed = confirm(layers, clusters, len(accounts), accounts.first_ms, settings)
    strength = Strength(cluster_probability(axes), confirmed, ties.enforcement_ties(len(clusters)))
    return Fused(ties, axes, strength)


@dataclasses.dataclass(frozen=True)
class Decided:
    """What the policy read of each account, the evidence it may rest on, and what it proposes."""

    facts: pa.Table
    evidence: pa.Table
    decisions: pa.Table


def decide(
    dataset: Dataset,
    accounts: Accounts,
    layers: Sequence[Layer],
    clusters: Sequence[Cluster],
    own: Own,
    motifs: Sequence[FoundMotif],
    fused: Fused,
    policy: Policy,
) -> Decided:
    """Gather the facts of every account worth a look, and propose measures by the policy."""
    scrutiny = find_scrutiny(dataset, accounts, fused.ties, clusters)
    rings, named = _in_rings(motifs, len(accounts)), own.cotargets.group >= 0
    around = Around(clusters, own.probability, own.direction, own.roles, fused.strength, scrutiny, rings, named)
    facts = gather_facts(dataset, own.conduct, around)
    told = _told(accounts, clusters, own, facts)
    clues = [
        *_all_evidence(dataset, accounts, clusters, own, told),
        *strength_evidence(clusters, fused.axes, fused.strength),
        *motif_evidence(motifs, layers, dataset),
    ]
    evidence = evidence_table(clues)
    return Decided(facts, evidence, decide_all(facts, evidence, policy))


def _in_rings(motifs: Sequence[FoundMotif], n: int) -> np.ndarray:
    """Who takes part in a ring of acts on each other's notes that is beyond chance (family B3)."""
    inside = np.zeros(n, np.bool_)
    for found in motifs:
        if found.motif.family == "B3":
            inside[list(found.accounts)] = True
    return inside


def _tools(settings: Settings) -> ToolList:
    return read_tools(Path(settings.tools)) if settings.tools else default_tools()


def _exempt(settings: Settings) -> Callable[[pa.ChunkedArray], np.ndarray]:
    """What marks the clients that carry out a person's decision: schedulers give no heartbeat."""
    tools = _tools(settings)
    return lambda clients: classify(clients, tools, settings.placeholders) == EXEMPT


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
    told = _told(accounts, grouping.clusters, own, decided.facts)
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
        "rows": rows_table(layers, dataset, cited, accounts.ids.take(pa.array(told))),
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
    proposed = _measures(decided)
    members = dict(zip(*(decided.facts[c].to_pylist() for c in ("account_id", "cluster_id")), strict=True))
    severity: dict[str, list[int]] = {c.cluster_id: [] for c in clusters}
    for account, (measure, _) in proposed.items():
        if (cluster := members.get(account)) is not None:
            severity[cluster].append(MEASURE_NAMES.index(measure))
    found = {}
    for c in clusters:
        ranked = sorted(severity[c.cluster_id], reverse=True)
        middle = (len(c.community.accounts) + 1) // 2 - 1
        found[c.cluster_id] = MEASURE_NAMES[ranked[middle] if middle < len(ranked) else 0]
    return found


def _measures(decided: Decided) -> dict[str, tuple[str, str]]:
    """Account id → the measure proposed and its reason code."""
    columns = (decided.decisions[c].to_pylist() for c in ("subject", "measure", "reason"))
    return {account: (measure, reason) for account, measure, reason in zip(*columns, strict=True)}


def _all_evidence(
    dataset: Dataset, accounts: Accounts, clusters: Sequence[Cluster], own: Own, told: np.ndarray
) -> Iterator[Evidence]:
    """Clues about clusters, about their members, and about every account that is told about by itself."""
    yield from group_evidence(clusters, Surroundings(dataset, accounts, clusters))
    for cluster in clusters:
        yield from cluster_evidence(own.conduct, own.probability, cluster)
    yield from account_evidence(own.conduct, dataset, told)
    members = np.flatnonzero(cluster_numbers(clusters, len(accounts)) >= 0)
    yield from direction_evidence(accounts, own.direction, own.roles, own.later_acts, members)
    yield from cotarget_evidence(accounts, own.cotargets)


def _told(accounts: Accounts, clusters: Sequence[Cluster], own: Own, facts: pa.Table) -> np.ndarray:
    """Codes of the accounts told about one by one: members, likely managed ones, and whoever has a family of evidence."""
    told = np.nan_to_num(own.probability) > LIKELY
    for cluster in clusters:
        told[cluster.community.accounts] = True
    told[accounts.codes(facts.filter(pc.greater(pc.list_value_length(facts["families"]), 0))["account_id"])] = True
    return np.flatnonzero(told)


def _accounts_table(
    dataset: Dataset,
    accounts: Accounts,
    pairs: pa.Table,
    clusters: Sequence[Cluster],
    own: Own,
    decided: Decided,
) -> pa.Table:
    n = len(accounts)
    proposed = _measures(decided)
    ids = accounts.ids.to_pylist()
    cluster_of = np.full(n, None, object)
    for c in reversed(clusters):
        cluster_of[c.community.accounts] = c.cluster_id
    joined = pairs.group_by(["account_a", "account_b"]).aggregate([])
    ends = pa.concat_arrays([joined[k].combine_chunks() for k in ("account_a", "account_b")])
    columns = {
        "account_id": accounts.ids,
        "cluster_id": pa.array(cluster_of, pa.string()),
        "managed_probability": pa.array(own.probability, pa.float64(), from_pandas=True),
        "managed_share": pa.array(own.conduct.managed_share, pa.float64(), from_pandas=True),
        "measure": pa.array([proposed.get(i, ("none", None))[0] for i in ids], pa.string()),
        "reason": pa.array([proposed.get(i, ("none", None))[1] for i in ids], pa.string()),
        "partners": pa.array(np.bincount(accounts.codes(ends), minlength=n), pa.int64()),
        "hours": _hours(own, _told(accounts, clusters, own, decided.facts)),
        **profile(dataset, accounts),
    }
    arrays = [columns.get(f.name, pa.nulls(n, f.type)) for f in ACCOUNT_RESULTS.schema]
    return pa.table(arrays, schema=ACCOUNT_RESULTS.schema)


def _hours(own: Own, told: np.ndarray) -> pa.Array:
    """Each told account's deeds by hour of the UTC day; null for all others."""
    by_account = np.full(len(own.probability), None, object)
    for code, counts in zip(told, own.conduct.deeds.by_hour(told), strict=True):
        by_account[code] = counts
    return pa.array(by_account, pa.list_(pa.int64()))


def _facts(
    dataset: Dataset,
    accounts: Accounts,
    layers: Sequence[Layer],
    grouping: Grouping,
    decided: Decided,
    policy: Policy,
    settings: Settings,
) -> dict[str, Any]:
    """Everything the manifest says that does not depend on how long the run took or where it ran."""
    history = histories(accounts)
    clusters = grouping.clusters
    return _as_read_back(
        {
            "graphscan_version": version("graphscan"),
            "libraries": {name: version(name) for name in _LIBRARIES},
            "settings": _plain(settings),
            "seed": settings.seed,
            "policy": _told_policy(policy),
            "proposals": {m: decided.decisions["measure"].to_pylist().count(m) for m in MEASURE_NAMES[1:]},
            "quality": dataset.quality.as_json(),
            "capabilities": check_dataset(
                dataset, partial(_accounts_in, dataset, accounts), partial(places_of, dataset)
            ).lines(),
            "span": {"first_at": _iso(accounts.first_ms), "last_at": _iso(accounts.last_ms)},
            "history": {
                "source": "registered_at" if accounts.registration_known else "none",
                "ends_at": _iso(accounts.history_ends_ms),
                **{f"accounts_{kind}": history.count(kind) for kind in ("before", "none", "unknown")},
            },
            "behaviours": [_layer_facts(layer) for layer in layers],
            "counts": {
                "accounts": len(accounts),
                "clusters": len(clusters),
                "clustered_accounts": int(sum(len(c.community.accounts) for c in clusters)),
                "communities_of_shared_taste": len(grouping.shared_taste),
                "communities_of_few_occasions": len(grouping.flashes),
                "accounts_of_few_occasions": int(sum(len(c.community.accounts) for c in grouping.flashes)),
                "accounts_of_shared_taste": int(sum(len(c.community.accounts) for c in grouping.shared_taste)),
            },
        }
    )


def _told_policy(policy: Policy) -> dict[str, str]:
    named = {"name": policy.name, "sha256": policy.sha256, "mode": policy.default_mode}
    return {**named, "file": POLICY, "canonical": policy.canonical}


def _as_read_back(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as the manifest gives them back, so that a report made again from the run is the same report."""
    read: dict[str, Any] = json.loads(json.dumps(facts, sort_keys=True))
    return read


def _layer_facts(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.behaviour.name,
        "sentence": layer.behaviour.sentence,
        "windows_s": (layer.windows_ms // 1000).tolist(),
        "actions": len(layer.actions),
        "accounts": _distinct(layer.actions.account),
        "objects": _distinct(layer.actions.object),
        "interest_blocks": [level.n_blocks - 1 for level in layer.opportunity.levels],
        "pairs_tested": layer.surprise.pairs_tested,
        "pairs_met": layer.pairs_met,
        "pairs_validated": len(layer.pairs),
    }


def _accounts_in(dataset: Dataset, accounts: Accounts, tables: Sequence[str]) -> int:
    """How many accounts some tables name."""
    told = [name for name in tables if "account_id" in dataset.tables[name].column_names]
    return _distinct(*(codes_of(dataset, accounts, name) for name in told))


def _distinct(*columns: Codes) -> int:
    """How many codes the columns have together, looked at in pieces: a day's are not held twice."""
    seen = np.zeros(max((int(codes.max(initial=-1)) + 1 for codes in columns), default=0), np.bool_)
    for codes in columns:
        for first in range(0, len(codes), _CODES_AT_ONCE):
            seen[codes[first : first + _CODES_AT_ONCE]] = True
    return int(seen.sum())


def _plain(settings: Settings) -> dict[str, Any]:
    """Settings that can change a result; threads, memory and engine cannot."""
    values = {k: list(v) if isinstance(v, tuple) else v for k, v in dataclasses.asdict(settings).items()}
    return {k: v for k, v in values.items() if k not in ("threads", "memory", "engine")}


def _iso(ms: int) -> str:
    return str(np.datetime64(ms, "ms")) + "Z"


def _write_tables(work: Path, tables: Mapping[str, pa.Table]) -> None:
    for table in RUN_TABLES:
        pq.write_table(tables[table.name], work / f"{table.name}.parquet", compression="zstd")


def _write_manifest(work: Path, facts: Mapping[str, Any]) -> None:
    files = sorted(p for p in work.rglob("*") if p.is_file())
    outputs = {p.relative_to(work).as_posix(): sha256_of(p) for p in files}
    text = json.dumps({**facts, "outputs": outputs}, ensure_ascii=False, indent=1, sort_keys=True)
    (work / MANIFEST).write_text(text + "\n", encoding="utf-8")
