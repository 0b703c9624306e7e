"""Appealing: an appeal is opened, answered by somebody who decided nothing before, or lapses.

In: a decision's id, who appeals, their words and files. Out: records of appeals, and what an accepted appeal led to.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graphscan.errors import InputError, LedgerError
from graphscan.ledger.desk import Desk, appeal_of
from graphscan.ledger.people import APPELLANT, SYSTEM, among, check_may_approve, checked_name, checked_note
from graphscan.ledger.propagation import Recheck, repropagate
from graphscan.ledger.runs import ReadPolicy
from graphscan.ledger.standing import Record
from graphscan.ledger.times import plus

MAX_TEXT_CHARS = 2000
MAX_FILES, MAX_FILE_BYTES = 10, 10_000_000
"""What an appellant may upload: enough for screenshots, too little to fill a disk."""

CLEARING = ("not_member", "victim", "compromised", "fan", "organiser", "aid", "tester")
"""Outcomes that clear the account: it was no part of what it was taken for (reason codes 9x)."""

REASONS = (*CLEARING, "disproportionate", "wrong_facts", "other")
"""Why an appeal may be accepted."""

APPEALABLE = frozenset({"APPLIED", "REVERSING", "REVERSED", "SUPERSEDED"})

File = Path | tuple[str, bytes]


def open_appeal(desk: Desk, decision_id: str, by: str, text: str, attachments: Sequence[File] = ()) -> Record:
    """Open the one appeal that a decision can have; return its record.

    Raises
    ------
    LedgerError
        When the decision never took effect, was appealed before, or its time is over; when words or files are too many.
    InputError
        When a file cannot be read.
    """
    words, files = _checked_text(text), [_read(file) for file in attachments]
    if len(files) > MAX_FILES:
        raise LedgerError(f"{len(files)} files; allowed are {MAX_FILES}")
    with desk.writing():
        record = desk.decision(decision_id)
        policy = _policy_of(desk, record)
        _check_open(desk, record, policy)
        appeal_id = appeal_of(decision_id)
        told = {
            "account_id": record["account_id"],
            "by": by.strip()[:200],
            "text": words,
            "attachments": [{"name": n, "size_bytes": len(c), "sha256": _sha256(c)} for n, c in files],
            "due_at": plus(desk.now(), hours=policy["appeal_sla_h"]),
        }
        desk.append(APPELLANT, "open", f"appeal:{appeal_id}", "", "OPEN", told)
        for digest, content in {_sha256(content): content for _, content in files}.items():
            desk.store.change(
                "INSERT INTO graphscan_files (appeal, sha256, content) VALUES (?, ?, ?)", appeal_id, digest, content
            )
        return appeal(desk, appeal_id)


def appeal(desk: Desk, appeal_id: str) -> Record:
    """Return an appeal's record; LedgerError when there is none."""
    record = desk.book.get("appeal", appeal_id)
    if record is None:
        raise LedgerError(f"the ledger has no appeal {appeal_id!r}")
    return record


def attachment(desk: Desk, appeal_id: str, sha256: str) -> bytes:
    """Return the bytes of an appeal's file; LedgerError when there is none or they are not what came."""
    rows = desk.store.rows("SELECT content FROM graphscan_files WHERE appeal = ? AND sha256 = ?", appeal_id, sha256)
    if not rows or _sha256(bytes(rows[0][0])) != sha256:
        raise LedgerError(f"appeal {appeal_id} has no file {sha256[:12]}, or it is not what came")
    return bytes(rows[0][0])


def uphold(desk: Desk, appeal_id: str, who: str, note: str) -> Record:
    """Uphold the decision against its appeal, with a note; not by anybody who approved or proposed it."""
    name, text = checked_name(who), checked_note(note, required=True)
    with desk.writing():
        record = _handled(desk, appeal_id, name)
        desk.append(name, "uphold", f"appeal:{appeal_id}", record["state"], "UPHELD", {"note": text})
        return appeal(desk, appeal_id)


