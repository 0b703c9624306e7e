import re

import pytest

from graphscan.graphstore.cypher import every_statement
from graphscan.graphstore.declarations import End, Look, Mark, Node, Relationship
from graphscan.graphstore.model import NODES, RELATIONSHIPS
from graphscan.tables import INPUT_TABLES, RUN_TABLES, Column

KEY = Column("x_id", "id", "an id")


@pytest.mark.parametrize("name", ["A`) DETACH DELETE n //", "A B", "", "\\u0060", "A\n", "é"])
def test_a_name_that_could_leave_its_place_in_cypher_is_no_name(name):
    look = Look("#000000", 1)
    with pytest.raises(ValueError, match="no name for Cypher"):
        Node(name, KEY, "t", "m", (), look)
    with pytest.raises(ValueError, match="no name for Cypher"):
        Node("A", KEY, "t", "m", (Column(name, "text", "m"),), look)
    with pytest.raises(ValueError, match="no name for Cypher"):
        Mark(name, "c", "v", "m", look)
    with pytest.raises(ValueError, match="no name for Cypher"):
        Relationship(name, End("A", "a"), End("B", "b"), "t", "m")


def test_every_relationship_joins_declared_nodes_and_has_a_name_of_its_own():
    labels = {n.label for n in NODES}
    assert {e.label for r in RELATIONSHIPS for e in (r.start, r.end)} <= labels
    assert len({r.name for r in RELATIONSHIPS}) == len(RELATIONSHIPS)
    assert len({(n.label, n.key.name) for n in NODES}) == len({n.key.name for n in NODES}) == len(NODES)


def test_every_column_of_a_node_is_a_column_of_a_table_once():
    known = {c.name for t in (*INPUT_TABLES, *RUN_TABLES) for c in t.columns}
    ours = {"host", "carriers", "link", "evidence_id", "caption", "known"}
    for node in NODES:
        names = [c.name for c in node.properties]
        assert len(set(names)) == len(names)
        assert set(names) <= known | ours


def test_no_statement_takes_a_label_type_or_name_from_a_parameter():
    for text in every_statement().values():
        assert not re.search(r"[(\[]\w*:\s*\$|\[\$|`|\bapoc\b|\bgds\b", text)
        assert set(re.findall(r"\$(\w+)", text)) <= {
            "rows",
            "load",
            "firstseen",
            "limit",
            "facts",
            "step",
            "done",
        }


def test_both_ends_of_a_relationship_are_matched_by_label_and_key():
    for name, text in every_statement().items():
        if name.startswith("load ") and "-[r:" in text:
            assert len(re.findall(r"^MATCH \((a|b):[A-Z]\w+ {\w+: row\.(start|end)}\)$", text, re.MULTILINE)) == 2
