"""Pseudonyms, drift, metrics, forms of the report, the order of passes: each in its smallest story."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from graphscan.errors import InputError, OutsideError, SettingsError
from graphscan.jobs.days import days_of
from graphscan.jobs.drifts import drift_table
from graphscan.jobs.erased import suppressed, without_accounts
from graphscan.jobs.looks import Level, announced
from graphscan.jobs.metrics import escaped
from graphscan.jobs.pseudonyms import Pseudonyms, read_pseudonyms
from graphscan.jobs.reporting import csv_text
from graphscan.jobs.state import State, locked, next_pass_id, pass_order
from graphscan.tables import CLUSTERS, MEMBERS, PAIRS, from_rows, input_table

DAY = dt.timedelta(days=1)
BEGIN = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def likes(rows):
    return from_rows([(a, "like", kind, target, at, None) for a, kind, target, at in rows], input_table("interactions"))


def test_a_row_lies_in_the_day_of_its_own_clock():
    rows = likes([("u", "note", "n", dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC))])
    table = input_table("interactions")
    assert list(days_of(rows, table, "UTC", "")) == ["2026-03-01"]
    assert list(days_of(rows, table, "Asia/Shanghai", "")) == ["2026-03-02"]


def test_a_revision_comes_after_its_day_and_the_tenth_after_the_second():
    assert next_pass_id("2026-03-05", "2026-03-04") == "2026-03-05"
    assert next_pass_id("2026-03-05", "2026-03-05") == "2026-03-05.2"
    assert sorted(["2026-03-05.10", "2026-03-05.2", "2026-03-05"], key=pass_order)[-1] == "2026-03-05.10"
    with pytest.raises(InputError):
        pass_order("latest")


def test_a_second_pass_on_the_same_state_is_told_to_wait(tmp_path):
    state = State(tmp_path / "state")
    with locked(state), pytest.raises(OutsideError, match="another pass is running") as error, locked(state):
        pass
    assert error.value.exit_code == 75
    with locked(State(tmp_path / "state")):
        pass


def key_file(tmp_path, text="k" * 32, mode=0o600):
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_pseudonyms_replace_every_account_and_no_note(tmp_path):
    names = read_pseudonyms(key_file(tmp_path))
    rows = likes([("u1", "account", "u2", BEGIN), ("u2", "note", "u1", BEGIN)])
    made = names.rows(rows, input_table("interactions"))
    assert made["account_id"].to_pylist() == [names.name("u1"), names.name("u2")]
    assert made["target_id"].to_pylist() == [names.name("u2"), "u1"]
    assert Pseudonyms(b"x" * 32).name("u1") != names.name("u1")
    assert "k" * 8 not in repr(names)


def test_under_pseudonyms_nicknames_and_bios_are_left_out(tmp_path):
    accounts = input_table("accounts")
    row = ("u1", None, None, None, None, "Ann", "call me", True)
    made = read_pseudonyms(key_file(tmp_path)).rows(from_rows([row], accounts), accounts)
    assert made["nickname"].to_pylist() == made["bio"].to_pylist() == [None]


@pytest.mark.parametrize(("text", "mode", "part"), [("k" * 32, 0o644, "mode 0644"), ("short", 0o600, "5 bytes")])
def test_a_key_that_others_read_or_that_is_short_is_refused(tmp_path, text, mode, part):
    with pytest.raises(SettingsError, match=part):
        read_pseudonyms(key_file(tmp_path, text, mode))


def test_rows_by_and_about_an_erased_account_go_and_others_stay():
    rows = likes([("u1", "note", "n", BEGIN), ("u2", "account", "u1", BEGIN), ("u2", "note", "u1", BEGIN)])
    kept = without_accounts(rows, input_table("interactions"), [suppressed("u1")])
    assert kept["account_id"].to_pylist() == ["u2"] and kept["target_kind"].to_pylist() == ["note"]


def test_a_chat_stays_when_its_owner_is_erased():
    chats = input_table("chats")
    rows = from_rows([("g1", "group", "x", None, "u1"), ("g2", "group", "y", None, None)], chats)
    assert without_accounts(rows, chats, [suppressed("u1")])["owner_id"].to_pylist() == [None, None]


def days_of_likes(counts, hour):
    """So many likes a day, spread over the hours that ``hour`` deals."""
    rng = np.random.default_rng(3)
    return likes(
        [
            (f"u{k % 50}", "note", f"n{k % 7}", BEGIN + day * DAY + dt.timedelta(hours=hour(day, rng), seconds=k))
            for day, count in enumerate(counts)
            for k in range(count)
        ]
    )


def flags(rows, day):
    table = drift_table({"interactions": rows}, "UTC", day)
    return {row["feature"] for row in table.to_pylist() if row["flag"]}


def test_days_alike_raise_no_flag():
    assert flags(days_of_likes([300] * 7, lambda day, rng: float(rng.uniform(0, 23))), "2026-03-07") == set()


def test_a_day_with_half_its_rows_gone_and_one_at_other_hours_are_flagged():
    assert "rows" in flags(days_of_likes([300] * 6 + [100], lambda day, rng: float(rng.uniform(0, 23))), "2026-03-07")
    night = days_of_likes([300] * 7, lambda day, rng: float(rng.uniform(0, 4) if day == 6 else rng.uniform(8, 23)))
    assert "hour" in flags(night, "2026-03-07")


def test_a_column_that_stops_coming_is_flagged():
    rows = days_of_likes([300] * 7, lambda day, rng: float(rng.uniform(0, 23)))
    clients = ["app 1" if at.day < 7 else None for at in rows["created_at"].to_pylist()]
    rows = rows.set_column(rows.schema.get_field_index("client"), "client", pa.array(clients, pa.string()))
    assert {"client", "filled: client"} <= flags(rows, "2026-03-07")


def run_tables(timing, q_values):
    """One cluster of six in a chain of pairs with these q-values."""
    names = [f"u{k}" for k in range(len(q_values) + 1)]
    cluster = ["c1", len(names), 1.0, ["note_comment"], BEGIN, BEGIN, "", "none", 5, 5, timing, None, None, 0]
    pairs = [
        (a, b, "note_comment", 3, 3, 0.1, q / 10, q, BEGIN, BEGIN, [1, 2], 60)
        for a, b, q in zip(names, names[1:], q_values, strict=False)
    ]
    members = [("c1", n, 1.0, "core") for n in names]
    return {
        "clusters": from_rows([cluster], CLUSTERS),
        "pairs": from_rows(pairs, PAIRS),
        "members": from_rows(members, MEMBERS),
    }


@pytest.mark.parametrize(
    ("timing", "q_values", "found"),
    [
        (1e-6, [1e-6] * 5, {"c1"}),
        (1e-3, [1e-6] * 5, set()),  # in time, but not surely enough for thirty looks
        (1e-6, [1e-6, 1e-6, 5e-4, 1e-6, 1e-6], set()),  # the surest pairs alone tie three at most
    ],
)
def test_a_daily_question_is_answered_more_carefully(timing, q_values, found):
    assert announced(run_tables(timing, q_values), Level(30, 1, 0.01 / 30, 1e-3 / 30, 5)) == found


def test_labels_of_metrics_cannot_end_their_quotes():
    assert escaped('a"b\\c\nd') == 'a\\"b\\\\c\\nd'


def test_no_cell_is_a_formula():
    assert csv_text(["a", "b"], [{"a": "=1+1", "b": True}, {"a": None, "b": -1}]) == "a,b\n'=1+1,true\n,-1\n"
