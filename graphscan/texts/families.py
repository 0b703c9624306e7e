"""Families: forms that are much alike, found without comparing all with all.

In: forms, their shingles, who used them. Out: a family number per form. Two generators of candidates, united: MinHash
in bands with the Jaccard similarity verified exactly (Broder 1997; Leskovec, Rajaraman & Ullman, *Mining of Massive
Datasets*, ch. 3), and, for short forms, a shared phrase that hardly any account with a history uses (the coarse step
of InfoShield, Lee et al., ICDE 2021, whose phrases are the rarest by tf-idf). A family is only a candidate:
:mod:`graphscan.texts.consensus` decides what is a template.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from graphscan.intake.shelf import HELD, Store
from graphscan.texts import kernels
from graphscan.texts.arrays import Bytes, Codes, Hashes, Ints, Points
from graphscan.texts.forms import Forms, Shingles, pieces_of_forms
from graphscan.texts.usage import Usage, surprise

LEAST_JACCARD = 0.60  # METHOD stage 2
LONG = 20  # METHOD stage 2: below, shingle sets are too small for their Jaccard to say much
SHORTEST = 8
"""Characters below which a form is everyday words ("收到", "已关注") and joins nobody, however often it is written."""

PHRASE_LONGEST = 60  # beyond, one shared phrase cannot pay for a template (less than 30 % of the form)
PHRASE_USERS = 3
PHRASE_SURPRISE = 0.25
"""A phrase joins when its own surprise reaches this: with a dozen users of 2,000 accounts, at most half have a history."""

SLICE_PHRASES = 1 << 23  # phrases looked at together: some 60 bytes each
PIECE_PHRASES = 1 << 22  # of as many characters the phrases are cut at a time: 12 bytes each

_SALTS = np.random.default_rng(20210419).integers(0, 2**63, kernels.HASHES, dtype=np.uint64)


def similar_forms(shingles: Shingles, least: float = LEAST_JACCARD) -> Ints:
    """Return each form's family: the smallest form that a chain of verified pairs leads to.

    A pair of Jaccard 0.60 is missed with a chance of 5e-5. Band by band, so that a form takes 8 bytes and not 500.
    """
    parent, keys = np.arange(len(shingles)), np.empty(len(shingles), np.uint64)
    counts, chosen = _table(len(keys)), np.empty(len(keys), np.bool_)
    ones = np.ones(len(keys), np.uint8)
    for band, salts in enumerate(_SALTS.reshape(-1, kernels.ROWS)):
        kernels.band_keys(shingles.shingle, shingles.begin, salts, band, keys)
        kernels.often(keys, ones, 2, counts, chosen)
        which = np.flatnonzero(chosen)
        order = which[np.argsort(keys[which], kind="stable")]
        kernels.join_band(keys[order], order, shingles.shingle, shingles.begin, least, parent)
    return parent


def join_by_phrase(parent: Ints, forms: Forms, size: int, usage: Usage, eligible: Ints, store: Store = HELD) -> None:
    """Unite the eligible forms that share a surprising phrase of ``size`` characters; one slice of all phrases at a time."""
    chosen = forms.pick(eligible)
    used = np.minimum(np.diff(usage.begin), PHRASE_USERS).astype(np.uint8)[eligible]
    total = int(np.maximum(chosen.sizes - size + 1, 0).sum())
    bits, begins = max(1, (total // SLICE_PHRASES).bit_length()), list[Ints]()
    phrases = store.joined(_phrases(chosen, size, bits, begins)).reshape(-1, 3)
    for number in range(1 << bits):
        rows = np.concatenate([phrases[b[number] : b[number + 1]] for b in begins])
        phrase, form = np.ascontiguousarray(rows[:, :2]).view(np.uint64)[:, 0], rows[:, 2].astype(np.int32)
        del rows
        _join_slice(parent, phrase, form, eligible, used, usage)
        store.release()


def _phrases(forms: Forms, size: int, bits: int, begins: list[Ints]) -> Iterator[Points]:
    """Each form's phrases, spread over slices by their first ``bits`` bits, of some forms at a time; see ``spread_shingles``.

    ``begins`` gets, for each piece, where in all of them its slices begin.
    """
    done = 0
    for first, stop in pieces_of_forms(forms, PIECE_PHRASES):
        start, sizes = forms.start[first:stop], forms.sizes[first:stop]
        begin = np.empty((1 << bits) + 1, np.int64)
        out = np.empty((int(np.maximum(sizes - size + 1, 0).sum()), 3), np.uint32)
        kernels.spread_shingles(forms.points, start, sizes, size, 64 - bits, first, begin, out)
        begins.append(begin + done)
        done += len(out)
        yield out.reshape(-1)


def _join_slice(parent: Ints, phrase: Hashes, form: Codes, eligible: Ints, used: Bytes, usage: Usage) -> None:
    often = np.empty(len(phrase), np.bool_)
    kernels.often(phrase, used[form], PHRASE_USERS, _table(len(phrase)), often)
    phrase, form = phrase[often], form[often]
    order = np.argsort(phrase, kind="stable")
    phrase, text = phrase[order], eligible[form[order]]
    users, old = np.empty(len(phrase), np.int64), np.empty(len(phrase), np.int64)
    seen = np.full(usage.n_accounts, -1, np.int64)
    kernels.count_users(phrase, text, usage.begin, usage.account, usage.has_history, seen, users, old)
    enough = np.flatnonzero(users >= PHRASE_USERS)
    wanted = enough[surprise(users[enough], old[enough], usage) >= PHRASE_SURPRISE]
    keep = np.isin(phrase, phrase[wanted])
    kernels.join_runs(phrase[keep], text[keep], parent)


def _table(n: int) -> npt.NDArray[np.uint8]:
    """Counters for keys: four slots a key, at most 64 MB."""
    return np.empty(1 << min(26, max(10, (4 * n).bit_length())), np.uint8)


def settle(parent: Ints) -> Codes:
    """Return dense family numbers, in the order of their first form."""
    while not np.array_equal(parent, parent[parent]):
        parent = parent[parent]
    return np.unique(parent, return_inverse=True)[1].astype(np.int32)
