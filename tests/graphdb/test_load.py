import pytest

from graphscan.errors import OutsideError
from graphscan.graphstore.model import NODES, RELATIONSHIPS

from . import made


def test_loading_twice_gives_the_same_graph(store, run_folder, dataset):
    first = store.load(run_folder, dataset)
    once = store.digest()
    second = store.load(run_folder, dataset)
    assert store.digest() == once
    assert (first.nodes, first.relationships, second.resumed) == (second.nodes, second.relationships, 0)
    assert not any(second.deleted.values())


def test_every_declared_kind_is_there_and_nothing_else(store, run_folder, dataset):
    store.load(run_folder, dataset)
    marks = {m.label for n in NODES for m in n.marks}
    labels = set(store.column("MATCH (n) UNWIND labels(n) AS l RETURN DISTINCT l"))
    assert labels >= {n.label for n in NODES} | {"Load", "Core", "Periphery", "Ban"}
    assert labels <= {n.label for n in NODES} | marks | {"Load"}
    found = store.column("MATCH (a)-[r]->(b) RETURN DISTINCT type(r) AS t")
    assert set(found) == {r.type for r in RELATIONSHIPS}
    lacking = "MATCH (n) WHERE n.caption IS NULL OR n.firstseen IS NULL OR n.last_load IS NULL RETURN count(n) AS n"
    assert store.column(lacking) == [0]
    assert store.column("MATCH ()-[r]->() WHERE r.firstseen IS NULL OR r.last_load IS NULL RETURN count(r) AS n") == [0]


def test_the_graph_says_what_the_tables_say(store, run_folder, dataset):
    store.load(run_folder, dataset)
    data = made.dataset_tables()
    wrote = {(c["account_id"], c["comment_id"], c["note_id"]) for c in data["comments"]}
    assert wrote == store.rows(
        "MATCH (a:Account)-[:WROTE]->(c:Comment)-[:ON]->(n:Note) RETURN a.account_id AS a, c.comment_id AS c, n.note_id AS n"
    )
    members = {(a, c) for c, group in made.MEMBERS.items() for a in group}
    assert members == store.rows("MATCH (a)-[:IN_CLUSTER]->(c) RETURN a.account_id AS a, c.cluster_id AS c")
    assert store.rows("MATCH (a:Decision)-[:FOLLOWS]->(b:Decision) RETURN a.decision_id AS a, b.decision_id AS b") == {
        ("d2", "d1"),
        ("d3", "d2"),
    }
    assert store.rows("MATCH (d:Decision)-[:ABOUT]->(a:Account) RETURN d.decision_id AS d, a.account_id AS a") == {
        ("d1", "a01"),
        ("d2", "a02"),
        ("d3", "a03"),
    }
    assert store.rows("MATCH (a:Account:Ban) RETURN a.account_id AS a") == {("a01",)}
    assert store.rows("MATCH (e:Evidence)-[:RESTS_ON]->(x) RETURN e.clue AS e, labels(x)[0] AS l, x.known AS k") == {
        ("meetings_note_comment", "Comment", True),
        ("meetings_note_comment", "Note", True),
        ("meetings_note_comment", "Message", True),
        ("acted_later_note_comment", "Comment", True),
    }


def test_hostile_text_comes_back_as_it_went_in(store, run_folder, dataset):
    store.load(run_folder, dataset)
    expected = {(row["account_id"], row["nickname"]) for row in made.dataset_tables()["accounts"]}
    assert store.rows("MATCH (a:Account) RETURN a.account_id AS a, a.nickname AS n") == expected
    assert store.rows("MATCH (n:Note {note_id: 'n0'}) RETURN n.tags[1] AS t, n.created_at.epochMillis AS ms") == {
        (made.HOSTILE[0], round(made.at(0).timestamp() * 1000))
    }


