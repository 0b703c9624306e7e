"""The guide that plays in the classic Browser: a case read from the top, with questions that run at a click.

In: the clusters of a run (or none, for a guide that fits every graph) and the questions. Out: one HTML page in the
form that ``:play`` takes. Everything that comes from a run is escaped, and only ids made by this tool enter Cypher.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from graphscan.graphstore.questions import Question, Value, find_question

SHOWN_CLUSTERS = 6
"""Clusters that get a page of their own; the list holds all."""

_CASE = ("biggest_clusters", "clusters_at_a_glance", "what_is_loaded")
_CLUSTER = (
    "cluster_ties",
    "cluster_burst",
    "burst_picture",
    "cluster_notes",
    "cluster_clues_in_words",
    "cluster_evidence",
    "same_words",
    "leaders_and_followers",
)
_CARE = ("honest_neighbours", "strangers_in_the_burst", "registered_together", "same_device_or_network")
_TRAIL = ("shared_links", "link_picture", "bridges_between_clusters", "chats_of_clusters", "what_chat_said")
_OTHERS = ("who_reported_whom", "reports_and_clusters", "decision_grounds", "what_falls_if_overturned")
_SEARCH = ("who_moved_with", "expand_from_seed", "account_evidence", "where_two_met", "find_words")


@dataclass(frozen=True)
class Case:
    """One cluster as the guide introduces it."""

    cluster_id: str
    sentence: str
    score: float | None


def cases_of(clusters: Sequence[Mapping[str, Any]]) -> list[Case]:
    """Return the clusters with the highest scores, as rows of the run's table, as cases."""
    ordered = sorted(clusters, key=lambda c: (-(c["score"] or 0.0), -c["size"], c["cluster_id"]))
    return [Case(c["cluster_id"], c["sentence"], c["score"]) for c in ordered[:SHOWN_CLUSTERS]]


def guide_page(questions: Sequence[Question], cases: Sequence[Case] = (), style: str | None = None) -> str:
    """Return the guide: first all clusters, then one page a case (or the strongest cluster), then care and trails."""
    slides = [_slide("The case", _opening(len(cases), style), questions, _CASE)]
    for number, case in enumerate(cases or [Case("", "", None)], 1):
        values: dict[str, Value] = {"cluster": case.cluster_id} if case.cluster_id else {}
        title = f"Cluster {number}: {case.cluster_id}" if case.cluster_id else "The strongest cluster"
        slides.append(_slide(title, _introduction(case), questions, _CLUSTER, values))
    slides += [
        _slide("Who may be here by mistake", _CARE_WORDS, questions, _CARE),
        _slide("Where it leads", "Links, chats, and what ties clusters together.", questions, _TRAIL),
        _slide("Reports and decisions", "Who complained, what rests on what.", questions, _OTHERS),
        _slide("From one account or word", _SEARCH_WORDS, questions, _SEARCH),
    ]
    inner = "\n".join(slides)
    return f'<article class="guide">\n<carousel class="deck container-fluid">\n{inner}\n</carousel>\n</article>\n'


_CARE_WORDS = (
    "Acting together is not automation, and automation is not abuse. Look here before you propose anything:"
    " few ties, a low membership, or a long life before the burst ask for a second look."
)
_SEARCH_WORDS = "These start at the account with the most partners. Put your own id in place of null, between quotes."


def _opening(cases: int, style: str | None) -> str:
    first = f"{cases} clusters were found. " if cases else ""
    told = (
        f"{first}Each is a group of accounts that met more often than opportunity explains: flagged for a look,"
        " not judged. Click a question, then run it; the arrow to the right turns the page."
    )
    colours = "Red circles are clusters, orange ones their members (large: core), blue ones notes and comments."
    command = f" No colours? Run <code>:style {escape(style)}</code>" if style else ""
    return f"{escape(told)}</p><p>{escape(colours)}{command}"


def _introduction(case: Case) -> str:
    score = "" if case.score is None else f" Coordination score {case.score:.2f} of 1."
    return escape(f"{case.sentence}{score} Ties, then the burst as a film, then the evidence.".strip())


def _slide(
    title: str,
    words: str,
    questions: Sequence[Question],
    names: Sequence[str],
    values: Mapping[str, Value] | None = None,
) -> str:
    """Return one page; ``words`` is HTML already."""
    asked = "\n".join(_asked(find_question(name, questions), values or {}) for name in names)
    return (
        f'<slide class="row-fluid">\n<div class="col-sm-12">\n<h3>{escape(title)}</h3>\n<p>{words}</p>\n{asked}\n'
        "</div>\n</slide>"
    )


def _asked(question: Question, values: Mapping[str, Value]) -> str:
    known = {p.name for p in question.parameters}
    # the first line tells frames apart once several are open
    code = f"// {question.name}\n" + question.filled({k: v for k, v in values.items() if k in known})
    return (
        f"<h4>{escape(question.name)}</h4>\n<p>{escape(question.asks)} <em>{escape(question.use)}</em></p>\n"
        f'<pre class="runnable pre-scrollable" style="max-height:4.6em;margin-bottom:1.4em">{escape(code)}</pre>'
    )
