"""Where the server is and who asks: the address and the password, from the environment or a file, never an argument.

In: what the command was given, and ``NEO4J_URI``, ``NEO4J_USER``, ``NEO4J_PASSWORD``. Out: :class:`Access`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from graphscan.errors import SettingsError

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True)
class Access:
    """A server's address, its database, and who asks; the password never shows in a representation."""

    uri: str
    user: str = "neo4j"
    password: str | None = field(default=None, repr=False)
    database: str = "neo4j"

    @property
    def auth(self) -> tuple[str, str] | None:
        """User and password, or None for a server that asks for none."""
        return None if self.password is None else (self.user, self.password)


def find_access(
    uri: str | None,
    user: str | None = None,
    password_file: Path | None = None,
    database: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Access:
    """Return how to reach the server; what is given goes before the environment.

    Raises
    ------
    SettingsError
        When no address is known, the address is none of Neo4j's or holds a password, or the password file is
        missing, empty or readable by others.
    """
    address = uri or environment.get("NEO4J_URI")
    if not address:
        raise SettingsError("no server: give --uri bolt://HOST:PORT, or set NEO4J_URI")
    password = read_password(password_file) if password_file else environment.get("NEO4J_PASSWORD") or None
    return Access(_checked(address), user or environment.get("NEO4J_USER") or "neo4j", password, database or "neo4j")


def _checked(address: str) -> str:
    parts = urlsplit(address)
    if parts.password is not None or parts.username is not None:
        raise SettingsError(
            "the server's address holds a user or a password; allowed is scheme://HOST:PORT, with the password in"
            " NEO4J_PASSWORD or in a file (--password-file)"
        )
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise SettingsError(f"server address {address!r}; allowed is one of {', '.join(SCHEMES)}, then ://HOST:PORT")
    return address


def read_password(path: Path) -> str:
    """Return the first line of a file that only its owner can read."""
    try:
        mode = path.stat().st_mode
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, IsADirectoryError):
        raise SettingsError(f"password file {path} does not exist or is no file") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"password file {path} has mode {stat.S_IMODE(mode):04o}; allowed is 0600 (chmod 600)")
    if not lines or not lines[0]:
        raise SettingsError(f"password file {path} is empty; its first line must be the password")
    return lines[0]
