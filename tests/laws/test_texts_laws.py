"""Laws of texts: no pair is missed, the order of rows does not matter, blank and short texts join nobody."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.texts.contacts import contacts_of
from graphscan.texts.families import LEAST_JACCARD, settle, similar_forms
from graphscan.texts.forms import cut_shingles, forms_of_texts
from graphscan.texts.matching import fold, matching_form
from graphscan.texts.templates import SHINGLE, find_templates

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
