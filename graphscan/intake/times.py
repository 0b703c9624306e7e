"""Raw columns → instants in UTC, to the millisecond; fractions below it are cut.

In: one column of a file as text, numbers or Arrow times, and a :class:`Clock`. Out: :class:`Parsed`.
"""

from __future__ import annotations

import pyarrow as pa

from graphscan.intake.clock import NONE, Clock, to_millis, to_times
from graphscan.intake.time_texts import from_text
from graphscan.intake.values import Parsed, WrongTypeError, flat, read_words


def read_times(raw: pa.ChunkedArray, clock: Clock, days: bool = False) -> Parsed:
    """Return instants (timestamp[ms, UTC]) of text, numbers or Arrow times.

    Parameters
    ----------
    raw
        ISO 8601 text, epoch numbers, or Arrow timestamps and dates.
    clock
        Zone of times without one, unit of numbers.
    days
        Whether a day alone is taken, as its midnight. Not for actions: all of a day would meet at midnight.

    Raises
    ------
    WrongTypeError
        When the column's type can hold no time, or holds numbers and the clock has no unit for them.
    """
    raw = flat(raw)
    kind = raw.type
    if pa.types.is_timestamp(kind):
        return _from_timestamps(raw, clock)
    if pa.types.is_date(kind) and days:
        return _from_timestamps(raw.cast(pa.timestamp("ms")), clock)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return _from_numbers(raw, clock)
    if pa.types.is_date(kind) or pa.types.is_decimal(kind):
        raise WrongTypeError("timestamps, ISO 8601 text, or numbers with --epoch s or --epoch ms")
    words = read_words(raw)
    return from_text(words, clock, days)


def _from_timestamps(raw: pa.ChunkedArray, clock: Clock) -> Parsed:
    millis = to_millis(raw.cast(pa.timestamp("ms", tz=raw.type.tz), safe=False))
    if raw.type.tz is not None:
        return to_times(millis)
    return to_times(clock.instants(millis), zoneless=int((millis != NONE).sum()))


def _from_numbers(raw: pa.ChunkedArray, clock: Clock) -> Parsed:
    if not clock.epoch_unit:
        raise WrongTypeError("timestamps or ISO 8601 text; for numbers pass --epoch s or --epoch ms")
    return to_times(clock.numbers(raw.cast(pa.float64(), safe=False)))
