"""The case page: one self-contained HTML file on which a person decides about one account.

In: a decision, its run, what the ledger knows. Out: HTML text, the same for the same input; no script, nothing from outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphscan.casework import APPEAL_ADDRESS
from graphscan.casework.case_file import CaseFile, case_file
from graphscan.casework.environment import environment
from graphscan.casework.notices import Notice
from graphscan.casework.outcomes import notice_due
from graphscan.casework.own_time import own_time
from graphscan.casework.words import LANGUAGES
from graphscan.errors import InputError
from graphscan.ledger.records import Appeal, Decision, Entry
from graphscan.reports.canvas import CSS_FONTS
from graphscan.reports.frames import Frames
from graphscan.reports.page import data_url
from graphscan.reports.pictures import pair_graph, timeline


def case_page(
    decision: Decision,
    run: Frames | None,
    *,
    history: Sequence[Entry] = (),
    appeals: Sequence[Appeal] = (),
    siblings: Sequence[Decision] = (),
    lacking: str | None = None,
    appeal_address: str = APPEAL_ADDRESS,
) -> str:
    """Return the case of one decision as HTML; ``lacking`` says why there is no run, when there is none."""
    told = case_file(decision, run, history=history, appeals=appeals, siblings=siblings, lacking=lacking)
    return environment().get_template("case.html.j2").render(laid_out(told, run, appeal_address))


def laid_out(case: CaseFile, run: Frames | None, appeal_address: str) -> dict[str, Any]:
    """Return what the case's template asks for."""
    return {
        "case": case,
        "d": case.decision,
        "fonts": CSS_FONTS,
        "pictures": _pictures(case, run),
        "notices": _notices(case, run, appeal_address),
    }


def _pictures(case: CaseFile, run: Frames | None) -> Mapping[str, tuple[str, str] | None]:
    """Return (words, address) of the pictures: the account's own time, the cluster's occasions, its graph."""
    drawn: dict[str, tuple[str, str] | None] = {"own": None, "timeline": None, "graph": None}
    if run is None:
        return drawn
    own = own_time(run, case.decision.account_id)
    drawn["own"] = None if own is None else (own.words, data_url(own.svg()))
    if case.cluster is not None and case.decision.cluster_id is not None:
        for name, make in (("timeline", timeline), ("graph", pair_graph)):
            picture = make(run, case.decision.cluster_id)
            drawn[name] = (picture.words, data_url(picture.svg()))
    return drawn


def _notices(case: CaseFile, run: Frames | None, appeal_address: str) -> list[tuple[str, str]]:
    """Return (language, text) of the notice that would go out, or why none can be written."""
    return [(language, _text(case, run, language, appeal_address)) for language in LANGUAGES]


def _text(case: CaseFile, run: Frames | None, language: str, appeal_address: str) -> str:
    try:
        made: Notice = notice_due(
            case.decision, language, history=case.history, appeals=case.appeals, appeal_address=appeal_address, run=run
        )
    except InputError as error:
        return f"No notice can be written: {error}"
    return made.text()
