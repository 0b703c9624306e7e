"""Measured rows → docs/quality.md, docs/quality.json, and the table of the README. Measures nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from injection import MIXES, OURS
from quality_goals import goals_of
from quality_words import AFTER, BEFORE, GOALS, LEVELS, ONE_GO, PIECES, PLANTED, REAL, WORLDS
from rivals import RIVALS

from graphscan.evaluate import rate_of
from graphscan.evaluation.goals import MISSED, NOT_SHOWN, SHOWN

Row = dict[str, Any]
BEGIN, END = "<!-- begin quality -->", "<!-- end quality -->"
HONEST = ("fan", "chat", "viral", "habit", "customer")
LABELS = {rival.name: f"{rival.name} ({'package' if rival.original else 're-made'})" for rival in RIVALS}


def of_part(rows: Iterable[Row], part: str) -> list[Row]:
    return [row for row in rows if row["part"] == part]


def line(row: Row) -> str:
    """A row as one line for whoever watches."""
    return " ".join(f"{key}={value}" for key, value in row.items())


def table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A Markdown table; every column but the first two to the right."""
    rule = ["---", "---", *["--:"] * (len(head) - 2)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *body))


def span(values: Iterable[float | None], form: str = "{:.3f}") -> str:
    """Least and greatest value over the seeds, once if equal; ``—`` where there is none."""
    known = [v for v in values if v is not None]
    if not known:
        return "—"
    low, high = form.format(min(known)), form.format(max(known))
    return low if low == high else f"{low}–{high}"


def planted(rows: Sequence[Row], mix: str, method: str) -> list[str] | None:
    """The cells of one method on one mix, all its seeds together; None where it was not measured."""
    found = [r for r in of_part(rows, "injection") if r["mix"] == mix and r["method"] == method]
    name = f"**{method}**" if method == OURS else LABELS.get(method, method)
    ran = [r for r in found if "recall" in r]
    if not ran:
        return [name, found[0]["failed"], *[""] * 10] if found else None  # named, never silently dropped
    honest = []
    for slice_ in HONEST:
        counts = [r["flagged"][slice_] for r in ran if slice_ in r["flagged"]]
        honest.append(f"{sum(n for n, _ in counts):,} of {sum(of for _, of in counts):,}" if counts else "—")
    figures = [span([r[key] for r in ran]) for key in ("recall", "precision", "jaccard")]
    used = [span([r["cpu_s"] for r in ran], "{:.0f}"), span([r["peak_mb"] for r in ran], "{:.0f}")]
    seeds = f"{len(ran)}" + (f" ({len(found) - len(ran)} failed)" if len(found) > len(ran) else "")
    return [name, seeds, *figures, *honest, *used]


def methods(rows: Sequence[Row]) -> list[str]:
    """Methods in the order in which they were first measured."""
    return list(dict.fromkeys(r["method"] for r in of_part(rows, "injection")))


def planted_tables(rows: Sequence[Row], wanted: Callable[[str, str], bool]) -> list[str]:
    """One table a mix, of the methods that ``wanted`` (mix, method) takes."""
    head = (
        "method",
        "seeds",
        "recall",
        "precision",
        "Jaccard",
        "fans",
        "chats",
        "viral",
        "habits",
        "customers",
        "CPU s",
        "MB",
    )
    parts = []
    for mix in MIXES:
        cells = [planted(rows, mix, method) for method in methods(rows) if wanted(mix, method)]
        if any(cells):
            parts += [f"**{PLANTED[mix]}**", table(head, [c for c in cells if c])]
    return parts


def world_table(rows: Sequence[Row]) -> str:
    """What is due against what was proposed, over all simulated worlds together."""
    found, measures = of_part(rows, "worlds"), ("ban", "limit", "warn", "none")
    total = {(due, got): sum(r[got] for r in found if r["due"] == due) for due in measures for got in measures}
    body = [[due, "accounts", *(f"{total[due, got]:,}" for got in measures)] for due in measures]
    return table(("due", "", *(f"proposed: {m}" for m in measures)), body)


