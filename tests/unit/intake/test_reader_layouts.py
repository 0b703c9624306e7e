"""Which files of a folder are a dataset, and which folders are refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from graphscan.errors import InputError
from graphscan.intake import read_dataset
from graphscan.progress import Silent

NOTES = "note_id,account_id,created_at\n"
ONE = NOTES + "n1,a1,2026-03-10T10:00:00Z\n"
TWO = NOTES + "n2,a2,2026-03-10T11:00:00Z\n"


def ids(folder: Path) -> list[str]:
    return read_dataset(folder).tables["notes"].column("note_id").to_pylist()


def zstd(path: Path, text: str) -> None:
    with pa.output_stream(str(path), compression="zstd") as stream:
        stream.write(text.encode())


def refused(folder: Path, *words: str) -> None:
    with pytest.raises(InputError) as error:
        read_dataset(folder)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize("name", ["notes.csv", "notes.csv.gz", "notes.csv.zst"])
def test_one_table_may_be_compressed(tmp_path: Path, name: str) -> None:
    if name.endswith("gz"):
        (tmp_path / name).write_bytes(gzip.compress(ONE.encode()))
    elif name.endswith("zst"):
        zstd(tmp_path / name, ONE)
    else:
        (tmp_path / name).write_text(ONE)
    assert ids(tmp_path) == ["n1"]


def test_a_folder_of_mixed_files_is_one_table(tmp_path: Path) -> None:
    deep = tmp_path / "notes" / "date=2026-03-10" / "hour=11"
    deep.mkdir(parents=True)
    (tmp_path / "notes" / "a.csv").write_text(ONE)
    (deep / "part-0.csv.gz").write_bytes(gzip.compress(TWO.encode()))
    (deep / "part-1.jsonl").write_text('{"note_id": 3, "account_id": "a", "created_at": "2026-03-10T12:00:00Z"}\n')
    row = {"note_id": ["n4"], "account_id": ["a"], "created_at": ["2026-03-10T13:00:00Z"], "date": ["x"]}
    parquet.write_table(pa.table(row), deep / "part-2.parquet")
    (deep / "_SUCCESS").write_text("")
    (deep / ".part-2.parquet.crc").write_bytes(b"\0")
    dataset = read_dataset(tmp_path)
    assert dataset.tables["notes"].column("note_id").to_pylist() == ["n1", "n2", "3", "n4"]
    assert dataset.quality.unknown_columns == {}
    assert [f.path for f in dataset.quality.files] == [
        "notes/a.csv",
        "notes/date=2026-03-10/hour=11/part-0.csv.gz",
        "notes/date=2026-03-10/hour=11/part-1.jsonl",
        "notes/date=2026-03-10/hour=11/part-2.parquet",
    ]


def test_a_declared_column_may_stand_in_the_folder_name(tmp_path: Path) -> None:
    folder = tmp_path / "interactions" / "kind=like"
    folder.mkdir(parents=True)
    (folder / "0.csv").write_text("account_id,target_kind,target_id,created_at\na,note,n,2026-03-10T10:00:00Z\n")
    assert read_dataset(tmp_path).tables["interactions"].column("kind").to_pylist() == ["like"]


def test_papers_beside_the_tables_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text(ONE)
    for name in (
        "truth.csv",
        "README",
        "README.txt",
        "about.md",
        "LICENSE",
        "LICENSE.txt",
        ".hidden",
        "_temporary",
    ):
        (tmp_path / name).write_text("anything")
    assert list(read_dataset(tmp_path).tables) == ["notes"]


def test_only_the_tables_asked_for_are_read(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text(ONE)
    (tmp_path / "comments.csv").write_text("broken")
    assert list(read_dataset(tmp_path, tables=["notes", "accounts"]).tables) == ["notes"]
    with pytest.raises(InputError, match="post is no table of a dataset; allowed: accounts, notes"):
        read_dataset(tmp_path, tables=["post"])


def test_a_missing_folder_a_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "nowhere does not exist")
    (tmp_path / "notes.csv").write_text(ONE)
    refused(tmp_path / "notes.csv", "is a file; name the folder")
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "holds no table", "chat_messages")


def test_an_empty_table_folder_is_refused_rather_than_read_as_no_rows(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "_SUCCESS").write_text("")
    refused(tmp_path, "folder notes/", "holds no data file")


def test_without_any_action_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("account_id\na\n")
    refused(tmp_path, "no table of actions (found: accounts)", "notes, comments, chat_messages, interactions")


@pytest.mark.parametrize("name", ["posts.csv", "notes.txt", "Notes.csv", "notes.parquet.gz", "notes.json", "data.db"])
def test_an_unknown_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "comments.csv").write_text("comment_id,note_id,account_id,created_at\n")
    (tmp_path / name).write_text(ONE)
    refused(tmp_path, f"unknown file {name}", "allowed are accounts, notes")


def test_an_unknown_file_inside_a_table_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "part.orc").write_text("")
    refused(tmp_path, "unknown file notes/part.orc")


@pytest.mark.parametrize("other", ["notes.parquet", "notes.csv.gz", "notes"])
def test_the_same_table_twice_is_refused(tmp_path: Path, other: str) -> None:
    (tmp_path / "notes.csv").write_text(ONE)
    if other == "notes":
        (tmp_path / other).mkdir()
    else:
        (tmp_path / other).write_bytes(b"")
    refused(tmp_path, "table notes is there twice", "notes.csv", other)


def test_links_may_not_lead_out_of_the_dataset(tmp_path: Path) -> None:
    outside, dataset = tmp_path / "outside.csv", tmp_path / "dataset"
    outside.write_text(ONE)
    dataset.mkdir()
    (dataset / "notes.csv").symlink_to(outside)
    refused(dataset, "is a link out of the dataset")


def test_a_link_to_its_own_folder_is_refused_rather_than_followed_for_ever(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "again").symlink_to(tmp_path / "notes")
    refused(tmp_path, "is a link to a folder that holds it")


def test_a_dataset_reached_by_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "notes.csv").write_text(ONE)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert ids(tmp_path / "link") == ["n1"]


def test_files_are_accounted_for_with_their_sum(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text(ONE + "n2,a2,yesterday\n")
    (file,) = read_dataset(tmp_path).quality.files
    assert (file.path, file.table, file.rows_read, file.rows_set_aside) == ("notes.csv", "notes", 2, 1)
    assert file.size_bytes == (tmp_path / "notes.csv").stat().st_size
    assert len(file.sha256) == 64


def test_unknown_columns_are_kept_out_and_named_once(tmp_path: Path) -> None:
    class Heard(Silent):
        lines: list[str] = []  # noqa: RUF012

        def say(self, line: str) -> None:
            self.lines.append(line)

    (tmp_path / "notes").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "notes" / name).write_text("colour,note_id,account_id,created_at\nred,n,a,2026-03-10T10:00:00Z\n")
    voice = Heard()
    dataset = read_dataset(tmp_path, progress=voice)
    assert dataset.quality.unknown_columns == {"notes": ("colour",)}
    assert voice.lines == ["notes: unknown columns kept out: colour"]
    assert "colour" not in dataset.tables["notes"].column_names


def test_a_table_has_exactly_its_declared_schema_in_one_chunk(tmp_path: Path) -> None:
    from graphscan.tables import NOTES as DECLARED

    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.csv").write_text(ONE)
    (tmp_path / "notes" / "b.csv").write_text(TWO)
    notes = read_dataset(tmp_path).tables["notes"]
    assert notes.schema.equals(DECLARED.schema)
    assert all(column.num_chunks == 1 for column in notes.columns)


def test_a_table_without_rows_keeps_its_schema(tmp_path: Path) -> None:
    from graphscan.tables import NOTES as DECLARED

    (tmp_path / "notes.csv").write_text(NOTES)
    dataset = read_dataset(tmp_path)
    assert dataset.tables["notes"].schema.equals(DECLARED.schema)
    assert dataset.quality.rows == {"notes": 0}
