"""The search: every motif in every cluster, and which of them are beyond chance.

In: layers, clusters, the dataset. Out: :class:`FoundMotif` values. Benjamini–Hochberg at 1 % over motifs times
clusters (METHOD stage 4). A p-value here describes a cluster that co-action has already chosen; whether the choice
was chance is for the pair's own test and the timing check.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Flags
from graphscan.behaviours.chance import false_discovery_rates
from graphscan.behaviours.layer import Layer
from graphscan.groups.clusters import Cluster
from graphscan.intake.dataset import Dataset
from graphscan.motifs.library import MOTIFS, Motif
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.scene import Scene, scene_of
from graphscan.motifs.world import World

RATE = 0.01  # METHOD stage 4


@dataclass(frozen=True)
class FoundMotif:
    """One motif in one cluster: all its occurrences, in time order, and what they are worth.

    ``p_value``: chance of them all under the motif's null; ``q_value``: false discovery rate over all motifs and clusters looked at.
    """

    motif: Motif
    cluster_id: str
    occurrences: tuple[Occurrence, ...]
    p_value: float
    q_value: float

    @property
    def accounts(self) -> tuple[int, ...]:
        """Codes of the accounts that took part in any occurrence, ascending."""
        return tuple(sorted({a for o in self.occurrences for a in o.accounts}))

    @property
    def objects(self) -> tuple[str, ...]:
        """What they took part on, sorted."""
        return tuple(sorted({x for o in self.occurrences for x in o.objects}))


def find_motifs(
    layers: Sequence[Layer],
    clusters: Sequence[Cluster],
    dataset: Dataset,
    accounts: Accounts,
    seed: int,
    *,
    exempt: Callable[[pa.Array], Flags] | None = None,
) -> list[FoundMotif]:
    """Find the motifs of every cluster that are beyond chance, clusters in their order, motifs in the register's.

    ``exempt`` tells, of client texts, which are the platform's own scheduler or an accessibility tool (no heartbeat is read from
    them); None: none is known. The same input and seed give the same answer, whatever other clusters there are (but for the
    false discovery rate, which counts them all).
    """
    world = World(layers, dataset, accounts, exempt)
    return judge([scene_of(c, world) for c in clusters], seed)


def judge(scenes: Sequence[Scene], seed: int, motifs: Sequence[Motif] = MOTIFS) -> list[FoundMotif]:
    """Look for every motif in every scene, and keep those below the false discovery rate."""
    tried = [_try(scene, motif, seed) for scene in scenes for motif in motifs]
    q_values = false_discovery_rates(np.array([t.p_value for t in tried]), len(tried))
    return [
        FoundMotif(t.motif, t.cluster_id, t.occurrences, t.p_value, float(q))
        for t, q in zip(tried, q_values, strict=True)
        if q <= RATE
    ]


def _try(scene: Scene, motif: Motif, seed: int) -> FoundMotif:
    found = sorted(motif.find(scene), key=lambda o: (o.started_ms, o.ended_ms, o.objects, o.accounts))
    taking_part = {a for o in found for a in o.accounts}
    p_value = 1.0
    if len(found) >= motif.least and len(taking_part) >= motif.least_accounts:
        p_value = motif.null(scene, found, _random(seed, scene, motif))
    return FoundMotif(motif, scene.cluster_id, tuple(found), p_value, 1.0)


def _random(seed: int, scene: Scene, motif: Motif) -> np.random.Generator:
    """Randomness of its own for each cluster and motif, so that no other changes it."""
    return np.random.default_rng([seed, zlib.crc32(scene.cluster_id.encode()), zlib.crc32(motif.name.encode())])
