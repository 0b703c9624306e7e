"""CSV: nothing is guessed, bad rows are named by their line, broken files are refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from graphscan.errors import InputError
from graphscan.intake import Dataset, read_dataset

HEADER = "note_id,account_id,created_at,title,text,tags,public\n"
AT = "2026-03-10T10:00:00Z"


def read(folder: Path, body: str | bytes, name: str = "notes.csv") -> Dataset:
    data = body.encode() if isinstance(body, str) else body
    (folder / name).write_bytes(data)
    return read_dataset(folder)


def aside(dataset: Dataset) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.reason) for row in dataset.quality.set_aside]


@pytest.mark.parametrize(
    "identity",
    [
        "00123",
        "65e123456789012345678901",
        "67123456000000000e012345",
        "9007199254740993",
        "18446744073709551617",
        "1e5",
        "null",
        "NA",
        "nan",
        "None",
        "true",
        "-0",
        "+1",
        " padded ",
        "🦊👨‍👩‍👧",
        "x" * 300,
    ],
)
def test_ids_come_out_as_they_went_in(tmp_path: Path, identity: str) -> None:
    dataset = read(tmp_path, f"{HEADER}{identity},{identity},{AT},{identity},,,\n")
    (row,) = dataset.tables["notes"].to_pylist()
    assert row["note_id"] == row["account_id"] == row["title"] == identity


def test_empty_text_is_no_value(tmp_path: Path) -> None:
    (row,) = read(tmp_path, f'{HEADER}n,a,{AT},"",,,\n').tables["notes"].to_pylist()
    assert row["title"] is None and row["tags"] is None and row["public"] is None


def test_nul_is_taken_out_of_text(tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"{HEADER}n,a,{AT},a\0b,\0,,\n").tables["notes"].to_pylist()
    assert (row["title"], row["text"]) == ("ab", None)


def test_lists_are_json_arrays_and_whole_numbers_in_them_are_text(tmp_path: Path) -> None:
    body = f'{HEADER}n,a,{AT},,,"[""露营"", 12345678901234567890, """"]",\nm,a,{AT},,,[],\n'
    notes = read(tmp_path, body).tables["notes"]
    assert notes.column("tags").to_pylist() == [[], ["露营", "12345678901234567890", ""]]


@pytest.mark.parametrize("tags", ["camp", '{"a": 1}', "[1.5]", "[null]", "[true]", "[[]]", "[", '["\\ud800"]', "7"])
def test_anything_else_in_a_list_column_sets_the_row_aside(tmp_path: Path, tags: str) -> None:
    quoted = '"' + tags.replace('"', '""') + '"'
    dataset = read(tmp_path, f"{HEADER}good,a,{AT},,,,\nbad,a,{AT},,,{quoted},\n")
    assert aside(dataset) == [(3, "tags", "not a JSON array of texts")]


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("YES", True), ("1", True), ("False", False), ("no", False), ("0", False)],
)
def test_bools_are_read_in_any_case(tmp_path: Path, text: str, value: bool) -> None:
    (row,) = read(tmp_path, f"{HEADER}n,a,{AT},,,,{text}\n").tables["notes"].to_pylist()
    assert row["public"] is value


