"""The fields and values of a DSA statement of reasons that this tool uses, and the check of a finished statement.

In: nothing. Out: :data:`FIELDS`, :func:`faults_of`. Source: the DSA Transparency Database's own code, file
``app/Http/Requests/StatementStoreRequest.php`` and ``app/Models/Statement.php`` at commit 69e80a0 of 24 June 2026 (repository
digital-services-act/transparency-database), which validates by the schema in force since 1 July 2025 (column "API v2" of its change
log). Lengths are counted in characters, as its validator does.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SCHEMA = "DSA Transparency Database, schema of 1 July 2025 (API v2), as of 24 June 2026"

VISIBILITIES = frozenset(
    f"DECISION_VISIBILITY_{name}"
    for name in (
        "CONTENT_REMOVED",
        "CONTENT_DISABLED",
        "CONTENT_DEMOTED",
        "CONTENT_AGE_RESTRICTED",
        "CONTENT_INTERACTION_RESTRICTED",
        "CONTENT_LABELLED",
        "OTHER",
    )
)
PROVISIONS = frozenset(
    f"DECISION_PROVISION_{name}"
    for name in ("PARTIAL_SUSPENSION", "TOTAL_SUSPENSION", "PARTIAL_TERMINATION", "TOTAL_TERMINATION")
)
ACCOUNTS = frozenset({"DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"})
GROUNDS = frozenset({"DECISION_GROUND_INCOMPATIBLE_CONTENT"})
CONTENT_TYPES = frozenset(
    f"CONTENT_TYPE_{name}" for name in ("APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER")
)
CATEGORIES = frozenset({"STATEMENT_CATEGORY_OTHER_VIOLATION_TC", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"})
KEYWORDS = frozenset({"KEYWORD_INAUTHENTIC_ACCOUNTS", "KEYWORD_INAUTHENTIC_USER_REVIEWS", "KEYWORD_OTHER"})
SOURCES = frozenset({"SOURCE_VOLUNTARY"})
DECISIONS = frozenset({f"AUTOMATED_DECISION_{name}" for name in ("FULLY", "PARTIALLY", "NOT_AUTOMATED")})
EEA = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""The countries a statement may name as its scope: the European Union and the three others of the EEA."""

_PUID = re.compile(r"[a-zA-Z0-9_-]{1,500}")
_RESTRICTIONS = ("decision_visibility", "decision_provision", "decision_account")

Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Field:
    """One field: its name, what its value must satisfy, in words and as a check; whether it must be there."""

    name: str
    allowed: str
    check: Check
    required: bool = False


def _one(values: frozenset[str]) -> tuple[str, Check]:
    return f"one of {', '.join(sorted(values))}", lambda v: isinstance(v, str) and v in values


def _some(values: frozenset[str]) -> tuple[str, Check]:
    return (
        f"a list of {', '.join(sorted(values))}",
        lambda v: isinstance(v, list) and bool(v) and all(isinstance(x, str) and x in values for x in v),
    )


def _text(most: int) -> tuple[str, Check]:
    return f"a text of 1 to {most} characters", lambda v: isinstance(v, str) and 0 < len(v) <= most


def _date(first: str) -> tuple[str, Check]:
    return f"a date YYYY-MM-DD from {first} to 2038-01-01", lambda v: _is_date(v, first)


def _is_date(value: Any, first: str) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return first <= value <= "2038-01-01"


FIELDS: tuple[Field, ...] = (
    Field("decision_visibility", *_some(VISIBILITIES)),
    Field("decision_provision", *_one(PROVISIONS)),
    Field("decision_account", *_one(ACCOUNTS)),
    Field("end_date_visibility_restriction", *_date("2020-01-01")),
    Field("end_date_service_restriction", *_date("2020-01-01")),
    Field("end_date_account_restriction", *_date("2020-01-01")),
    Field("decision_ground", *_one(GROUNDS), True),
    Field("decision_ground_reference_url", "an address of at most 500 characters", lambda v: _is_url(v)),
    Field("incompatible_content_ground", *_text(500), True),
    Field("incompatible_content_explanation", *_text(2000), True),
    Field("incompatible_content_illegal", *_one(frozenset({"Yes", "No"}))),
    Field("content_type", *_some(CONTENT_TYPES), True),
    Field("content_type_other", *_text(500)),
    Field("category", *_one(CATEGORIES), True),
    Field("category_specification", *_some(KEYWORDS)),
    Field("category_specification_other", *_text(500)),
    Field("territorial_scope", *_some(frozenset(EEA))),
    Field("content_date", *_date("2000-01-01"), True),
    Field("application_date", *_date("2020-01-01"), True),
    Field("decision_facts", *_text(5000), True),
    Field("source_type", *_one(SOURCES), True),
    Field("automated_detection", *_one(frozenset({"Yes", "No"})), True),
    Field("automated_decision", *_one(DECISIONS), True),
    Field(
        "puid", "1 to 500 of a-z, A-Z, 0-9, - and _", lambda v: isinstance(v, str) and bool(_PUID.fullmatch(v)), True
    ),
)
"""Every field that a statement of this tool may have; the database knows more, which are never needed here."""


def faults_of(statement: Mapping[str, Any]) -> Iterator[str]:
    """Tell every fault of a statement, by the rules of the database's own validator."""
    known = {field.name: field for field in FIELDS}
    yield from (f"{name} is no field; allowed: {', '.join(known)}" for name in statement if name not in known)
    for field in FIELDS:
        if field.name in statement and not field.check(statement[field.name]):
            yield f"{field.name} is {statement[field.name]!r}; allowed is {field.allowed}"
        elif field.required and field.name not in statement:
            yield f"{field.name} is missing; allowed is {field.allowed}"
    if not any(name in statement for name in _RESTRICTIONS):
        yield f"no restriction: one of {', '.join(_RESTRICTIONS)} must be there"
    yield from _others(statement)


def _others(statement: Mapping[str, Any]) -> Iterator[str]:
    for name, other in (("content_type", "CONTENT_TYPE_OTHER"), ("category_specification", "KEYWORD_OTHER")):
        if other in (statement.get(name) or ()) and f"{name}_other" not in statement:
            yield f"{name}_other is missing; {other} must be explained"


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 500 and bool(re.fullmatch(r"https?://[^\s/]+(/\S*)?", value))
