"""``graphscan investigate``: a server, the run in it, and one address where the case plays.

In: a run, or a server that holds one. Out: :class:`Sitting`, while the block runs. A server started here keeps its
data in a folder of its own that goes with it, asks for a password that nobody needs to know, and listens to this
machine only; the address carries a key instead.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from graphscan.graphstore.access import Access
from graphscan.graphstore.connection import PATIENCE_S, connected
from graphscan.graphstore.favourites import FOLDER, favourite, favourites_csv, favourites_zip
from graphscan.graphstore.guide import cases_of, guide_page
from graphscan.graphstore.jars import server_jars
from graphscan.graphstore.load_report import LoadReport
from graphscan.graphstore.loading import load
from graphscan.graphstore.questions import Question, read_questions
from graphscan.graphstore.server import running
from graphscan.graphstore.serving import Page, Site, browser_archive, serving
from graphscan.graphstore.sources import open_source
from graphscan.graphstore.style import style_rules, style_sheet
from graphscan.progress import Progress

_HTTP_PORT = 7474


@dataclass(frozen=True)
class Wanted:
    """What to investigate: a run and its dataset, or neither for a graph that is loaded already."""

    run: Path | None
    dataset: Path | None = None
    around: bool | None = None
    patience_s: float = PATIENCE_S


@dataclass(frozen=True)
class Sitting:
    """One sitting: the address to open, where the graph is, and what was loaded."""

    address: str
    uri: str
    report: LoadReport | None


@contextmanager
def sitting(wanted: Wanted, server: Access | None, browser: str | None, progress: Progress) -> Iterator[Sitting]:
    """Yield an address at which the guide plays, until the block ends.

    Parameters
    ----------
    wanted
        What to load.
    server
        A server of the user's own; None: start one.
    browser
        Address of the Browser of that server; None: port 7474 of the same host.
    progress
        Told what happens.

    Raises
    ------
    SettingsError, OutsideError
        When a server cannot be started or reached.
    """
    if server is None:
        with _own(wanted, progress) as found:
            yield found
    else:
        with _theirs(wanted, server, browser, progress) as found:
            yield found


@contextmanager
def _own(wanted: Wanted, progress: Progress) -> Iterator[Sitting]:
    site = Site(archive=browser_archive(server_jars()))
    with serving(site) as here, tempfile.TemporaryDirectory(prefix="graphscan-neo4j-") as home:
        progress.step("starting Neo4j")
        with running(Path(home)) as server:
            questions, report = _fill(site, here, wanted, server.access, progress)
            key = secrets.token_urlsafe(16)
            site.pages["/"] = _json({"bolt_direct": server.access.uri, "neo4j_edition": "community"})
            site.pages[f"/{key}"] = _html(_start_page(server.access, here, questions))
            yield Sitting(f"{here}/{key}", server.access.uri, report)


@contextmanager
def _theirs(wanted: Wanted, server: Access, browser: str | None, progress: Progress) -> Iterator[Sitting]:
    at = browser or f"http://{urlsplit(server.uri).hostname}:{_HTTP_PORT}/browser/"
    parts = urlsplit(at)
    site = Site(origin=f"{parts.scheme}://{parts.netloc}")
    with serving(site) as here:
        _, report = _fill(site, here, wanted, server, progress)
        asked = urlencode({"dbms": server.uri, "cmd": "play", "arg": f"{here}/guide.html"})
        yield Sitting(f"{at}?{asked}", server.uri, report)


def _fill(
    site: Site, here: str, wanted: Wanted, access: Access, progress: Progress
) -> tuple[tuple[Question, ...], LoadReport | None]:
    """Load the run and put the pages on the site."""
    questions, report = read_questions(), None
    with connected(access, wanted.patience_s) as connection:
        if wanted.run is not None:
            source = open_source(wanted.run, wanted.dataset, progress)
            report = load(source, connection, progress, around=wanted.around)
        rows = connection.read(
            "MATCH (c:Cluster) WHERE c.last_load IS NOT NULL RETURN c.cluster_id AS cluster_id, c.sentence AS sentence,"
            " c.score AS score, c.size AS size"
        )
    style = f"{here}/style.grass"
    site.pages |= {
        "/guide.html": _html(guide_page(questions, cases_of(rows), style)),
        "/style.grass": Page(style_sheet().encode(), "text/plain; charset=utf-8"),
        "/favourites.zip": Page(favourites_zip(questions), "application/zip"),
        "/favourites.csv": Page(favourites_csv(questions).encode(), "text/csv; charset=utf-8"),
    }
    return questions, report


def _html(text: str) -> Page:
    return Page(text.encode(), "text/html; charset=utf-8")


def _json(value: object) -> Page:
    return Page(json.dumps(value).encode(), "application/json")


def _start_page(access: Access, here: str, questions: tuple[Question, ...]) -> str:
    """Return a page that tells Browser, in its own storage, where to connect and which favourites to show."""
    connection = {
        "id": "$$discovery",
        "name": "$$discovery",
        "type": "bolt",
        "host": access.uri,
        "username": access.user,
        "password": access.password,
        "authEnabled": True,
        "authenticationMethod": "NATIVE",
        "db": None,
    }
    kept: dict[str, Any] = {
        "neo4j.connections": {
            "allConnectionIds": ["$$discovery"],
            "connectionsById": {"$$discovery": connection},
            "activeConnection": "$$discovery",
        },
        "neo4j.grass": style_rules(),
        "neo4j.settings": {"allowCrashReports": False, "allowUserStats": False, "initialNodeDisplay": 300},
        "neo4j.folders": [{"id": FOLDER, "name": FOLDER}],
        "neo4j.documents": [{"id": q.slug, "content": favourite(q), "folder": FOLDER} for q in questions],
    }
    # </ inside a script would end it
    told = json.dumps({name: json.dumps(value) for name, value in kept.items()}).replace("</", "<\\/")
    asked = urlencode({"dbms": access.uri, "cmd": "play", "arg": f"{here}/guide.html"})
    return (
        '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>graphscan</title>'
        "<p>Opening the Neo4j Browser …</p>"
        f"<script>const kept = {told};\nfor (const name in kept) localStorage.setItem(name, kept[name]);\n"
        f'location.replace("/browser/?{asked}");</script>'
    )
