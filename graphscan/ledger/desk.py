"""Desk: where a ledger is written: one entry after the other, each linked to the last, and what stands kept beside them.

In: a store, a seal, a clock. Out: :class:`Desk`, which reads what stands and appends entries inside ``writing``. Nothing else in this room
writes to the store.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from graphscan.errors import LedgerError
from graphscan.ledger.records import Entry, Head
from graphscan.ledger.seals import Seal, canonical, digest_of
from graphscan.ledger.standing import Payload, Record, fold
from graphscan.ledger.states import find_move
from graphscan.ledger.stores import Row, Store
from graphscan.ledger.times import text_of

ENTRY_COLUMNS = "seq, at, actor, action, subject, before, after, digest, previous, mac, key_id"
_COLUMNS = {"state", "account", "cluster", "run", "pending"}

EMPTY_HEAD = Head(0, "")


def appeal_of(decision_id: str) -> str:
    """Return the id of the one appeal that a decision can have."""
    return f"appeal-{decision_id}"


class SqlBook:
    """The ledger's own book: table ``standing``, one row a record."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, kind: str, name: str) -> Record | None:
        """Return a record, or None."""
        rows = self._store.rows("SELECT body FROM graphscan_standing WHERE kind = ? AND id = ?", kind, name)
        return json.loads(rows[0][0]) if rows else None

    def put(self, kind: str, name: str, record: Record) -> None:
        """Keep a record, and beside it the columns by which records are found."""
        self._store.change(
            "INSERT INTO graphscan_standing (kind, id, seq, state, account, cluster, run, pending, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq,"
            " state = excluded.state, account = excluded.account, cluster = excluded.cluster, run = excluded.run,"
            " pending = excluded.pending, body = excluded.body",
            *(kind, name, record["seq"], record["state"], record.get("account_id") or ""),
            *(record.get("cluster_id") or "", record.get("run_id") or "", int(bool(record.get("pending")))),
            canonical(record),
        )

    def drop(self, kind: str, name: str) -> None:
        """Forget a record."""
        self._store.change("DELETE FROM graphscan_standing WHERE kind = ? AND id = ?", kind, name)


class Desk:
    """An open ledger: its store, its seal, its clock."""

    def __init__(self, store: Store, seal: Seal, clock: Callable[[], datetime]) -> None:
        self.store, self.seal, self._clock = store, seal, clock
        self.book = SqlBook(store)
        self._tip: Head | None = None

    def now(self) -> str:
        """Return the present instant, as text."""
        return text_of(self._clock())

    def share(self, purpose: str, account_id: str) -> float:
        """Return a number from 0 to 1 for an account, to draw a canary or a holdout by; fixed by the key, else by the ledger."""
        salt = "" if self.seal.keyed else self.store.rows("SELECT value FROM graphscan_meta WHERE name = 'salt'")[0][0]
        return self.seal.share(f"{purpose} {salt}", account_id)

    def head(self) -> Head:
        """Return the newest entry's number and code; number 0 when there is none."""
        rows = self.store.rows("SELECT seq, mac FROM graphscan_entries ORDER BY seq DESC LIMIT 1")
        return Head(int(rows[0][0]), str(rows[0][1])) if rows else EMPTY_HEAD

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the ledger alone; all entries appended inside are there afterwards, or none is."""
        with self.store.writing():
            self._check_key()
            self._tip = self.head()
            try:
                yield
            finally:
                self._tip = None

    def _check_key(self) -> None:
        rows = self.store.rows("SELECT key_id FROM graphscan_entries ORDER BY seq LIMIT 1")
        if rows and rows[0][0] != self.seal.key_id:
            raise LedgerError(
                f"this ledger was begun with key {rows[0][0]}, and the key given is {self.seal.key_id}; allowed is the first"
            )

    def append(
        self, actor: str, action: str, subject: str, before: str, after: str, payload: Payload | None = None
    ) -> Entry:
        """Append one entry and let it take effect in what stands; only inside ``writing``."""
        if self._tip is None:
            raise RuntimeError("append outside of writing")
        salt, body = secrets.token_hex(16), canonical(payload or {})
        head = (
            self._tip.seq + 1,
            self.now(),
            actor,
            action,
            subject,
            before,
            after,
            digest_of(salt, body),
            self._tip.mac,
        )
        entry = Entry(*head, mac=self.seal.sign([*head, self.seal.key_id]), key_id=self.seal.key_id)
        self.store.change(
            f"INSERT INTO graphscan_entries ({ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(*head, entry.mac, entry.key_id),
        )
        self.store.change("INSERT INTO graphscan_payloads (seq, salt, body) VALUES (?, ?, ?)", entry.seq, salt, body)
        fold(self.book, entry, json.loads(body))
        self._tip = Head(entry.seq, entry.mac)
        return entry

    def move(self, record: Record, event: str, actor: str, to: str | None = None, **payload: Any) -> Record:
        """Make one move of a decision, as the table of moves allows it; return its record afterwards.

        Raises
        ------
        LedgerError
            When the table has no such move.
        """
        move = find_move(record["state"], event, to)
        name = record["decision_id"]
        self.append(actor, event, f"decision:{name}", record["state"], to or move.to[0], payload)
        return self.decision(name)

    def decision(self, decision_id: str) -> Record:
        """Return a decision's record; LedgerError when there is none."""
        record = self.book.get("decision", decision_id)
        if record is None:
            raise LedgerError(f"the ledger has no decision {decision_id!r}")
        return record

    def find(self, kind: str, **columns: Any) -> list[Record]:
        """Return the records of a kind whose columns (state, account, cluster, run, pending) have these values, oldest first."""
        unknown = columns.keys() - _COLUMNS
        if unknown:
            raise KeyError(f"unknown columns {sorted(unknown)}")
        where = "".join(f" AND {name} = ?" for name in columns)
        rows = self.store.rows(
            f"SELECT body FROM graphscan_standing WHERE kind = ?{where} ORDER BY seq, id", kind, *columns.values()
        )
        return [json.loads(body) for (body,) in rows]


def entry_of(row: Row) -> Entry:
    """Return a row of the chain, in the order of :data:`ENTRY_COLUMNS`, as an entry."""
    return Entry(int(row[0]), *(str(value) for value in row[1:]))
