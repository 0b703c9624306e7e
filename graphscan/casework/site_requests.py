"""Requests to the review site and answers from it, as plain values; and the checks that every request must pass.

In: the head and body of an HTTP request. Out: :class:`Request`, or :class:`Refusal`. The site is for people on this machine: a page
elsewhere must not be able to speak to it through their browser, whatever name it gives itself (DNS rebinding) and whatever form it
sends (CSRF).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, unquote, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY_BYTES = 64 * 1024
"""A note has at most 2,000 characters, which percent-encoding makes at most nine times as long in UTF-8."""

MAX_FIELDS = 20
REVIEWER = "graphscan_reviewer"
"""The cookie that remembers a name for the form; it proves nothing."""


@dataclass(frozen=True)
class Request:
    """One request that passed the checks: ``fields`` of the address, ``form`` of a POST, the ``reviewer`` it remembers."""

    method: str
    path: str
    fields: Mapping[str, str]
    form: Mapping[str, str]
    reviewer: str


@dataclass(frozen=True)
class Answer:
    """One answer: status, bytes, their media type, and further headers."""

    status: int
    content: bytes = b""
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - no error of ours: an answer to somebody who asked wrongly
    """A request that is not answered; ``status`` and one sentence."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, dict(headers or {})


@dataclass(frozen=True)
class Door:
    """Who is let in: the names the site answers to, the token of a site beyond this machine, and the key of its forms."""

    names: frozenset[str]
    token: str | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(32))

    def check_head(self, headers: Mapping[str, str]) -> None:
        """Refuse a request to another name, or without the token where one is set."""
        if host_name(headers.get("Host", "")) not in self.names:
            raise Refusal(421, "This site does not answer to that name.")
        if self.token is not None and not _same(_password(headers.get("Authorization", "")), self.token):
            challenge = {"WWW-Authenticate": 'Basic realm="graphscan review", charset="UTF-8"'}
            raise Refusal(401, "The token is asked for, as the password; the name may be any.", challenge)

    def check_form(self, headers: Mapping[str, str], form: Mapping[str, str]) -> None:
        """Refuse a form that did not come from one of this site's own pages."""
        origin = headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("Host", ""):
            raise Refusal(403, "The form came from another site.")
        if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise Refusal(403, "The form came from another site.")
        if not _same(form.get("key", ""), self.key):
            raise Refusal(403, "The form is not one of this site, or the site was started anew: load the page again.")


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port.

    >>> host_name("localhost:8766"), host_name("[::1]:80"), host_name("evil.example")
    ('localhost', '[::1]', 'evil.example')
    """
    name = host.strip().lower()
    head, _, tail = name.rpartition(":")
    return head if head and tail.isdigit() and (head.endswith("]") or ":" not in head) else name


def body_length(headers: Mapping[str, str]) -> int:
    """Return how many bytes of a form follow; refuse what is no form, of unknown length, or too long."""
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refusal(415, "Forms are sent as application/x-www-form-urlencoded.")
    length = headers.get("Content-Length", "")
    if "Transfer-Encoding" in headers or not (length.isascii() and length.isdigit()):
        raise Refusal(411, "The length of the form must be given.")
    if len(length) > 9 or int(length) > MAX_BODY_BYTES:
        raise Refusal(413, f"A form has at most {MAX_BODY_BYTES:,} bytes.")
    return int(length)


def fields_of(text: str) -> dict[str, str]:
    """Return the fields of an address or a form; refuse doubled fields, too many, and text that is not UTF-8."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise Refusal(400, f"At most {MAX_FIELDS} fields, in UTF-8.") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise Refusal(400, "A field was given twice.")
    return dict(pairs)


def reviewer_in(cookie: str) -> str:
    """Return the remembered name, empty when there is none or it cannot be read."""
    try:
        morsel = SimpleCookie(cookie).get(REVIEWER)
    except CookieError:
        return ""
    return "" if morsel is None else unquote(morsel.value, errors="replace")[:80]


def _password(authorization: str) -> str:
    scheme, _, code = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(code.strip(), validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("utf-8"))
