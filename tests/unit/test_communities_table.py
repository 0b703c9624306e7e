"""The table of Leiden engines: one line an engine, what was planted is found, a limit is told, the table stands in its place."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import communities

# Python 3.12 and newer warn of a fork beside threads, which compiled code elsewhere in the tests may have started
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

OURS, THEIRS = "igraph, best of three starts", "leidenalg, all layers at once"


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_planted_groups_are_found_again_by_both_and_twice_alike():
    lines = [cells(x) for x in communities.measured("like ours", 3000, [OURS, THEIRS], 0.05, 60)]
    assert [x[2] for x in lines] == [OURS, THEIRS]
    assert max(float(x[5]) for x in lines) == 1
    assert all(float(x[6]) > 0.9 for x in lines)
    assert [x[7] for x in lines] == ["yes", "yes"]


def test_a_layer_holds_its_share_of_the_pairs():
    pairs, _ = communities.planted(5000, 1, **communities.KINDS["blurred"])
    edges = communities.layered(pairs, 1)
    held = np.bincount(edges.layer) / pairs.shape[1]
    assert held == pytest.approx(communities.LAYERS, abs=0.05)
    assert (edges.a < edges.b).all()


def test_an_engine_over_its_limit_says_so(monkeypatch):
    def endless(graph, resolution):
        while True:
            time.process_time()

    monkeypatch.setitem(communities.ENGINES, "igraph, endless", endless)
    assert communities.worked("igraph, endless", None, 0.05, 1) == "over 1 s"


def test_an_engine_that_is_not_installed_says_so():
    assert communities.worked("nothing_of_this_name, at all", None, 0.05, 9) == "not installed: nothing_of_this_name"


def test_the_table_replaces_what_stood_between_its_markers(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{communities.BEGIN}\nold\n{communities.END}\nafter\n", encoding="utf-8")
    communities.write(page, ["new"])
    assert page.read_text(encoding="utf-8") == f"before\n{communities.BEGIN}\nnew\n{communities.END}\nafter\n"
