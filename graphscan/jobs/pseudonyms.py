"""Keyed pseudonyms: with a key, the state never holds a platform's account ids, nicknames or bios.

In: the rows of an input table, a key. Out: the same rows with every account id replaced by HMAC-SHA256 (RFC 2104) of it. Without the key
nobody can go back or test a guess; with another key nothing links. What people wrote is not searched for ids.
"""

from __future__ import annotations

import hashlib
import hmac
import stat
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.errors import SettingsError
from graphscan.intake.wide import whole
from graphscan.tables import Table

LEAST_KEY_BYTES = 32
"""RFC 2104: a key shorter than the hash's output weakens it."""

ACCOUNT_COLUMNS = ("account_id", "owner_id", "reporter_id")
NAMING_COLUMNS = ("nickname", "bio")
"""Columns that name a person as well as an id does: left out under pseudonyms."""


@dataclass(frozen=True)
class Pseudonyms:
    """A key, and the id that tells it from others without giving it away."""

    key: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Return what the state remembers the key by."""
        return hmac.new(self.key, b"graphscan key id", hashlib.sha256).hexdigest()[:16]

    def name(self, account_id: str) -> str:
        """Return an account's pseudonym: p and 128 bits of its HMAC in hexadecimal."""
        return "p" + hmac.new(self.key, account_id.encode("utf-8"), hashlib.sha256).hexdigest()[:32]

    def rows(self, rows: pa.Table, table: Table) -> pa.Table:
        """Return the rows of an input table under pseudonyms."""
        for name in ACCOUNT_COLUMNS:
            if name in rows.column_names:
                rows = _replaced(rows, name, self._column(rows[name]))
        for name in NAMING_COLUMNS:
            if name in rows.column_names and table.name == "accounts":
                rows = _replaced(rows, name, pa.chunked_array([pa.nulls(rows.num_rows, pa.string())]))
        if "target_id" in rows.column_names:
            about = pc.equal(rows["target_kind"], "account")
            rows = _replaced(rows, "target_id", pc.if_else(about, self._column(rows["target_id"]), rows["target_id"]))
        return rows

    def _column(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        coded = whole(ids).dictionary_encode()
        names = pa.array([self.name(i) for i in coded.dictionary.to_pylist()], pa.string())
        return pa.chunked_array([names.take(coded.indices)])


def _replaced(rows: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    at = rows.schema.get_field_index(name)
    return rows.set_column(at, rows.schema.field(at), values)


def read_pseudonyms(path: Path) -> Pseudonyms:
    """Read a key from a file that only its owner can read; its bytes are the key, but for line ends at the end.

    Raises
    ------
    SettingsError
        When the file is missing, readable by others, or too short.
    """
    try:
        mode, key = path.stat().st_mode, path.read_bytes().rstrip(b"\r\n")
    except (FileNotFoundError, IsADirectoryError):
        raise SettingsError(f"pseudonym key file {path} does not exist or is no file") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"pseudonym key file {path} has mode {stat.S_IMODE(mode):04o}; allowed is 0600 (chmod 600)")
    if len(key) < LEAST_KEY_BYTES:
        raise SettingsError(f"pseudonym key file {path} holds {len(key)} bytes; allowed is {LEAST_KEY_BYTES} or more")
    return Pseudonyms(key)
