"""Conversion as a whole: told by content, any order, nothing half-written, every sample read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphscan.errors import InputError, OutputError, SettingsError
from graphscan.intake.adapters import ADAPTERS, convert
from graphscan.tables import INPUT_TABLES

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "formats"
SHARES = "object_id,account_id,content_id,timestamp_share\n"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def samples() -> list[Path]:
    refused = ("README.md", "columns.toml", "exported.csv")
    return sorted(p for p in SAMPLES.rglob("*.*") if p.is_file() and p.name not in refused and "nickname" not in str(p))


@pytest.mark.parametrize("sample", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_is_told_by_its_content_and_not_by_its_name(tmp_path: Path, sample: Path) -> None:
    shutil.copy(sample, tmp_path / "renamed")
    report = convert([tmp_path / "renamed"], tmp_path / "dataset")
    assert sample.parent.name.startswith(report.files[0].format)
    for path in (tmp_path / "dataset").iterdir():
        declared = next(table for table in INPUT_TABLES if table.name == path.stem)
        assert pq.read_schema(path).equals(declared.schema)


def test_the_sample_of_the_column_map_is_read(tmp_path: Path) -> None:
    folder = SAMPLES / "column_map"
    report = convert([folder], tmp_path / "dataset", columns=folder / "columns.toml")
    assert report.rows == {"notes": 1, "interactions": 2}


def test_the_order_of_the_exports_never_changes_a_byte(tmp_path: Path) -> None:
    first = convert(samples(), tmp_path / "a")
    second = convert([*reversed(samples()), SAMPLES], tmp_path / "b")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert first.rows == second.rows


def test_a_folder_names_what_it_left_out_and_hidden_files_are_not_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a").write_text(f"{SHARES}o,a,c,1780000000\n")
    (folder / "notes.txt").write_text("to do\n")
    (folder / "half.json").write_text('{"messages": [')
    (folder / "picture").write_bytes(b"\x89PNG\r\n\0\0")
    (folder / ".hidden").write_text("x")
    (folder / "nicknames.csv").write_text("id,thread_id,author,body,timestamp\n1,1,momo,x,\n")
    report = convert([folder], tmp_path / "dataset")
    left_out = {file.name: file.left_out for file in report.files if file.left_out}
    assert set(left_out) == {f"exports/{n}" for n in ("notes.txt", "half.json", "picture", "nicknames.csv")}
    assert "broken JSON" in left_out["exports/half.json"]
    assert "nickname only" in left_out["exports/nicknames.csv"]


def test_an_unknown_file_handed_in_alone_lists_the_known_formats(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("to do\n")
    with pytest.raises(InputError) as caught:
        convert([tmp_path / "notes.txt"], tmp_path / "dataset")
    assert all(f"  {adapter.name}: {adapter.sentence}" in str(caught.value) for adapter in ADAPTERS)
    assert not (tmp_path / "dataset").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"SQLite format 3\0 and then nothing", "broken SQLite file"),
        (b"PAR1 and then nothing", "broken Parquet file"),
        (b'{"messages": [', "broken JSON"),
        (b"[" * 100_000, "broken JSON"),
        (b"", "no known format"),
    ],
)
def test_a_broken_file_is_one_clear_error(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(InputError, match=told):
        convert([tmp_path / "a"], tmp_path / "dataset")


def test_the_same_bytes_under_two_names_are_read_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"{SHARES}o,a,c,1780000000\n")
    report = convert([tmp_path / "a", tmp_path / "b"], tmp_path / "dataset")
    assert [file.left_out for file in report.files] == ["", "same bytes as another export"]
    assert report.rows == {"interactions": 1}
    assert report.folded == {"interactions": 0}


def test_nothing_that_can_be_taken_is_an_error_with_the_reasons(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"{SHARES}o,,c,1780000000\no,a,c,soon\n")
    with pytest.raises(InputError, match=r"(?s)no row of any export.*account_id: no value.*'soon' is no time"):
        convert([tmp_path / "a"], tmp_path / "dataset")
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_only_the_first_fifty_rows_set_aside_are_named_and_all_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(SHARES + "o,,c,1780000000\n" * 120 + "o,a,c,1780000000\n")
    report = convert([tmp_path / "a"], tmp_path / "dataset")
    assert report.files[0].set_aside == {"account_id: no value": 120}
    assert [line for line, _, _ in report.files[0].first_set_aside] == list(range(2, 52))


def test_the_report_says_what_was_read_set_aside_and_why(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"{SHARES}o,,c,1780000000\no,a,c,1780000000\no,a,d,1780000000\n")
    report = convert([tmp_path / "a"], tmp_path / "dataset")
    assert report.lines() == [
        "a: coortweet: read 2 interactions",
        "  set aside 1: account_id: no value",
        "  first lines set aside: 2",
        "  note: not kept, a dataset has no column for them: content_id",
        "1 repeated rows of interactions were folded",
        "wrote 1 interactions",
    ]
    told = report.as_json()
    assert told["files"][0]["first_set_aside"] == [{"line": 2, "column": "account_id", "reason": "no value"}]
    assert told["rows"] == {"interactions": 1}


def test_words_of_accounts_never_reach_the_report(tmp_path: Path) -> None:
    secret = "我的电话"
    rows = f"m,u,{secret},,,{secret},not a time,\nm,u,{secret},,,{secret},1606451170,{secret},{secret}\n"
    header = "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n"
    (tmp_path / "a").write_text(f"{header}{rows}n,u,x,,,x,1606451170,\n", encoding="utf-8")
    report = convert([tmp_path / "a"], tmp_path / "dataset")
    assert sum(report.files[0].set_aside.values()) == 2
    assert secret not in "\n".join(report.lines()) + str(report.as_json())


def test_wrong_options_are_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="timezone 'Mars/Base'"):
        convert([tmp_path], tmp_path / "out", timezone="Mars/Base")
    with pytest.raises(InputError, match="unknown format 'csv'; known formats"):
        convert([tmp_path], tmp_path / "out", format="csv")
    with pytest.raises(InputError, match="does not exist"):
        convert([tmp_path / "absent"], tmp_path / "out")
    with pytest.raises(InputError, match="needs a column map"):
        convert([SAMPLES / "coortweet"], tmp_path / "out", format="column_map")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="exists already"):
        convert([tmp_path], tmp_path / "taken")


def test_the_register_reads_like_a_page() -> None:
    names = [adapter.name for adapter in ADAPTERS]
    assert len(set(names)) == len(names)
    assert all(adapter.sentence for adapter in ADAPTERS)
