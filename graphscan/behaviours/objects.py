"""Objects: the names of what one behaviour's actions are on; a text that nobody else wrote is named only when somebody asks.

In: names, and rows that are an object each. Out: :class:`Objects`. A day has tens of millions of such rows: their names would take
more memory than all else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphscan.intake.wide import encode, joined

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Own:
    """Rows that are an object each: how many, and their names by place among them."""

    count: int
    name: Callable[[Ints], pa.Array]


_FEW = 1000
"""Names are looked up one by one where there are a thousand times as many objects: a table of all takes a second of seven million."""


@dataclass(frozen=True)
class Objects:
    """Names by code: first ``named``, sorted texts, each the object of one row or many; then the rows of each of ``own`` in order."""

    named: pa.Array
    own: tuple[Own, ...] = ()

    def __len__(self) -> int:
        return len(self.named) + sum(own.count for own in self.own)

    def __getitem__(self, code: int) -> Any:
        return self.take(pa.array([code]))[0]

    def take(self, codes: pa.Array | np.ndarray) -> pa.Array:
        """The names of some objects, in the order asked for."""
        wanted = codes if isinstance(codes, np.ndarray) else codes.to_numpy(zero_copy_only=False)
        if (wanted < len(self.named)).all():
            return self.named.take(codes)
        parts, place, first = [], np.empty(len(wanted), np.int64), 0
        for start, count, name in self._parts():
            here = np.flatnonzero((wanted >= start) & (wanted < start + count))
            if len(here) == 0:
                continue
            parts.append(name(wanted[here] - start))
            place[here] = first + np.arange(len(here))
            first += len(here)
        return joined(parts).take(pa.array(place))

    def find(self, names: pa.Array) -> Codes:
        """The codes of names, -1 for those that are none of the ``named``: a row's own object is never met."""
        if len(names) * _FEW < len(self.named):
            return np.array([self._place(name) for name in names.to_pylist()], np.int32)
        return encode(names, self.named)

    def _place(self, name: str | None) -> int:
        if name is None:
            return -1
        at = bisect_left(range(len(self.named)), name, key=lambda code: self.named[code].as_py())
        return at if at < len(self.named) and self.named[at].as_py() == name else -1

    def to_pylist(self) -> list[str]:
        """Every name, by code."""
        found: list[str] = self.take(pa.array(np.arange(len(self)))).to_pylist()
        return found

    def _parts(self) -> list[tuple[int, int, Callable[[Ints], pa.Array]]]:
        parts: list[tuple[int, int, Callable[[Ints], pa.Array]]] = [
            (0, len(self.named), lambda codes: self.named.take(pa.array(codes)))
        ]
        for own in self.own:
            parts.append((parts[-1][0] + parts[-1][1], own.count, own.name))
        return parts
