"""The chain: what every kind of tampering looks like, what erasure leaves, and what key and file must be."""

import json
import shutil
import sqlite3
import stat

import pytest

from graphscan.errors import InputError, LedgerError, OutputError, OutsideError, SettingsError
from graphscan.ledger import Head, Ledger
from graphscan.ledger.schema import SQLITE
from graphscan.ledger.seals import Seal, canonical, digest_of, find_key

from . import made
from .test_life import proposed, sent


@pytest.fixture
def where(tmp_path, clock):
    """A closed ledger with a whole life in it, as a file."""
    path = tmp_path / "ledger.db"
    with made.without_caps(made.opened(path, clock)) as ledger:
        proposed(ledger, tmp_path, *(made.decision(f"a{n}", "limit") for n in range(3)))
        sent(ledger, clock)
        ledger.open_appeal(ledger.decisions()[0].decision_id, "a0", "no", [("x.txt", b"words")])
    return path


def verdict(path, head=None, key=made.KEY):
    with Ledger.open(str(path), key=key, clock=made.Clock()) as ledger:
        return ledger.verify(head)


def forced(path, *statements):
    """Change the file as its owner could: triggers off, statements, triggers on again."""
    connection = sqlite3.connect(path)
    for name in ("entries_no_update", "entries_no_delete", "payloads_only_erase", "payloads_no_delete"):
        connection.execute(f"DROP TRIGGER graphscan_{name}")
    for statement in statements:
        connection.execute(statement)
    for statement in SQLITE:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_whole_ledger_holds(where):
    found = verdict(where)
    assert found.ok
    assert found.keyed
    assert found.erased == 0
    assert verdict(where, found.head).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE graphscan_entries SET actor = 'eve' WHERE seq = 5",
        "DELETE FROM graphscan_entries WHERE seq = 5",
        "UPDATE graphscan_payloads SET body = '{}' WHERE seq = 5",
        "DELETE FROM graphscan_payloads WHERE seq = 5",
    ],
)
def test_the_database_refuses_to_change_the_chain(where, statement):
    connection = sqlite3.connect(where)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|can only be erased"):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE graphscan_entries SET actor = 'eve' WHERE seq = 5", "entry 5: its code does not fit"),
        ("UPDATE graphscan_entries SET at = '2020' WHERE seq = 5", "entry 5: its code does not fit"),
        ("UPDATE graphscan_entries SET after = 'APPROVED' WHERE seq = 5", "entry 5: its code does not fit"),
        ("DELETE FROM graphscan_entries WHERE seq = 5", "entry 5 is missing"),
        ("DELETE FROM graphscan_entries WHERE seq = 1", "entry 1 is missing"),
        ("DELETE FROM graphscan_entries WHERE seq > 17", "payloads lie beyond the last entry 17"),
        ("UPDATE graphscan_payloads SET body = '{}' WHERE seq = 5", "entry 5: its payload was changed"),
        ("UPDATE graphscan_payloads SET body = NULL WHERE seq = 5", "entry 5: its payload is gone, and no erasure"),
        ("DELETE FROM graphscan_payloads WHERE seq = 5", "entry 5: its payload is gone, and no erasure"),
        ("UPDATE graphscan_payloads SET body = 'no json' WHERE seq = 5", "entry 5: its payload was changed"),
        ("UPDATE graphscan_standing SET body = replace(body, 'APPLIED', 'REJECTED')", "differs from what follows"),
        ("DELETE FROM graphscan_standing WHERE kind = 'appeal'", "differs from what follows from the entries"),
        ("INSERT INTO graphscan_entries SELECT 99, at, actor, action, subject, before, after, digest, previous, mac,"
         " key_id FROM graphscan_entries WHERE seq = 5", "is missing"),
    ],
)  # fmt: skip
def test_every_edit_by_force_is_seen(where, statement, fault):
    forced(where, statement)
    found = verdict(where)
    assert not found.ok
    assert any(fault in told for told in found.faults), found.faults


