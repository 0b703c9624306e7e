"""An evaluation as fixed-width tables for a terminal.

In: its parts. Out: lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphscan.evaluation.calibration import Bin, Calibration
from graphscan.evaluation.clusters import FOUND_JACCARD, Purity, Recovery
from graphscan.evaluation.detection import Detection, waits
from graphscan.evaluation.harm import Harm
from graphscan.evaluation.measures import MEASURE_SLICES
from graphscan.evaluation.rates import HIT_SECTION, Rate, SliceGap
from graphscan.evaluation.truth import MEASURES

DASH = "–"


def head_line(worlds: int, unknown: int, unseen: int) -> str:
    """Say which accounts are in no figure."""
    of = "the run are" if worlds == 1 else f"{worlds} runs are"
    by = "the run" if worlds == 1 else "the runs"
    head = f"{unknown:,} accounts of {of} not in the truth and were left out; "
    return head + f"{unseen:,} of the truth were not seen by {by} and count as not flagged."


def rate_lines(rates: Sequence[Rate]) -> list[str]:
    """Tell every rate with its interval; of a measure's errors by slice only those slices that have any."""
    rates = [r for r in rates if r.count or r.section not in MEASURE_SLICES.values()]
    rows = [(r.section, r.name, f"{r.count:,}", f"{r.of:,}", *map(percent, (r.share, r.low, r.high))) for r in rates]
    return table_lines(("figure", "", "count", "of", "share", "95 % low", "high"), rows, 2)


def recovery_lines(recoveries: Sequence[Recovery]) -> list[str]:
    """Tell each true cluster and whether it was found."""
    head = ("true cluster", "", "size", "shared", "Jaccard", "best match")
    rows = [
        (r.cluster, found_word(r), f"{r.size:,}", f"{r.shared:,}", f"{r.jaccard:.3f}", r.cluster_id or DASH)
        for r in recoveries
    ]
    found = sum(r.found for r in recoveries)
    mean = f", mean Jaccard {sum(r.jaccard for r in recoveries) / len(recoveries):.3f}" if recoveries else ""
    title = f"true clusters: {found} of {len(recoveries)} found (Jaccard {FOUND_JACCARD} or more){mean}"
    return [title, *table_lines(head, rows, 2)]


def found_word(recovery: Recovery) -> str:
    """Return found or lost."""
    return "found" if recovery.found else "lost"


def purity_lines(purities: Sequence[Purity]) -> list[str]:
    """Tell each found cluster and what it is made of."""
    rows = [
        (p.cluster_id, p.main_cluster or DASH, f"{p.size:,}", f"{p.known:,}", f"{p.managed:,}", percent(p.share))
        for p in purities
    ]
    head = ("found cluster", "mostly", "size", "known", "managed", "purity")
    return [f"found clusters: {len(purities)}", *table_lines(head, rows, 2)]


def calibration_lines(found: Calibration) -> list[str]:
    """Tell a reliability table: what was said, and what was so."""
    head = ("said", "count", "mean said", "were so", "95 % low", "high", "gap")
    rows = [bin_cells(one) for one in (*found.bins, found.top) if one.rate.of]
    scores = f"ECE {decimal(found.ece)}, Brier {decimal(found.brier)} (who always says the base share: {decimal(found.brier_base)})"
    title = f"{found.name}, {found.count:,} given, {percent(found.base_share)} are {found.guilty}: {scores}"
    return [title, *table_lines(head, rows, 1)]


def bin_cells(one: Bin) -> tuple[str, ...]:
    """Return one bin in words: what was said, how many, their mean, how many were so, and the gap."""
    gap = DASH if one.gap is None else signed(one.gap)
    shares = (one.rate.share, one.rate.low, one.rate.high)
    return (one.rate.name, f"{one.rate.of:,}", decimal(one.mean), *map(percent, shares), gap)


def detection_lines(detections: Sequence[Detection]) -> list[str]:
    """Tell how long each true cluster had worked when it could be found."""
    rows = [(d.cluster, f"{d.occasions:,}", days(d.wait_days), days(d.worked_days)) for d in detections]
    median, late = waits(detections)
    title = "time to detection: days from a cluster's first occasion to its third with three members, the least that"
    title += f" makes a cluster (median {days(median)}, 95th percentile {days(late)}), and to the end of the log"
    return [title, *table_lines(("true cluster", "occasions", "to the third", "to the end"), rows, 1)]


def confusion_lines(confusion: Mapping[tuple[str, str], int]) -> list[str]:
    """Tell how often which measure was proposed where which was due."""
    rows = [(due, *(f"{confusion.get((due, got), 0):,}" for got in MEASURES)) for due in MEASURES]
    return ["measures: due (rows) against proposed", *table_lines(("due", *MEASURES), rows, 1)]


def harm_lines(harms: Sequence[Harm], gaps: Mapping[str, SliceGap]) -> list[str]:
    """Tell false measures as bounds a million, and the slices that fare worst."""
    rows = [
        (h.who, h.measure, f"{h.count:,}", f"{h.of:,}", *map(whole, (h.per_million, h.low, h.high, h.at_most)))
        for h in harms
    ]
    head = ("wrong, since", "measure", "count", "of", "a million", "95 % low", "high", "one-sided")
    told = ["false measures a million accounts, exact 95 % bounds", *table_lines(head, rows, 2)]
    ban = next((h for h in harms if (h.who, h.measure) == ("nothing is due", "ban")), None)
    if ban is None or ban.high is None:
        return told
    told += [f"honest accounts banned: {ban.count:,} of {ban.of:,}, at most {ban.high:,.0f} in a million (95 %)"]
    return told + [gap_line(section, gap) for section, gap in gaps.items()]


def gap_line(section: str, gap: SliceGap) -> str:
    """Tell the worst and the best slice of a section."""
    what = "hit" if section == HIT_SECTION else section.removesuffix(" by slice")
    if not gap.worst.count:
        return f"{section}: no slice has any" if section != HIT_SECTION else "no honest slice is hit by any measure"
    told = f"worst honest slice: {gap.worst.name}, {percent(gap.worst.share)} {what}; best: {gap.best.name}, {percent(gap.best.share)}"
    ratio = "" if gap.ratio is None else f", ratio {gap.ratio:.2f}"
    return f"{told}{ratio}; their intervals {'overlap' if gap.overlap else 'do not overlap'}"


def percent(share: float | None) -> str:
    """Return a share in per cent, or a dash."""
    return DASH if share is None else f"{100 * share:.2f} %"


def decimal(value: float | None) -> str:
    """Return a number with four decimals, or a dash."""
    return DASH if value is None else f"{value:.4f}"


def signed(value: float) -> str:
    """Return a number with its sign and four decimals; what rounds to nothing has none."""
    return f"{value:+.4f}" if abs(value) >= 0.00005 else "0.0000"


def whole(value: float | None) -> str:
    """Return a number a million, with a decimal where it is small, or a dash."""
    return DASH if value is None else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def days(value: float | None) -> str:
    """Return days with one decimal, or a dash."""
    return DASH if value is None else f"{value:.1f}"


def table_lines(head: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Return aligned lines; the first ``left`` columns are words, the rest numbers."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    return [
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
