"""Clusters: communities that are worth a look, described.

In: layers and communities. Out: :class:`Cluster` values and the run's ``clusters`` and ``members`` tables. A community whose members are no
closer in time than others are on the same objects is shared taste, not synchronised action, and is no cluster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Codes, Flags, Ints
from graphscan.behaviours.chance import false_discovery_rates
from graphscan.behaviours.indexing import Index, index_chosen, index_rows
from graphscan.behaviours.layer import Layer
from graphscan.groups.communities import Community, find_communities
from graphscan.groups.layers import Edges
from graphscan.groups.timing import Timing, check_timing
from graphscan.settings import Settings
from graphscan.tables import MEMBERS, from_rows

CORE = 0.8  # METHOD stage 6: core at 0.8, periphery from 0.5
MIN_JOINT_OCCASIONS = 3
"""METHOD stage 4: a single flash is never evidence; a greeting that a crowd sends on two feast days is two flashes."""

TIMING_RATE = 0.01  # METHOD stage 3, second key: Benjamini–Hochberg at 1 % over clusters


@dataclass(frozen=True)
class Tie:
    """What one layer says of a cluster: rows of ``layer.pairs`` inside it, its members' rows of ``layer.occasions``, the timing check."""

    layer: Layer
    rows: Ints
    acts: Ints
    timing: Timing | None

    @property
    def occasions(self) -> int:
        """Occasions on which its pairs met."""
        return int(self.layer.surprise.met[self.rows].sum())

    @property
    def expected(self) -> float:
        """Occasions that chance explains."""
        return float(self.layer.surprise.expected[self.rows].sum())


@dataclass(frozen=True)
class Cluster:
    """One cluster: its community, and its ties, those with most pairs first."""

    cluster_id: str
    community: Community
    ties: tuple[Tie, ...]

    @property
    def timing_p_value(self) -> float:
        """Chance of being so close in time, over all layers tried."""
        tried = [t.timing.p_value for t in self.ties if t.timing is not None]
        return min(1.0, len(tried) * min(tried))

    @property
    def pairs(self) -> int:
        """Validated pairs inside, over all layers."""
        return sum(len(t.rows) for t in self.ties)

    @property
    def density(self) -> float:
        """Share of the possible pairs of members that are validated in some layer."""
        n = len(self.community.accounts)
        joined = {
            (int(a), int(b))
            for t in self.ties
            for a, b in zip(t.layer.pairs.account_a[t.rows], t.layer.pairs.account_b[t.rows], strict=True)
        }
        return len(joined) / (n * (n - 1) / 2)

    @property
    def score(self) -> float:
        """Coordination score: density times mean membership, rounded to six places."""
        return round(self.density * float(self.community.membership.mean()), 6)

    @property
    def span_ms(self) -> tuple[int, int]:
        """Earliest and latest action of the meetings inside."""
        window = [(t.layer.pairs, t.rows, t.layer.surprise.window[t.rows]) for t in self.ties]
        first = min(int(p.first_ms[rows, w].min()) for p, rows, w in window)
        return first, max(int(p.last_ms[rows, w].max()) for p, rows, w in window)

    @property
    def joint_occasions(self) -> int:
        """Occasions on which three members or more acted, in the layers that tie them."""
        return sum(_joint_occasions(t) for t in self.ties)

    @property
    def objects(self) -> int:
        """Distinct objects that at least two members acted on, in the layers that tie them."""
        return sum(len(shared_objects(t)) for t in self.ties)


@dataclass(frozen=True)
class Grouping:
    """Clusters, best score first; communities set aside as shared taste, and as flashes (too few occasions)."""

    clusters: tuple[Cluster, ...]
    shared_taste: tuple[Cluster, ...]
    flashes: tuple[Cluster, ...]


def group(layers: Sequence[Layer], accounts: Accounts, identified: Flags, settings: Settings) -> Grouping:
    """Find communities across the layers, check their timing, and order them by score.

    A pair of accounts that are both ``identified`` (verified by the platform, or labelled human) ties nothing: a brand's
    own accounts act together openly, and the platform knows who they are.
    """
    edges = _edges(layers)
    edges = edges.where(~(identified[edges.a] & identified[edges.b]))
    communities = find_communities(
        edges, min_size=settings.min_cluster_size, reclusterings=settings.reclusterings, seed=settings.seed
    )
    seen = [_see(layer, communities, len(accounts)) for layer in layers]
    found = [_describe(number, c, seen, accounts, settings) for number, c in enumerate(communities)]
    found.sort(key=lambda c: (-c.score, -len(c.community.accounts), c.cluster_id))
    p_values = np.array([c.timing_p_value for c in found])
    timed = false_discovery_rates(p_values, len(p_values)) <= TIMING_RATE
    broad = [c.joint_occasions >= MIN_JOINT_OCCASIONS for c in found]
    return Grouping(
        tuple(c for c, in_time, often in zip(found, timed, broad, strict=True) if in_time and often),
        tuple(c for c, in_time in zip(found, timed, strict=True) if not in_time),
        tuple(c for c, in_time, often in zip(found, timed, broad, strict=True) if in_time and not often),
    )


