"""Seals: the keyed chain, one entry to the next, and the salted digest of each payload.

In: the fields of an entry, a payload. Out: their digest and code. With a key the code is HMAC-SHA-256, and who lacks the key
cannot forge an entry. Without one it is a plain SHA-256 chain: it shows accidents and clumsy edits, not a forger who computes the
chain anew.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphscan.errors import SettingsError

KEY_VARIABLE = "GRAPHSCAN_LEDGER_KEY"
KEY_FILE_VARIABLE = "GRAPHSCAN_LEDGER_KEY_FILE"
MIN_KEY_CHARS = 16
"""A shorter key could be guessed from the chain itself, which gives unlimited tries."""

PLAIN = "plain"


def canonical(value: Any) -> str:
    """Return a value as JSON text that is the same for the same value, in plain ASCII."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def digest_of(salt: str, body: str) -> str:
    """Return the salted digest of a payload: it fixes the payload, and tells nothing once salt and payload are gone."""
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


class Seal:
    """A key and its public name; signs entries and plan files. Its representation never shows the key."""

    def __init__(self, key: bytes | None) -> None:
        self._key = key
        self.key_id = PLAIN if key is None else hashlib.sha256(b"graphscan ledger key\n" + key).hexdigest()[:12]

    def __repr__(self) -> str:
        return f"Seal({self.key_id})"

    @property
    def keyed(self) -> bool:
        """Whether there is a key at all."""
        return self._key is not None

    def sign(self, fields: Any) -> str:
        """Return the code of a JSON value: HMAC-SHA-256 with the key, plain SHA-256 without."""
        message = canonical(fields).encode()
        if self._key is None:
            return hashlib.sha256(message).hexdigest()
        return hmac.new(self._key, message, "sha256").hexdigest()

    def share(self, salt: str, name: str) -> float:
        """Return a number from 0 to 1 that only depends on key, salt and name: who is in a canary or a holdout."""
        return int(self.sign([salt, name])[:13], 16) / 16**13


def find_key(key_file: Path | None = None, environment: Mapping[str, str] = os.environ) -> bytes | None:
    """Return the key from a file that only its owner can read, or from the environment; None when neither is given.

    Raises
    ------
    SettingsError
        When the file is missing, empty or readable by others, or the key is too short.
    """
    named = environment.get(KEY_FILE_VARIABLE)
    path = key_file or (Path(named) if named else None)
    text = _read(path) if path else environment.get(KEY_VARIABLE, "")
    if not text:
        return None
    if len(text) < MIN_KEY_CHARS:
        raise SettingsError(f"the ledger's key has {len(text)} characters; allowed is {MIN_KEY_CHARS} or more")
    return text.encode()


def _read(path: Path) -> str:
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"key file {path} cannot be read: {type(error).__name__}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"key file {path} has mode {stat.S_IMODE(mode):04o}; allowed is 0600 (chmod 600)")
    if not text:
        raise SettingsError(f"key file {path} is empty; it must hold the key on one line")
    return text
