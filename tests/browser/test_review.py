"""The review site in a real headless Chromium, without JavaScript and by keyboard: two people approve a ban.

Needs node with playwright-core (found in NODE_PATH or beside this file) and a Chromium; skips without, unless
GRAPHSCAN_REQUIRE_BROWSER=1. Screenshots go to GRAPHSCAN_SCREENSHOTS, if that is set.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphscan.decisions.policy import read_policy
from graphscan.ledger import Ledger
from graphscan.publishing import sha256_of
from graphscan.tables import DECISIONS, EVIDENCE

from .. import interrupts
from ..browsing import lacking
from ..unit.casework import told

STEPS = Path(__file__).with_name("review_steps.js")
POLICY = read_policy()


def row(account, measure="ban", **more):
    d = told.decision()
    key = hashlib.sha256(f"{POLICY.sha256}|{account}|{measure}".encode()).hexdigest()
    shown = {c.name: getattr(d, c.name, None) for c in DECISIONS.columns}
    return {
        **shown,
        "decision_id": "d" + key[:20],
        "subject": account,
        "measure": measure,
        "automated": True,
        "detail": {"ban": "ban", "limit": "limit_distribution"}[measure],
        "days": 30 if measure == "limit" else None,
        "follows": [f"account:{account} {g.clue}" for g in told.GROUNDS],
        "policy_version": POLICY.name,
        "policy_sha256": POLICY.sha256,
        **more,
    }


def clue(ground, account, sentence):
    shown = {c.name: getattr(ground, c.name, None) for c in EVIDENCE.columns}
    return {**shown, "subject": f"account:{account}", "rows": list(ground.rows), "sentence": sentence}


SENTENCES = {
    "posted_by_tool": "An agent tool posted 14 of its 14 notes whose client is known.",
    "regular_gaps": "Its notes come at even intervals: 13 gaps around 24 hours spread by 4% of their mean.",
    "acted_later_note_comment": "It and 7 other members commented on the same note at 42 meetings; at 36 it was the later one.",
    "against_sleep": "It rests: five hours of its day hold 0.4% of its actions.",
    "against_talk": f"It answered, and was answered by, 3 accounts older than half a year. {told.WORDS_OF_OTHERS}",
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """A ledger with three decisions about members of the told cluster, in live mode."""
    folder = tmp_path_factory.mktemp("review")
    run = folder / "run"
    run.mkdir()
    tables = told.tables()
    rows = [row(told.SELF), row(told.OTHERS[0]), row(told.OTHERS[1], "limit")]
    tables["decisions"] = pa.Table.from_pylist(rows, schema=DECISIONS.schema)
    clues = [clue(g, a["subject"], SENTENCES[g.clue]) for a in rows for g in (*told.GROUNDS, *told.FAVOURS)]
    others = [e for e in tables["evidence"].to_pylist() if not e["subject"].startswith("account:")]
    tables["evidence"] = pa.Table.from_pylist(clues + others, schema=EVIDENCE.schema)
    for name, table in tables.items():
        pq.write_table(table, run / f"{name}.parquet")
    outputs = {p.name: sha256_of(p) for p in sorted(run.glob("*.parquet"))}
    (run / "run.json").write_text(json.dumps({**told.MANIFEST, "outputs": outputs}), encoding="utf-8")
    where = folder / "ledger.db"
    with Ledger.open(str(where)) as made:
        made.propose(run, mode="live", proposer="graphscan", canary_share=1.0)
    return where


@pytest.fixture(scope="module")
def address(ledger):
    """The address that `graphscan review serve` prints."""
    command = [sys.executable, "-m", "graphscan", "review", "--ledger", str(ledger), "serve", "--port", "0", "--json"]
    process = interrupts.started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield json.loads(process.stdout.readline())["address"]
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        assert errors == ""


def test_two_people_decide_in_a_browser_by_keyboard(address, ledger, tmp_path):
    reason = lacking()
    if reason:
        if os.environ.get("GRAPHSCAN_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    pictures = Path(os.environ.get("GRAPHSCAN_SCREENSHOTS") or tmp_path)
    pictures.mkdir(parents=True, exist_ok=True)
    command = ["node", str(STEPS), address, chromium, str(pictures), told.SELF]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert ended.returncode == 0, ended.stderr
    seen = json.loads(ended.stdout)
    assert seen["queue"] == "3 decisions waiting for people"
    assert (seen["rows"], seen["bans"]) == (3, 2)
    assert seen["heading"] == "Ban this account?"
    assert seen["sides"] == ["What speaks against the account", "What speaks for the person"]
    against, favour = seen["boxes"]
    assert abs(against["y"] - favour["y"]) < 2  # side by side, and as wide
    assert abs(against["width"] - favour["width"]) < 2
    assert seen["pictures"] == 3
    assert seen["button"] == "Approve: ban"
    assert "IN REVIEW" in seen["first"]
    assert seen["remembered"] == "anna"
    assert "has approved it already; another person must" in seen["again"]
    assert "APPROVED" in seen["second"]
    assert "同意，证据清楚。" in seen["people"]
    assert seen["dialogs"] == 0
    assert [
        line for line in seen["console"] if "409 (Conflict)" not in line
    ] == []  # the refused second word of one person
    assert all(url.startswith(address) for url in seen["requests"])
    assert (pictures / "case.pdf").stat().st_size > 10_000
    with Ledger.open(str(ledger), create=False) as book:
        (decision,) = book.decisions(account=told.SELF)
        assert decision.state == "APPROVED"
        assert [a.who for a in decision.approvals] == ["anna", "boris"]
        assert book.verify().ok
