"""Zeeschuimer and the web interface: whole objects, four shapes of notes, answers inside comments."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphscan.errors import InputError
from graphscan.intake.adapters import ConversionReport, convert

NOTE = "6a18a500000000001a000001"
USER = {"user_id": "6955b900000000000b000001", "nickname": "示例"}
COMMENT = {
    "id": "c1",
    "note_id": NOTE,
    "content": "绝了",
    "create_time": 1780000600000,
    "user_info": USER,
    "sub_comments": [
        {
            "id": "c2",
            "content": "同意",
            "create_time": 1780000609000,
            "user_info": {"user_id": "u2", "nickname": "乙"},
        }
    ],
}


def envelope(data: dict, platform: str = "xiaohongshu.com", collected: int = 5) -> dict:
    return {"item_id": "x", "timestamp_collected": collected, "source_platform": platform, "data": data}


def converted(tmp_path: Path, *rows: object) -> tuple[ConversionReport, dict[str, list[dict]]]:
    file = tmp_path / "export"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "dataset"
    report = convert([file], out)
    return report, {path.stem: pq.read_table(path).to_pylist() for path in out.iterdir()}


SHAPES = {
    "a search tile": {"id": NOTE, "model_type": "note", "note_card": {"display_title": "题", "user": USER}},
    "a video of a user's page": {"type": "video", "note_id": NOTE, "display_title": "题", "user": USER},
    "an object of a note's page": {
        "id": NOTE,
        "note": {"title": "题", "user": {"userId": USER["user_id"], "nickname": "示例"}, "interactInfo": {}},
    },
    "an old nick_name": {
        "id": NOTE,
        "note_card": {"title": "题", "user": {"user_id": USER["user_id"], "nick_name": "示例"}},
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_note_is_the_same_note(tmp_path: Path, shape: str) -> None:
    report, tables = converted(tmp_path, envelope(SHAPES[shape]))
    [note] = tables["notes"]
    assert (note["note_id"], note["account_id"], note["title"]) == (NOTE, USER["user_id"], "题")
    assert note["created_at"] == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)
    assert tables["accounts"][0]["nickname"] == "示例"
    assert "zeeschuimer" in report.files[0].format


def test_a_tile_read_off_the_page_knows_no_account_and_is_set_aside(tmp_path: Path) -> None:
    tile = {"_zs-origin": "html", "id": "n2", "author_name": "momo", "title": "题"}
    report, tables = converted(tmp_path, envelope(SHAPES["a search tile"]), envelope(tile))
    assert len(tables["notes"]) == 1
    [(line, column, reason)] = report.files[0].first_set_aside
    assert (line, column) == (2, "account_id")
    assert "nickname only" in reason


def test_an_opened_note_keeps_its_words_when_its_tile_is_seen_later(tmp_path: Path) -> None:
    opened = {
        "id": NOTE,
        "note_card": {
            "title": "题",
            "desc": "全文",
            "time": 1780000000123,
            "tag_list": [{"name": "护肤"}],
            "user": USER,
        },
    }
    _, tables = converted(tmp_path, envelope(opened, collected=5), envelope(SHAPES["a search tile"], collected=9))
    [note] = tables["notes"]
    assert (note["text"], note["tags"]) == ("全文", ["护肤"])
    assert note["created_at"] == datetime(2026, 5, 28, 20, 26, 40, 123000, tzinfo=UTC), "told beats guessed"


def test_answers_under_a_comment_are_comments_on_the_same_note(tmp_path: Path) -> None:
    targeted = {**COMMENT["sub_comments"][0], "id": "c3", "target_comment": {"id": "c2"}}
    comment = COMMENT | {"sub_comments": [*COMMENT["sub_comments"], targeted]}
    _, tables = converted(tmp_path, envelope(comment, "xiaohongshu-comments"))
    assert {(c["comment_id"], c["note_id"], c["reply_to"]) for c in tables["comments"]} == {
        ("c1", NOTE, None),
        ("c2", NOTE, "c1"),
        ("c3", NOTE, "c2"),
    }


def test_a_bad_answer_does_not_take_its_comment_with_it(tmp_path: Path) -> None:
    comment = COMMENT | {"sub_comments": [{"id": "c2", "content": "同意", "create_time": 1780000609000}]}
    report, tables = converted(tmp_path, envelope(comment, "xiaohongshu-comments"))
    assert [c["comment_id"] for c in tables["comments"]] == ["c1"]
    assert report.files[0].set_aside == {"account_id: no value": 1}


def test_comments_imported_into_4cat_are_the_same_rows(tmp_path: Path) -> None:
    imported = COMMENT | {"__import_meta": {"source_platform": "xiaohongshu-comments", "timestamp_collected": 5}}
    _, tables = converted(tmp_path, imported)
    assert {c["comment_id"] for c in tables["comments"]} == {"c1", "c2"}


def test_the_same_item_captured_twice_is_one_row(tmp_path: Path) -> None:
    report, tables = converted(tmp_path, *[envelope(COMMENT, "xiaohongshu-comments")] * 2)
    assert len(tables["comments"]) == 2
    assert report.folded["comments"] == 2


def test_lines_of_other_platforms_and_broken_lines_are_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "export"
    lines = [
        "{not json",
        json.dumps(envelope(SHAPES["a search tile"])),
        json.dumps(envelope({"id": 1}, "tiktok.com")),
    ]
    file.write_text("\n".join([*lines, "[1]"]), encoding="utf-8")
    report = convert([file], tmp_path / "dataset")
    assert report.rows["notes"] == 1
    assert [line for line, _, _ in report.files[0].first_set_aside] == [1, 3, 4]


def test_a_csv_with_nicknames_for_authors_is_refused_with_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("collected_from_url;id;thread_id;body;timestamp;author\n;1;1;文;;momo\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"nickname only.*hand in the NDJSON"):
        convert([file], tmp_path / "dataset")


@pytest.mark.parametrize("wrap", [lambda a: a, lambda a: {"code": 0, "data": a}])
def test_answers_of_the_web_interface_are_read_bare_or_under_data(tmp_path: Path, wrap: object) -> None:
    query = {"id": "q", "model_type": "rec_query"}
    answer = {"items": [SHAPES["a search tile"], query], "comments": [COMMENT]}
    report, tables = converted(tmp_path, wrap(answer))
    assert report.files[0].format == "web_api"
    assert len(tables["notes"]) == 1
    assert len(tables["comments"]) == 2
    assert report.files[0].set_aside == {"model_type 'rec_query' is no note": 1}


def test_half_a_character_in_a_title_does_not_end_the_run(tmp_path: Path) -> None:
    file = tmp_path / "export"
    broken = json.dumps(envelope({"id": NOTE, "note_card": {"title": "x\ud83d", "user": USER}}))
    file.write_text(broken + "\n", encoding="utf-8")
    convert([file], tmp_path / "dataset")
    assert pq.read_table(tmp_path / "dataset" / "notes.parquet")["title"].to_pylist() == ["x\ufffd"]


def test_numbers_that_json_does_not_have_are_missing(tmp_path: Path) -> None:
    file = tmp_path / "export"
    text = json.dumps(envelope(SHAPES["a search tile"])).replace('"model_type"', '"time": NaN, "model_type"')
    file.write_text(text, encoding="utf-8")
    assert convert([file], tmp_path / "dataset").rows["notes"] == 1
