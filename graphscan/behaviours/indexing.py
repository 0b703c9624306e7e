"""Rows by account: an index, so that a cluster's rows are looked up and never searched for among everybody's.

In: codes, one per row. Out: :class:`Index`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.behaviours.actions import Codes, Flags, Ints
from graphscan.behaviours.sorting import order_by

_NO_ROWS = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Index:
    """Rows of code ``c``, ascending: ``row[begin[c]:begin[c + 1]]``."""

    begin: Ints
    row: Ints

    def rows(self, codes: Codes) -> Ints:
        """Rows of some codes, ascending."""
        return np.sort(np.concatenate([_NO_ROWS, *(self.row[self.begin[c] : self.begin[c + 1]] for c in codes)]))


def index_rows(code: Codes | Ints, n_codes: int, rows: Ints | None = None) -> Index:
    """Return the index of rows whose codes (all 0 or more) are given; of some ``rows`` only, where they are given."""
    of = code if rows is None else code[rows]
    begin = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=n_codes))])
    order = order_by(of)
    return Index(begin, order if rows is None else rows[order])


def index_chosen(code: Codes, chosen: Flags) -> Index:
    """Return the index of the rows of some codes only; ``chosen`` has one entry per code."""
    return index_rows(code, len(chosen), np.flatnonzero(chosen[code]))
