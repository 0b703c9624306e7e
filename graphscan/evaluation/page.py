"""The quality report: one self-contained HTML page.

In: an evaluation. Out: HTML text, the same for the same input. Escaping and pictures are those of the run's report.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphscan.evaluation import lines
from graphscan.evaluation.calibration import Calibration
from graphscan.evaluation.evaluation import Evaluation
from graphscan.evaluation.figures import draw_detections, draw_reliability, draw_slices, shown_slices
from graphscan.evaluation.flags import FLAG_SLICES
from graphscan.evaluation.goals import Goal, goals_of
from graphscan.evaluation.measures import MEASURE_SLICES
from graphscan.evaluation.rates import HIT_SECTION, Rate
from graphscan.evaluation.truth import MEASURES
from graphscan.reports.canvas import CSS_FONTS, svg_of
from graphscan.reports.page import data_url, environment

_HALF = (5.2, 4.4)
_WIDE = 9.6
SLICED = ("recall by slice", FLAG_SLICES, HIT_SECTION, *MEASURE_SLICES.values())
MOST_ROWS = 200
"""Rows of a table on the page; the JSON beside it has them all."""

Drawn = list[tuple[str, str]]


def quality_page(found: Evaluation) -> str:
    """Return the page."""
    return environment().get_template("quality.html.j2").render(
        fonts=CSS_FONTS,
        headline=headline(found),
        head=lines.head_line(found.worlds, found.unknown, found.unseen),
        goals=goals(found),
        harms=[(h, *map(lines.whole, (h.per_million, h.low, h.high, h.at_most))) for h in found.harms],
        rates=[_cells(r) for r in found.rates if r.section not in SLICED],
        sliced=[(s, [_cells(r) for r in rates]) for s, rates in _sections(found)],
        gaps=[(section, lines.gap_line(section, gap)) for section, gap in found.gaps.items()],
        confusion=[(due, *(found.confusion.get((due, got), 0) for got in MEASURES)) for due in MEASURES],
        has_measures=bool(found.confusion),
        measures=MEASURES,
        recoveries=found.recoveries[:MOST_ROWS],
        purities=[(p, lines.percent(p.share)) for p in found.purities[:MOST_ROWS]],
        calibrations=[(c, [lines.bin_cells(b) for b in (*c.bins, c.top) if b.rate.of]) for c in _given(found)],
        slices=[(s, *map(lines.decimal, (s.mean, s.greatest, s.managed_share, s.gap))) for s in found.slices],
        detections=[(d, lines.days(d.wait_days), lines.days(d.worked_days)) for d in found.detections[:MOST_ROWS]],
        decimal=lines.decimal,
        percent=lines.percent,
        reliability=[_url(one) for one in reliability_pictures(found)],
        slice_pictures=[_url(one) for one in slice_pictures(found)],
        detection_pictures=[_url(one) for one in detection_pictures(found)],
    )  # fmt: skip


def goals(found: Evaluation) -> tuple[Goal, ...]:
    """Return the goals and whether this evaluation shows them."""
    return goals_of(found.rates, found.harms, found.calibrations)


def headline(found: Evaluation) -> str:
    """Say in one sentence how many were hit wrongly and how many farms were found."""
    lost = sum(not r.found for r in found.recoveries)
    farms = f"{len(found.recoveries) - lost:,} of {len(found.recoveries):,} true clusters found"
    hit = [h for h in found.harms if h.who == "nothing is due"]
    if not hit:
        flags = found.rate("flagged", "false flags")
        return f"{farms}; {flags.count:,} of {flags.of:,} other accounts flagged."
    return f"{sum(h.count for h in hit):,} of {hit[0].of:,} honest accounts would be hit by a measure; {farms}."


def reliability_pictures(found: Evaluation) -> Iterable[tuple[str, str]]:
    """Yield (words, SVG) of each calibration."""
    for one in _given(found):
        words = f"Reliability of {one.name}: what was said against what was so."
        yield words, svg_of(_HALF, lambda axes, write, one=one: draw_reliability(axes, one, write))  # type: ignore[misc]


def slice_pictures(found: Evaluation) -> Iterable[tuple[str, str]]:
    """Yield (words, SVG) of honest slices flagged and hit."""
    titles = ((FLAG_SLICES, "Flagged though not managed"), (HIT_SECTION, "Hit by any measure though nothing is due"))
    for section, title in titles:
        rates = [r for r in found.rates if r.section == section]
        if rates:
            size = (_WIDE, 0.9 + 0.22 * len(shown_slices(rates)))
            yield (
                f"{title}, by slice, with exact intervals.",
                svg_of(
                    size,
                    lambda axes, write, rates=rates, title=title: draw_slices(axes, rates, title, write),  # type: ignore[misc]
                ),
            )


def detection_pictures(found: Evaluation) -> Iterable[tuple[str, str]]:
    """Yield (words, SVG) of the time to detection; nothing where no cluster was found."""
    told = [d for d in found.detections if d.worked_days is not None]
    if told:
        size = (_WIDE, 1.2 + 0.24 * min(len(told), 40))
        yield "Time to detection of each found cluster.", svg_of(size, lambda a, w: draw_detections(a, told, w))


def _given(found: Evaluation) -> list[Calibration]:
    return [c for c in found.calibrations if c.count]


def _sections(found: Evaluation) -> Iterable[tuple[str, list[Rate]]]:
    for section in SLICED:
        rates = [r for r in found.rates if r.section == section]
        if rates and (section not in MEASURE_SLICES.values() or any(r.count for r in rates)):
            yield section, rates


def _cells(rate: Rate) -> tuple[str, ...]:
    shares = map(lines.percent, (rate.share, rate.low, rate.high))
    return (rate.section, rate.name, f"{rate.count:,}", f"{rate.of:,}", *shares)


def _url(picture: tuple[str, str]) -> tuple[str, str]:
    words, svg = picture
    return words, data_url(svg)
