"""Whom nobody may bring back: rows that are by an erased account, or about one, are left out.

In: rows of an input table, hashes of erased ids. Out: the rows that stay, and no value that names an erased account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.wide import whole
from graphscan.jobs.lineages import Lineages
from graphscan.tables import Table

BY = ("account_id", "reporter_id")
"""Columns that say whose row it is: the row goes. ``chats.owner_id`` only names somebody: the value goes, the chat stays."""


def without_accounts(rows: pa.Table, table: Table, hashes: Sequence[str]) -> pa.Table:
    """Return the rows of a table without those by or about erased accounts; a chat stays without its owner."""
    if not hashes:
        return rows
    gone = np.zeros(rows.num_rows, bool)
    for name in BY:
        if name in rows.column_names:
            gone |= _erased(rows[name], hashes)
    if "target_id" in rows.column_names:
        about = pc.equal(rows["target_kind"], "account").to_numpy(zero_copy_only=False).astype(bool)
        gone |= about & _erased(rows["target_id"], hashes)
    if "owner_id" in rows.column_names:
        owned = pa.array(_erased(rows["owner_id"], hashes))
        at = rows.schema.get_field_index("owner_id")
        empty = pc.if_else(owned, pa.scalar(None, pa.string()), rows["owner_id"])
        rows = rows.set_column(at, rows.schema.field(at), empty)
    return rows.filter(pa.array(~gone))


def _erased(ids: pa.ChunkedArray, hashes: Sequence[str]) -> np.ndarray:
    wanted = set(hashes)
    coded = whole(ids).dictionary_encode()
    hit = np.array([suppressed(i) in wanted for i in coded.dictionary.to_pylist()], bool)
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return np.where(codes >= 0, hit[codes] if len(hit) else False, False)


def suppressed(account_id: str) -> str:
    """Return what an erased account is remembered by, so that a late delivery does not bring it back.

    A hash of a guessable id can be tested by guessing; under pseudonyms it is a hash of the pseudonym, which cannot.
    """
    return hashlib.sha256(b"graphscan erased\0" + account_id.encode("utf-8")).hexdigest()


def forget_accounts(before: Lineages, hashes: Sequence[str], oldest: str) -> Lineages:
    """Return lineages without erased members, and without the members of lineages last seen before the day ``oldest``.

    A lineage without members stays as history: it can come back no more.
    """
    wanted = set(hashes)
    members = {
        i: {a: since for a, since in kept.items() if not wanted or suppressed(a) not in wanted}
        for i, kept in before.members.items()
        if before.lineages[i].last_pass >= oldest
    }
    return Lineages(before.lineages, {i: m for i, m in members.items() if m}, before.events)
