"""Adapters: the ways to a platform: a file of operations that another program reads, or an HTTP service.

In: an address. Out: an :class:`~graphscan.ledger.delivery.Adapter`. Both are idempotent: the same key twice is one operation.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import ssl
import stat
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from graphscan.errors import InputError, OutputError, SettingsError
from graphscan.ledger.delivery import Adapter
from graphscan.ledger.records import Answer, Operation

TOKEN_VARIABLE = "GRAPHSCAN_PLATFORM_TOKEN"
TIMEOUT_S = 10.0
"""A call that takes longer has an unknown outcome; it is made again under the same key."""

UNKNOWN_STATUS = frozenset({408, 409, 423, 425, 429})
"""Answers, besides 5xx, after which trying again may help: time-out, conflict, locked, too early, too many."""

LOCAL = ("localhost", "127.0.0.1", "::1")


def open_adapter(to: str, environment: Mapping[str, str] = os.environ) -> Adapter:
    """Return the adapter of an address: ``file:PATH``, ``https://…``, or ``http://…``.

    Raises
    ------
    SettingsError
        When the address is none of these, holds a password, or would send a token in clear text over a network.
    """
    if to.startswith("file:"):
        return FileAdapter(Path(to.removeprefix("file:")))
    parts = urlsplit(to)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"platform {to!r}; allowed is file:PATH, https://HOST/PATH or http://HOST/PATH")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            f"the platform's address holds a user or a password; allowed is a token in {TOKEN_VARIABLE}"
        )
    token = environment.get(TOKEN_VARIABLE) or None
    if token and parts.scheme == "http" and parts.hostname not in LOCAL:
        raise SettingsError(f"{TOKEN_VARIABLE} would travel in clear text to {parts.hostname}; allowed is https")
    return HttpAdapter(parts, token)


class FileAdapter:
    """Operations appended to a file, one JSON object a line, each key once; a line is whole or not there.

    A reader applies, for each ``decision_id``, the line with the highest ``fence``, and remembers the keys it has carried out.
    """

    def __init__(self, path: Path) -> None:
        if path.is_dir() or not path.resolve().parent.is_dir():
            raise OutputError(f"operations {path}: it is a folder, or its own folder does not exist")
        self._path = path
        self._keys: set[str] = set()
        self._read_bytes = 0

    def send(self, operation: Operation) -> Answer:
        """Append the operation unless its key is there already; done when it has reached the disk."""
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self._catch_up(descriptor)
            if operation.key not in self._keys:
                _append(descriptor, _line(operation))
        finally:
            os.close(descriptor)
        return "done"

    def _open(self) -> int:
        """Open the file; a link is not followed, since what it names is not what was named here."""
        flags = os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            descriptor = os.open(self._path, flags, 0o600)
        except OSError as error:
            raise OutputError(
                f"operations {self._path} cannot be opened as a file of its own: {error.strerror}"
            ) from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OutputError(f"operations {self._path} is no plain file; name a file of its own")
        return descriptor

    def _catch_up(self, descriptor: int) -> None:
        """Read the keys that are there, also those of other processes, and cut off a line that a crash left unfinished."""
        size = os.fstat(descriptor).st_size
        if size < self._read_bytes:  # the file was replaced: read it from its beginning
            self._keys, self._read_bytes = set(), 0
        fresh = os.pread(descriptor, size - self._read_bytes, self._read_bytes)
        whole = fresh.rfind(b"\n") + 1
        for line in fresh[:whole].splitlines():
            try:
                self._keys.add(json.loads(line)["key"])
            except (ValueError, KeyError, TypeError):
                raise InputError(f"operations {self._path} holds a line that is none; name a file of its own") from None
        rest = fresh[whole:]
        if rest and rest[: len(_BEGINS)] != _BEGINS[: len(rest)]:
            raise InputError(f"operations {self._path} ends in what is no operation; name a file of its own")
        if rest:
            os.ftruncate(descriptor, self._read_bytes + whole)
        self._read_bytes += whole


_BEGINS = b'{"'
"""How every line begins: what a crash left unfinished is cut off, what somebody else wrote is not."""


def _append(descriptor: int, line: bytes) -> None:
    while line:
        line = line[os.write(descriptor, line) :]
    os.fsync(descriptor)


def _line(operation: Operation) -> bytes:
    return (json.dumps(_told(operation), sort_keys=True) + "\n").encode()


def _told(operation: Operation) -> dict[str, object]:
    """Return what the platform is told: all but how often it was tried."""
    return {name: value for name, value in asdict(operation).items() if name != "tries"}


class HttpAdapter:
    """Operations posted as JSON, one call each, with their key in the header ``Idempotency-Key``. No redirect is followed."""

    def __init__(self, parts: SplitResult, token: str | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self._parts, self._token, self._timeout_s = parts, token, timeout_s

    def __repr__(self) -> str:
        return f"HttpAdapter({self._parts.geturl()})"

    def send(self, operation: Operation) -> Answer:
        """Post one operation; 2xx is done; time-outs, broken connections, 429 and 5xx are unknown; the rest is refused."""
        connection = self._connection()
        path = (self._parts.path or "/") + (f"?{self._parts.query}" if self._parts.query else "")
        headers = {"Content-Type": "application/json", "Idempotency-Key": operation.key, "User-Agent": "graphscan"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection.request("POST", path, json.dumps(_told(operation), sort_keys=True).encode(), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return "unknown"  # it may or may not have happened there: the same key goes again
        except ValueError:
            return "refused"  # what is no header's value was never sent
        finally:
            connection.close()
        return _answer(status)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(
                host, port, timeout=self._timeout_s, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(host, port, timeout=self._timeout_s)


def _answer(status: int) -> Answer:
    if 200 <= status < 300:
        return "done"
    return "unknown" if status in UNKNOWN_STATUS or status >= 500 else "refused"
