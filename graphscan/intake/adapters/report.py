"""What a conversion did: what was read of each file, what was set aside and why, what to know about it.

In: harvests. Out: :class:`ConversionReport`, for people and for ``--json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphscan.intake.adapters.harvest import Harvest


@dataclass(frozen=True)
class FileReport:
    """One export: its format (empty when it was left out), rows read per table, rows set aside by reason.

    ``first_set_aside`` names the first 50 rows set aside as (line, column, reason).
    """

    name: str
    sha256: str
    format: str
    rows: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    first_set_aside: tuple[tuple[int, str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    left_out: str = ""

    def lines(self) -> list[str]:
        """Return what happened to this file, in sentences."""
        if self.left_out:
            return [f"{self.name}: left out: {self.left_out}"]
        named = {"accounts": "sightings of accounts"}
        read = ", ".join(f"{count:,} {named.get(table, table)}" for table, count in self.rows.items()) or "no rows"
        told = [f"{self.name}: {self.format}: read {read}"]
        told += [f"  set aside {count:,}: {reason}" for reason, count in self.set_aside.items()]
        if self.first_set_aside:
            told.append(f"  first lines set aside: {', '.join(str(line) for line, _, _ in self.first_set_aside[:10])}")
        return told + [f"  note: {warning}" for warning in self.warnings]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        first = [{"line": line, "column": column, "reason": reason} for line, column, reason in self.first_set_aside]
        return {
            "name": self.name,
            "sha256": self.sha256,
            "format": self.format or None,
            "rows_read": dict(self.rows),
            "set_aside": dict(self.set_aside),
            "first_set_aside": first,
            "warnings": list(self.warnings),
            "left_out": self.left_out or None,
        }


@dataclass(frozen=True)
class ConversionReport:
    """One conversion: its files as handed in, rows written per table, sightings folded into others."""

    files: tuple[FileReport, ...]
    rows: Mapping[str, int]
    folded: Mapping[str, int]
    notices: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return the conversion in sentences."""
        told = [line for file in self.files for line in file.lines()]
        told += [f"{count:,} repeated rows of {table} were folded" for table, count in self.folded.items() if count]
        told += [f"note: {notice}" for notice in self.notices]
        return [*told, "wrote " + ", ".join(f"{count:,} {table}" for table, count in self.rows.items())]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for the command's ``--json``."""
        return {
            "files": [file.as_json() for file in self.files],
            "rows": dict(self.rows),
            "folded": dict(self.folded),
            "notices": list(self.notices),
        }


def report_of(harvest: Harvest, format_name: str) -> FileReport:
    """Return what one harvest holds; reasons are sorted, most frequent first."""
    reasons = sorted(harvest.set_aside_counts.items(), key=lambda item: (-item[1], item[0]))
    return FileReport(
        harvest.export.name,
        harvest.export.sha256,
        format_name,
        dict(sorted(harvest.rows_read.items())),
        dict(reasons),
        tuple(harvest.set_aside),
        harvest.warnings,
    )
