import html
import json
import re
from importlib.resources import files

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from matplotlib.figure import Figure

from graphscan.errors import InputError, OutputError
from graphscan.reports import rerender
from graphscan.reports.sentences import NOTHING_IS_NO_PROOF
from graphscan.run import Run, read_run
from graphscan.tables import RUN_TABLES

from .reports import story


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_run(tmp_path_factory.mktemp("runs") / "run", story.run_tables())


@pytest.fixture(scope="module")
def run(folder):
    return read_run(folder)


def write_run(folder, tables):
    folder.mkdir()
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    (folder / "run.json").write_text(json.dumps(story.MANIFEST), encoding="utf-8")
    return folder


def test_every_table_is_a_frame_with_its_declared_columns(run):
    for table in RUN_TABLES:
        assert list(run.frame(table.name).columns) == [c.name for c in table.columns]
    assert run.accounts is run.accounts
    assert run.manifest["seed"] == 1


def test_types_do_not_depend_on_the_rows(run):
    empty = Run.from_tables("nowhere", story.tables(), {})
    for table in RUN_TABLES:
        assert dict(run.frame(table.name).dtypes) == dict(empty.frame(table.name).dtypes)


def test_ids_are_python_text_and_missing_is_none(run):
    accounts = run.accounts
    assert {type(value) for value in accounts["account_id"]} == {str}
    assert accounts.set_index("account_id").loc[story.BYSTANDER, "cluster_id"] is None
    assert str(accounts["first_at"].dtype) == "datetime64[ms, UTC]"
    assert run.clusters["behaviours"].iloc[0] == ["link_shared"]


def test_a_cluster_is_a_networkx_graph(run):
    graph = run.graph("c1")
    assert sorted(graph) == sorted(story.MANY)
    assert graph.nodes["u00"] == {"membership": 1.0, "role": "core"}
    edge = graph.edges["u00", "u01"]
    assert set(edge["behaviours"]) == {"note_comment"}
    assert edge["meetings"] == edge["behaviours"]["note_comment"]["meetings"]


def test_two_behaviours_of_one_pair_share_an_edge_there_and_are_two_here():
    tables = story.run_tables()
    twice = tables["pairs"].to_pylist()
    twice.append(twice[0] | {"behaviour": "text_copied", "meetings": 100})
    run = Run.from_tables("nowhere", tables | {"pairs": story.tables(pairs=twice)["pairs"]}, {})
    a, b = twice[0]["account_a"], twice[0]["account_b"]
    cluster = run.accounts.set_index("account_id").loc[a, "cluster_id"]
    assert run.graph(cluster).edges[a, b]["meetings"] == twice[0]["meetings"] + 100
    assert run.igraph().ecount() == len(twice)


def test_the_layered_igraph_has_every_clustered_account_and_every_validated_pair(run):
    graph = run.igraph()
    assert set(graph.vs["name"]) == {*story.MANY, *story.FEW}
    assert graph.ecount() == len(run.pairs)
    assert set(graph.es["behaviour"]) == {"note_comment", "link_shared"}
    assert graph.vs.find(name="甲乙丙丁")["cluster_id"] == "c2"


PLOTS = ["plot_timeline", "plot_raster", "plot_graph", "plot_layers", "plot_relay", "plot_clocks", "plot_decisions"]


@pytest.mark.parametrize("plot", PLOTS)
def test_plots_return_axes_new_or_given(run, plot):
    assert getattr(run, plot)("c1").figure is not None
    given = Figure().add_subplot()
    before = given.get_position().bounds
    assert getattr(run, plot)("c1", ax=given) is given
    assert given.get_position().bounds == before


@pytest.mark.parametrize("ask", ["graph", "cluster", *PLOTS])
def test_an_unknown_cluster_is_an_error_that_names_it(run, ask):
    with pytest.raises(InputError, match="no cluster 'c9' in this run; it has 2"):
        getattr(run, ask)("c9")


@pytest.mark.parametrize("plot", PLOTS)
def test_a_cluster_draws_what_its_run_draws(run, plot):
    ours, theirs = getattr(run.cluster("c1"), plot)(), getattr(run, plot)("c1")
    assert ours._repr_png_() == theirs._repr_png_()


def test_a_waterfall_is_drawn_on_axes_new_or_given(run):
    given = Figure().add_subplot()
    assert run.plot_waterfall("u00", ax=given) is given
    assert run.plot_waterfall("u00").figure is not None
    with pytest.raises(InputError, match="no account 'nobody'"):
        run.plot_waterfall("nobody")


