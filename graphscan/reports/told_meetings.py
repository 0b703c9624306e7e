"""Meetings told down to the input rows: who, when, how long after, with which words.

In: meetings of the run. Out: a frame with the gap, the later account and both texts; lines of text.
"""

from __future__ import annotations

import pandas as pd

from graphscan.reports.frames import Frames
from graphscan.reports.words import count, duration, label, quoted, spoken, utc

MOST_ROWS = 20
"""Meetings told as lines; the frame has them all."""

MEETING_COLUMNS = (
    "behaviour",
    "object",
    "account_a",
    "a_at",
    "account_b",
    "b_at",
    "gap_s",
    "later",
    "a_row",
    "a_text",
    "b_row",
    "b_text",
)


def with_rows(frames: Frames, meetings: pd.DataFrame) -> pd.DataFrame:
    """Return meetings in time order with ``gap_s``, ``later`` (account or None) and both input rows' text."""
    texts = frames.where("rows", row={*meetings["a_row"], *meetings["b_row"]}).set_index("row")["text"].to_dict()
    gap_s = (meetings["b_at"] - meetings["a_at"]).dt.total_seconds()
    later = [
        None if g == 0 else (b if g > 0 else a)
        for a, b, g in zip(meetings["account_a"], meetings["account_b"], gap_s, strict=True)
    ]
    told = meetings.assign(
        gap_s=gap_s.abs(),
        later=pd.Series(later, index=meetings.index, dtype=object),
        a_text=pd.Series([texts.get(r) for r in meetings["a_row"]], index=meetings.index, dtype=object),
        b_text=pd.Series([texts.get(r) for r in meetings["b_row"]], index=meetings.index, dtype=object),
    )
    order = ["a_at", "b_at", "behaviour", "object", "account_a", "account_b"]
    return told.sort_values(order, ignore_index=True)[list(MEETING_COLUMNS)]


def meeting_lines(meetings: pd.DataFrame) -> list[str]:
    """Return up to 20 meetings as lines, each with its two rows."""
    lines = [f"{count(len(meetings), 'meeting')}, in time order{and_more(len(meetings), ' (the first {})')}:"]
    for m in meetings.head(MOST_ROWS).to_dict("records"):
        who = f"{m['later']} later by {duration(m['gap_s'])}" if m["later"] is not None else "at the same instant"
        lines.append(f"  {utc(m['a_at'])} · {spoken(m['behaviour'])} · {label(m['object'], 60)} · {who}")
        lines += [
            f"      {m[f'account_{side}']} [{m[f'{side}_row']}]" + (f": “{words}”" if words else "")
            for side in ("a", "b")
            for words in [quoted(m[f"{side}_text"])]
        ]
    return lines


def and_more(total: int, form: str = " and others, {} shown") -> str:
    """Return words about what is not shown, or nothing when all is."""
    return form.format(MOST_ROWS) if total > MOST_ROWS else ""
