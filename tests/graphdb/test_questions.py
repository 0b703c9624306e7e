"""Every question runs on the real server and returns what its header says, within its limit."""

import json

import pytest

from graphscan.errors import InputError
from graphscan.graphstore.answers import ask, path_text
from graphscan.graphstore.questions import read_questions

from .told import Store, start

QUESTIONS = read_questions()


@pytest.fixture(scope="module")
def loaded(access, connection, run_folder, dataset):
    store = Store(access, connection)
    store.wipe()
    store.load(run_folder, dataset)
    return store


def kind_of(value):
    from neo4j.graph import Node, Path
    from neo4j.time import DateTime

    kinds = {
        str: "text",
        bool: "bool",
        int: "int",
        float: "float",
        list: "list",
        DateTime: "time",
        Node: "node",
        Path: "path",
    }
    return kinds[type(value)]


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.needs is None], ids=lambda q: q.slug)
def test_a_question_gives_what_its_header_says(loaded, question):
    values = question.values({})
    columns, rows = loaded.connection.ask(
        lambda tx: (lambda r: (r.keys(), [x.values() for x in r]))(tx.run(question.cypher, values))
    )
    assert tuple(columns) == tuple(g.name for g in question.gives)
    assert 0 < len(rows) <= question.limit, "the made world holds an answer to every question"
    for row in rows:
        for value, gives in zip(row, question.gives, strict=True):
            assert (value is None and gives.nullable) or kind_of(value) == gives.kind, (gives.name, value)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.needs is None], ids=lambda q: q.slug)
def test_a_question_runs_in_browser_without_parameters(loaded, question):
    assert "$" not in question.filled()
    asked = loaded.connection.read(question.cypher, **question.values({}))
    assert len(loaded.connection.read(question.filled())) == len(asked)


def test_a_question_whose_plugin_is_missing_says_so(loaded):
    [question] = [q for q in QUESTIONS if q.needs == "gds"]
    if loaded.column("SHOW FUNCTIONS YIELD name WHERE name STARTS WITH 'gds' RETURN count(*) AS n") == [0]:
        with pytest.raises(InputError, match="needs the server's plugin gds"):
            ask(question, {}, loaded.connection)
    else:
        assert ask(question, {}, loaded.connection).rows


def test_a_question_cannot_write(loaded):
    evil = type(QUESTIONS[0])("x", "x", "x", (), "x", None, (), "CREATE (n:Account) RETURN n LIMIT 1")
    with pytest.raises(InputError, match="refuses"):
        ask(evil, {}, loaded.connection)


def test_what_falls_is_everything_that_rests_on_it_or_came_from_its_cluster(loaded):
    [question] = [q for q in QUESTIONS if q.slug.endswith("what_falls_if_overturned")]
    answer = ask(question, {"decision": "d1"}, loaded.connection)
    freed = {a for a in ("a01", "a02", "a03") if any(f"(Account {a})" in row[0] for row in answer.rows)}
    assert freed == {"a01", "a02", "a03"}
    answer = ask(question, {"decision": "d3"}, loaded.connection)
    told = {row[0] for row in answer.rows}
    assert {f"(Decision d{k})-[ABOUT]->(Account a0{k})" for k in (1, 2, 3)} <= told
    assert "(Decision d3)-[FOLLOWS]->(Decision d2)" in told
    assert not any("Evidence" in path for path in told)


def test_a_decision_leads_to_the_clues_it_follows(loaded):
    [question] = [q for q in QUESTIONS if q.slug.endswith("decision_grounds")]
    told = {row[0] for row in ask(question, {"decision": "d1"}, loaded.connection).rows}
    assert any(path.startswith("(Decision d1)-[FOLLOWS]->(Evidence ") for path in told)
    assert any("-[RESTS_ON]->" in path for path in told)


def test_a_path_reads_in_its_own_directions(loaded):
    [path] = loaded.connection.ask(
        lambda tx: [
            r["p"]
            for r in tx.run(
                "MATCH p = (:Note {note_id:'n1'})<-[:ON]-(:Comment {comment_id:'k1-a01'})<-[:WROTE]-() RETURN p"
            )
        ]
    )
    assert path_text(path) == "(Note n1)<-[ON]-(Comment k1-a01)<-[WROTE]-(Account a01)"


def test_the_command_lists_and_asks(loaded, tmp_path):
    process = start(loaded, tmp_path, "queries", "15", "--param", "account=a05", "--json")
    out, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    rows = json.loads(out)["rows"]
    partners = {"a00", "a01", "a02", "a03", "a04", "h000"}
    assert {part.split(")")[0] for row in rows for part in row["p"].split("(Account ")[1:]} == partners | {"a05"}
    process = start(loaded, tmp_path, "queries", "15", "--param", "akkount=a05")
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "has no parameter 'akkount'; allowed: account" in said) == (1, True)
