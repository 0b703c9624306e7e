"""Families: forms that are much alike, found without comparing all with all.

In: forms, their shingles, who used them. Out: a family number per form. Two generators of candidates, united: MinHash
in bands with the Jaccard similarity verified exactly (Broder 1997; Leskovec, Rajaraman & Ullman, *Mining of Massive
Datasets*, ch. 3), and, for short forms, a shared phrase that hardly any account with a history uses (the coarse step
of InfoShield, Lee et al., ICDE 2021, whose phrases are the rarest by tf-idf). A family is only a candidate:
:mod:`graphscan.texts.consensus` decides what is a template.
"""

from __future__ import annotations

import numpy as np

from graphscan.texts import kernels
from graphscan.texts.arrays import Codes, Flags, Ints
from graphscan.texts.forms import Shingles
from graphscan.texts.usage import Usage, surprise

LEAST_JACCARD = 0.60  # METHOD stage 2
LONG = 20  # METHOD stage 2: below, shingle sets are too small for their Jaccard to say much
SHORTEST = 8
"""Characters below which a form is everyday words ("收到", "已关注") and joins nobody, however often it is written."""

PHRASE_LONGEST = 60  # beyond, one shared phrase cannot pay for a template (less than 30 % of the form)
PHRASE_USERS = 3
PHRASE_SURPRISE = 0.25
"""A phrase joins when its own surprise reaches this: with a dozen users of 2,000 accounts, at most half have a history."""

_SALTS = np.random.default_rng(20210419).integers(0, 2**63, kernels.HASHES, dtype=np.uint64)


def similar_forms(shingles: Shingles, eligible: Flags, least: float = LEAST_JACCARD) -> Ints:
    """Return each form's family: the smallest form that a chain of verified pairs leads to.

    Only ``eligible`` forms join or are joined. A pair of Jaccard 0.60 is missed with a chance of 5e-5.
    """
    signature = np.empty((len(eligible), kernels.HASHES), np.uint32)
    kernels.signatures(shingles.shingle, shingles.begin, _SALTS, 0, len(eligible), signature)
    parent, keys = np.arange(len(eligible)), np.empty(len(eligible), np.uint64)
    for band in range(kernels.HASHES // kernels.ROWS):
        kernels.band_keys(signature, band, kernels.ROWS, keys)
        order = np.argsort(keys, kind="stable")
        kernels.join_band(keys, order, shingles.shingle, shingles.begin, eligible, least, parent)
    return parent


def join_by_phrase(parent: Ints, shingles: Shingles, usage: Usage, eligible: Flags) -> None:
    """Unite the eligible forms that share a surprising phrase."""
    here = eligible[shingles.form]
    phrases, place = np.unique(shingles.shingle[here], return_inverse=True)
    form = shingles.form[here]
    users, old = _users_of(place, form, usage, len(phrases))
    wanted = (users >= PHRASE_USERS) & (surprise(users, old, usage) >= PHRASE_SURPRISE)
    chosen = wanted[place]
    order = np.lexsort((form[chosen], place[chosen]))
    kernels.join_runs(place[chosen][order], form[chosen][order], parent)


def _users_of(phrase: Ints, form: Ints, usage: Usage, n_phrases: int) -> tuple[Ints, Ints]:
    """Distinct accounts per phrase, and how many of them have a history."""
    used = np.diff(usage.begin)[form]
    first = np.repeat(usage.begin[form] - np.cumsum(used) + used, used) + np.arange(int(used.sum()))
    key = np.unique(np.repeat(phrase, used) * usage.n_accounts + usage.account[first])
    which, who = key // usage.n_accounts, key % usage.n_accounts
    old = np.bincount(which[usage.has_history[who]], minlength=n_phrases)
    return np.bincount(which, minlength=n_phrases), old


def settle(parent: Ints) -> Codes:
    """Return dense family numbers, in the order of their first form."""
    while not np.array_equal(parent, parent[parent]):
        parent = parent[parent]
    return np.unique(parent, return_inverse=True)[1].astype(np.int32)
