from pathlib import Path

import pytest

from graphscan.errors import InputError
from graphscan.graphstore.answers import Answer, plain, width
from graphscan.graphstore.questions import MAX_LIMIT, find_question, literal, parse, read_questions

QUESTIONS = read_questions(Path(__file__).parents[3] / "queries")
HEAD = "// name: n\n// asks: a?\n// gives: x: text\n// use: u\n"


def test_there_are_enough_questions_each_with_a_header_of_its_own():
    assert len(QUESTIONS) >= 20
    for part in ("slug", "name", "asks"):
        assert len({getattr(q, part) for q in QUESTIONS}) == len(QUESTIONS)
    assert all(q.limit <= MAX_LIMIT and q.asks.endswith("?") for q in QUESTIONS)
    assert sum(g.kind == "path" for q in QUESTIONS for g in q.gives) >= 10


@pytest.mark.parametrize("name", ["05_cluster_burst", "cluster_burst", "5", "05"])
def test_a_question_is_found_by_number_or_name(name):
    assert find_question(name, QUESTIONS).slug == "05_cluster_burst"


def test_an_unknown_question_names_those_that_are():
    with pytest.raises(InputError, match=r"no question 'x'; allowed: 01_what_is_loaded, "):
        find_question("x", QUESTIONS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("RETURN 1 AS x LIMIT 1", "lacks name"),
        (HEAD + "RETURN 1 AS x", "must end with a LIMIT of at most 300"),
        (HEAD + "RETURN 1 AS x LIMIT 301", "must end with a LIMIT of at most 300"),
        (HEAD + "RETURN $y AS x LIMIT 1", r"parameters \['y'\] are declared or used, not both"),
        (HEAD + "// param y: int = 1 (what)\nRETURN 1 AS x LIMIT 1", r"parameters \['y'\]"),
        (HEAD + "// note: hello\nRETURN 1 AS x LIMIT 1", "header line '// note: hello'"),
        (
            HEAD + "// param y: int = no (what)\nRETURN $y AS x LIMIT 1",
            "parameter y = 'no'; allowed is a int or null",
        ),
        (
            HEAD.replace("x: text", "x: words") + "RETURN 1 AS x LIMIT 1",
            "gives 'x: words'; allowed is NAME: KIND",
        ),
    ],
)
def test_a_header_that_is_not_true_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        parse("slug", text)


def test_parameters_take_their_kind_and_default():
    question = find_question("strangers_in_the_burst", QUESTIONS)
    assert question.values({}) == {"cluster": None, "minutes": 10}
    assert question.values({"minutes": "3", "cluster": "c1"}) == {"cluster": "c1", "minutes": 3}
    with pytest.raises(InputError, match="parameter minutes = 'ten'"):
        question.values({"minutes": "ten"})
    with pytest.raises(InputError, match="has no parameter 'minute'; allowed: cluster, minutes"):
        question.values({"minute": "3"})


def test_a_shown_query_takes_only_what_cannot_end_a_literal():
    question = find_question("cluster_ties", QUESTIONS)
    assert "c.cluster_id = 'c0a'" in question.filled({"cluster": "c0a"})
    for text in ("' OR 1=1", "\\u0027 RETURN 1", "a\nb", "`", '"'):
        with pytest.raises(InputError, match="cannot stand in a shown query"):
            literal(text)


def test_an_answer_on_a_terminal_moves_no_cursor_and_keeps_columns_straight():
    rows = (("好看", plain(["a", "b"]), None), ("x\x1b[31m\u202ey\n", 0.123456789, True))
    lines = Answer(QUESTIONS[0], {}, ("words", "more", "known"), rows).lines()
    assert lines[3:6] == ["words     more      known", "好看      a; b", "x·[31m·y  0.123457  True"]
    assert (width("好a"), lines[-1]) == (3, "2 rows")
