"""Small things said the same way everywhere: instants, durations, numbers, chances, and other people's words.

In: plain values. Out: short English text. Nothing here depends on the machine's clock, zone or language.
"""

from __future__ import annotations

import datetime as dt
import math
import re

import pandas as pd

from graphscan.behaviours.library import BEHAVIOURS

NOT_KNOWN = "not known"

# Characters that can move, hide or recolour neighbouring text (terminal escapes, bidirectional controls), and
# those that XML 1.0 forbids. Zero-width joiners stay: emoji and several scripts need them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
_BREAKS = re.compile(r"\r\n|\r|\n")

_TITLES = {b.name: b.title for b in BEHAVIOURS}


def visible(text: str) -> str:
    """Return the text with control and direction characters written out, as in ``⟨U+202E⟩``.

    Everything else is kept as it came. For screens, terminals, SVG and XML: the account's text cannot act
    there.
    """
    return _UNSAFE.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", text)


def one_line(text: str) -> str:
    """Return the text on one line, line breaks shown as ⏎ and controls written out."""
    return visible(_BREAKS.sub("⏎", text).replace("\t", " "))


def quoted(text: str | None, limit: int = 200) -> str | None:
    """Return an account's words on one line, exact but for line breaks (⏎), cut after ``limit`` characters.

    None or blank text gives None: there are no words to show.
    """
    if text is None or not text.strip():
        return None
    return shortened(visible(_BREAKS.sub(" ⏎ ", shortened(text, limit))), 4 * limit)


def shortened(text: str, limit: int) -> str:
    """Return the text, or its first ``limit`` - 1 characters and an ellipsis when it is longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def label(text: str, limit: int = 28) -> str:
    """Return an id as a short label: one line, controls written out, the middle left out when it is long."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    tail = limit // 3
    return f"{line[: limit - tail - 1]}…{line[-tail:]}"


def missing(value: object) -> bool:
    """Whether a single value is no value: None, NaN, NaT or NA."""
    return value is None or value is pd.NA or bool(value != value)  # NaN and NaT differ from themselves


def utc(at: dt.datetime | None) -> str:
    """Return an instant as ``2026-03-10 14:05:03 UTC`` (fractions cut), or "not known"."""
    return NOT_KNOWN if at is None or missing(at) else at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def iso(at: dt.datetime | None) -> str:
    """Return an instant as ``2026-03-10T14:05:03.250Z``, or the empty text when there is none."""
    if at is None or missing(at):
        return ""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def day(at: dt.datetime | None) -> str:
    """Return the UTC day of an instant as ``2026-03-10``, or "not known"."""
    return NOT_KNOWN if at is None or missing(at) else at.astimezone(dt.UTC).strftime("%Y-%m-%d")


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units: ``3.2 s``, ``12 min 3 s``, ``2 days 4 h``."""
    if seconds < 10:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    whole = round(seconds)
    for size, name, lower, lower_name in (
        (86400, "day", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            first, rest = whole // size, whole % size // lower
            head = f"{first:,} {name}{'s' if name == 'day' and first != 1 else ''}"
            return head if rest == 0 else f"{head} {rest} {lower_name}"
    return f"{whole} s"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 account``, ``1,204 accounts``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with ``digits`` significant digits and thousands marks, or "not known"."""
    if value is None or missing(value):
        return NOT_KNOWN
    if float(value) == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def chance(p_value: float | None) -> str:
    """Return a probability in words: ``about 12 in 100``, ``about 1 in 2,400``, ``about 1 in 10^9``.

    From one in a million downwards only the power of ten is told: no null model is more exact than that.
    """
    if p_value is None or missing(p_value):
        return NOT_KNOWN
    if p_value <= 1e-300:
        return "less than 1 in 10^300"
    if p_value >= 0.095:
        return f"about {round(100 * min(p_value, 1.0))} in 100"
    if p_value > 1.05e-6:
        return f"about 1 in {_two_digits(1 / p_value):,}"
    return f"about 1 in 10^{round(-math.log10(p_value))}"


def _two_digits(value: float) -> int:
    step: int = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return round(value / step) * step


def listed(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def spoken(name: str) -> str:
    """Return a behaviour's title; any other register's name as words: ``acted_later`` becomes ``acted later``."""
    return _TITLES.get(name) or visible(name.replace("_", " "))


def capital(text: str) -> str:
    """Return the text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
