"""The last pass as metrics in Prometheus' text format, for the node exporter's textfile collector or any scraper of files.

In: the state. Out: the text of ``metrics.prom``. Format: Prometheus exposition format 0.0.4; label values are escaped as it says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from graphscan.jobs.state import State

Labels = dict[str, Any]
Sample = tuple[Labels, Any]


def metrics_text(state: State, failed: Iterable[str]) -> str:
    """Return the metrics of the last pass; ``failed`` names the outside steps that are still to do."""
    last = state.last_pass()
    if last is None:
        return _metric("passes", "finished passes kept", [({}, 0)])
    report = State(state.passes / last).read("report.json", {})
    run = State(state.passes / last / "run").read("run.json", {})
    return "".join(_metric(name, meaning, samples) for name, meaning, samples in _metrics(state, report, run, failed))


def _metrics(
    state: State, report: Mapping[str, Any], run: Mapping[str, Any], failed: Iterable[str]
) -> Iterable[tuple[str, str, list[Sample]]]:
    facts, data, counts = report["facts"], report["data"], report["counts"]
    day = dt.datetime.fromisoformat(facts["day"]).replace(tzinfo=dt.UTC)
    yield "passes", "finished passes kept", [({}, len(state.pass_ids()))]
    yield "last_day_timestamp_seconds", "begin of the day of the last pass", [({}, day.timestamp())]
    yield "last_pass_info", "the last pass", [({"pass": facts["pass_id"], "key": facts["key"][:16]}, 1)]
    yield "accounts", "accounts seen in the window", [({}, counts["accounts"])]
    yield "clusters", "clusters by state", [({"state": s}, counts[s]) for s in ("announced", "watched")]
    events: dict[str, int] = {}
    for change in report["changes"]:
        events[change["event"]] = events.get(change["event"], 0) + 1
    yield (
        "changes",
        "what happened to clusters in the last pass",
        [({"event": e}, n) for e, n in sorted(events.items())],
    )
    measures = report["proposals"]["by_measure"]
    yield "proposals", "measures proposed", [({"measure": m}, n) for m, n in measures.items()]
    yield "new_proposals", "proposals new since the pass before", [({}, len(report["proposals"]["new"]))]
    yield "rows", "rows in the window", [({"table": t}, n) for t, n in data["window_rows"].items()]
    for name in ("rows_late", "rows_set_aside", "rows_repeated", "rows_contradicting"):
        yield name, "rows that came in since the pass before: " + name.removeprefix("rows_"), [({}, data[name])]
    yield "drift_flags", "features that stand out on the newest day", [({}, sum(d["flag"] for d in report["drift"]))]
    psi = [({"table": d["table"], "feature": d["feature"]}, d["psi"]) for d in report["drift"] if d["psi"] is not None]
    yield "drift_stability_index", "population stability index of the newest day", psi
    if facts["canary"] and facts["canary"]["recall"] is not None:
        yield "canary_recall", "share of planted accounts found", [({}, facts["canary"]["recall"])]
    seconds = [({"step": s["name"]}, s["seconds"]) for s in run["steps"]]
    yield "step_seconds", "wall seconds of the run's steps", seconds
    yield "outside_failed", "outside steps still to do", [({"step": f.split(":")[0]}, 1) for f in failed]


def _metric(name: str, meaning: str, samples: list[Sample]) -> str:
    if not samples:
        return ""
    full = f"graphscan_job_{name}"
    lines = [f"# HELP {full} {meaning}", f"# TYPE {full} gauge"]
    lines += [f"{full}{_labels(labels)} {value:.12g}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Labels) -> str:
    inner = ",".join(f'{name}="{escaped(str(value))}"' for name, value in labels.items())
    return f"{{{inner}}}" if inner else ""


def escaped(value: str) -> str:
    """Return a label's value with backslashes, quotes and line ends escaped."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
