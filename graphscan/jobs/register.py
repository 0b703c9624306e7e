"""The register: what the job has taken in, file by file, and which parts stand. Replaced whole, it is the one truth of the state.

In: ``intake.json``. Out: :class:`Register`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphscan.errors import SettingsError
from graphscan.jobs.config import JobConfig
from graphscan.jobs.days import Part, Parts
from graphscan.jobs.pseudonyms import Pseudonyms
from graphscan.jobs.state import State

FORMAT = 1
FILE = "intake.json"


@dataclass(frozen=True)
class Delivery:
    """One input file as it was taken: which, what came of its rows, and how many came after the pass of their day.

    ``repeated`` says that the same content was there under another name. ``late`` counts rows by day; ``erased`` and ``expired`` those
    dropped because their account was erased, or their day is purged; ``filled`` is the share of rows with a value, by optional column.
    """

    table: str
    name: str
    sha256: str
    rows_read: int = 0
    rows_set_aside: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    unknown_columns: tuple[str, ...] = ()
    repeated: bool = False
    late: Mapping[str, int] = field(default_factory=dict)
    equal: int = 0
    different: int = 0
    erased: int = 0
    expired: int = 0


@dataclass
class Register:
    """What was taken, which parts stand, whom nobody may bring back, and since when days are purged."""

    reading: Mapping[str, str]
    deliveries: list[Delivery] = field(default_factory=list)
    parts: Parts = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)
    purged_before: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values for the file."""
        parts = {t: {d: dataclasses.asdict(p) for d, p in days.items()} for t, days in self.parts.items()}
        return {
            "format": FORMAT,
            "reading": dict(self.reading),
            "deliveries": [dataclasses.asdict(d) for d in self.deliveries],
            "parts": parts,
            "erased": self.erased,
            "purged_before": self.purged_before,
        }

    def save(self, state: State) -> None:
        """Replace the file of the state."""
        state.write(FILE, self.as_json())


def reading_of(config: JobConfig, pseudonyms: Pseudonyms | None) -> dict[str, str]:
    """Return how rows are read: what cannot change while the same days stand."""
    settings = config.run_settings
    return {
        "day_timezone": config.day_timezone,
        "epoch_unit": settings.epoch_unit,
        "pseudonym_key": pseudonyms.key_id if pseudonyms else "",
        "timezone": settings.timezone,
    }


def open_register(state: State, reading: Mapping[str, str]) -> Register:
    """Read the register, or begin one.

    Raises
    ------
    SettingsError
        When the state was made by another format, or its rows were read in another way than is asked for now.
    """
    found = state.read(FILE, None)
    if found is None:
        return Register(reading)
    if found.get("format") != FORMAT:
        raise SettingsError(f"state {state.folder} is of format {found.get('format')!r}; this version reads {FORMAT}")
    changed = [f"{k}: {found['reading'][k]!r} then, {v!r} now" for k, v in reading.items() if found["reading"][k] != v]
    if changed:
        raise SettingsError(
            f"state {state.folder} was read in another way ({'; '.join(changed)}); set it back, or begin a new state folder"
        )
    deliveries = [Delivery(**{**d, "unknown_columns": tuple(d["unknown_columns"])}) for d in found["deliveries"]]
    parts = {t: {d: Part(**p) for d, p in days.items()} for t, days in found["parts"].items()}
    return Register(reading, deliveries, parts, found["erased"], found["purged_before"])
