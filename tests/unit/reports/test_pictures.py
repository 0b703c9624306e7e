import matplotlib as mpl
import networkx as nx
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from graphscan.reports import Frames, pictures
from graphscan.reports.canvas import Texts, known_glyphs, svg_of
from graphscan.reports.figures import draw_graph
from graphscan.reports.looks import COLOURS, Palette

from . import story


def test_a_text_that_looks_like_a_token_stays_what_it_is():
    texts = Texts()
    tokens = [texts.write("qz00001zq"), texts.write("二")]
    assert texts.restore("|".join(tokens)) == "qz00001zq|二"


def test_the_users_own_settings_do_not_change_a_picture():
    def draw(axes, write):
        axes.set_title(write("标题"))

    plain = svg_of((2, 2), draw)
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.facecolor": "red"}):
        assert svg_of((2, 2), draw) == plain
    assert "标题" in plain


def test_a_glyph_that_no_font_has_becomes_a_box():
    assert known_glyphs("a$好\U0010fffd", ["DejaVu Sans"]) == "a$□□"


def test_every_behaviour_has_its_own_look():
    names = [f"b{n}" for n in range(14)]
    palette = Palette(names)
    assert len({(palette.colour(name), palette.marker(name)) for name in names}) == 14
    assert len({palette.colour(name) for name in names}) == len(COLOURS)


@pytest.mark.parametrize("make", [pictures.timeline, pictures.raster, pictures.pair_graph])
def test_pictures_draw_on_the_screen_without_a_warning(make):
    axes = make(Frames(story.run_tables(), story.MANIFEST), "c2").on(None)
    FigureCanvasAgg(axes.figure).draw()
    assert axes.get_title(loc="left")


def test_the_timeline_leaves_out_the_emptiest_occasions_and_says_so():
    meetings, rows = story.occasions(["a", "b", "c"], "note_comment", [f"n{i:02d}" for i in range(50)], 1)
    pairs = story.pairs_of(meetings, 1e-6)
    frames = Frames(
        story.tables(
            pairs=pairs,
            meetings=meetings,
            rows=rows,
            clusters=[story.cluster("c", "abc", pairs, meetings, 1.0, None)],
            members=[{"cluster_id": "c", "account_id": a, "membership": 1.0, "role": "core"} for a in "abc"],
        ),
        {},
    )
    axes = pictures.timeline(frames, "c").on(None)
    assert len(axes.get_xticks()) == 40
    assert "40 of 50 occasions" in axes.get_title(loc="left")


def test_the_graph_says_how_many_lines_it_leaves_out():
    names = [f"a{n:02d}" for n in range(40)]
    edges = {"meetings": 3, "behaviours": {"note_like": {"p_value": 1e-6}}}
    graph = nx.complete_graph(names)
    nx.set_node_attributes(graph, {name: {"membership": 1.0, "role": "core"} for name in names})
    nx.set_edge_attributes(graph, dict.fromkeys(graph.edges, edges))
    axes = draw_graph(Figure().add_subplot(), graph, Palette(["note_like"]), str)
    assert len(axes.collections[0].get_segments()) == 700
    assert "(the surest 700 of 780 lines)" in axes.get_title(loc="left")


def test_a_cluster_id_is_never_a_path():
    assert pictures.file_stem("../../etc/passwd") == "cluster_______etc_passwd"
    assert pictures.file_stem("c0ffee") == "cluster_c0ffee"
