"""Rows that stand twice, references to rows that are not there, and the one canonical order."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from graphscan.intake import Dataset, read_dataset
from graphscan.intake.order import reordered

NOTES = "note_id,account_id,created_at,title,tags\n"
LIKES = "account_id,kind,target_kind,target_id,created_at,client\n"


def read(folder: Path, **tables: str) -> Dataset:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return read_dataset(folder)


def test_equal_rows_of_one_id_leave_one(tmp_path: Path) -> None:
    row = 'n,a,2026-03-10T10:00:00Z,x,"[""t""]"\n'
    dataset = read(tmp_path, notes=NOTES + row + "m,a,2026-03-10T09:00:00Z,,\n" + row + row)
    assert dataset.tables["notes"].column("note_id").to_pylist() == ["m", "n"]
    assert dataset.quality.duplicates_equal == {"notes": 2}
    assert dataset.quality.duplicates_different == {}


def test_the_same_instant_in_another_spelling_is_an_equal_row(tmp_path: Path) -> None:
    dataset = read(tmp_path, notes=NOTES + "n,a,2026-03-10T10:00:00Z,,\nn,a,2026-03-10 18:00:00+08:00,,\n")
    assert dataset.quality.duplicates_equal == {"notes": 1}


def test_of_different_rows_of_one_id_the_earliest_stays(tmp_path: Path) -> None:
    later, earlier = "n,a,2026-03-10T10:00:00Z,x,\n", "n,b,2026-03-10T09:59:59.999Z,z,\n"
    dataset = read(tmp_path, notes=NOTES + later + earlier + later)
    assert dataset.tables["notes"].column("account_id").to_pylist() == ["b"]
    assert dataset.quality.duplicates_equal == {"notes": 1}
    assert dataset.quality.duplicates_different == {"notes": 1}


def test_lists_that_only_look_alike_make_rows_different(tmp_path: Path) -> None:
    at = "n,a,2026-03-10T10:00:00Z,,"
    body = NOTES + at + '"[""a,b""]"\n' + at + '"[""a"",""b""]"\n' + at + "[]\n" + at + '"["""",""""]"\n' + at + "\n"
    dataset = read(tmp_path, notes=body)
    assert dataset.quality.duplicates_different == {"notes": 4}
    assert dataset.quality.duplicates_equal == {}


def test_without_a_time_the_first_in_canonical_order_stays(tmp_path: Path) -> None:
    notes = NOTES + "n,a,2026-03-10T10:00:00Z,,\n"
    for accounts in ("a,late\na,early\n", "a,early\na,late\n"):
        dataset = read(tmp_path, notes=notes, accounts="account_id,nickname\n" + accounts)
        assert dataset.tables["accounts"].column("nickname").to_pylist() == ["early"]


def test_chats_keep_the_row_that_knows_its_opening(tmp_path: Path) -> None:
    chats = "chat_id,kind,created_at\nc,group,\nc,private,2026-03-10T10:00:00Z\n"
    dataset = read(tmp_path, notes=NOTES, chats=chats)
    assert dataset.tables["chats"].column("kind").to_pylist() == ["private"]


def test_tables_without_an_id_lose_only_rows_equal_in_every_column(tmp_path: Path) -> None:
    row = "a,like,note,n,2026-03-10T10:00:00Z,"
    dataset = read(tmp_path, interactions=LIKES + row + "app\n" + row + "\n" + row + "app\n" + row + "\n")
    assert dataset.tables["interactions"].column("client").to_pylist() == ["app", None]
    assert dataset.quality.duplicates_equal == {"interactions": 2}


def test_rows_stand_by_time_then_key_with_missing_times_last(tmp_path: Path) -> None:
    accounts = "account_id,registered_at\nz,2020-01-01\nb,\na,\ny,2020-01-01\nx,2019-01-01\n"
    dataset = read(tmp_path, notes=NOTES, accounts=accounts)
    assert dataset.tables["accounts"].column("account_id").to_pylist() == ["x", "y", "z", "a", "b"]


def test_ids_sort_by_code_points_not_by_any_locale(tmp_path: Path) -> None:
    ids = ["é", "z", "Z", "a", "露", "🦊", "10", "9"]
    body = "".join(f"{i},a,2026-03-10T10:00:00Z,,\n" for i in ids)
    assert read(tmp_path, notes=NOTES + body).tables["notes"].column("note_id").to_pylist() == sorted(ids)


def test_dangling_references_are_kept_and_counted(tmp_path: Path) -> None:
    at = "2026-03-10T10:00:00Z"
    dataset = read(
        tmp_path,
        accounts="account_id\na\n",
        notes=f"{NOTES}n,a,{at},,\nm,stranger,{at},,\n",
        comments="comment_id,note_id,account_id,created_at,reply_to\n"
        f"c1,n,a,{at},\nc2,gone,a,{at},c1\nc3,n,a,{at},gone\nc4,gone,a,{at},\n",
        interactions=f"{LIKES}a,like,note,n,{at},\na,like,note,gone,{at},\na,like,comment,n,{at},\n"
        f"a,follow,account,a,{at},\na,follow,account,gone,{at},\n",
    )
    assert dataset.quality.dangling == {
        "notes.account_id": 1,
        "comments.note_id": 2,
        "comments.reply_to": 1,
        "interactions.target_id": 3,
    }
    assert dataset.quality.rows["comments"] == 4


def test_references_into_a_table_that_is_not_there_are_not_counted(tmp_path: Path) -> None:
    comments = "comment_id,note_id,account_id,created_at\nc,n,a,2026-03-10T10:00:00Z\n"
    assert read(tmp_path, comments=comments).quality.dangling == {}


def test_texts_too_wide_for_one_chunk_come_back_in_several() -> None:
    rows = pa.table({"id": ["a", "b", "c", None], "text": ["x" * 30, "y", "z" * 40, None]})
    order = pa.array([2, 3, 0, 1])
    wide = reordered(rows, order, wide_bytes=40)
    assert wide.schema == rows.schema
    assert wide.to_pylist() == rows.take(order).to_pylist()
    assert wide.column("text").num_chunks > 1
