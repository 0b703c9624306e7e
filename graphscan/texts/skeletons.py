"""Skeletons: how a note is built, whatever its words say; a key that rewriting the words does not change.

In: notes' texts, tags, pictures and links. Out: :class:`Skeletons`. A skeleton is the sequence of line breaks, marks
and slots, then tags, pictures, links and contact tokens. Two notes are of one skeleton when their runs of three are
alike (verified Jaccard ≥ 0.60). Without a picture, a link, a contact or three tags there is none: marks alone are
everybody's.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from graphscan.texts.arrays import Codes, Flags, Floats, Ints
from graphscan.texts.contacts import contacts_of
from graphscan.texts.families import settle, similar_forms
from graphscan.texts.forms import cut_shingles, forms_of_items
from graphscan.texts.matching import SLOT_NAMES, fold, with_slots
from graphscan.texts.usage import find_usage, worth

SHINGLE = 3  # METHOD stage 2: the skeleton's 3-grams
LEAST_ITEMS = 6  # four runs of three; fewer say too little for a Jaccard
LEAST_ACCOUNTS = 3
LEAST_TAGS = 3  # two tags are everyday


class Parts(NamedTuple):
    """What a note is built of: one entry per note in each; lists may be null or hold nulls."""

    text: pa.Array
    tags: pa.Array
    media: pa.Array
    links: pa.Array


@dataclass(frozen=True)
class Skeletons:
    """``skeleton_of``: per note the code of its skeleton, or -1; ``accounts`` and ``weight`` (0: worth nothing) per skeleton."""

    skeleton_of: Codes
    accounts: Ints
    weight: Floats


def find_skeletons(parts: Parts, authors: Codes, has_history: Flags, blocks: Codes | None = None) -> Skeletons:
    """Find skeletons that at least three accounts use; see :func:`graphscan.texts.templates.find_templates` for the rest."""
    items = [_items(*values) for values in zip(*(p.to_pylist() for p in parts), strict=True)]
    distinct = sorted(set(items))
    place = {item: k for k, item in enumerate(distinct)}
    forms = forms_of_items(distinct)
    eligible = forms.sizes >= LEAST_ITEMS
    family = np.full(len(forms), -1, np.int32)
    family[eligible] = settle(similar_forms(cut_shingles(forms.pick(np.flatnonzero(eligible)), SHINGLE)))
    code = np.array([family[place[i]] for i in items], np.int64)
    return _weigh(code, authors, has_history, np.full(len(has_history), -1, np.int32) if blocks is None else blocks)


def _weigh(code: Ints, authors: Codes, has_history: Flags, block: Codes) -> Skeletons:
    n = int(code.max(initial=-1)) + 1
    usage = find_usage(code, authors, n, has_history, block)
    who = [usage.account[usage.begin[k] : usage.begin[k + 1]] for k in range(n)]
    kept = np.array([k for k in range(n) if len(who[k]) >= LEAST_ACCOUNTS], np.int64)
    renumbered = np.full(n + 1, -1, np.int32)  # the last entry answers code -1
    renumbered[kept] = np.arange(len(kept))
    users = np.array([len(who[k]) for k in kept], np.int64)
    old = np.array([int(has_history[who[k]].sum()) for k in kept], np.int64)
    blocks = np.array([len(np.unique(b[b >= 0])) for b in (block[who[k]] for k in kept)], np.int64)
    return Skeletons(renumbered[code], users, worth(users, old, usage, blocks))


Texts = Sequence[str | None] | None


def _items(text: str | None, tags: Texts, media: Texts, links: Texts) -> tuple[int, ...]:
    """The skeleton as numbers: characters for marks and slots, hashes for whole tags, pictures, links and contacts."""
    named = [fold(t) for t in tags or () if t]
    things = [
        *_things("media", media),
        *_things("link", links),
        *(f"contact {c}" for c in contacts_of(text or "")),
    ]
    if not things and len(named) < LEAST_TAGS:
        return ()
    marks = [ord(c) for c in with_slots(text or "") if _is_mark(c)]
    return (*marks, *(_hash(f"tag {t}") for t in named), *(_hash(t) for t in things))


def _things(kind: str, values: Texts) -> list[str]:
    return [f"{kind} {v}" for v in values or () if v and v.strip()]


def _is_mark(c: str) -> bool:
    return c == "\n" or c in SLOT_NAMES or unicodedata.category(c)[0] == "P"


def _hash(thing: str) -> int:
    return zlib.crc32(thing.encode("utf-8", "surrogatepass")) | 0x80000000  # beyond every code point