def propagation_table(rows: Sequence[Row]) -> str:
    """Mean AUC by the share of wrong seeds; published figures of the methods stand in the text."""
    found = of_part(rows, "propagation")
    if not found or "auc" not in found[0]:
        return found[0]["failed"] if found else "not run"
    names = list(found[0]["auc"])
    body = [
        [f"{r['wrong']:.0%}", f"{r['draws']}", *(f"{m:.3f} ± {s:.3f}" for m, s in r["auc"].values())] for r in found
    ]
    heads = {"diffusion": "graphscan", "longer": "graphscan, 1,000 steps at .999"}
    return table(("wrong seeds", "draws", *(heads.get(n, f"{n} (re-made)") for n in names)), body)


def real_tables(rows: Sequence[Row]) -> list[str]:
    """One table a labelled set."""
    parts: list[str] = []
    for title in dict.fromkeys(r["set"] for r in of_part(rows, "real")):
        found = [r for r in of_part(rows, "real") if r["set"] == title]
        parts.append(
            f"**{title[0].upper()}{title[1:]}**" + (f" ({found[0]['lesson']})" if found[0].get("lesson") else "")
        )
        published = next((r["published"] for r in found if r.get("published")), "")
        if any(r["method"] for r in found):
            parts.append(
                table(("method", "of", "recall", "precision", "flagged", "more"), [real_cells(r) for r in found])
            )
        else:
            parts.append(found[0]["failed"])
        parts += [f"Known of it: {published}."] if published else []
    return parts


def real_cells(row: Row) -> list[str]:
    """One row of a labelled set."""
    name = LABELS.get(row["method"], row["method"])
    if row.get("failed"):
        return [name, row["failed"], "", "", "", ""]
    shown = {k: v for k, v in row.items() if k in REAL and v is not None}
    more = ", ".join(REAL[k].format(v) for k, v in shown.items())
    rates = [f"{row[k]:.3f}" if row.get(k) is not None else "—" for k in ("recall", "precision")]
    return [name, row.get("of", "accounts"), *rates, f"{row['flagged']:,}" if "flagged" in row else "", more]


def shipped_table(rows: Sequence[Row]) -> str:
    """Outputs of others on the shipped samples beside ours."""
    body = []
    for r in of_part(rows, "shipped"):
        same = r["expected"] == r["found"]
        told = [" / ".join(f"{v:,}" for v in r[key]) for key in ("expected", "found")]
        body.append([r["what"], "equal" if same else "differs", *told])
    return table(("sample", "", "original", "here"), body)


def goals_table(rows: Sequence[Row]) -> str:
    """Every goal, what was found, and the verdict; what was missed in bold."""
    body = [[g.wanted, g.found, f"**{g.verdict}**" if g.verdict == MISSED else g.verdict] for g in goals_of(rows)]
    return "\n".join("| " + " | ".join(r) + " |" for r in (("goal", "found", ""), ("---", "---", "---"), *body))


def goals_line(rows: Sequence[Row]) -> str:
    """How many goals are shown, and which are not."""
    found = goals_of(rows)
    told = [f"{sum(g.verdict == SHOWN for g in found)} of {len(found)} goals are shown"]
    for verdict in (MISSED, NOT_SHOWN):
        names = [f"{g.wanted} ({g.found.split(' (')[0]})" for g in found if g.verdict == verdict]
        told += [f"{verdict} {len(names)}: {'; '.join(names)}"] if names else []
    return ". ".join(word[0].upper() + word[1:] for word in told) + "."


