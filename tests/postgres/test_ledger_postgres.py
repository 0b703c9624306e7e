"""The same ledger in a real PostgreSQL: the same story, the same refusals, the same laws."""

import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graphscan.errors import LedgerError, OutsideError
from graphscan.ledger import Ledger

required = os.environ.get("GRAPHSCAN_REQUIRE_POSTGRES") == "1"
psycopg = importlib.import_module("psycopg") if required else pytest.importorskip("psycopg")

_MADE = Path(__file__).parents[1] / "unit/ledger/made.py"
_SPEC = importlib.util.spec_from_file_location("made_ledgers", _MADE)
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)


@pytest.fixture
def clock():
    return made.Clock()


@pytest.fixture
def a_run(tmp_path):
    rows = [made.decision(f"a{n}%_\\", "ban" if n == 0 else "limit") for n in range(4)]
    return made.run(tmp_path / "run", rows)


def story(ledger, clock, a_run):
    """Propose, approve, send, appeal, overturn, send; return what stands and what the platform holds."""
    made.without_caps(ledger)
    ledger.propose(a_run, mode="live", proposer="cron")
    for decision in ledger.decisions(state="IN_REVIEW"):
        ledger.approve(decision.decision_id, "ann")
        if decision.measure == "ban":
            ledger.approve(decision.decision_id, "bob")
    clock.forward(hours=25)
    platform = made.Platform()
    ledger.apply(ledger.plan("kim"), platform)
    appeal = ledger.open_appeal(
        ledger.decisions()[1].decision_id, "a1", "no\x00 \ud800 我没有", [("x.bin", bytes(range(256)))]
    )
    assert ledger.attachment(appeal.appeal_id, appeal.attachments[0].sha256) == bytes(range(256))
    ledger.recheck = lambda tables, policy, without: tables["decisions"].slice(0, 3)
    told = ledger.overturn(appeal.appeal_id, "dora", "victim")
    ledger.drain(platform)
    return [(d.decision_id, d.state, d.approvals) for d in ledger.decisions()], told, platform.active


def test_the_same_story_ends_the_same_in_both_databases(where, a_run):
    outcomes = []
    for place in (where, ":memory:"):
        clock = made.Clock()
        with made.opened(place, clock) as ledger:
            outcomes.append(story(ledger, clock, a_run))
            assert ledger.verify(ledger.head()).faults == ()
    assert outcomes[0] == outcomes[1]


def test_erasure_and_reopening(where, a_run, clock):
    with made.opened(where, clock) as ledger:
        story(ledger, clock, a_run)
        told = ledger.erase("a1%_\\", "dpo", "asked for")
        assert (told["decisions"], told["appeals"], told["files"]) == (1, 1, 1)
    with made.opened(where, clock) as ledger:
        assert ledger.verify().faults == ()
        assert ledger.decisions(account="a1%_\\") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE graphscan_entries SET actor = 'eve' WHERE seq = 5",
        "DELETE FROM graphscan_entries WHERE seq = 5",
        "TRUNCATE graphscan_entries",
        "UPDATE graphscan_payloads SET body = '{}' WHERE seq = 5",
        "DELETE FROM graphscan_payloads WHERE seq = 5",
        "TRUNCATE graphscan_payloads",
    ],
)
def test_the_database_refuses_to_change_the_chain(where, a_run, clock, statement):
    with made.opened(where, clock) as ledger:
        ledger.propose(a_run, mode="live", proposer="cron")
        with (
            psycopg.connect(where) as connection,
            pytest.raises(psycopg.Error, match=r"append-only|can only be erased"),
        ):
            connection.execute(statement)
        assert ledger.verify().ok


def test_tampering_by_the_databases_owner_is_seen(where, a_run, clock):
    with made.opened(where, clock) as ledger:
        ledger.propose(a_run, mode="live", proposer="cron")
        with psycopg.connect(where) as connection:
            connection.execute("ALTER TABLE graphscan_entries DISABLE TRIGGER ALL")
            connection.execute("UPDATE graphscan_entries SET actor = 'eve' WHERE seq = 5")
        faults = ledger.verify().faults
        assert "entry 5: its code does not fit; it was changed" in faults
        assert "trigger graphscan_entries_no_change is missing" in faults


def test_a_step_that_fails_halfway_leaves_nothing(where, a_run, clock, monkeypatch):
    with made.opened(where, clock) as ledger:
        monkeypatch.setattr("graphscan.ledger.proposing.withdraw_earlier", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ledger.propose(a_run, mode="live", proposer="cron")
        assert ledger.entries() == []
        assert ledger.decisions() == []


def test_two_processes_at_once_do_everything_once(where, a_run, tmp_path):
    script = f"""
import importlib.util
spec = importlib.util.spec_from_file_location("made_ledgers", {str(_MADE)!r})
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)
from graphscan.errors import LedgerError
with made.opened({where!r}) as ledger:
    ledger.propose({str(a_run)!r}, mode="live", proposer="cron")
    for decision in ledger.decisions():
        for who in ("ann", "bob"):
            try:
                ledger.approve(decision.decision_id, who)
            except LedgerError:
                continue
"""
    both = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in both:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
    with made.opened(where) as ledger:
        assert ledger.verify().ok
        assert {d.state for d in ledger.decisions()} == {"APPROVED"}
        assert [e.action for e in ledger.entries()].count("propose") == 4
        assert [e.action for e in ledger.entries()].count("approve") == 5


def test_a_connection_that_is_lost_can_be_tried_again(where, clock):
    with made.opened(where, clock) as ledger:
        with psycopg.connect(where, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        with pytest.raises(OutsideError, match="running again is safe"):
            ledger.freeze("all", "ann", "look")
    with made.opened(where, clock) as ledger:
        assert ledger.freeze("all", "ann", "look") == []


def test_no_server_is_one_message(tmp_path):
    with pytest.raises(OutsideError, match=r"ledger postgresql://graphscan@/x: "):
        Ledger.open(f"postgresql://graphscan@/x?host={tmp_path}")


def test_another_key_cannot_write(where, a_run, clock):
    with made.opened(where, clock) as ledger:
        ledger.propose(a_run, mode="live", proposer="cron")
    with made.opened(where, clock, key=None) as ledger, pytest.raises(LedgerError, match="was begun with key"):
        ledger.freeze("all", "ann", "look")


def test_a_role_with_few_rights_can_work_and_cannot_touch_the_chain(server, where, a_run, clock):
    with made.opened(where, clock):
        pass
    role = f"r{abs(hash(where))}"
    with psycopg.connect(where, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        owner.execute(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {role}")
        owner.execute(f"GRANT UPDATE ON graphscan_payloads, graphscan_standing TO {role}")
        owner.execute(f"GRANT DELETE ON graphscan_standing, graphscan_files TO {role}")
    as_role = where.replace("graphscan@", f"{role}@")
    with made.opened(as_role, clock) as ledger:
        story(ledger, clock, a_run)
        ledger.erase("a1%_\\", "dpo", "asked for")
        assert ledger.verify().ok
    with psycopg.connect(as_role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("ALTER TABLE graphscan_entries DISABLE TRIGGER ALL")
