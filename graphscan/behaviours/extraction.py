"""Extraction: the actions of one behaviour, out of the tables of a dataset.

In: dataset, accounts, a behaviour. Out: :class:`~graphscan.behaviours.actions.Actions`, in time order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.accounts import Accounts, codes_of, milliseconds
from graphscan.behaviours.actions import Actions, Codes, Flags
from graphscan.behaviours.copied import Written, copied_parts
from graphscan.behaviours.library import Behaviour, Source
from graphscan.behaviours.normal import (
    apply_to_unique,
    link_host,
    normalise_link,
    normalise_tags,
    without_placeholders,
)
from graphscan.behaviours.objects import Objects, Own
from graphscan.behaviours.sorting import order_by
from graphscan.behaviours.wordings import Wordings, find_wordings, in_private_chat
from graphscan.behaviours.written import Part, link_is_contact, written_parts
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode, holds_lists, joined, narrowed, prefixed, whole
from graphscan.settings import Settings


def extract(dataset: Dataset, accounts: Accounts, behaviour: Behaviour, settings: Settings) -> Actions | None:
    """Return every action of a behaviour, or None when the dataset cannot show it."""
    parts = [p for p in _parts(dataset, accounts, behaviour, settings) if len(p.row)]
    if not parts:
        return None
    parts.sort(key=lambda p: p.own is not None)
    values = joined([p.value for p in parts])
    named = narrowed(pc.unique(values))
    objects = Objects(
        named.take(pc.array_sort_indices(named)), tuple(Own(len(p.row), p.own) for p in parts if p.own is not None)
    )
    account = np.concatenate([codes_of(dataset, accounts, p.table)[p.row] for p in parts])
    at_ms = np.concatenate([milliseconds(dataset.tables[p.table].column("created_at"))[p.row] for p in parts])
    object_ = np.concatenate(
        [encode(values, objects.named), np.arange(len(objects.named), len(objects), dtype=np.int32)]
    )
    around = _around_all(_surroundings(dataset, accounts, behaviour, objects.named), len(objects))
    order = order_by(at_ms, account, object_)
    tables = tuple(dict.fromkeys(p.table for p in parts))
    return Actions(
        account[order],
        object_[order],
        at_ms[order],
        objects,
        around.channel_of,
        (around.owner_of[object_] == account)[order],
        np.repeat(np.array([tables.index(p.table) for p in parts], np.int8), [len(p.row) for p in parts])[order],
        np.concatenate([p.row for p in parts])[order],
        tables,
        around.explicit_of,
    )


def _parts(dataset: Dataset, accounts: Accounts, behaviour: Behaviour, settings: Settings) -> Iterator[Part]:
    if behaviour.form in ("template", "contact"):
        yield from written_parts(dataset, find_wordings(dataset, accounts), behaviour.form)
        return
    if behaviour.form == "text":
        texts = [_texts(dataset, accounts, s, settings) for s in behaviour.sources if dataset.has(s.table, s.column)]
        yield from copied_parts(texts, settings.min_text_chars, settings.placeholders)
        return
    for source in behaviour.sources:
        if dataset.has(source.table, source.column):
            yield _part(dataset, accounts, source, behaviour, settings)


def _part(dataset: Dataset, accounts: Accounts, source: Source, behaviour: Behaviour, settings: Settings) -> Part:
    table = dataset.tables[source.table]
    row = np.arange(table.num_rows, dtype=np.int64)
    column = table.column(source.column)
    if source.kind:
        chosen = pc.and_(pc.equal(table["kind"], source.kind), pc.equal(table["target_kind"], source.target_kind))
        chosen = pc.fill_null(chosen, False)
        row, column = row[chosen.to_numpy()], column.filter(chosen)
    column = whole(column)
    cleaned = _clean(source.table, row, column, behaviour, settings)
    if behaviour.form == "link" and _looked_at("contact_shared", settings):
        return _without_contacts(cleaned, find_wordings(dataset, accounts))
    return cleaned


def _texts(dataset: Dataset, accounts: Accounts, source: Source, settings: Settings) -> Written:
    """The rows of a table that have public words and, where moulds are looked at, follow none that is an object there."""
    table = dataset.tables[source.table]
    chosen = np.ones(table.num_rows, np.bool_)
    if source.table == "chat_messages":
        chosen &= ~in_private_chat(dataset, table)
    if _looked_at("template_used", settings):
        chosen &= ~find_wordings(dataset, accounts).following(source.table, table.num_rows)
    return Written(source.table, np.flatnonzero(chosen), table.column(source.column))


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
    elif holds_lists(column.type):
        row = row[pc.list_parent_indices(column).to_numpy()]
        values = pc.list_flatten(column)
    else:
        values = column
    if behaviour.form == "link":
        values = apply_to_unique(without_placeholders(values, settings.placeholders), normalise_link)
    values = without_placeholders(values, settings.placeholders)
    if behaviour.channel == "author of comment":
        values = prefixed(table, values)
    there = values.is_valid().to_numpy(zero_copy_only=False)
    return Part(table, row[there], values.drop_null())


def _tag_lists(column: pa.Array, settings: Settings) -> pa.Array:
    """Each row's tags as one text, without those that stand for nothing; null where too few are left."""
    nothing = {p.casefold() for p in settings.placeholders}
    lists = [[t for t in tags or () if t and t.strip().casefold() not in nothing] for tags in column.to_pylist()]
    return pa.array([normalise_tags(tags) or None for tags in lists], pa.string())


@dataclass(frozen=True)
class _Surroundings:
    """Per object: its channel's code or -1, its owner's account code or -1, whether channel membership is declared."""

    channel_of: Codes
    owner_of: Codes
    explicit_of: Flags


def _around_all(named: _Surroundings, n_objects: int) -> _Surroundings:
    """The same with the objects that are one row's own: in no channel, nobody's."""
    none = np.full(n_objects - len(named.channel_of), -1, np.int32)
    return _Surroundings(
        np.concatenate([named.channel_of, none]),
        np.concatenate([named.owner_of, none]),
        np.concatenate([named.explicit_of, np.zeros(len(none), np.bool_)]),
    )


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
    place = encode(objects, found.column(key))
    author = codes_of(dataset, accounts, table)
    return np.where(place >= 0, author[place] if len(author) else -1, -1).astype(np.int32)


def _chat(dataset: Dataset, objects: pa.Array) -> Codes:
    if "chat_messages" not in dataset.tables:
        return np.full(len(objects), -1, np.int32)
    messages = dataset.tables["chat_messages"]
    place = encode(objects, messages.column("message_id"))
    chats = messages.column("chat_id")
    names = pc.unique(chats)
    chat = encode(chats, names.take(pc.array_sort_indices(names)))
    return np.where(place >= 0, chat[place] if len(chat) else -1, -1).astype(np.int32)


def _first_seen_codes(values: pa.Array) -> Codes:
    return np.asarray(pc.fill_null(values.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False), np.int32)
