"""How fast a graph goes into Neo4j, over Bolt and by neo4j-admin: 1,000,000 nodes and 3,000,000 relationships.

    python benchmarks/neo4j_load.py [--scale 1.0] [--way bolt|import|both]

Needs Java 17 or 21, Maven the first time, the extra ``graphscan[neo4j]``, and 4 GB of memory. Prints one JSON object:
for each way the wall-clock seconds, nodes and relationships, and rows a second. The graph is random with a fixed seed:
a quarter of the nodes are accounts, a quarter notes, half comments.
"""

import argparse
import json
import os
import shlex
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphscan.graphstore.connection import connected
from graphscan.graphstore.exporting import export
from graphscan.graphstore.jars import find_java, server_jars
from graphscan.graphstore.loading import load
from graphscan.graphstore.server import running
from graphscan.graphstore.sources import Source, complete
from graphscan.progress import Lines
from graphscan.tables import ACCOUNT_RESULTS, COMMENTS, INTERACTIONS, NOTES, RUN_TABLES, Table

START_MS = 1_767_225_600_000  # 2026-01-01


def made_table(table: Table, columns: dict[str, pa.Array], rows: int) -> pa.Table:
    arrays = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in table.schema]
    return pa.table(arrays, schema=table.schema)


def ids(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pa.array([f"{prefix}{n:08d}" for n in numbers])


def made_source(scale: float) -> Source:
    """Return a source of 1,000,000 nodes and 3,000,000 relationships, times ``scale``."""
    draw = np.random.default_rng(1)
    accounts, notes, comments, likes = (round(n * scale) for n in (250_000, 250_000, 500_000, 1_750_000))
    times = {n: pa.array(START_MS + draw.integers(0, 10**9, n)) for n in (notes, comments, likes)}
    given = {
        "notes": made_table(
            NOTES,
            {
                "note_id": ids("n", np.arange(notes)),
                "account_id": ids("a", draw.integers(0, accounts, notes)),
                "created_at": times[notes],
                "title": ids("note ", np.arange(notes)),
            },
            notes,
        ),
        "comments": made_table(
            COMMENTS,
            {
                "comment_id": ids("c", np.arange(comments)),
                "note_id": ids("n", draw.integers(0, notes, comments)),
                "account_id": ids("a", draw.integers(0, accounts, comments)),
                "created_at": times[comments],
                "text": ids("words ", np.arange(comments)),
            },
            comments,
        ),
        "interactions": made_table(
            INTERACTIONS,
            {
                "account_id": ids("a", draw.integers(0, accounts, likes)),
                "kind": pa.array(["like"] * likes),
                "target_kind": pa.array(["note"] * likes),
                "target_id": ids("n", draw.integers(0, notes, likes)),
                "created_at": times[likes],
            },
            likes,
        ),
    }
    run = {t.name: t.schema.empty_table() for t in RUN_TABLES}
    run["accounts"] = made_table(ACCOUNT_RESULTS, {"account_id": ids("a", np.arange(accounts))}, accounts)
    return Source(run, complete(given), f"benchmark {scale}", datetime(2026, 2, 1, tzinfo=UTC), "benchmark", True)


def by_bolt(source: Source, folder: Path) -> dict:
    server = running(folder / "bolt", heap="2g", quick=False, more={"server.memory.pagecache.size": "1g"})
    with server as started, connected(started.access) as connection:
        report = load(source, connection, Lines(), around=False)
    return told(report.seconds, report)


def by_import(source: Source, folder: Path) -> dict:
    began = time.monotonic()
    report = export(source, folder / "files", Lines(), around=False)
    written = time.monotonic()
    home = folder / "home"
    (home / "conf").mkdir(parents=True)
    (home / "conf" / "neo4j.conf").touch()
    (home / "lib").symlink_to(server_jars())
    text = (folder / "files" / "import.sh").read_text(encoding="utf-8").split("exec neo4j-admin")[1]
    arguments = shlex.split(text[: text.index('"$@"')].replace("\\\n", " "))
    command = [find_java(), "-cp", f"{server_jars()}/*", "org.neo4j.server.startup.Neo4jAdminBoot", *arguments]
    places = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf"), "HEAP_SIZE": "1g"}
    command.append("--max-off-heap-memory=2G")
    subprocess.run(command, cwd=folder / "files", env={**os.environ, **places}, check=True, stdout=subprocess.DEVNULL)
    ended = time.monotonic()
    return {
        **told(ended - began, report),
        "writing_s": round(written - began, 1),
        "import_s": round(ended - written, 1),
    }


def told(seconds: float, report) -> dict:
    return {
        "seconds": round(seconds, 1),
        "nodes": sum(report.nodes.values()),
        "relationships": sum(report.relationships.values()),
        "rows_per_second": round(report.rows / seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--way", choices=("bolt", "import", "both"), default="both")
    given = parser.parse_args()
    source, found = made_source(given.scale), {"scale": given.scale, "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="graphscan-benchmark-") as folder:
        for name, way in (("import", by_import), ("bolt", by_bolt)):
            if given.way in (name, "both"):
                found[name] = way(source, Path(folder))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
