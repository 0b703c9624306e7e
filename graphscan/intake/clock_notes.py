"""What the times of a dataset show about the clocks that wrote them.

In: the tables of a dataset. Out: sentences: times cut to minutes, clocks that differ, spans that do not meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.intake.columns import slices
from graphscan.intake.wide import encode
from graphscan.tables import ACTION_TABLES, input_table

Millis = npt.NDArray[np.int64]
Places = Callable[[str, str, str], npt.NDArray[np.int32]]

_GRAINS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"))
_MANY_ROWS = 20
"""Rows from which a common grain is no accident: one in 60 times falls on a whole minute by chance."""
_EARLY_MS = 60_000
_EARLY_SHARE = 0.01
"""Answers over a minute before what they answer: a clock may be a little off, 1 in 100 is another zone."""
_YEAR_1980_MS = 315_532_800_000

_ANSWERS: tuple[tuple[str, str, str, str], ...] = (
    ("comments", "note_id", "notes", "the note they stand under"),
    ("comments", "reply_to", "comments", "the comment they answer"),
    ("chat_messages", "reply_to", "chat_messages", "the message they answer"),
    ("interactions", "target_id", "notes", "the note they are about"),
)


def clock_notes(tables: Mapping[str, pa.Table], places: Places | None = None) -> list[str]:
    """Return one sentence for everything about the clocks that a reader of the results should know.

    ``places`` tells, for a table, a column and another table, the row there that each row is about (-1: none); None: they are looked
    for, which holds all ids.
    """
    spoken = {name: tables[name] for name in ACTION_TABLES if name in tables and tables[name].num_rows}
    return [
        *_grains(spoken),
        *_early_answers(tables, places or partial(_places, tables)),
        *_apart(spoken),
        *_very_old(spoken),
    ]


def _grains(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    for name, rows in tables.items():
        times = rows.column("created_at")
        grain = next((g for g in _GRAINS if len(times) >= _MANY_ROWS and _are_whole(times, g[0])), None)
        if grain is not None:
            yield (
                f"{name}: all times are whole {grain[1]}s; windows under {grain[0] // 1000:,} s mean "
                f"the same {grain[1]}, and who was first within one is not known"
            )


def _early_answers(tables: Mapping[str, pa.Table], places: Places) -> Iterator[str]:
    for name, column, asked, what in _ANSWERS:
        if name in tables and asked in tables:
            answers, early = _lags(tables, name, column, asked, places)
            if len(early) >= max(5, _EARLY_SHARE * answers):
                yield (
                    f"{name}: {len(early):,} of {answers:,} are earlier than {what}, by up to "
                    f"{-int(early.min()) / 3_600_000:.1f} h: the clocks or time zones of {name} and {asked} "
                    "differ, or some times were changed later"
                )


def _are_whole(times: pa.ChunkedArray, grain_ms: int) -> bool:
    return not any((_millis(pa.chunked_array([chunk])) % grain_ms).any() for chunk in times.chunks)


def _lags(tables: Mapping[str, pa.Table], name: str, column: str, asked: str, places: Places) -> tuple[int, Millis]:
    """How many answers there are to something that is there, and how much later those are that come too early."""
    rows = tables[name]
    if rows.column(column).null_count == rows.num_rows:
        return 0, np.zeros(0, np.int64)
    place, asked_at = places(name, column, asked), _millis(tables[asked].column("created_at"))
    answers, early = 0, [np.zeros(0, np.int64)]
    for some in slices(rows.num_rows):
        piece, to = rows[some], place[some]
        there = to >= 0
        if "target_kind" in rows.column_names:
            there &= pc.fill_null(pc.equal(piece.column("target_kind"), "note"), False).to_numpy()
        lags = _millis(piece.column("created_at"))[there] - asked_at[to[there]]
        answers += len(lags)
        early.append(lags[lags < -_EARLY_MS])
    return answers, np.concatenate(early)


def _places(tables: Mapping[str, pa.Table], name: str, column: str, asked: str) -> npt.NDArray[np.int32]:
    """The row that each answer is to, -1 where none is there."""
    keys = tables[asked].column(input_table(asked).key[0])
    return encode(tables[name].column(column), keys)


def _apart(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    spans = {name: pc.min_max(rows.column("created_at")) for name, rows in tables.items()}
    for early, before in spans.items():
        for late, after in spans.items():
            if before["max"].as_py() < after["min"].as_py():
                yield f"{early} end before {late} begin: what happened in both at once cannot be seen"


def _very_old(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    for name, rows in tables.items():
        if pc.max(rows.column("created_at")).cast(pa.int64()).as_py() < _YEAR_1980_MS:
            yield f"{name}: all times lie before 1980; if they came as numbers, their unit is probably wrong"


def _millis(times: pa.ChunkedArray) -> Millis:
    return np.asarray(times.cast(pa.int64()).to_numpy(), np.int64)
