"""A run held against a known truth: who was flagged, who should have been, and which clusters were found.

In: a RUN folder and a ``truth.csv``. Out: :class:`Evaluation`: rates with exact 95 % intervals, one row a
true cluster, one row a found cluster, and a table of measures where the run proposes any.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphscan.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

TRUTH_COLUMNS = ("account_id", "role", "cluster", "measure", "slice")
ROLES = ("managed", "occasional", "assisted", "human")
MEASURES = ("ban", "limit", "warn", "none")

FOUND_JACCARD = 0.5
"""Above one half no two true clusters can claim the same found one (with equality only as a split in two)."""


@dataclass(frozen=True)
class Truth:
    """What is true of one account: its role, its cluster (empty: none), the measure due, and its slice."""

    role: str
    cluster: str
    measure: str
    slice: str


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


@dataclass(frozen=True)
class Recovery:
    """One true cluster: its size, the found one most like it, their Jaccard similarity, members shared."""

    cluster: str
    size: int
    cluster_id: str | None
    jaccard: float
    shared: int
    found: bool


@dataclass(frozen=True)
class Purity:
    """One found cluster: how many members the truth knows, how many are managed, what most of them are."""

    cluster_id: str
    size: int
    known: int
    managed: int
    main_cluster: str
    share: float | None


@dataclass(frozen=True)
class Evaluation:
    """Everything a run and a truth say about each other.

    ``unknown`` counts accounts of the run that the truth does not name; they are left out of every figure.
    ``unseen`` counts accounts of the truth that the run never saw; they count as not flagged.
    ``confusion`` counts (measure due, measure proposed); empty where the run proposes none.
    """

    unknown: int
    unseen: int
    rates: tuple[Rate, ...]
    recoveries: tuple[Recovery, ...]
    purities: tuple[Purity, ...]
    confusion: Mapping[tuple[str, str], int]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a rate: section, name, count, of, share, low, high."""
        import pandas as pd

        return pd.DataFrame([asdict(rate) for rate in self.rates], columns=list(Rate.__dataclass_fields__))

    def rate(self, section: str, name: str) -> Rate:
        """Return the rate of that section and name; KeyError when there is none."""
        for rate in self.rates:
            if (rate.section, rate.name) == (section, name):
                return rate
        raise KeyError(f"no rate {name!r} in section {section!r}")

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {
            "unknown": self.unknown,
            "unseen": self.unseen,
            "rates": [asdict(rate) for rate in self.rates],
            "clusters": [asdict(recovery) for recovery in self.recoveries],
            "found_clusters": [asdict(purity) for purity in self.purities],
            "slice_gap": asdict(gap) if (gap := slice_gap(self.rates)) else None,
            "measures": [{"due": d, "proposed": p, "accounts": n} for (d, p), n in self.confusion.items()],
        }

    def lines(self) -> list[str]:
        """Return fixed-width tables for people."""
        head = f"{self.unknown:,} accounts of the run are not in the truth and were left out; "
        head += f"{self.unseen:,} of the truth were not seen by the run and count as not flagged."
        tables = [_rate_lines(self.rates), _recovery_lines(self.recoveries), _purity_lines(self.purities)]
        if self.confusion:
            tables += [_confusion_lines(self.confusion), _harm_lines(self.rates)]
        return [head, *(line for table in tables for line in ("", *table))]


def evaluate(run: Path, truth: Path) -> Evaluation:
    """Hold the run in folder ``run`` against the truth in the file ``truth``.

    An account is flagged when it is in a cluster; a flag is right when the truth calls the account managed.

    Raises
    ------
    InputError
        When the folder is no run, or the truth lacks a column, holds a value that is not allowed, or gives
        one account two different rows.
    """
    known = read_truth(truth)
    proposed, clusters = _read_run(run)
    flagged = {account for account, (cluster, _) in proposed.items() if cluster is not None} & known.keys()
    measures = {a: m for a, (_, m) in proposed.items() if m is not None and a in known}
    return Evaluation(
        unknown=len(proposed.keys() - known.keys()),
        unseen=len(known.keys() - proposed.keys()),
        rates=(*_flag_rates(known, flagged), *_measure_rates(known, measures), *_earned(known, measures)),
        recoveries=_recoveries(known, clusters),
        purities=_purities(known, clusters),
        confusion=_confusion(known, measures),
    )


