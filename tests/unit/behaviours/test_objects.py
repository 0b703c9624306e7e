"""Objects: names made when asked for; texts read by the compiled pass; pieces change nothing."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest

from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.extraction import extract
from graphscan.behaviours.library import behaviour
from graphscan.behaviours.normal import NORMAL, normalise_text
from graphscan.behaviours.objects import Objects, Own
from graphscan.behaviours.wordings import find_wordings
from graphscan.intake import read_dataset
from graphscan.settings import make_settings
from graphscan.simulate import simulate
from graphscan.texts.letters import read_forms

from ...cases.worlds import World

TEXTUAL = ("template_used", "contact_shared", "text_copied", "link_shared")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("objects") / "world"
    simulate(path, "small_world", seed=4)
    return read_dataset(path)


def in_pieces(data, rows):
    """The same dataset, its tables cut into chunks."""
    tables = {
        name: pa.concat_tables([t.slice(first, rows) for first in range(0, t.num_rows, rows)])
        for name, t in data.tables.items()
        if t.num_rows
    }
    return dataclasses.replace(data, tables=tables, remembered={})


def test_objects_are_named_in_the_order_asked_for():
    own = Own(3, lambda places: pa.array([f"row {p}" for p in places]))
    names = Objects(pa.array(["a", "b"]), (own, Own(1, lambda places: pa.array(["last"] * len(places)))))
    assert len(names) == 6
    assert names.take(pa.array([5, 3, 1, 2, 3])).to_pylist() == ["last", "row 1", "b", "row 0", "row 1"]
    assert names[4].as_py() == "row 2"
    assert names.find(pa.array(["b", "row 1", None])).tolist() == [1, -1, -1]


def test_the_compiled_pass_gives_the_normal_form_that_python_gives():
    points = [k for k in range(0x110000) if not 0xD800 <= k <= 0xDFFF]
    texts = [f"好{chr(k)}aか{chr(k)}" for k in points]
    read = read_forms(pa.array(texts), NORMAL)
    for text, start, size in zip(texts, read.start, read.size, strict=True):
        assert "".join(map(chr, read.points[start : start + size])) == normalise_text(text), ascii(text)


def test_tables_in_many_chunks_show_the_same(small):
    cut = in_pieces(small, 97)
    assert cut.tables["comments"]["text"].num_chunks > 3
    one, other = (find_wordings(d, list_accounts(d)) for d in (small, cut))
    for name in ("template", "eligible", "host", "contact_text", "row", "account"):
        assert (getattr(one, name) == getattr(other, name)).all(), name
    assert one.names == other.names and one.contact.equals(other.contact)
    for name in TEXTUAL:
        left, right = (extract(d, list_accounts(d), behaviour(name), make_settings()) for d in (small, cut))
        assert left.objects.to_pylist() == right.objects.to_pylist()
        for column in ("account", "object", "at_ms", "source", "row"):
            assert (getattr(left, column) == getattr(right, column)).all(), (name, column)


def test_copied_texts_are_those_whose_normal_forms_are_equal(small):
    settings = make_settings(behaviours=["text_copied"])
    acts = extract(small, list_accounts(small), behaviour("text_copied"), settings)
    names = acts.objects.take(pa.array(acts.object)).to_pylist()
    assert len(set(acts.objects.to_pylist())) == len(acts.objects)
    assert len(acts.objects.named) > 0 and len(acts.objects) > len(acts.objects.named)
    for name, source, row in zip(names, acts.source, acts.row, strict=True):
        assert normalise_text(small.tables[acts.tables[source]]["text"][int(row)].as_py()) == name
    told = np.bincount(acts.object, minlength=len(acts.objects))
    assert (told[: len(acts.objects.named)] > 1).all() and (told[len(acts.objects.named) :] == 1).all()


def test_a_text_that_stands_for_nothing_is_no_object(tmp_path):
    world = World()
    world.comment("u1", "n1", 0, text="anonymousperson")
    world.comment("u2", "n1", 1, text="words that stand")
    data = world.dataset(tmp_path / "dataset")
    settings = make_settings(placeholders=["AnonymousPerson"], min_text_chars=10)
    acts = extract(data, list_accounts(data), behaviour("text_copied"), settings)
    assert acts.objects.to_pylist() == ["wordsthatstand"]
