"""Facts: all that a policy's rules may read of an account, in one row.

In: conduct, probability, clusters, direction, roles, strength, scrutiny. Out: a table as :data:`graphscan.tables.FACTS` declares it. A
decision is a pure function of such a row and the policy: it can be made again from the run alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.accounts.conduct import Conduct
from graphscan.accounts.deeds import Deeds, Floats
from graphscan.accounts.direction import Direction
from graphscan.accounts.roles import Roles
from graphscan.accounts.tool_list import AGENT
from graphscan.accounts.weights import own_weight, spoken_for, weigh
from graphscan.behaviours.accounts import UNKNOWN_MS, codes_of, milliseconds
from graphscan.behaviours.actions import DAY_MS, Flags, Ints
from graphscan.decisions.cases import Looked, priorities, reasons_to_look
from graphscan.decisions.conditions import FAMILIES
from graphscan.decisions.scrutiny import Scrutiny
from graphscan.fusion.strength import Strength
from graphscan.groups.clusters import Cluster, cluster_numbers, memberships
from graphscan.intake.dataset import Dataset
from graphscan.tables import FACTS

A3_WEIGHT = 1.0
"""Log-likelihood ratio from which template evidence counts as a family: one text of an everyday template is below it."""

B1_UNEXPLAINED = 6
"""G8: later acts that own interests do not explain, for them to be a family at all."""

B2_COTARGETS = 3
"""Shared targets beyond chance: two may be one evening's taste; METHOD asks for repetition over several objects."""

Columns = dict[str, Any]


@dataclass(frozen=True)
class Around:
    """What the run knows of accounts beside their own conduct.

    ``rings`` marks who takes part in a ring motif, ``named`` who shares rare objects with others whatever the time.
    """

    clusters: Sequence[Cluster]
    probability: Floats
    direction: Direction
    roles: Roles
    strength: Strength
    scrutiny: Scrutiny
    rings: Flags
    named: Flags


def gather_facts(dataset: Dataset, found: Conduct, around: Around) -> pa.Table:
    """Return one row for every cluster's member, and for whoever has evidence of its own, shares rare objects, or was reported."""
    n, weights = len(found), weigh(found)
    own, families = own_weight(weights), family_flags(found, around)
    inside = _Inside(cluster_numbers(around.clusters, n), memberships(around.clusters, n))
    codes = np.flatnonzero(_worth_a_look(found, around, families, inside))
    columns = {
        **_place(inside, around, codes),
        **_own(found, around, families, own, codes),
        **_notes(dataset, found, codes),
        **_tools(found, codes),
        **_relation(around, codes),
        **_context(found, spoken_for(weights), codes),
        **_case(found, around, inside, own, codes),
    }
    arrays = [pa.array(columns[f.name], f.type, from_pandas=True) for f in FACTS.schema]
    return pa.table(arrays, schema=FACTS.schema)


def family_flags(found: Conduct, around: Around) -> dict[str, Flags]:
    """Return, for each family, which accounts have evidence of it beyond its threshold; no data is no evidence.

    A1: an agent tool was seen. A2: a machine's clock (p ≤ 10⁻³ or one of the other three clues). A3: A3_WEIGHT.
    A4: in a batch with p ≤ 10⁻³. B1: B1_UNEXPLAINED. B2: B2_COTARGETS. B3: in a ring beyond chance.
    """
    tools = found.tools
    flags = {
        "A1": (tools.agent.sum(axis=1) > 0) | (tools.registered == AGENT),
        "A2": found.machine_cadence,
        "A3": np.nan_to_num(found.template_llr) >= A3_WEIGHT,
        "A4": found.registration.in_batch == 1,
        "B1": around.direction.unexplained >= B1_UNEXPLAINED,
        "B2": around.direction.cotargets >= B2_COTARGETS,
        "B3": around.rings,
    }
    return {name: np.asarray(flags[name], np.bool_) for name in FAMILIES}


@dataclass(frozen=True)
class _Inside:
    """Of each account the position of its cluster (-1: none) and its membership (NaN: none)."""

    cluster: Ints
    membership: Floats


def _worth_a_look(found: Conduct, around: Around, families: dict[str, Flags], inside: _Inside) -> Flags:
    known = found.presence.labelled_human | found.presence.labelled_managed
    looked = around.scrutiny
    asked = known | (looked.reporters > 0) | (looked.scrutiny > 0) | around.named
    asked |= (inside.cluster >= 0) | (found.notes.managed > 0)
    return np.asarray(asked | np.any(list(families.values()), axis=0))