def rate_of(section: str, name: str, count: int, of: int) -> Rate:
    """Return ``count`` of ``of`` as a rate with its exact 95 % interval."""
    if of == 0:
        return Rate(section, name, count, of, None, None, None)
    from scipy.stats import beta

    low = float(beta.ppf(0.025, count, of - count + 1)) if count else 0.0
    high = float(beta.ppf(0.975, count + 1, of - count)) if count < of else 1.0
    return Rate(section, name, count, of, count / of, low, high)


def read_truth(path: Path) -> Mapping[str, Truth]:
    """Read a truth file: account id → what is true of it; equal rows count once.

    Raises
    ------
    InputError
        As :func:`evaluate` does; the message names the file and the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _truth_rows(path, csv.DictReader(stream, strict=True))
    except OSError as error:
        raise InputError(f"truth {path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"truth {path} is not a CSV file in UTF-8: {error}") from None


def _truth_rows(path: Path, reader: csv.DictReader[str]) -> Mapping[str, Truth]:
    missing = [name for name in TRUTH_COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        needed = ", ".join(TRUTH_COLUMNS)
        raise InputError(f"truth {path} lacks the column {', '.join(missing)}; it needs {needed}")
    rows: dict[str, Truth] = {}
    for row in reader:
        account, truth = _truth_row(path, reader.line_num, row)
        if rows.setdefault(account, truth) != truth:
            raise InputError(f"truth {path}, line {reader.line_num}: account {account} has two different rows")
    return rows


def _truth_row(path: Path, line: int, row: Mapping[str, str | None]) -> tuple[str, Truth]:
    account, role, cluster, measure, slice_name = (row[name] for name in TRUTH_COLUMNS)
    where = f"truth {path}, line {line}"
    if not account or role is None or cluster is None or measure is None or slice_name is None:
        raise InputError(f"{where}: a value is missing; a row is {', '.join(TRUTH_COLUMNS)}")
    if role not in ROLES:
        raise InputError(f"{where}: role {role!r}; allowed: {', '.join(ROLES)}")
    if measure not in MEASURES:
        raise InputError(f"{where}: measure {measure!r}; allowed: {', '.join(MEASURES)}")
    return account, Truth(role, cluster, measure, slice_name)


def _read_run(run: Path) -> tuple[dict[str, tuple[str | None, str | None]], dict[str, set[str]]]:
    accounts = _columns(run, "accounts", ("account_id", "cluster_id", "measure"))
    members = _columns(run, "members", ("cluster_id", "account_id"))
    proposed = {account: (cluster, measure) for account, cluster, measure in accounts}
    clusters: dict[str, set[str]] = {}
    for cluster, account in members:
        clusters.setdefault(cluster, set()).add(account)
    return proposed, clusters


def _columns(run: Path, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = run / f"{table}.parquet"
    try:
        with pq.ParquetFile(file) as opened:
            missing = [name for name in columns if name not in opened.schema_arrow.names]
            found = opened.read(columns=[name for name in columns if name not in missing])
    except FileNotFoundError:
        hint = "a run is a folder made by `graphscan run`"
        raise InputError(f"run {run}: {file.name} is not there; {hint}") from None
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"run {run}: {file.name} cannot be read: {error}") from None
    if missing:
        raise InputError(f"run {run}: {file.name} lacks the column {', '.join(missing)}")
    return list(zip(*(found.column(name).to_pylist() for name in columns), strict=True))


def _flag_rates(known: Mapping[str, Truth], flagged: set[str]) -> Iterable[Rate]:
    managed = {account for account, truth in known.items() if truth.role == "managed"}
    right = len(managed & flagged)
    yield rate_of("flagged", "precision", right, len(flagged))
    yield rate_of("flagged", "recall", right, len(managed))
    yield rate_of("flagged", "false flags", len(flagged) - right, len(known) - len(managed))
    for role in ROLES:
        yield _share("flagged by role", role, (a for a, t in known.items() if t.role == role), flagged)
    slices = sorted({truth.slice for truth in known.values() if truth.role != "managed"})
    for name in slices:
        of = (a for a, t in known.items() if t.slice == name and t.role != "managed")
        yield _share("false flags by slice", name or "(none)", of, flagged)


def _share(section: str, name: str, accounts: Iterable[str], chosen: set[str]) -> Rate:
    listed = list(accounts)
    return rate_of(section, name, sum(a in chosen for a in listed), len(listed))


def _measure_rates(known: Mapping[str, Truth], measures: Mapping[str, str]) -> Iterable[Rate]:
    if not measures:
        return
    due = {m: {a for a, t in known.items() if t.measure == m} for m in MEASURES}
    for measure in MEASURES[:-1]:
        got = {account for account, proposed in measures.items() if proposed == measure}
        yield rate_of("measures", f"{measure} precision", len(got & due[measure]), len(got))
        yield rate_of("measures", f"{measure} recall", len(got & due[measure]), len(due[measure]))
        wrong = len(got - due[measure])
        yield rate_of("measures", f"false {measure}", wrong, len(known) - len(due[measure]))


def _earned(known: Mapping[str, Truth], measures: Mapping[str, str]) -> Iterable[Rate]:
    """Measures that are no harder than what is due, and honest accounts (no measure due) that would be hit, by slice."""
    if not measures:
        return
    for measure in MEASURES[:-1]:
        got = [account for account, proposed in measures.items() if proposed == measure]
        fair = sum(MEASURES.index(known[account].measure) <= MEASURES.index(measure) for account in got)
        yield rate_of("measures earned", f"{measure}, or more is due", fair, len(got))
    honest = [account for account, truth in known.items() if truth.measure == "none"]
    for measure in MEASURES[:-1]:
        hit = {account for account in honest if measures.get(account) == measure}
        yield _share("honest accounts hit", measure, honest, hit)
    hit = {account for account in honest if measures.get(account, "none") != "none"}
    for name in sorted({known[account].slice for account in honest}):
        yield _share(
            "honest accounts hit by slice", name or "(none)", (a for a in honest if known[a].slice == name), hit
        )


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


def slice_gap(rates: Iterable[Rate]) -> SliceGap | None:
    """Compare the honest slices of an evaluation; None without any."""
    found = [r for r in rates if r.section == "honest accounts hit by slice" and r.share is not None]
    if not found:
        return None
    worst = max(found, key=lambda r: (r.share or 0.0, r.low or 0.0, r.name))
    best = min(found, key=lambda r: (r.share or 0.0, r.high or 1.0, r.name))
    return SliceGap(worst, best, (worst.low or 0.0) <= (best.high or 1.0))


def _harm_lines(rates: Sequence[Rate]) -> list[str]:
    """False bans as a bound a million, and the slice that fares worst."""
    banned = next((r for r in rates if (r.section, r.name) == ("honest accounts hit", "ban")), None)
    gap = slice_gap(rates)
    if banned is None or banned.high is None or gap is None:
        return []
    lines = [
        f"honest accounts banned: {banned.count:,} of {banned.of:,}, at most {banned.high * 1e6:,.0f} in a million (95 %)"
    ]
    if not gap.worst.count:
        return [*lines, "no honest slice is hit by any measure"]
    told = f"worst honest slice: {gap.worst.name}, {_percent(gap.worst.share)} hit; best: {gap.best.name}, {_percent(gap.best.share)}"
    ratio = "" if gap.ratio is None else f", ratio {gap.ratio:.2f}"
    return [*lines, f"{told}{ratio}; their intervals {'overlap' if gap.overlap else 'do not overlap'}"]


def _confusion(known: Mapping[str, Truth], measures: Mapping[str, str]) -> Mapping[tuple[str, str], int]:
    counted = Counter((known[account].measure, proposed) for account, proposed in measures.items())
    return {pair: counted[pair] for pair in sorted(counted)}


def _recoveries(known: Mapping[str, Truth], clusters: Mapping[str, set[str]]) -> tuple[Recovery, ...]:
    true: dict[str, set[str]] = {}
    for account, truth in known.items():
        if truth.cluster:
            true.setdefault(truth.cluster, set()).add(account)
    seen = {name: members & known.keys() for name, members in clusters.items()}
    return tuple(_recovery(name, true[name], seen) for name in sorted(true))


def _recovery(name: str, members: set[str], seen: Mapping[str, set[str]]) -> Recovery:
    best, jaccard, shared = None, 0.0, 0
    for cluster_id in sorted(seen):
        common = len(members & seen[cluster_id])
        similarity = common / len(members | seen[cluster_id])
        if similarity > jaccard:
            best, jaccard, shared = cluster_id, similarity, common
    return Recovery(name, len(members), best, jaccard, shared, jaccard >= FOUND_JACCARD)


def _purities(known: Mapping[str, Truth], clusters: Mapping[str, set[str]]) -> tuple[Purity, ...]:
    return tuple(_purity(known, name, clusters[name]) for name in sorted(clusters))


def _purity(known: Mapping[str, Truth], name: str, members: set[str]) -> Purity:
    truths = [known[account] for account in sorted(members & known.keys())]
    managed = sum(truth.role == "managed" for truth in truths)
    forms = Counter(truth.cluster or truth.slice for truth in truths)
    main = min(forms, key=lambda form: (-forms[form], form), default="")
    share = forms[main] / len(truths) if truths else None
    return Purity(name, len(members), len(truths), managed, main, share)


def _rate_lines(rates: Sequence[Rate]) -> list[str]:
    rows = [(r.section, r.name, f"{r.count:,}", f"{r.of:,}", *map(_percent, (r.share, r.low, r.high))) for r in rates]
    return _table(("figure", "", "count", "of", "share", "95 % low", "high"), rows, 2)


def _recovery_lines(recoveries: Sequence[Recovery]) -> list[str]:
    rows = [
        (
            r.cluster,
            "found" if r.found else "lost",
            f"{r.size:,}",
            f"{r.shared:,}",
            f"{r.jaccard:.3f}",
            r.cluster_id or "–",
        )
        for r in recoveries
    ]
    found = sum(r.found for r in recoveries)
    mean = f", mean Jaccard {sum(r.jaccard for r in recoveries) / len(recoveries):.3f}" if recoveries else ""
    title = f"true clusters: {found} of {len(recoveries)} found (Jaccard {FOUND_JACCARD} or more){mean}"
    return [title, *_table(("true cluster", "", "size", "shared", "Jaccard", "best match"), rows, 2)]


def _purity_lines(purities: Sequence[Purity]) -> list[str]:
    rows = [
        (
            p.cluster_id,
            p.main_cluster or "–",
            f"{p.size:,}",
            f"{p.known:,}",
            f"{p.managed:,}",
            _percent(p.share),
        )
        for p in purities
    ]
    head = ("found cluster", "mostly", "size", "known", "managed", "purity")
    return [f"found clusters: {len(purities)}", *_table(head, rows, 2)]


def _confusion_lines(confusion: Mapping[tuple[str, str], int]) -> list[str]:
    rows = [(due, *(f"{confusion.get((due, got), 0):,}" for got in MEASURES)) for due in MEASURES]
    return ["measures: due (rows) against proposed", *_table(("due", *MEASURES), rows, 1)]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Return aligned lines; the first ``left`` columns are words, the rest numbers."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    return [
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
