"""Statements of reasons for the DSA Transparency Database, one decision each, as JSON.

In: decisions that took effect, and their runs. Out: dictionaries and JSON lines as :mod:`statement_schema` declares them. No text
holds anything that a person wrote, an id or a nickname; only counts, days and this tool's own words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from graphscan.casework.facts import own_facts
from graphscan.casework.statement_schema import EEA, faults_of
from graphscan.casework.words import SOURCE, instant, rule_of
from graphscan.errors import InputError
from graphscan.ledger.records import Decision
from graphscan.reports.frames import Frames

RUNS_NOTHING = frozenset({"warn"})
"""Measures that restrict nothing: article 17 asks for no statement."""

RING = ("XHS-AI-3a", "XHS-AI-3b", "XHS-AI-3c")
"""Codes of batch operation, which the database's own word list calls inauthentic accounts, under scams and fraud."""

Opened = Callable[[Decision], Frames | None]


@dataclass(frozen=True)
class Export:
    """What an export came to: its JSON lines, and how many decisions owe no statement, by reason."""

    lines: tuple[str, ...]
    owed_none: dict[str, int]

    def text(self) -> str:
        """Return the JSON lines as one text."""
        return "".join(f"{line}\n" for line in self.lines)


def statement_of_reasons(
    decision: Decision, *, run: Frames | None = None, reference_url: str | None = None, whole_eea: bool = True
) -> dict[str, Any]:
    """Return the statement of one decision.

    ``run`` gives the account's first day, else the day of application stands in for the date of the content. ``reference_url`` is
    where the platform's rules stand; ``whole_eea`` names all countries of the EEA as the scope.

    Raises
    ------
    InputError
        When the decision never took effect, is a warning, or the statement would not pass the database's own checks.
    """
    if decision.detail in RUNS_NOTHING:
        raise InputError(
            f"decision {decision.decision_id} is a {decision.detail}: it restricts nothing, no statement is owed"
        )
    if decision.applied_at is None:
        raise InputError(
            f"decision {decision.decision_id} is {decision.state}: a statement is made when it took effect"
        )
    applied = instant(decision.applied_at)
    made: dict[str, Any] = {
        **_restriction(decision, applied),
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": _ground(decision),
        "incompatible_content_explanation": _explanation(decision),
        "incompatible_content_illegal": "No",
        "content_type": ["CONTENT_TYPE_OTHER"],
        "content_type_other": "Account",
        **_category(decision),
        "content_date": _content_date(decision, run, applied),
        "application_date": _date(applied),
        "decision_facts": " ".join(_third_person(decision, run)),
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "Yes" if decision.automated_detection else "No",
        "automated_decision": f"AUTOMATED_DECISION_{decision.automated_decision.upper()}",
        "puid": _puid(decision),
    }
    if whole_eea:
        made["territorial_scope"] = list(EEA)
    if reference_url is not None:
        made["decision_ground_reference_url"] = reference_url
    if faults := list(faults_of(made)):
        raise InputError(f"the statement of decision {decision.decision_id} is not valid: {'; '.join(faults)}")
    return made


def export_statements(decisions: Iterable[Decision], opened: Opened, *, reference_url: str | None = None) -> Export:
    """Return the statements of many decisions, in the order of their application; ``opened`` gives a decision's run, or None."""
    lines: list[tuple[str, str, str]] = []
    owed_none: dict[str, int] = {}
    for decision in decisions:
        if decision.applied_at is None or decision.detail in RUNS_NOTHING:
            why = "a warning" if decision.detail in RUNS_NOTHING else f"not applied ({decision.state})"
            owed_none[why] = owed_none.get(why, 0) + 1
            continue
        made = statement_of_reasons(decision, run=opened(decision), reference_url=reference_url)
        lines.append((decision.applied_at, decision.decision_id, json.dumps(made, sort_keys=True, ensure_ascii=False)))
    return Export(tuple(line for _, _, line in sorted(lines)), dict(sorted(owed_none.items())))