def test_bad_rows_are_set_aside_with_their_line_and_the_run_goes_on(tmp_path: Path) -> None:
    body = (
        f"{HEADER}"  # line 1
        f'n1,a,{AT},,"two\nlines, and\r\na third",,\n'  # lines 2-4
        "\n"  # line 5
        "n2,a\n"  # line 6
        f"n3,a,{AT},,,,,,\n"  # line 7
        f"n4,,{AT},,,,\n"  # line 8
        "n5,a,gestern,,,,\n"  # line 9
        f'n6,a,{AT},"multi\nline",,,perhaps\n'  # lines 10-11
        f"n7,a,{AT},,,,yes\n"  # line 12
    )
    dataset = read(tmp_path, body)
    assert dataset.tables["notes"].column("note_id").to_pylist() == ["n1", "n7"]
    assert dataset.tables["notes"].column("text").to_pylist()[0] == "two\nlines, and\r\na third"
    assert aside(dataset) == [
        (6, "", "fewer fields than the header"),
        (7, "", "more fields than the header"),
        (8, "account_id", "no value, but one is required"),
        (9, "created_at", "not a time"),
        (10, "public", "not true or false"),
    ]
    assert dataset.quality.set_aside_counts["notes"]["created_at: not a time"] == 1
    assert dataset.quality.files[0].rows_read == 7


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    assert read(tmp_path, f"\ufeff{HEADER}n,a,{AT},,,,\n").quality.unknown_columns == {}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    body = f"{HEADER}n,a,{AT},,,,\n".replace(",", delimiter).replace("T10", " 10")
    body += delimiter.join(["m", "a", AT, "a, b", "", "", ""]) + "\n"
    notes = read(tmp_path, body).tables["notes"]
    assert notes.column("title").to_pylist() == ["a, b", None]


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    dataset = read(tmp_path, f"{HEADER}n,a,{AT},,,,\nm,a,x,,,,\n".replace("\n", "\r\n"))
    assert dataset.quality.rows == {"notes": 1} and aside(dataset) == [(3, "created_at", "not a time")]


def test_one_undecodable_row_is_set_aside(tmp_path: Path) -> None:
    rows = "".join(f"n{i},a,{AT},,,,\n" for i in range(3))
    dataset = read(tmp_path, f"{HEADER}{rows}".encode() + b"bad,a," + AT.encode() + b",\xff\xfe,,,\n")
    assert aside(dataset) == [(5, "title", "not valid UTF-8")]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    body = f"{HEADER}n,a,{AT},ascii,,,\n" + "".join(f"n{i},a,{AT},露营笔记,,,\n" for i in range(3))
    with pytest.raises(InputError, match="not UTF-8"):
        read(tmp_path, body.encode("gbk"))
    with pytest.raises(InputError, match="header line is not valid UTF-8"):
        read(tmp_path, body.encode("utf-16"))


def test_a_quote_that_is_never_closed_is_refused_with_its_line(tmp_path: Path) -> None:
    body = f'{HEADER}n,a,{AT},,,,\nm,a,{AT},"open,,,\no,a,{AT},,,,\n'
    with pytest.raises(InputError, match=r"notes\.csv:3: a quoted field begins here and is never closed"):
        read(tmp_path, body)


def test_a_quote_that_is_never_closed_is_noticed_in_a_column_that_is_not_read(tmp_path: Path) -> None:
    body = f'note_id,account_id,created_at,remark\nn,a,{AT},x\nm,a,{AT},"open\no,a,{AT},y\n'
    with pytest.raises(InputError, match=r"notes\.csv:3: a quoted field begins here"):
        read(tmp_path, body)


def test_a_stray_quote_inside_a_field_is_text(tmp_path: Path) -> None:
    dataset = read(tmp_path, f'{HEADER}n,a,{AT},5" screen,,,\n')
    assert dataset.tables["notes"].column("title").to_pylist() == ['5" screen']


def test_a_first_line_without_end_is_no_header(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"notes\.csv: the header line cannot be read"):
        read(tmp_path, "x" * 200_000)


def test_a_last_text_of_many_lines_is_no_open_quote(tmp_path: Path) -> None:
    dataset = read(tmp_path, f'{HEADER}n,a,{AT},5" screen,"one\ntwo",,\n')
    assert dataset.tables["notes"].column("title").to_pylist() == ['5" screen']


