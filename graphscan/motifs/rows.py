"""Actions, messages and comments, sorted and indexed by account, so that a cluster is looked up and never searched for.

In: code and time arrays. Out: :class:`Deeds`, :class:`Messages`, :class:`Comments`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.actions import Codes, Flags, Ints
from graphscan.behaviours.indexing import Index


@dataclass(frozen=True)
class Deeds:
    """Every action of every account, sorted by account and time: ``begin[a]:begin[a + 1]`` is account a's.

    ``exempt`` marks what the platform's own scheduler or an accessibility tool did: it keeps time for its user.
    """

    begin: Ints
    at_ms: Ints
    exempt: Flags

    def rows_of(self, members: Codes) -> tuple[Ints, Ints]:
        """Rows of the members' actions, and the place in ``members`` of each row's account."""
        sizes = self.begin[members + 1] - self.begin[members]
        place = np.repeat(np.arange(len(members)), sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.begin[members][place] + within, place


@dataclass(frozen=True)
class Messages:
    """Messages of one kind of chat, sorted by chat and time; ``chat`` numbers ``chats``; ``link`` may be null."""

    chats: pa.Array
    chat: Codes
    account: Codes
    at_ms: Ints
    link: pa.Array
    index: Index


@dataclass(frozen=True)
class Comments:
    """Every comment, sorted by account and time; ``row`` is its row in the table."""

    index: Index
    account: Codes
    at_ms: Ints
    row: Ints


def first_of(lists: pa.Array) -> pa.Array:
    """The first entry of each list; null for null and for empty lists."""
    long_enough = pc.fill_null(pc.greater(pc.list_value_length(lists), 0), False)
    padded = pc.if_else(long_enough, lists, pa.scalar([None], lists.type))
    return pc.list_element(padded, 0)
