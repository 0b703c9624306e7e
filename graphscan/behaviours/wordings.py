"""Wordings: every public text of a dataset, the template it follows and the contacts it gives; worked out once a run.

In: dataset, accounts. Out: :class:`Wordings`, read by the behaviours ``template_used``, ``contact_shared``, ``text_copied`` and
``link_shared``, by the clue ``template`` and by the run's tables. Words of private chats are not among them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.accounts import Accounts, codes_of, identified, milliseconds, places_of
from graphscan.behaviours.actions import Codes, Flags, Ints
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import encode
from graphscan.texts import Templates, find_contacts, find_templates, mask_contact

_WORDED = ("notes", "comments", "chat_messages")

LOCAL_SHARE = 0.8
"""Share of a template's texts under one author's notes, or in one chat, from which the place explains it: people who sign up
below an announcement follow its form, whoever they are, and one act would be told twice, as the place and as the words. Such a
template is shown, but is no object of ``template_used`` and nobody's own evidence."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Uses:
    """One row is one account using one weighing template, sorted by both.

    ``texts`` counts, ``first_ms`` is the first of them, ``before`` the *other* accounts that had used it strictly before that: who
    came first is never charged with what others copy later, however often they write it again.
    """

    account: Codes
    template: Codes
    texts: Ints
    first_ms: Ints
    before: Ints


@dataclass(frozen=True)
class Wordings:
    """One row is one text, by table and row: ``source`` is its place in ``tables``.

    ``template`` is the code of the template it follows, -1 for none or one that weighs nothing; ``names`` (ids made from the
    mould) and ``local`` have one entry per template. ``object``: the template where that is an object of ``template_used``, one that
    weighs and is not local; -1 elsewhere. ``eligible``: long enough to follow any. ``host`` numbers whose place each
    text stands in. ``contact_text`` and ``contact`` list the contacts given: row of a text, token.
    """

    tables: tuple[str, ...]
    source: npt.NDArray[np.int8]
    row: Ints
    account: Codes
    at_ms: Ints
    template: Codes
    eligible: Flags
    templates: Templates
    established: Ints
    names: tuple[str, ...]
    local: Flags
    object: Codes
    host: Ints
    contact_text: Ints
    contact: pa.Array

    @cached_property
    def uses(self) -> Uses:
        """Who used which weighing template, and who before them."""
        return _uses(self.account, self.template, self.at_ms)

    def following(self, table: str, rows: int) -> Flags:
        """Whether each of a table's ``rows`` rows follows a template that is an object."""
        flags = np.zeros(rows, np.bool_)
        if table in self.tables:
            flags[self.row[(self.source == self.tables.index(table)) & (self.object >= 0)]] = True
        return flags

    @cached_property
    def spoken(self) -> pa.Array:
        """Distinct contacts that somebody wrote in words, sorted."""
        found = pc.unique(self.contact)
        return found.take(pc.array_sort_indices(found))

    @cached_property
    def masked(self) -> pa.Array:
        """A name to show for each of ``spoken``: the middle hidden, numbered where two look alike. No hash: numbers can be guessed."""
        seen: dict[str, int] = {}
        names = []
        for token in self.spoken.to_pylist():
            name = mask_contact(token)
            seen[name] = seen.get(name, 0) + 1
            names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return pa.array(names, pa.string())


def find_wordings(dataset: Dataset, accounts: Accounts) -> Wordings:
    """Return the wordings of a dataset; worked out when first asked for, then kept with it.

    ``accounts`` must be :func:`list_accounts` of the same dataset. Verified accounts and those labelled human count as
    established, as those with a history do: a brand's own new accounts share no secret.
    """
    found: Wordings = dataset.recall("wordings", lambda: _find(dataset, accounts))
    return found


def in_private_chat(dataset: Dataset, messages: pa.Table) -> Flags:
    """Whether each message is in a private chat: its words are never compared (a chat of unknown kind counts as one)."""
    if "chats" not in dataset.tables:
        return np.ones(messages.num_rows, np.bool_)
    chats = dataset.tables["chats"]
    groups = chats.filter(pc.equal(chats["kind"], "group")).column("chat_id").combine_chunks()
    return encode(messages.column("chat_id"), groups) < 0


