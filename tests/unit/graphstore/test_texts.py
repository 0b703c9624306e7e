from hypothesis import given
from hypothesis import strategies as st

from graphscan.graphstore.texts import escape, unescape

ANY = st.text(alphabet=st.one_of(st.characters(), st.characters(categories=["Cs"]), st.sampled_from("␛d8001f")))


@given(ANY)
def test_every_text_goes_through_utf8_and_comes_back(text):
    assert unescape(escape(text).encode("utf-8").decode("utf-8")) == text


@given(st.text().filter(lambda t: "␛" not in t))
def test_a_text_that_utf8_can_hold_is_left_as_it_is(text):
    assert escape(text) == text


def test_a_lone_surrogate_is_told_by_its_digits():
    assert escape("a\ud83db␛") == "a␛d83db␛␛"
