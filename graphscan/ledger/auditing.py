"""Auditing: read the chain, check all of it, and erase a person's payloads without breaking it.

In: the store. Out: entries, a :class:`~graphscan.ledger.records.Verdict`, what was erased.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from graphscan.errors import LedgerError
from graphscan.ledger.desk import EMPTY_HEAD, ENTRY_COLUMNS, Desk, appeal_of, entry_of
from graphscan.ledger.people import checked_name, checked_note
from graphscan.ledger.records import Entry, Head, Verdict
from graphscan.ledger.seals import canonical, digest_of
from graphscan.ledger.standing import DictBook, Record, fold
from graphscan.ledger.states import ENDED, OPEN, find_move

MAX_FAULTS = 20
"""One broken link breaks all that follow; more than this says nothing new."""

_STEP = 5_000  # entries read at a time, so that a long ledger needs little memory


def entries(desk: Desk, subject: str | None = None) -> list[Entry]:
    """Return all entries in order, or those about one subject: a decision's id (with its appeal), an appeal's, or KIND:NAME."""
    if subject is None:
        rows = desk.store.rows(f"SELECT {ENTRY_COLUMNS} FROM graphscan_entries ORDER BY seq")
    else:
        told = f"decision:{subject}", f"appeal:{subject}", f"appeal:{appeal_of(subject)}", f"cleared:{subject}"
        rows = desk.store.rows(
            f"SELECT {ENTRY_COLUMNS} FROM graphscan_entries WHERE subject IN (?, ?, ?, ?, ?) ORDER BY seq",
            subject,
            *told,
        )
    return [entry_of(row) for row in rows]


def payload(desk: Desk, seq: int) -> dict[str, Any] | None:
    """Return an entry's payload; None when it was erased."""
    rows = desk.store.rows("SELECT body FROM graphscan_payloads WHERE seq = ?", seq)
    return json.loads(rows[0][0]) if rows and rows[0][0] is not None else None


def verify(desk: Desk, head: Head | None = None) -> Verdict:
    """Check the whole ledger: chain, payloads, moves, present states, triggers, and a head that was kept elsewhere."""
    faults: list[str] = []
    book, last, erased, excused = DictBook(), EMPTY_HEAD, set[int](), set[int]()
    met = head is None or head.seq == 0
    for entry, salt, body in _chain(desk):
        told = None if body is None else _loaded(body)
        faults += _entry_faults(desk, entry, last, salt, body)
        if body is None:
            erased.add(entry.seq)
        if entry.action == "erase" and told:
            excused.update(told.get("entries", ()))
        faults += _move_faults(book, entry)
        if not faults:
            fold(book, entry, told)
        last = Head(entry.seq, entry.mac)
        met = met or head == last
        if len(faults) >= MAX_FAULTS:
            return Verdict(last.seq, last, desk.seal.keyed, len(erased), tuple(faults[:MAX_FAULTS]))
    faults += [f"entry {seq}: its payload is gone, and no erasure names it" for seq in sorted(erased - excused)]
    faults += [f"the chain does not hold entry {head}: it was cut short or written anew"] if not met else []
    faults += [f"trigger {name} is missing" for name in sorted(desk.store.declared - desk.store.triggers())]
    faults += _orphans(desk, last)
    if not faults:
        faults += _differences(desk, book)
    return Verdict(last.seq, last, desk.seal.keyed, len(erased), tuple(faults[:MAX_FAULTS]))


def _chain(desk: Desk) -> Iterator[tuple[Entry, str | None, str | None]]:
    """Yield each entry with its salt and payload, in order."""
    seq = 0
    columns = ", ".join(f"e.{name}" for name in ENTRY_COLUMNS.split(", "))
    while True:
        rows = desk.store.rows(
            f"SELECT {columns}, p.salt, p.body FROM graphscan_entries e LEFT JOIN graphscan_payloads p ON p.seq = e.seq"
            " WHERE e.seq > ? ORDER BY e.seq LIMIT ?",
            *(seq, _STEP),
        )
        for row in rows:
            yield entry_of(row[:11]), row[11], row[12]
        if not rows:
            return
        seq = int(rows[-1][0])


def _loaded(body: str) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None  # its digest does not fit either, which is told
    return value if isinstance(value, dict) else None


def _entry_faults(desk: Desk, entry: Entry, last: Head, salt: str | None, body: str | None) -> Iterator[str]:
    fields = [
        entry.seq,
        entry.at,
        entry.actor,
        entry.action,
        entry.subject,
        entry.before,
        entry.after,
        entry.digest,
        entry.previous,
    ]
    if entry.seq != last.seq + 1:
        yield f"entry {last.seq + 1} is missing"
    if entry.previous != last.mac:
        yield f"entry {entry.seq}: it does not follow entry {last.seq}"
    if entry.key_id != desk.seal.key_id:
        yield f"entry {entry.seq}: sealed with key {entry.key_id}, and the key given is {desk.seal.key_id}"
    elif desk.seal.sign([*fields, entry.key_id]) != entry.mac:
        yield f"entry {entry.seq}: its code does not fit; it was changed"
    if body is not None and digest_of(salt or "", body) != entry.digest:
        yield f"entry {entry.seq}: its payload was changed"


