"""The review site as an HTTP server: on this machine only, unless a token is set.

In: a site that answers requests, and who is let in. Out: a running server. Nothing is read from disk by a request's path; nothing is
logged, since addresses hold ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from graphscan.casework.environment import environment
from graphscan.casework.site_requests import (
    LOOPBACK,
    Answer,
    Door,
    Refusal,
    Request,
    body_length,
    fields_of,
    reviewer_in,
)
from graphscan.errors import OutsideError, SettingsError
from graphscan.reports.canvas import CSS_FONTS
from graphscan.servers import in_background

Answering = Callable[[Request], Answer]

PATIENCE_S = 20
"""How long a silent client is waited for."""

FAILED = "Something inside failed; the terminal says what. Look at the case again before you repeat a step."

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Sent with every answer. "same-origin" and not "no-referrer": with the latter browsers send forms with Origin null."""


def door_of(host: str, token: str | None, names: tuple[str, ...] = ()) -> Door:
    """Return who is let in to a site on ``host``; SettingsError when it lies beyond this machine and no token is set."""
    if host not in ("127.0.0.1", "localhost", "::1") and not token:
        raise SettingsError(
            f"host {host!r} can be reached from other machines; allowed without a token is 127.0.0.1 (see --token-file)"
        )
    own = (*LOOPBACK, host.lower(), *(name.lower() for name in names))
    return Door(frozenset(own), token or None)


@contextmanager
def serving(answering: Answering, door: Door, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve while the block runs; yield the address. OutsideError when the port is taken."""
    try:
        server = ThreadingHTTPServer((host, port), handler_of(answering, door))
    except OSError as error:
        raise OutsideError(f"{host}:{port} cannot be listened on: {error.strerror}; try another --port") from None
    with in_background(server, "graphscan-review") as bound:
        yield f"http://{host}:{bound}/"


def handler_of(answering: Answering, door: Door) -> type[BaseHTTPRequestHandler]:
    """Return the handler of one site."""

    class Handler(BaseHTTPRequestHandler):
        """Checks a request, asks the site, and sends the answer."""

        server_version, sys_version = "graphscan", ""
        timeout = PATIENCE_S

        def do_GET(self) -> None:
            """Answer with a page."""
            self._send(self._answer("GET"))

        def do_HEAD(self) -> None:
            """Answer with the head of a page."""
            self._send(self._answer("GET"), body=False)

        def do_POST(self) -> None:
            """Do what a form asks for."""
            self._send(self._answer("POST"))

        def _refuse_method(self) -> None:
            self._send(refused(Refusal(405, "Allowed are GET, HEAD and POST.", {"Allow": "GET, HEAD, POST"})))

        do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = _refuse_method  # noqa: N815

        def _answer(self, method: str) -> Answer:
            try:
                return answering(self._request(method))
            except Refusal as refusal:
                return refused(refusal)
            except Exception:
                self._send(refused(Refusal(500, FAILED)))
                raise  # the terminal shows what it was

        def _request(self, method: str) -> Request:
            # names of headers know no case: a check that looked for "Origin" would pass "origin" by
            head = {name.title(): self.headers.get(name, "") for name in self.headers}
            if len(self.headers.get_all("Host") or ()) != 1:
                raise Refusal(400, "One Host is needed.")
            door.check_head(head)
            address = urlsplit(self.path)
            form = self._form(head) if method == "POST" else {}
            if method == "POST":
                door.check_form(head, form)
            return Request(method, address.path, fields_of(address.query), form, reviewer_in(head.get("Cookie", "")))

        def _form(self, head: dict[str, str]) -> dict[str, str]:
            content = self.rfile.read(body_length(head))
            if not content.isascii():
                raise Refusal(400, "A form is percent-encoded.")
            return fields_of(content.decode("ascii"))

        def _send(self, answer: Answer, body: bool = True) -> None:
            self.close_connection = True  # what is left of a refused form must not be read as a request
            self.send_response(answer.status)
            told = {
                **HEADERS,
                **answer.headers,
                "Content-Type": answer.kind,
                "Content-Length": str(len(answer.content)),
            }
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            if body:
                self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: addresses hold ids."""

    return Handler


def refused(refusal: Refusal) -> Answer:
    """Return the page that says why a request is not answered."""
    html = environment().get_template("refused.html.j2").render(sentence=refusal.sentence, fonts=CSS_FONTS)
    return Answer(refusal.status, html.encode("utf-8"), headers=refusal.headers)
