import csv
import io

import networkx as nx
import pytest

from graphscan.reports import Frames
from graphscan.reports.exports import guarded, set_aside_csv, table_csv
from graphscan.reports.gexf import gexf_text

from . import story


@pytest.fixture
def frames():
    return Frames(story.run_tables(), story.MANIFEST)


def read(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠"))
def test_a_cell_that_would_be_a_formula_is_guarded(start):
    assert guarded(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "0012", "甲", "a=1", "'=1"])
def test_other_cells_stay_as_they_are(text):
    assert guarded(text) == text


def test_members_keep_their_ids_as_text(frames):
    rows = read(table_csv(frames, "members"))
    assert [row["account_id"] for row in rows if row["cluster_id"] == "c2"] == [
        "0012", "甲乙丙丁", "\u202eabc", "<b>bold</b>", "'-100123",
    ]  # fmt: skip
    assert f"'{story.FORMULA}" in {row["account_id"] for row in rows}


def test_clusters_have_iso_times_lists_as_json_and_empty_cells_for_no_value(frames):
    text = table_csv(frames, "clusters")
    first = read(text)[0]
    assert "\r" not in text and not text.startswith("\ufeff")
    assert first["first_at"] == "2026-03-10T14:05:03.000Z"
    assert first["behaviours"] == '["link_shared"]'
    assert (first["measure"], first["timing_p_value"], first["score"]) == ("", "", "0.55")


def test_set_aside_lists_each_row_with_file_line_and_reason():
    head = "table,file,line,column,reason\n"
    rows = "comments,comments.csv,7,created_at,no time\ncomments,comments.csv,9,'=1+1,'=1+1\n"
    assert set_aside_csv(story.MANIFEST) == head + rows
    assert set_aside_csv({}) == head


def test_the_graph_file_is_read_back_whole(frames, tmp_path):
    path = tmp_path / "graph.gexf"
    path.write_text(gexf_text(frames), encoding="utf-8")
    graph = nx.read_gexf(path)
    assert set(graph) == {*story.MANY, *story.FEW} - {"\u202eabc"} | {"⟨U+202E⟩abc"}
    assert graph.number_of_edges() == len(frames.pairs)
    assert graph.nodes["甲乙丙丁"]["cluster"] == "c2"
    assert graph.edges["u00", "u01"]["p_value"] == 1e-9
    assert "lastmodifieddate" not in path.read_text(encoding="utf-8")
