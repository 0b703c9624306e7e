"""Tables too large for the memory budget come back from the shelf as if they had been held."""

import json
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphscan.errors import InputError
from graphscan.intake import Shelf, csv_rows, jsonl_rows, large, parquet_rows, read_dataset, shelf
from graphscan.tables import input_table

NOTES = input_table("notes").schema


@pytest.fixture
def pieces_of_seven(monkeypatch):
    """Pieces so small that every table of a test has several."""
    for module in (shelf, parquet_rows, large):
        monkeypatch.setattr(module, "PIECE_ROWS", 7)


def shelf_in(folder):
    (folder / "shelf").mkdir()
    return Shelf(folder / "shelf", memory_bytes=1)


def comments(rng, n):
    """Comments with equal and different rows of one id, in any order."""
    number = rng.integers(0, n // 2, n)
    return pa.table(
        {
            "comment_id": [f"c{k}" for k in number],
            "note_id": [f"n{k % 5}" for k in rng.integers(0, 9, n)],
            "account_id": [f"a{k}" for k in rng.integers(0, 9, n)],
            "created_at": pa.array(1_773_100_800_000 + rng.integers(0, 30, n)).cast(pa.timestamp("ms", "UTC")),
            "text": [None if k % 3 else f"短{k}" for k in number],
            "links": [None if k % 2 else [f"http://a.b/{k}", "x"] for k in number],
        }
    )


def likes(rng, n):
    """Likes without an id, many of them twice."""
    return pa.table(
        {
            "account_id": [f"a{k}" for k in rng.integers(0, 4, n)],
            "kind": ["like"] * n,
            "target_kind": ["note"] * n,
            "target_id": [f"n{k}" for k in rng.integers(0, 3, n)],
            "created_at": pa.array(1_773_100_800_000 + rng.integers(0, 4, n)).cast(pa.timestamp("ms", "UTC")),
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_dataset_is_the_same_from_the_shelf(tmp_path, pieces_of_seven, seed):
    rng = np.random.default_rng(seed)
    data = tmp_path / "data"
    (data / "comments").mkdir(parents=True)
    for part in range(3):
        pq.write_table(comments(rng, 40), data / "comments" / f"{part}.parquet")
    pq.write_table(likes(rng, 60), data / "interactions.parquet")
    held, kept = read_dataset(data), read_dataset(data, shelf=shelf_in(tmp_path))
    assert held.quality == kept.quality
    assert held.quality.duplicates_equal["interactions"] > 0
    assert held.quality.duplicates_different["comments"] > 0
    for name, rows in held.tables.items():
        assert kept.tables[name].equals(rows)
        assert kept.tables[name].column(0).num_chunks > 1


def test_set_aside_rows_are_named_by_their_place_in_the_file(tmp_path, pieces_of_seven):
    rows = comments(np.random.default_rng(1), 40)
    times = [t if k not in (8, 30) else None for k, t in enumerate(rows["created_at"].to_pylist())]
    data = tmp_path / "data"
    data.mkdir()
    column = pa.array(times, pa.timestamp("ms", "UTC"))
    pq.write_table(rows.set_column(3, "created_at", column), data / "comments.parquet")
    held, kept = read_dataset(data), read_dataset(data, shelf=shelf_in(tmp_path))
    assert [row.line for row in kept.quality.set_aside] == [9, 31]
    assert held.quality == kept.quality


def test_a_first_piece_of_wrong_rows_is_no_wrong_file(tmp_path, pieces_of_seven):
    rows = comments(np.random.default_rng(1), 40)
    data = tmp_path / "data"
    data.mkdir()
    ids = pa.array([None] * 10 + [f"c{k}" for k in range(30)])
    pq.write_table(rows.set_column(0, "comment_id", ids), data / "comments.parquet")
    held, kept = read_dataset(data), read_dataset(data, shelf=shelf_in(tmp_path))
    assert kept.quality == held.quality
    assert kept.tables["comments"].equals(held.tables["comments"])


def test_a_column_that_is_wrong_everywhere_refuses_the_file(tmp_path, pieces_of_seven):
    rows = comments(np.random.default_rng(1), 40)
    data = tmp_path / "data"
    data.mkdir()
    pq.write_table(rows.set_column(0, "comment_id", pa.nulls(40, pa.string())), data / "comments.parquet")
    with pytest.raises(InputError, match=r"comment_id.*every row \(40\) fails"):
        read_dataset(data, shelf=shelf_in(tmp_path))


def test_what_was_read_can_be_given_back_and_read_again(tmp_path, pieces_of_seven):
    there = shelf_in(tmp_path)
    there.put(
        "notes", pa.table([pa.array(["a", "b"]) if f.name == "note_id" else pa.nulls(2, f.type) for f in NOTES], NOTES)
    )
    rows = there.table("notes", NOTES)
    before = rows.to_pylist()
    there.release()
    assert rows.to_pylist() == before
    there.drop("notes")
    assert list(there.folder.iterdir()) == []
    assert rows.to_pylist() == before
    assert there.table("notes", NOTES).num_rows == 0


def test_small_tables_are_held():
    assert not Shelf(None, memory_bytes=16_000).too_large(1000)
    assert Shelf(None, memory_bytes=15_999).too_large(1000)


def test_no_table_of_more_than_a_gigabyte_is_held_whatever_the_memory():
    assert not Shelf(None, memory_bytes=10**12).too_large(1 << 30)
    assert Shelf(None, memory_bytes=10**12).too_large((1 << 30) + 1)


def as_csv(rows):
    """The rows as CSV, some of them with a field too many: the first, two in a row, and the last."""
    lines = [",".join(rows.column_names)]
    for k, row in enumerate(rows.to_pylist()):
        at = row["created_at"].isoformat()
        words = "" if row["text"] is None else f'"{row["text"]},\n ""so"""'
        lines.append(f"{row['comment_id']},{row['note_id']},{row['account_id']},{at},{words},")
        if k in (0, 20, 39):
            lines[-1:] = [lines[-1], "one,too,many,of,the,fields,here", "few,too"][:: 1 if k else -1]
    return "\n".join(lines) + "\n"


def as_jsonl(rows):
    """The rows as JSON lines, with blank lines, a broken one, and a column that only later lines have."""
    lines = []
    for k, row in enumerate(rows.to_pylist()):
        told = {**row, "created_at": row["created_at"].isoformat(), **({"unheard": k} if k > 30 else {})}
        told = {name: value for name, value in told.items() if name != "text" or k > 25}
        lines += [json.dumps(told, ensure_ascii=False), *(["", "{broken"] if k in (0, 20, 39) else [])]
    return "\n".join(lines)


@pytest.mark.parametrize(("ending", "written"), [("csv", as_csv), ("jsonl", as_jsonl)])
@pytest.mark.parametrize("seed", range(3))
def test_text_files_are_the_same_in_pieces(tmp_path, pieces_of_seven, monkeypatch, seed, ending, written):
    data = tmp_path / "data"
    data.mkdir()
    (data / f"comments.{ending}").write_text(written(comments(np.random.default_rng(seed), 40)), encoding="utf-8")
    held = read_dataset(data)
    monkeypatch.setattr(jsonl_rows, "PIECE_BYTES", 300)
    monkeypatch.setattr(csv_rows, "MAX_ROW_BYTES", 400)
    monkeypatch.setattr(csv_rows, "_BLOCKS_PER_PIECE", 1)
    kept = read_dataset(data, shelf=shelf_in(tmp_path))
    assert kept.quality == held.quality
    assert len(held.quality.set_aside) == (6 if ending == "csv" else 3)
    assert kept.tables["comments"].equals(held.tables["comments"])


def test_a_quote_that_is_never_closed_refuses_a_file_read_in_pieces(tmp_path, pieces_of_seven, monkeypatch):
    data = tmp_path / "data"
    data.mkdir()
    whole = as_csv(comments(np.random.default_rng(1), 40))
    (data / "comments.csv").write_text(whole + 'c9,n1,a1,2026-03-10T00:00:00,"never\nclosed', encoding="utf-8")
    monkeypatch.setattr(csv_rows, "MAX_ROW_BYTES", 400)
    monkeypatch.setattr(csv_rows, "_BLOCKS_PER_PIECE", 1)
    with pytest.raises(InputError, match="a quoted field begins here and is never closed"):
        read_dataset(data, shelf=shelf_in(tmp_path))


def test_a_text_file_without_rows_is_empty_in_pieces_too(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "comments.csv").write_text("comment_id,note_id,account_id,created_at\n", encoding="utf-8")
    (data / "notes.jsonl").write_text("\n", encoding="utf-8")
    held, kept = read_dataset(data), read_dataset(data, shelf=shelf_in(tmp_path))
    assert kept.quality == held.quality
    assert [rows.num_rows for rows in kept.tables.values()] == [0, 0]


def test_what_nobody_holds_any_more_takes_no_disk(tmp_path):
    there = shelf_in(tmp_path)
    kept = there.keep(np.arange(1 << 20))
    assert kept[-1] == (1 << 20) - 1
    assert len([held for held in there._maps if held() is not None]) == 1
    del kept
    assert not [held for held in there._maps if held() is not None]


def test_what_lies_on_the_shelf_is_not_written_again(tmp_path):
    there = shelf_in(tmp_path)
    once = there.keep({"whole": np.arange(1 << 20).reshape(2, -1)})
    for again in (there.keep(once)["whole"], there.keep([once["whole"][1]])[0]):
        assert np.shares_memory(again, once["whole"])
    assert there._arrays == 1


@pytest.mark.parametrize("short", [100, 512, 4096])
def test_a_disk_that_is_full_at_the_last_bytes_is_told(short, tmp_path):
    """A process of its own may write a megabyte and no more; the last piece is longer than what is left by ``short`` bytes."""
    code = f"""
import resource, signal, sys
import numpy as np
from pathlib import Path
from graphscan.intake import Shelf
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ((2 << 20) + 50, (2 << 20) + 50))
shelf = Shelf(Path(sys.argv[1]), memory_bytes=1)
try:
    shelf.joined([np.zeros(2 << 20, np.int8), np.zeros({short}, np.int8)])
except OSError as error:
    print(error.strerror)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "File too large\n"


def test_pieces_are_joined_on_disk_and_short_ones_in_memory(tmp_path):
    there, rest = shelf_in(tmp_path), [np.arange(k, dtype=np.uint32) for k in (0, 5, 200_000, 200_000, 3)]
    for pieces, on_disk in ((rest, 1), (rest[:2], 0)):
        joined = there.joined(iter(pieces))
        assert joined.dtype == np.uint32
        assert np.array_equal(joined, np.concatenate(pieces))
        assert len([m for m in there._maps if m() is not None]) == on_disk
        del joined


def test_a_piece_is_made_only_when_those_before_it_are_put_away(tmp_path):
    there, sizes = shelf_in(tmp_path), []

    def made():
        for _ in range(4):
            sizes.append(sum(path.stat().st_size for path in there.folder.iterdir()))
            yield np.zeros(1 << 20, np.uint8)

    assert len(there.joined(made())) == 4 << 20
    assert sizes == [0, 1 << 20, 2 << 20, 3 << 20]


@pytest.mark.skipif(not shelf.resident_bytes(), reason="the system does not tell how much memory a process holds")
def test_what_was_read_is_forgotten_when_the_budget_is_reached(tmp_path):
    there = shelf_in(tmp_path)
    kept = there.keep(np.ones(1 << 24))
    assert kept.sum() == 1 << 24
    read = shelf.resident_bytes()
    with there.watched():
        until = time.monotonic() + 30
        while shelf.resident_bytes() > read - (1 << 26) and time.monotonic() < until:
            time.sleep(0.01)
    assert shelf.resident_bytes() < read - (1 << 26)
    assert kept.sum() == 1 << 24
