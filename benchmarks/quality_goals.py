"""What the quality table should reach, and whether it does; and what was lost against a stored table.

In: measured rows. Out: :class:`Goal`, one a line, and losses as sentences. A goal is *shown* when the 95 % bound reaches it (or, for a
mean, every seed does), *not shown* when only the figure itself does, *missed* when not even that. The goals are the design's, set
before anything was measured. Accounts of one farm stand and fall together, so that bounds on recall are tighter than they should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from injection import HONEST, OURS, OURS_BLIND

from graphscan.evaluate import rate_of
from graphscan.evaluation.goals import MISSED, NOT_SHOWN, SHOWN
from graphscan.evaluation.rates import upper_bound

Row = dict[str, Any]
LOSS = 0.02  # a drop of more than two points is a loss

RECALL = {
    "farms for hire": ("hire", 0.95),
    "and two of 400": ("mega", 0.9),
    "one merchant each": ("merchant", 0.95),
}
"""Per mix: whose recall counts there, and what it should be at least."""

PRECISION, JACCARD, HONEST_FLAGGED, LEVEL_RECALL = 0.97, 0.9, 0.01, 0.95
EARNED = {"ban": 0.998, "limit": 0.99}
BANNED_A_MILLION = 3.0
PROPAGATION = {0.0: 0.999, 0.2: 0.99, 0.3: 0.97, 0.4: 0.89}
PLAIN_RULE = "same object, 60 s, k ≥ 5, any pair"
"""The plain rule that trolls should be told apart no worse than."""


@dataclass(frozen=True)
class Goal:
    """What is wanted, what was found, and the verdict."""

    wanted: str
    found: str
    verdict: str


def goals_of(rows: Sequence[Row]) -> list[Goal]:
    """Every goal that these rows have figures for."""
    return [*_planted(rows), *_level(rows), *_measures(rows), *_trolls(rows), *_propagation(rows), *_outputs(rows)]


def _planted(rows: Sequence[Row]) -> Iterator[Goal]:
    for method in (OURS, OURS_BLIND):
        found = [r for r in rows if r["part"] == "injection" and r["method"] == method and "recall" in r]
        for mix, (population, least) in RECALL.items():
            counts = [r["flagged"][population] for r in found if r["mix"] == mix and population in r["flagged"]]
            if counts:
                yield at_least(f"{method}, {mix}: recall of {population}", *_sum(counts), least)
    found = [r for r in rows if r["part"] == "injection" and r["method"] == OURS and "recall" in r]
    if found:
        farms = [population for population, _ in RECALL.values()]
        hit, wrong = (sum(r["flagged"].get(p, [0, 0])[0] for r in found for p in of) for of in (farms, _honest(found)))
        yield at_least(f"{OURS}: precision among planted accounts", hit, hit + wrong, PRECISION)
        worst = [(*_sum([r["flagged"][p] for r in found if p in r["flagged"]]), p) for p in _honest(found)]
        count, of, name = max(worst, key=lambda w: (w[0] / w[1], 1 / w[1]))
        yield at_most(f"{OURS}: worst honest kind ({name}) flagged", count, of, HONEST_FLAGGED)
        jaccard = [r["jaccard"] for r in found]
        yield mean_at_least(f"{OURS}: Jaccard of farms, mean over mixes and seeds", jaccard, JACCARD)


def _honest(rows: Iterable[Row]) -> list[str]:
    return [p for p in (*HONEST, "customer") if any(p in r["flagged"] for r in rows)]


def _level(rows: Sequence[Row]) -> Iterator[Goal]:
    found = [r for r in rows if r["part"] == "levels" and r["method"] == OURS and "farm" in r]
    if found:
        hit, farm = _sum(r["farm"] for r in found)
        wrong, honest = _sum(r["honest"] for r in found)
        yield at_least("level worlds: recall of farm accounts", hit, farm, LEVEL_RECALL)
        yield at_least("level worlds: precision of flags", hit, hit + wrong, PRECISION)
        yield at_most("level worlds: honest accounts flagged", wrong, honest, HONEST_FLAGGED)


def _measures(rows: Sequence[Row]) -> Iterator[Goal]:
    found = [r for r in rows if r["part"] == "worlds"]
    if not found:
        return
    total = {(due, got): sum(r[got] for r in found if r["due"] == due) for due in _DUE for got in _DUE}
    for measure, least in EARNED.items():
        harder = _DUE[: _DUE.index(measure) + 1]
        got = sum(total[due, measure] for due in _DUE)
        yield at_least(f"{measure}s earned", sum(total[due, measure] for due in harder), got, least)
    honest = sum(total["none", got] for got in _DUE)
    most = upper_bound(total["none", "ban"], honest, 0.05) * 1e6
    told = f"{total['none', 'ban']} of {honest:,}, at most {most:,.0f} (one-sided)"
    figure = total["none", "ban"] / honest * 1e6
    verdict = SHOWN if most <= BANNED_A_MILLION else NOT_SHOWN if figure <= BANNED_A_MILLION else MISSED
    yield Goal(f"honest accounts banned a million ≤ {BANNED_A_MILLION:g}", told, verdict)


_DUE = ("ban", "limit", "warn", "none")


def _trolls(rows: Sequence[Row]) -> Iterator[Goal]:
    found = {r["method"]: r for r in rows if r["part"] == "real" and r["piece"] == "pooled" and "precision" in r}
    if PLAIN_RULE in found:
        plain = found[PLAIN_RULE]
        for method in ("graphscan, texts too", "graphscan, actions alone"):
            if method in found:
                ours = found[method]
                told = f"{ours['precision'] or 0:.3f} at {ours['recall']:.3f}"
                good = (ours["precision"] or 0) >= plain["precision"] and ours["recall"] >= plain["recall"]
                wanted = f"trolls, {method}: precision ≥ {plain['precision']:.3f} at recall ≥ {plain['recall']:.3f}"
                yield Goal(f"{wanted} (the plain rule, k = 5)", told, SHOWN if good else MISSED)


def _propagation(rows: Sequence[Row]) -> Iterator[Goal]:
    for row in rows:
        if row["part"] == "propagation" and row.get("wrong") in PROPAGATION:
            least, (mean, spread) = PROPAGATION[row["wrong"]], row["auc"]["diffusion"]
            low = mean - 1.96 * spread / max(1, row["draws"]) ** 0.5
            verdict = SHOWN if low >= least else NOT_SHOWN if mean >= least else MISSED
            wanted = f"propagation, {row['wrong']:.0%} wrong seeds: AUC ≥ {least:g}"
            yield Goal(wanted, f"{mean:.3f} ± {spread:.3f} over {row['draws']} draws", verdict)


def _outputs(rows: Sequence[Row]) -> Iterator[Goal]:
    found = [r for r in rows if r["part"] == "shipped"]
    if found:
        same = sum(r["expected"] == r["found"] for r in found)
        verdict = SHOWN if same == len(found) else MISSED
        yield Goal("outputs of the originals repeated, all", f"{same} of {len(found)}", verdict)


def _sum(counts: Iterable[Sequence[int]]) -> tuple[int, int]:
    listed = list(counts)
    return sum(n for n, _ in listed), sum(of for _, of in listed)


def at_least(wanted: str, count: int, of: int, least: float) -> Goal:
    """A share that should be at least so much."""
    rate = rate_of("", "", count, of)
    if rate.share is None or rate.low is None:
        return Goal(f"{wanted} ≥ {least:g}", "nothing to judge", MISSED)
    verdict = SHOWN if rate.low >= least else NOT_SHOWN if rate.share >= least else MISSED
    return Goal(f"{wanted} ≥ {least:g}", f"{rate.share:.3f} ({count:,} of {of:,}; {rate.low:.3f} or more)", verdict)


def at_most(wanted: str, count: int, of: int, most: float) -> Goal:
    """A share that should be at most so much."""
    rate = rate_of("", "", count, of)
    if rate.share is None or rate.high is None:
        return Goal(f"{wanted} ≤ {most:g}", "nothing to judge", MISSED)
    verdict = SHOWN if rate.high <= most else NOT_SHOWN if rate.share <= most else MISSED
    return Goal(f"{wanted} ≤ {most:g}", f"{rate.share:.4f} ({count:,} of {of:,}; {rate.high:.4f} or less)", verdict)


def mean_at_least(wanted: str, values: Sequence[float], least: float) -> Goal:
    """A mean that should be at least so much."""
    mean = sum(values) / len(values)
    verdict = SHOWN if min(values) >= least else NOT_SHOWN if mean >= least else MISSED
    return Goal(f"{wanted} ≥ {least:g}", f"{mean:.3f} ({min(values):.3f} to {max(values):.3f})", verdict)


def losses(stored: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    """What graphscan lost by more than two points against the stored table, among rows that both have."""
    before = {_key(r): _figures(r) for r in stored if _key(r) is not None}
    found = []
    for row in rows:
        key = _key(row)
        if key in before:
            was, now = before[key], _figures(row)
            found += [
                f"{' '.join(map(str, key))}: {k} {was[k]} → {now.get(k)}" for k in was if _lost(was[k], now.get(k))
            ]
    return found


def _key(row: Row) -> tuple[str, ...] | None:
    if row["part"] in ("injection", "levels") and row["method"].startswith(OURS):
        return row["part"], row["piece"], row["method"]
    return None


def _figures(row: Row) -> dict[str, float]:
    """Figures that should not fall; shares of honest accounts left alone among them."""
    if "failed" in row:
        return {}
    if row["part"] == "levels":
        return {"recall": row["farm"][0] / row["farm"][1], "honest left alone": 1 - row["honest"][0] / row["honest"][1]}
    alone = {f"{p} left alone": 1 - n / of for p, (n, of) in row["flagged"].items() if p in (*HONEST, "customer")}
    return {"recall": row["recall"], "jaccard": row["jaccard"], **alone}


def _lost(was: float, now: float | None) -> bool:
    return now is None or now < was - LOSS
