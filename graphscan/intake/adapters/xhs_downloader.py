"""XHS-Downloader's record of the notes it fetched (``ExploreData.db``, or a table with the same columns).

In: a table with Chinese column names, all text, times on the clock of the machine that collected. Out: notes
and accounts.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from graphscan.intake.adapters import instants
from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import Harvest, Options
from graphscan.intake.adapters.instants import Foreign
from graphscan.intake.adapters.rows import read_rows
from graphscan.intake.adapters.values import split
from graphscan.intake.adapters.xiaohongshu import note_time

_COLUMNS = ("作品ID", "作者ID", "发布时间")
_USED = {*_COLUMNS, "采集时间", "作品标题", "作品描述", "作品标签", "作者昵称"}
_LAYOUT = "%Y-%m-%d_%H:%M:%S"
_MISSING = frozenset({"", "未知", "-1"})
_ZONE = "Asia/Shanghai"
_HOUR_MS = 3_600_000


def recognise(export: Export, options: Options) -> bool:
    """Whether a table has the columns of a note's id, its author's id and its time, in Chinese."""
    return bool(export.tables_with(*_COLUMNS))


def read(export: Export, harvest: Harvest) -> None:
    """Read every such table, and compare its clock with the times inside the notes' ids."""
    apart: list[int] = []
    for table in export.tables_with(*_COLUMNS):
        harvest.drop(set(export.tables[table]) - _USED)
        harvest.each(read_rows(export, table, harvest.fault), lambda row: _take(harvest, row, apart))
    _check_clock(harvest, apart)


def _take(harvest: Harvest, row: dict[str, Any], apart: list[int]) -> None:
    known = {name: None if value in _MISSING else value for name, value in row.items()}
    told = known["发布时间"]
    note_id = known["作品ID"]
    at, guessed = note_time(harvest, None, note_id) if told is None else (_clock(harvest, told), False)
    inside = instants.from_object_id(note_id)
    if not guessed and at is not None and inside is not None:
        apart.append(at - inside)
    collected = _collected_at(harvest, known.get("采集时间"))
    values = {
        "note_id": note_id,
        "account_id": known["作者ID"],
        "created_at": at,
        "title": known.get("作品标题"),
        "text": known.get("作品描述"),
        "tags": split(known.get("作品标签"), " "),
    }
    harvest.add("notes", values, collected_at=collected, guessed_time=guessed)
    harvest.add_account(known["作者ID"], row.get("作者昵称"), collected_at=collected)


def _clock(harvest: Harvest, told: Foreign) -> int:
    return harvest.time("created_at", lambda text: harvest.local(text, _ZONE, _LAYOUT), told)


def _collected_at(harvest: Harvest, told: Foreign) -> int:
    """When it was collected (ms); 0, the earliest, where that cannot be read: it only orders sightings."""
    zone = instants.zone_of(harvest.options.timezone or _ZONE)
    try:
        return instants.from_text(str(told), zone, _LAYOUT)[0]
    except ValueError:
        return 0


def _check_clock(harvest: Harvest, apart: list[int]) -> None:
    hours = round(median(apart) / _HOUR_MS) if apart else 0
    if hours:
        harvest.warn(
            f"times lie {hours:+d} h from those inside the notes' ids: the collecting machine kept another "
            "zone; say which with --timezone"
        )
