"""What a dataset can and cannot say, in sentences."""

from __future__ import annotations

import json
from pathlib import Path

from graphscan.intake import Capabilities, check_dataset, read_dataset

NOTES = "note_id,account_id,created_at,text,client\n"
COMMENTS = "comment_id,note_id,account_id,created_at\n"


def check(folder: Path, **tables: str) -> Capabilities:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return check_dataset(read_dataset(folder))


def notes(count: int, time: str = "2026-03-10T{:02d}:07:{:02d}Z") -> str:
    return NOTES + "".join(f"n{i},a{i % 7},{time.format(i % 10, i)},words,\n" for i in range(count))


def comments(count: int, time: str) -> str:
    return COMMENTS + "".join(f"c{i},n{i},b,{time.format(i % 10, i)}\n" for i in range(count))


def test_what_is_missing_is_said_with_its_consequence(tmp_path: Path) -> None:
    found = check(tmp_path, notes=notes(30))
    assert "no chat messages: chat motifs are not looked for" in found.cannot
    assert (
        "no registered_at: interest blocks and channel exposure can only be learnt inside the window, "
        "so a large farm may look like an interest" in found.cannot
    )
    assert "no client: tool signatures cannot be seen; this is no evidence either way" in found.cannot
    assert "texts: shared wording, templates and contacts can be found" in found.can
    assert len(set(found.can) & set(found.cannot)) == 0


def test_a_column_that_is_there_but_empty_is_missing(tmp_path: Path) -> None:
    found = check(tmp_path, notes=notes(3), accounts="account_id,registered_at\na,\n")
    assert any(sentence.startswith("no registered_at") for sentence in found.cannot)
    found = check(tmp_path, accounts="account_id,registered_at\na,2020-01-01\n")
    assert not any(sentence.startswith("no registered_at") for sentence in found.cannot)


def test_tables_are_summed_up(tmp_path: Path) -> None:
    found = check(tmp_path, notes=notes(30), accounts="account_id\na1\nx\n")
    accounts, table = found.tables
    assert (table.name, table.rows, table.accounts) == ("notes", 30, 7)
    assert (table.first_at, table.last_at) == ("2026-03-10T00:07:00Z", "2026-03-10T09:07:29Z")
    assert table.filled["text"] == 1.0 and table.filled["client"] == 0.0
    assert (accounts.accounts, accounts.first_at) == (2, None)
    assert found.accounts == 8
    assert found.lines()[0] == "8 accounts in 2 tables"
    assert "  notes: 30 rows by or of 7 accounts, 2026-03-10T00:07:00Z to 2026-03-10T09:07:29Z" in found.lines()


def test_times_cut_to_the_minute_are_noticed_and_times_to_the_second_are_not(tmp_path: Path) -> None:
    found = check(tmp_path, notes=notes(30, "2026-03-10T{:02d}:{:02d}:00Z"))
    assert any("all times are whole minutes; windows under 60 s mean the same minute" in s for s in found.notes)
    assert not any("whole" in s for s in check(tmp_path, notes=notes(30)).notes)


def test_comments_before_their_notes_betray_clocks_that_differ(tmp_path: Path) -> None:
    late = check(tmp_path, notes=notes(30), comments=comments(30, "2026-03-09T{:02d}:17:{:02d}Z"))
    (sentence,) = [s for s in late.notes if "clocks or time zones" in s]
    assert sentence.startswith("comments: 30 of 30 are earlier than the note they stand under, by up to 23.8 h")
    fine = check(tmp_path, comments=comments(30, "2026-03-10T{:02d}:17:{:02d}Z"))
    assert not any("clocks or time zones" in s for s in fine.notes)


def test_likes_before_their_notes_are_noticed_but_follows_are_no_answers(tmp_path: Path) -> None:
    header = "account_id,kind,target_kind,target_id,created_at\n"
    rows = "".join(f"b,like,note,n{i},2026-03-09T10:00:{i:02d}Z\n" for i in range(30))
    found = check(tmp_path, notes=notes(30), interactions=header + rows)
    assert any(s.startswith("interactions: 30 of 30 are earlier") for s in found.notes)
    found = check(tmp_path, interactions=header + rows.replace("like,note", "follow,account"))
    assert not any("earlier" in s for s in found.notes)


def test_spans_that_do_not_meet_are_noticed(tmp_path: Path) -> None:
    found = check(tmp_path, notes=notes(30), comments=comments(30, "2026-04-10T{:02d}:17:{:02d}Z"))
    assert "notes end before comments begin: what happened in both at once cannot be seen" in found.notes


def test_seconds_read_as_milliseconds_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text(NOTES + "n,a,1773122703,,\n")
    found = check_dataset(read_dataset(tmp_path, epoch_unit="ms"))
    assert any("all times lie before 1980" in s for s in found.notes)


def test_half_known_columns_are_named(tmp_path: Path) -> None:
    body = notes(29) + "n29,a,2026-03-10T10:07:00Z,,app/1\n"
    found = check(tmp_path, notes=body)
    assert "notes.client is known for 3.3% of rows only; the rest is no data, not a no" in found.notes


def test_the_first_line_that_is_no_row_is_named_too(tmp_path: Path) -> None:
    found = check(tmp_path, notes=notes(1) + "n1,a1\n,a2,2026-03-10T10:07:00Z,x,\n")
    (told,) = [s for s in found.notes if "set aside" in s]
    assert "fewer fields than the header: 1, first notes.csv:3" in told
    assert "note_id: no value, but one is required: 1, first notes.csv:4" in told


def test_what_the_gate_counted_is_told(tmp_path: Path) -> None:
    body = notes(3) + "n0,a0,2026-03-10T00:07:00Z,words,\nn1,a1,2026-03-10T11:00:00Z,x,\nn9,a,never,,\n"
    found = check(tmp_path, notes=body, comments=COMMENTS + "c,gone,a,2026-03-10T05:00:00Z\n")
    assert "notes: 1 rows were set aside (created_at: not a time: 1, first notes.csv:7)" in found.notes
    assert "notes: 1 duplicate rows were dropped" in found.notes
    assert any(s.startswith("notes: 1 rows were dropped because another row of the same id") for s in found.notes)
    assert any(s.startswith("comments.note_id: 1 values name a row that is not in the dataset") for s in found.notes)


def test_it_all_goes_into_json(tmp_path: Path) -> None:
    found = check(tmp_path, notes=notes(3))
    assert json.loads(json.dumps(found.as_json()))["tables"][0]["rows"] == 3
    assert set(found.as_json()) == {"accounts", "tables", "can", "cannot", "notes"}


def test_a_table_without_rows_says_nothing_of_clocks(tmp_path: Path) -> None:
    found = check(tmp_path, notes=NOTES)
    assert found.accounts == 0 and found.notes == ()
