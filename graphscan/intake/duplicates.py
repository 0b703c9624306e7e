"""Rows that stand twice: one stays, the others are counted.

In: a table in any order. Out: :class:`Deduplicated`, the rows that stay, in canonical order. Where a table
has an id, equal rows of one id leave one; where they differ, the earliest ``created_at`` stays, then the
first in canonical order. Where a table has none, rows equal in every column leave one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.order import comparable, ordered, reordered, repeats, sort_columns
from graphscan.intake.values import Mask, mask
from graphscan.intake.wide import whole
from graphscan.tables import Table


@dataclass(frozen=True)
class Deduplicated:
    """Rows in canonical order without duplicates; rows dropped for an equal one, and for a different one."""

    rows: pa.Table
    equal: int
    different: int


def without_duplicates(rows: pa.Table, table: Table) -> Deduplicated:
    """Return the rows of a table in canonical order, without duplicates.

    ``equal`` counts rows dropped because the same row is there already, ``different`` those dropped because
    another row of the same id, which says something else, was kept.
    """
    equal = different = 0
    if len(table.key) == 1:
        keep, equal, different = one_of_several(rows, table, _several(rows.column(table.key[0])))
        rows = rows if keep.all() else rows.filter(pa.array(keep))
    rows = reordered(rows, ordered(_scalars(rows), sort_columns(table)))
    if len(table.key) > 1 and rows.num_rows > 1:
        keep = np.concatenate([[True], ~mask(repeats(rows))])
        equal = int((~keep).sum())
        rows = rows.filter(pa.array(keep)) if equal else rows
    return Deduplicated(rows.combine_chunks(), equal, different)


def one_of_several(
    rows: pa.Table, table: Table, several: Mask, take: Callable[[pa.Table, pa.Array], pa.Table] = reordered
) -> tuple[Mask, int, int]:
    """Return which rows stay when one of each id does, and how many go for an equal row, and for a different one.

    ``several`` marks every row whose id stands more than once, and may mark others too; ``take`` fetches those rows.
    """
    keep = ~several
    if keep.all():
        return keep, 0, 0
    key = table.key[0]
    numbers = np.flatnonzero(several)
    them = comparable(take(rows, pa.array(numbers)))
    order = ordered(them, [key, *_earliest(table), *sort_columns(table)])
    them = reordered(them, order)
    same_id = mask(pc.equal(them.column(key).slice(1), them.column(key).slice(0, len(them) - 1)))
    same_row = mask(repeats(them))
    keep[numbers[order.to_numpy()[np.concatenate([[True], ~same_id])]]] = True
    equal = int(same_row.sum())
    return keep, equal, int(same_id.sum()) - equal


def _several(ids: pa.ChunkedArray) -> Mask:
    codes = whole(ids).dictionary_encode().indices.to_numpy()
    return np.asarray(np.bincount(codes)[codes] > 1, bool) if len(codes) else np.zeros(0, bool)


def _earliest(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.name == "created_at"]


def _scalars(rows: pa.Table) -> pa.Table:
    # Lists cannot be sorted; only tables with an id have them, and there the id decides before any list.
    return rows.select([field.name for field in rows.schema if not pa.types.is_list(field.type)])
