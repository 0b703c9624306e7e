"""The job on a told world: idempotent, late rows land in their day, old days go, a person can be erased, names can be hidden."""

import json
import shutil

import pytest

import graphscan as gs
from graphscan.errors import InputError, OutsideError, SettingsError
from graphscan.jobs.config import read_job
from graphscan.jobs.job import erase_account, run_job, status
from graphscan.jobs.lineages import from_tables
from graphscan.jobs.passes import read_pass
from graphscan.jobs.state import State
from graphscan.run import Run

from .told_days import FARM, by_day, deliver, story, texts_in, told_by, write_job

DAYS = by_day(story())
NAMES = list(DAYS)


def fed(folder, days=NAMES):
    for day in days:
        deliver(folder / "fed", day, DAYS[day])


@pytest.fixture(scope="module")
def after_eight(tmp_path_factory):
    """A job that has passed the eighth day; copy it before use."""
    folder = tmp_path_factory.mktemp("job") / "eight"
    folder.mkdir()
    fed(folder, NAMES[:8])
    run_job(read_job(write_job(folder)))
    return folder


@pytest.fixture
def job(after_eight, tmp_path):
    shutil.copytree(after_eight, tmp_path / "job")
    return tmp_path / "job"


def at(folder):
    return read_job(folder / "job.toml")


def report(folder, pass_id):
    return json.loads((folder / "state" / "passes" / pass_id / "report.json").read_text())


def test_the_first_pass_is_the_newest_days_and_finds_the_farm(job):
    state = State(job / "state")
    assert state.pass_ids() == [NAMES[7]]
    (lineage,) = from_tables(read_pass(state, NAMES[7])).lineages.values()
    assert lineage.size == 7 and lineage.first_pass == NAMES[7]
    assert [c["event"] for c in report(job, NAMES[7])["changes"]] == ["new"]


def test_a_pass_is_read_back_from_its_state(job):
    found = gs.read_pass(job / "state")
    assert (
        found.path.name == NAMES[7] and list(found.lineages["size"]) == [7] and list(found.events["event"]) == ["new"]
    )
    assert set(found.members["account_id"]) == set(FARM) == set(found.run.members["account_id"])
    with pytest.raises(InputError, match="no pass"):
        gs.read_pass(job / "fed")


def test_until_an_earlier_day_nothing_is_made_anew(job):
    deliver(
        job / "fed",
        NAMES[7],
        {"comments": [{**DAYS[NAMES[1]]["comments"][0], "comment_id": "l", "account_id": "p01"}]},
        "l",
    )
    assert run_job(at(job), until=NAMES[6]).made == ()
    assert run_job(at(job), until=NAMES[7]).made == (f"{NAMES[7]}.2",)


def test_with_nothing_new_nothing_is_computed_and_no_byte_changes(job):
    before = told_by(job / "state")
    done = run_job(at(job))
    assert done.made == () and done.last_pass == NAMES[7]
    assert told_by(job / "state") == before


def test_missed_days_are_caught_up_one_by_one_and_late_rows_make_a_revision(job):
    missing = DAYS[NAMES[2]]["comments"]
    late = [{**missing[0], "comment_id": "late", "account_id": "p05"}]
    fed(job)
    assert run_job(at(job), once=True).made == (NAMES[8],)
    assert status(at(job))["days_without_pass"] == [NAMES[9]]
    assert run_job(at(job)).made == (NAMES[9],)
    deliver(job / "fed", NAMES[9], {"comments": late + missing}, "again")
    assert run_job(at(job)).made == (f"{NAMES[9]}.2",)
    data = report(job, f"{NAMES[9]}.2")["data"]
    assert data["rows_late"] == len(late + missing) and data["late_by_day"] == {NAMES[2]: len(late + missing)}
    assert data["rows_repeated"] == len(missing) and data["files"] == 1
    rows = Run.open(job / "state" / "passes" / f"{NAMES[9]}.2" / "run").manifest["quality"]["rows"]
    assert rows["comments"] == sum(len(day["comments"]) for day in DAYS.values()) + 1


def test_late_rows_and_accounts_that_come_with_a_new_day_make_no_revision_beside_it(job):
    fed(job, NAMES[8:9])
    deliver(job / "fed", NAMES[8], {"accounts": [{"account_id": "new", "client": "app 1"}]}, "more")
    deliver(
        job / "fed",
        NAMES[8],
        {"comments": [{**DAYS[NAMES[1]]["comments"][0], "comment_id": "l", "account_id": "p01"}]},
        "l",
    )
    assert run_job(at(job)).made == (NAMES[8],)
    assert run_job(at(job)).made == ()


def test_a_file_delivered_twice_under_two_names_counts_once(job):
    deliver(job / "fed", NAMES[7], DAYS[NAMES[7]], "copy")
    assert run_job(at(job)).made == ()
    assert told_by(job / "state").keys() >= {"intake.json"}
    assert sum(d["repeated"] for d in State(job / "state").read("intake.json", {})["deliveries"]) == len(DAYS[NAMES[7]])


def test_a_file_that_cannot_be_read_leaves_the_last_good_state(job):
    before = told_by(job / "state")
    deliver(job / "fed", NAMES[8], {"comments": [{"comment_id": "x", "account_id": "y"}]})
    with pytest.raises(InputError, match="required column"):
        run_job(at(job))
    assert told_by(job / "state") == before


