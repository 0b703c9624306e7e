"""Extraction: the actions of one behaviour, out of the tables of a dataset.

In: dataset, accounts, a behaviour. Out: :class:`~graphscan.behaviours.actions.Actions`, in time order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.accounts import Accounts, codes_of, encode, milliseconds
from graphscan.behaviours.actions import Actions, Codes, Flags
from graphscan.behaviours.library import Behaviour, Source
from graphscan.behaviours.normal import (
    apply_to_unique,
    link_host,
    normalise_link,
    normalise_tags,
    normalise_text,
    without_placeholders,
)
from graphscan.behaviours.sorting import order_by
from graphscan.behaviours.wordings import Wordings, find_wordings, in_private_chat
from graphscan.behaviours.written import Part, link_is_contact, written_parts
from graphscan.intake.dataset import Dataset
from graphscan.settings import Settings


def extract(dataset: Dataset, accounts: Accounts, behaviour: Behaviour, settings: Settings) -> Actions | None:
    """Return every action of a behaviour, or None when the dataset cannot show it."""
    parts = [p for p in _parts(dataset, accounts, behaviour, settings) if len(p.row)]
    if not parts:
        return None
    values = pa.concat_arrays([p.value for p in parts])
    objects = pc.unique(values)
    objects = objects.take(pc.array_sort_indices(objects))
    account = np.concatenate([_codes(dataset, accounts, p) for p in parts])
    at_ms = np.concatenate([milliseconds(dataset.tables[p.table].column("created_at"))[p.row] for p in parts])
    object_ = encode(values, objects)
    around = _surroundings(dataset, accounts, behaviour, objects)
    order = order_by(at_ms, account, object_)
    return Actions(
        account[order],
        object_[order],
        at_ms[order],
        objects,
        around.channel_of,
        (around.owner_of[object_] == account)[order],
        np.repeat(np.arange(len(parts), dtype=np.int8), [len(p.row) for p in parts])[order],
        np.concatenate([p.row for p in parts])[order],
        tuple(p.table for p in parts),
        around.explicit_of,
    )


def _codes(dataset: Dataset, accounts: Accounts, part: Part) -> Codes:
    return codes_of(dataset, accounts, part.table)[part.row]


def _parts(dataset: Dataset, accounts: Accounts, behaviour: Behaviour, settings: Settings) -> Iterator[Part]:
    if behaviour.form in ("template", "contact"):
        yield from written_parts(dataset, find_wordings(dataset, accounts), behaviour.form)
        return
    for source in behaviour.sources:
        if dataset.has(source.table, source.column):
            yield _part(dataset, accounts, source, behaviour, settings)


def _part(dataset: Dataset, accounts: Accounts, source: Source, behaviour: Behaviour, settings: Settings) -> Part:
    table = dataset.tables[source.table]
    row = np.arange(table.num_rows, dtype=np.int64)
    if source.kind:
        chosen = pc.and_(pc.equal(table["kind"], source.kind), pc.equal(table["target_kind"], source.target_kind))
        row = row[pc.fill_null(chosen, False).to_numpy(zero_copy_only=False)]
    if behaviour.form == "text" and source.table == "chat_messages":
        row = row[~in_private_chat(dataset, table)]
    if behaviour.form == "text" and _looked_at("template_used", settings):
        row = row[~find_wordings(dataset, accounts).following(source.table, table.num_rows)[row]]
    column = table.column(source.column).combine_chunks().take(pa.array(row))
    cleaned = _clean(source.table, row, column, behaviour, settings)
    if behaviour.form == "link" and _looked_at("contact_shared", settings):
        return _without_contacts(cleaned, find_wordings(dataset, accounts))
    return cleaned


def _looked_at(name: str, settings: Settings) -> bool:
    return not settings.behaviours or name in settings.behaviours


def _without_contacts(part: Part, found: Wordings) -> Part:
    """One text is never charged twice: what follows a template is no copied text, what leads to a contact is no shared link."""
    keep = ~link_is_contact(part.value, found)
    return Part(part.table, part.row[keep], part.value.filter(pa.array(keep)))


def _clean(table: str, row: np.ndarray, column: pa.Array, behaviour: Behaviour, settings: Settings) -> Part:
    """The objects of a source's rows; answered things are named with their table: comment 7 is not message 7."""
    if behaviour.form == "tags":
        values = _tag_lists(column, settings)
    elif pa.types.is_list(column.type):
        row = row[pc.list_parent_indices(column).to_numpy()]
        values = pc.list_flatten(column)
    else:
        values = column
    if behaviour.form == "text":
        values = apply_to_unique(values, lambda t: _long_enough(normalise_text(t), settings.min_text_chars))
    elif behaviour.form == "link":
        values = apply_to_unique(without_placeholders(values, settings.placeholders), normalise_link)
    values = without_placeholders(values, settings.placeholders)
    if behaviour.channel == "author of comment":
        values = pc.binary_join_element_wise(pa.scalar(table), values, "/")
    there = values.is_valid().to_numpy(zero_copy_only=False)
    return Part(table, row[there], values.drop_null())