def test_two_entries_that_changed_places_are_seen(where):
    forced(
        where,
        "UPDATE graphscan_entries SET seq = -5 WHERE seq = 5",
        "UPDATE graphscan_entries SET seq = 5 WHERE seq = 6",
        "UPDATE graphscan_entries SET seq = 6 WHERE seq = -5",
    )
    assert any("entry 5: " in told for told in verdict(where).faults)


def test_a_ledger_cut_short_with_all_its_tables_is_seen_by_a_head_kept_elsewhere(where, tmp_path, clock):
    earlier = tmp_path / "earlier.db"
    shutil.copy(where, earlier)  # a copy of yesterday put in today's place holds in itself
    with made.opened(where, clock) as ledger:
        ledger.freeze("all", "ann", "look")
        head = ledger.head()
    assert verdict(earlier).ok
    assert verdict(earlier, head).faults == (f"the chain does not hold entry {head}: it was cut short or written anew",)
    assert verdict(where, head).ok


def test_a_missing_trigger_is_seen(where):
    connection = sqlite3.connect(where)
    connection.execute("DROP TRIGGER graphscan_entries_no_update")
    connection.close()
    assert verdict(where).faults == ("trigger graphscan_entries_no_update is missing",)


def test_a_chain_written_anew_without_the_key_is_seen(where):
    connection = sqlite3.connect(where)
    rows = connection.execute("SELECT * FROM graphscan_entries ORDER BY seq").fetchall()
    connection.close()
    seal, previous, statements = Seal(b"a guess of the forger's"), "", []
    for row in rows:
        fields = [*row[:8], previous]
        previous_mac = seal.sign([*fields, row[10]])
        statements.append(
            f"UPDATE graphscan_entries SET previous = '{previous}', mac = '{previous_mac}' WHERE seq = {row[0]}"
        )
        previous = previous_mac
    forced(where, *statements)
    assert len(verdict(where).faults) >= 20


def test_without_a_key_the_ledger_says_so(tmp_path):
    with Ledger.open(str(tmp_path / "plain.db")) as ledger:
        ledger.freeze("all", "ann", "look")
        assert not ledger.keyed
        found = ledger.verify()
    assert (found.ok, found.keyed) == (True, False)


def test_another_key_cannot_write(where, clock):
    with Ledger.open(str(where), key=b"another key altogether", clock=clock) as ledger:
        before = ledger.head()
        with pytest.raises(LedgerError, match="this ledger was begun with key"):
            ledger.freeze("all", "ann", "look")
        assert ledger.head() == before
        assert not ledger.verify().ok


# ── erasure ──


def test_erasure_takes_the_person_and_leaves_the_chain(where, clock):
    with made.opened(where, clock) as ledger:
        first = ledger.decisions()[0].decision_id
        with pytest.raises(LedgerError, match="what still stands needs its ground"):
            ledger.erase("a0", "dpo", "asked for")
        ledger.withdraw(first, "ann", "asked for")
        ledger.drain(made.Platform())
        with pytest.raises(LedgerError, match="is open; answer it, then erase"):
            ledger.erase("a0", "dpo", "asked for")
        ledger.overturn(f"appeal-{first}", "dora", "victim", "framed, says a0")
        head = ledger.head()
        told = ledger.erase("a0", "dpo", "asked for")
        assert told == {"decisions": 1, "appeals": 1, "entries": 10, "files": 1, "withdrawn": 0, "mentions": 0}
        assert ledger.verify(head).ok
        assert ledger.decision(first).account_id == ""
        assert ledger.decision(first).state == "REVERSED"
        assert ledger.appeals()[0].text == ""
    content = where.read_bytes()
    for word in (b'"a0"', b"Account a0", b"notes/n-a0", b"words"):
        assert word not in content, word


def test_erasure_counts_where_others_evidence_still_names_the_account(tmp_path, clock):
    with made.without_caps(made.opened(clock=clock)) as ledger:
        row = made.decision("a1", follows=["account:a1 after_a0", "after a0"])
        proposed(ledger, tmp_path, made.decision("a0"), row, made.decision("a00"))
        assert ledger.erase("a0", "dpo", "asked for")["mentions"] == 1


