"""Laws of conversion: order and repetition change nothing; ids and instants survive."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.intake.adapters import convert
from graphscan.intake.adapters.instants import from_ms, from_text, to_ms, zone_of
from graphscan.intake.adapters.values import clean_id

ids = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip()) and clean_id_or_none(text) is not None
)
times = st.datetimes(datetime(2013, 6, 1), datetime(2099, 1, 1))


def clean_id_or_none(text: str) -> str | None:
    try:
        return clean_id(text)
    except ValueError:
        return None


def note(note_id: str, account: str, title: str, collected: int) -> dict:
    card = {"title": title, "time": 1780000000000, "user": {"user_id": account, "nickname": title}}
    data = {"id": note_id, "note_card": card}
    return {"source_platform": "xiaohongshu.com", "timestamp_collected": collected, "data": data}


notes = st.builds(note, st.sampled_from("abc"), ids, st.sampled_from(["", "x", "y"]), st.integers(0, 3))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(notes, min_size=1, max_size=4), min_size=1, max_size=3), st.randoms())
def test_shuffled_and_repeated_exports_make_the_same_bytes(files: list[list[dict]], chance: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, rows in enumerate(files):
            paths.append(Path(folder) / f"export{number}")
            paths[-1].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        shuffled = paths * 2
        chance.shuffle(shuffled)
        convert(paths, Path(folder) / "a")
        convert(shuffled, Path(folder) / "b")
        for path in (Path(folder) / "a").iterdir():
            assert path.read_bytes() == (Path(folder) / "b" / path.name).read_bytes()


@settings(max_examples=40, deadline=None)
@given(st.lists(ids, min_size=1, max_size=5, unique=True))
def test_ids_survive_unchanged(account_ids: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        rows = [note(f"n{i}", account, "x", 0) for i, account in enumerate(account_ids)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        convert([path], Path(folder) / "out")
        found = pq.read_table(Path(folder) / "out" / "notes.parquet")["account_id"].to_pylist()
        assert sorted(found) == sorted(account_ids)


@given(times)
def test_an_instant_reads_back_as_itself_with_and_without_its_offset(at: datetime) -> None:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    aware = at.replace(tzinfo=UTC)
    assert from_text(aware.isoformat(), zone_of("Asia/Shanghai")) == (to_ms(aware), False)
    assert from_text(at.isoformat(), zone_of("UTC")) == (to_ms(aware), True)
    assert from_ms(str(to_ms(aware))) == to_ms(aware)
