"""Fourteen days of a simulated platform through the job, with kills, late and repeated data: it ends as one run over all."""

import json
import random
import signal
import subprocess
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from graphscan.jobs.config import read_job
from graphscan.jobs.days import DATED
from graphscan.jobs.job import erase_account, run_job
from graphscan.jobs.lineages import from_tables
from graphscan.jobs.passes import read_pass
from graphscan.jobs.state import State
from graphscan.ledger import Ledger
from graphscan.ledger.adapters import FileAdapter
from graphscan.pipeline import scan_dataset
from graphscan.simulate import simulate
from graphscan.tables import RUN_TABLES

from ..unit.jobs.told_days import by_day, deliver, story, texts_in, told_by, write_job

SETTINGS = '[settings]\nthreads = 1\nreclusterings = 5\nbehaviours = ["note_comment", "note_like", "note_collect"]\n'

# Dies by SIGKILL in the n-th flush to the disk: before, between and after everything that the job publishes.
DYING = """
import os, signal, sys
from pathlib import Path
from graphscan.jobs.config import read_job
from graphscan.jobs.job import run_job
import graphscan.jobs.canaries, graphscan.pipeline

def dying(n):
    flush, left = os.fsync, [n]
    def fsync(descriptor):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        flush(descriptor)
    os.fsync = fsync

for n in map(int, sys.argv[2:]):
    child = os.fork()
    if child == 0:
        dying(n)
        run_job(read_job(Path(sys.argv[1])))
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        break
    print(n, flush=True)
"""


def command(job):
    return [sys.executable, "-m", "graphscan", "job", "--config", str(job), "--quiet", "--json"]


