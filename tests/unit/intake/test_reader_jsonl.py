"""JSON lines: number literals stay exact, JSON's kinds are respected, broken lines are set aside."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from graphscan.errors import InputError
from graphscan.intake import Dataset, read_dataset
from graphscan.intake.rows import MAX_ROW_BYTES

AT = "2026-03-10T10:00:00Z"
GOOD = json.dumps({"note_id": "good", "account_id": "a", "created_at": AT})


def read(folder: Path, *lines: str | bytes) -> Dataset:
    data = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    (folder / "notes.jsonl").write_bytes(data)
    return read_dataset(folder)


def note(**values: object) -> str:
    return json.dumps({"note_id": "n", "account_id": "a", "created_at": AT, **values})


def aside(dataset: Dataset) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.reason) for row in dataset.quality.set_aside]


@pytest.mark.parametrize("number", ["9007199254740993", "12345678901234567890", "-7", "0"])
def test_whole_number_literals_become_exact_ids(tmp_path: Path, number: str) -> None:
    line = f'{{"note_id": {number}, "account_id": "{number}", "created_at": "{AT}"}}'
    (row,) = read(tmp_path, line).tables["notes"].to_pylist()
    assert row["note_id"] == row["account_id"] == number


@pytest.mark.parametrize(
    ("values", "column", "reason"),
    [
        ({"note_id": 1.0}, "note_id", "a fraction where an id is expected"),
        ({"note_id": True}, "note_id", "true or false where text is expected"),
        ({"account_id": ["a"]}, "account_id", "a list where text is expected"),
        ({"title": {"zh": "x"}}, "title", "an object where text is expected"),
        ({"tags": "camp"}, "tags", "not a JSON array of texts"),
        ({"tags": [1.5]}, "tags", "not a JSON array of texts"),
        ({"tags": [None]}, "tags", "not a JSON array of texts"),
        ({"title": "\ud800"}, "title", "a lone surrogate, which is no text"),
        ({"tags": ["\udfff"]}, "tags", "a lone surrogate, which is no text"),
        (
            {"created_at": 1773136800},
            "created_at",
            "a number, and no unit is given: pass --epoch s or --epoch ms",
        ),
        ({"created_at": None}, "created_at", "no value, but one is required"),
        ({"note_id": ""}, "note_id", "no value, but one is required"),
        ({"public": "maybe"}, "public", "not true or false"),
    ],
)
def test_a_value_of_the_wrong_kind_sets_the_row_aside(
    tmp_path: Path, values: dict[str, object], column: str, reason: str
) -> None:
    dataset = read(tmp_path, GOOD, note(**values))
    assert aside(dataset) == [(2, column, reason)]
    assert dataset.tables["notes"].column("note_id").to_pylist() == ["good"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not a JSON object"),
        (b"[1]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b'{"note_id": "n", "note_id": "m"}', "a key that is there more than once"),
        (b'{"note_id": NaN}', "NaN, which is no JSON"),
        (b'{"x": -Infinity}', "-Infinity, which is no JSON"),
        (b'{"note_id": "\xff"}', "not valid UTF-8"),
        (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"x": "' + b"y" * MAX_ROW_BYTES + b'"}', "a line of more than 16 MB"),
    ],
    ids=["cut", "array", "text", "twice", "nan", "infinity", "bytes", "deep", "long"],
)
def test_a_broken_line_is_set_aside_and_the_next_is_read(tmp_path: Path, line: bytes, reason: str) -> None:
    dataset = read(tmp_path, "", line, GOOD)
    assert aside(dataset) == [(2, "", reason)]
    assert dataset.quality.rows == {"notes": 1}


def test_proper_surrogate_pairs_and_escapes_are_text(tmp_path: Path) -> None:
    (row,) = read(tmp_path, note(title="🦊", text="a\0b", tags=["露营", 7])).tables["notes"].to_pylist()
    assert (row["title"], row["text"], row["tags"]) == ("🦊", "ab", ["露营", "7"])


def test_numbers_in_text_stay_as_they_are_written(tmp_path: Path) -> None:
    line = f'{{"note_id": "n", "account_id": "a", "created_at": "{AT}", "client": 1.10}}'
    assert read(tmp_path, line).tables["notes"].column("client").to_pylist() == ["1.10"]


def test_bools_may_be_json_or_text(tmp_path: Path) -> None:
    dataset = read(
        tmp_path, note(note_id="a", public=True), note(note_id="b", public="no"), note(note_id="c", public=1)
    )
    assert dataset.tables["notes"].column("public").to_pylist() == [True, False, True]


def test_a_byte_order_mark_and_a_missing_last_line_end_are_fine(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()).quality.rows == {"notes": 1}


def test_unknown_keys_are_named(tmp_path: Path) -> None:
    dataset = read(tmp_path, note(ip="x"), note(note_id="m", colour={"a": 1}))
    assert dataset.quality.unknown_columns == {"notes": ("colour", "ip")}


def test_a_required_key_that_no_line_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"required column created_at is missing in notes\.jsonl; columns found: note_id"
    ):
        read(tmp_path, '{"note_id": "n", "account_id": "a"}')


def test_a_json_array_is_no_json_lines(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no row of notes\.jsonl can be read; first: notes\.jsonl:1 \(not a JSON"):
        read(tmp_path, f"[{GOOD}]")


def test_every_id_a_fraction_is_the_wrong_type(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"column note_id in notes\.jsonl is of the wrong type: expected an id"):
        read(tmp_path, note(note_id=1.5), note(note_id=2.5))


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join(note(note_id=str(i)) for i in range(2000)).encode())
    (tmp_path / "notes.jsonl.gz").write_bytes(whole[:-20])
    with pytest.raises(InputError, match=r"notes\.jsonl\.gz cannot be read as jsonl"):
        read_dataset(tmp_path)


def test_an_empty_file_is_a_table_without_rows(tmp_path: Path) -> None:
    assert read(tmp_path, b"").quality.rows == {"notes": 0}
