"""Instants as foreign exports write them: milliseconds, seconds, clock readings, ids that carry a time.

In: one value. Out: whole milliseconds since 1970-01-01 UTC, or ValueError with a reason that can be shown.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graphscan.errors import SettingsError

Foreign: TypeAlias = Any
"""A value as a foreign file gave it: nothing is known of its type."""

LAST_MS = 4_133_980_800_000
"""2101-01-01: instants from here on, and before 1970, are no times of an account's action."""

_FIRST_COLLECTED_MS = 10**12
"""2001-09-09: a smaller "millisecond" value is a number of seconds, or none at all."""

_FIRST_ID_S = 1_370_000_000
"""2013-05-31, the month Xiaohongshu began: earlier "times" in an id are chance digits."""

_LAST_ID_S = LAST_MS // 1000
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")


def is_missing(value: Foreign) -> bool:
    """Whether a collector wrote "no time": nothing, an empty text, or 0."""
    return value is None or (isinstance(value, str) and value.strip() in ("", "0", "None")) or value == 0


def from_ms(value: Foreign) -> int:
    """Return a collector's epoch milliseconds (a number, or its digits) as whole milliseconds."""
    at = _scaled(value, 1, "milliseconds")
    if at < _FIRST_COLLECTED_MS:
        raise ValueError(f"{_shown(value)} is no time in milliseconds")
    return at


def from_seconds(value: Foreign) -> int:
    """Return epoch seconds (a number or its digits) as milliseconds, fractions cut."""
    return _scaled(value, 1000, "seconds")


def from_text(text: str, zone: ZoneInfo, layout: str = "") -> tuple[int, bool]:
    """Return the instant of a clock reading, and whether it named no offset (then it is read in ``zone``).

    ``layout`` is a :meth:`datetime.datetime.strptime` pattern; without it the text is ISO 8601. A reading
    that the zone has twice is the first of the two; one that it skips is moved forward by the gap.
    """
    try:
        read = datetime.strptime(text, layout) if layout else datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{_shown(text)} is no time {f'of the form {layout}' if layout else 'in ISO 8601'}") from None
    naive = read.tzinfo is None
    return to_ms(read.replace(tzinfo=zone) if naive else read), naive


def to_ms(at: datetime) -> int:
    """Return an aware datetime as milliseconds, fractions cut."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def from_object_id(value: Foreign) -> int | None:
    """Return the creation time in a 24-digit hexadecimal id (its first 8 digits are Unix seconds), else None.

    Notes, comments and accounts of Xiaohongshu carry ids of the MongoDB ObjectId layout.
    """
    if not isinstance(value, str) or not _OBJECT_ID.fullmatch(value):
        return None
    seconds = int(value[:8], 16)
    return seconds * 1000 if _FIRST_ID_S <= seconds < _LAST_ID_S else None


def zone_of(name: str) -> ZoneInfo:
    """Return the IANA time zone of that name.

    Raises
    ------
    SettingsError
        When there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(f"timezone {name!r}: allowed is an IANA time zone such as Asia/Shanghai") from None


def _scaled(value: Foreign, factor: int, unit: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{_shown(value)} is no time in {unit}")
    try:
        at = int((Decimal(str(value).strip()) * factor).to_integral_value(ROUND_FLOOR))
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"{_shown(value)} is no time in {unit}") from None
    return at


def _shown(value: Foreign) -> str:
    return repr(value if isinstance(value, str | int | float) else type(value).__name__)[:60]
