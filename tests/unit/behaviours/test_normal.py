"""Normal forms: what counts as the same text, link or tags, and what counts as nothing."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphscan.behaviours.normal import (
    link_host,
    normalise_link,
    normalise_tags,
    normalise_text,
    without_placeholders,
)
from graphscan.settings import Settings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("这个 真的绝了！！", "这个真的绝了"),
        ("ＯＫ ok", "Ok OK"),
        ("好看[哭惹R][派对R]", "好看"),
        ("看 https://a.example/x?y=1 这里", "看这里"),
        ("#春天[话题]# 来了", "春天来了"),
        ("straße", "STRASSE"),
        ("a\u200bb\ufeff", "ab"),
    ],
)
def test_texts_that_are_the_same(one, other):
    assert normalise_text(one) == normalise_text(other)


def test_texts_that_are_not_the_same():
    assert normalise_text("买1送1") != normalise_text("买2送1")
    assert normalise_text("！？🌸") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.Shop.example/item/7/?utm_source=x#top", "http://shop.example/item/7"),
        ("https://shop.example/i?b=2&a=1", "https://shop.example/i?a=1&b=2"),
        ("shop.example/item/7?xsec_token=abc", "//shop.example/item/7"[2:]),
        (" item-123 ", "item-123"),
    ],
)
def test_links_that_are_the_same(one, other):
    assert normalise_link(one) == normalise_link(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://shop.example/i?id=1", "https://shop.example/i?id=2"),
        ("https://a.example/x", "https://b.example/x"),
        ("https://shop.example/Item", "https://shop.example/item"),
        ("item-1", "item-2"),
    ],
)
def test_links_that_are_not_the_same(one, other):
    assert normalise_link(one) != normalise_link(other)


@pytest.mark.parametrize(("link", "host"), [("https://www.a.example/x", "a.example"), ("item-1", ""), ("v1.2", "")])
def test_a_links_host(link, host):
    assert link_host(normalise_link(link)) == host


@pytest.mark.parametrize("link", ["http://[x", "https://", "://", "http://a:b:c/", "http://ex ample/%zz", "?", "//"])
def test_an_address_nobody_can_resolve_is_no_crash(link):
    assert isinstance(normalise_link(link), str)


@given(st.text(max_size=40))
def test_normal_forms_stay_as_they_are_when_formed_again(text):
    assert normalise_text(normalise_text(text)) == normalise_text(text)
    assert isinstance(normalise_link(text), str)


def test_two_tags_are_everyday_and_three_in_order_are_not():
    assert normalise_tags(["A", "b"]) == ""
    assert normalise_tags(["A", "！", "b"]) == ""
    assert normalise_tags(["A", "b", "Ｃ"]) == "a#b#c" != normalise_tags(["b", "a", "c"])


def test_what_stands_for_nothing_is_nothing_however_it_is_written():
    values = pa.array(["NULL", " n/a ", "", "  ", "未知", "0", "00", "nullable", None, "shop"])
    kept = without_placeholders(values, Settings().placeholders)
    assert kept.to_pylist() == [None] * 6 + ["00", "nullable", None, "shop"]