def _find(dataset: Dataset, accounts: Accounts) -> Wordings:
    tables = tuple(t for t in _WORDED if dataset.has(t, "text"))
    there = [_is_public(dataset, t) for t in tables]
    rows = [np.flatnonzero(t) for t in there]
    texts = _Texts([dataset.tables[t]["text"] for t in tables], there)
    account = np.concatenate(
        [np.zeros(0, np.int32), *(codes_of(dataset, accounts, t)[r] for t, r in zip(tables, rows, strict=True))]
    )
    at_ms = np.concatenate(
        [
            np.zeros(0, np.int64),
            *(milliseconds(dataset.tables[t]["created_at"])[r] for t, r in zip(tables, rows, strict=True)),
        ]
    )
    rows, account, at_ms = dataset.keep((rows, account, at_ms))
    established = accounts.has_history | identified(dataset, accounts)
    found = find_templates(texts, account, at_ms, established, store=dataset)
    weighing = np.append(found.weight > 0, False)  # the last entry answers code -1
    template = np.where(weighing[found.template_of], found.template_of, -1).astype(np.int32)
    contacts = find_contacts(texts)
    host = np.concatenate([np.zeros(0, np.int64), *(_hosts(dataset, t)[r] for t, r in zip(tables, rows, strict=True))])
    local = _local(found.template_of, host, len(found))
    return Wordings(
        tables,
        np.repeat(np.arange(len(tables), dtype=np.int8), [len(r) for r in rows]),
        np.concatenate([np.zeros(0, np.int64), *rows]),
        account,
        at_ms,
        template,
        found.eligible,
        found,
        np.rint(found.old_share * found.accounts).astype(np.int64),
        _names(found.shown),
        local,
        np.where(np.append(local, True)[template], -1, template).astype(np.int32),  # the last entry answers -1
        host,
        contacts.row,
        contacts.token,
    )


def _names(moulds: Sequence[str]) -> tuple[str, ...]:
    """An id for each mould, the same in every run; two templates with one mould are numbered."""
    seen: dict[str, int] = {}
    names = []
    for mould in moulds:
        seen[mould] = seen.get(mould, 0) + 1
        name = f"t{hashlib.sha256(mould.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
        names.append(name if seen[mould] == 1 else f"{name}-{seen[mould]}")
    return tuple(names)


@dataclass(frozen=True)
class _Texts:
    """The public texts of several tables, piece by piece: ``columns`` may be far larger than memory."""

    columns: Sequence[pa.ChunkedArray]
    there: Sequence[Flags]

    def __iter__(self) -> Iterator[pa.Array]:
        for column, there in zip(self.columns, self.there, strict=True):
            first = 0
            for chunk in column.chunks:
                chosen = there[first : first + len(chunk)]
                yield chunk if chosen.all() else chunk.filter(pa.array(chosen))
                first += len(chunk)


def _is_public(dataset: Dataset, name: str) -> Flags:
    table = dataset.tables[name]
    there = np.asarray(pc.is_valid(table["text"]).to_numpy())
    return there & ~in_private_chat(dataset, table) if name == "chat_messages" else there


def _hosts(dataset: Dataset, table: str) -> Ints:
    """A number for whose place each row's text stands in: a note's author, the author commented on (else the note), the chat."""
    places: Ints = _host_names(dataset, table).astype(np.int64) * len(_WORDED) + (table == "chat_messages")
    return places


def _host_names(dataset: Dataset, table: str) -> Codes:
    """Per row a number from 1 on."""
    found = dataset.tables[table]
    if table == "notes":
        return _numbered(found["account_id"])
    if table == "chat_messages" or "notes" not in dataset.tables:
        return _numbered(found["chat_id" if table == "chat_messages" else "note_id"])
    author, note = _numbered(dataset.tables["notes"]["account_id"]), _numbered(found["note_id"])
    place = places_of(dataset, table, "note_id", "notes")
    author_of = np.append(author, 0)[place]  # the last entry answers -1: a note that is not there
    return np.where(author_of > 0, author_of, note + int(author.max(initial=0))).astype(np.int32)


def _numbered(values: pa.ChunkedArray) -> Codes:
    """A number from 1 on for each value, by first appearance; 0 for null."""
    return encode(values, pc.unique(values).drop_null()) + np.int32(1)


def _local(template_of: Codes, host: Ints, n: int) -> Flags:
    """Whether at least :data:`LOCAL_SHARE` of each template's texts stand in one place."""
    inside = template_of >= 0
    places, place = np.unique(host[inside], return_inverse=True)
    cells, count = np.unique(template_of[inside].astype(np.int64) * max(len(places), 1) + place, return_counts=True)
    most, total = np.zeros(n, np.int64), np.bincount(template_of[inside], minlength=n)
    np.maximum.at(most, cells // max(len(places), 1), count)
    return np.asarray(most >= LOCAL_SHARE * total)


def _uses(account: Codes, template: Codes, at_ms: Ints) -> Uses:
    rows = np.flatnonzero((template >= 0) & (account >= 0))
    order = rows[np.lexsort((at_ms[rows], template[rows], account[rows]))]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(account[order]) != 0) | (np.diff(template[order]) != 0)
    first = order[fresh]
    texts = np.diff(np.append(np.flatnonzero(fresh), len(order)))
    return Uses(account[first], template[first], texts, at_ms[first], _before(template[first], at_ms[first]))


def _before(template: Codes, first_ms: Ints) -> Ints:
    """How many rows of the same template have an earlier time; the same instant is not earlier."""
    order = np.lexsort((first_ms, template))
    t, at = template[order], first_ms[order]
    position = np.arange(len(order))
    start = np.ones(len(order), np.bool_)
    start[1:] = np.diff(t) != 0
    step = start.copy()
    step[1:] |= np.diff(at) != 0
    begin = np.maximum.accumulate(np.where(start, position, 0))
    tie = np.maximum.accumulate(np.where(step, position, 0))
    before = np.empty(len(order), np.int64)
    before[order] = tie - begin
    return before
