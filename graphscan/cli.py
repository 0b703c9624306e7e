"""The command line: reads arguments, calls one function, prints what it returned, and ends with the right exit code.

Exit codes: 0 done; 1 the input or the settings are wrong; 2 usage; 75 something outside failed and running again is safe.
Everything heavy is imported inside the command that needs it, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from graphscan import casework_cli, graphstore_cli, jobs_cli, ledger_cli
from graphscan.errors import GraphscanError, OutsideError
from graphscan.progress import on_stderr

Command = Callable[[argparse.Namespace], dict[str, Any]]


STOPPED = 130
"""Exit code of a command that a person stopped, as shells have it."""


def main(arguments: Sequence[str] | None = None, *, stopped: Callable[[int], int] = int) -> int:
    """Run one command; return its exit code. ``stopped`` gets that of a command that a person stopped, before it is taken down."""
    parser = build_parser()
    given = parser.parse_args(arguments)
    try:
        told = given.command(given)
        _print(told, given.json)
    except GraphscanError as error:
        print(f"graphscan: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("graphscan: stopped; nothing was published", file=sys.stderr)
        return stopped(STOPPED)
    except (MemoryError, OSError) as error:
        outside = OutsideError(f"{type(error).__name__}: {error}; nothing was published, running again is safe")
        print(f"graphscan: {outside}", file=sys.stderr)
        return outside.exit_code
    return 0


def _print(told: dict[str, Any], as_json: bool) -> None:
    """Print the lines of a result, or the whole of it as one JSON object; in escapes what the terminal cannot show."""
    lines = told.pop("lines", [])
    if not told and not lines:
        return  # the command has told it all itself
    text = json.dumps(told, sort_keys=True) if as_json else "\n".join(lines)
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="graphscan",
        description="Finds batch-operated account clusters in a content platform's logs, with evidence a person can read.",
    )
    parser.add_argument("--version", action="version", version=f"graphscan {_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (
        _add_run,
        _add_pairs,
        _add_convert,
        _add_check,
        _add_explain,
        _add_report,
        _add_evaluate,
        _add_simulate,
    ):
        add(commands)
    graphstore_cli.add_commands(commands, _command)
    actions = ledger_cli.add_commands(commands, _command)
    casework_cli.add_actions(actions["review"])
    jobs_cli.add_commands(commands, _command)
    return parser


def _version() -> str:
    from importlib.metadata import version

    return version("graphscan")


def _command(commands: Any, name: str, sentence: str, function: Command) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=sentence, description=sentence)
    parser.set_defaults(command=function)
    parser.add_argument("--json", action="store_true", help="print one machine-readable object")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return parser


def _reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--timezone", metavar="ZONE", help="zone of times without one (default UTC)")
    parser.add_argument("--epoch", choices=("s", "ms"), help="times given as numbers are epoch seconds or milliseconds")
    parser.add_argument("--config", type=Path, metavar="FILE", help="a TOML file of settings (docs/settings.md)")
    parser.add_argument("--memory", metavar="SIZE", help="the memory that the run works to, such as 2GB (default 8GB)")
    parser.add_argument("--threads", type=int, metavar="N", help="threads (default: one a core)")


def _settings(given: argparse.Namespace, **more: Any) -> Any:
    from graphscan.settings import read_settings

    return read_settings(
        given.config,
        timezone=given.timezone,
        epoch_unit=given.epoch,
        memory=given.memory,
        threads=given.threads,
        **more,
    )


def _add_run(commands: Any) -> None:
    parser = _command(commands, "run", "the main job: read, find, describe, and leave a run folder", _run)
    parser.add_argument("dataset", type=Path, help="a folder in the form of docs/dataset.md")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="the run's folder; must not exist yet")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of all randomness (default 1)")
    parser.add_argument(
        "--engine", choices=("local", "spark"), help="where the meetings stage runs (default local; docs/scale.md)"
    )
    _reading(parser)


def _run(given: argparse.Namespace) -> dict[str, Any]:
    settings = _settings(given, seed=given.seed, engine=given.engine)
    from graphscan.pipeline import scan_dataset

    with on_stderr(given.quiet) as progress:
        run = scan_dataset(given.dataset, given.out, settings, progress)
    counts = run.manifest["counts"]
    lines = [
        f"{counts['clusters']} clusters of {counts['clustered_accounts']} accounts among {counts['accounts']:,}"
        " — flagged for a look; coordination alone measures nobody."
    ]
    lines += [
        f"  {row.cluster_id}  score {row.score:.2f}  {row.sentence}" for row in run.clusters.head(20).itertuples()
    ]
    proposals = run.manifest["proposals"]
    told = ", ".join(f"{proposals[m]:,} {m}" for m in ("ban", "limit", "warn"))
    lines += [
        f"Proposed by policy {run.manifest['policy']['name']}: {told}. These are proposals; "
        "nothing has happened to any account."
    ]
    lines += [f"Report: {given.out / 'report.html'}"]
    return {
        "proposals": proposals,
        "run": str(given.out),
        "report": str(given.out / "report.html"),
        "counts": counts,
        "quality": run.manifest["quality"],
        "lines": lines,
    }


def _add_pairs(commands: Any) -> None:
    parser = _command(commands, "pairs", "the raw meetings before any validation, exactly", _pairs)
    parser.add_argument("dataset", type=Path, help="a folder in the form of docs/dataset.md")
    parser.add_argument("--out", type=Path, required=True, metavar="PAIRS.parquet", help="must not exist yet")
    parser.add_argument("--behaviour", action="append", metavar="NAME", help="only this one; may be given again")
    parser.add_argument("--window", type=float, default=60.0, metavar="SECONDS", help="how far apart (default 60)")
    parser.add_argument("--min-objects", type=int, default=2, metavar="K", help="common objects needed (default 2)")
    _reading(parser)


def _pairs(given: argparse.Namespace) -> dict[str, Any]:
    settings = _settings(given, behaviours=given.behaviour)
    from graphscan.raw_pairs import write_pairs

    with on_stderr(given.quiet) as progress:
        counts = write_pairs(given.dataset, given.out, settings, given.window, given.min_objects, progress)
    lines = [f"{name}: {n:,} pairs" for name, n in counts.items()] + [f"{sum(counts.values()):,} pairs in {given.out}"]
    return {"out": str(given.out), "pairs": counts, "lines": lines}


def _add_convert(commands: Any) -> None:
    parser = _command(commands, "convert", "a foreign export to a dataset", _convert)
    parser.add_argument("exports", type=Path, nargs="+", metavar="EXPORT", help="files or folders")
    parser.add_argument("--out", type=Path, required=True, metavar="DATASET", help="must not exist yet")
    parser.add_argument("--format", metavar="NAME", help="the format, where its content does not tell")
    parser.add_argument("--timezone", metavar="ZONE", help="zone of times without one")
    parser.add_argument("--columns", type=Path, metavar="FILE", help="a TOML column map for any other file")


def _convert(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.intake.adapters import convert

    with on_stderr(given.quiet) as progress:
        report = convert(
            given.exports,
            given.out,
            format=given.format,
            timezone=given.timezone,
            columns=given.columns,
            progress=progress,
        )
    return {**report.as_json(), "out": str(given.out), "lines": report.lines()}


def _add_check(commands: Any) -> None:
    parser = _command(commands, "check", "what a dataset holds, lacks, and can and cannot support", _check)
    parser.add_argument("dataset", type=Path, help="a folder in the form of docs/dataset.md")
    _reading(parser)


def _check(given: argparse.Namespace) -> dict[str, Any]:
    settings = _settings(given)
    from graphscan.intake import check_dataset, read_dataset

    with on_stderr(given.quiet) as progress:
        dataset = read_dataset(
            given.dataset, timezone=settings.timezone, epoch_unit=settings.epoch_unit, progress=progress
        )
        found = check_dataset(dataset)
    return {**found.as_json(), "quality": dataset.quality.as_json(), "lines": found.lines()}


def _add_explain(commands: Any) -> None:
    parser = _command(commands, "explain", "why this account, this cluster, or this pair: down to the rows", _explain)
    parser.add_argument("run", type=Path, help="a run's folder")
    parser.add_argument("ids", nargs="+", metavar="ID", help="an account, a cluster, or two accounts")


def _explain(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.run import Run

    told = Run.open(given.run).explain(*given.ids)
    return {**told.as_json(), "lines": list(told.lines)}


def _add_report(commands: Any) -> None:
    parser = _command(commands, "report", "the report again, from the run", _report)
    parser.add_argument("run", type=Path, help="a run's folder")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where to (default: the run itself, whose report and pictures are replaced)",
    )


def _report(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.reports.writing import rerender
    from graphscan.run import Run

    run = Run.open(given.run)
    out = given.out or given.run
    rerender(run, out)
    return {"report": str(out / "report.html"), "lines": [f"Report: {out / 'report.html'}"]}


def _add_evaluate(commands: Any) -> None:
    parser = _command(commands, "evaluate", "precision, recall and false flags against a known truth", _evaluate)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="a run's folder; several are pooled")
    parser.add_argument(
        "--truth",
        type=Path,
        required=True,
        action="append",
        metavar="TRUTH.csv",
        help="account_id, role, cluster, measure, slice; once a run, in the order of the runs",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="the quality report, as quality.html and quality.json; or one FILE.html or FILE.json; must not exist yet",
    )


def _evaluate(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.publishing import check_free

    if given.out is not None:
        check_free(given.out)
    from graphscan.evaluation import evaluate

    found = evaluate(given.runs, given.truth)
    told, lines = found.as_json(), found.lines()
    if given.out is not None:
        from graphscan.evaluation.writing import write_quality

        files = [str(file) for file in write_quality(found, given.out)]
        told, lines = {**told, "files": files}, [*lines, "", *(f"Report: {file}" for file in files)]
    return {**told, "lines": lines}


def _add_simulate(commands: Any) -> None:
    parser = _command(commands, "simulate", "make a world with known truth", _simulate)
    parser.set_defaults(usage=parser.error)
    parser.add_argument(
        "--list", action="store_true", help="name the scenarios and end; with --json also their parts, marks and slices"
    )
    parser.add_argument("--out", type=Path, metavar="DATASET", help="must not exist yet")
    parser.add_argument("--scenario", metavar="NAME", help="which world")
    parser.add_argument(
        "--scale",
        type=int,
        metavar="N",
        help="ordinary accounts (default: the scenario's own); above 200,000 a land of towns, in parts",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed (default 1)")


def _simulate(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.simulate import SCENARIOS, simulate

    if given.list:
        from graphscan.simulate.catalogue import catalogue

        return {"scenarios": catalogue(), "lines": [f"{s.name:18s} {s.sentence}" for s in SCENARIOS]}
    if given.out is None or given.scenario is None:
        given.usage("simulate needs --scenario NAME and --out DATASET (or --list)")
    with on_stderr(given.quiet) as progress:
        made = simulate(given.out, given.scenario, scale=given.scale, seed=given.seed, progress=progress)
    return {**made.as_json(), "lines": made.lines()}


if __name__ == "__main__":
    sys.exit(main())