def _edges(layers: Sequence[Layer]) -> Edges:
    numbers = [np.full(len(layer.pairs), k, np.int32) for k, layer in enumerate(layers)]
    none = np.zeros(0, np.int32)
    return Edges(
        np.concatenate([none, *(layer.pairs.account_a for layer in layers)]),
        np.concatenate([none, *(layer.pairs.account_b for layer in layers)]),
        np.concatenate([none, *numbers]),
        np.concatenate([none, *(layer.surprise.met for layer in layers)]),
    )


@dataclass(frozen=True)
class _Seen:
    """A layer, its pairs by the number of the community that they are inside of, and its occasions' rows by member."""

    layer: Layer
    pairs: Index
    acts: Index


def _see(layer: Layer, communities: Sequence[Community], n_accounts: int) -> _Seen:
    number = group_numbers([c.accounts for c in communities], n_accounts)
    a, b = number[layer.pairs.account_a], number[layer.pairs.account_b]
    inside = np.flatnonzero((a == b) & (a >= 0))
    acts = index_chosen(layer.occasions.account, number >= 0)
    return _Seen(layer, index_rows(a, len(communities), inside), acts)


def _describe(
    number: int, community: Community, seen: Sequence[_Seen], accounts: Accounts, settings: Settings
) -> Cluster:
    ties = []
    for where in seen:
        rows = where.pairs.rows(np.array([number]))
        if len(rows):
            acts = where.acts.rows(community.accounts)
            timing = check_timing(acts, where.layer.occasions, where.layer.windows_ms, settings.seed)
            ties.append(Tie(where.layer, rows, acts, timing))
    ties.sort(key=lambda t: (-len(t.rows), t.layer.behaviour.name))
    return Cluster(cluster_name(accounts, community), community, tuple(ties))


def cluster_name(accounts: Accounts, community: Community) -> str:
    """Return the cluster's id: the same members have the same id, in every run."""
    ids = accounts.ids.take(pa.array(community.accounts)).to_pylist()
    return "c" + hashlib.sha256("\0".join(ids).encode()).hexdigest()[:12]


def _joint_occasions(tie: Tie) -> int:
    _, count = np.unique(tie.layer.occasions.occasion[tie.acts], return_counts=True)
    return int((count >= 3).sum())


def cluster_numbers(clusters: Sequence[Cluster], n_accounts: int) -> Ints:
    """The position of each account's cluster, -1 for none; no account is in two."""
    return group_numbers([c.community.accounts for c in clusters], n_accounts)


def group_numbers(groups: Sequence[Codes], n_accounts: int) -> Ints:
    """The position of each account's group, -1 for none; no account is in two."""
    number = np.full(n_accounts, -1, np.int64)
    for k, accounts in enumerate(groups):
        number[accounts] = k
    return number


def memberships(clusters: Sequence[Cluster], n_accounts: int) -> npt.NDArray[np.float64]:
    """Each account's membership of its cluster, NaN for none."""
    membership = np.full(n_accounts, np.nan)
    for cluster in clusters:
        membership[cluster.community.accounts] = cluster.community.membership
    return membership


def shared_objects(tie: Tie) -> Ints:
    """Objects (codes) that at least two of the members acted on."""
    occasions = tie.layer.occasions
    each = np.unique(
        np.stack(
            [
                occasions.object_of[occasions.occasion[tie.acts]].astype(np.int64),
                occasions.account[tie.acts].astype(np.int64),
            ],
            axis=1,
        ),
        axis=0,
    )
    objects, count = np.unique(each[:, 0], return_counts=True)
    return objects[count >= 2]


def members_table(clusters: Sequence[Cluster], accounts: Accounts) -> pa.Table:
    """Return one row per account and cluster, clusters in order of score, members by account id."""
    rows = [
        (c.cluster_id, account, round(float(share), 6), "core" if share >= CORE else "periphery")
        for c in clusters
        for account, share in zip(
            accounts.ids.take(pa.array(c.community.accounts)).to_pylist(), c.community.membership, strict=True
        )
    ]
    return from_rows(rows, MEMBERS)
