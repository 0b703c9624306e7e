"""Harm to the innocent, as what one may conclude a million accounts.

In: the truth and the proposed measures. Out: :class:`Harm`, one a measure and meaning of "wrong".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphscan.evaluation.rates import lower_bound, upper_bound
from graphscan.evaluation.truth import MEASURES, Truth

MILLION = 1_000_000


@dataclass(frozen=True)
class Harm:
    """``count`` of ``of`` accounts wrongly measured, a million of them: share, exact two-sided 95 % interval, upper bound.

    ``at_most`` is the one-sided 95 % bound, in which a goal such as "at most three in a million" is stated: nobody of
    1,000,000 gives 3.0, and 3.7 as the upper end of the two-sided interval.
    """

    who: str
    measure: str
    count: int
    of: int
    per_million: float | None
    low: float | None
    high: float | None
    at_most: float | None


def harms_of(known: Mapping[str, Truth], measures: Mapping[str, str]) -> tuple[Harm, ...]:
    """Return harm to honest accounts (nothing is due), then to any for whom less is due; none where nothing is proposed."""
    if not measures:
        return ()
    found = []
    for who, harmless in (("nothing is due", MEASURES[-1:]), ("less is due", MEASURES[1:])):
        for measure in MEASURES[:-1]:
            lesser = [m for m in harmless if MEASURES.index(m) > MEASURES.index(measure)]
            of = [a for a, truth in known.items() if truth.measure in lesser]
            found.append(harm_of(who, measure, sum(measures.get(a) == measure for a in of), len(of)))
    return tuple(found)


def harm_of(who: str, measure: str, count: int, of: int) -> Harm:
    """Return ``count`` wrong among ``of`` as rates a million."""
    if not of:
        return Harm(who, measure, count, of, None, None, None, None)
    bounds = (count / of, lower_bound(count, of, 0.025), upper_bound(count, of, 0.025), upper_bound(count, of, 0.05))
    return Harm(who, measure, count, of, *(share * MILLION for share in bounds))
