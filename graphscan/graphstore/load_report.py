"""What one load (or export) did, for people and for ``--json``.

In: nothing. Out: :class:`LoadReport`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class LoadReport:
    """What one load did: rows a kind, what it deleted of former loads, seconds; ``resumed`` rows were there."""

    load_id: str
    scope: str
    nodes: dict[str, int] = field(default_factory=dict)
    relationships: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    resumed: int = 0
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        """Nodes and relationships of the graph that this load vouches for."""
        return sum(self.nodes.values()) + sum(self.relationships.values())

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        rate = round((self.rows - self.resumed) / self.seconds) if self.seconds else 0
        return {**vars(self), "seconds": round(self.seconds, 3), "rows_per_second": rate}

    def lines(self) -> list[str]:
        """Return the report for people."""
        told = self.as_json()
        parts = [f"  {n:>9,}  {kind}" for kinds in (self.nodes, self.relationships) for kind, n in kinds.items() if n]
        gone = [f"  {n:>9,}  {kind} of former loads removed" for kind, n in self.deleted.items() if n]
        there = f", {self.resumed:,} of them were there already" if self.resumed else ""
        end = (
            f"{sum(self.nodes.values()):,} nodes and {sum(self.relationships.values()):,} relationships ({self.scope})"
            f" in {self.seconds:.1f} s, {told['rows_per_second']:,} rows a second{there}; load {self.load_id}"
        )
        return [*parts, *gone, end]
