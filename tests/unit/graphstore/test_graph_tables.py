"""From a run and a dataset to the tables behind nodes and relationships, without a server."""

import json

import pyarrow as pa
import pytest

from graphscan.errors import InputError
from graphscan.graphstore import loading
from graphscan.graphstore.batches import BATCH_BYTES, instant, node_batches, relationship_keys
from graphscan.graphstore.captions import CAPTION_CHARS, shortened
from graphscan.graphstore.derived import host
from graphscan.graphstore.graph_tables import graph_tables, rows_of
from graphscan.graphstore.model import NODES, RELATIONSHIPS, node
from graphscan.graphstore.sources import open_source
from graphscan.progress import Silent

from ...graphdb import made


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    return made.write_run(tmp_path_factory.mktemp("made") / "run", made.run_tables(made.dataset_tables()))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return made.write_dataset(tmp_path_factory.mktemp("made") / "dataset", made.dataset_tables())


@pytest.fixture(scope="module")
def source(run_folder, dataset):
    return open_source(run_folder, dataset, Silent())


@pytest.fixture(scope="module")
def tables(source):
    return graph_tables(source, around=False)


def test_no_relationship_lacks_an_end(tables):
    for relationship in RELATIONSHIPS:
        for end in (relationship.start, relationship.end):
            keys = set(tables[node(end.label).table][node(end.label).key.name].to_pylist())
            assert set(rows_of(relationship, tables)[end.column].to_pylist()) <= keys


def test_keys_of_nodes_and_relationships_are_their_own(tables):
    for declared in NODES:
        keys = tables[declared.table][declared.key.name].to_pylist()
        assert keys == sorted(set(keys), key=str.encode)
    keys = [k for r in RELATIONSHIPS for k in relationship_keys(r, rows_of(r, tables))]
    assert len(set(keys)) == len(keys)


def test_private_words_are_gone_before_anything_is_sent(source):
    messages = source.input["chat_messages"].to_pylist()
    assert {m["chat_id"] for m in messages if m["text"] or m["links"]} == {"t1"}


def test_kept_rows_become_the_input_rows_they_came_from(run_folder):
    source = open_source(run_folder, None, Silent())
    members = {a for group in made.MEMBERS.values() for a in group}
    data = made.dataset_tables()
    wanted = {(i["account_id"], i["kind"], i["target_kind"], i["target_id"]) for i in data["interactions"]}
    found = source.input["interactions"].to_pylist()
    assert {(i["account_id"], i["kind"], i["target_kind"], i["target_id"]) for i in found} == {
        w for w in wanted if w[0] in members
    }
    assert not source.whole
    assert source.input["chats"].num_rows == 0


def test_a_name_with_bars_in_it_is_not_taken_apart_wrongly(tmp_path):
    data = made.dataset_tables()
    tables = made.run_tables(data)
    row = {
        "table": "interactions",
        "account_id": "a|like|note",
        "at": made.at(1),
        "on": "n|1",
        "text": "like",
    }
    tables["rows"] = [{**row, "row": "interactions/a|like|note|like|comment|n|1|2026", "links": None, "client": None}]
    source = open_source(made.write_run(tmp_path / "run", tables), None, Silent())
    [found] = source.input["interactions"].to_pylist()
    assert (found["target_kind"], found["target_id"]) == ("comment", "n|1")


def test_size_decides_the_scope_unless_it_is_given(source):
    assert not loading.choose_scope(source, None)
    assert loading.choose_scope(source, None, limit=10)
    assert not loading.choose_scope(source, False, limit=10)
    assert loading.choose_scope(source, True)


def test_a_load_is_named_by_what_it_loads(source, run_folder):
    kept = open_source(run_folder, None, Silent())
    names = {loading.load_id(source, False), loading.load_id(source, True), loading.load_id(kept, False)}
    assert len(names) == 3
    assert loading.load_id(open_source(run_folder, None, Silent()), False) == loading.load_id(kept, False)


def test_a_batch_can_begin_in_the_middle(tables):
    accounts = node("Account")
    everything = [row for batch in node_batches(accounts, tables["accounts"], 7) for row in batch]
    rest = [row for batch in node_batches(accounts, tables["accounts"], 7, 10) for row in batch]
    assert rest == everything[10:]
    assert {row["key"] for row in everything if row["Ban"]} == {"a01"}


def test_a_batch_of_long_texts_is_cut_until_it_fits():
    texts = {"note_id": [f"n{i}" for i in range(6)], "text": ["长" * (BATCH_BYTES // 8)] * 6}
    rows = {c.name: pa.array(texts.get(c.name, [None] * 6)).cast(c.arrow_type) for c in node("Note").properties}
    batches = list(node_batches(node("Note"), pa.table(rows), 1000))
    assert [row["key"] for batch in batches for row in batch] == texts["note_id"]
    assert max(map(len, batches)) == 2


def test_an_id_that_no_index_holds_is_refused_by_name():
    table = pa.table({c.name: pa.array(["x" * 8001 if c.name == "note_id" else None]).cast(c.arrow_type)
                      for c in node("Note").properties if c.name not in ("known",)} | {"known": [True]})  # fmt: skip
    with pytest.raises(InputError, match=r"note_id 'x{40}'… is over 8,000 bytes"):
        list(node_batches(node("Note"), table, 10))


def test_a_time_outside_of_the_calendar_is_refused():
    assert instant(7).isoformat() == "1970-01-01T00:00:00.007000+00:00"
    with pytest.raises(InputError, match="outside of the years 1 to 9999"):
        instant(10**15)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://Mall.Example:8443/x", "mall.example"),
        ("4711", None),
        ("http://[bad", None),
        ("https://u:p@h.example/", "h.example"),
    ],
)
def test_the_host_of_a_link(link, expected):
    assert host(link) == expected


def test_a_caption_is_one_short_line():
    assert shortened("a\n b\t c") == "a b c"
    assert len(shortened("长" * 99)) == CAPTION_CHARS


@pytest.mark.parametrize("fault", ["absent", "no json", "no outputs", "table"])
def test_a_run_that_is_not_whole_is_told(tmp_path, fault):
    folder = made.write_run(tmp_path / "run", made.run_tables(made.dataset_tables()))
    expected = {
        "absent": "run.json is missing",
        "no json": "is not valid JSON",
        "no outputs": "names no outputs",
        "table": "motifs.parquet is missing",
    }
    if fault == "absent":
        (folder / "run.json").unlink()
    elif fault == "table":
        (folder / "motifs.parquet").unlink()
    else:
        (folder / "run.json").write_text("{" if fault == "no json" else json.dumps({"outputs": 1}))
    with pytest.raises(InputError, match=expected[fault]):
        open_source(folder, None, Silent())
