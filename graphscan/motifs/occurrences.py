"""Occurrences: one row is one time that a motif was seen.

In: nothing (declarations). Out: :class:`Occurrence`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Occurrence:
    """Who (account codes, in the motif's own order), on what (ids), from when to when (ms since 1970 UTC)."""

    accounts: tuple[int, ...]
    objects: tuple[str, ...]
    started_ms: int
    ended_ms: int
