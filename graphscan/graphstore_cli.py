"""The commands around Neo4j: ``load``, ``queries``, ``investigate``, ``export-neo4j``.

In: arguments. Out: what each command tells, as :mod:`graphscan.cli` prints it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphscan.errors import SettingsError
from graphscan.progress import on_stderr

Command = Callable[[argparse.Namespace], dict[str, Any]]
Make = Callable[[Any, str, str, Command], argparse.ArgumentParser]


def add_commands(commands: Any, make: Make) -> None:  # noqa: ANN401  argparse has no public type for it
    """Declare the commands with the maker that :mod:`graphscan.cli` uses for its own."""
    _add_load(commands, make)


def _server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--uri", metavar="URI", help="the server, such as bolt://localhost:7687 (default: NEO4J_URI)")
    parser.add_argument("--user", metavar="NAME", help="who asks (default: NEO4J_USER, else neo4j)")
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="a file of mode 0600 with the password (default: NEO4J_PASSWORD)"
    )
    parser.add_argument("--database", metavar="NAME", help="the database (default: neo4j)")
    parser.add_argument(
        "--patience", type=float, metavar="SECONDS", help="how long a silent server is waited for (default: 45)"
    )


def _scope(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", type=Path, metavar="DATASET", help="the run's dataset, for the whole event graph")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument(
        "--around-clusters",
        dest="around",
        action="store_true",
        default=None,
        help="only clusters, their pairs and what they touched (default above 100,000 input rows)",
    )
    scope.add_argument("--whole", dest="around", action="store_false", default=None, help="everything, whatever its size")


def _patience(given: argparse.Namespace) -> float:
    from graphscan.graphstore.connection import PATIENCE_S

    seconds: float = PATIENCE_S if given.patience is None else given.patience
    if not 1 <= seconds <= 3600:
        raise SettingsError(f"--patience {seconds:g}; allowed is 1 to 3600 seconds")
    return seconds


def _add_load(commands: Any, make: Make) -> None:  # noqa: ANN401
    parser = make(commands, "load", "a run into Neo4j, again and again the same graph", _load)
    parser.add_argument("run", type=Path, help="a run's folder")
    _scope(parser)
    _server(parser)
    parser.add_argument("--keep", action="store_true", help="leave what former loads put there")
    parser.add_argument("--batch-rows", type=int, default=10_000, metavar="N", help="rows a transaction (default 10000)")


def _load(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.graphstore.access import find_access
    from graphscan.graphstore.connection import connected
    from graphscan.graphstore.loading import load
    from graphscan.graphstore.sources import open_source

    if not 1 <= given.batch_rows <= 100_000:
        raise SettingsError(f"--batch-rows {given.batch_rows}; allowed is 1 to 100000")
    access, patience = find_access(given.uri, given.user, given.password_file, given.database), _patience(given)
    with on_stderr(given.quiet) as progress:
        source = open_source(given.run, given.dataset, progress)
        with connected(access, patience) as connection:
            report = load(
                source, connection, progress, around=given.around, keep=given.keep, batch_rows=given.batch_rows
            )
    return {**report.as_json(), "uri": access.uri, "lines": report.lines()}
