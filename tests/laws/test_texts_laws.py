"""Laws of texts: no pair is missed, the order of rows does not matter, blank and short texts join nobody."""

from __future__ import annotations

from itertools import pairwise
from unittest import mock

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.texts import families
from graphscan.texts.contacts import contacts_of
from graphscan.texts.distinct import TOO_SHORT, groups, matching_forms
from graphscan.texts.families import (
    LEAST_JACCARD,
    PHRASE_SURPRISE,
    PHRASE_USERS,
    join_by_phrase,
    settle,
    similar_forms,
)
from graphscan.texts.forms import Forms, cut_shingles, forms_of_texts
from graphscan.texts.matching import fold, matching_form
from graphscan.texts.templates import SHINGLE, find_templates
from graphscan.texts.usage import Usage, surprise

WORDS = st.sampled_from("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏")
BASES = st.lists(WORDS, min_size=24, max_size=40).map("".join)


@st.composite
def near_copies(draw: st.DrawFn) -> list[str]:
    texts = []
    for base in draw(st.lists(BASES, min_size=1, max_size=3)):
        for _ in range(draw(st.integers(1, 4))):
            place = draw(st.integers(0, len(base) - 1))
            texts.append(base[:place] + draw(WORDS) + base[place + 1 :])
    return texts


def plain_jaccard(a: str, b: str) -> float:
    left, right = ({t[i : i + SHINGLE] for i in range(len(t) - SHINGLE + 1)} for t in (a, b))
    return len(left & right) / len(left | right)


@settings(deadline=None, max_examples=60)
@given(near_copies())
def test_every_alike_pair_is_in_one_family_and_every_family_is_a_chain_of_alike_pairs(
    texts: list[str],
) -> None:
    forms = sorted(set(texts))
    family = settle(similar_forms(cut_shingles(forms_of_texts(forms), SHINGLE)))
    reached = list(range(len(forms)))
    for i in range(len(forms)):
        for j in range(i):
            if plain_jaccard(forms[i], forms[j]) >= LEAST_JACCARD:
                reached = [reached[j] if r == reached[i] else r for r in reached]
    plain = np.unique(reached, return_inverse=True)[1]
    assert ((family[:, None] == family) == (plain[:, None] == plain)).all()


@settings(deadline=None, max_examples=30)
@given(near_copies(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(texts: list[str], chance: object) -> None:
    order = list(range(len(texts)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    old = np.zeros(len(texts), np.bool_)
    author = np.arange(len(texts), dtype=np.int32)
    at = np.zeros(len(texts), np.int64)
    one = find_templates(pa.array(texts), author, at, old)
    other = find_templates(pa.array([texts[k] for k in order]), author[order], at, old)
    assert one.shown == other.shown
    assert one.template_of[order].tolist() == other.template_of.tolist()
    assert one.weight.tolist() == other.weight.tolist()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("甲乙丙", max_size=14), max_size=40), st.data())
def test_forms_are_the_distinct_texts_in_their_order(texts: list[str], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(texts)), max_size=3)))
    pieces = [texts[a:b] for a, b in pairwise([0, *cuts, len(texts)])]
    found = matching_forms(pa.chunked_array(pieces, pa.string()), least=2)
    words = sorted({t for t in texts if len(t) >= 2})
    assert [found.forms.text(k) for k in range(len(found.forms))] == words
    assert found.form_of.tolist() == [words.index(t) if len(t) >= 2 else TOO_SHORT for t in texts]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=30))
def test_forms_are_told_apart_by_both_hashes(hashes: list[tuple[int, int]]) -> None:
    low, high = np.array([*zip(*hashes, strict=True)] or [[], []], np.uint64)
    group, first = groups(low, high)
    distinct = list(dict.fromkeys(hashes))
    assert group.tolist() == [distinct.index(h) for h in hashes]
    assert first.tolist() == [hashes.index(h) for h in distinct]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("天地玄黄宇宙", min_size=8, max_size=12), min_size=3, max_size=30), st.data())
def test_phrases_join_the_same_forms_however_they_are_cut(texts: list[str], data: st.DataObject) -> None:
    forms = forms_of_texts(sorted(set(texts)))
    n = len(forms)
    account = np.array(data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)), np.int32)
    usage = Usage(account, np.arange(n + 1), np.zeros(6, np.bool_), np.full(6, -1, np.int32), 6, 0.5)
    parents = []
    for slice_phrases, piece_phrases in ((families.SLICE_PHRASES, families.PIECE_PHRASES), (20, 30)):
        parent = np.arange(n)
        with mock.patch.multiple(families, SLICE_PHRASES=slice_phrases, PIECE_PHRASES=piece_phrases):
            join_by_phrase(parent, forms, SHINGLE, usage, np.arange(n))
        parents.append(settle(parent).tolist())
    assert parents[0] == parents[1] == plainly_joined(forms, account, usage)


def plainly_joined(forms: Forms, account: npt.NDArray[np.int32], usage: Usage) -> list[int]:
    """The families of forms that share a phrase of at least three users, surprising enough."""
    family = list(range(len(forms)))
    texts = [forms.text(k) for k in range(len(forms))]
    for phrase in {t[k : k + SHINGLE] for t in texts for k in range(len(t) - SHINGLE + 1)}:
        sharing = [k for k, t in enumerate(texts) if phrase in t]
        users = np.array([len({int(account[k]) for k in sharing})])
        if users[0] >= PHRASE_USERS and surprise(users, np.zeros(1, np.int64), usage)[0] >= PHRASE_SURPRISE:
            joined = {family[k] for k in sharing}
            family = [min(joined) if f in joined else f for f in family]
    return [sorted(set(family)).index(f) for f in family]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(max_size=7), min_size=3, max_size=12))
def test_blank_and_short_texts_join_nobody(texts: list[str]) -> None:
    texts = [t for t in texts if len(matching_form(t)) < 8]
    n = len(texts)
    result = find_templates(
        pa.array(texts, pa.string()),
        np.arange(n, dtype=np.int32),
        np.zeros(n, np.int64),
        np.zeros(n, np.bool_),
    )
    assert len(result) == 0


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_no_text_is_too_strange_and_the_form_of_a_form_is_itself(text: str) -> None:
    form = matching_form(text)
    assert all(c.isalpha() or "\ue000" <= c <= "\ue006" for c in form)
    assert list(contacts_of(text)) == sorted(set(contacts_of(text)))
    assert "\u200b" not in fold(text + "\u200b")
