"""Recheck: what the same run would propose if some accounts were not in their clusters.

In: the tables of a run, its policy, and the accounts to take out (victims, hijacked or wrongly grouped ones, after an appeal). Out:
decisions as the run would have them. Nothing is read but the run's own tables, so the answer holds on any machine.

What cannot be done again from a run's tables is scaled, never upwards: a cluster's log-odds and an account's shared targets by
the share of ties or members that remain. Families A2 to A4 stay as they were: a template's earlier writers are not named there.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.accounts.probability import weighed_probability
from graphscan.decisions.conditions import CLASS_B
from graphscan.decisions.deciding import decide_all
from graphscan.decisions.facts import B1_UNEXPLAINED, B2_COTARGETS
from graphscan.decisions.policy import Policy
from graphscan.tables import FACTS

Row = dict[str, Any]


def recheck(tables: Mapping[str, pa.Table], policy: Policy, without: Collection[str]) -> pa.Table:
    """Return the decisions of the same run with the accounts ``without`` in no cluster.

    Their own conduct stays, and so does their decision where that alone carries one. Of the others in their clusters,
    later acts after them alone no longer count; whoever hangs on by them alone falls out; a cluster that falls apart is
    judged part by part, and one that is too small is none. ``without=()`` gives the run's decisions.
    """
    gone = {str(a) for a in without}
    facts = tables["facts"].to_pylist()
    touched = {row["cluster_id"] for row in facts if row["account_id"] in gone and row["cluster_id"] is not None}
    if not touched:
        return decide_all(tables["facts"], tables["evidence"], policy)
    parts = _parts(tables, touched, gone)
    kept = _kept_acts(tables["later_acts"], gone)
    again = [_again(row, parts, kept, gone) if row["cluster_id"] in touched else row for row in facts]
    return decide_all(pa.Table.from_pylist(again, schema=FACTS.schema), tables["evidence"], policy)


@dataclass(frozen=True)
class _Kept:
    """Shares of an account's later acts that still follow somebody: of all of them, and of the unexplained ones."""

    later: float = 1.0
    unexplained: float = 1.0


@dataclass(frozen=True)
class _Parts:
    """The parts into which the touched clusters fall: of each account its part's size, and the share of ties left in it."""

    size: Mapping[str, int]
    share: Mapping[str, float]


def _parts(tables: Mapping[str, pa.Table], touched: Collection[str], gone: Collection[str]) -> _Parts:
    members: dict[str, list[str]] = {}
    for cluster, account in _rows(tables["members"], "cluster_id", "account_id"):
        if cluster in touched:
            members.setdefault(cluster, []).append(account)
    pairs = {(a, b) for a, b in _rows(tables["pairs"], "account_a", "account_b")}
    size: dict[str, int] = {}
    share: dict[str, float] = {}
    for of in members.values():
        inside = set(of)
        tied = [(a, b) for a, b in pairs if a in inside and b in inside]
        for part in _components(sorted(inside - set(gone)), [p for p in tied if not set(p) & set(gone)]):
            kept = sum(a in part and b in part for a, b in tied)
            for account in part:
                size[account] = len(part)
                share[account] = kept / len(tied) if tied else len(part) / len(of)
    return _Parts(size, share)


def _rows(table: pa.Table, *columns: str) -> list[tuple[Any, ...]]:
    return list(zip(*(table[c].to_pylist() for c in columns), strict=True))


def _components(accounts: list[str], tied: list[tuple[str, str]]) -> list[set[str]]:
    """Connected parts of these accounts, by union of ties."""
    part = {account: {account} for account in accounts}
    for a, b in tied:
        if part[a] is not part[b]:
            joined = part[a] | part[b]
            for account in joined:
                part[account] = joined
    return list({id(p): p for p in part.values()}.values())


def _kept_acts(acts: pa.Table, gone: Collection[str]) -> Mapping[str, _Kept]:
    """Account → the shares of its later acts that follow somebody who stays: of all, and of the unexplained ones.

    Told of accounts that followed somebody who is gone. A row of the input counts once, whatever behaviours it shows.
    """
    stays: dict[tuple[str, str], tuple[bool, bool]] = {}
    some = acts.filter(pc.is_in(acts["cluster_id"], value_set=_clusters_of(acts, gone)))
    for account, row, after, explained in _rows(some, "account_id", "row", "after", "explained"):
        followed = not after or not set(after) <= set(gone)
        stays[account, row] = (stays.get((account, row), (False,))[0] or followed, explained)
    counts: dict[str, list[int]] = {}
    for (account, _), (followed, explained) in stays.items():
        for place, counted in enumerate((True, followed, not explained, followed and not explained)):
            counts.setdefault(account, [0, 0, 0, 0])[place] += counted
    return {
        account: _Kept(kept / total, own / charged if charged else 1.0)
        for account, (total, kept, charged, own) in counts.items()
    }


def _clusters_of(acts: pa.Table, gone: Collection[str]) -> pa.Array:
    """Clusters in whose later acts somebody who is gone was followed."""
    flat, parents = pc.list_flatten(acts["after"]), pc.list_parent_indices(acts["after"])
    hit = pc.is_in(flat, value_set=pa.array(sorted(gone), pa.string()))
    return pc.unique(acts["cluster_id"].take(parents.filter(hit)))


def _again(row: Row, parts: _Parts, kept: Mapping[str, _Kept], gone: Collection[str]) -> Row:
    account = row["account_id"]
    if account in gone or parts.size.get(account, 1) < 2:
        return _alone(row)
    return _remaining(row, parts.size[account], parts.share[account], kept.get(account, _Kept()))


def _alone(row: Row) -> Row:
    """The facts of an account in no cluster: its own conduct, and nothing about its relation to others."""
    found = row | {
        "cluster_id": None,
        "cluster_size": None,
        "cluster_probability": None,
        "membership": None,
    }
    found |= {"follower_later": 0, "follower_unexplained": 0, "cotargets": 0}
    found |= {"follower_share": None if row["follower_share"] is None else 0.0}
    found["families"] = [f for f in row["families"] if f not in CLASS_B]
    found["managed_probability"] = _less(row["managed_probability"], row["own_weight"], 0.0)
    return found


def _less(known: float | None, own: float, membership: float) -> float | None:
    """The managed probability at another membership, never more than it was."""
    if known is None:
        return None
    return min(known, round(float(weighed_probability(np.array([own]), np.array([membership]))[0]), 6))


def _remaining(row: Row, size: int, share: float, kept: _Kept) -> Row:
    later = math.floor(row["follower_later"] * kept.later)
    unexplained = math.floor(row["follower_unexplained"] * kept.unexplained)
    found = row | {"cluster_size": size, "cluster_probability": _weaker(row["cluster_probability"], share)}
    found |= {"follower_later": later, "follower_unexplained": unexplained}
    if row["follower_share"] is not None and row["actions"]:
        found["follower_share"] = min(row["follower_share"], unexplained / row["actions"])
    found["cotargets"] = math.floor(row["cotargets"] * share)
    fallen = {"B1"} if unexplained < B1_UNEXPLAINED else set()
    fallen |= {"B2"} if found["cotargets"] < B2_COTARGETS else set()
    found["families"] = [f for f in row["families"] if f not in fallen]
    return found


def _weaker(probability: float | None, share: float) -> float | None:
    """A cluster's probability with so much of its log-odds left as of its ties; one below one half stays as it is."""
    if probability is None or probability <= 0.5 or share >= 1:
        return probability
    odds = math.log(min(probability, 1 - 1e-12) / (1 - min(probability, 1 - 1e-12)))
    return 1 / (1 + math.exp(-share * odds))