def overturn(
    desk: Desk, appeal_id: str, who: str, reason: str, note: str, recheck: Recheck, read_policy: ReadPolicy
) -> dict[str, Any]:
    """Accept an appeal: the decision is reversed, and with a clearing reason its siblings are checked again without the account.

    Returns
    -------
    dict
        ``appeal`` and ``decision`` (ids), ``reversed`` (whether a reversal was due), ``cleared``, ``siblings`` (how many by
        what the recheck said: same, milder, gone, unknown), ``held``, ``stayed`` and ``frozen`` (scopes).
    """
    name, text = checked_name(who), checked_note(note, required=False)
    if reason not in REASONS:
        raise LedgerError(f"reason {reason!r}; allowed is {', '.join(REASONS)}")
    with desk.writing():
        record = _handled(desk, appeal_id, name)
        desk.append(
            name, "overturn", f"appeal:{appeal_id}", record["state"], "OVERTURNED", {"reason": reason, "note": text}
        )
        decision = desk.decision(record["decision_id"])
        reverse = decision["state"] == "APPLIED"
        if reverse:
            decision = desk.move(decision, "overturn", name)
        told = repropagate(desk, decision, name, reason, reason in CLEARING, recheck, read_policy)
    return {"appeal": appeal_id, "decision": decision["decision_id"], "reversed": reverse, **told}


def lapse(desk: Desk) -> int:
    """Let open appeals lapse that nobody answered in the appeal's whole time; inside ``writing``. Return how many."""
    late = [a for a in desk.find("appeal", state="OPEN") if _is_over(desk, a)]
    for record in late:
        desk.append(SYSTEM, "lapse", f"appeal:{record['appeal_id']}", "OPEN", "LAPSED")
    return len(late)


def _is_over(desk: Desk, record: Record) -> bool:
    policy = _policy_of(desk, desk.decision(record["decision_id"]))
    return desk.now() > plus(record["received_at"], days=policy["appeal_days"])


def _handled(desk: Desk, appeal_id: str, name: str) -> Record:
    """Return an open appeal that this person may decide."""
    record = appeal(desk, appeal_id)
    if record["state"] != "OPEN":
        raise LedgerError(f"appeal {appeal_id} is {record['state']}; allowed is OPEN")
    decision = desk.decision(record["decision_id"])
    check_may_approve(desk, name)
    if among(name, [decision["proposer"], *decision["approvers"]]):
        raise LedgerError(
            f"appeal {appeal_id}: {name} proposed, approved or rejected the decision; somebody else must answer"
        )
    return record


def _policy_of(desk: Desk, record: Record) -> Record:
    policy = desk.book.get("policy", record["policy_sha256"])
    if policy is None:
        raise LedgerError(
            f"decision {record['decision_id']}: what was said about it was erased; there is nothing to appeal"
        )
    return policy


def _check_open(desk: Desk, record: Record, policy: Record) -> None:
    name = record["decision_id"]
    if record["state"] not in APPEALABLE or record["applied_at"] is None:
        raise LedgerError(f"decision {name} is {record['state']} and never took effect: there is nothing to appeal")
    if desk.book.get("appeal", appeal_of(name)):
        raise LedgerError(f"decision {name} was appealed already; a decision has one appeal")
    if desk.now() > plus(record["applied_at"], days=policy["appeal_days"]):
        raise LedgerError(
            f"decision {name} took effect on {record['applied_at'][:10]}; appeals were open for {policy['appeal_days']} days"
        )


def _checked_text(text: str) -> str:
    words = text.strip()
    if not words or len(words) > MAX_TEXT_CHARS:
        raise LedgerError(f"the appeal's text has {len(words)} characters; allowed is 1 to {MAX_TEXT_CHARS}")
    return words


def _read(file: File) -> tuple[str, bytes]:
    if isinstance(file, Path):
        try:
            size = file.stat().st_size
            content = file.read_bytes() if size <= MAX_FILE_BYTES else b""
        except OSError as error:
            raise InputError(f"attachment {file} cannot be read: {error.strerror}") from None
        named: tuple[str, bytes] = (file.name, content)
    else:
        named, size = file, len(file[1])
    if size > MAX_FILE_BYTES:
        raise LedgerError(f"attachment {_base(named[0])} has {size:,} bytes; allowed is {MAX_FILE_BYTES:,}")
    return _base(named[0]), named[1]


def _base(name: str) -> str:
    """Return the last part of a name, printable and short: a name is shown, and never a path."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in last if letter.isprintable())[:120]
    return shown if shown.strip(". ") else "file"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
