"""The run as a whole: the result in plain words, what was read, what was set aside, what was looked for.

In: the run's frames and manifest (keys may be missing: then the page says "not known"). Out: plain values
that the page lays out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphscan.reports.frames import Frames
from graphscan.reports.sentences import COORDINATION_ONLY, NOTHING_IS_NO_PROOF, headline, surprise_sentence
from graphscan.reports.words import NOT_KNOWN, count, number, spoken

_TROUBLES = (
    ("duplicates_equal", "equal rows with the same id, of which one was kept"),
    ("duplicates_different", "different rows with the same id, of which the earliest was kept"),
    ("dangling_references", "references to rows that are not there, kept without an author"),
)


def result(frames: Frames) -> dict[str, Any]:
    """Return the headline and the sentences under it; ``nothing`` says whether no cluster was found."""
    clustered = set(frames.members["account_id"])
    seen = frames.table("accounts").num_rows
    nothing = frames.clusters.empty
    return {
        "headline": headline(len(frames.clusters), len(clustered), seen) + ".",
        "nothing": nothing,
        "sentences": [NOTHING_IS_NO_PROOF] if nothing else [_surprise(frames, clustered), COORDINATION_ONLY],
    }


def _surprise(frames: Frames, clustered: set[str]) -> str:
    pairs = frames.within("pairs", clustered)
    rate = frames.manifest.get("settings", {}).get("false_discovery_rate")
    return surprise_sentence(int(pairs["meetings"].sum()), float(pairs["expected"].sum()), pairs["p_value"].max(), rate)


def tables_read(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (table, rows taken) in the order of the manifest."""
    rows = _quality(manifest).get("rows", {})
    return [(spoken(table), number(taken)) for table, taken in rows.items()]


def files_read(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the input files: path, table, rows read, rows set aside, SHA-256."""
    return [
        {
            "path": str(file.get("path", "")),
            "table": spoken(str(file.get("table", ""))),
            "read": number(file.get("rows_read")),
            "aside": number(file.get("rows_set_aside")),
            "sha256": str(file.get("sha256", "")),
        }
        for file in _quality(manifest).get("files", [])
    ]


def set_aside(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what was set aside: table, reason, how many rows."""
    return [
        {"table": spoken(table), "reason": reason, "rows": number(rows)}
        for table, reasons in _quality(manifest).get("set_aside", {}).items()
        for reason, rows in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    ]


def troubles(manifest: Mapping[str, Any]) -> list[str]:
    """Return sentences about duplicates, dangling references, unknown columns, and notices."""
    quality = _quality(manifest)
    found = [
        f"{spoken(name)}: {number(rows)} {meaning}."
        for key, meaning in _TROUBLES
        for name, rows in quality.get(key, {}).items()
        if rows
    ]
    unknown = [
        f"{spoken(table)}: {count(len(names), 'unknown column')} left out: {', '.join(names)}."
        for table, names in quality.get("unknown_columns", {}).items()
        if names
    ]
    return found + unknown + list(quality.get("notices", []))


def looked_for(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the behaviours looked at: name, sentence, and how much there was of each."""
    return [
        {"name": spoken(str(b.get("name", ""))), "sentence": str(b.get("sentence", ""))}
        | {key: number(b.get(key)) for key in ("actions", "accounts", "objects", "pairs_tested", "pairs_validated")}
        | {"pairs_met": number(b["pairs_met"]) if b.get("pairs_met") is not None else "not counted"}
        for b in manifest.get("behaviours", [])
    ]


def facts(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what somebody needs to repeat the run: version, seed, span, window, history, libraries."""
    span, history = manifest.get("span") or {}, manifest.get("history") or {}
    known = [
        ("graphscan", manifest.get("graphscan_version")),
        ("seed", manifest.get("seed")),
        ("first action", _instant(span.get("first_at"))),
        ("last action", _instant(span.get("last_at"))),
        ("window looked at", _plain(manifest.get("window"))),
        ("history", _history(history)),
        ("libraries", _plain(manifest.get("libraries"))),
        ("settings", _plain(manifest.get("settings"))),
    ]
    return [(name, NOT_KNOWN if value in (None, "") else str(value)) for name, value in known]


def _history(history: Mapping[str, Any]) -> str | None:
    if not history:
        return None
    counts = [
        f"{number(history.get(f'accounts_{key}'))} {meaning}"
        for key, meaning in (
            ("before", "had a life before the window"),
            ("none", "had none"),
            ("unknown", "unknown"),
        )
    ]
    return f"from {history.get('source') or NOT_KNOWN}; accounts: {', '.join(counts)}"


def _instant(value: object) -> str | None:
    """Return an instant of the manifest (ISO 8601 text) in the page's form."""
    if value is None:
        return None
    text = str(value)
    return f"{text[:10]} {text[11:19]} UTC" if text.endswith(("Z", "+00:00")) else text


def _plain(value: object) -> str | None:
    """Return a manifest's value as one line: ``key value`` pairs, lists with commas."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(inner)}" for key, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(_plain(inner)) for inner in value)
    if isinstance(value, str) and value[4:5] == "-" and value[10:11] == "T":
        return _instant(value)
    return None if value is None else str(value)


def _quality(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    return manifest.get("quality") or {}
