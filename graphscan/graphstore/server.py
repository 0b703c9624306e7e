"""A Neo4j server of our own on this machine: made in a folder, started, waited for, ended.

In: an empty or used home folder. Out: :class:`Server`, which listens on 127.0.0.1 only.
"""

from __future__ import annotations

import hashlib
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from graphscan.errors import OutsideError
from graphscan.graphstore.access import Access
from graphscan.graphstore.jars import find_java, server_jars

START_S = 180
"""Seconds given to a start; measured 7 s on an idle machine, 30 s on a busy one."""
_STOP_S = 5
"""Seconds given to an orderly end; a killed server mends its files at the next start (tested)."""
_ROUNDS = 1024
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a server that holds one case, not a platform: it starts in 7 s instead of 31 (measured), and works slower."""
_JVM = (
    "-XX:-UsePerfData",
    "-Dfile.encoding=UTF-8",
    "-Dlog4j2.disable.jmx=true",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
)


@dataclass(frozen=True)
class Server:
    """A running server: how to reach it over Bolt, and where its Browser is."""

    access: Access
    http: str
    process: subprocess.Popen[bytes] = field(repr=False)


@contextmanager
def running(
    home: Path,
    *,
    heap: str = "512m",
    password: str | None = None,
    quick: bool = True,
    more: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Start a server with its data in ``home``, yield it when it answers, and end it afterwards.

    Raises
    ------
    SettingsError
        When Java or Maven is missing.
    OutsideError
        When the server ends early or does not answer within :data:`START_S` seconds.
    """
    jars, java = server_jars(), find_java()
    secret = password or secrets.token_urlsafe(12)
    bolt, http = free_port(), free_port()
    _lay_out(home, configuration(bolt, http) | dict(more or {}), secret)
    command = [java, "-cp", f"{home}/conf:{jars}/*", f"-Xms{heap}", f"-Xmx{heap}", *(_QUICK if quick else ()), *_JVM,
               "org.neo4j.server.CommunityEntryPoint",
               f"--home-dir={home}", f"--config-dir={home}/conf", "--console-mode"]  # fmt: skip
    log = home / "logs" / "console.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        _wait(f"http://127.0.0.1:{http}/", process, log)
        yield Server(Access(f"bolt://127.0.0.1:{bolt}", "neo4j", secret), f"http://127.0.0.1:{http}", process)
    finally:
        _end(process)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def configuration(bolt: int, http: int) -> dict[str, str]:
    """Return the settings of a server that only this machine reaches and that tells nobody anything."""
    return {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{bolt}",
        "server.bolt.advertised_address": f"127.0.0.1:{bolt}",  # Browser offers the advertised address
        "server.http.listen_address": f"127.0.0.1:{http}",
        "server.http.advertised_address": f"127.0.0.1:{http}",
        "dbms.security.auth_enabled": "true",
        # a page of another site must not reach the graph through the reader's own browser
        "dbms.security.http_access_control_allow_origin": f"http://127.0.0.1:{http}",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        # unset, LOAD CSV could read every file of the machine
        "server.directories.import": "import",
        "server.memory.pagecache.size": "128m",
        # internal, and only there to end in 1 s instead of 11
        "internal.server.bolt.thread_pool_shutdown_wait_time": "0s",
    }


def _lay_out(home: Path, settings: Mapping[str, str], password: str) -> None:
    for name in ("conf", "data/dbms", "logs", "plugins", "import", "run"):
        (home / name).mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    (home / "conf" / "neo4j.conf").write_text(lines, encoding="utf-8")
    if not (home / "data" / "databases" / "system").exists():
        (home / "data" / "dbms" / "auth.ini").write_text(initial_user(password), encoding="utf-8")


def initial_user(password: str) -> str:
    """Return what ``neo4j-admin dbms set-initial-password`` writes, without the price of starting Java for it."""
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(_ROUNDS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"neo4j:SHA-256,{digest.hex()},{salt.hex()},{_ROUNDS}:\n"


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise OutsideError(f"Neo4j ended with {process.returncode}: {_tail(log)}")
        if _answers(address):  # HTTP comes up last, so that Bolt answers by then
            return
        time.sleep(0.1)
    raise OutsideError(f"Neo4j has not answered within {START_S} s: {_tail(log)}")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return int(answer.status) == 200
    except (urllib.error.URLError, OSError):
        return False


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-1500:].strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
