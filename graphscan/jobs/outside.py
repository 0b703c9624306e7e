"""What a pass does outside its own folder: the graph database, and the ledger. Each may fail without harm to the pass.

In: the last pass. Out: ``outside.json``, which says up to which pass each outside step is done. What failed is tried again by
the next call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow.parquet as pq

from graphscan.errors import OutsideError
from graphscan.graphstore.access import Access, find_access
from graphscan.graphstore.connection import PATIENCE_S, connected
from graphscan.graphstore.loading import load
from graphscan.graphstore.sources import open_source
from graphscan.jobs.config import JobConfig
from graphscan.jobs.outcomes import propose
from graphscan.jobs.state import State
from graphscan.progress import Progress

FILE = "outside.json"
Step = Callable[[JobConfig, Path, Progress], None]


def access(config: JobConfig) -> Access | None:
    """Return how to reach the graph database, None where none is named; SettingsError when the password file is wrong."""
    if not config.neo4j_uri:
        return None
    password = config.path(config.neo4j_password_file) if config.neo4j_password_file else None
    return find_access(config.neo4j_uri, config.neo4j_user, password, config.neo4j_database)


def _load(config: JobConfig, folder: Path, progress: Progress) -> None:
    """Load the run of a pass into Neo4j; what former loads left is removed, an erased account's nodes too."""
    where = access(config)
    if where is not None:
        source = open_source(folder / "run", None, progress)
        with connected(where, PATIENCE_S) as connection:
            load(source, connection, progress, around=None, keep=False)


def _propose(config: JobConfig, folder: Path, progress: Progress) -> None:
    """Bring the proposals of a pass into the ledger; what is only watched stays out."""
    progress.step("proposing to the ledger")
    lineages = pq.read_table(folder / "lineages.parquet").to_pylist()
    watched = [x["cluster_id"] for x in lineages if x["status"] == "present" and not x["announced"]]
    propose(config, folder / "run", watched)


STEPS: Mapping[str, tuple[Callable[[JobConfig], bool], Step]] = {
    "neo4j": (lambda config: bool(config.neo4j_uri), _load),
    "ledger": (lambda config: bool(config.ledger), _propose),
}
"""Outside steps in their order: whether the job wants it, and what it does. Each must be safe to do twice."""


def go_outside(state: State, config: JobConfig, progress: Progress) -> list[str]:
    """Do for the last pass what is not done yet; return what failed, one sentence a step."""
    last, done, failed = state.last_pass(), dict(state.read(FILE, {})), []
    for name, (wanted, step) in STEPS.items():
        if last is None or not wanted(config) or done.get(name) == last:
            continue
        try:
            step(config, state.passes / last, progress)
        except (OutsideError, OSError) as error:
            failed.append(f"{name}: {error}")
            continue
        done[name] = last
        state.write(FILE, done)
    return failed
