"""The commands around Neo4j: ``load``, ``queries``, ``investigate``, ``export-neo4j``.

In: arguments. Out: what each command tells, as :mod:`graphscan.cli` prints it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from graphscan.errors import SettingsError
from graphscan.progress import on_stderr

Command = Callable[[argparse.Namespace], dict[str, Any]]
Make = Callable[[Any, str, str, Command], argparse.ArgumentParser]


def add_commands(commands: Any, make: Make) -> None:
    """Declare the commands with the maker that :mod:`graphscan.cli` uses for its own."""
    for add in (_add_load, _add_queries, _add_investigate, _add_export):
        add(commands, make)


def _server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--uri", metavar="URI", help="the server, such as bolt://localhost:7687 (default: NEO4J_URI)")
    parser.add_argument("--user", metavar="NAME", help="who asks (default: NEO4J_USER, else neo4j)")
    parser.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="a file of mode 0600 with the password (default: NEO4J_PASSWORD)",
    )
    parser.add_argument("--database", metavar="NAME", help="the database (default: neo4j)")
    parser.add_argument(
        "--patience",
        type=float,
        metavar="SECONDS",
        help="how long a silent server is waited for (default: 45)",
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
    scope.add_argument(
        "--whole", dest="around", action="store_false", default=None, help="everything, whatever its size"
    )


def _patience(given: argparse.Namespace) -> float:
    from graphscan.graphstore.connection import PATIENCE_S

    seconds: float = PATIENCE_S if given.patience is None else given.patience
    if not 1 <= seconds <= 3600:
        raise SettingsError(f"--patience {seconds:g}; allowed is 1 to 3600 seconds")
    return seconds


def _add_load(commands: Any, make: Make) -> None:
    parser = make(commands, "load", "a run into Neo4j, again and again the same graph", _load)
    parser.add_argument("run", type=Path, help="a run's folder")
    _scope(parser)
    _server(parser)
    parser.add_argument("--keep", action="store_true", help="leave what former loads put there")
    parser.add_argument(
        "--batch-rows", type=int, default=10_000, metavar="N", help="rows a transaction (default 10000)"
    )


def _load(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.graphstore.access import find_access
    from graphscan.graphstore.connection import connected
    from graphscan.graphstore.loading import load
    from graphscan.graphstore.sources import open_source

    if not 1 <= given.batch_rows <= 100_000:
        raise SettingsError(f"--batch-rows {given.batch_rows}; allowed is 1 to 100000")
    access, patience = (
        find_access(given.uri, given.user, given.password_file, given.database),
        _patience(given),
    )
    with on_stderr(given.quiet) as progress:
        source = open_source(given.run, given.dataset, progress)
        with connected(access, patience) as connection:
            report = load(
                source,
                connection,
                progress,
                around=given.around,
                keep=given.keep,
                batch_rows=given.batch_rows,
            )
    return {**report.as_json(), "uri": access.uri, "lines": report.lines()}


def _add_queries(commands: Any, make: Make) -> None:
    parser = make(commands, "queries", "the investigator's questions: list them, or ask one", _queries)
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="its number or name; none: list them all")
    parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help="may be given again")
    _server(parser)


def _queries(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.graphstore.questions import find_question, read_questions

    questions = read_questions()
    if given.question is None:
        return {
            "questions": [q.as_json() for q in questions],
            "lines": [line for q in questions for line in q.lines()],
        }
    from graphscan.graphstore.access import find_access
    from graphscan.graphstore.answers import ask
    from graphscan.graphstore.connection import connected

    question, parameters = find_question(given.question, questions), _parameters(given.param)
    question.values(parameters)
    access = find_access(given.uri, given.user, given.password_file, given.database)
    with connected(access, _patience(given)) as connection:
        answer = ask(question, parameters, connection)
    return {**answer.as_json(), "lines": answer.lines()}


def _parameters(given: list[str]) -> dict[str, str]:
    for text in given:
        if "=" not in text:
            raise SettingsError(f"--param {text!r}; allowed is NAME=VALUE")
    return dict(text.split("=", 1) for text in given)


def _add_investigate(commands: Any, make: Make) -> None:
    parser = make(
        commands, "investigate", "a server, the run in it, and one address where the case plays", _investigate
    )
    parser.add_argument("run", type=Path, nargs="?", help="a run's folder; none: what the server holds already")
    _scope(parser)
    _server(parser)
    parser.add_argument(
        "--browser", metavar="URL", help="the Browser of your own server (default: port 7474 of its host)"
    )


def _investigate(given: argparse.Namespace) -> dict[str, Any]:
    import os

    from graphscan.graphstore.access import find_access
    from graphscan.graphstore.investigating import Wanted, sitting

    own = not (given.uri or os.environ.get("NEO4J_URI"))
    if own and given.run is None:
        raise SettingsError("investigate needs a RUN, or a server that holds one (--uri or NEO4J_URI)")
    server = None if own else find_access(given.uri, given.user, given.password_file, given.database)
    wanted = Wanted(given.run, given.dataset, given.around, _patience(given))
    _end_in_order()
    with on_stderr(given.quiet) as progress, sitting(wanted, server, given.browser, progress) as found:
        _show(found.address, given.json)
        _wait_for_the_end()
    return {"lines": ["The server and its data are gone."] if own else []}


def _show(address: str, as_json: bool) -> None:
    import json

    line = json.dumps({"address": address}) if as_json else f"Open {address}\nCtrl-C ends it."
    print(line, flush=True)


def _end_in_order() -> None:
    """Let the system's SIGTERM end the command as Ctrl-C does, so that the server it started ends with it."""
    import signal

    signal.signal(signal.SIGTERM, signal.default_int_handler)


def _wait_for_the_end() -> None:
    """Wait until the user (Ctrl-C) or the system (SIGTERM) ends the command."""
    import threading

    with suppress(KeyboardInterrupt):
        threading.Event().wait()


def _add_export(commands: Any, make: Make) -> None:
    parser = make(commands, "export-neo4j", "files for neo4j-admin database import full, for millions of rows", _export)
    parser.add_argument("run", type=Path, help="a run's folder")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="must not exist yet")
    _scope(parser)


def _export(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.graphstore.exporting import export
    from graphscan.graphstore.sources import open_source

    with on_stderr(given.quiet) as progress:
        report = export(open_source(given.run, given.dataset, progress), given.out, progress, given.around)
    nodes, relationships = sum(report.nodes.values()), sum(report.relationships.values())
    line = f"{nodes:,} nodes and {relationships:,} relationships in {given.out}; {given.out / 'import.sh'} imports them"
    return {**report.as_json(), "out": str(given.out), "lines": [line]}