def _restriction(decision: Decision, applied: dt.datetime) -> dict[str, Any]:
    """Return the restriction and its end.

    A limit on what an account may do is a partial suspension of the service; the database's "interaction restricted" is about what
    others may do with content.
    """
    ends = decision.expires_at if decision.expires_at is not None else _planned_end(decision, applied)
    if decision.detail == "limit_distribution":
        made: dict[str, Any] = {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DEMOTED"]}
        name = "end_date_visibility_restriction"
    elif decision.detail == "limit_interaction":
        made, name = {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION"}, "end_date_service_restriction"
    elif decision.detail == "ban":
        kind = "TERMINATED" if ends is None else "SUSPENDED"
        made, name = {"decision_account": f"DECISION_ACCOUNT_{kind}"}, "end_date_account_restriction"
    else:
        raise InputError(f"no restriction is declared for measure {decision.detail!r}")
    return made if ends is None else {**made, name: _date(instant(ends))}


def _planned_end(decision: Decision, applied: dt.datetime) -> str | None:
    return None if decision.days is None else (applied + dt.timedelta(days=decision.days)).isoformat()


def _ground(decision: Decision) -> str:
    codes = ", ".join(dict.fromkeys([decision.reason, *decision.reasons]))
    return f"Platform rules on AI-managed accounts: {SOURCE['en']}; {codes}"[:500]


def _explanation(decision: Decision) -> str:
    rules = "; ".join(rule_of(code).what["en"] for code in dict.fromkeys([decision.reason, *decision.reasons]))
    return (
        f"The rules do not allow: {rules}. Using AI as an aid is allowed. The measure rests on what the account itself did, "
        "never on what others wrote or did about it."
    )[:2000]


def _category(decision: Decision) -> dict[str, Any]:
    if decision.reason in RING:
        return {
            "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
            "category_specification": ["KEYWORD_INAUTHENTIC_ACCOUNTS"],
        }
    return {
        "category": "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        "category_specification": ["KEYWORD_OTHER"],
        "category_specification_other": "Account managed by an automatic tool in its holder's place",
    }


def _third_person(decision: Decision, run: Frames | None) -> list[str]:
    """Return the facts as the database's readers see them: about "the account", without days (they could point at a person)."""
    told = own_facts(replace(decision, grounds=tuple(replace(g, rows=()) for g in decision.grounds)), "en", run)
    people = len({a.who for a in decision.approvals if a.word == "approve"})
    who = (
        f"{people} trained reviewer(s) looked at the evidence and took the decision."
        if people
        else "No person took part."
    )
    return [*[_about_the_account(fact) for fact in told], "Detected by automated means.", who]


def _about_the_account(fact: str) -> str:
    swapped = re.sub(r"\bof your\b|\bOf your\b", lambda m: f"{m.group()[:2]} the account's", fact)
    swapped = re.sub(r"^You\b", "The account", swapped)
    swapped = swapped.replace("in your place", "in its holder's place").replace("as yours", "as this account")
    return re.sub(r" \((?:for example )?(?:between|on) \d[^)]*\)", "", swapped)


def _content_date(decision: Decision, run: Frames | None, applied: dt.datetime) -> str:
    """Return the day the account was registered, else that of its first action, else that of the application."""
    seen = None if run is None else run.where("accounts", account_id=[decision.account_id])
    for column in ("registered_at", "first_at"):
        if seen is not None and len(seen) and seen.iloc[0][column] == seen.iloc[0][column]:  # NaT differs from itself
            return max(_date(seen.iloc[0][column].to_pydatetime()), "2000-01-01")
    return _date(applied)


def _date(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).date().isoformat()


def _puid(decision: Decision) -> str:
    """Return an id that names the statement and nobody: a digest, since a decision's id might be of any form."""
    return "gs-" + hashlib.sha256(decision.decision_id.encode("utf-8", "surrogatepass")).hexdigest()[:40]