def test_an_erased_payload_cannot_be_guessed(where, clock):
    """Its digest is salted, and the salt is gone: whoever knows the likely words cannot confirm them."""
    with made.opened(where, clock) as ledger:
        body = canonical(ledger.payload(1))
        digest = ledger.entries()[0].digest
        assert digest != digest_of("", body)
        (salt,) = ledger._desk.store.rows("SELECT salt FROM graphscan_payloads WHERE seq = 1")[0]
        assert digest == digest_of(salt, body)
        assert len(salt) == 32


def test_an_unknown_account_is_one_message(where, clock):
    with made.opened(where, clock) as ledger, pytest.raises(LedgerError, match="knows nothing of account 'nobody'"):
        ledger.erase("nobody", "dpo", "x")


# ── key and file ──


def test_the_key_comes_from_a_file_of_ones_own_or_the_environment(tmp_path):
    file = tmp_path / "key"
    file.write_text("k" * 20 + "\n", encoding="utf-8")
    file.chmod(0o600)
    assert find_key(file, {}) == b"k" * 20
    assert find_key(None, {"GRAPHSCAN_LEDGER_KEY_FILE": str(file)}) == b"k" * 20
    assert find_key(None, {"GRAPHSCAN_LEDGER_KEY": "e" * 16}) == b"e" * 16
    assert find_key(None, {}) is None
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="has mode 0640; allowed is 0600"):
        find_key(file, {})
    with pytest.raises(SettingsError, match="has 3 characters; allowed is 16 or more"):
        find_key(None, {"GRAPHSCAN_LEDGER_KEY": "abc"})


def test_the_key_shows_nowhere(where):
    assert made.KEY.decode() not in repr(Seal(made.KEY))
    assert made.KEY not in where.read_bytes()


def test_a_new_ledger_is_for_its_owner_only(where):
    assert stat.S_IMODE(where.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("none/x.db", OutputError, "does not exist; make it first"),
        (".", InputError, "is a folder; name a file"),
        ("text.db", InputError, "cannot be used: file is not a database"),
        ("other.db", InputError, "is a database of something else"),
    ],
)
def test_a_place_that_is_none_has_one_message(tmp_path, name, error, message):
    (tmp_path / "text.db").write_text("words, words, words " * 100, encoding="utf-8")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE diary (day TEXT)")
    other.close()
    with pytest.raises(error, match=message):
        Ledger.open(str(tmp_path / name))


def test_a_password_in_an_address_is_refused_before_anything_is_called():
    with pytest.raises(SettingsError, match=r"holds a password; allowed is postgresql://USER@HOST/DATABASE"):
        Ledger.open("postgresql://ann:secret@localhost/x")


def test_a_missing_driver_is_one_message(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(SettingsError, match="install graphscan with the extra 'postgres'"):
        Ledger.open("postgresql://localhost/x")


def test_a_ledger_that_another_holds_too_long_can_be_tried_again(where, clock, monkeypatch):
    monkeypatch.setattr("graphscan.ledger.stores.WAIT_S", 0.05)
    other = sqlite3.connect(where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with made.opened(where, clock) as ledger, pytest.raises(OutsideError, match="database is locked"):
        ledger.freeze("all", "ann", "look")
    other.close()


def test_a_step_that_fails_halfway_leaves_nothing(where, clock, monkeypatch):
    with made.opened(where, clock) as ledger:
        before, standing = ledger.head(), ledger._desk.store.rows("SELECT * FROM graphscan_standing ORDER BY kind, id")
        monkeypatch.setattr("graphscan.ledger.propagation._freeze_version", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ledger.overturn(ledger.appeals()[0].appeal_id, "dora", "disproportionate")
        assert ledger.head() == before
        assert ledger._desk.store.rows("SELECT * FROM graphscan_standing ORDER BY kind, id") == standing


def test_heads_are_texts_that_sort_apart():
    assert str(Head(7, "ab")) == "7:ab"
    assert json.loads(canonical({"b": 1, "a": "é"})) == {"a": "é", "b": 1}
