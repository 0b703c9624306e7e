"""Parquet: exact ids from whole numbers, fractions refused, every way to write lists, times and bools."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from graphscan.errors import InputError
from graphscan.intake import Dataset, read_dataset

AT = datetime(2026, 3, 10, 10, tzinfo=UTC)


def read(folder: Path, **columns: Any) -> Dataset:
    count = len(next(iter(columns.values())))
    base = {
        "note_id": [f"n{i}" for i in range(count)],
        "account_id": ["a"] * count,
        "created_at": [AT] * count,
    }
    parquet.write_table(pa.table({**base, **columns}), folder / "notes.parquet")
    return read_dataset(folder)


def values(dataset: Dataset, column: str) -> list[Any]:
    return dataset.tables["notes"].column(column).to_pylist()


@pytest.mark.parametrize(
    "ids",
    [
        pa.array(["00123", "🦊"]),
        pa.array(["00123", "🦊"], pa.large_string()),
        pa.array(["00123", "🦊"], pa.string_view()),
        pa.array(["00123", "🦊"]).dictionary_encode(),
        pa.array([b"00123", "🦊".encode()], pa.binary()),
    ],
    ids=lambda a: str(a.type)[:10],
)
def test_ids_of_any_text_type_are_kept(tmp_path: Path, ids: pa.Array) -> None:
    assert values(read(tmp_path, account_id=ids), "account_id") == ["00123", "🦊"]


@pytest.mark.parametrize(
    ("ids", "exact"),
    [
        (pa.array([2**64 - 1], pa.uint64()), "18446744073709551615"),
        (pa.array([2**53 + 1], pa.int64()), "9007199254740993"),
        (pa.array([Decimal("12345678901234567890123")], pa.decimal128(38, 0)), "12345678901234567890123"),
    ],
    ids=["uint64", "int64", "decimal"],
)
def test_whole_numbers_become_exact_ids(tmp_path: Path, ids: pa.Array, exact: str) -> None:
    assert values(read(tmp_path, account_id=ids), "account_id") == [exact]


@pytest.mark.parametrize("ids", [pa.array([1.0]), pa.array([True]), pa.array([Decimal("1.5")]), pa.array([AT])])
def test_other_ids_are_of_the_wrong_type(tmp_path: Path, ids: pa.Array) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, account_id=ids)
    assert f"table notes: column account_id in notes.parquet is of the wrong type {ids.type}" in str(error.value)
    assert "allowed: text or whole numbers" in str(error.value)


def test_lists_may_be_lists_or_json_text(tmp_path: Path) -> None:
    whole = pa.array([["a", "7"], [], None], pa.list_(pa.string()))
    numbers = pa.array([[1], [2**60], None], pa.large_list(pa.int64()))
    text = pa.array(['["a", 7]', "[]", None])
    dataset = read(tmp_path, tags=whole, links=text, media=numbers)
    assert values(dataset, "tags") == values(dataset, "links") == [["a", "7"], [], None]
    assert values(dataset, "media") == [["1"], [str(2**60)], None]


def test_a_list_with_a_null_in_it_is_set_aside(tmp_path: Path) -> None:
    dataset = read(tmp_path, tags=pa.array([["a"], ["b", None], ["c\0"]]))
    assert values(dataset, "tags") == [["a"], ["c"]]
    assert [(r.line, r.column) for r in dataset.quality.set_aside] == [(2, "tags")]


def test_lists_of_fractions_are_of_the_wrong_type(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: lists of text, or JSON arrays of texts"):
        read(tmp_path, tags=pa.array([[1.5]]))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_of_any_unit_and_zone_are_instants(tmp_path: Path, unit: str) -> None:
    local = pa.array([AT], pa.timestamp(unit, tz="Asia/Shanghai"))
    assert values(read(tmp_path, created_at=local), "created_at") == [AT]


def test_timestamps_without_a_zone_are_read_in_the_zone_given(tmp_path: Path) -> None:
    read(tmp_path, created_at=pa.array([datetime(2026, 3, 10, 18)], pa.timestamp("us")))
    dataset = read_dataset(tmp_path, timezone="Asia/Shanghai")
    assert values(dataset, "created_at") == [AT]
    assert dataset.quality.notices == ("notes.created_at: 1 times without a zone were read in Asia/Shanghai",)


def test_numbers_are_times_only_with_a_unit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="for numbers pass --epoch s or --epoch ms"):
        read(tmp_path, created_at=pa.array([1773136800]))
    assert values(read_dataset(tmp_path, epoch_unit="s"), "created_at") == [AT]


def test_a_day_is_no_time_of_an_action_but_one_of_a_registration(tmp_path: Path) -> None:
    accounts = pa.table({"account_id": ["a"], "registered_at": [date(2026, 3, 10)]})
    parquet.write_table(accounts, tmp_path / "accounts.parquet")
    dataset = read(tmp_path, title=["x"])
    assert dataset.tables["accounts"].column("registered_at").to_pylist() == [AT.replace(hour=0)]
    with pytest.raises(InputError, match="wrong type date32"):
        read(tmp_path, created_at=[date(2026, 3, 10)])


def test_times_beyond_all_calendars_are_set_aside(tmp_path: Path) -> None:
    far = pa.array([0, 2**62], pa.timestamp("us", tz="UTC"))
    dataset = read(tmp_path, created_at=far)
    assert [(r.line, r.reason) for r in dataset.quality.set_aside] == [(2, "outside the years 1970 to 2100")]
    with pytest.raises(InputError, match="a time beyond the year 9999"):
        read(tmp_path, created_at=far.slice(1))


def test_bools_may_be_bools_numbers_or_text(tmp_path: Path) -> None:
    assert values(read(tmp_path, public=[True, None]), "public") == [True, None]
    assert values(read(tmp_path, public=[1, 0]), "public") == [True, False]
    assert values(read(tmp_path, public=["Yes", "FALSE"]), "public") == [True, False]


def test_an_undecodable_text_is_set_aside(tmp_path: Path) -> None:
    broken = pa.array([b"fine", b"fine", b"\xff\xfe"], pa.binary())
    read(tmp_path, title=broken)
    dataset = read_dataset(tmp_path)
    assert [(r.line, r.column, r.reason) for r in dataset.quality.set_aside] == [(3, "title", "not valid UTF-8")]


def test_a_cut_file_is_refused_by_name(tmp_path: Path) -> None:
    read(tmp_path, title=["x"])
    whole = (tmp_path / "notes.parquet").read_bytes()
    for broken in (whole[:-10], b"", b"PAR1" + b"\0" * 50 + b"PAR1"):
        (tmp_path / "notes.parquet").write_bytes(broken)
        with pytest.raises(InputError, match=r"notes\.parquet cannot be read as parquet"):
            read_dataset(tmp_path)


def test_missing_and_repeated_columns_are_refused(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"note_id": ["n"]}), tmp_path / "notes.parquet")
    with pytest.raises(InputError, match=r"required column account_id, created_at is missing in notes\.parquet"):
        read_dataset(tmp_path)
    twice = pa.table([pa.array(["a"]), pa.array(["b"])], names=["note_id", "note_id"])
    parquet.write_table(twice, tmp_path / "notes.parquet")
    with pytest.raises(InputError, match="column note_id is there more than once"):
        read_dataset(tmp_path)


def test_a_column_of_nulls_only_is_no_value(tmp_path: Path) -> None:
    dataset = read(tmp_path, title=pa.nulls(2), tags=pa.nulls(2), public=pa.nulls(2), client=pa.nulls(2))
    assert not any(dataset.has("notes", c) for c in ("title", "tags", "public", "client"))
