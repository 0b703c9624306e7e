from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from scipy import stats

from graphscan.intake.adapters.column_map_file import read_column_map
from graphscan.reference import PIECES, command_names, pieces_of, renew
from graphscan.settings import make_settings

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [*DOCS, *sorted(ROOT.glob("*.md"))]
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
CALLED = re.compile(r"(?:^ {4}|`)graphscan ([a-z][\w-]*)", re.M)
FILES = re.compile(r"(?:`|python3? )((?:data/samples|benchmarks|graphscan|tests|docs)/[\w./-]*|dev\.py|\.ci/run)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    plain = FENCE.sub("", text_of(page))
    heads = re.findall(r"^#+ (.+)$", plain, re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def links_of(page: Path) -> list[str]:
    return [link for link in LINK.findall(FENCE.sub("", text_of(page))) if "://" not in link]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_no_generated_piece_is_stale(page: Path) -> None:
    assert text_of(page) == renew(text_of(page), page.name), "run: python -m graphscan.reference docs"


def test_every_generated_piece_stands_on_one_page() -> None:
    assert Counter(piece for page in DOCS for piece in pieces_of(text_of(page))) == Counter(list(PIECES))


def test_every_page_is_linked_from_the_index() -> None:
    linked = {link.split("#")[0] for link in links_of(ROOT / "docs" / "index.md")}
    assert {page.name for page in DOCS} - linked == {"index.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links_of(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{page.name} links to {link}, which is not there"
        assert not anchor or anchor in anchors_of(target), f"{page.name} links to {link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_named_exists(page: Path) -> None:
    assert set(CALLED.findall(text_of(page))) - set(command_names()) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_named_exists(page: Path) -> None:
    named = {name for name in FILES.findall(text_of(page)) if "<" not in name}
    assert {name for name in named if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_one_title_and_closes_its_fences(page: Path) -> None:
    text = text_of(page)
    assert len(re.findall(r"^# ", FENCE.sub("", text), re.M)) == 1
    assert text.count("```") % 2 == 0


def blocks(page: str, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(text_of(ROOT / "docs" / page)) if found == language]


def test_the_settings_shown_are_allowed() -> None:
    shown = blocks("settings.md", "toml")
    assert shown
    for body in shown:
        make_settings(**tomllib.loads(body))


def test_the_column_map_shown_is_the_samples_and_has_no_mistake(tmp_path: Path) -> None:
    (shown,) = blocks("formats.md", "toml")
    (tmp_path / "columns.toml").write_text(shown, encoding="utf-8")
    read_column_map(tmp_path / "columns.toml").fail()
    sample = text_of(ROOT / "data" / "samples" / "formats" / "column_map" / "columns.toml")
    assert tomllib.loads(shown) == tomllib.loads(sample)


def test_the_worked_example_is_worked_out_right() -> None:
    told = text_of(ROOT / "docs" / "method.md") + text_of(ROOT / "docs" / "concepts.md")
    expected = (12 / 10_000) * (10 / 10_000) * (100 * 100**2 * 0.05)
    tail = float(stats.poisson.sf(6 - 1, expected))
    pairs = 2_000 * 1_999 // 2
    assert f"= {expected:.2f}\n" in told
    assert f"{tail * 1e11:.1f} · 10⁻¹¹" in told
    assert f"= {3 * tail * 1e10:.1f} · 10⁻¹⁰" in told
    assert f"about {3 * tail * 1e10:.1f} × 10⁻¹⁰" in told
    assert f"= {3 * tail * pairs * 1e4:.1f} · 10⁻⁴" in told
    assert f"is {3 * tail * pairs * 1e4:.1f} × 10⁻⁴" in told
    assert f"{pairs:,}" in told


@pytest.mark.parametrize(("n", "told"), [(320, "1.1 % for 320"), (2_375, "0.2 % for 2,375"), (2_002, "bound 0.18 %")])
def test_the_bounds_told_beside_zero_are_exact(n: int, told: str) -> None:
    bound = 100 * stats.binomtest(0, n).proportion_ci(0.95).high
    said = re.search(r"[\d.]+", told)
    assert said is not None
    assert bound == pytest.approx(float(said[0]), abs=0.05)
    assert told in text_of(ROOT / "docs" / "method.md")


def test_the_pairs_of_the_running_example_are_counted_right() -> None:
    told = " ".join(text_of(ROOT / "docs" / "concepts.md").split())
    assert f"the forty accounts under `n9` form {40 * 39 // 2} pairs" in told
