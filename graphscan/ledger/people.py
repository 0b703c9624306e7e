"""People: names as they are written into the ledger, and when two names are one person.

In: a name as somebody typed it. Out: the name to write down. A name is a claim: who may use which name is for the system that starts the
command to see to.
"""

from __future__ import annotations

import re
import unicodedata

from graphscan.errors import LedgerError
from graphscan.ledger.desk import Desk
from graphscan.ledger.standing import Record

SYSTEM, PLATFORM, APPELLANT = "system", "platform", "appellant"
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Letters and marks that Python calls printable and nobody sees (Unicode: Default_Ignorable_Code_Point, and the blank of Braille):
with one of them a person could approve twice under one name."""

MAX_NAME_CHARS = 80
MAX_NOTE_CHARS = 2000


def checked_name(who: str) -> str:
    """Return a name in its one form (NFKC, single spaces, none around); LedgerError when it is empty, too long, odd or reserved."""
    name = re.sub(" +", " ", unicodedata.normalize("NFKC", who).strip())
    if not name or len(name) > MAX_NAME_CHARS or not name.isprintable() or UNSEEN.search(name):
        raise LedgerError(f"name {who!r}; allowed is 1 to {MAX_NAME_CHARS} printable characters")
    if name.casefold() in (SYSTEM, PLATFORM, APPELLANT):
        raise LedgerError(f"name {who!r} is the ledger's own; allowed is the name of a person or a service")
    return name


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: ``Ann`` and ``ann`` are."""
    return one.casefold() == other.casefold()


def among(who: str, names: list[str]) -> bool:
    """Whether a person is one of these."""
    return any(same_person(who, name) for name in names)


def checked_note(note: str, required: bool) -> str:
    """Return a note without space around; LedgerError when it is missing where it must be there, or too long."""
    text = note.strip()
    if required and not text:
        raise LedgerError("a note is required: say why in a sentence")
    if len(text) > MAX_NOTE_CHARS:
        raise LedgerError(f"the note has {len(text)} characters; allowed is {MAX_NOTE_CHARS}")
    return text


def check_may_approve(desk: Desk, who: str) -> None:
    """LedgerError when the person's right to approve was taken away."""
    for person in desk.find("person", state="REVOKED"):
        if same_person(person["who"], who):
            raise LedgerError(f"{who} may not approve: the right was revoked on {person['at'][:10]}")


def revoked(desk: Desk) -> list[str]:
    """Return who may not approve at present."""
    return [person["who"] for person in desk.find("person", state="REVOKED")]


def approving(record: Record) -> list[str]:
    """Return who approves a decision at present, each person once."""
    names: list[str] = []
    for word in record["approvals"]:
        if word["word"] == "approve" and not among(word["who"], names):
            names.append(word["who"])
    return names
