"""CooRTweet and the Coordination Network Toolkit: CSVs of the coordination literature."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphscan.errors import InputError
from graphscan.intake.adapters import ConversionReport, convert

TOOLKIT = "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls"


def converted(tmp_path: Path, text: str, **options: object) -> tuple[ConversionReport, dict[str, list[dict]]]:
    file = tmp_path / "export"
    file.write_text(text, encoding="utf-8", newline="")
    out = tmp_path / "dataset"
    report = convert([file], out, **options)
    return report, {path.stem: pq.read_table(path).to_pylist() for path in out.iterdir()}


def test_a_share_of_coortweet_is_a_share_of_the_object(tmp_path: Path) -> None:
    text = "object_id,account_id,content_id,timestamp_share\n85d2,0fb4,114e,1623881091\n"
    _, tables = converted(tmp_path, text)
    [share] = tables["interactions"]
    assert (share["account_id"], share["kind"], share["target_kind"], share["target_id"]) == (
        "0fb4",
        "share",
        "note",
        "85d2",
    )
    assert share["created_at"] == datetime(2021, 6, 16, 22, 4, 51, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "options", "hour"),
    [("2021-06-16 22:04:51", {}, 22), ("2021-06-16 22:04:51", {"timezone": "Asia/Shanghai"}, 14)],
)
def test_clock_readings_of_coortweet_are_utc_unless_told(tmp_path: Path, told: str, options: dict, hour: int) -> None:
    report, tables = converted(tmp_path, f"object_id,account_id,content_id,timestamp_share\no,a,c,{told}\n", **options)
    assert tables["interactions"][0]["created_at"].hour == hour
    assert any("read as UTC" in w for w in report.files[0].warnings) == (not options)


def test_semicolons_and_quotes_are_told_from_the_header(tmp_path: Path) -> None:
    text = '"object_id";"account_id";"content_id";"timestamp_share"\n"a;b";"x";"c";"1623881091.7"\n'
    _, tables = converted(tmp_path, text)
    assert tables["interactions"][0]["target_id"] == "a;b"
    assert tables["interactions"][0]["created_at"].microsecond == 700_000


def test_one_bad_row_is_set_aside_with_its_line_even_after_a_field_with_line_ends(tmp_path: Path) -> None:
    text = f'{TOOLKIT}\n1,u,n,,,"two\nlines",1606451170,\n2,u,n,,,x,yesterday,\n3,u,n,,,x,1606451170,\n'
    report, tables = converted(tmp_path, text, format="coordination_toolkit")
    assert [n["note_id"] for n in tables["notes"]] == ["1", "3"]
    assert tables["notes"][0]["text"] == "two\nlines"
    assert report.files[0].first_set_aside == ((4, "created_at", "'yesterday' is no time in seconds"),)


@pytest.mark.parametrize(
    "urls",
    [
        "http://e.invalid/1 http://e.invalid/2",
        "\"['http://e.invalid/1', 'http://e.invalid/2']\"",
        '"[""http://e.invalid/1"", ""http://e.invalid/2""]"',
    ],
)
def test_links_are_read_in_all_three_notations(tmp_path: Path, urls: str) -> None:
    _, tables = converted(tmp_path, f"\ufeff{TOOLKIT}\n1,4,user_4,,,mango reindeer apple,1606451170.518101,{urls}\n")
    [note] = tables["notes"]
    assert note["links"] == ["http://e.invalid/1", "http://e.invalid/2"]
    assert note["created_at"] == datetime(2020, 11, 27, 4, 26, 10, 518000, tzinfo=UTC)


def test_order_matters_and_names_do_not(tmp_path: Path) -> None:
    text = "a,b,c,d,e,f,g,h\n1,4,user_4,,,mango,1606451170,\n"
    report, tables = converted(tmp_path, text)
    assert tables["notes"][0]["account_id"] == "4"
    assert any("by their order" in warning for warning in report.files[0].warnings)


@pytest.mark.parametrize("index", ["", "Unnamed: 0", "row"])
def test_an_index_column_before_the_eight_is_skipped(tmp_path: Path, index: str) -> None:
    _, tables = converted(tmp_path, f"{index},{TOOLKIT}\n0,1,4,user_4,,,mango,1606451170,\n")
    assert (tables["notes"][0]["note_id"], tables["notes"][0]["account_id"]) == ("1", "4")


def test_reposts_replies_and_messages_go_to_their_tables(tmp_path: Path) -> None:
    rows = ["1,a,n,,,hello,1606451170,", "2,b,n,1,,RT hello,1606451171,", "3,c,n,,1,why,1606451172,"]
    _, tables = converted(tmp_path, "\n".join([TOOLKIT, *rows]))
    assert [n["note_id"] for n in tables["notes"]] == ["1"]
    assert [(s["account_id"], s["target_id"]) for s in tables["interactions"]] == [("b", "1")]
    assert [(c["comment_id"], c["note_id"], c["text"]) for c in tables["comments"]] == [("3", "1", "why")]
    assert {a["account_id"] for a in tables["accounts"]} == {"a", "b", "c"}


def test_a_list_of_links_is_data_and_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    urls = f"\"[open({str(trap)!r}, 'w')]\""
    converted(tmp_path, f"{TOOLKIT}\n1,4,n,,,x,1606451170,{urls}\n")
    assert not trap.exists()


def test_seven_columns_are_no_toolkit_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has 7 columns; coordination_toolkit has 8"):
        converted(tmp_path, "a,b,c,d,e,f,g\n1,2,3,4,5,6,7\n", format="coordination_toolkit")


def test_an_unclosed_quote_costs_one_row_and_not_the_run(tmp_path: Path) -> None:
    filler = "".join(f"{n},u,n,,,x,1606451170,\n" for n in range(3, 60_000))
    text = f'{TOOLKIT}\n1,u,n,,,x,1606451170,\n2,u,n,,,"never closed,1606451170,\n{filler}'
    report, tables = converted(tmp_path, text)
    assert len(tables["notes"]) > 1
    assert any("quote was never closed" in reason for reason in report.files[0].set_aside)
