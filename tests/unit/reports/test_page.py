import base64
import re
import time
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

from graphscan.progress import Silent
from graphscan.reports import render

from . import story

LOADING = {"src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"}


class Addresses(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.addresses = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in LOADING]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    work = tmp_path_factory.mktemp("run")
    render(work, story.run_tables(), story.MANIFEST, Silent())
    return work


@pytest.fixture(scope="module")
def html(rendered):
    return (rendered / "report.html").read_text(encoding="utf-8")


def render_zero(work, manifest):
    work.mkdir()
    render(work, story.tables(accounts=[story.account("alone")]), manifest, Silent())
    return (work / "report.html").read_text(encoding="utf-8")


def test_the_page_loads_nothing_and_runs_nothing(html):
    page = Addresses()
    page.feed(html)
    assert not {"script", "iframe", "object", "embed", "link", "form"} & set(page.tags)
    assert all(address.startswith(("#", "data:image/svg+xml;base64,")) for address in page.addresses)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert "@import" not in html and "url(" not in html


def test_hostile_words_are_shown_and_do_nothing(html):
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; ]]&gt; ⟨U+202E⟩gnp.exe⟨U+202C⟩ {{ 7*7 }}" in html
    assert "<script" not in html and "<b>bold" not in html and "<i>" not in html
    assert not set("\u202e\u202c\x1b") & set(html)


def test_the_page_names_every_part_a_reader_needs(html):
    for heading in (
        "What speaks against it",
        "What is not known",
        "Examples",
        "Members",
        "Set aside",
        "Words",
    ):
        assert f">{heading}</h" in html
    assert "2 clusters with 13 accounts in all stand out among the 14 accounts seen." in html
    assert "Coordination alone measures nobody" in html
    assert "1 of 8 members is verified by the platform." in html
    assert "u00 is labelled human by: moderators." in html
    assert "The tools are not known: no client in the data." in html
    assert "created_at is no time" in html and "comments.note id: 7 references" in html
    assert "2026-03-10 14:05:03 UTC" in html


def test_limits_are_not_repeated_among_the_findings(html):
    assert html.count("1 of 8 members is verified by the platform.") == 1


def test_the_cluster_with_the_highest_score_comes_first(html):
    assert html.index("Cluster <bdi>c1</bdi>") < html.index("Cluster <bdi>c2</bdi>")


def test_examples_are_exact_and_dated(html):
    assert "“这款2真的太好用了,回购无数次! ⏎ 姐妹们冲”" in html
    assert len(re.findall('class="example"', html)) == 5 + 2


def test_the_same_run_gives_the_same_bytes(rendered, tmp_path):
    render(tmp_path, story.run_tables(), story.MANIFEST, Silent())
    first = {p.relative_to(rendered): p.read_bytes() for p in rendered.rglob("*") if p.is_file()}
    again = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert first == again
    assert len([name for name in first if name.suffix == ".svg"]) == 2 + 5 * 2


@pytest.fixture
def in_shanghai(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_shanghai")
def test_neither_row_order_nor_the_zone_of_the_machine_changes_the_page(rendered, tmp_path):
    backwards = {
        name: table.take(pa.array(range(table.num_rows - 1, -1, -1), pa.int64()))
        for name, table in story.run_tables().items()
    }
    render(tmp_path, backwards, story.MANIFEST, Silent())
    assert (tmp_path / "report.html").read_bytes() == (rendered / "report.html").read_bytes()


def test_pictures_are_well_formed_and_keep_chinese_and_hostile_text_as_text(rendered):
    texts = "".join(
        "".join(node.itertext()) for path in rendered.glob("figures/*.svg") for node in [ET.parse(path).getroot()]
    )
    assert "甲乙丙丁" in texts and "<b>bold</b>" in texts and "⟨U+202E⟩abc" in texts
    assert "qz0" not in texts


def test_pictures_name_chinese_fonts_and_carry_no_date(rendered):
    svg = (rendered / "figures" / "cluster_c2_graph.svg").read_text(encoding="utf-8")
    assert "Noto Sans CJK SC" in svg and "DejaVu" not in svg
    assert "<dc:date>" not in svg and "<!DOCTYPE" not in svg


def test_the_page_shows_the_pictures_that_lie_beside_it(rendered, html):
    shown = {base64.b64decode(found) for found in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)}
    assert shown == {path.read_bytes() for path in rendered.glob("figures/*.svg")}


def test_nothing_found_is_told_as_no_proof(tmp_path):
    html = render_zero(tmp_path / "zero", story.MANIFEST)
    assert "Nothing was found among 1 account." in html
    assert "Nothing found is not proof of nothing there" in html
    assert "What that does and does not mean" in html
    assert 'id="clusters"' not in html and "<img" not in html


def test_what_the_manifest_does_not_say_is_told_as_not_known(tmp_path):
    html = render_zero(tmp_path / "zero", {})
    assert html.count("Not known: this run's manifest does not say.") == 3
    assert "No row was set aside" not in html
