"""Templates: texts that many accounts write from one mould, and what each mould is worth as evidence.

In: texts with their authors and times. Out: :class:`Templates`. What established accounts also write (memes, an app's
share text, 接龙, 收到, greetings) weighs nothing, however often it is copied; how a text sounds is never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from graphscan.intake.shelf import HELD, Store
from graphscan.texts.arrays import Codes, Flags, Floats, Ints
from graphscan.texts.consensus import LEAST_TEXTS, Template, split_family
from graphscan.texts.distinct import matching_forms
from graphscan.texts.families import LONG, PHRASE_LONGEST, SHORTEST, join_by_phrase, settle, similar_forms
from graphscan.texts.forms import Forms, cut_shingles
from graphscan.texts.letters import Texts
from graphscan.texts.matching import show_form
from graphscan.texts.usage import Usage, find_usage, worth

SHINGLE = 4  # METHOD stage 2: characters
LEAST_ACCOUNTS = 3


@dataclass(frozen=True)
class Templates:
    """Per text: ``template_of``, its template's code or -1; ``eligible``, whether it is long enough to follow any.

    All else has one entry per template, ordered by code.

    ``shown``: the mould for people, slots named, ``…`` where it varies. ``texts``, ``accounts``: how many. ``old_share``: share
    of its accounts with a history. ``saving``: rho, the share of bits that the mould saves. ``weight``: w_T between 0 and
    1; 0: worth nothing.
    """

    template_of: Codes
    shown: tuple[str, ...]
    texts: Ints
    accounts: Ints
    old_share: Floats
    saving: Floats
    weight: Floats
    first_ms: Ints
    last_ms: Ints
    eligible: Flags

    def __len__(self) -> int:
        return len(self.shown)


def find_templates(
    texts: Texts,
    authors: Codes,
    at_ms: Ints,
    has_history: Flags,
    *,
    blocks: Codes | None = None,
    simplify: Callable[[str], str] | None = None,
    store: Store = HELD,
) -> Templates:
    """Find the templates among texts; a text of fewer than eight letters, or null, has none.

    Parameters
    ----------
    texts, authors, at_ms
        One entry per text: its words, its author's code (-1: nobody), its time in ms since 1970 UTC.
    has_history
        Per account code: whether it had a life before the window. Where nothing is known everybody has, and no template weighs anything.
    blocks
        Per account code: its interest block, -1 for none; None where blocks are not known.
    simplify
        Turns traditional into simplified characters, where the caller has a table; None compares as written.
    store
        May put a large array on disk and give it back mapped.
    """
    found = matching_forms(texts, simplify, least=SHORTEST, store=store)
    forms, form = found.forms, found.form_of
    block = np.full(len(has_history), -1, np.int32) if blocks is None else blocks
    usage = find_usage(form, authors, len(forms), has_history, block)
    family = _families(forms, usage, store)
    told = np.bincount(form[(form >= 0) & (authors >= 0)], minlength=len(forms))
    bits = float(np.log2(max(found.kinds, 2)))
    moulds = [t for members in _members(family, told, usage) for t in _of_family(forms, members, told, usage, bits)]
    return _describe(moulds, form, at_ms, usage)


def _families(forms: Forms, usage: Usage, store: Store) -> Codes:
    """Per form the number of its family; every form has the least length."""
    parent = np.arange(len(forms))
    long = np.flatnonzero(forms.sizes >= LONG)
    parent[long] = long[similar_forms(cut_shingles(forms.pick(long), SHINGLE, store))]
    join_by_phrase(parent, forms, SHINGLE, usage, np.flatnonzero(forms.sizes <= PHRASE_LONGEST), store)
    return settle(parent)


def _members(family: Codes, texts: Ints, usage: Usage) -> list[Ints]:
    """Forms of each family with at least three texts and, counted form by form, three users: of 39 million, a few thousand."""
    users = np.bincount(family, np.diff(usage.begin))
    wanted = (np.bincount(family, texts) >= LEAST_TEXTS) & (users >= LEAST_ACCOUNTS)
    chosen = np.flatnonzero(wanted[family])
    order = chosen[np.argsort(family[chosen], kind="stable")]
    cuts = np.flatnonzero(np.diff(family[order])) + 1
    return [m for m in np.split(order, cuts) if len(m)]


def _of_family(forms: Forms, members: Ints, texts: Ints, usage: Usage, bits: float) -> list[Template]:
    if len(_accounts(members, usage)) < LEAST_ACCOUNTS:
        return []
    found = split_family(forms, SHINGLE, members, texts, bits)
    return [t for t in found if len(_accounts(t.members, usage)) >= LEAST_ACCOUNTS]


def _accounts(members: Ints, usage: Usage) -> Ints:
    return np.unique(np.concatenate([usage.account[usage.begin[m] : usage.begin[m + 1]] for m in members]))


def _describe(found: Sequence[Template], form: Codes, at_ms: Ints, usage: Usage) -> Templates:
    template_of_form = np.full(
        len(usage.begin) + 1, -1, np.int32
    )  # the last two entries answer no text, and a short one
    for code, template in enumerate(found):
        template_of_form[template.members] = code
    template_of = template_of_form[form]
    who = [_accounts(t.members, usage) for t in found]
    old = np.array([int(usage.has_history[w].sum()) for w in who], np.int64)
    users = np.array([len(w) for w in who], np.int64)
    return Templates(
        template_of,
        tuple(show_form(t.show()) for t in found),
        np.bincount(template_of[template_of >= 0], minlength=len(found)),
        users,
        old / np.maximum(users, 1),
        np.array([t.saving for t in found], np.float64),
        _weights(users, old, who, usage),
        *_spans(template_of, at_ms, len(found)),
        form >= 0,
    )


def _weights(users: Ints, old: Ints, who: Sequence[Ints], usage: Usage) -> Floats:
    blocks = np.array([len(np.unique(b[b >= 0])) for b in (usage.block[w] for w in who)], np.int64)
    return worth(users, old, usage, blocks)


def _spans(template_of: Codes, at_ms: Ints, n: int) -> tuple[Ints, Ints]:
    inside = template_of >= 0
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, template_of[inside], at_ms[inside])
    np.maximum.at(last, template_of[inside], at_ms[inside])
    return first, last
