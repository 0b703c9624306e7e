"""What people read and do about decisions, on the command line: ``review page``, ``serve``, ``notice``, ``statement``, ``statements``.

In: arguments. Out: what each action tells, as :mod:`graphscan.cli` prints it. They are actions of the command ``review``, whose other
actions (list, show, approve, reject …) are the ledger's.
"""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphscan.errors import InputError, SettingsError
from graphscan.ledger_cli import add_action, one_decision, open_ledger

if TYPE_CHECKING:
    from graphscan.ledger import Decision
    from graphscan.run import Run

TOKEN_VARIABLE = "GRAPHSCAN_REVIEW_TOKEN"
MIN_TOKEN_CHARS = 16
"""A shorter one can be guessed: the site cannot slow a guesser down."""

PORT = 8766


def add_actions(actions: Any) -> None:
    """Add the actions to those of ``review``."""
    one_decision(page := add_action(actions, "page", "the case of one decision, as one HTML file", _page))
    page.add_argument("--out", type=Path, required=True, metavar="FILE.html", help="must not exist yet")
    _address(page)
    _add_serve(actions)
    one_decision(notice := add_action(actions, "notice", "what the account holder reads about a decision", _notice))
    notice.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN", help="default zh-CN")
    notice.add_argument("--out", type=Path, metavar="FILE", help="write it here, as HTML where the name ends so")
    notice.add_argument("--sent-at", metavar="INSTANT", help="when it goes out (ISO 8601), for the last day of appeal")
    _address(notice)
    one_decision(one := add_action(actions, "statement", "the DSA statement of reasons of a decision", _statement))
    _rules(one)
    many = add_action(actions, "statements", "the statements of all that took effect, as JSON lines", _statements)
    many.add_argument("--out", type=Path, required=True, metavar="FILE.jsonl", help="must not exist yet")
    _rules(many)


def _address(parser: argparse.ArgumentParser) -> None:
    from graphscan.casework import APPEAL_ADDRESS

    parser.add_argument(
        "--appeal-address",
        default=APPEAL_ADDRESS,
        metavar="ADDRESS",
        help=f"where appeals are made, as the notice tells it (default {APPEAL_ADDRESS}, which is nowhere)",
    )


def _rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rules-url", metavar="URL", help="where the platform's rules stand")


def _add_serve(actions: Any) -> None:
    parser = add_action(actions, "serve", "the queue, cases and appeals as a web page on this machine", _serve)
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"default {PORT}; 0: any that is free")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="HOST",
        help="what to listen on (default 127.0.0.1; any other needs a token)",
    )
    parser.add_argument(
        "--name", action="append", default=[], metavar="NAME", help="a further name the site answers to"
    )
    parser.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help=f"a file of mode 0600 with the token (default: {TOKEN_VARIABLE})",
    )
    _address(parser)


def _page(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.casework.case_pages import case_page

    with open_ledger(given) as ledger:
        decision = ledger.decision(given.decision)
        siblings = ledger.decisions(cluster=decision.cluster_id) if decision.cluster_id else []
        entries, appeals = ledger.entries(decision.decision_id), ledger.appeals(decision=decision.decision_id)
    run, lacking = _run_of(decision)
    html = case_page(
        decision,
        run,
        history=entries,
        appeals=appeals,
        siblings=siblings,
        lacking=lacking,
        appeal_address=given.appeal_address,
    )
    _write(given.out, html)
    told = [f"The run behind it cannot be read: {lacking}"] if lacking else []
    return {"page": str(given.out), "lacking": lacking, "lines": [f"Case: {given.out}", *told]}


def _notice(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.casework.outcomes import notice_due

    with open_ledger(given) as ledger:
        decision = ledger.decision(given.decision)
        entries, appeals = ledger.entries(decision.decision_id), ledger.appeals(decision=decision.decision_id)
    made = notice_due(
        decision,
        given.language,
        history=entries,
        appeals=appeals,
        appeal_address=given.appeal_address,
        sent_at=given.sent_at,
        run=_run_of(decision)[0],
    )
    if given.out is not None:
        _write(given.out, made.html() if given.out.suffix in (".html", ".htm") else made.text())
        return {"notice": str(given.out), "draft": made.draft, "lines": [f"Notice: {given.out}"]}
    return {**made.as_json(), "lines": made.text().splitlines()}


def _statement(given: argparse.Namespace) -> dict[str, Any]:
    import json

    from graphscan.casework.statements import statement_of_reasons

    with open_ledger(given) as ledger:
        decision = ledger.decision(given.decision)
    made = statement_of_reasons(decision, run=_run_of(decision)[0], reference_url=given.rules_url)
    return {**made, "lines": json.dumps(made, indent=2, sort_keys=True, ensure_ascii=False).splitlines()}


def _statements(given: argparse.Namespace) -> dict[str, Any]:
    from graphscan.casework.runs_behind import RunsBehind
    from graphscan.casework.statements import export_statements

    with open_ledger(given) as ledger:
        decisions = ledger.decisions()
    runs = RunsBehind()
    made = export_statements(decisions, lambda decision: runs.of(decision)[0], reference_url=given.rules_url)
    _write(given.out, made.text())
    lines = [f"{len(made.lines)} statements in {given.out}"]
    lines += [f"{n} decisions owe none: {why}" for why, n in made.owed_none.items()]
    return {"statements": str(given.out), "count": len(made.lines), "owed_none": made.owed_none, "lines": lines}


def _serve(given: argparse.Namespace) -> dict[str, Any]:
    import signal
    import threading

    from graphscan.casework.site import ReviewSite
    from graphscan.casework.site_server import door_of, serving

    if not 0 <= given.port <= 65535:
        raise SettingsError(f"--port {given.port}; allowed is 0 to 65535")
    door = door_of(given.host, _token(given.token_file), tuple(given.name))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        open_ledger(given) as ledger,
        serving(ReviewSite(ledger, door, given.appeal_address), door, given.host, given.port) as address,
    ):
        _show(address, given.json)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    return {"lines": []}


def _show(address: str, as_json: bool) -> None:
    import json

    print(json.dumps({"address": address}) if as_json else f"Open {address}\nCtrl-C ends it.", flush=True)


def _token(path: Path | None) -> str | None:
    if path is None:
        token = os.environ.get(TOKEN_VARIABLE)
    else:
        try:
            mode, token = path.stat().st_mode & 0o777, path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"token file {path} cannot be read: {type(error).__name__}") from None
        if mode & 0o077:
            raise SettingsError(f"token file {path} has mode {mode:04o}; allowed is 0600")
    if token is not None and len(token) < MIN_TOKEN_CHARS:
        raise SettingsError(f"the token has {len(token)} characters; allowed are {MIN_TOKEN_CHARS} or more")
    return token


def _run_of(decision: Decision) -> tuple[Run | None, str | None]:
    from graphscan.casework.runs_behind import RunsBehind

    return RunsBehind().of(decision)


def _write(path: Path, text: str) -> None:
    """Write a new file, whole or not at all."""
    from graphscan.publishing import published

    with published(path) as work:
        work.write_text(text, encoding="utf-8", newline="\n")