def _place(inside: _Inside, around: Around, codes: Ints) -> Columns:
    clusters, number = around.clusters, inside.cluster[codes]
    member = number >= 0
    return {
        "cluster_id": [clusters[k].cluster_id if k >= 0 else None for k in number],
        "cluster_size": [len(clusters[k].community.accounts) if k >= 0 else None for k in number],
        "cluster_probability": np.where(member, np.r_[around.strength.probability, np.nan][number], np.nan),
        "membership": np.round(inside.membership[codes], 6),
        "roles": [around.roles.of(int(code)) for code in codes],
    }


def _own(found: Conduct, around: Around, families: dict[str, Flags], own: Floats, codes: Ints) -> Columns:
    return {
        "account_id": found.accounts.ids.take(pa.array(codes)),
        "managed_probability": around.probability[codes],
        "own_weight": np.round(own[codes], 6),
        "families": [[name for name, flags in families.items() if flags[code]] for code in codes],
    }


def _notes(dataset: Dataset, found: Conduct, codes: Ints) -> Columns:
    return {
        "managed_share": found.managed_share[codes],
        "public_notes": found.notes.public[codes],
        "managed_notes": found.notes.managed[codes],
        "span_days": _span_days(dataset, found)[codes],
        "declared_share": found.notes.declared_share[codes],
        "template_share": np.round(found.template_share[codes], 6),
    }


def _span_days(dataset: Dataset, found: Conduct) -> Floats:
    """Days from each account's first public note to its last; NaN without public notes."""
    first, last = np.full(len(found), np.inf), np.full(len(found), -np.inf)
    if "notes" in dataset.tables:
        notes = dataset.tables["notes"]
        public = pc.fill_null(notes["public"], True).to_numpy()
        who, at = codes_of(dataset, found.accounts, "notes")[public], milliseconds(notes["created_at"])[public]
        np.minimum.at(first, who, at)
        np.maximum.at(last, who, at)
    return np.where(np.isfinite(first), np.round((last - first) / DAY_MS, 6), np.nan)


def _tools(found: Conduct, codes: Ints) -> Columns:
    agent = found.deeds.where(found.deeds.tool == AGENT)
    registered = found.tools.registered_by_agent[codes]
    return {
        "managed_events": found.tools.agent.sum(axis=1)[codes],
        "managed_days": _days(agent)[codes],
        "registered_by_tool": [None if np.isnan(r) else bool(r) for r in registered],
        "posting_share": found.tools.posting_share[codes],
        "interaction_share": found.tools.interaction_share[codes],
        "exempt_share": found.tools.exempt_share[codes],
        "actions": np.bincount(found.deeds.account, minlength=len(found))[codes],
    }


def _days(deeds: Deeds) -> Ints:
    """Days, of 24 hours from each account's own first such deed, on which it did any: no zone, no shift changes them."""
    start = deeds.start
    begun = np.r_[deeds.at_ms, 0][start[:-1]]
    day = (deeds.at_ms - begun[deeds.account]) // DAY_MS
    pairs = np.unique(np.stack([deeds.account.astype(np.int64), day]), axis=1)
    return np.bincount(pairs[0], minlength=deeds.n_accounts).astype(np.int64)


def _relation(around: Around, codes: Ints) -> Columns:
    d = around.direction
    return {
        "follower_later": d.later[codes],
        "follower_unexplained": d.unexplained[codes],
        "follower_share": np.round(d.share[codes], 6),
        "cotargets": d.cotargets[codes],
        "reporters": around.scrutiny.reporters[codes],
        "scrutiny": around.scrutiny.scrutiny[codes],
    }


def _context(found: Conduct, for_people: Floats, codes: Ints) -> Columns:
    accounts, p = found.accounts, found.presence
    known = accounts.registered_ms != UNKNOWN_MS
    age = np.where(known, (accounts.last_ms - np.where(known, accounts.registered_ms, 0)) / DAY_MS, np.nan)
    labels = np.where(p.labelled_human, "human", np.where(p.labelled_managed, "managed", ""))
    return {
        "age_days": np.round(age[codes], 6),
        "verified": p.verified[codes],
        "labelled": [label or None for label in labels[codes].tolist()],
        "presence": np.round(for_people[codes], 6),
    }


def _case(found: Conduct, around: Around, inside: _Inside, own: Floats, codes: Ints) -> Columns:
    p, looked, cluster = found.presence, around.scrutiny, inside.cluster[codes]
    case = Looked(
        cluster >= 0,
        np.where(cluster >= 0, np.r_[around.strength.probability, np.nan][cluster], np.nan),
        around.probability[codes],
        own[codes],
        found.tools.agent.sum(axis=1)[codes],
        (around.named | (around.direction.cotargets >= B2_COTARGETS))[codes],
        looked.reporters[codes],
        looked.reported[codes],
        looked.scrutiny[codes],
        p.labelled_managed[codes],
        p.labelled_human[codes],
    )
    return {"because": reasons_to_look(case), "priority": priorities(case)}
