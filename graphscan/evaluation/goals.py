"""What a tool that proposes bans should reach, and whether this evaluation shows that it does.

In: the parts of an evaluation. Out: one :class:`Goal` a line. A goal is *shown* when the bound reaches it, *not shown* when only the
figure itself does (too few were tried), *missed* when not even that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphscan.evaluation.calibration import Bin, Calibration
from graphscan.evaluation.harm import Harm
from graphscan.evaluation.lines import percent, signed, whole
from graphscan.evaluation.measures import MEASURE_SLICES
from graphscan.evaluation.rates import Rate, rate_named

SHOWN, NOT_SHOWN, MISSED, UNKNOWN = "shown", "not shown", "missed", "nothing to judge"

AT_LEAST = (
    ("measures earned", "ban, or more is due", 0.998),
    ("measures earned", "limit, or more is due", 0.99),
    ("clusters", "precision", 0.99),
)
"""Sections and names of rates, and what their lower 95 % bound should be: one wrong ban in five hundred at most."""

BANNED_A_MILLION = 3.0
"""Ordinary people banned a million: nobody of a million tried gives this as the one-sided 95 % bound."""

LIMITED_A_SLICE = 0.001
ECE_GOAL = 0.02
LEAST_FOR_ECE = 1_000
"""With fewer, chance alone gives a perfect forecaster an ECE of about one through the root of their number: over the goal."""

TOP_GAP = 0.005
"""Of those given 0.95 and more, mean probability and truth should be within half a point."""


@dataclass(frozen=True)
class Goal:
    """One goal: what is wanted, what was found, and the verdict."""

    wanted: str
    found: str
    verdict: str


def goals_of(rates: Sequence[Rate], harms: Sequence[Harm], calibrations: Sequence[Calibration]) -> tuple[Goal, ...]:
    """Return the goals that this evaluation has figures for."""
    return (*_precisions(rates), *_bans(harms), *_slices(rates), *_calibrated(calibrations))


def _precisions(rates: Sequence[Rate]) -> Iterable[Goal]:
    for section, name, least in AT_LEAST:
        if not any(r.section == section for r in rates):
            continue
        rate = rate_named(rates, section, name)
        wanted = f"{section}: {name}, at least {100 * least:g} % (lower bound)"
        found = f"{rate.count:,} of {rate.of:,}, {percent(rate.low)} or more"
        yield Goal(wanted, found, _verdict(rate.low, rate.share, least, at_least=True))


def _bans(harms: Sequence[Harm]) -> Iterable[Goal]:
    for harm in harms:
        if (harm.who, harm.measure) == ("nothing is due", "ban"):
            found = f"{harm.count:,} of {harm.of:,}, at most {whole(harm.at_most)} a million (one-sided)"
            verdict = _verdict(harm.at_most, harm.per_million, BANNED_A_MILLION, at_least=False)
            yield Goal(f"honest accounts banned, at most {BANNED_A_MILLION:g} a million", found, verdict)


def _slices(rates: Sequence[Rate]) -> Iterable[Goal]:
    found = [r for r in rates if r.section == MEASURE_SLICES["limit"] and r.high is not None]
    if found:
        worst = max(found, key=lambda r: (r.share or 0.0, r.high or 0.0, r.name))
        wanted = f"each honest slice limited, at most {100 * LIMITED_A_SLICE:g} % (upper bound)"
        told = f"{worst.name}: {worst.count:,} of {worst.of:,}, {percent(worst.high)} or less"
        yield Goal(wanted, told, _verdict(worst.high, worst.share, LIMITED_A_SLICE, at_least=False))


def _calibrated(calibrations: Sequence[Calibration]) -> Iterable[Goal]:
    for found in calibrations:
        if found.ece is None:
            continue
        ece = f"{found.ece:.4f} of {found.count:,}"
        yield Goal(f"{found.name}: ECE at most {ECE_GOAL:g}", ece, _ece_verdict(found.ece, found.count))
        if found.top.gap is not None:
            told = f"{signed(found.top.gap)} of {found.top.rate.of:,}"
            wanted = f"{found.name}: gap from {found.top.low:g} up at most {TOP_GAP:g}"
            yield Goal(wanted, told, _gap_verdict(found.top))


def _ece_verdict(ece: float, count: int) -> str:
    if count < LEAST_FOR_ECE:
        return NOT_SHOWN
    return SHOWN if ece <= ECE_GOAL else MISSED


def _gap_verdict(top: Bin) -> str:
    """Shown when the whole interval is within the goal of the mean, missed when none of it is."""
    mean, low, high = top.mean or 0.0, top.rate.low or 0.0, 1.0 if top.rate.high is None else top.rate.high
    if mean - low <= TOP_GAP and high - mean <= TOP_GAP:
        return SHOWN
    return NOT_SHOWN if low - TOP_GAP <= mean <= high + TOP_GAP else MISSED


def _verdict(bound: float | None, figure: float | None, goal: float, *, at_least: bool) -> str:
    if bound is None or figure is None:
        return UNKNOWN
    sign = 1 if at_least else -1
    if sign * bound >= sign * goal:
        return SHOWN
    return NOT_SHOWN if sign * figure >= sign * goal else MISSED
