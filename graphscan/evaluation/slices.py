"""Calibration of the managed probability slice by slice: whether a kind of people is suspected more than it deserves.

In: the truth and the probabilities. Out: one :class:`SliceMean` a slice.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from graphscan.evaluation.truth import Truth


@dataclass(frozen=True)
class SliceMean:
    """One slice: its accounts, those with a probability, the mean and greatest of these, and the managed share of the same."""

    slice: str
    accounts: int
    known: int
    mean: float | None
    greatest: float | None
    managed_share: float | None

    @property
    def gap(self) -> float | None:
        """Mean probability less managed share; above nothing: suspected more than it deserves."""
        return None if self.mean is None or self.managed_share is None else self.mean - self.managed_share


def slice_means(known: Mapping[str, Truth], given: Mapping[str, float]) -> tuple[SliceMean, ...]:
    """Return one row a slice, by name; empty where the run gives no probability at all."""
    slices: dict[str, list[str]] = defaultdict(list)
    for account, truth in known.items():
        slices[truth.slice].append(account)
    return tuple(_mean(name, slices[name], known, given) for name in sorted(slices)) if given else ()


def _mean(name: str, accounts: list[str], known: Mapping[str, Truth], given: Mapping[str, float]) -> SliceMean:
    there = [account for account in accounts if account in given]
    if not there:
        return SliceMean(name or "(none)", len(accounts), 0, None, None, None)
    values = [given[account] for account in there]
    managed = sum(known[account].role == "managed" for account in there) / len(there)
    mean = math.fsum(values) / len(values)
    return SliceMean(name or "(none)", len(accounts), len(there), mean, max(values), managed)
