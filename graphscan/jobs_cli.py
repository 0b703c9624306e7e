"""The command of the periodic job: ``job``.

In: arguments. Out: what it tells, as :mod:`graphscan.cli` prints it.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphscan.errors import SettingsError
from graphscan.progress import on_stderr

Command = Callable[[argparse.Namespace], dict[str, Any]]
Make = Callable[[Any, str, str, Command], argparse.ArgumentParser]


def add_commands(commands: Any, make: Make) -> None:
    """Declare the command with the maker that :mod:`graphscan.cli` uses for its own."""
    parser = make(commands, "job", "one periodic pass: new data in, same state, what changed, a report", _job)
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help="nothing: a pass for every day that has none; status: where the job stands; erase ACCOUNT: its data gone",
    )
    parser.add_argument("--config", type=Path, required=True, metavar="JOB.toml", help="the job (docs/jobs.md)")
    parser.add_argument("--until", metavar="DATE", help="the last day to pass (default: the newest delivered)")
    parser.add_argument("--once", action="store_true", help="one pass at most, even if more days are missing")


def _job(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.jobs.config import read_job

    until = _day(given.until)
    config = read_job(given.config)
    what = given.what
    if what == ["status"]:
        return _status(config)
    if what and (what[0] != "erase" or len(what) != 2):
        raise SettingsError(f"job {' '.join(what)}: allowed is nothing, status, or erase ACCOUNT")
    from graphscan.jobs.job import erase_account, run_job

    with on_stderr(given.quiet) as progress:
        done = erase_account(config, what[1], progress) if what else run_job(config, until, given.once, progress)
    return {**done.as_json(), "lines": _lines(done)}


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise SettingsError(f"--until {text!r}; allowed is a day such as 2026-03-05") from None


def _lines(done: Any) -> list[str]:
    lines = [] if done.rows_erased is None else [f"{done.rows_erased:,} rows of the account are gone."]
    if done.ledger is not None:
        lines.append(f"Ledger: {', '.join(f'{n} {name}' for name, n in done.ledger.items())}; the chain stays valid.")
    lines += [f"Pass {name} removed: it held an erased account." for name in done.removed]
    if done.folder is None:
        return [*lines, "No day to pass yet."]
    if not done.made:
        return [*lines, f"Nothing new: pass {done.last_pass} stands.", f"Report: {done.folder / 'report.html'}"]
    brief = (done.folder / "brief.txt").read_text(encoding="utf-8").splitlines()
    return [*lines, f"Made {', '.join(done.made)}.", *brief, f"Report: {done.folder / 'report.html'}"]


def _status(config: Any) -> dict[str, Any]:
    from graphscan.jobs.job import status

    told = dict(status(config))
    waiting = told["days_without_pass"]
    lines = [
        f"state {told['state']}: last pass {told['last_pass'] or 'none'}, {len(told['passes'])} kept, {told['files']:,} files taken in",
        f"days without a pass: {', '.join(waiting) if waiting else 'none'}",
        f"erased accounts: {told['erased']}; days purged before: {told['purged_before'] or 'none'}",
    ]
    lines += [f"{step}: done up to {pass_id}" for step, pass_id in sorted(told["outside"].items())]
    return {**told, "lines": lines}