def test_a_cluster_has_its_tables_at_hand(run):
    cluster = run.cluster("c1")
    assert len(cluster) == len(story.MANY) and repr(cluster) == "ClusterView('c1': 8 members)"
    assert set(cluster.members["account_id"]) == set(cluster.accounts["account_id"]) == set(story.MANY)
    assert {s.split(":")[0] for s in cluster.evidence["subject"]} == {"cluster", "account"}
    assert set(cluster.pairs["behaviour"]) == set(cluster.meetings["behaviour"]) == {"note_comment"}
    assert cluster.decisions.empty and cluster.row["size"] == 8
    assert sorted(cluster.graph()) == sorted(run.graph("c1"))
    assert cluster.explain().title == run.explain("c1").title


def test_a_cluster_cannot_be_changed_through_its_frames(run):
    cluster = run.cluster("c1")
    members = cluster.members
    members["role"] = "x"
    assert set(cluster.members["role"]) == {"core", "periphery"}


def test_cards_escape_what_accounts_wrote_and_load_nothing(run):
    for card in (run._repr_html_(), run.cluster("c1")._repr_html_(), run.cluster("c2")._repr_html_()):
        assert "<script" not in card and "<b>" not in card and "\u202e" not in card
        assert not re.search(r"(src|href|action)=|url\(|@import", card)
    assert "&lt;b&gt;bold" in run.cluster("c2")._repr_html_() and "甲乙丙丁" in run.cluster("c2")._repr_html_()


def test_a_card_tells_what_speaks_against_it(run):
    card = run.cluster("c1")._repr_html_()
    assert "1 of 8 members is verified by the platform." in card
    assert "Coordination alone measures nobody" in card


def test_the_card_of_a_run_without_clusters_says_that_nothing_is_no_proof():
    empty = Run.from_tables("nowhere", story.tables(accounts=[story.account("alone")]), {})
    assert "<table>" not in empty._repr_html_()
    assert NOTHING_IS_NO_PROOF in html.unescape(empty._repr_html_())


def test_run_stays_a_function_when_its_module_is_imported():
    """The module ``graphscan.run`` would take the name of the function, and a second run would fail."""
    import graphscan

    assert callable(graphscan.run) and callable(graphscan.read_run)


def test_every_public_name_is_there_and_documented():
    import graphscan

    for name in graphscan.__all__:
        assert getattr(graphscan, name) is not None
        assert name == "BEHAVIOURS" or getattr(graphscan, name).__doc__
    assert dir(graphscan) == sorted(graphscan.__all__)
    with pytest.raises(AttributeError, match="no attribute 'runn'; it offers BEHAVIOURS"):
        graphscan.runn  # noqa: B018


def test_the_package_says_that_it_is_typed():
    assert files("graphscan").joinpath("py.typed").is_file()


def test_explain_is_at_hand(run):
    assert run.explain("u00", "u01").title == "Pair u00 and u01"


def test_a_missing_folder_file_or_manifest_is_named(tmp_path):
    with pytest.raises(InputError, match="nothere is no folder"):
        Run.open(tmp_path / "nothere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"run\.json is missing"):
        Run.open(tmp_path / "empty")
    torn = write_run(tmp_path / "torn", story.run_tables())
    (torn / "members.parquet").unlink()
    with pytest.raises(InputError, match=r"members\.parquet is missing"):
        Run.open(torn)


def test_a_broken_file_is_named(tmp_path):
    broken = write_run(tmp_path / "broken", story.run_tables())
    (broken / "pairs.parquet").write_bytes(b"not parquet")
    with pytest.raises(InputError, match=r"pairs\.parquet cannot be read as Parquet"):
        Run.open(broken).pairs  # noqa: B018
    (broken / "run.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(InputError, match="holds no JSON object"):
        Run.open(broken)


def test_a_table_without_a_column_or_of_another_type_is_named():
    lacking = story.run_tables() | {"members": pa.table({"cluster_id": ["c1"]})}
    with pytest.raises(InputError, match="table members: no column account_id"):
        Run.from_tables("nowhere", lacking, {}).members  # noqa: B018
    members = story.run_tables()["members"]
    wrong = members.set_column(2, "membership", pa.array(["high"] * len(members)))
    with pytest.raises(InputError, match=r"table members: .* declared types"):
        Run.from_tables("nowhere", {"members": wrong}, {}).members  # noqa: B018


def test_a_report_can_be_made_again_elsewhere_or_in_place(run, folder, tmp_path):
    rerender(run, tmp_path / "again")
    rerender(run, folder)
    made = sorted(p.relative_to(tmp_path / "again") for p in (tmp_path / "again").rglob("*") if p.is_file())
    assert all((folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in made)
    assert not list(folder.glob(".report*"))
    assert (folder / "pairs.parquet").is_file()


def test_a_report_is_not_written_over_a_file(run, tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="taken is a file"):
        rerender(run, tmp_path / "taken")
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"
