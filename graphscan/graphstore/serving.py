"""A small HTTP server on this machine for the Browser, its guide, style and favourites.

In: pages by path, and the Browser's own files in their jar. Out: answers to GET on localhost only, with the CORS
headers that Browser asks for. A request that names another host (DNS rebinding) is refused.
"""

from __future__ import annotations

import mimetypes
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from graphscan.servers import in_background


@dataclass(frozen=True)
class Page:
    """One page: its bytes and their media type."""

    content: bytes
    kind: str


@dataclass
class Site:
    """What is served: pages by path, an archive for everything below ``/browser/``, who may read across origins."""

    pages: dict[str, Page] = field(default_factory=dict)
    archive: zipfile.ZipFile | None = None
    origin: str | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def page(self, path: str) -> Page | None:
        """Return the page at a path, None where there is none."""
        if path in self.pages:
            return self.pages[path]
        if self.archive is None or not path.startswith("/browser/"):
            return None
        name = path[1:] + ("index.html" if path.endswith("/") else "")
        if name not in self.archive.NameToInfo:
            return None
        with self.lock:  # a zip file has one position for all threads
            content = self.archive.read(name)
        return Page(content, mimetypes.guess_type(name)[0] or "application/octet-stream")


def browser_archive(jars: Path) -> zipfile.ZipFile | None:
    """Return the jar that holds the Browser, None where none was fetched."""
    found = sorted(jars.glob("neo4j-browser-*.jar"))
    return zipfile.ZipFile(found[0]) if found else None


@contextmanager
def serving(site: Site, port: int = 0) -> Iterator[str]:
    """Serve the site on localhost while the block runs; yield its address, such as ``http://localhost:40123``."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(site))
    with in_background(server, "graphscan-pages") as bound:
        yield f"http://localhost:{bound}"


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers from one site."""

        def do_GET(self) -> None:
            """Answer with a page, or say that there is none."""
            page = site.page(unquote(urlsplit(self.path).path)) if self._is_for_us() else None
            if page is None:
                self._answer(404, {}, b"")
            else:
                self._answer(200, {"Content-Type": page.kind}, page.content)

        def do_OPTIONS(self) -> None:
            """Answer the question that a browser asks before a request to another origin."""
            self._answer(204 if self._is_for_us() else 404, {}, b"")

        def _is_for_us(self) -> bool:
            name = self.headers.get("Host", "").rsplit(":", 1)[0]
            return name in ("localhost", "127.0.0.1")

        def _answer(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
            self.send_response(status)
            allowed = {"Access-Control-Allow-Origin": site.origin} if site.origin else {}
            if site.origin:
                allowed["Access-Control-Allow-Methods"] = "GET, OPTIONS"
                # Browser sends these two with every page it fetches
                allowed["Access-Control-Allow-Headers"] = "pragma, cache-control, content-type, accept"
            always = {
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "Content-Length": str(len(content)),
            }
            for name, value in {**headers, **allowed, **always}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: addresses hold the key."""

    return Handler
