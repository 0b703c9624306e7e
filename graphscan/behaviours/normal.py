"""Normal forms of texts, links and tags, used for matching only; what a person wrote is kept as it came.

In: Arrow arrays of texts. Out: arrays of the same length; null where nothing worth matching is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from urllib.parse import parse_qsl, urlencode, urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.texts.letters import Alphabet

_TOPIC_MARK = re.compile(r"\[话题\]#?")
_EMOJI_CODE = re.compile(r"\[[^\[\]\s]{1,8}R\]")  # the platform's own emoji codes, such as [哭惹R]
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_TRACKING = re.compile(r"^(utm_\w+|xsec_\w+|share\w*|spm|from|source|ref|app\w*|timestamp|sign\w*|token|_\w*)$")


def normalise_text(text: str) -> str:
    """Return letters and digits only: NFKC, case folded, without addresses, emoji codes, marks and spaces.

    >>> normalise_text("这个 真的绝了[哭惹R] ！！ＯＫ")
    '这个真的绝了ok'
    """
    plain = _EMOJI_CODE.sub("", _TOPIC_MARK.sub("", _URL.sub("", text)))
    folded = unicodedata.normalize("NFKC", plain).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


NORMAL = Alphabet(normalise_text, lambda t: unicodedata.normalize("NFKC", t).casefold(), lambda c: c in "[/", False)
"""How :func:`normalise_text` reads a column character by character: only addresses and marks in brackets need more."""


def normalise_link(link: str) -> str:
    """Return an address without scheme, ``www.``, tracking parameters and fragment; a product id stays as it is.

    >>> normalise_link("https://www.Example.com/item/7/?utm_source=x&id=9#top")
    'example.com/item/7?id=9'
    """
    stripped = link.strip()
    if "://" not in stripped and not re.match(r"^[\w-]+(\.[\w-]+)+/", stripped):
        return stripped
    try:
        parts = urlsplit(stripped if "://" in stripped else f"//{stripped}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # an address nobody can resolve, such as http://[x: compared as it is
        return stripped
    query = urlencode(sorted(q for q in parse_qsl(parts.query) if not _TRACKING.match(q[0].lower())))
    return f"{host}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")


def link_host(link: str) -> str:
    """Return the host of a normalised link; empty for a product id."""
    host = link.split("/", 1)[0].split("?", 1)[0]
    return host if "." in host and host != link else ""


def normalise_tags(tags: list[str]) -> str:
    """Return a note's tags in their order as one text; empty for fewer than three (two are everyday)."""
    names = [n for n in (normalise_text(t) for t in tags) if n]
    return "#".join(names) if len(names) >= 3 else ""


def apply_to_unique(values: pa.Array, function: Callable[[str], str]) -> pa.Array:
    """Apply a function to each distinct text once; empty results and nulls become null."""
    encoded = values.dictionary_encode()
    results = [None if v is None else (function(v) or None) for v in encoded.dictionary.to_pylist()]
    kind = pa.large_string() if pa.types.is_large_string(values.type) else pa.string()
    return pa.array(results, kind).take(encoded.indices)


def without_placeholders(values: pa.Array, placeholders: Collection[str]) -> pa.Array:
    """Make null what is blank or stands for "nothing": such values never link accounts."""
    trimmed = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    nothing = pc.or_kleene(
        pc.is_in(trimmed, value_set=pa.array(sorted(p.lower() for p in placeholders), pa.string())),
        pc.equal(trimmed, ""),
    )
    return pc.if_else(pc.fill_null(nothing, True), pa.scalar(None, values.type), values)
