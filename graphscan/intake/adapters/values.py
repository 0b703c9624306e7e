"""One foreign value → one value of a declared column: exact ids, clean text, lists, instants.

In: whatever a CSV, JSON, SQLite or spreadsheet reader hands over. Out: a value of the column's kind, None for
"not there", or ValueError with a reason that quotes no text of an account.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from graphscan.intake.adapters.instants import LAST_MS, Foreign
from graphscan.tables import Kind

LOST_DIGITS = r"^\d(\.\d+)?[eE]\+\d+$"
"""How a spreadsheet writes a long number: 1.33E+18 stands for thousands of different ids."""

_LOST_DIGITS = re.compile(LOST_DIGITS)
_BOOLS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")


def clean_id(value: Foreign) -> str | None:
    """Return an id as exact text, None when empty; ValueError for floats, lists and ids with lost digits."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"a {type(value).__name__} is no id; ids are text or whole numbers")
    if not value.strip():
        return None
    if _LOST_DIGITS.match(value):
        raise ValueError(f"{value[:40]!r} is an id that a spreadsheet rounded; its digits are lost")
    if not _is_unicode(value) or "\0" in value:
        raise ValueError("the id is not valid Unicode text")
    return value


def clean_text(value: Foreign) -> str | None:
    """Return text as it came, None when empty; NUL is removed, bytes that are no Unicode become U+FFFD."""
    if value is None or value == "":
        return None
    if isinstance(value, dict | list):
        raise ValueError(f"a {type(value).__name__} is no text")
    text = value if isinstance(value, str) else str(value)
    text = text.replace("\0", "")
    if not _is_unicode(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text or None


def clean_texts(value: Foreign) -> list[str] | None:
    """Return a list of texts without its empty members, None when nothing remains."""
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise ValueError(f"a {type(value).__name__} is no list")
    texts = [text for text in map(clean_text, value) if text is not None]
    return texts or None


def clean_time(value: Foreign) -> int | None:
    """Return milliseconds since 1970 that lie in the years 1970 to 2100; ValueError otherwise."""
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value < LAST_MS:
        raise ValueError(f"{str(value)[:40]} ms is outside the years 1970 to 2100")
    return value


def clean_bool(value: Foreign) -> bool | None:
    """Return a truth value from true/false, 1/0 or yes/no in any case; None when empty."""
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _BOOLS:
        return _BOOLS[word]
    if not word:
        return None
    raise ValueError("neither true nor false")


CLEAN: Mapping[Kind, Callable[[Any], Any]] = {
    "id": clean_id,
    "text": clean_text,
    "choice": clean_text,
    "texts": clean_texts,
    "time": clean_time,
    "bool": clean_bool,
}
"""What makes a foreign value one of each kind that a dataset's tables have."""


def split(value: Foreign, separator: str) -> list[str] | None:
    """Return the parts of a joined text such as ``"护肤,精华"``, blanks cut; None when there are none."""
    if not isinstance(value, str):
        return None
    return [part.strip() for part in value.split(separator) if part.strip()] or None


def listed(value: Foreign) -> list[str] | None:
    """Return the members of a list written as JSON, as a Python list literal, or parted by spaces.

    Nothing is evaluated: of a Python literal only the quoted texts are taken.
    """
    if isinstance(value, list) or value is None:
        return clean_texts(value)
    text = str(value).strip()
    if not text.startswith("["):
        return split(text, " ")
    try:
        return clean_texts(json.loads(text))
    except (ValueError, RecursionError):
        return [a or b for a, b in _QUOTED.findall(text)] or None


def decoded(value: Foreign) -> Foreign:
    """Return the value inside a text that was JSON-encoded once more, as ORM writers do; others unchanged."""
    if not isinstance(value, str) or not value.startswith('"') or not value.endswith('"') or len(value) < 2:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
