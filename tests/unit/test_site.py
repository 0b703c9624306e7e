"""The documentation site: built strictly, every link and anchor leads somewhere, and no page asks another host for anything."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("mkdocs", reason="no site: graphscan[site] is not installed")
pytest.importorskip("material")
pytest.importorskip("nbconvert")

ROOT = Path(__file__).parents[2]
LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
LOADING_RELS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"}


class Page(HTMLParser):
    """What a page loads, what it links to, and its anchors."""

    def __init__(self, path):
        super().__init__()
        self.loads, self.links, self.ids = [], [], {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag in LOADS and given.get(LOADS[tag]):
            self.loads.append(given[LOADS[tag]])
        if given.get("srcset"):
            self.loads.append(given["srcset"])
        if tag == "link" and set((given.get("rel") or "").split()) & LOADING_RELS:
            self.loads.append(given["href"])
        if tag == "form" and given.get("action"):
            self.loads.append(given["action"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_page_and_every_notebook_is_there(site, pages):
    wanted = {p.stem for p in (ROOT / "docs").glob("*.md")} | {"contributing", "changelog"}
    assert wanted <= {p.stem for p in site.glob("*.html")}
    assert {p.stem for p in (site / "notebooks").glob("*.html")} == {
        p.stem for p in (ROOT / "notebooks").glob("*.ipynb")
    }


def test_no_page_asks_another_host(pages):
    for path, page in pages.items():
        outside = [
            address
            for address in page.loads
            if urlsplit(address).scheme in ("http", "https") or address.startswith("//")
        ]
        assert outside == [], path


def test_no_style_asks_another_host(site):
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import", text), path


def test_every_link_and_anchor_leads_somewhere(site, pages):
    dead = []
    for path, page in pages.items():
        if path.name == "404.html":  # shown at any address, so its links begin at the site's root
            continue
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("//"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (target in pages and unquote(parts.fragment) not in pages[target].ids):
                dead.append(f"{path.relative_to(site)} → {link}")
    assert dead == []


def test_the_menu_names_every_page_once(pages, site):
    front = pages[site / "index.html"]
    linked = [link for link in front.links if link.endswith(".html")]
    for page in (p.name for p in (ROOT / "docs").glob("*.md") if p.stem != "index"):
        assert page.replace(".md", ".html") in linked


def test_no_script_loads_from_another_host(site):
    """The theme would load a polyfill and a diagram library from a package host."""
    for path in site.rglob("*.js"):
        assert not re.search(r"unpkg|jsdelivr|cdnjs|googleapis|gstatic", path.read_text(encoding="utf-8")), path


def test_the_search_has_its_index_here(site):
    found = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert any("waterfall" in document["text"].lower() for document in found["docs"])


def test_pictures_have_words(site):
    silent = [p.name for p in site.rglob("*.html") if re.search(r'<img[^>]*alt=""', p.read_text(encoding="utf-8"))]
    assert silent == []
