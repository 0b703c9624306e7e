"""What a node and a relationship are, as values: from these come constraints, loading Cypher, docs and style.

In: nothing. Out: :class:`Node`, :class:`Relationship`, :class:`Mark`, :class:`Look`. A label, a type or a
property name that is not declared here by a program text can never reach Cypher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from graphscan.tables import Column

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")

CAPTION = Column("caption", "text", "a few words for the circle in a picture", True)
KNOWN = Column("known", "bool", "false: only referred to, its own row was not given", True)
FIRST_SEEN = Column("firstseen", "time", "end of the data of the run that first loaded it")
LAST_LOAD = Column("last_load", "text", "the load that last touched it, see (:Load)", True)
STAMPS = (FIRST_SEEN, LAST_LOAD)
"""Columns that the load itself sets on every node and relationship."""


def _checked(name: str) -> None:
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is no name for Cypher; allowed are ASCII letters, digits and _")


@dataclass(frozen=True)
class Look:
    """How the Browser draws it: a colour, and a diameter (node) or width (relationship) in pixels."""

    colour: str
    pixels: int
    caption: str = "{caption}"


@dataclass(frozen=True)
class Mark:
    """A second label that a node carries while ``column`` equals ``value``; the style draws it its own way."""

    label: str
    column: str
    value: str
    meaning: str
    look: Look

    def __post_init__(self) -> None:
        _checked(self.label)


@dataclass(frozen=True)
class Node:
    """One kind of node: a row of ``table`` becomes one node with this label, found again by its ``key``."""

    label: str
    key: Column
    table: str
    meaning: str
    columns: tuple[Column, ...]
    look: Look
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        for name in (self.label, *(c.name for c in self.properties)):
            _checked(name)

    @property
    def properties(self) -> tuple[Column, ...]:
        """Every property that comes from a row: the key, the declared columns, the caption, whether it is known."""
        return (self.key, *self.columns, CAPTION, KNOWN)


@dataclass(frozen=True)
class End:
    """Where a relationship starts or ends: the node of ``label`` whose key is in ``column`` of the table."""

    label: str
    column: str


@dataclass(frozen=True)
class Relationship:
    """One kind of relationship: a row of ``table`` where both ends are given, and ``only`` holds, becomes one.

    ``apart`` names the columns that tell apart several relationships between the same two nodes; ``only`` holds
    (column, value) pairs that a row must match.
    """

    type: str
    start: End
    end: End
    table: str
    meaning: str
    columns: tuple[Column, ...] = ()
    apart: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()
    look: Look = field(default=Look("#A5ABB6", 1, "<type>"))

    def __post_init__(self) -> None:
        for name in (self.type, self.start.label, self.end.label, *(c.name for c in self.columns)):
            _checked(name)

    @property
    def name(self) -> str:
        """The relationship in one word of ASCII art, unique among all: ``Account-POSTED-Note``."""
        return f"{self.start.label}-{self.type}-{self.end.label}"