def test_texts_longer_than_pythons_csv_limit_are_read_and_counted(tmp_path: Path) -> None:
    long = "长\n" * 200_000
    dataset = read(tmp_path, f'{HEADER}n,a,{AT},,"{long}",,\nm,a,x,,,,\n')
    assert dataset.tables["notes"].column("text").to_pylist() == [long]
    assert aside(dataset) == [(200_003, "created_at", "not a time")]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "notes.csv has no header line"),
        ("note_id,account_id\nn,a\n", "table notes: required column created_at is missing in notes.csv"),
        ("note_id,account_id,created_at,title,title\n", "notes.csv: column title is there more than once"),
        ("n1,a1,2026\nn2,a2,2026\n", "columns found: n1, a1, 2026"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, body)
    assert message in str(error.value)


def test_truncated_and_corrupt_files_are_refused_by_name(tmp_path: Path) -> None:
    body = HEADER.encode() + b"".join(b"n%d,a,%s,,,,\n" % (i, AT.encode()) for i in range(5000))
    whole = gzip.compress(body)
    with pytest.raises(InputError, match=r"notes\.csv\.gz cannot be read as csv"):
        read(tmp_path, whole[: len(whole) // 2], "notes.csv.gz")
    (tmp_path / "notes.csv.gz").unlink()
    with pa.output_stream(str(tmp_path / "notes.csv.zst"), compression="zstd") as stream:
        stream.write(body)
    packed = (tmp_path / "notes.csv.zst").read_bytes()
    with pytest.raises(InputError, match=r"notes\.csv\.zst cannot be read as csv"):
        read(tmp_path, packed[:-5], "notes.csv.zst")
    with pytest.raises(InputError, match=r"notes\.csv\.zst cannot be read as csv"):
        read(tmp_path, b"not zstd at all", "notes.csv.zst")


def test_when_every_row_fails_in_one_column_the_file_is_not_what_it_says(tmp_path: Path) -> None:
    body = HEADER + "".join(f"n{i},a,day {i},,,,\n" for i in range(5))
    with pytest.raises(InputError) as error:
        read(tmp_path, body)
    assert str(error.value) == (
        "table notes: column created_at in notes.csv is of the wrong type: expected a time, "
        "ISO 8601 or a number with --epoch s or --epoch ms, and every row (5) fails; "
        'first: notes.csv:2 "day 0" (not a time); notes.csv:3 "day 1" (not a time); '
        'notes.csv:4 "day 2" (not a time)'
    )


def test_what_people_wrote_is_never_in_a_message(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, f"{HEADER}n,a,{AT},,,secret words,\n")
    assert "secret" not in str(error.value) and "notes.csv:2" in str(error.value)


def test_a_choice_must_be_one_of_those_declared(tmp_path: Path) -> None:
    header = "account_id,kind,target_kind,target_id,created_at\n"
    dataset = read(tmp_path, f"{header}a,like,note,n,{AT}\na,Like,note,n,{AT}\n", "interactions.csv")
    assert aside(dataset) == [(3, "kind", "not one of like, collect, share, follow, view")]


def test_a_row_both_short_and_undecodable_costs_no_other_row(tmp_path: Path) -> None:
    rows = [f"n1,a,{AT},露营,,,".encode(), b"n2,\xff\xfe", f"n3,a,{AT},é,,,".encode()]
    dataset = read(tmp_path, b"\xef\xbb\xbf" + HEADER.encode() + b"\n".join(rows) + b"\n")
    assert aside(dataset) == [(3, "", "fewer fields than the header")]
    assert dataset.tables["notes"].column("title").to_pylist() == ["露营", "é"]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    for body in (HEADER, HEADER.strip(), HEADER + "\n\n"):
        assert read(tmp_path, body).quality.rows == {"notes": 0}


def test_a_file_of_old_macintosh_line_ends_is_read(tmp_path: Path) -> None:
    dataset = read(tmp_path, f"{HEADER}n,a,{AT},,,,\nm,a,x,,,,\n".replace("\n", "\r"))
    assert dataset.quality.rows == {"notes": 1} and aside(dataset) == [(3, "created_at", "not a time")]
