"""What an explanation is: sentences first, then the frames they rest on.

In: sentences and frames. Out: plain text for a terminal, plain values for a machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from graphscan.reports.words import missing, one_line


@dataclass(frozen=True)
class Explanation:
    """An answer: its title, its sentences, and the frames they rest on, by name."""

    title: str
    lines: tuple[str, ...]
    frames: Mapping[str, pd.DataFrame]

    def __str__(self) -> str:
        """Return the title and the sentences as plain text; account's words cannot steer a terminal."""
        return "\n".join(one_line(line) for line in (self.title, "", *self.lines))

    def as_json(self) -> dict[str, Any]:
        """Return plain values: times as ISO 8601, missing values as null."""
        return {
            "title": self.title,
            "lines": list(self.lines),
            "frames": {name: _plain_rows(frame) for name, frame in self.frames.items()},
        }


def rows_by_name(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dicts by column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.items()} for row in rows_by_name(frame)]


def _plain(value: object) -> object:
    if isinstance(value, list):
        return value
    if missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat().replace("+00:00", "Z")
    return value
