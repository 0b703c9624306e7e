"""Evidence about who acted later and why, about roles, and about rare objects in common, in sentences.

In: direction, roles, later acts, cotargets. Out: :class:`Evidence` about accounts. What explains an account's presence is told before
anything else is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.accounts.direction import Direction
from graphscan.accounts.roles import Roles
from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Ints
from graphscan.groups.clues import MAX_ROWS, Evidence
from graphscan.groups.cotargets import Cotargets

ROLE_CLUES = {
    "object_owner": (
        "against_object_owner",
        "platform",
        "Members of the cluster act on its notes; that is what others do, and is charged to them.",
    ),
    "receiver": (
        "against_receiver",
        "peer",
        "Members of the cluster follow it or answer it; that is what others do, and is charged to them.",
    ),
    "bridge": (
        "against_bridge",
        "peer",
        "It holds two groups together, or is tied to two: whom two groups copy looks the same, so a person must look.",
    ),
    "leader": (
        "first_of_its_cluster",
        "peer",
        "It is nearly always the first: either it leads, or others follow it around; co-action alone cannot tell which.",
    ),
    "compromised": (
        "against_compromised",
        "self",
        "It is old, did ordinary things, and then suddenly changed: perhaps somebody else has it now.",
    ),
}
"""Role → clue, who can write it, and its sentence."""


def direction_evidence(
    accounts: Accounts, direction: Direction, roles: Roles, later_acts: pa.Table, members: Ints
) -> Iterator[Evidence]:
    """Tell, of every member, how much of its acting later its own interests explain, and its roles."""
    rows = _references(later_acts)
    for code in members:
        name = str(accounts.ids[int(code)].as_py())
        yield from _later(name, int(code), direction, rows.get(name, ()))
        for role in roles.of(int(code)):
            clue, writer, text = ROLE_CLUES[role]
            yield Evidence(f"account:{name}", clue, "context", writer, 1.0, "roles", None, text)


def _references(later_acts: pa.Table) -> dict[str, tuple[str, ...]]:
    """Account → rows of its unexplained later acts, at most MAX_ROWS."""
    unexplained = later_acts.filter(pc.invert(later_acts["explained"]))
    listed = unexplained.group_by("account_id", use_threads=False).aggregate([("row", "list")])
    return {
        account: tuple(dict.fromkeys(rows))[:MAX_ROWS]
        for account, rows in zip(listed["account_id"].to_pylist(), listed["row_list"].to_pylist(), strict=True)
    }


def _later(name: str, code: int, direction: Direction, rows: tuple[str, ...]) -> Iterator[Evidence]:
    later, unexplained = int(direction.later[code]), int(direction.unexplained[code])
    if own := later - unexplained:
        text = (
            f"Of the {later:,} occasions on which it came after other members, its own earlier interests, or the object's "
            f"popularity, explain {own:,}."
        )
        yield Evidence(f"account:{name}", "against_own_choice", "context", "self", float(own), "occasions", None, text)
    if unexplained:
        text = (
            f"On {unexplained:,} of the {later:,} occasions on which it came after other members, nothing that it did before "
            "the cluster came there explains that it was there."
        )
        yield Evidence(
            f"account:{name}", "later_unexplained", "B1", "self", float(unexplained), "occasions", None, text, rows
        )


def cotarget_evidence(accounts: Accounts, found: Cotargets) -> Iterator[Evidence]:
    """Tell of everyone in a group that shares rare objects. It opens a case, and is never a reason for a measure."""
    for members in found.groups:
        for code in members:
            text = (
                f"It and {len(members) - 1:,} others chose the same rare things within a week of each other, more often than "
                f"people of their interests do ({int(found.objects[code]):,} of its objects); honest circles do so too, so "
                "this only asks for a look."
            )
            subject = f"account:{accounts.ids[int(code)].as_py()}"
            value = float(found.objects[code])
            yield Evidence(subject, "cotarget_group", "B2", "self", value, "objects", None, text)
