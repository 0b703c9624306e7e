"""One column of theirs → instants, vectorised where the file gives numbers or timestamps.

In: an Arrow column and how the map says to read it. Out: timestamps in UTC with milliseconds, and the
rows whose value is no time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.errors import InputError
from graphscan.intake.adapters import instants
from graphscan.intake.adapters.column_map import Take
from graphscan.intake.adapters.column_parts import Arrow, Taken, is_text, mask_of, read_each, text_of


def times_of(values: Arrow, take: Take, zone: str, export: str) -> Taken:
    """Return one column of instants.

    Raises
    ------
    InputError
        When the column holds numbers and the map does not say of what unit.
    """
    kind = values.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _in_range(_milliseconds(values, zone))
    if take.epoch:
        factor = 1000 if take.epoch == "s" else 1
        if pa.types.is_integer(kind):
            return _in_range(_scaled(values, factor))
        if pa.types.is_floating(kind):
            return _in_range(_scaled_floats(values, factor))
        return _each(values, lambda v: _whole_ms(v, factor), "no time in epoch units")
    if not (is_text(kind) or pa.types.is_null(kind)):
        raise InputError(
            f'export {export}: column {take.column!r} holds {kind}, which is no time by itself; say epoch = "s" or "ms"'
        )
    place = instants.zone_of(zone)
    form = f"of the form {take.format}" if take.format else "in ISO 8601"
    return _each(values, lambda v: instants.from_text(v, place, take.format)[0], f"no time {form}")


def _milliseconds(values: Arrow, zone: str) -> Arrow:
    """Return timestamps as milliseconds.

    A clock reading that the zone has twice is the first of the two, one that it skips is the next there is.
    """
    if not pa.types.is_timestamp(values.type):
        values = values.cast(pa.timestamp("ms"))
    if values.type.tz is None:
        values = pc.assume_timezone(values, zone, ambiguous="earliest", nonexistent="latest")
    return values.cast(pa.timestamp("ms", tz="UTC"), safe=False).cast(pa.int64())


def _whole_ms(text: str, factor: int) -> int:
    return instants.from_seconds(text) if factor == 1000 else instants.from_seconds(text) // 1000


def _scaled(values: Arrow, factor: int) -> Arrow:
    whole = values.cast(pa.int64(), safe=False)
    return pc.multiply(pc.min_element_wise(pc.max_element_wise(whole, -1), instants.LAST_MS), factor)


def _scaled_floats(values: Arrow, factor: int) -> Arrow:
    """Fractions are cut after rounding to microseconds: 1606451170.518 s is not 517 ms."""
    numbers = values.to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else values.to_numpy()
    there = ~np.isnan(numbers.astype(np.float64))
    clipped = np.clip(np.where(there, numbers, 0.0).astype(np.float64), -1.0, float(instants.LAST_MS))
    whole = np.floor(np.round(clipped * factor, 3)).astype(np.int64)
    return pa.array(whole, mask=~there)


def _in_range(whole: Arrow) -> Taken:
    bad = mask_of(pc.or_(pc.less(whole, 0), pc.greater_equal(whole, instants.LAST_MS)))
    safe = pc.if_else(pa.array(bad), None, whole)
    return Taken(
        safe.cast(pa.timestamp("ms")).cast(pa.timestamp("ms", tz="UTC")),
        ((bad, "outside the years 1970 to 2100"),),
    )


def _each(values: Arrow, read: Callable[[str], int], reason: str) -> Taken:
    """Read texts one by one; what 64 bits cannot hold is outside the range all the same."""
    told = read_each(text_of(values), lambda v: max(-1, min(read(v), instants.LAST_MS)), reason, pa.int64())
    checked = _in_range(told.values)
    return Taken(checked.values, (*told.faults, *checked.faults))