def test_a_row_from_the_future_makes_no_pass(job):
    deliver(
        job / "fed",
        NAMES[7],
        {"comments": [{**DAYS[NAMES[0]]["comments"][0], "comment_id": "f", "created_at": "2099-01-01T00:00Z"}]},
        "f",
    )
    assert run_job(at(job)).made == ()


def test_another_way_of_reading_needs_another_state(job):
    with pytest.raises(SettingsError, match="day_timezone: 'UTC' then, 'Asia/Shanghai' now"):
        run_job(read_job(write_job(job, day_timezone="Asia/Shanghai")))


def test_another_setting_is_a_revision(job):
    config = write_job(job)
    config.write_text(config.read_text() + "seed = 2\n")
    assert run_job(read_job(config)).made == (f"{NAMES[7]}.2",)


def test_days_and_passes_beyond_the_retention_are_purged_and_the_pass_says_so(job):
    fed(job)
    config = read_job(write_job(job, window_days=4, retention_days=5, keep_runs=2))
    run_job(config)
    state, kept = State(job / "state"), {p.name[:10] for p in (job / "state" / "days" / "comments").iterdir()}
    assert min(kept) == NAMES[5] and state.pass_ids() == NAMES[8:]
    assert report(job, NAMES[9])["facts"]["purged_before"] == NAMES[5]
    deliver(job / "fed", NAMES[9], {"comments": [{**DAYS[NAMES[0]]["comments"][0], "comment_id": "old"}]}, "old")
    assert run_job(config).made == ()
    assert state.read("intake.json", {})["deliveries"][-1]["expired"] == 1


@pytest.mark.parametrize("who", [FARM[3], "p07"])
def test_an_erased_account_is_in_no_byte_of_the_state_and_does_not_come_back(job, who):
    fed(job, NAMES[8:9])
    run_job(at(job))
    assert any(who.encode() in data for _, data in texts_in(job / "state"))
    done = erase_account(at(job), who)
    assert done.rows_erased and done.made == (f"{NAMES[8]}.2",) and set(done.removed) == set(NAMES[7:9])
    assert [path for path, data in texts_in(job / "state") if who.encode() in data] == []
    deliver(
        job / "fed",
        NAMES[8],
        {"comments": [{**DAYS[NAMES[8]]["comments"][0], "comment_id": "n", "account_id": who}]},
        "n",
    )
    fed(job, NAMES[9:])
    assert run_job(at(job)).made == (NAMES[9],)
    assert [path for path, data in texts_in(job / "state") if who.encode() in data] == []
    (lineage,) = from_tables(read_pass(State(job / "state"), NAMES[9])).lineages.values()
    assert lineage.first_pass == NAMES[7] and lineage.size == (6 if who in FARM else 7)


def test_an_erasure_of_a_stranger_removes_no_pass(job):
    done = erase_account(at(job), "nobody")
    assert done.rows_erased == 0 and done.removed == ()
    assert State(job / "state").pass_ids() == [NAMES[7], f"{NAMES[7]}.2"]


def test_under_pseudonyms_no_id_enters_the_state_and_the_farm_is_found_all_the_same(tmp_path):
    fed(tmp_path, NAMES[:8])
    (tmp_path / "key").write_bytes(b"0123456789abcdef" * 2)
    (tmp_path / "key").chmod(0o600)
    config = read_job(write_job(tmp_path, pseudonym_key_file="key"))
    run_job(config)
    assert [p for p, data in texts_in(tmp_path / "state") if b"farm-" in data or b"p07" in data] == []
    (lineage,) = from_tables(read_pass(State(tmp_path / "state"), NAMES[7])).lineages.values()
    assert lineage.size == 7
    assert erase_account(config, FARM[2]).rows_erased > 0
    (tmp_path / "key").write_bytes(b"another key of thirty-two bytes!")
    with pytest.raises(SettingsError, match="pseudonym_key"):
        run_job(config)


def test_a_canary_is_planted_nothing_of_it_is_written_and_blindness_is_an_alert(job):
    """Among 37 accounts three planted farms are the crowd: nobody is found, and the report must say so."""
    config = read_job(write_job(job, canary=True))
    assert run_job(config).made == (f"{NAMES[7]}.2",)
    told = report(job, f"{NAMES[7]}.2")
    assert told["facts"]["canary"]["planted"] == 30 and told["facts"]["canary"]["recall"] < 0.5
    assert any("the detector may be blind" in alert for alert in told["alerts"])
    assert [p for p, data in texts_in(job / "state") if b"graphscan-canary" in data] == []


def test_a_graph_database_that_is_down_costs_nothing_but_the_load(job):
    fed(job, NAMES[8:9])
    config = read_job(write_job(job, neo4j_uri="bolt://127.0.0.1:1"))
    with pytest.raises(OutsideError, match="neo4j"):
        run_job(config)
    assert State(job / "state").last_pass() == NAMES[8]
    assert 'outside_failed{step="neo4j"} 1' in (job / "state" / "metrics.prom").read_text()
    assert run_job(read_job(write_job(job))).made == ()
