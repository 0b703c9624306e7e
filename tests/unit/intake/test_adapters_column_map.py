"""A column map lets any table in; its mistakes are told at once, what it cannot read is set aside."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphscan.errors import InputError
from graphscan.intake.adapters import ConversionReport, convert

SHARES = """
[[table]]
name = "interactions"
[table.columns]
account_id = "who"
target_id = { column = "what", prefix = "url:" }
created_at = { column = "at", epoch = "s" }
kind = { value = "share" }
target_kind = { value = "note" }
"""


def converted(
    tmp_path: Path, columns: str, *files: Path, **options: object
) -> tuple[ConversionReport, dict[str, list[dict]]]:
    (tmp_path / "map.toml").write_text(columns, encoding="utf-8")
    out = tmp_path / "dataset"
    report = convert(files, out, columns=tmp_path / "map.toml", **options)
    return report, {path.stem: pq.read_table(path).to_pylist() for path in out.iterdir()}


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding, newline="")
    return path


def parquet(path: Path, **columns: object) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_integers_become_exact_text_and_nulls_stay_out(tmp_path: Path) -> None:
    what = pa.array([9007199254740993, None, 18446744073709551615], pa.uint64())
    file = parquet(tmp_path / "a", who=[1, 2, 3], what=what, at=[1780000000, 1780000001, 1780000002])
    report, tables = converted(tmp_path, SHARES, file)
    assert [(s["account_id"], s["target_id"]) for s in tables["interactions"]] == [
        ("1", "url:9007199254740993"),
        ("3", "url:18446744073709551615"),
    ]
    assert report.files[0].set_aside == {"interactions.target_id: no value in what": 1}
    assert report.files[0].first_set_aside[0][0] == 2


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl", "xlsx"])
def test_the_same_rows_in_any_container_make_the_same_dataset(tmp_path: Path, kind: str) -> None:
    rows = [("00123", "1.0", 1780000000), ("b", "x", 1780000001)]
    file = tmp_path / "a"
    if kind == "csv":
        written(file, "who\twhat\tat\n" + "".join(f"{a}\t{b}\t{c}\n" for a, b, c in rows))
    elif kind == "parquet":
        parquet(file, who=[r[0] for r in rows], what=[r[1] for r in rows], at=[r[2] for r in rows])
    elif kind == "jsonl":
        written(file, "".join(json.dumps(dict(zip(("who", "what", "at"), r, strict=True))) + "\n" for r in rows))
    else:
        book = openpyxl.Workbook()
        for row in [("who", "what", "at"), *rows]:
            book.active.append(row)
        book.save(file)
    _, tables = converted(tmp_path, SHARES, file)
    assert [(s["account_id"], s["target_id"], s["created_at"]) for s in tables["interactions"]] == [
        ("00123", "url:1.0", datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)),
        ("b", "url:x", datetime(2026, 5, 28, 20, 26, 41, tzinfo=UTC)),
    ]


def test_float_ids_are_an_error_that_says_why(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a", who=["a"], what=[1.5e18], at=[1780000000])
    with pytest.raises(InputError, match="column 'what' holds double; an id is text or a whole number"):
        converted(tmp_path, SHARES, file)


def test_float_ids_in_json_lines_are_the_same_error(tmp_path: Path) -> None:
    file = written(tmp_path / "a", '{"who": "a", "what": 1.5, "at": 1}\n{"who": "a", "what": 2, "at": 1}\n')
    with pytest.raises(InputError, match="column 'what' holds double"):
        converted(tmp_path, SHARES, file)


@pytest.mark.parametrize("hollow", ["", "  ", "-1", "None", "未知"])
def test_blank_and_placeholder_targets_tie_nobody(tmp_path: Path, hollow: str) -> None:
    file = written(tmp_path / "a", f"who,what,at\na,{hollow},1780000000\nb,real,1780000000\n")
    report, tables = converted(tmp_path, SHARES, file)
    assert [s["target_id"] for s in tables["interactions"]] == ["url:real"]
    assert report.files[0].set_aside == {"interactions.target_id: no value in what": 1}


def test_a_map_may_say_that_there_are_no_placeholders(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a", who=["a"], what=[0], at=[1780000000])
    _, tables = converted(tmp_path, f"placeholders = []\n{SHARES}", file)
    assert [s["target_id"] for s in tables["interactions"]] == ["url:0"]


def test_ids_that_a_spreadsheet_rounded_are_set_aside(tmp_path: Path) -> None:
    file = written(tmp_path / "a", "who,what,at\n1.33E+18,x,1780000000\n1e5,x,1780000000\n")
    report, tables = converted(tmp_path, SHARES, file)
    assert [s["account_id"] for s in tables["interactions"]] == ["1e5"]
    assert list(report.files[0].set_aside) == [
        "interactions.account_id: an id that a spreadsheet rounded; its digits are lost"
    ]


def test_every_mistake_of_a_map_is_told_at_once(tmp_path: Path) -> None:
    columns = """
    timezone = "Mars/Base"
    [[table]]
    name = "tweets"
    [[table]]
    name = "notes"
    [table.columns]
    note_id = "id"
    author = "who"
    account_id = { column = "nobody" }
    text = { value = "x", row = "n" }
    """
    file = parquet(tmp_path / "a", who=["a"], what=["b"], at=[1])
    with pytest.raises(InputError) as caught:
        converted(tmp_path, columns, file)
    message = str(caught.value)
    for told in (
        "timezone 'Mars/Base'",
        "unknown table 'tweets'",
        "notes: unknown column 'author'",
        "required columns are missing: created_at",
        "notes.text: exactly one of column, value, row",
        "a has no column 'id'; it has who, what, at",
        "a has no column 'nobody'",
    ):
        assert told in message


def test_several_tables_come_of_one_file_by_the_values_of_a_column(tmp_path: Path) -> None:
    columns = """
    [[table]]
    name = "notes"
    where = { act = ["post"] }
    [table.columns]
    note_id = { row = "n" }
    account_id = "who"
    created_at = "at"
    text = "words"
    """ + SHARES.replace('name = "interactions"', 'name = "interactions"\nwhere = { act = "share" }').replace(
        ', epoch = "s"', ""
    )
    at = pa.array([datetime(2026, 5, 28, 20, tzinfo=UTC)] * 3)
    file = parquet(
        tmp_path / "a",
        act=["share", "post", "like"],
        who=["a", "b", "c"],
        what=["x", "y", "z"],
        at=at,
        words=["", "w", ""],
    )
    _, tables = converted(tmp_path, columns, file)
    assert [(n["note_id"], n["text"]) for n in tables["notes"]] == [("n2", "w")]
    assert [s["target_id"] for s in tables["interactions"]] == ["url:x"]


def test_row_ids_over_several_files_would_collide_and_are_refused(tmp_path: Path) -> None:
    columns = SHARES.replace('account_id = "who"', 'account_id = { row = "a" }')
    files = [parquet(tmp_path / name, what=["x"], at=[1780000000 + len(name)]) for name in ("a", "bb")]
    with pytest.raises(InputError, match='row = "a" is used for several files'):
        converted(tmp_path, columns, *files)


NOTES = """
[[table]]
name = "notes"
[table.columns]
note_id = "id"
account_id = "who"
created_at = { column = "at", format = "%Y-%m-%d %H:%M:%S" }
"""


@pytest.mark.parametrize(
    ("extra", "cell", "links"),
    [
        ('links = { column = "urls", separator = " " }', "a  b", ["a", "b"]),
        ('links = "urls"', '["a", "b c"]', ["a", "b c"]),
        ('links = { column = "urls", list = "one" }', "a b", ["a b"]),
        ('links = "urls"', "", None),
    ],
)
def test_lists_come_joined_as_json_or_as_one_value(tmp_path: Path, extra: str, cell: str, links: object) -> None:
    file = parquet(tmp_path / "a", id=["1"], who=["a"], at=["2026-05-29 04:26:40"], urls=[cell])
    _, tables = converted(tmp_path, NOTES + extra, file)
    assert tables["notes"][0]["links"] == links


def test_lists_of_a_parquet_file_stay_lists(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a", id=["1"], who=["a"], at=["2026-05-29 04:26:40"], urls=[["a", "", "b"]])
    _, tables = converted(tmp_path, NOTES + 'links = "urls"', file)
    assert tables["notes"][0]["links"] == ["a", "b"]


@pytest.mark.parametrize(
    ("zone", "option", "hour"), [("", None, 4), ("Asia/Shanghai", None, 20), ("Asia/Shanghai", "UTC", 4)]
)
def test_naive_times_are_read_in_the_zone_of_the_map_or_of_the_call(
    tmp_path: Path, zone: str, option: str | None, hour: int
) -> None:
    file = parquet(tmp_path / "a", id=["1"], who=["a"], at=["2026-05-29 04:26:40"])
    columns = (f'timezone = "{zone}"\n' if zone else "") + NOTES
    report, tables = converted(tmp_path, columns, file, timezone=option)
    assert tables["notes"][0]["created_at"].hour == hour
    assert any("read as UTC" in warning for warning in report.files[0].warnings) == (not zone)


def test_bad_times_are_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    at = ["2026-05-29 04:26:40", "yesterday", None, "2300-01-01 00:00:00"]
    file = parquet(tmp_path / "a", id=["1", "2", "3", "4"], who=["a"] * 4, at=at)
    report, tables = converted(tmp_path, NOTES, file)
    assert [n["note_id"] for n in tables["notes"]] == ["1"]
    assert report.files[0].set_aside == {
        "notes.created_at: no time of the form %Y-%m-%d %H:%M:%S": 1,
        "notes.created_at: no value in at": 1,
        "notes.created_at: outside the years 1970 to 2100": 1,
    }


def test_numbers_without_a_unit_are_no_times(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a", who=["a"], what=["x"], at=[1780000000])
    with pytest.raises(InputError, match=r'column .at. holds int64.*say epoch = "s" or "ms"'):
        converted(tmp_path, SHARES.replace(', epoch = "s"', ""), file)


@pytest.mark.parametrize(
    ("unit", "value", "microsecond"),
    [("s", 1606451170.518101, 518_000), ("s", 134218037.001, 1_000), ("ms", 1606451170518, 518_000)],
)
def test_epochs_keep_their_milliseconds(tmp_path: Path, unit: str, value: float, microsecond: int) -> None:
    file = parquet(tmp_path / "a", who=["a"], what=["x"], at=[value])
    _, tables = converted(tmp_path, SHARES.replace('"s"', f'"{unit}"'), file)
    assert tables["interactions"][0]["created_at"].microsecond == microsecond


def test_chinese_headers_semicolons_and_an_old_encoding_are_read(tmp_path: Path) -> None:
    columns = """
    encoding = "gb18030"
    delimiter = ";"
    [[table]]
    name = "comments"
    [table.columns]
    comment_id = "编号"
    note_id = "笔记"
    account_id = "用户"
    created_at = { column = "时间", format = "%Y/%m/%d %H:%M" }
    text = "内容"
    """
    file = written(tmp_path / "a.csv", "编号;笔记;用户;时间;内容\n1;2;3;2026/05/29 04:26;好, 真好\n", "gb18030")
    _, tables = converted(tmp_path, columns, file)
    assert tables["comments"][0]["text"] == "好, 真好"


def test_an_entry_for_other_files_leaves_this_one_to_its_own_format(tmp_path: Path) -> None:
    csv = written(tmp_path / "a.csv", "object_id,account_id,content_id,timestamp_share\no,a,c,1780000000\n")
    file = parquet(tmp_path / "b.parquet", who=["b"], what=["x"], at=[1780000000])
    columns = SHARES.replace('name = "interactions"', 'name = "interactions"\nfile = "*.parquet"')
    report, tables = converted(tmp_path, columns, csv, file)
    assert [f.format for f in report.files] == ["coortweet", "column_map"]
    assert len(tables["interactions"]) == 2


def test_values_outside_the_allowed_words_are_set_aside(tmp_path: Path) -> None:
    columns = SHARES.replace('kind = { value = "share" }', 'kind = "act"')
    file = parquet(tmp_path / "a", who=["a", "b"], what=["x", "y"], at=[1780000000] * 2, act=["like", "boost"])
    report, tables = converted(tmp_path, columns, file)
    assert [s["kind"] for s in tables["interactions"]] == ["like"]
    assert report.files[0].set_aside == {"interactions.kind: allowed: like, collect, share, follow, view": 1}


def test_a_sparse_key_far_down_a_json_file_is_a_column(tmp_path: Path) -> None:
    rows = [{"who": "a", "at": 1780000000}] * 60 + [{"who": "a", "at": 1780000000, "what": "x"}]
    file = written(tmp_path / "a", "".join(json.dumps(row) + "\n" for row in rows))
    report, _ = converted(tmp_path, SHARES, file)
    assert report.rows == {"interactions": 1}


def test_a_map_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"map\.toml is not valid TOML"):
        converted(tmp_path, "[[table]\n", written(tmp_path / "a", "x\n1\n"))


def test_a_column_that_is_no_value_at_all_is_one_clear_error(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a", id=["1"], who=["a"], at=["2026-05-29 04:26:40"], words=[{"x": 1}])
    with pytest.raises(InputError, match="column 'words' holds struct<x: int64>, which cannot be read as text"):
        converted(tmp_path, NOTES + 'text = "words"', file)


def test_missing_float_times_are_missing_and_not_1970(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a", who=["a", "b"], what=["x", "y"], at=[None, 1780000000.5])
    report, tables = converted(tmp_path, SHARES, file)
    assert [s["account_id"] for s in tables["interactions"]] == ["b"]
    assert report.files[0].set_aside == {"interactions.created_at: no value in at": 1}


def test_a_clock_reading_that_summer_time_repeats_is_the_first(tmp_path: Path) -> None:
    at = pa.array([datetime(2026, 10, 25, 2, 30)], pa.timestamp("us"))
    file = parquet(tmp_path / "a", id=["1"], who=["a"], at=at)
    columns = 'timezone = "Europe/Berlin"' + NOTES.replace('{ column = "at", format = "%Y-%m-%d %H:%M:%S" }', '"at"')
    _, tables = converted(tmp_path, columns, file)
    assert tables["notes"][0]["created_at"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
