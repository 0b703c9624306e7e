"""Laws of intake: neither the order of rows, nor their files, nor their format change what is read."""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from graphscan.intake import Dataset, read_dataset
from graphscan.intake.clock import Clock
from graphscan.intake.times import read_times

Note = dict[str, Any]

START = datetime(2026, 3, 10, tzinfo=UTC)
COLUMNS = ("note_id", "account_id", "created_at", "text", "tags", "public")
# A file of rows without a value says nothing of a column; NUL and surrogates are no text of any format.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
NOTES = st.lists(
    st.fixed_dictionaries(
        {
            # Few ids, so that duplicates, equal and different, are common.
            "note_id": st.sampled_from(["1", "01", "1e5", "null", "🦊", "9007199254740993"]) | TEXT.filter(bool),
            "account_id": st.sampled_from(["a", "NA", "00123"]),
            "created_at": st.integers(0, 3).map(lambda s: START + timedelta(milliseconds=500 * s)),
            "text": st.none() | TEXT.filter(bool),
            "tags": st.none() | st.lists(TEXT, max_size=2),
            "public": st.none() | st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)


def write_csv(path: Path, notes: list[Note]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        for note in notes:
            cells = {**note, "created_at": note["created_at"].isoformat()}
            cells["tags"] = None if note["tags"] is None else json.dumps(note["tags"])
            writer.writerow(cells[c] for c in COLUMNS)


def write_jsonl(path: Path, notes: list[Note]) -> None:
    lines = [json.dumps({**note, "created_at": note["created_at"].isoformat()}) for note in notes]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def write_parquet(path: Path, notes: list[Note]) -> None:
    parquet.write_table(pa.Table.from_pylist(notes), path)


WRITERS: tuple[tuple[str, Callable[[Path, list[Note]], None]], ...] = (
    ("csv", write_csv),
    ("jsonl.gz", write_jsonl),
    ("parquet", write_parquet),
)


def read(notes: list[Note], cuts: list[int], formats: list[int]) -> Dataset:
    """Write the notes cut into files of the given formats, and read them back."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "notes"
        target.mkdir()
        ends = [0, *sorted(cut % len(notes) for cut in cuts), len(notes)]
        for number, (start, end) in enumerate(pairwise(ends)):
            if end > start:
                ending, write = WRITERS[formats[number % len(formats)]]
                write(target / f"part-{number}.{ending}", notes[start:end])
        return read_dataset(Path(folder))


@settings(max_examples=60, deadline=None)
@given(NOTES, st.randoms(use_true_random=False), st.lists(st.integers(0, 11), max_size=3), st.data())
def test_order_split_and_format_change_nothing(notes: list[Note], random: Any, cuts: list[int], data: Any) -> None:
    formats = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=3))
    straight = read(notes, [], [0])
    shuffled = list(notes)
    random.shuffle(shuffled)
    other = read(shuffled, cuts, formats)
    assert other.tables["notes"].equals(straight.tables["notes"])
    assert other.quality.duplicates_equal == straight.quality.duplicates_equal
    assert other.quality.duplicates_different == straight.quality.duplicates_different


@settings(max_examples=40, deadline=None)
@given(NOTES)
def test_duplicates_agree_with_the_plain_rule(notes: list[Note]) -> None:
    quality = read(notes, [], [2]).quality
    kept = {note["note_id"] for note in notes}
    distinct = {json.dumps(note, default=str, sort_keys=True) for note in notes}
    assert quality.rows["notes"] == len(kept)
    assert quality.duplicates_equal.get("notes", 0) == len(notes) - len(distinct)
    assert quality.duplicates_different.get("notes", 0) == len(distinct) - len(kept)


@settings(max_examples=40, deadline=None)
@given(NOTES)
def test_what_is_kept_is_an_earliest_row_exactly_as_written(notes: list[Note]) -> None:
    for row in read(notes, [], [1]).tables["notes"].to_pylist():
        same = [note for note in notes if note["note_id"] == row["note_id"]]
        written = {name: row[name] for name in COLUMNS}
        assert written in same
        assert row["created_at"] == min(note["created_at"] for note in same)


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from("T "),
)
def test_any_instant_with_any_offset_is_read_to_the_millisecond(moment: datetime, offset: int, letter: str) -> None:
    placed = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    parsed = read_times(pa.chunked_array([pa.array([placed.isoformat(letter)])]), Clock())
    expected = placed.astimezone(UTC)
    assert parsed.values.to_pylist() == [expected.replace(microsecond=expected.microsecond // 1000 * 1000)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=25), min_size=1, max_size=5))
def test_any_text_is_a_time_or_a_fault_and_never_an_error(texts: list[str]) -> None:
    parsed = read_times(pa.chunked_array([pa.array(texts)]), Clock(epoch_unit="s"), days=True)
    faulty = [any(fault.rows[i] for fault in parsed.faults) for i in range(len(texts))]
    assert [value is None for value in parsed.values.to_pylist()] == [
        bad or text == "" for bad, text in zip(faulty, texts, strict=True)
    ]
