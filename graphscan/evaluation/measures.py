"""What the run proposes for accounts, against what is due.

In: the truth and the proposed measures. Out: rates, and how often which measure was proposed where which was due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from graphscan.evaluation.rates import HIT_SECTION, Rate, rate_of, share_of
from graphscan.evaluation.truth import MEASURES, Truth

HONEST = "honest accounts hit"
MEASURE_SLICES = {measure: f"false {measure}s by slice" for measure in ("warn", "limit", "ban")}
"""Sections of honest accounts (no measure due) for which this measure was proposed."""


def measure_rates(known: Mapping[str, Truth], measures: Mapping[str, str]) -> Iterable[Rate]:
    """Precision, recall and errors of each measure, the measure due exactly; nothing where none is proposed."""
    if not measures:
        return
    due = {m: {a for a, t in known.items() if t.measure == m} for m in MEASURES}
    for measure in MEASURES[:-1]:
        got = {account for account, proposed in measures.items() if proposed == measure}
        yield rate_of("measures", f"{measure} precision", len(got & due[measure]), len(got))
        yield rate_of("measures", f"{measure} recall", len(got & due[measure]), len(due[measure]))
        wrong = len(got - due[measure])
        yield rate_of("measures", f"false {measure}", wrong, len(known) - len(due[measure]))


def earned_rates(known: Mapping[str, Truth], measures: Mapping[str, str]) -> Iterable[Rate]:
    """Measures no harder than what is due, and honest accounts (no measure due) that would be hit, by slice."""
    if not measures:
        return
    for measure in MEASURES[:-1]:
        got = [account for account, proposed in measures.items() if proposed == measure]
        fair = sum(MEASURES.index(known[account].measure) <= MEASURES.index(measure) for account in got)
        yield rate_of("measures earned", f"{measure}, or more is due", fair, len(got))
    honest = [account for account, truth in known.items() if truth.measure == "none"]
    hit = {m: {a for a in honest if measures.get(a) == m} for m in MEASURES[:-1]}
    for measure in MEASURES[:-1]:
        yield share_of(HONEST, measure, honest, hit[measure])
    sections = {HIT_SECTION: set().union(*hit.values())}
    sections |= {section: hit[measure] for measure, section in MEASURE_SLICES.items()}
    for section, chosen in sections.items():
        for name in sorted({known[account].slice for account in honest}):
            yield share_of(section, name or "(none)", (a for a in honest if known[a].slice == name), chosen)


def confusion_of(known: Mapping[str, Truth], measures: Mapping[str, str]) -> Mapping[tuple[str, str], int]:
    """Return how many accounts there are of each (measure due, measure proposed)."""
    counted = Counter((known[account].measure, proposed) for account, proposed in measures.items())
    return {pair: counted[pair] for pair in sorted(counted)}
