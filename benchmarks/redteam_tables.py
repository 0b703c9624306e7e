"""Cells of the red team → the tables of ``docs/redteam.md``. Plays nothing.

Intervals are exact (Clopper and Pearson 1934), 95 %, over the accounts of all seeds. Accounts of one squad stand and fall together, so that
intervals of squads are narrower than they should be; those of innocents, who are told apart one by one, are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from redteam_grid import GOALS, SAID

from graphscan.evaluate import rate_of

Line = Mapping[str, Any]
HEAD = (
    ("attack", "---"),
    ("strength", "---"),
    ("seeds", "---:"),
    ("flagged (recall)", "---"),
    ("held", "---"),
    ("goal", "---"),
    ("precision of flags", "---"),
    ("due a ban: ban, limit", "---"),
    ("due a limit: ban, limit", "---"),
    ("innocents flagged", "---:"),
    ("measured", "---:"),
    ("days to detection", "---"),
)
SLICES = ("innocents", "accounts", "flagged", "warned, limited, banned", "any measure, 95 %", "banned, 95 %")


def table(lines: Sequence[Line]) -> str:
    """The page's tables: a row a cell, and innocents by slice."""
    cells: dict[tuple[Any, ...], list[Line]] = {}
    for line in lines:
        cells.setdefault((line["attack"], line["bots"], line["strength"]), []).append(line)
    told = [_row_of(name for name, _ in HEAD), _row_of(rule for _, rule in HEAD)]
    told += [_row_of(_cells(cell, group)) for cell, group in cells.items()]
    told += ["", _row_of(SLICES), _row_of(["---", *["---:"] * (len(SLICES) - 1)]), *_slices(lines)]
    return "\n".join([summary(lines), "", *told]) + "\n"


def summary(lines: Sequence[Line]) -> str:
    """One sentence on everything together: cells, seeds, innocents, goals."""
    people = Counter[str]()
    for line in lines:
        people.update({"of": sum(r["of"] for r in line["innocents"].values()), "hit": sum(harmed(line).values())})
    verdicts = Counter(v for _, v in verdicts_of(lines))
    ways = len({(line["attack"], line["bots"], line["strength"]) for line in lines})
    most = rate_of("", "", people["hit"], people["of"]).high or 1.0
    goals = ", ".join(f"{verdicts[v]} {v}" for v in ("shown", "not shown", "missed"))
    seeds = len({line["seed"] for line in lines})
    return (
        f"{ways} cells, {seeds} seeds: of {people['of']:,} innocents {people['hit']} were proposed for any measure "
        f"(at most {most * 1e6:,.0f} in a million, 95 %). Of {sum(verdicts.values())} goals: {goals}."
    )


def verdicts_of(lines: Iterable[Line]) -> list[tuple[tuple[str, int, float], str]]:
    """Each cell that has a goal, with its verdict."""
    groups: dict[tuple[str, int, float], Counter[str]] = {}
    for line in lines:
        if (line["attack"], line["strength"]) in GOALS:
            key = (line["attack"], line["bots"], line["strength"])
            groups.setdefault(key, Counter()).update(line["squad"])
    return [(key, _verdict(key[0], key[2], squad)[1]) for key, squad in groups.items()]


def _verdict(attack: str, strength: float, squad: Mapping[str, int]) -> tuple[str, str]:
    what, least = GOALS[attack, strength]
    rate = rate_of("", "", squad[what], squad["of"])
    told = "missed" if (rate.share or 0.0) < least else "shown" if (rate.low or 0.0) >= least else "not shown"
    return f"{what} ≥ {least:.2f}: {told}", told


def harmed(line: Line) -> dict[str, int]:
    """How many innocents are proposed for which measure."""
    total: Counter[str] = Counter()
    for row in line["innocents"].values():
        total.update({m: row[m] for m in ("ban", "limit", "warn") if m in row})
    return dict(total)


def _row_of(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(cell: tuple[Any, ...], group: Sequence[Line]) -> Iterator[str]:
    name, bots, strength = cell
    squad = Counter[str]()
    for line in group:
        squad.update(line["squad"])
    due = Counter[tuple[str, str]]()
    for line in group:
        due.update({(d, g): n for d, g, n in line["due"]})
    people = [row for line in group for row in line["innocents"].values()]
    wrong = sum(row["flagged"] for row in people)
    yield f"{name}, {bots} account{'s' if bots > 1 else ''}"
    yield "-" if SAID[name] == "-" else f"{strength:g} {SAID[name]}"
    yield f"{len(group)}"
    yield _interval(squad["flagged"], squad["of"])
    yield _interval(squad["held"], squad["of"])
    yield _verdict(name, strength, squad)[0] if (name, strength) in GOALS and squad["of"] else "-"
    yield _interval(squad["flagged"], squad["flagged"] + wrong)
    yield from (_told_due(due, d) for d in ("ban", "limit"))
    yield f"{wrong} of {sum(row['of'] for row in people):,}"
    yield f"{sum(sum(harmed(line).values()) for line in group)}"
    yield days(group)


def days(group: Iterable[Line]) -> str:
    """Median and span of the days from a squad's beginning until it is seen, and how many squads are; ``-`` without any."""
    squads = [squad for line in group for squad in line.get("days", ())]
    waits = sorted(max(0.0, s["seen_day"] - (s["began_day"] or 0.0)) for s in squads if s["seen_day"] is not None)
    if not squads:
        return "-"
    if not waits:
        return f"never ({len(squads)} squads)"
    return f"{median(waits):.1f} ({waits[0]:.1f}–{waits[-1]:.1f}), {len(waits)} of {len(squads)} squads"


def _told_due(due: Mapping[tuple[str, str], int], what: str) -> str:
    of = sum(n for (d, _), n in due.items() if d == what)
    return f"{due[what, 'ban']}, {due[what, 'limit']} of {of}" if of else "-"


def _interval(count: int, of: int) -> str:
    rate = rate_of("", "", count, of)
    return "-" if rate.low is None or rate.high is None else f"{count / of:.2f} ({rate.low:.2f}–{rate.high:.2f})"


def _slices(lines: Iterable[Line]) -> Iterator[str]:
    total: dict[str, Counter[str]] = {}
    for line in lines:
        for name, row in line["innocents"].items():
            total.setdefault(name, Counter()).update(row)
    for name, row in sorted(total.items()):
        most = [_a_million(hit, row["of"]) for hit in (row["warn"] + row["limit"] + row["ban"], row["ban"])]
        measured = f"{row['warn']}, {row['limit']}, {row['ban']}"
        yield _row_of([name, f"{row['of']:,}", f"{row['flagged']}", measured, *most])


def _a_million(count: int, of: int) -> str:
    rate = rate_of("", "", count, of)
    if rate.low is None or rate.high is None:
        return "-"
    return f"{rate.low * 1e6:,.0f} to {rate.high * 1e6:,.0f} a million"
