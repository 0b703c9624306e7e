"""Written: the actions of the two behaviours whose object lies inside a text: a template, a contact.

In: wordings. Out: parts of actions. Every other text is an action on an object of its own, which nobody shares: writing at
all is the opportunity, and in a layer of nothing but suspicious texts a farm would be its own chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.actions import Flags, Ints
from graphscan.behaviours.references import name_rows
from graphscan.behaviours.wordings import Wordings
from graphscan.intake.dataset import Dataset
from graphscan.intake.wide import whole
from graphscan.texts import find_contacts


@dataclass(frozen=True)
class Part:
    """What one source gives: rows of its table (repeated for lists) and the object of each, never null.

    With ``own`` there are no values: each row is an object of its own, and ``own`` names some, by place among these rows.
    """

    table: str
    row: Ints
    value: pa.Array
    own: Callable[[Ints], pa.Array] | None = None


def own_part(dataset: Dataset, table: str, rows: Ints) -> Part:
    """Rows that are an object each, named as rows are."""
    kept = dataset.keep(rows)  # as long as somebody may ask for a name
    return Part(table, kept, pa.array([], pa.string()), lambda places: name_rows(dataset, table, kept[places]))


def written_parts(dataset: Dataset, found: Wordings, form: str) -> Iterator[Part]:
    """Yield the actions of ``template_used`` (form "template") or ``contact_shared`` (form "contact")."""
    if form == "template":
        yield from _templates(dataset, found)
        return
    yield from _contacts(dataset, found)
    for table in ("notes", "comments", "chat_messages"):
        if dataset.has(table, "links"):
            yield _contacts_in_links(dataset, found, table)


def spoken_contacts(links: pa.Array, found: Wordings) -> tuple[Ints, pa.Array]:
    """Places of the links that lead where somebody's words lead too, and the masked names of these contacts."""
    contacts = find_contacts(links)
    place = pc.index_in(contacts.token, value_set=found.spoken)
    there = place.is_valid().to_numpy(zero_copy_only=False)
    return contacts.row[there], found.masked.take(place.drop_null())


def _templates(dataset: Dataset, found: Wordings) -> Iterator[Part]:
    names = pa.array(found.names, pa.string())
    for number, table in enumerate(found.tables):
        here = (found.source == number) & found.eligible
        used = np.flatnonzero(here & (found.object >= 0))
        yield Part(table, found.row[used], names.take(pa.array(found.object[used])))
        yield own_part(dataset, table, found.row[here & (found.object < 0)])


def _contacts(dataset: Dataset, found: Wordings) -> Iterator[Part]:
    given = found.masked.take(pc.index_in(found.contact, value_set=found.spoken))
    without = np.ones(len(found.row), np.bool_)
    without[found.contact_text] = False
    for number, table in enumerate(found.tables):
        here = found.source[found.contact_text] == number
        yield Part(table, found.row[found.contact_text[here]], given.filter(pa.array(here)))
        yield own_part(dataset, table, found.row[without & (found.source == number)])


def _contacts_in_links(dataset: Dataset, found: Wordings, table: str) -> Part:
    column = whole(dataset.tables[table]["links"])
    row = pc.list_parent_indices(column).to_numpy()
    place, names = spoken_contacts(pc.list_flatten(column), found)
    return Part(table, row[place].astype(np.int64), names)


def link_is_contact(links: pa.Array, found: Wordings) -> Flags:
    """Whether each link leads where somebody's words lead too: it then counts as a contact, not as a link."""
    flags = np.zeros(len(links), np.bool_)
    flags[spoken_contacts(links, found)[0]] = True
    return flags
