"""A run, or several, held against known truths.

In: RUN folders and ``truth.csv`` files. Out: :class:`Evaluation`: rates with exact 95 % intervals, one row a true cluster,
one row a found cluster, calibration, time to detection, and a table of measures where the run proposes any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphscan.errors import InputError
from graphscan.evaluation import lines
from graphscan.evaluation.calibration import Calibration, calibrate
from graphscan.evaluation.clusters import Purity, Recovery, cluster_rates, purities_of, recoveries_of
from graphscan.evaluation.detection import Detection, detections_of, waits
from graphscan.evaluation.flags import FLAG_SLICES, flag_rates
from graphscan.evaluation.found import Found, read_run
from graphscan.evaluation.harm import Harm, harms_of
from graphscan.evaluation.measures import MEASURE_SLICES, confusion_of, earned_rates, measure_rates
from graphscan.evaluation.rates import HIT_SECTION, Rate, SliceGap, rate_named, slice_gap
from graphscan.evaluation.slices import SliceMean, slice_means
from graphscan.evaluation.truth import Truth, read_truth

if TYPE_CHECKING:
    import pandas as pd

GAP_SECTIONS = (FLAG_SLICES, HIT_SECTION, *MEASURE_SLICES.values())
"""Sections whose worst and best slice are compared."""


@dataclass(frozen=True)
class Evaluation:
    """Everything a run and a truth say about each other; several runs are pooled.

    ``unknown`` counts accounts of the run that the truth does not name; they are left out of every figure.
    ``unseen`` counts accounts of the truth that the run never saw; they count as not flagged.
    ``confusion`` counts (measure due, measure proposed); empty where the run proposes none. ``slices`` compares the mean
    managed probability of each slice with its share of managed accounts.
    """

    worlds: int
    unknown: int
    unseen: int
    rates: tuple[Rate, ...]
    recoveries: tuple[Recovery, ...]
    purities: tuple[Purity, ...]
    confusion: Mapping[tuple[str, str], int]
    harms: tuple[Harm, ...]
    calibrations: tuple[Calibration, ...]
    slices: tuple[SliceMean, ...]
    detections: tuple[Detection, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a rate: section, name, count, of, share, low, high."""
        import pandas as pd

        return pd.DataFrame([asdict(rate) for rate in self.rates], columns=list(Rate.__dataclass_fields__))

    def rate(self, section: str, name: str) -> Rate:
        """Return the rate of that section and name; KeyError when there is none."""
        return rate_named(self.rates, section, name)

    @property
    def gaps(self) -> Mapping[str, SliceGap]:
        """The worst and the best slice of each section that has slices."""
        found = {section: slice_gap(self.rates, section) for section in GAP_SECTIONS}
        return {section: gap for section, gap in found.items() if gap is not None}

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        median, late = waits(self.detections)
        return {
            "runs": self.worlds,
            "unknown": self.unknown,
            "unseen": self.unseen,
            "rates": [asdict(rate) for rate in self.rates],
            "clusters": [asdict(recovery) for recovery in self.recoveries],
            "found_clusters": [{**asdict(purity), "managed_share": purity.managed_share} for purity in self.purities],
            "slice_gap": asdict(gap) if (gap := slice_gap(self.rates)) else None,
            "slice_gaps": {section: {**asdict(gap), "ratio": gap.ratio} for section, gap in self.gaps.items()},
            "measures": [{"due": d, "proposed": p, "accounts": n} for (d, p), n in self.confusion.items()],
            "harms": [asdict(harm) for harm in self.harms],
            "calibration": [_calibration_json(c) for c in self.calibrations],
            "calibration_by_slice": [{**asdict(s), "gap": s.gap} for s in self.slices],
            "detection": [
                {**asdict(d), "wait_days": d.wait_days, "worked_days": d.worked_days} for d in self.detections
            ],
            "detection_days": {"median": median, "p95": late},
        }

    def lines(self) -> list[str]:
        """Return fixed-width tables for people."""
        tables = [
            lines.rate_lines(self.rates),
            lines.recovery_lines(self.recoveries),
            lines.purity_lines(self.purities),
        ]
        tables += [lines.calibration_lines(c) for c in self.calibrations if c.count]
        if self.detections:
            tables += [lines.detection_lines(self.detections)]
        if self.confusion:
            tables += [lines.confusion_lines(self.confusion), lines.harm_lines(self.harms, self.gaps)]
        head = lines.head_line(self.worlds, self.unknown, self.unseen)
        return [head, *(line for table in tables for line in ("", *table))]


