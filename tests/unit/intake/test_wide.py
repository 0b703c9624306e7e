"""Columns of more than 2 GB of text: joined, looked up in and named with 64-bit offsets, and only these."""

import pyarrow as pa
import pytest

from graphscan.intake import wide


@pytest.fixture
def narrow(monkeypatch):
    """Pretend that 32-bit offsets reach a hundred bytes."""
    monkeypatch.setattr(wide, "MOST_BYTES", 100)


def test_more_text_than_32_bit_offsets_reach_is_joined():
    chunk = pa.array(["x" * 2**20] * 1024)
    column = pa.chunked_array([chunk, chunk.slice(0, 1023), pa.array(["y" * 2**20, "z"])])
    with pytest.raises(pa.ArrowInvalid, match="overflow"):
        column.combine_chunks()
    found = wide.whole(column)
    assert (found.type, len(found), found[-1].as_py()) == (pa.large_string(), len(column), "z")


def test_what_32_bit_offsets_reach_stays_as_it_is():
    few = pa.chunked_array([["a", None], ["b"]])
    assert wide.whole(few).equals(pa.array(["a", None, "b"]))
    assert wide.fitted(few) == (few,)


@pytest.mark.usefixtures("narrow")
def test_one_wide_column_widens_what_it_is_held_against():
    many, few = pa.chunked_array([[f"id{k}" * 10 for k in range(9)]]), pa.array(["id3" * 10, None, "none"])
    assert wide.encode(few, many).tolist() == [3, -1, -1]
    assert wide.encode(many, few).tolist() == [-1] * 3 + [0] + [-1] * 5


@pytest.mark.usefixtures("narrow")
def test_arrays_of_both_kinds_are_joined():
    parts = [pa.array(["a", None]), pa.array(["b"], pa.large_string()), pa.array([None])]
    assert wide.joined(parts).to_pylist() == ["a", None, "b", None]
    assert wide.joined([pa.array(["a" * 60]), pa.array(["b" * 60])]).type == pa.large_string()
    assert wide.joined([pa.array(["a"]), pa.array([], pa.null())]).type == pa.string()


@pytest.mark.usefixtures("narrow")
def test_a_prefix_may_be_what_makes_texts_too_wide():
    texts = pa.array(["x" * 9] * 8)
    named = wide.prefixed("comments", texts)
    assert (named.type, named[7].as_py()) == (pa.large_string(), "comments/xxxxxxxxx")
    assert wide.prefixed("comments", texts.slice(0, 4)).type == pa.string()


@pytest.mark.usefixtures("narrow")
def test_texts_that_are_few_again_are_narrow_again():
    assert wide.narrowed(pa.array(["a", None], pa.large_string())).equals(pa.array(["a", None]))
    many = pa.array(["x" * 60] * 3, pa.large_string())
    assert wide.narrowed(many) is many


@pytest.mark.usefixtures("narrow")
def test_lists_are_widened_with_what_they_hold():
    lists = pa.chunked_array([[["a" * 60], None], [["b" * 60, "c"]]])
    found = wide.whole(lists)
    assert found.type == pa.large_list(pa.large_string())
    assert found.to_pylist() == lists.to_pylist()
