"""Counts as rates with exact intervals, and what the worst and the best slice have between them.

In: counts. Out: :class:`Rate` and :class:`SliceGap`.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

HIT_SECTION = "honest accounts hit by slice"


@dataclass(frozen=True)
class Rate:
    """``count`` of ``of``, their share and its exact 95 % interval (Clopper and Pearson 1934)."""

    section: str
    name: str
    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


def rate_of(section: str, name: str, count: int, of: int) -> Rate:
    """Return ``count`` of ``of`` as a rate with its exact 95 % interval."""
    if of == 0:
        return Rate(section, name, count, of, None, None, None)
    return Rate(section, name, count, of, count / of, lower_bound(count, of, 0.025), upper_bound(count, of, 0.025))


def lower_bound(count: int, of: int, tail: float) -> float:
    """Return the share below which ``count`` or more of ``of`` have a chance under ``tail`` (Clopper and Pearson 1934)."""
    from scipy.stats import beta

    return float(beta.ppf(tail, count, of - count + 1)) if count else 0.0


def upper_bound(count: int, of: int, tail: float) -> float:
    """Return the share above which ``count`` or fewer of ``of`` have a chance under ``tail``."""
    from scipy.stats import beta

    return float(beta.ppf(1 - tail, count + 1, of - count)) if count < of else 1.0


def share_of(section: str, name: str, accounts: Iterable[str], chosen: Set[str]) -> Rate:
    """Return how many of the accounts are among the chosen."""
    listed = list(accounts)
    return rate_of(section, name, sum(a in chosen for a in listed), len(listed))


def rate_named(rates: Iterable[Rate], section: str, name: str) -> Rate:
    """Return the rate of that section and name; KeyError when there is none."""
    for rate in rates:
        if (rate.section, rate.name) == (section, name):
            return rate
    raise KeyError(f"no rate {name!r} in section {section!r}")


@dataclass(frozen=True)
class SliceGap:
    """The honest slices hit most and least, and whether their intervals overlap: then none stands out."""

    worst: Rate
    best: Rate
    overlap: bool

    @property
    def ratio(self) -> float | None:
        """Worst share through best share; None where the best is nothing."""
        return None if not self.best.share or self.worst.share is None else self.worst.share / self.best.share


def slice_gap(rates: Iterable[Rate], section: str = HIT_SECTION) -> SliceGap | None:
    """Compare the slices of one section; None without any."""
    found = [r for r in rates if r.section == section and r.share is not None]
    if not found:
        return None
    worst = max(found, key=lambda r: (r.share or 0.0, r.low or 0.0, r.name))
    best = min(found, key=lambda r: (r.share or 0.0, r.high or 1.0, r.name))
    return SliceGap(worst, best, (worst.low or 0.0) <= (best.high or 1.0))
