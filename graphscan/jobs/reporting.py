"""The periodic report in its forms: HTML for people, JSON for programs, CSV for spreadsheets, a few lines for a chat.

In: :class:`Told`. Out: ``report.html``, ``report.json``, ``changes.csv``, ``proposals.csv``, ``drift.csv``, ``brief.txt``. The
same content gives the same bytes; nothing in them comes from a clock.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import PackageLoader

from graphscan.jobs.changes import Told
from graphscan.jobs.tables import DRIFT, LINEAGE_EVENTS
from graphscan.reports.canvas import CSS_FONTS
from graphscan.reports.page import environment
from graphscan.reports.sentences import COORDINATION_ONLY
from graphscan.reports.words import one_line

MOST_LISTED = 200
"""Rows of a table on the page; the CSV files have them all."""

BRIEF_CHANGES = 5
"""Changes told one by one in the short text: a chat message is read on a phone."""

_PROPOSAL_COLUMNS = ("decision_id", "subject", "measure", "reason", "cluster_id", "review", "held")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

EVENT_WORDS: Mapping[str, str] = {
    "new": "new",
    "grown": "grown",
    "split": "split off",
    "merged": "merged into another",
    "back": "back",
    "shrunk": "shrunk",
    "gone": "gone",
}


def write_report(folder: Path, told: Told) -> None:
    """Write every form of the report into an existing folder."""
    changes = [c.name for c in LINEAGE_EVENTS.columns]
    forms = {
        "report.html": page(told),
        "report.json": json.dumps(told.as_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "changes.csv": csv_text([*changes, "announced", "sentence"], told.changes),
        "proposals.csv": csv_text(_PROPOSAL_COLUMNS, told.proposals["new"]),
        "drift.csv": csv_text([c.name for c in DRIFT.columns], told.drift),
        "brief.txt": brief(told),
    }
    for name, text in forms.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "'" + text if isinstance(value, str) and text.startswith(_FORMULA) else text


def headline(told: Told) -> str:
    """Return the pass in one sentence."""
    counts, day = told.counts, told.facts["day"]
    happened = Counter(c["event"] for c in told.changes if c["announced"])
    parts = [f"{n} {EVENT_WORDS[event]}" for event, n in happened.items()]
    changed = ", ".join(parts) if parts else "nothing changed"
    return f"{day}: {counts['announced']} clusters ({counts['watched']} more watched) — {changed}"


def brief(told: Told) -> str:
    """Return the report in a few plain lines for a chat or a mail: no ids of accounts, no words of theirs, no markup."""
    listed = [c for c in told.changes if c["announced"]]
    lines = [f"graphscan {headline(told)}."]
    lines += [f"- {_change_line(c)}" for c in listed[:BRIEF_CHANGES]]
    if len(listed) > BRIEF_CHANGES:
        lines.append(f"- and {len(listed) - BRIEF_CHANGES} more changes")
    lines.append(_proposals_line(told.proposals))
    lines += [f"! {one_line(alert)}" for alert in told.alerts[:BRIEF_CHANGES]]
    canary = told.facts["canary"]
    if canary is not None and canary["planted"]:
        lines.append(f"Canary: {canary['found']} of {canary['planted']} planted accounts found.")
    lines.append("Flagged for a look; coordination alone measures nobody.")
    return "\n".join(lines) + "\n"


def _change_line(change: Mapping[str, Any]) -> str:
    sizes = f"{change['size_before']} → {change['size_after']} accounts"
    other = f" ({change['other']})" if change["other"] else ""
    return f"{change['lineage_id']} {EVENT_WORDS[change['event']]}{other}: {sizes}"


def _proposals_line(proposals: Mapping[str, Any]) -> str:
    if not proposals["total"]:
        return "No measure is proposed."
    each = ", ".join(f"{n} {measure}" for measure, n in proposals["by_measure"].items())
    return f"Proposed, to be reviewed: {each}; {len(proposals['new'])} new, {proposals['held']} held back."


def page(told: Told) -> str:
    """Return the report as one HTML page that asks for nothing from outside."""
    loader = PackageLoader("graphscan.jobs", "templates")
    return environment().overlay(loader=loader).get_template("pass.html.j2").render(
        fonts=CSS_FONTS,
        told=told,
        headline=headline(told),
        most=MOST_LISTED,
        events=EVENT_WORDS,
        farms=sorted((told.facts["canary"] or {"farms": {}})["farms"].items(), key=lambda farm: float(farm[0])),
        announced=[c for c in told.changes if c["announced"]],
        watched=[c for c in told.changes if not c["announced"]],
        drifted=[d for d in told.drift if d["flag"]],
        coordination_only=COORDINATION_ONLY,
    )  # fmt: skip