def _tag_lists(column: pa.Array, settings: Settings) -> pa.Array:
    """Each row's tags as one text, without those that stand for nothing; null where too few are left."""
    nothing = {p.casefold() for p in settings.placeholders}
    lists = [[t for t in tags or () if t and t.strip().casefold() not in nothing] for tags in column.to_pylist()]
    return pa.array([normalise_tags(tags) or None for tags in lists], pa.string())


def _long_enough(text: str, least: int) -> str:
    return text if len(text) >= least else ""


@dataclass(frozen=True)
class _Surroundings:
    """Per object: its channel's code or -1, its owner's account code or -1, whether channel membership is declared."""

    channel_of: Codes
    owner_of: Codes
    explicit_of: Flags


def _surroundings(dataset: Dataset, accounts: Accounts, behaviour: Behaviour, objects: pa.Array) -> _Surroundings:
    none = np.full(len(objects), -1, np.int32)
    no, yes = np.zeros(len(objects), np.bool_), np.ones(len(objects), np.bool_)
    if behaviour.channel == "author of note":
        author = _author(dataset, accounts, objects, "notes", "note_id")
        return _Surroundings(author, author, no)
    if behaviour.channel == "author of comment":
        return _answered(dataset, accounts, objects)
    if behaviour.channel == "host":
        return _Surroundings(_first_seen_codes(apply_to_unique(objects, link_host)), none, no)
    if behaviour.channel == "chat":
        return _Surroundings(np.arange(len(objects), dtype=np.int32), none, yes)
    return _Surroundings(none, accounts.codes(objects) if behaviour.name == "account_followed" else none, no)


def _answered(dataset: Dataset, accounts: Accounts, objects: pa.Array) -> _Surroundings:
    """Channel of an answered thing: the chat of a message, else the author of a comment; the codes never overlap."""
    comments, messages = (_ids_in(objects, table) for table in ("comments", "chat_messages"))
    author = _author(dataset, accounts, comments, "comments", "comment_id")
    sender = _author(dataset, accounts, messages, "chat_messages", "message_id")
    chat = _chat(dataset, messages)
    in_chat = chat >= 0
    offset = int(author.max(initial=-1)) + 1
    return _Surroundings(
        np.where(in_chat, chat + offset, author).astype(np.int32), np.where(in_chat, sender, author), in_chat
    )


def _ids_in(objects: pa.Array, table: str) -> pa.Array:
    """The ids of those objects that were named with this table; null for the others."""
    ids = pc.utf8_slice_codeunits(objects, len(table) + 1)
    return pc.if_else(pc.starts_with(objects, f"{table}/"), ids, pa.scalar(None, pa.string()))


def _author(dataset: Dataset, accounts: Accounts, objects: pa.Array, table: str, key: str) -> Codes:
    if table not in dataset.tables:
        return np.full(len(objects), -1, np.int32)
    found = dataset.tables[table]
    place = encode(objects, found.column(key).combine_chunks())
    author = codes_of(dataset, accounts, table)
    return np.where(place >= 0, author[place] if len(author) else -1, -1).astype(np.int32)


def _chat(dataset: Dataset, objects: pa.Array) -> Codes:
    if "chat_messages" not in dataset.tables:
        return np.full(len(objects), -1, np.int32)
    messages = dataset.tables["chat_messages"]
    place = encode(objects, messages.column("message_id").combine_chunks())
    chats = messages.column("chat_id").combine_chunks()
    names = pc.unique(chats)
    chat = encode(chats, names.take(pc.array_sort_indices(names)))
    return np.where(place >= 0, chat[place] if len(chat) else -1, -1).astype(np.int32)


def _first_seen_codes(values: pa.Array) -> Codes:
    return np.asarray(pc.fill_null(values.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False), np.int32)
