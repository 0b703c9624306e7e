"""Texts that a database cannot hold, written so that it can, and read back the same.

Neo4j keeps every Unicode text, NUL included, but a text over Bolt is UTF-8, in which a lone surrogate has no
form. Such a one is written as ``␛`` (U+241B) and its four hexadecimal digits; a ``␛`` of the text itself is doubled.
"""

from __future__ import annotations

import re

_MARK = "\u241b"
_TO_WRITE = re.compile("[\u241b\ud800-\udfff]")
_TO_READ = re.compile("\u241b(\u241b|d[89a-f][0-9a-f]{2}|001f)")


def escape(text: str) -> str:
    """Return the text in a form that UTF-8 can carry; most texts are returned as they are."""
    return _TO_WRITE.sub(lambda m: _MARK + (m[0] if m[0] == _MARK else f"{ord(m[0]):04x}"), text)


def unescape(text: str) -> str:
    """Return what :func:`escape` was given."""
    return _TO_READ.sub(lambda m: _MARK if m[1] == _MARK else chr(int(m[1], 16)), text)
