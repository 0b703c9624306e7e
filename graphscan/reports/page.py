"""The report: one self-contained HTML page that needs no script, no network and nobody to explain it.

In: the run's frames and the pictures as SVG. Out: HTML text, the same for the same input. Everything that
comes from the data is escaped by jinja2, isolated from the direction of the text around it, and never a link
or a path.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from graphscan.reports import overview
from graphscan.reports.canvas import CSS_FONTS
from graphscan.reports.cases import Case, case_of, ranked_clusters
from graphscan.reports.explanation import rows_by_name
from graphscan.reports.frames import Frames
from graphscan.reports.measures import ONLY_PROPOSED, account_pages, decisions_of, proposed
from graphscan.reports.open_cases import looks_asked
from graphscan.reports.sentences import COORDINATION_ONLY, NOTHING_IS_NO_PROOF
from graphscan.reports.words import chance, label, listed, number, one_line, quoted, spoken, utc, visible

MOST_CASES = 30
"""Clusters told in full; the rest stand in the table of clusters and in the CSV files."""

MOST_MEMBERS = 500
MOST_LISTED = 1000
"""Rows of a members table and of the table of clusters on the page; the CSV files have them all."""

GLOSSARY: tuple[tuple[str, str], ...] = (
    (
        "action",
        "One thing an account did at one time to one object: a comment, a like, a shared link, a message.",
    ),
    ("object", "What was acted on: a note, a link, a text, a chat, an account."),
    ("occasion", "One object on one day, or one wave of actions on it."),
    ("meeting", "Two accounts acted on the same object within the window of the behaviour."),
    ("behaviour", "One kind of thing that accounts can do together, such as commenting on the same note."),
    ("pair", "Two accounts. A validated pair met more often than opportunity explains."),
    (
        "expected",
        "How often a pair would meet by opportunity alone: how active both are, how popular the object was.",
    ),
    ("p-value", "The chance of so many meetings or more if opportunity alone were at work."),
    (
        "q-value",
        "Of the pairs entered up to this one, the share that chance alone is expected to have entered.",
    ),
    ("cluster", "Accounts whose validated pairs form a community. Flagged for a look, not judged."),
    (
        "membership",
        "The share of repeated clusterings, each with another seed, that keep the account in the cluster.",
    ),
    ("core, periphery", "Members with a membership of at least 0.8, and the others."),
    (
        "score",
        "From 0 to 1: the share of possible pairs of members that are validated, times the mean membership.",
    ),
    (
        "measure",
        "What the policy proposes for one account, by that account's own evidence: a warning, a limit with an end, a ban.",
    ),
    (
        "evidence family",
        "One independent kind of evidence: A1 to A4 only the account itself can write, B is its relation to others.",
    ),
    ("spread", "Time from the first to the last member on one occasion."),
)


@functools.cache
def environment() -> Environment:
    """Return the jinja2 environment: escaping always on, unknown names are errors."""
    made = Environment(
        loader=PackageLoader("graphscan.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "chance": chance,
        "label": label,
        "listed": listed,
        "number": number,
        "one_line": one_line,
        "quoted": quoted,
        "spoken": spoken,
        "utc": utc,
        "visible": visible,
    }
    made.filters.update(filters)
    return made


def page(frames: Frames, svgs: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return the report as HTML.

    ``svgs`` maps a cluster's id, or ``""`` for the run as a whole, to (words, SVG) of its pictures in order.
    """
    ranked, looks = ranked_clusters(frames), looks_asked(frames)
    cases = [case_of(frames, cluster) for cluster in rows_by_name(ranked.head(MOST_CASES))]
    pages, pages_left_out = account_pages(frames)
    return environment().get_template("report.html.j2").render(
        fonts=CSS_FONTS,
        result=overview.result(frames),
        read=overview.tables_read(frames.manifest),
        files=overview.files_read(frames.manifest),
        aside=overview.set_aside(frames.manifest),
        troubles=overview.troubles(frames.manifest),
        looked_for=overview.looked_for(frames.manifest),
        limits=[str(line) for line in _lines(frames.manifest.get("capabilities"))],
        facts=overview.facts(frames.manifest),
        pictures=[(words, data_url(svg)) for words, svg in svgs.get("", ())],
        clusters=rows_by_name(ranked.head(MOST_LISTED)),
        clusters_left_out=max(len(ranked) - MOST_LISTED, 0),
        cases=[_told(frames, case, svgs) for case in cases],
        proposed=proposed(frames),
        only_proposed=ONLY_PROPOSED,
        looks=looks[0],
        looks_left_out=looks[1],
        account_pages=pages,
        account_pages_left_out=pages_left_out,
        glossary=GLOSSARY,
        coordination_only=COORDINATION_ONLY,
        nothing_is_no_proof=NOTHING_IS_NO_PROOF,
    )  # fmt: skip


def _told(frames: Frames, case: Case, svgs: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Any]:
    return {
        "measures": decisions_of(frames, case.members["account_id"].head(MOST_MEMBERS)),
        "case": case,
        "pictures": [(words, data_url(svg)) for words, svg in svgs.get(case.cluster["cluster_id"], ())],
        "members": rows_by_name(case.members.head(MOST_MEMBERS)),
        "members_left_out": max(len(case.members) - MOST_MEMBERS, 0),
    }


def data_url(svg: str) -> str:
    """Return an SVG as a ``data:`` address, in which it can load nothing and run nothing."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def _lines(capabilities: object) -> list[object]:
    """Return the sentences of the manifest's capabilities, which are a list or stand under ``lines``."""
    found = capabilities.get("lines") if isinstance(capabilities, Mapping) else capabilities
    return list(found) if isinstance(found, list | tuple) else []
