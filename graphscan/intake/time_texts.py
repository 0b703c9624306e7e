"""Texts → instants: ISO 8601 with or without an offset, days, and epoch numbers, millions at a time.

In: a column of texts and a :class:`Clock`. Out: :class:`Parsed`. Texts are sorted by form with one expression
each and read by Arrow; what only fails the calendar (30 February) is found by halving.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.clock import NONE, Clock, Millis, to_millis, to_times
from graphscan.intake.values import Fault, Parsed, mask

_CLOCK_TIME = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?"
_OFFSET = r"(Z|[+-]\d\d(:?\d\d)?)$"
_DAY = r"^\d{4}-\d\d-\d\d$"
_NUMBER = r"^-?\d{1,15}(\.\d+)?$"

NOT_A_TIME = "not a time"
ONLY_A_DAY = "a day without a time of day"
NO_UNIT = "a number, and no unit is given: pass --epoch s or --epoch ms"


def from_text(words: Parsed, clock: Clock, days: bool) -> Parsed:
    """Return instants of texts; a day alone only where ``days``."""
    text = words.values.combine_chunks()
    reader = _TextReader(clock, days, len(text))
    reader.read(text, np.flatnonzero(mask(words.values.is_valid())))
    if len(reader.left):
        again = reader.left
        reader.read(_tidied(text.take(pa.array(again))), again)
    reader.fault(NOT_A_TIME, reader.left)
    result = to_times(reader.millis, zoneless=reader.zoneless)
    return Parsed(result.values, (*words.faults, *reader.faults, *result.faults), result.zoneless)


class _TextReader:
    """Reads texts form by form, the commonest first; what fits no form is left."""

    def __init__(self, clock: Clock, days: bool, count: int) -> None:
        self.clock, self.days = clock, days
        self.millis: Millis = np.full(count, NONE)
        self.left: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self.faults: list[Fault] = []
        self.zoneless = 0

    def read(self, text: pa.Array, rows: npt.NDArray[np.int64]) -> None:
        """Read the texts of ``rows``; ``text`` holds the whole column, or the texts of ``rows`` alone."""
        mine = text if len(text) == len(rows) else text.take(pa.array(rows))
        forms: tuple[tuple[str, Callable[[pa.Array, npt.NDArray[np.int64]], None]], ...] = (
            (_CLOCK_TIME + _OFFSET, self._instants),
            (_CLOCK_TIME + "$", self._local),
            (_DAY, self._days),
            (_NUMBER, self._numbers),
        )
        for pattern, take in forms:
            if not len(rows):
                break
            fits = mask(pc.match_substring_regex(mine, pattern))
            if fits.any():
                take(mine if fits.all() else mine.filter(pa.array(fits)), rows[fits])
                mine, rows = mine.filter(pa.array(~fits)), rows[~fits]
        self.left = rows

    def fault(self, reason: str, rows: npt.NDArray[np.int64]) -> None:
        """Note that these rows cannot be read."""
        if len(rows):
            bad = np.zeros(len(self.millis), bool)
            bad[rows] = True
            self.faults.append(Fault(reason, bad))

    def _instants(self, text: pa.Array, rows: npt.NDArray[np.int64]) -> None:
        self._keep(_micros(text, pa.timestamp("us", tz="UTC")), rows)

    def _local(self, text: pa.Array, rows: npt.NDArray[np.int64]) -> None:
        local = _micros(text, pa.timestamp("us"))
        self.zoneless += int((local != NONE).sum())
        self._keep(self.clock.instants(local), rows)

    def _days(self, text: pa.Array, rows: npt.NDArray[np.int64]) -> None:
        if self.days:
            self._local(text, rows)
        else:
            self.fault(ONLY_A_DAY, rows)

    def _numbers(self, text: pa.Array, rows: npt.NDArray[np.int64]) -> None:
        if self.clock.epoch_unit:
            self._keep(self.clock.numbers(text.cast(pa.float64())), rows)
        else:
            self.fault(NO_UNIT, rows)

    def _keep(self, millis: Millis, rows: npt.NDArray[np.int64]) -> None:
        self.millis[rows] = millis
        self.fault(NOT_A_TIME, rows[millis == NONE])


def _tidied(text: pa.Array) -> pa.Array:
    """Bring rarer spellings to the plain one: blanks around, t and z, a decimal comma, UTC, nanoseconds."""
    text = pc.utf8_upper(pc.utf8_trim_whitespace(text))
    text = pc.replace_substring_regex(text, r"(:\d\d),(\d)", r"\1.\2")
    text = pc.replace_substring_regex(text, r" ?(UTC|GMT)$", "Z")
    text = pc.replace_substring_regex(text, r"(:\d\d(\.\d+)?) (Z|[+-])", r"\1\3")
    return pc.replace_substring_regex(text, r"(\.\d{6})\d+", r"\1")


def _micros(text: pa.Array, kind: pa.DataType) -> Millis:
    """Return milliseconds of texts that look like times; NONE where the calendar has no such day or hour."""
    try:
        return to_millis(text.cast(kind))
    except pa.ArrowInvalid:
        if len(text) == 1:
            return np.array([NONE])
    half = len(text) // 2
    return np.concatenate([_micros(text[:half], kind), _micros(text[half:], kind)])
