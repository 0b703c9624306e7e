"""How times are read that do not say it themselves, and milliseconds to and from Arrow times.

In: a zone and a unit for numbers. Out: :class:`Clock`.

A time without a zone is read in the clock's zone. Where that zone's clocks are set back, the hour that comes
twice is read as the first; where they are set forward, a time in the gap, which no clock showed, is read by
the offset before the gap (02:30 becomes 03:30), so that the distances between such times stay true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.errors import SettingsError
from graphscan.intake.values import Fault, Parsed

Millis = npt.NDArray[np.int64]

NONE = np.iinfo(np.int64).min
"""In arrays of milliseconds: no time."""
OUT_OF_RANGE = "outside the years 1970 to 2100"

_EPOCH = datetime(1970, 1, 1)
_UNIX_2101 = 4_133_980_800_000


@dataclass(frozen=True)
class Clock:
    """How times are read that do not say it themselves: an IANA zone, and the unit of numbers (none: "")."""

    timezone: str = "UTC"
    epoch_unit: str = ""

    def __post_init__(self) -> None:
        if self.epoch_unit not in ("", "s", "ms"):
            raise SettingsError(f'epoch unit {self.epoch_unit!r}: allowed is "s", "ms" or none')
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise SettingsError(
                f"time zone {self.timezone!r} is not known; allowed are IANA names such as Asia/Shanghai"
            ) from None

    def instants(self, local: Millis) -> Millis:
        """Return local milliseconds as milliseconds of UTC; see the module's word on folds and gaps."""
        if self.timezone == "UTC":
            return local
        read = self._localized(local)
        gap = (read == NONE) & (local != NONE)
        if gap.any():
            moments, where = np.unique(local[gap], return_inverse=True)
            read[gap] = np.array([self._before_gap(int(moment)) for moment in moments])[where]
        return read

    def _before_gap(self, local: int) -> int:
        # fold=0 inside a gap is the offset before it (PEP 495), for gaps of an hour as for Samoa's lost day.
        shown = _EPOCH + timedelta(milliseconds=local)
        offset = shown.replace(tzinfo=ZoneInfo(self.timezone), fold=0).utcoffset()
        return local - (0 if offset is None else offset // timedelta(milliseconds=1))

    def _localized(self, local: Millis) -> Millis:
        times = pd.DatetimeIndex(local.astype("datetime64[ms]"))
        first = np.ones(len(times), bool)
        placed = times.tz_localize(ZoneInfo(self.timezone), ambiguous=first, nonexistent="NaT")
        return np.asarray(placed.asi8, np.int64).copy()

    def numbers(self, numbers: pa.ChunkedArray) -> Millis:
        """Return epoch numbers in this clock's unit as milliseconds; fractions below are cut."""
        # A float of seconds holds microseconds well enough; rounding to them keeps .123 from becoming .122.
        values = np.asarray(pc.fill_null(numbers, np.nan).to_numpy(zero_copy_only=False), float)
        micros = np.round(values * (1e6 if self.epoch_unit == "s" else 1e3))
        known = ~np.isnan(values)
        safe = np.where(known, np.clip(micros, -1e18, 1e18), 0.0).astype(np.int64)
        return np.where(known, safe // 1000, NONE)


def to_millis(times: pa.ChunkedArray) -> Millis:
    """Return Arrow times of unit ms or us as milliseconds, :data:`NONE` for null."""
    per_milli = 1000 if times.type.unit == "us" else 1
    counts = pc.fill_null(times.cast(pa.int64()), NONE).to_numpy(zero_copy_only=False)
    return np.where(counts == NONE, NONE, counts // per_milli)


def to_times(millis: Millis, zoneless: int = 0) -> Parsed:
    """Return milliseconds as a column of instants; those outside 1970 to 2100 are faults."""
    known = millis != NONE
    outside = known & ((millis < 0) | (millis >= _UNIX_2101))
    values = pa.array(np.where(outside, 0, millis), pa.timestamp("ms", tz="UTC"), mask=~known | outside)
    faults = (Fault(OUT_OF_RANGE, outside),) if outside.any() else ()
    return Parsed(pa.chunked_array([values]), faults, zoneless)
