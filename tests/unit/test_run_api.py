import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from matplotlib.figure import Figure

from graphscan.errors import InputError, OutputError
from graphscan.reports import rerender
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


@pytest.mark.parametrize("plot", ["plot_timeline", "plot_raster", "plot_graph"])
def test_plots_return_axes_new_or_given(run, plot):
    assert getattr(run, plot)("c1").figure is not None
    given = Figure().add_subplot()
    before = given.get_position().bounds
    assert getattr(run, plot)("c1", ax=given) is given
    assert given.get_position().bounds == before


@pytest.mark.parametrize("ask", ["graph", "plot_timeline", "plot_raster", "plot_graph"])
def test_an_unknown_cluster_is_an_error_that_names_it(run, ask):
    with pytest.raises(InputError, match="no cluster 'c9' in this run; it has 2"):
        getattr(run, ask)("c9")


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
