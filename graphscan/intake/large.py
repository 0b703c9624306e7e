"""Large tables → canonical order without duplicates, in bounded memory: only what decides the order is held.

In: a table's pieces on a shelf, in any order. Out: the same rows as :func:`~graphscan.intake.duplicates.without_duplicates`
gives, in pieces on the shelf.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphscan.intake import kernels
from graphscan.intake.columns import bytes_of, rows_at
from graphscan.intake.duplicates import Deduplicated, one_of_several
from graphscan.intake.order import ordered, repeats, sort_columns
from graphscan.intake.shelf import PIECE_ROWS, Shelf
from graphscan.intake.values import Mask, mask
from graphscan.tables import Table

Rows = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


def without_duplicates_on_shelf(shelf: Shelf, staged: str, table: Table) -> Deduplicated:
    """Return the rows of the staged pieces in canonical order, without duplicates; the staged pieces are removed."""
    rows = shelf.table(staged, table.schema)
    keep, equal, different = np.ones(rows.num_rows, np.bool_), 0, 0
    if len(table.key) == 1:
        several = _several(rows.column(table.key[0]))
        keep, equal, different = one_of_several(rows, table, several, lambda t, n: rows_at(t, n.to_numpy()))
    order = _order(rows, table, keep)
    last = None
    for low in range(0, len(order), PIECE_ROWS):
        piece = rows_at(rows, order[low : low + PIECE_ROWS])
        if len(table.key) > 1:
            fresh, last = _first_of_equals(piece, last)
            equal += int((~fresh).sum())
            piece = piece.filter(pa.array(fresh))
        shelf.put(table.name, piece)
    del rows
    shelf.release()
    shelf.drop(staged)
    return Deduplicated(shelf.table(table.name, table.schema), equal, different)


def hashes_of(texts: pa.ChunkedArray) -> Hashes:
    """Return a 64-bit hash of each text; of null, that of the empty text."""
    hashes = [np.zeros(0, np.uint64)]
    for chunk in texts.chunks:
        data, bounds = bytes_of(chunk)
        hashes.append(np.empty(len(chunk), np.uint64))
        kernels.hash_texts(bounds, data, hashes[-1])
    return np.concatenate(hashes)


def _several(ids: pa.ChunkedArray) -> Mask:
    """Whether another row may have the same id: its hash stands more than once."""
    hashes = hashes_of(ids)
    ranked = np.sort(hashes)
    twice = np.unique(ranked[1:][ranked[1:] == ranked[:-1]])
    if len(twice) == 0:
        return np.zeros(len(hashes), bool)
    return np.asarray(np.isin(hashes, twice), bool)


def _order(rows: pa.Table, table: Table, keep: Mask) -> Rows:
    """Numbers of the rows kept, in canonical order. Where a table has an id, time and id decide; elsewhere every column does."""
    names = sort_columns(table)
    decisive = names[: names.index(table.key[0]) + 1] if len(table.key) == 1 else names
    chosen = np.flatnonzero(keep)
    if len(chosen) == 0:
        return np.asarray(chosen, np.int64)
    held = rows.select([n for n in decisive if rows.column(n).null_count < rows.num_rows])
    if len(chosen) < rows.num_rows:
        held = held.filter(pa.array(keep))
    order: Rows = ordered(held, held.column_names).to_numpy().astype(np.int64)
    return np.asarray(chosen[order], np.int64)


def _first_of_equals(piece: pa.Table, last: pa.Table | None) -> tuple[Mask, pa.Table]:
    """Which rows differ from the one before, and the last row: what the next piece's first is compared with."""
    whole = piece if last is None else pa.concat_tables([last, piece])
    fresh = np.ones(whole.num_rows, np.bool_)
    if whole.num_rows > 1:
        fresh[1:] = ~mask(repeats(whole))
    return fresh if last is None else fresh[1:], piece.slice(piece.num_rows - 1)