def level_table(rows: Sequence[Row]) -> str:
    """One row a method over all its level worlds: recall, precision, honest accounts flagged, farms and honest of all worlds together."""
    found = of_part(rows, "levels")
    body = []
    for method in dict.fromkeys(r["method"] for r in found):
        ran = [r for r in found if r["method"] == method and "farm" in r]
        name = f"**{method}**" if method == OURS else LABELS.get(method, method)
        if not ran:
            body.append([name, next(r["failed"] for r in found if r["method"] == method), *[""] * 5])
            continue
        (hit, farm), (wrong, honest) = ([sum(r[who][k] for r in ran) for k in (0, 1)] for who in ("farm", "honest"))
        cells = [_with_interval(hit, farm), _with_interval(hit, hit + wrong), f"{wrong:,} of {honest:,}"]
        used = [span([r["cpu_s"] for r in ran], "{:.0f}"), span([r["peak_mb"] for r in ran], "{:.0f}")]
        body.append([name, f"{len(ran)}", *cells, *used])
    return table(("method", "worlds", "recall", "precision", "honest flagged", "CPU s", "MB"), body)


def _with_interval(count: int, of: int) -> str:
    rate = rate_of("", "", count, of)
    if rate.share is None or rate.low is None or rate.high is None:
        return "—"
    return f"{rate.share:.3f} ({rate.low:.3f}–{rate.high:.3f})"


def taken(rows: Sequence[Row]) -> str:
    """What the run in one go has taken, or that it was none."""
    found = of_part(rows, "run")
    return ONE_GO.format(form=found[0]["piece"], **found[0]) if found else PIECES


def page(rows: Sequence[Row]) -> str:
    """docs/quality.md."""
    register = "\n".join(f"- **{r.name}**: {r.told}." for r in RIVALS)
    parts = [BEFORE.format(taken=taken(rows)), "## Goals", GOALS, goals_table(rows)]
    parts += ["## Farms and look-alikes planted into real actions", *planted_tables(rows, lambda m, n: True)]
    seen = ", ".join(dict.fromkeys(r["world"] for r in of_part(rows, "levels")))
    parts += ["## Level worlds", LEVELS.format(seen), level_table(rows)] if seen else []
    parts += ["## The rivals", register, "## The originals' own outputs", shipped_table(rows)]
    parts += ["## Real labels", *real_tables(rows), "## Measures on simulated worlds", WORLDS.format(worlds(rows))]
    parts += [world_table(rows), "## Propagation with wrong seeds", propagation_table(rows), AFTER]
    return "\n\n".join(parts) + "\n"


def worlds(rows: Sequence[Row]) -> str:
    return ", ".join(dict.fromkeys(r["world"] for r in of_part(rows, "worlds")))


def front_table(rows: Sequence[Row]) -> str:
    """The README's piece: every method on the first mix, graphscan on the others, and the rest in three lines."""
    first = next(iter(MIXES))
    parts = planted_tables(rows, lambda mix, method: mix == first or method.startswith(OURS))
    pooled = [r for r in of_part(rows, "real") if r["piece"] == "pooled" and r.get("precision") is not None]
    if pooled:
        told = "; ".join(f"{r['method']} {r['precision']:.3f} at {r['recall']:.3f}" for r in pooled)
        parts.append(f"**Known trolls among ordinary people** (28,000 real accounts), precision at recall: {told}.")
    if of_part(rows, "levels"):
        parts += ["**Level worlds**: no number about one account tells a farm member", level_table(rows)]
    parts += ["**Propagation with wrong seeds** on a public Sybil graph, AUC:", propagation_table(rows)]
    parts += [f"**Goals** of the design ([all](docs/quality.md#goals)): {goals_line(rows)}"]
    return "\n\n".join(parts)


def write(rows: Sequence[Row], docs: Path, readme: Path) -> None:
    """Write the page, the figures, and the README's piece between its markers."""
    (docs / "quality.md").write_text(page(rows), encoding="utf-8", newline="\n")
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (docs / "quality.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")
    text = readme.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    readme.write_text(f"{head}{BEGIN}\n\n{front_table(rows)}\n\n{END}{tail}", encoding="utf-8", newline="\n")
