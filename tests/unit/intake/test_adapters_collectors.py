"""MediaCrawler and XHS-Downloader: every trap that their files have been seen to hold."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from graphscan.errors import InputError
from graphscan.intake.adapters import ConversionReport, convert

NOTE = "6a18a500000000001a000001"
AUTHOR = "6955b900000000000b000001"
COMMENT_HEADER = (
    "comment_id,create_time,ip_location,note_id,content,user_id,nickname,avatar,sub_comment_count,pictures,"
    "parent_comment_id,last_modify_ts,like_count"
)


def comment_row(number: int, **changes: str) -> str:
    names = COMMENT_HEADER.split(",")
    row = dict.fromkeys(names, "") | {
        "comment_id": f"c{number}",
        "create_time": str(1780000600000 + number * 1000),
        "note_id": NOTE,
        "content": "绝了",
        "user_id": AUTHOR,
        "nickname": "momo",
        "last_modify_ts": "1780090000000",
    }
    return ",".join((row | changes)[name] for name in names)


def converted(tmp_path: Path, *files: Path, **options: object) -> tuple[ConversionReport, dict[str, list[dict]]]:
    out = tmp_path / "dataset"
    report = convert(files, out, **options)
    return report, {path.stem: pq.read_table(path).to_pylist() for path in out.iterdir()}


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding, newline="")
    return path


def jsonl(path: Path, *rows: dict) -> Path:
    return written(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def note(**changes: object) -> dict:
    return {
        "note_id": NOTE,
        "title": "题",
        "desc": "文",
        "time": 1780000000000,
        "last_update_time": 0,
        "user_id": AUTHOR,
        "nickname": "示例",
        "tag_list": "护肤,精华",
        "last_modify_ts": 1780090000000,
    } | changes


def test_a_csv_with_a_byte_order_mark_keeps_every_id_and_name_as_text(tmp_path: Path) -> None:
    rows = [
        comment_row(1, user_id="67123456000000000e012345", nickname="null"),
        comment_row(2, user_id="00123", nickname="NA"),
        comment_row(3, user_id="12345678901234567890", nickname="😀"),
    ]
    file = written(tmp_path / "any.name", "\n".join([COMMENT_HEADER, *rows]) + "\n", "utf-8-sig")
    _, tables = converted(tmp_path, file)
    assert {(a["account_id"], a["nickname"]) for a in tables["accounts"]} == {
        ("67123456000000000e012345", "null"),
        ("00123", "NA"),
        ("12345678901234567890", "😀"),
    }
    assert [c["comment_id"] for c in tables["comments"]] == ["c1", "c2", "c3"]


@pytest.mark.parametrize("parent", [0, "0", "", None, "None"])
def test_every_way_to_say_no_parent_is_no_answer(tmp_path: Path, parent: object) -> None:
    row = {
        "comment_id": "c1",
        "create_time": 1780000600000,
        "note_id": NOTE,
        "content": "绝了",
        "user_id": AUTHOR,
        "nickname": "momo",
        "parent_comment_id": parent,
    }
    file = jsonl(tmp_path / "a.jsonl", row, row | {"comment_id": "c2", "parent_comment_id": "c1"})
    _, tables = converted(tmp_path, file)
    assert [c["reply_to"] for c in tables["comments"]] == [None, "c1"]


def test_a_file_appended_to_over_an_upgrade_sets_the_odd_rows_aside_by_line(tmp_path: Path) -> None:
    longer = comment_row(2) + ",one more"
    file = written(tmp_path / "a.csv", "\n".join([COMMENT_HEADER, comment_row(1), longer, comment_row(3)]))
    report, tables = converted(tmp_path, file)
    assert [c["comment_id"] for c in tables["comments"]] == ["c1", "c3"]
    assert report.files[0].first_set_aside == ((3, "", "14 fields where the header has 13"),)


def test_a_second_header_in_the_middle_is_followed_from_there(tmp_path: Path) -> None:
    newer = "comment_id,create_time,note_id,content,creator_hash,nickname,sub_comment_count,pictures,"
    newer += "parent_comment_id,last_modify_ts,like_count"
    row = f"c2,1780000602000,{NOTE},也绝了,4bdd8c856416fc14,m***o,0,,c1,1780090000000,2.1w"
    file = written(tmp_path / "a.csv", "\n".join([COMMENT_HEADER, comment_row(1), newer, row]))
    report, tables = converted(tmp_path, file)
    assert [(c["comment_id"], c["account_id"], c["reply_to"]) for c in tables["comments"]] == [
        ("c1", AUTHOR, None),
        ("c2", "4bdd8c856416fc14", "c1"),
    ]
    assert report.files[0].set_aside == {}


def test_hashed_accounts_are_told_and_their_masked_names_are_no_nicknames(tmp_path: Path) -> None:
    row = note(creator_hash="4bdd8c856416fc14", nickname="示***例")
    del row["user_id"]
    report, tables = converted(tmp_path, jsonl(tmp_path / "a.jsonl", row))
    assert [(a["account_id"], a["nickname"]) for a in tables["accounts"]] == [("4bdd8c856416fc14", None)]
    assert any("hashed" in warning for warning in report.files[0].warnings)


def test_exports_with_plain_and_hashed_accounts_together_are_warned_of(tmp_path: Path) -> None:
    hashed = note(note_id="n2", creator_hash="4bdd8c856416fc14")
    del hashed["user_id"]
    files = jsonl(tmp_path / "a.jsonl", note()), jsonl(tmp_path / "b.jsonl", hashed)
    report, _ = converted(tmp_path, *files)
    assert any("counts as two accounts" in notice for notice in report.notices)


@pytest.mark.parametrize("missing", [0, "0", "", None])
def test_a_missing_note_time_is_taken_from_the_id_and_counted(tmp_path: Path, missing: object) -> None:
    report, tables = converted(tmp_path, jsonl(tmp_path / "a.jsonl", note(time=missing)))
    assert tables["notes"][0]["created_at"] == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)
    assert any("taken from the note's id" in warning and ": 1" in warning for warning in report.files[0].warnings)


def test_a_note_without_a_time_and_with_an_id_that_carries_none_is_set_aside(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", note(), note(note_id="plain", time=""))
    report, tables = converted(tmp_path, file)
    assert len(tables["notes"]) == 1
    assert report.files[0].set_aside == {"created_at: no value": 1}


def test_seconds_in_a_column_of_milliseconds_are_no_time(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", note(), note(note_id="n2", time=1780000000))
    report, _ = converted(tmp_path, file)
    assert report.files[0].set_aside == {"created_at: 1780000000 is no time in milliseconds": 1}


def test_ids_that_a_program_made_floats_are_set_aside_not_guessed(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", note(), note(note_id="n2", user_id=1.5e18), note(note_id="6.71E+22"))
    report, tables = converted(tmp_path, file)
    assert [n["note_id"] for n in tables["notes"]] == [NOTE]
    assert len(report.files[0].first_set_aside) == 2


def test_the_note_collected_last_wins_and_gaps_are_filled_from_the_earlier(tmp_path: Path) -> None:
    late = note(title="新题", desc="", last_modify_ts=1780090009999)
    files = jsonl(tmp_path / "b.jsonl", late), jsonl(tmp_path / "a.jsonl", note())
    report, tables = converted(tmp_path, *files)
    assert [(n["title"], n["text"]) for n in tables["notes"]] == [("新题", "文")]
    assert report.folded["notes"] == 1


def test_sqlite_lists_encoded_twice_are_lists_again(tmp_path: Path) -> None:
    path = tmp_path / "whatever"
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE xhs_note(id integer primary key, user_id text, nickname text, note_id text, title text,"
        "desc text, time int, last_update_time int, liked_count text, tag_list text, last_modify_ts int)"
    )
    values = (
        1,
        AUTHOR,
        "null",
        NOTE,
        "题",
        "",
        1780000000000,
        0,
        "None",
        '"\\u62a4\\u80a4,\\u7cbe\\u534e"',
        5,
    )
    connection.execute(
        "CREATE TABLE weibo_note_comment(comment_id text, note_id text, content text, create_time int,"
        "parent_comment_id text, user_id text)"
    )
    connection.execute("INSERT INTO weibo_note_comment VALUES ('1', '2', 'x', 1780000000000, '', 'w')")
    connection.execute("INSERT INTO xhs_note VALUES (?,?,?,?,?,?,?,?,?,?,?)", values)
    connection.commit()
    connection.close()
    before = path.read_bytes()
    _, tables = converted(tmp_path, path)
    assert tables["notes"][0]["tags"] == ["护肤", "精华"]
    assert tables["notes"][0]["text"] is None
    assert path.read_bytes() == before
    assert "comments" not in tables, "another platform's table in the same database"


def test_a_json_array_of_creators_gives_profiles_but_no_actions(tmp_path: Path) -> None:
    creator = {
        "user_id": AUTHOR,
        "nickname": "示例",
        "desc": "简介",
        "follows": "1",
        "fans": "1.2万",
        "interaction": "",
    }
    file = written(tmp_path / "c.json", json.dumps([creator]))
    report, tables = converted(tmp_path, file)
    assert [(a["account_id"], a["bio"]) for a in tables["accounts"]] == [(AUTHOR, "简介")]
    assert any("nothing says what accounts did" in notice for notice in report.notices)


def test_a_workbook_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Contents"
    names = list(note())
    sheet.append(names)
    sheet.append([note()[name] for name in names])
    comments = book.create_sheet("Comments")
    for line in (COMMENT_HEADER, comment_row(1)):
        comments.append(line.split(","))
    book.save(tmp_path / "book.bin")
    _, tables = converted(tmp_path, tmp_path / "book.bin")
    assert tables["notes"][0]["tags"] == ["护肤", "精华"]
    assert [c["comment_id"] for c in tables["comments"]] == ["c1"]


def test_a_workbook_without_the_extra_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"needs the extra xlsx: pip install 'graphscan\[xlsx\]'"):
        convert([tmp_path / "book.xlsx"], tmp_path / "out")


def test_what_a_dataset_has_no_column_for_is_named_once(tmp_path: Path) -> None:
    row = note(ip_location="浙江", liked_count="1.2万")
    report, _ = converted(tmp_path, jsonl(tmp_path / "a.jsonl", row, row | {"note_id": "n2"}))
    told = [warning for warning in report.files[0].warnings if "not kept" in warning]
    assert told == ["not kept, a dataset has no column for them: ip_location, liked_count"]


def downloader_db(path: Path, **changes: str) -> Path:
    names = (
        "采集时间",
        "作品ID",
        "作品标题",
        "作品描述",
        "作品标签",
        "发布时间",
        "评论数量",
        "作者昵称",
        "作者ID",
    )
    row = {
        "采集时间": "2026-05-29_10:00:00",
        "作品ID": NOTE,
        "作品标签": "护肤 精华",
        "发布时间": "2026-05-29_04:26:40",
        "评论数量": "-1",
        "作者昵称": "示例",
        "作者ID": AUTHOR,
    } | changes
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE explore_data({','.join(f'{name} TEXT' for name in names)})")
    connection.execute(f"INSERT INTO explore_data VALUES ({','.join('?' * 9)})", [row.get(n, "") for n in names])
    connection.commit()
    connection.close()
    return path


def test_downloader_times_are_read_in_china_unless_told_and_it_says_so(tmp_path: Path) -> None:
    report, tables = converted(tmp_path, downloader_db(tmp_path / "x"))
    assert tables["notes"][0]["created_at"] == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)
    assert tables["notes"][0]["tags"] == ["护肤", "精华"]
    assert any("read as Asia/Shanghai" in warning for warning in report.files[0].warnings)
    assert not any("another zone" in warning for warning in report.files[0].warnings)


def test_a_wrong_zone_shows_against_the_times_inside_the_ids(tmp_path: Path) -> None:
    report, tables = converted(tmp_path, downloader_db(tmp_path / "x"), timezone="UTC")
    assert tables["notes"][0]["created_at"] == datetime(2026, 5, 29, 4, 26, 40, tzinfo=UTC)
    assert any("+8 h" in warning and "another zone" in warning for warning in report.files[0].warnings)


def test_an_unknown_downloader_time_comes_from_the_id(tmp_path: Path) -> None:
    report, tables = converted(tmp_path, downloader_db(tmp_path / "x", 发布时间="未知"))
    assert tables["notes"][0]["created_at"] == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)
    assert any("taken from the note's id" in warning for warning in report.files[0].warnings)


def test_a_downloader_note_without_its_author_is_set_aside(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"(?s)no row of any export can be taken.*account_id: no value"):
        converted(tmp_path, downloader_db(tmp_path / "x", 作者ID="-1"))


def test_a_file_saved_by_a_chinese_spreadsheet_keeps_its_words(tmp_path: Path) -> None:
    rows = [comment_row(1, content="这个真的绝了"), comment_row(2, content="同求链接")]
    report, tables = converted(tmp_path, written(tmp_path / "a", "\n".join([COMMENT_HEADER, *rows]), "gb18030"))
    assert [c["text"] for c in tables["comments"]] == ["这个真的绝了", "同求链接"]
    assert "the file is not UTF-8; it was read as gb18030" in report.files[0].warnings


def test_a_stray_byte_costs_one_letter_and_not_the_file(tmp_path: Path) -> None:
    rows = [comment_row(number, content="这个真的绝了") for number in range(9)]
    path = tmp_path / "a"
    path.write_bytes("\n".join([COMMENT_HEADER, *rows]).encode().replace("绝了".encode(), b"\x81@", 1))
    report, tables = converted(tmp_path, path)
    assert [c["text"] for c in tables["comments"]] == ["这个真的\ufffd@", *["这个真的绝了"] * 8]
    assert any("no text" in warning and warning.endswith(": 1") for warning in report.files[0].warnings)


def test_a_database_that_is_being_written_is_warned_of(tmp_path: Path) -> None:
    path = downloader_db(tmp_path / "x")
    (tmp_path / "x-wal").write_bytes(b"pending")
    report, _ = converted(tmp_path, path)
    assert any("write-ahead log" in warning for warning in report.files[0].warnings)
