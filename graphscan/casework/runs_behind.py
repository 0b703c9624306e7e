"""The runs behind decisions, opened when asked for and held against what the decision rests on.

In: a decision. Out: its run, or the sentence that says why there is none. A run whose bytes are not those of the proposal is not shown:
a reviewer would look at other evidence than the one decided on.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from graphscan.errors import GraphscanError, InputError
from graphscan.ledger.records import Decision
from graphscan.publishing import sha256_of
from graphscan.run import Run

MOST_OPEN = 3
"""Runs kept open; each holds the tables it was asked for in memory."""


class RunsBehind:
    """Opens runs; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[str, str], Run] = OrderedDict()

    def of(self, decision: Decision) -> tuple[Run | None, str | None]:
        """Return a decision's run and None, or None and why there is none."""
        key = (decision.run_path, decision.run_id)
        with self._lock:
            if key not in self._open:
                try:
                    self._open[key] = open_checked(Path(decision.run_path), decision.run_id)
                except GraphscanError as error:
                    return None, str(error)
            self._open.move_to_end(key)
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
            return self._open[key], None


def open_checked(path: Path, run_id: str) -> Run:
    """Open a run whose manifest has the SHA-256 ``run_id`` and whose tables are those it names; InputError otherwise."""
    run = Run.open(path)
    if sha256_of(path / "run.json") != run_id:
        raise InputError(f"run {path} is not the one this decision rests on (SHA-256 of run.json differs)")
    for name, digest in (run.manifest.get("outputs") or {}).items():
        if name.endswith(".parquet") and sha256_of(path / name) != digest:
            raise InputError(f"{path / name} is not the file that run.json names (SHA-256 differs)")
    return run
