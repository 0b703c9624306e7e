"""What the site adds to ``docs/``: the executed notebooks as pages, the files beside the folder, and pages that the menu lacks.

In: mkdocs' configuration and files. Out: the same, with generated pages. The pages in ``docs/`` stay plain Markdown with links that a
code host follows; what leads out of the folder is turned to the generated page here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from mkdocs.structure.files import File, Files
from nbconvert import MarkdownExporter

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = tuple(sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")))
BESIDE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Files beside ``docs/`` that become pages."""

PLACES = {
    "jobs.md": "Periodic jobs",
    "decisions.md": "Reviewers and people concerned",
    "ledger.md": "Reviewers and people concerned",
    "reviewers.md": "Reviewers and people concerned",
    "appeals.md": "Reviewers and people concerned",
}
"""Where pages stand in the menu that ``mkdocs.yml`` does not name; any other stands under *More*."""

ELSEWHERE = "https://unpkg.com/"

_LINK = re.compile(r"\]\((?P<path>[^)#\s:]+)(?P<anchor>#[^)\s]*)?\)")
_OUTER_STYLE = re.compile(r"<style scoped>.*?</style>\n?", re.DOTALL)


def on_config(config: Any) -> Any:
    """Put the notebooks into the menu, and every page that it does not name."""
    for section in config["nav"]:
        if "Analysts" in section:
            section["Analysts"] += [{_title(path): f"notebooks/{path.stem}.md"} for path in NOTEBOOKS]
    named = set(re.findall(r"'([\w/.-]+\.md)'", str(config["nav"])))
    for name in sorted(p.name for p in Path(config["docs_dir"]).glob("*.md") if p.name not in named):
        _section(config["nav"], PLACES.get(name, "More")).append(name)
    _section(config["nav"], "More").extend(BESIDE.values())
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages and the pictures of the notebooks."""
    for name, page in BESIDE.items():
        files.append(File.generated(config, page, content=_turned((ROOT / name).read_text(encoding="utf-8"), "", page)))
    for path in NOTEBOOKS:
        body, pictures = notebook_page(path)
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=body))
        for name, content in pictures.items():
            files.append(File.generated(config, f"notebooks/{name}", content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links that lead out of ``docs/`` to the generated pages."""
    if page.file.generated_by:
        return markdown
    return _turned(markdown, "../", page.file.src_uri)


def on_post_build(config: Any, **_: Any) -> None:
    """Take the theme's addresses of other hosts away: it would load a polyfill or a diagram library from them."""
    for script in Path(config["site_dir"]).glob("assets/javascripts/*.js"):
        text = script.read_text(encoding="utf-8")
        script.write_text(text.replace(ELSEWHERE, "./not-loaded/"), encoding="utf-8")
    for source_map in Path(config["site_dir"]).glob("assets/**/*.map"):
        source_map.unlink()


def notebook_page(path: Path) -> tuple[str, dict[str, bytes]]:
    """Return an executed notebook as Markdown, and its pictures by file name."""
    notebook = nbformat.read(path, as_version=4)
    body, resources = MarkdownExporter().from_notebook_node(notebook)
    pictures = {f"{path.stem}_{name}": content for name, content in resources["outputs"].items()}
    for name in resources["outputs"]:
        body = body.replace(f"({name})", f"({path.stem}_{name})")
    body = body.replace('<table border="1" class="dataframe">', "<table>")  # looks like every other table
    body = re.sub(r"!\[(?:png|alt)?\]\(", "![picture; the text above says what it shows](", _OUTER_STYLE.sub("", body))
    body = re.sub(r"\]\((\d\d_\w+)\.ipynb\)", r"](\1.md)", body)
    return re.sub(r"\]\(\.\./docs/", "](../", body), pictures


def _turned(markdown: str, up: str, page: str) -> str:
    """Return a page whose links to notebooks and to the files beside ``docs/`` lead to their pages."""

    def turn(found: re.Match[str]) -> str:
        path, anchor = found["path"], found["anchor"] or ""
        inner = path.removeprefix(up) if up else path
        if inner.startswith("notebooks/"):
            return f"]({inner.removesuffix('.ipynb').removesuffix('.py')}.md)"
        if inner in BESIDE:
            return f"]({BESIDE[inner]}{anchor})"
        return f"]({path.removeprefix('docs/')}{anchor})" if not up else found.group()

    return _LINK.sub(turn, markdown)


def _section(nav: list[Any], title: str) -> list[Any]:
    """Return the pages of a section of the menu; a new one stands before the reference."""
    for section in nav:
        if title in section:
            pages: list[Any] = section[title]
            return pages
    fresh: list[Any] = []
    names = [next(iter(section)) for section in nav]
    nav.insert(len(nav) if title == "More" else names.index("Reference"), {title: fresh})
    return fresh


def _title(path: Path) -> str:
    first = nbformat.read(path, as_version=4).cells[0]["source"].splitlines()[0]
    return str(first.removeprefix("# "))
