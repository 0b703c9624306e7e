"""Zeeschuimer's NDJSON of Xiaohongshu: as the browser extension writes it, and as 4CAT keeps it after import.

In: one JSON object a line, the captured object under ``data`` (raw) or at the top beside ``__import_meta``
(imported). Out: notes, comments with their answers, accounts. The CSV that both tools also write knows
authors by nickname only and is refused: strangers share nicknames.
"""

from __future__ import annotations

from typing import Any

from graphscan.intake.adapters import instants
from graphscan.intake.adapters.export import Export, UnusableExportError
from graphscan.intake.adapters.harvest import BadValueError, Harvest, Options
from graphscan.intake.adapters.rows import read_objects
from graphscan.intake.adapters.xiaohongshu import Json, add_comments, add_item, looks_like_comment, part

_PLATFORMS = ("xiaohongshu", "rednote")
_CSV = frozenset({"id", "thread_id", "body", "timestamp", "author"})


def recognise(export: Export, options: Options) -> bool:
    """Whether the lines are envelopes of Zeeschuimer, or objects that 4CAT imported from it."""
    return any(_envelope(row) for row in export.sample if isinstance(row, dict))


def read(export: Export, harvest: Harvest) -> None:
    """Read every line; lines of other platforms are set aside."""
    for line, row in read_objects(export, harvest.fault):
        harvest.attempt(line, _take, harvest, line, row)


def recognise_csv(export: Export, options: Options) -> bool:
    """Whether this is the CSV of Zeeschuimer or 4CAT, in which authors are nicknames."""
    return export.container == "csv" and bool(export.tables_with(*_CSV))


def refuse_csv(export: Export, harvest: Harvest) -> None:
    """Say why such a CSV cannot be used, and what to hand in instead."""
    raise UnusableExportError(
        export.name,
        "a Zeeschuimer or 4CAT CSV: it names authors by nickname only, and strangers share nicknames; "
        "hand in the NDJSON it was made from (or, if its author column holds account ids, a column map)",
    )


def _envelope(row: Json) -> Json | None:
    if isinstance(row.get("__import_meta"), dict):
        return part(row, "__import_meta")
    return row if "source_platform" in row and isinstance(row.get("data"), dict) else None


def _take(harvest: Harvest, line: int, row: dict[str, Any]) -> None:
    envelope = _envelope(row)
    if envelope is None:
        raise BadValueError("", "no line of Zeeschuimer: it lacks source_platform and data, or __import_meta")
    platform = str(envelope.get("source_platform", ""))
    if not platform.startswith(_PLATFORMS):
        raise BadValueError("source_platform", f"{platform[:40]!r} is not read; allowed: {', '.join(_PLATFORMS)}")
    item = part(row, "data") if envelope is row else row
    collected = envelope.get("timestamp_collected")
    at = min(collected, instants.LAST_MS) if isinstance(collected, int) else 0
    if looks_like_comment(item):
        add_comments(harvest, line, item, collected_at=at)
    else:
        add_item(harvest, item, collected_at=at)