def _calibration_json(found: Calibration) -> dict[str, Any]:
    told = asdict(found)
    told["bins"] = [{**asdict(one), "gap": one.gap} for one in found.bins]
    return {**told, "top": {**asdict(found.top), "gap": found.top.gap}}


def evaluate(run: Path | Sequence[Path], truth: Path | Sequence[Path]) -> Evaluation:
    """Hold the run in folder ``run`` against the truth in the file ``truth``; lists of both are pooled, pair by pair.

    An account is flagged when it is in a cluster; a flag is right when the truth calls the account managed.

    Raises
    ------
    InputError
        When a folder is no run; a truth lacks a column, holds a value that is not allowed, or gives one account two
        different rows; or there are not as many truths as runs.
    """
    runs, truths = ([paths] if isinstance(paths, Path) else list(paths) for paths in (run, truth))
    if len(runs) != len(truths) or not runs:
        raise InputError(f"{len(runs)} runs and {len(truths)} truths: name one truth a run, in the same order")
    worlds = [(read_truth(told), read_run(folder)) for folder, told in zip(runs, truths, strict=True)]
    if len(worlds) > 1:
        worlds = [_numbered(k, *world) for k, world in enumerate(worlds, 1)]
    return _evaluation(worlds)


def _numbered(number: int, known: Mapping[str, Truth], found: Found) -> tuple[Mapping[str, Truth], Found]:
    """Return a world whose accounts and clusters carry its number: two worlds may use one id for two accounts."""

    def name(text: str) -> str:
        return f"{number}/{text}" if text else ""

    renamed = {name(a): Truth(t.role, name(t.cluster), t.measure, t.slice) for a, t in known.items()}
    return renamed, found.renamed(name)


def _evaluation(worlds: Sequence[tuple[Mapping[str, Truth], Found]]) -> Evaluation:
    known = _joined([truths for truths, _ in worlds])
    seen = _joined([found.accounts for _, found in worlds])
    clusters = _joined([found.clusters for _, found in worlds])
    proposed = {a: s.measure for a, s in seen.items() if s.measure is not None and a in known}
    flagged = {a for a, s in seen.items() if s.cluster is not None and a in known}
    recoveries, purities = recoveries_of(known, clusters), purities_of(known, clusters)
    given = {a: s.probability for a, s in seen.items() if s.probability is not None and a in known}
    return Evaluation(
        worlds=len(worlds),
        unknown=len(seen.keys() - known.keys()),
        unseen=len(known.keys() - seen.keys()),
        rates=(
            *flag_rates(known, flagged),
            *cluster_rates(recoveries, purities),
            *measure_rates(known, proposed),
            *earned_rates(known, proposed),
        ),
        recoveries=recoveries,
        purities=purities,
        confusion=confusion_of(known, proposed),
        harms=harms_of(known, proposed),
        calibrations=(
            _of_accounts(known, given),
            _of_clusters(purities, _joined([found.probabilities for _, found in worlds])),
        ),
        slices=slice_means(known, given),
        detections=tuple(chain.from_iterable(_detections(*world) for world in worlds)),
    )


def _joined(parts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return reduce(lambda all_of_them, part: {**all_of_them, **part}, parts)


def _of_accounts(known: Mapping[str, Truth], given: Mapping[str, float]) -> Calibration:
    guilty = [known[account].role == "managed" for account in given]
    return calibrate("managed_probability", "accounts that are managed", list(given.values()), guilty)


def _of_clusters(purities: Sequence[Purity], probabilities: Mapping[str, float]) -> Calibration:
    told = [(probabilities[p.cluster_id], p.managed_share) for p in purities if p.cluster_id in probabilities]
    judged = [(probability, share >= 0.5) for probability, share in told if share is not None]
    name = "clusters of which at least half of the known members are managed"
    return calibrate("cluster probability", name, [p for p, _ in judged], [guilty for _, guilty in judged])


def _detections(known: Mapping[str, Truth], found: Found) -> tuple[Detection, ...]:
    recoveries = recoveries_of(known, found.clusters)
    return detections_of(known, recoveries, found.clusters, found.meetings, found.last_ms)
