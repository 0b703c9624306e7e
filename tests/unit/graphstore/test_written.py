"""Files that follow from declarations are what the declarations say; GRAPHSCAN_WRITE_GOLDEN=1 writes them anew."""

import os
from pathlib import Path

import pytest

from graphscan.graphstore.cypher import every_statement
from graphscan.graphstore.favourites import favourites_csv, favourites_zip
from graphscan.graphstore.guide import guide_page
from graphscan.graphstore.pages import questions_page, schema_page
from graphscan.graphstore.questions import read_questions
from graphscan.graphstore.style import style_sheet

ROOT = Path(__file__).parents[3]


def files():
    questions = read_questions(ROOT / "queries")
    page = (ROOT / "docs" / "neo4j.md").read_text(encoding="utf-8")
    for name, told in (("questions", questions_page(questions)), ("schema", schema_page())):
        before, rest = page.split(f"<!-- {name} -->\n")
        after = rest.split(f"<!-- /{name} -->")[1]
        page = f"{before}<!-- {name} -->\n{told}<!-- /{name} -->{after}"
    golden = "\n\n".join(f"// {name}\n{text};" for name, text in every_statement().items()) + "\n"
    return {
        "docs/neo4j.md": page.encode(),
        "tests/golden/neo4j/statements.cypher": golden.encode(),
        "queries/browser/style.grass": style_sheet().encode(),
        "queries/browser/guide.html": guide_page(questions).encode(),
        "queries/browser/favourites.csv": favourites_csv(questions).encode(),
        "queries/browser/favourites.zip": favourites_zip(questions),
    }


@pytest.mark.parametrize("name", sorted(files()))
def test_a_written_file_says_what_the_declarations_say(name):
    made = files()[name]
    if os.environ.get("GRAPHSCAN_WRITE_GOLDEN") == "1":
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_bytes(made)
    assert (ROOT / name).read_bytes() == made, "GRAPHSCAN_WRITE_GOLDEN=1 pytest writes it anew; then read the change"
