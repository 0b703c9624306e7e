"""CooRTweet's four columns: who shared which object, in which post, when.

In: a CSV with ``object_id, account_id, content_id, timestamp_share`` (Unix seconds, or a clock reading in
UTC). Out: interactions of kind share on notes.
"""

from __future__ import annotations

from typing import Any

from graphscan.intake.adapters import instants
from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import Harvest, Options
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.rows import read_rows

_COLUMNS = ("object_id", "account_id", "content_id", "timestamp_share")


def recognise(export: Export, options: Options) -> bool:
    """Whether the four columns are there."""
    return bool(export.tables_with(*_COLUMNS))


def read(export: Export, harvest: Harvest) -> None:
    """Read every share; other columns, and the id of the sharing post, have no place in an interaction."""
    for table in export.tables_with(*_COLUMNS):
        harvest.drop({"content_id", *export.tables[table]} - {"object_id", "account_id", "timestamp_share"})
        harvest.each(read_rows(export, table, harvest.fault), lambda row: _take(harvest, row))


def _take(harvest: Harvest, row: dict[str, Any]) -> None:
    told = row["timestamp_share"]
    values = {
        "account_id": row["account_id"],
        "kind": "share",
        "target_kind": "note",
        "target_id": row["object_id"],
        "created_at": None if instants.is_missing(told) else harvest.time("created_at", _reader(harvest, told), told),
    }
    harvest.add("interactions", values)


def _reader(harvest: Harvest, told: Foreign) -> Foreign:
    """Seconds are told from clock readings by their look: a clock reading has a hyphen after its year."""
    if "-" in str(told)[1:]:
        return lambda text: harvest.local(text, "UTC")
    return instants.from_seconds
