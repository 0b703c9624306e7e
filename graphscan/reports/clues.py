"""The sentences of the evidence, sorted into what was found, what speaks against it and what is not known.

In: the run's evidence. Out: sentences.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from graphscan.reports.frames import Frames

MOST_CLUES = 12
"""Sentences of one kind told on the page; evidence.csv has them all."""

AGAINST = "against_"
UNKNOWN = "unknown_"
"""Clues whose names start so speak against the finding, or say what could not be known."""


def cluster_clues(
    frames: Frames, cluster_id: str, accounts: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the sentences for, against and unknown: the cluster's own first, then its members'."""
    own = frames.where("evidence", subject=[f"cluster:{cluster_id}"]).sort_values("clue")
    members = frames.where("evidence", subject=[f"account:{a}" for a in accounts]).sort_values(["clue", "subject"])
    everything = pd.concat([own, members]) if len(members) else own
    return (
        tuple(s for clue, s in zip(own["clue"], own["sentence"], strict=True) if not _sets_limits(clue)),
        _sentences(everything, AGAINST),
        _sentences(everything, UNKNOWN),
    )


def evidence_lines(evidence: pd.DataFrame) -> list[str]:
    """Return the clues' sentences: what was found, what speaks against it, what is not known."""
    groups: dict[str, list[str]] = {"": [], AGAINST: [], UNKNOWN: []}
    for clue, sentence in zip(evidence["clue"], evidence["sentence"], strict=True):
        groups[next((p for p in (AGAINST, UNKNOWN) if clue.startswith(p)), "")].append(sentence)
    return [
        *groups[""],
        *[f"Against it: {sentence}" for sentence in groups[AGAINST]],
        *[f"Not known: {sentence}" for sentence in groups[UNKNOWN]],
    ]


def _sets_limits(clue: str) -> bool:
    return clue.startswith((AGAINST, UNKNOWN))


def _sentences(evidence: pd.DataFrame, prefix: str) -> tuple[str, ...]:
    """Return the sentences of one kind, each once, at most twelve and then how many more there are."""
    chosen = [clue.startswith(prefix) for clue in evidence["clue"]]
    sentences = tuple(dict.fromkeys(evidence["sentence"][chosen]))
    if len(sentences) <= MOST_CLUES:
        return sentences
    return (
        *sentences[:MOST_CLUES],
        f"… and {len(sentences) - MOST_CLUES:,} more of this kind, in evidence.csv.",
    )