def _move_faults(book: DictBook, entry: Entry) -> Iterator[str]:
    kind, _, name = entry.subject.partition(":")
    if kind != "decision":
        return
    known = book.get("decision", name)
    if (known["state"] if known else "") != entry.before:
        yield f"entry {entry.seq}: decision {name} was not {entry.before or 'new'}"
        return
    try:
        find_move(entry.before or None, entry.action, entry.after)
    except LedgerError as error:
        yield f"entry {entry.seq}: {error}"


def _orphans(desk: Desk, last: Head) -> list[str]:
    rows = desk.store.rows("SELECT COUNT(*) FROM graphscan_payloads WHERE seq > ?", last.seq)
    return (
        [f"{rows[0][0]} payloads lie beyond the last entry {last.seq}: the chain was cut short"] if rows[0][0] else []
    )


def _differences(desk: Desk, book: DictBook) -> list[str]:
    """Hold the kept table of present states against what follows from the entries."""
    kept = {(kind, name): body for kind, name, body in desk.store.rows("SELECT kind, id, body FROM graphscan_standing")}
    due = {key: canonical(record) for key, record in book.items()}
    changed = sorted(key for key in kept.keys() | due.keys() if kept.get(key) != due.get(key))
    return [f"{kind} {name}: what is kept differs from what follows from the entries" for kind, name in changed]


def erase(desk: Desk, account_id: str, who: str, note: str) -> dict[str, int]:
    """Erase all that is said about an account; the chain stays valid, and states and names of reviewers stay.

    Returns
    -------
    dict
        How many ``decisions``, ``appeals``, ``entries`` (payloads) and ``files`` were erased, ``withdrawn`` first, and
        ``mentions``: payloads about other accounts that still hold this id among their evidence.

    Raises
    ------
    LedgerError
        When the ledger knows nothing of the account, or a measure against it stands: lift it first.
    """
    name, text = checked_name(who), checked_note(note, required=True)
    with desk.writing():
        decisions, appeals = _of_account(desk, account_id)
        _check_over(decisions, appeals)
        withdrawn = [desk.move(d, "withdraw", name, note="erased") for d in decisions if d["state"] in OPEN]
        ids = [d["decision_id"] for d in decisions]
        named = [a["appeal_id"] for a in appeals]
        gone = sorted(_payloads_of(desk, [*(f"decision:{i}" for i in ids), *(f"appeal:{a}" for a in named)]))
        gone += sorted(_payloads_of(desk, [f"cleared:{i}" for i in ids]))
        told = {"decisions": ids, "appeals": named, "entries": gone, "note": text}
        desk.append(name, "erase", f"erasure:{desk.head().seq + 1}", "", "DONE", told)
        for seq in gone:
            desk.store.change("UPDATE graphscan_payloads SET salt = NULL, body = NULL WHERE seq = ?", seq)
        files = sum(_forget_files(desk, appeal) for appeal in named)
        mentions = _mentions(desk, account_id)
    counts = {"decisions": len(ids), "appeals": len(named), "entries": len(gone), "files": files}
    return {**counts, "withdrawn": len(withdrawn), "mentions": mentions}


def _of_account(desk: Desk, account_id: str) -> tuple[list[Record], list[Record]]:
    decisions, appeals = desk.find("decision", account=account_id), desk.find("appeal", account=account_id)
    if not account_id or not decisions:
        raise LedgerError(f"the ledger knows nothing of account {account_id!r}")
    return decisions, appeals


def _check_over(decisions: list[Record], appeals: list[Record]) -> None:
    for record in decisions:
        if record["state"] not in ENDED | OPEN or record["pending"]:
            raise LedgerError(
                f"decision {record['decision_id']} is {record['state']}: what still stands needs its ground; withdraw it, let the"
                " reversal be delivered, then erase"
            )
    for record in appeals:
        if record["state"] == "OPEN":
            raise LedgerError(f"appeal {record['appeal_id']} is open; answer it, then erase")


def _payloads_of(desk: Desk, subjects: list[str]) -> Iterator[int]:
    for subject in subjects:
        for (seq,) in desk.store.rows("SELECT seq FROM graphscan_entries WHERE subject = ?", subject):
            yield int(seq)


def _forget_files(desk: Desk, appeal_id: str) -> int:
    rows = desk.store.rows("SELECT COUNT(*) FROM graphscan_files WHERE appeal = ?", appeal_id)
    desk.store.change("DELETE FROM graphscan_files WHERE appeal = ?", appeal_id)
    return int(rows[0][0])


def _mentions(desk: Desk, account_id: str) -> int:
    """Count payloads about others that hold the id, as a word by itself: their evidence names whom they came after."""
    told = json.dumps(account_id)[1:-1]
    wanted = "%" + told.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
    rows = desk.store.rows("SELECT body FROM graphscan_payloads WHERE body LIKE ? ESCAPE '!'", wanted)
    word = re.compile(rf"(?<![0-9A-Za-z_-]){re.escape(told)}(?![0-9A-Za-z_-])")
    return sum(bool(word.search(body)) for (body,) in rows)
