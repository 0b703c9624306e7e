"""Times: instants as ISO 8601 texts in UTC with milliseconds, which sort as they follow each other.

In: datetimes and such texts. Out: texts. The ledger is the one room that needs a clock; it is given to it, and tests give their own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def text_of(instant: datetime) -> str:
    """Return an instant as text; one without a zone is taken as UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds")


def plus(at: str, *, days: float = 0, hours: float = 0) -> str:
    """Return the instant so many days and hours after (before, when negative) another."""
    return text_of(datetime.fromisoformat(at) + timedelta(days=days, hours=hours))
