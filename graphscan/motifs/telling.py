"""Telling: found motifs as rows of the run's ``motifs`` table, and as evidence.

In: found motifs. Out: tables and :class:`~graphscan.groups.clues.Evidence`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Codes
from graphscan.behaviours.indexing import Index, index_chosen
from graphscan.behaviours.layer import Layer
from graphscan.behaviours.references import name_sources
from graphscan.groups.clues import MAX_ROWS, Evidence
from graphscan.intake.dataset import Dataset
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.search import FoundMotif
from graphscan.tables import MOTIFS, from_rows

MOST_SHOWN = 200
"""Occurrences of one motif in one cluster that become rows, the earliest; the evidence counts all."""


def motifs_table(found: Sequence[FoundMotif], accounts: Accounts) -> pa.Table:
    """Return one row per occurrence, in the order of ``found`` and then of time; its p-value is that of all of them together."""
    return from_rows([_row(f, o, accounts) for f in found for o in f.occurrences[:MOST_SHOWN]], MOTIFS)


def _row(found: FoundMotif, occurrence: Occurrence, accounts: Accounts) -> tuple[object, ...]:
    who = [str(accounts.ids[a].as_py()) for a in occurrence.accounts]
    return (
        motif_name(found, occurrence, who),
        found.motif.name,
        found.cluster_id,
        who,
        list(occurrence.objects),
        occurrence.started_ms,
        occurrence.ended_ms,
        found.p_value,
    )


def motif_name(found: FoundMotif, occurrence: Occurrence, who: Sequence[str]) -> str:
    """Return the motif's id: the same occurrence has the same id, in every run."""
    parts = (found.motif.name, found.cluster_id, str(occurrence.started_ms), *who, "", *occurrence.objects)
    return "m" + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def motif_evidence(found: Sequence[FoundMotif], layers: Sequence[Layer], dataset: Dataset) -> list[Evidence]:
    """Return one clue per motif and cluster; a single flash is never one, since the search asks for three objects.

    Its rows are the first, by time, at which those who took part acted on the motif's objects (none for motifs of clocks and births).
    """
    taking_part = np.unique(np.array([a for f in found for a in f.accounts], np.int32))
    rows_of = [_rows_by(layer, taking_part) for layer in layers]
    return [
        Evidence(
            f"cluster:{f.cluster_id}",
            f"motif_{f.motif.name}",
            f.motif.family,
            "self",
            float(len(f.occurrences)),
            "occurrences",
            f.p_value,
            _sentence(f),
            _rows(f, zip(layers, rows_of, strict=True), dataset),
        )
        for f in found
    ]


def _rows_by(layer: Layer, accounts: Codes) -> Index:
    """Rows of a layer's actions, of some accounts only."""
    wanted = np.zeros(_accounts_in(layer), np.bool_)
    wanted[accounts[accounts < len(wanted)]] = True
    return index_chosen(layer.actions.account, wanted)


def _accounts_in(layer: Layer) -> int:
    return int(layer.actions.account.max(initial=-1)) + 1


def _rows(found: FoundMotif, layers: Iterable[tuple[Layer, Index]], dataset: Dataset) -> tuple[str, ...]:
    names: dict[str, int] = {}
    objects, members = pa.array(found.objects, pa.string()), np.array(found.accounts, np.int32)
    for layer, index in layers:
        actions = layer.actions
        wanted = actions.objects.find(objects)
        own = index.rows(members[members < _accounts_in(layer)])
        rows = own[np.isin(actions.object[own], wanted[wanted >= 0])][:MAX_ROWS]
        named = name_sources(dataset, actions.tables, actions.source[rows], actions.row[rows])
        for name, at_ms in zip(named, actions.at_ms[rows].tolist(), strict=True):
            names.setdefault(name, at_ms)
    return tuple(sorted(names, key=lambda n: (names[n], n))[:MAX_ROWS])


def _sentence(found: FoundMotif) -> str:
    times = len(found.occurrences)
    often = "once" if times == 1 else f"{times:,} times"
    return (
        f"{len(found.accounts)} members {found.motif.sentence}; this was seen {often}, "
        f"with a chance of {found.p_value:.2g} by coincidence."
    )
