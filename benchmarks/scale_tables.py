"""The scale benchmark's record → a table with growth exponents and limits (Markdown), and a plot (PNG)."""

from __future__ import annotations

import math
from itertools import pairwise

VIRAL = ("graphscan, viral", "DuckDB, viral")
LIMITS = ("read and sort, counting", "read and sort, DuckDB")
COLOURS = {
    "graphscan": "#d4380d",
    "DuckDB": "#3b6fb6",
    "Polars": "#2a9d8f",
    "pandas": "#8e6bbf",
    "CNT": "#b8860b",
    "coordinationz": "#6b7280",
}
NOTES = {
    "CNT": "Coordination Network Toolkit, whole process; its weight counts messages, so that graphscan is asked that for the comparison",
    "coordinationz": "whole process; another question: cosine against a shuffled null, without time",
}


def named(n):
    """A number of actions in words of the table: 100k, 1M."""
    return f"{n // 1_000_000}M" if n >= 1_000_000 else f"{n // 1000}k"


def cpu_of(row):
    """CPU seconds of reading and answering; of the whole process for a package of others."""
    return row.get("stage_cpu_s", row.get("cpu_s"))


def _cell(row):
    if "failed" in row:
        return row["failed"]
    return f"{cpu_of(row):.1f} s, {row['peak_mb'] / 1000:.1f} GB"


def _agreement(rows, base):
    """What was compared, over all sizes: pairs equal, or where they differ."""
    compared = [r for r in rows if "digest" in r or "equal" in r]
    if not compared:
        return "not comparable" if any("pairs" in r for r in rows) else "—"
    same = [r["equal"] if "equal" in r else r["digest"] == base[r["actions"]]["digest"] for r in compared]
    sizes = ", ".join(named(r["actions"]) for r in compared)
    return f"equal at {sizes}" if all(same) else f"DIFFERENT at {sizes}"


def exponents(rows):
    """Growth exponent from each size to the next of one engine's successful runs: (smaller, larger, exponent)."""
    good = [r for r in rows if "failed" not in r]
    return [
        (a["actions"], b["actions"], math.log(cpu_of(b) / cpu_of(a)) / math.log(b["actions"] / a["actions"]))
        for a, b in pairwise(good)
    ]


def written(record):
    """The table, then growth and limits, as Markdown."""
    rows = record["rows"]
    sizes = sorted({r["actions"] for r in rows})
    by = {(r["engine"], r["actions"]): r for r in rows}
    engines = list(dict.fromkeys(r["engine"] for r in rows if r["engine"] not in (*LIMITS, *VIRAL)))
    base = {n: by["graphscan", n] for n in sizes if ("graphscan", n) in by}
    lines = [
        "| actions | " + " | ".join(named(n) for n in sizes) + " | pairs |",
        "| --- |" + " --: |" * len(sizes) + " --- |",
    ]
    for engine in (*engines, *LIMITS):
        mine = [by[engine, n] for n in sizes if (engine, n) in by]
        if not mine:
            continue
        cells = [_cell(by[engine, n]) if (engine, n) in by else "not run" for n in sizes]
        shown = f"**{engine}**" if engine == "graphscan" else engine
        lines.append(f"| {shown} | " + " | ".join(cells) + f" | {_told(engine, mine, base)} |")
    machine = f"{record['machine']['cores']} cores, {record['machine']['system']}, Python {record['machine']['python']}"
    head = (
        f"CPU seconds of reading and answering, and peak memory ({machine}; rivals stop at {record['limit_s']:.0f} s of wall clock, all at "
        f"{record['memory_gb']:.0f} GB of address space):"
    )
    return "\n".join([head, "", *lines, "", *_growth(rows, by, sizes), *_hot(by, sizes), *_notes(engines)])


def _told(engine, mine, base):
    if engine in LIMITS:
        return "the limit: no pairs"
    if engine == "graphscan":
        return ", ".join(f"{r['pairs']:,}" for r in mine if "failed" not in r)
    return _agreement(mine, base)


def _growth(rows, by, sizes):
    ours = [r for r in rows if r["engine"] == "graphscan"]
    grown = ", ".join(f"{e:.2f} from {named(a)} to {named(b)}" for a, b, e in exponents(ours))
    if grown:
        yield f"Growth of graphscan's CPU seconds, reading included: exponent {grown}."
    for limit in LIMITS:
        ratios = [
            f"{by['graphscan', n]['stage_cpu_s'] / by[limit, n]['stage_cpu_s']:.1f} × at {named(n)}"
            for n in sizes
            if all("stage_cpu_s" in by.get((e, n), {}) for e in ("graphscan", limit))
        ]
        if ratios:
            yield f"Reading and searching, in CPU seconds of {limit}: {', '.join(ratios)}."


