"""Stores: the database below a ledger, SQLite or PostgreSQL, behind four words: rows, change, writing, close.

In: where it lies. Out: :class:`Store`. All SQL of the ledger is written for both, with ``?`` for a value. One writer at a time: SQLite by
its own lock, PostgreSQL by an advisory lock.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from graphscan.errors import InputError, OutputError, OutsideError, SettingsError
from graphscan.ledger.schema import POSTGRES, SQLITE, declared_triggers

WAIT_S = 30.0
"""How long another writer is waited for: a bulk proposal of 10,000 decisions holds the lock for a few seconds."""

_LOCK = 0x67_72_61_70_68_6C
"""The advisory lock's number: "graphl" in ASCII; any constant of our own serves."""

Row = tuple[Any, ...]


class Store(Protocol):
    """What a ledger needs of a database."""

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Return all rows of a question."""

    def change(self, sql: str, *values: Any) -> None:
        """Run a statement that returns nothing."""

    def writing(self) -> Any:
        """Return a context in which this process alone writes: all of it happens, or nothing."""

    def triggers(self) -> set[str]:
        """Return the names of the triggers that are there."""

    @property
    def declared(self) -> set[str]:
        """Names of the triggers that must be there."""

    def close(self) -> None:
        """Let go of the database."""


def open_store(where: str, create: bool = True) -> Store:
    """Open a SQLite file, or a ``postgresql://`` address, and see to it that the tables are there.

    Raises
    ------
    InputError
        When the file is no ledger, or does not exist and ``create`` is false.
    OutputError
        When the folder of a new file does not exist.
    SettingsError
        When the address holds a password, or PostgreSQL's driver is not installed.
    OutsideError
        When the database cannot be reached.
    """
    if where.startswith(("postgresql://", "postgres://")):
        return PostgresStore(where)
    if "://" in where:
        raise SettingsError(f"ledger {where!r}; allowed is the path of a file, or postgresql://HOST/DATABASE")
    return SqliteStore(where, create)


class SqliteStore:
    """A ledger in one SQLite file, readable by its owner only; every commit reaches the disk before it counts."""

    declared = declared_triggers(SQLITE)

    def __init__(self, where: str, create: bool = True) -> None:
        self._lock = threading.RLock()
        self._name = where
        if where != ":memory:":
            _check_file(Path(where), create)
        try:
            self._connection = sqlite3.connect(where, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
            if self._is_new():
                with self.writing():
                    for statement in SQLITE:
                        self._connection.execute(statement)
        except sqlite3.Error as error:
            raise _told(where, error) from None

    def _is_new(self) -> bool:
        names = {name for (name,) in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if names and "graphscan_entries" not in names:
            raise InputError(f"ledger {self._name} is a database of something else; name a new file")
        return not names

    def triggers(self) -> set[str]:
        """Return the names of the triggers that are there."""
        return {str(name) for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")}

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Return all rows of a question."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise _told(self._name, error) from None

    def change(self, sql: str, *values: Any) -> None:
        """Run a statement that returns nothing."""
        self.rows(sql, *values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold SQLite's write lock; commit at the end, roll back on any error."""
        with self._lock:
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
                self.rows("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def _check_file(path: Path, create: bool) -> None:
    if path.is_dir():
        raise InputError(f"ledger {path} is a folder; name a file")
    if path.exists():
        return
    if not create:
        raise InputError(f"ledger {path} does not exist; `graphscan decide RUN --ledger {path}` begins one")
    if not path.resolve().parent.is_dir():
        raise OutputError(f"ledger {path}: the folder {path.resolve().parent} does not exist; make it first")
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # it holds what is said about people


def _told(where: str, error: sqlite3.Error) -> Exception:
    if isinstance(error, sqlite3.OperationalError):
        return OutsideError(f"ledger {where}: {error}; nothing was changed, running again is safe")
    return InputError(f"ledger {where} cannot be used: {error}")


class PostgresStore:
    """A ledger in a PostgreSQL database; the password comes from PGPASSWORD or ~/.pgpass, as libpq has it."""

    declared = declared_triggers(POSTGRES)

    def __init__(self, where: str) -> None:
        if urlsplit(where).password is not None:
            raise SettingsError(
                "the ledger's address holds a password; allowed is postgresql://USER@HOST/DATABASE, with the password in"
                " PGPASSWORD or ~/.pgpass"
            )
        self._psycopg = _driver()
        self._lock = threading.RLock()
        self._name = urlsplit(where)._replace(query="").geturl()
        try:
            self._connection = self._psycopg.connect(where, autocommit=True, connect_timeout=int(WAIT_S))
            if self.rows("SELECT to_regclass('graphscan_entries')") == [(None,)]:
                with self.writing():
                    for statement in POSTGRES:
                        self._connection.execute(statement)
        except self._psycopg.Error as error:
            raise self._told(error) from None

    def triggers(self) -> set[str]:
        """Return the names of the triggers that are there and switched on."""
        return {str(name) for (name,) in self.rows("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")}

    def _told(self, error: Exception) -> OutsideError:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        return OutsideError(f"ledger {self._name}: {first}; nothing was changed, running again is safe")

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Return all rows of a question; none for a statement that has none."""
        with self._lock:
            try:
                cursor = self._connection.execute(sql.replace("?", "%s"), _plain(values))
                return cursor.fetchall() if cursor.description else []
            except self._psycopg.Error as error:
                raise self._told(error) from None

    def change(self, sql: str, *values: Any) -> None:
        """Run a statement that returns nothing."""
        self.rows(sql, *values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the ledger's advisory lock in one transaction; commit at the end, roll back on any error."""
        with self._lock:
            try:
                with self._connection.transaction():
                    self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                    yield
            except self._psycopg.Error as error:
                raise self._told(error) from None

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def _plain(values: Sequence[Any]) -> Sequence[Any] | None:
    return values or None


def _driver() -> Any:
    try:
        return import_module("psycopg")
    except ImportError:
        raise SettingsError(
            "a ledger in PostgreSQL needs psycopg, which is not installed; install graphscan with the extra 'postgres'"
        ) from None
