"""The stages between a dataset that was read and the tables of a run: layers, accounts, fusion, decisions.

In: a dataset, its accounts and the settings. Out: :class:`Own`, :class:`Fused` and :class:`Decided`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.accounts.cluster_evidence import LIKELY, cluster_evidence
from graphscan.accounts.conduct import Conduct, conduct
from graphscan.accounts.direction import Direction, follow
from graphscan.accounts.direction_evidence import cotarget_evidence, direction_evidence
from graphscan.accounts.evidence import account_evidence
from graphscan.accounts.probability import managed_probability
from graphscan.accounts.roles import Roles, find_roles
from graphscan.accounts.templates import template_use
from graphscan.accounts.tool_list import EXEMPT, ToolList, classify, default_tools, read_tools
from graphscan.behaviours.accounts import Accounts, identified, milliseconds
from graphscan.behaviours.actions import quietest_ms
from graphscan.behaviours.layer import Layer, scan
from graphscan.behaviours.library import Behaviour
from graphscan.behaviours.meetings import Engine
from graphscan.behaviours.own import chosen
from graphscan.decisions.deciding import decide_all
from graphscan.decisions.facts import Around, gather_facts
from graphscan.decisions.policy import Policy
from graphscan.decisions.scrutiny import find_scrutiny
from graphscan.fusion.axes import Axes, weigh_axes
from graphscan.fusion.confirmation import confirm
from graphscan.fusion.strength import Strength, cluster_probability
from graphscan.fusion.strength_evidence import strength_evidence
from graphscan.fusion.ties import Ties, find_ties
from graphscan.groups.clues import Evidence, Surroundings, evidence_table, group_evidence
from graphscan.groups.clusters import Cluster, cluster_numbers, memberships
from graphscan.groups.cotargets import Cotargets, find_cotargets
from graphscan.intake import Dataset
from graphscan.motifs import FoundMotif, motif_evidence
from graphscan.settings import Settings
from graphscan.steps import Steps
from graphscan.tables import ACTION_TABLES


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
    keep = dataset.keep  # each as soon as it is there
    found = keep(
        conduct(
            dataset,
            accounts,
            tools=_tools(settings),
            placeholders=settings.placeholders,
            cluster=cluster_numbers(clusters, len(accounts)),
            templates=keep(template_use(dataset, accounts)),
        )
    )
    probability = keep(np.round(managed_probability(found, memberships(clusters, len(accounts))), 6))
    direction, later_acts = keep(follow(clusters, dataset, accounts))
    roles = keep(find_roles(layers, clusters, found, direction, later_acts))
    shared = keep(find_cotargets(layers, clusters, accounts, identified(dataset, accounts), settings, dataset))
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
    confirmed = confirm(layers, clusters, len(accounts), accounts.first_ms, settings, dataset)
    strength = Strength(cluster_probability(axes), confirmed, ties.enforcement_ties(len(clusters)))
    return Fused(ties, axes, strength)


@dataclasses.dataclass(frozen=True)
class Decided:
    """What the policy read of each account, the evidence it may rest on, and what it proposes.

    ``told`` are the codes of the accounts that are told about one by one, in ascending order.
    """

    told: np.ndarray
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
    return Decided(told, facts, evidence, decide_all(facts, evidence, policy))


def _in_rings(motifs: Sequence[FoundMotif], n: int) -> np.ndarray:
    """Who takes part in a ring of acts on each other's notes that is beyond chance (family B3)."""
    inside = np.zeros(n, np.bool_)
    for found in motifs:
        if found.motif.family == "B3":
            inside[list(found.accounts)] = True
    return inside


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


def _tools(settings: Settings) -> ToolList:
    return read_tools(Path(settings.tools)) if settings.tools else default_tools()


def exempt_clients(settings: Settings) -> Callable[[pa.ChunkedArray], np.ndarray]:
    """What marks the clients that carry out a person's decision: schedulers give no heartbeat."""
    tools = _tools(settings)
    return lambda clients: classify(clients, tools, settings.placeholders) == EXEMPT