def _hot(by, sizes):
    """How graphscan fares where one object has 13 % of all actions, in one line."""
    told = []
    for n in sizes:
        row, check = by.get((VIRAL[0], n)), by.get((VIRAL[1], n), {})
        if row is None:
            continue
        pairs = f", {row['pairs']:,} pairs" if "pairs" in row else ""
        if "digest" in check:
            pairs += f" (DuckDB's {'the same' if check['digest'] == row['digest'] else 'DIFFERENT'})"
        told.append(f"{named(n)} {_cell(row)}{pairs}")
    if told:
        yield f"With one object of 13 % of all actions, graphscan (its answer hashed piece by piece, not held): {'; '.join(told)}."


def _notes(engines):
    notes = [f"{e}: {NOTES[e]}" for e in engines if e in NOTES]
    return ["", *(f"{n}." for n in notes)] if notes else []


def draw(record, path):
    """Time and memory against size, both axes logarithmic; a cross where an engine hit a limit."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    style = {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "graphscan"}
    with mpl.rc_context(style):
        figure, panels = plt.subplots(1, 2, figsize=(11, 5), layout="constrained")
        for axis, value, title in (
            (panels[0], cpu_of, "CPU seconds"),
            (panels[1], _peak_gb, "Peak memory, GB"),
        ):
            _panel(axis, record, value, title)
        handles, names = panels[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncol=4, frameon=False)
        figure.suptitle("All pairs with two common objects within 60 seconds, exactly", fontsize=12)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=130, metadata={"Software": None})
        plt.close(figure)


def _peak_gb(row):
    return row["peak_mb"] / 1000


def _plain(axis, values):
    """Marks of a logarithmic axis at 1, 2 and 5, in plain numbers, from below the least value to above the most."""
    marks = [m * 10.0**e for e in range(-4, 6) for m in (1, 2, 5)]
    low, high = min(values) / 1.3, max(values) * 1.6
    shown = [m for m in marks if low <= m <= high]
    shown = shown if len(shown) < 8 else [m for m in shown if math.log10(m) == round(math.log10(m))]
    axis.set_yticks(shown, [f"{m:g}" for m in shown])
    axis.set_ylim(low, high)


def _panel(axis, record, value, title):
    rows = record["rows"]
    tops = [value(r) for r in rows if "failed" not in r and r["engine"] not in VIRAL]
    sizes = sorted({r["actions"] for r in rows})
    axis.set(xscale="log", yscale="log", title=title, xlabel="actions")
    for engine in dict.fromkeys(r["engine"] for r in rows if r["engine"] not in VIRAL):
        mine = [r for r in rows if r["engine"] == engine]
        good = [r for r in mine if "failed" not in r]
        ours, limit = engine == "graphscan", engine in LIMITS
        colour = COLOURS.get(engine, "#9ca3af")
        if limit and value is _peak_gb:
            continue
        axis.plot(
            [r["actions"] for r in good],
            [value(r) for r in good],
            color=colour,
            marker=None if limit else "o",
            linestyle={LIMITS[0]: ":", LIMITS[1]: "--"}.get(engine, "-"),
            linewidth=2.6 if ours else 1.5,
            markersize=6 if ours else 4,
            zorder=3 if ours else 2,
            label=engine,
        )
        lost = next((r for r in mine if "failed" in r and r["failed"].startswith("over")), None)
        if lost and good:
            _lost(axis, good[-1], lost, value, max(tops), colour)
    axis.set_xticks(sizes, [named(n) for n in sizes])
    _plain(axis, tops)
    axis.minorticks_off()
    axis.grid(True, which="major", color="#e5e7eb", linewidth=0.8)


def _lost(axis, last, lost, value, top, colour):
    """A dashed line to a cross: here an engine hit its limit; its height says no more than 'beyond'."""
    ends = [last["actions"], lost["actions"]], [value(last), top * 1.3]
    axis.plot(*ends, color=colour, linestyle=(0, (1, 2)), linewidth=1)
    axis.plot(ends[0][1], ends[1][1], marker="x", color=colour, markersize=8, markeredgewidth=2)