def by_command(job):
    done = subprocess.run(command(job), capture_output=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def killed_at_flushes(job, *numbers):
    """Run the job again and again, each time killed in the n-th flush; return the numbers that it died at."""
    done = subprocess.run([sys.executable, "-c", DYING, str(job), *map(str, numbers)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [int(line) for line in done.stdout.split()]


@pytest.fixture(scope="module")
def told_job(tmp_path_factory):
    """The told world of ten days, its first eight delivered."""

    def make(name):
        folder = tmp_path_factory.mktemp(name)
        days = by_day(story())
        for day in list(days)[:8]:
            deliver(folder / "fed", day, days[day])
        return write_job(folder, canary=True)

    return make


@pytest.fixture(scope="module")
def undisturbed(told_job):
    job = told_job("undisturbed")
    by_command(job)
    return told_by(job.parent / "state")


def test_killed_in_any_flush_and_started_again_it_ends_in_the_same_bytes(told_job, undisturbed):
    job = told_job("flushes")
    died = killed_at_flushes(job, 1, 2, 5, 11, 23, 24, 3, 40, 30, 60, 61, 62)
    assert len(died) >= 8
    by_command(job)
    assert told_by(job.parent / "state") == undisturbed


def test_killed_at_any_moment_and_started_again_it_ends_in_the_same_bytes(told_job, undisturbed):
    job, moments = told_job("moments"), random.Random(7)
    for _ in range(3):
        process = subprocess.Popen(command(job), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=moments.uniform(2, 6))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    by_command(job)
    assert told_by(job.parent / "state") == undisturbed


def test_while_one_pass_runs_another_waits_for_a_better_time(told_job):
    job = told_job("locked")
    (job.parent / "state").mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, 2); print(1, flush=True); input()",
         str(job.parent / "state" / "lock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout.readline() == b"1\n"
    done = subprocess.run(command(job), capture_output=True, check=False)
    holder.communicate(b"\n")
    assert done.returncode == 75 and b"another pass is running" in done.stderr and done.stdout == b""


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """A simulated platform of fourteen days, as one dataset."""
    folder = tmp_path_factory.mktemp("platform") / "all"
    simulate(folder, "small_world", scale=300, seed=4)
    return folder


def day_tables(platform):
    """Day → table → rows; tables without a time come with the first day."""
    days = {}
    for path in sorted(platform.glob("*.parquet")):
        rows = pq.read_table(path)
        if path.stem not in DATED:
            days.setdefault("2026-03-01", {})[path.stem] = rows
            continue
        day = pc.strftime(rows["created_at"], format="%Y-%m-%d")
        for one in pc.unique(day).to_pylist():
            days.setdefault(one, {})[path.stem] = rows.filter(pc.equal(day, one))
    return dict(sorted(days.items()))


def put(folder, day, tables, name="part"):
    for table, rows in tables.items():
        place = folder / table / f"date={day}"
        place.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows, place / f"{name}.parquet")


def held_back(tables):
    """Every twentieth comment of a day, and the rest."""
    late = pa.array([k % 20 == 0 for k in range(tables["comments"].num_rows)])
    rest = {**tables, "comments": tables["comments"].filter(pc.invert(late))}
    return rest, {"comments": tables["comments"].filter(late)}


def appealed(folder):
    """Send what needs no person, let one account appeal, and overturn it; return that account."""
    sent = FileAdapter(folder / "sent.jsonl")
    with Ledger.open(str(folder / "book.sqlite")) as ledger:
        plan = ledger.plan("ann")
        for who in ("bea", "cid") if plan.holds else ():
            ledger.sign(plan, who, "looked through")
        ledger.apply(plan, sent, "ann")
        chosen = ledger.decisions(state="APPLIED")[0]
        appeal = ledger.open_appeal(chosen.decision_id, chosen.account_id, "I write all of it myself.")
        ledger.overturn(appeal.appeal_id, "dan", "wrong_facts", "the tool was a scheduler")
        ledger.drain(sent)
    return chosen.account_id


def test_fourteen_days_with_kills_and_late_data_are_one_run_over_everything(platform, tmp_path):
    days, fed = day_tables(platform), tmp_path / "fed"
    names = list(days)
    job = tmp_path / "job.toml"
    job.write_text(
        f'dataset = "fed"\nstate = "state"\ncanary = false\nledger = "book.sqlite"\nledger_mode = "live"\n{SETTINGS}'
    )
    config, state = read_job(job), State(tmp_path / "state")
    early = [d for d in names if d <= "2026-03-02"]
    for day in early:
        put(fed, day, days[day])
    for number, day in enumerate(names[len(early) :], 1):
        tables = days[day]
        if number == 5:  # a twentieth of the comments comes four days late
            tables, late = held_back(tables)
        if number == 7:  # this day comes only with the next but one
            missed, tables = (day, tables), {}
        if number == 9:
            put(fed, names[len(early) + 4], late, "late")
            put(fed, missed[0], missed[1])
        if number == 6:  # delivered twice, under another name and another day
            put(fed, day, days[names[len(early) + 1]], "again")
        put(fed, day, tables)
        if number in (4, 9):
            killed_at_flushes(job, 4, 30)
        if tables:
            run_job(config)
        if number == 10:
            appellant = appealed(tmp_path)
    assert len(state.pass_ids()) >= len(names) - len(early) - 1
    last = state.passes / state.last_pass()
    whole = scan_dataset(platform, tmp_path / "whole", config.run_settings)
    for table in RUN_TABLES:
        assert (last / "run" / f"{table.name}.parquet").read_bytes() == (
            whole.path / f"{table.name}.parquet"
        ).read_bytes(), table.name
    clusters = len(whole.clusters)
    assert clusters >= 3
    known = from_tables(read_pass(state, state.last_pass()))
    present = [x for x in known.lineages.values() if x.status == "present"]
    assert len(present) == clusters and all(x.announced for x in present)
    assert any(x.first_pass < names[-3] for x in present), "a farm is known days before the end"
    assert {e.event for e in known.events} >= {"new", "grown"}
    report = json.loads((last / "report.json").read_text(encoding="utf-8"))
    assert report["counts"]["announced"] == clusters
    assert report["acted"]["appeals"] == {"OVERTURNED": 1} and report["acted"]["chain_sound"]
    assert "REVERSED" in {row["state"] for row in report["acted"]["decisions"]}
    erase_account(config, appellant)
    held = [path for path, data in texts_in(tmp_path / "state") if appellant.encode() in data]
    with Ledger.open(str(tmp_path / "book.sqlite")) as ledger:
        assert ledger.verify().ok and ledger.decisions(account=appellant) == []
    assert held == []
