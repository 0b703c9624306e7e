"""Kill it anywhere, run it again: the same ledger, each effect once. And two at once on the same ledger."""

import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STEPS = Path(__file__).with_name("ledger_steps.py")
_SPEC = importlib.util.spec_from_file_location("made_ledgers", STEPS.parents[1] / "unit/ledger/made.py")
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

KILLS = int(os.environ.get("GRAPHSCAN_LEDGER_KILLS", "5"))


@pytest.fixture(scope="module")
def a_run(tmp_path_factory):
    kinds = ("warn", "limit", "ban", "limit")
    rows = [made.decision(f"a{n:03d}", kinds[n % 4], cluster="c1") for n in range(24)]
    return made.run(tmp_path_factory.mktemp("run") / "run", rows)


def started(folder, a_run):
    arguments = [folder / "ledger.db", a_run, folder / "operations.jsonl", folder / "plan.json"]
    process = subprocess.Popen(
        [sys.executable, str(STEPS), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


def ended(process):
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told


def what_stands(folder):
    """All that matters of a ledger, without numbers and plans: they differ when a step was begun twice."""
    with made.opened(folder / "ledger.db", made.Clock()) as ledger:
        found = ledger.verify()
        assert found.ok, found.faults
        decisions = {
            d.decision_id: (d.account_id, d.state, tuple(a.who for a in d.approvals), d.applied_at, d.expires_at)
            for d in ledger.decisions()
        }
        appeals = {a.appeal_id: (a.state, a.handler, a.outcome_reason) for a in ledger.appeals()}
        return decisions, appeals, ledger.freezes()


def what_the_platform_does(folder):
    """Carry the file out as its reader would; every key stands there once."""
    lines = [json.loads(line) for line in (folder / "operations.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({line["key"] for line in lines}) == len(lines)
    latest = {}
    for line in lines:
        if line["fence"] >= latest.get(line["decision_id"], {"fence": 0})["fence"]:
            latest[line["decision_id"]] = line
    return {line["decision_id"] for line in latest.values() if line["op"] == "apply"}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, a_run):
    folder = tmp_path_factory.mktemp("undisturbed")
    process = started(folder, a_run)
    begun = time.monotonic()
    ended(process)
    return folder, time.monotonic() - begun


def test_the_story_has_every_part(undisturbed):
    folder, _ = undisturbed
    decisions, appeals, freezes = what_stands(folder)
    assert {"APPLIED", "REVERSED", "IN_REVIEW"} <= {state for _, state, *_ in decisions.values()}
    assert list(appeals.values()) == [("OVERTURNED", "dora", "victim")]
    assert "cluster:c1" in freezes
    assert what_the_platform_does(folder) == {i for i, d in decisions.items() if d[1] == "APPLIED"}


def test_killed_again_and_again_it_ends_as_if_never_disturbed(undisturbed, a_run, tmp_path):
    reference, seconds = undisturbed
    deal = random.Random(11)
    killed = 0
    for _ in range(KILLS):
        process = started(tmp_path, a_run)
        time.sleep(deal.uniform(0.02, seconds))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
    ended(started(tmp_path, a_run))
    assert killed >= KILLS // 4
    assert what_stands(tmp_path) == what_stands(reference)
    assert what_the_platform_does(tmp_path) == what_the_platform_does(reference)


def test_killed_on_its_way_at_every_tenth_of_it(undisturbed, a_run, tmp_path):
    """A fresh ledger each time, killed once, at a moment that moves from the beginning to the end."""
    reference, seconds = undisturbed
    for part in range(1, 10, 3):
        folder = tmp_path / str(part)
        folder.mkdir()
        process = started(folder, a_run)
        time.sleep(seconds * part / 10)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        ended(started(folder, a_run))
        assert what_stands(folder) == what_stands(reference)
        assert what_the_platform_does(folder) == what_the_platform_does(reference)


def test_two_at_once_do_everything_once(a_run, tmp_path):
    script = f"""
import sys; sys.path.insert(0, {str(STEPS.parent)!r})
import ledger_steps as s
from pathlib import Path
from graphscan.errors import LedgerError
print("ready", flush=True)
with s.made.opened({str(tmp_path / "ledger.db")!r}, s.made.Clock()) as ledger:
    s.made.without_caps(ledger)
    ledger.propose({str(a_run)!r}, mode="live", proposer="cron")
    for decision in ledger.decisions():
        for who in ("ann", "bob"):
            try:
                ledger.approve(decision.decision_id, who)
            except LedgerError:
                continue
    adapter = s.FileAdapter(Path({str(tmp_path / "operations.jsonl")!r}))
    try:
        ledger.apply(ledger.plan("kim"), adapter)
    except LedgerError:
        ledger.drain(adapter)
"""
    both = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        ended(process)
    decisions, _, _ = what_stands(tmp_path)
    assert len(decisions) == 24
    assert what_the_platform_does(tmp_path) == {i for i, d in decisions.items() if d[1] == "APPLIED"}
    assert sum(d[1] == "APPLIED" for d in decisions.values()) == 18  # all but the bans, which cool off
    with made.opened(tmp_path / "ledger.db", made.Clock()) as ledger:
        seen = [e.subject for e in ledger.entries() if e.action in ("propose", "enqueue", "ack")]
    assert len(seen) == 24 + 18 + 18
