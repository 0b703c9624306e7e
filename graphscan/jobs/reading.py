"""A finished pass, read back: its run, its lineages, what happened to them, its drift.

In: a pass's folder, or a job's state folder for its last pass. Out: :class:`Pass`. Nothing here changes a pass.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from graphscan.errors import InputError
from graphscan.jobs.state import State
from graphscan.jobs.tables import PASS_TABLES
from graphscan.run import Run


class Pass:
    """One pass: ``run`` (a :class:`graphscan.run.Run`), ``facts``, ``report``, and its tables as frames."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.facts: dict[str, Any] = _json(path / "pass.json")
        self.report: dict[str, Any] = _json(path / "report.json")
        self.run = Run.open(path / "run")

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of :data:`graphscan.jobs.tables.PASS_TABLES`; KeyError for another name."""
        if name not in {t.name for t in PASS_TABLES}:
            raise KeyError(f"{name!r} is no table of a pass; allowed: {', '.join(t.name for t in PASS_TABLES)}")
        frame: pd.DataFrame = pq.read_table(self.path / f"{name}.parquet").to_pandas()
        return frame

    @property
    def lineages(self) -> pd.DataFrame:
        """One row a lineage."""
        return self.frame("lineages")

    @property
    def events(self) -> pd.DataFrame:
        """One row a thing that happened to a lineage, since the first pass."""
        return self.frame("lineage_events")

    @property
    def members(self) -> pd.DataFrame:
        """One row an account in a lineage."""
        return self.frame("lineage_members")

    @property
    def drift(self) -> pd.DataFrame:
        """One row a feature of the newest day."""
        return self.frame("drift")


def read_pass(path: str | Path) -> Pass:
    """Open a pass's folder, or the last pass of a job's state folder; InputError when it is neither."""
    folder = Path(path)
    if not (folder / "pass.json").is_file():
        last = State(folder).last_pass()
        if last is None:
            raise InputError(f"{folder} is no pass and no state folder with one: pass.json is missing")
        folder = folder / "passes" / last
    return Pass(folder)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    return dict(found)
