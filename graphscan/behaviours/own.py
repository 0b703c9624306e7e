"""Behaviours of one's own: declared in a few lines beside the run, without touching the package.

In: names and :class:`~graphscan.behaviours.library.Behaviour` values, as an analyst gives them. Out: the behaviours to look at. What is
wrong with a declaration is told all at once, before anything is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import get_args

from graphscan.behaviours.library import BEHAVIOURS, Behaviour, Channel, Form, Source, behaviour
from graphscan.errors import SettingsError
from graphscan.tables import ACTION_TABLES, input_table

LONGEST_WINDOW_S = 7 * 86_400
"""A week: wider windows meet everybody with everybody. Occasions are days, so little is gained above one."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def names_and_own(given: Sequence[str | Behaviour]) -> tuple[tuple[str, ...], tuple[Behaviour, ...]]:
    """Return the names of all that is to be looked at, and those behaviours among them that are not built in.

    Raises
    ------
    SettingsError
        Naming every fault of every declaration.
    """
    own = tuple(b for b in given if isinstance(b, Behaviour) and b not in BEHAVIOURS)
    faults = [fault for b in own for fault in faults_of(b)]
    names = [b.name if isinstance(b, Behaviour) else b for b in given]
    faults += [f"behaviour {name!r} is given twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if faults:
        raise SettingsError("\n".join(faults))
    return tuple(names), own


def chosen(names: Sequence[str], own: Sequence[Behaviour] = ()) -> tuple[Behaviour, ...]:
    """Return the named behaviours (none: all built-in ones), built-in ones first; SettingsError for an unknown name."""
    mine = {b.name for b in own}
    wanted = {behaviour(name).name for name in names if name not in mine}
    return (*(b for b in BEHAVIOURS if not names or b.name in wanted), *own)


def faults_of(declared: Behaviour) -> Iterator[str]:
    """Yield what is wrong with a declaration: what it is, and what is allowed."""
    called = f"behaviour {declared.name!r}"
    if not _NAME.fullmatch(declared.name):
        yield f"{called}: a name is up to 40 of a-z, 0-9 and _, and begins with a letter"
    if declared.name in {b.name for b in BEHAVIOURS}:
        yield f"{called}: the name is taken by a built-in behaviour"
    for field in ("title", "sentence", "popularity"):
        if not getattr(declared, field).strip():
            yield f"{called}: {field} is empty; {_WHY[field]}"
    for field, allowed in (("form", get_args(Form)), ("channel", get_args(Channel))):
        if getattr(declared, field) not in allowed:
            yield f"{called}: {field} is {getattr(declared, field)!r}; allowed: {', '.join(allowed)}"
    if not declared.sources:
        yield f"{called}: it has no source; name a table and the column that gives the object"
    yield from (f"{called}: {fault}" for source in declared.sources for fault in _source_faults(source, declared.form))
    windows = list(declared.windows_s)
    if not windows or windows != sorted(set(windows)) or windows[0] < 1 or windows[-1] > LONGEST_WINDOW_S:
        yield f"{called}: windows_s is {windows}; allowed: rising seconds from 1 to {LONGEST_WINDOW_S:,}"


_WHY = {
    "title": "it names the behaviour in tables",
    "sentence": 'it completes "two accounts …"',
    "popularity": "say why a viral note does not make strangers a pair; no behaviour without an answer",
}


def _source_faults(source: Source, form: str) -> Iterator[str]:
    if source.table not in ACTION_TABLES:
        yield f"table {source.table!r} holds no actions; allowed: {', '.join(ACTION_TABLES)}"
        return
    columns = {c.name: c for c in input_table(source.table).columns}
    allowed = [name for name, c in columns.items() if c.kind in ("id", "text", "texts") and name != "account_id"]
    if source.column not in allowed:
        yield f"column {source.table}.{source.column} gives no object; allowed: {', '.join(allowed)}"
    elif (source.table, source.column) == ("chat_messages", "text") and form != "text":
        yield "words of chats are compared as form 'text' only: it leaves private chats out"
    elif form == "tags" and columns[source.column].kind != "texts":
        yield f"form 'tags' needs a list; {source.table}.{source.column} is none"
    if source.table == "interactions":
        for field in ("kind", "target_kind"):
            if getattr(source, field) not in columns[field].choices:
                yield f"{field} is {getattr(source, field)!r}; allowed: {', '.join(columns[field].choices)}"
    elif source.kind or source.target_kind:
        yield f"kind and target_kind are for interactions; {source.table} has none"
