"""Which true clusters were found, and what the found ones are made of.

In: the truth and the members of each found cluster. Out: one row a true cluster, one row a found one, and their rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from graphscan.evaluation.rates import Rate, rate_of
from graphscan.evaluation.truth import Truth

FOUND_JACCARD = 0.5
"""Above one half no two true clusters can claim the same found one (with equality only as a split in two)."""

GUILTY_SHARE = 0.9
"""A found cluster counts as right when so many of its known members are managed: one in ten may be swept along."""


@dataclass(frozen=True)
class Recovery:
    """One true cluster: its size, the found one most like it, their Jaccard similarity, members shared."""

    cluster: str
    size: int
    cluster_id: str | None
    jaccard: float
    shared: int
    found: bool


@dataclass(frozen=True)
class Purity:
    """One found cluster: how many members the truth knows, how many are managed, what most of them are."""

    cluster_id: str
    size: int
    known: int
    managed: int
    main_cluster: str
    share: float | None

    @property
    def managed_share(self) -> float | None:
        """Share of its known members that are managed; None where the truth knows none of them."""
        return self.managed / self.known if self.known else None


def recoveries_of(known: Mapping[str, Truth], clusters: Mapping[str, Set[str]]) -> tuple[Recovery, ...]:
    """Return one row a true cluster, by name."""
    true: dict[str, set[str]] = {}
    for account, truth in known.items():
        if truth.cluster:
            true.setdefault(truth.cluster, set()).add(account)
    seen = {name: members & known.keys() for name, members in clusters.items()}
    return tuple(_recovery(name, true[name], seen) for name in sorted(true))


def _recovery(name: str, members: Set[str], seen: Mapping[str, Set[str]]) -> Recovery:
    best, jaccard, shared = None, 0.0, 0
    for cluster_id in sorted(seen):
        common = len(members & seen[cluster_id])
        similarity = common / len(members | seen[cluster_id])
        if similarity > jaccard:
            best, jaccard, shared = cluster_id, similarity, common
    return Recovery(name, len(members), best, jaccard, shared, jaccard >= FOUND_JACCARD)


def purities_of(known: Mapping[str, Truth], clusters: Mapping[str, Set[str]]) -> tuple[Purity, ...]:
    """Return one row a found cluster, by id."""
    return tuple(_purity(known, name, clusters[name]) for name in sorted(clusters))


def _purity(known: Mapping[str, Truth], name: str, members: Set[str]) -> Purity:
    truths = [known[account] for account in sorted(members & known.keys())]
    managed = sum(truth.role == "managed" for truth in truths)
    forms = Counter(truth.cluster or truth.slice for truth in truths)
    main = min(forms, key=lambda form: (-forms[form], form), default="")
    share = forms[main] / len(truths) if truths else None
    return Purity(name, len(members), len(truths), managed, main, share)


def cluster_rates(recoveries: Sequence[Recovery], purities: Sequence[Purity]) -> Iterable[Rate]:
    """Precision and recall counted in clusters; found clusters of which the truth knows nobody are left out."""
    judged = [p.managed_share for p in purities if p.managed_share is not None]
    yield rate_of("clusters", "precision", sum(share >= GUILTY_SHARE for share in judged), len(judged))
    yield rate_of("clusters", "recall", sum(r.found for r in recoveries), len(recoveries))
    yield rate_of("clusters", "of honest people mostly", sum(share < 0.5 for share in judged), len(judged))