def test_a_note_that_is_only_referred_to_is_there_but_not_known(store, run_folder, dataset):
    store.load(run_folder, dataset)
    assert store.rows("MATCH (n:Note {known: false}) RETURN n.note_id AS n") == {("unknown-note",)}
    assert store.rows("MATCH (t:Chat {known: false}) RETURN t.chat_id AS t") == {("t-unknown",)}


def test_words_of_private_chats_stay_out(store, run_folder, dataset):
    store.load(run_folder, dataset)
    said = store.rows("MATCH (m:Message)-[:IN]->(t:Chat) WHERE m.text IS NOT NULL RETURN DISTINCT t.chat_id AS t")
    assert said == {("t1",)}


def test_around_the_clusters_outsiders_go_and_what_members_touched_stays(store, run_folder, dataset):
    store.load(run_folder, dataset)
    whole = store.digest()
    report = store.load(run_folder, dataset, around=True)
    assert report.deleted["Account"] > 0
    accounts = {a for (a,) in store.rows("MATCH (a:Account) RETURN a.account_id AS a")}
    assert {a for group in made.MEMBERS.values() for a in group} <= accounts
    # h000 has a pair with a member, h001 was followed by members, h002 reported one, h019 did none of it
    assert {"h000", "h001", "h002"} <= accounts
    assert "h019" not in accounts
    store.load(run_folder, dataset)
    assert store.digest() == whole


def test_what_a_former_run_left_goes_unless_it_is_kept(store, tmp_path, run_folder, dataset):
    store.load(run_folder, dataset)
    tables = made.run_tables(made.dataset_tables())
    later = made.write_run(tmp_path / "later", {**tables, "motifs": []}, "2026-04-01T00:00:00.000Z")
    store.load(later, dataset, keep=True)
    assert store.column("MATCH (m:Motif) RETURN count(m) AS n") == [1]
    report = store.load(later, dataset)
    assert (report.deleted["Motif"], report.deleted["Load"]) == (1, 1)
    assert store.column("MATCH (m:Motif) RETURN count(m) AS n") == [0]
    seen = store.column("MATCH (a:Account) RETURN DISTINCT toString(a.firstseen) AS t")
    assert seen == ["2026-03-02T00:00:00Z"]  # first seen by the former run, and still so


def test_nodes_of_somebody_else_are_left_alone(store, run_folder):
    store.connection.execute("CREATE (:Account {name: 'mine'})-[:ON]->(:Note {name: 'mine too'})")
    store.load(run_folder)
    assert store.rows("MATCH (a)-[:ON]->(b) WHERE a.name IS NOT NULL RETURN a.name AS a, b.name AS b") == {
        ("mine", "mine too")
    }


def test_a_run_loads_without_its_dataset(store, run_folder):
    report = store.load(run_folder)
    kept = {
        (r["account_id"], r["row"].split("/", 1)[1])
        for r in made.kept_rows(made.dataset_tables())
        if r["table"] == "comments"
    }
    assert store.rows("MATCH (a)-[:WROTE]->(c) RETURN a.account_id AS a, c.comment_id AS c") == kept
    assert report.relationships["Account-FOLLOWED-Account"] == 11


def test_an_interrupted_load_goes_on_and_a_changed_graph_is_told(store, run_folder, dataset):
    store.load(run_folder, dataset)
    whole = store.digest()
    store.connection.execute("MATCH (l:Load) SET l.complete = false, l.step = 12, l.done = 3")
    report = store.load(run_folder, dataset)
    assert report.resumed > 0
    assert store.digest() == whole
    store.connection.execute("MATCH (l:Load) SET l.complete = false, l.step = 12, l.done = 3")
    store.connection.execute("MATCH (c:Comment {comment_id: 'k4-h003'}) DETACH DELETE c")
    with pytest.raises(OutsideError, match="nodes loaded before are gone"):
        store.load(run_folder, dataset)
    store.load(run_folder, dataset)
    assert store.digest() == whole
