"""The part of the input that has to do with clusters: what members did, what they did it to, and who else was there.

In: run tables and input tables. Out: input tables with only those rows. Kept are all actions of members, the notes
and comments they acted on with what members' comments answer, the chats they were in, messages of chats in which at
least two members wrote, reports about or by members, and the validated pairs that touch a member.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.graphstore.sources import Tables

WHOLE_GRAPH_ROWS = 100_000
"""Input rows up to which the whole event graph is loaded by default.

Browser draws at most 300 nodes of an answer; up to this size a careless question without LIMIT still answers in
seconds on a small server (Bolt reads some 50,000 rows a second), above it an investigator waits.
"""


def around_clusters(run: Tables, given: Tables) -> dict[str, pa.Table]:
    """Return the input tables with the rows around the clusters; a row is kept whole or not at all."""
    members = _texts(run["members"]["account_id"])
    acted = {t: _where(given[t], "account_id", members) for t in ("notes", "comments", "interactions")}
    on_notes = _targets(acted["interactions"], "note")
    on_comments = _targets(acted["interactions"], "comment")
    comments = _either(
        given["comments"], acted["comments"], "comment_id", _union(on_comments, acted["comments"]["reply_to"])
    )
    notes = _either(given["notes"], acted["notes"], "note_id", _union(on_notes, comments["note_id"]))
    chats = _chats_of(given, members)
    return {
        **given,
        **acted,
        "notes": notes,
        "comments": comments,
        **chats,
        "reports": _reports(given["reports"], members, _texts(notes["note_id"])),
    }


def pairs_around(run: Tables) -> pa.Table:
    """Return the validated pairs of which at least one account is a member of a cluster."""
    members, pairs = _texts(run["members"]["account_id"]), run["pairs"]
    return pairs.filter(
        pc.or_(pc.is_in(pairs["account_a"], value_set=members), pc.is_in(pairs["account_b"], value_set=members))
    )


def _texts(column: pa.ChunkedArray) -> pa.Array:
    return pc.unique(column.drop_null())


def _union(*columns: pa.ChunkedArray | pa.Array) -> pa.Array:
    chunks = [c for column in columns for c in (column.chunks if isinstance(column, pa.ChunkedArray) else [column])]
    return pc.unique(pa.chunked_array(chunks, pa.string()).drop_null())


def _where(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table[column], value_set=values))


def _either(table: pa.Table, rows: pa.Table, key: str, more: pa.Array) -> pa.Table:
    """Return the table's rows whose key is among ``rows`` or ``more``, in the table's order."""
    return _where(table, key, _union(rows[key], more))


def _targets(interactions: pa.Table, kind: str) -> pa.Array:
    return _texts(interactions.filter(pc.equal(interactions["target_kind"], kind))["target_id"])


def _chats_of(given: Tables, members: pa.Array) -> dict[str, pa.Table]:
    stays = _where(given["chat_members"], "account_id", members)
    sent = _where(given["chat_messages"], "account_id", members)
    writers = sent.select(["chat_id", "account_id"]).group_by("chat_id").aggregate([("account_id", "count_distinct")])
    shared = _texts(writers.filter(pc.greater_equal(writers["account_id_count_distinct"], 2))["chat_id"])
    messages = given["chat_messages"].filter(
        pc.or_(
            pc.is_in(given["chat_messages"]["account_id"], value_set=members),
            pc.is_in(given["chat_messages"]["chat_id"], value_set=shared),
        )
    )
    chats = _where(given["chats"], "chat_id", _union(stays["chat_id"], messages["chat_id"]))
    return {"chat_members": stays, "chat_messages": messages, "chats": chats}


def _reports(reports: pa.Table, members: pa.Array, notes: pa.Array) -> pa.Table:
    about_account = pc.and_(
        pc.equal(reports["target_kind"], "account"), pc.is_in(reports["target_id"], value_set=members)
    )
    about_note = pc.and_(pc.equal(reports["target_kind"], "note"), pc.is_in(reports["target_id"], value_set=notes))
    by_member = pc.is_in(reports["reporter_id"], value_set=members)
    return reports.filter(pc.or_(by_member, pc.or_(about_account, about_note)))
