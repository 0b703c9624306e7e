"""The Python on the pages runs as it stands, in the order in which it stands, on a small world."""

import re
from pathlib import Path

import pytest

from graphscan.cli import main

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
PAGES = [
    p
    for p in (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md")
    if BLOCK.search(p.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world") / "dataset"
    assert main(["simulate", "--scenario", "small_world", "--scale", "300", "--out", str(folder), "--quiet"]) == 0
    return folder


def test_the_pages_for_analysts_show_code():
    assert {"analysts.md", "run.md", "README.md"} <= {p.name for p in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_code_of_a_page_runs(page, world, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("data/samples").mkdir(parents=True)
    Path("data/samples/small_world").symlink_to(world)
    Path("my-dataset").symlink_to(world)
    names = {}
    for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1):
        exec(compile(block, f"{page.name}, block {number}", "exec"), names)
    assert len(names["run"].clusters) > 0
