"""The job on a real Neo4j: each last pass is the graph, and an erased account is in no node and no property of it."""

from graphscan.jobs.config import read_job
from graphscan.jobs.job import erase_account, run_job, status

from ..unit.jobs.told_days import FARM, by_day, deliver, story, write_job

GONE = "MATCH (n) WHERE any(k IN keys(n) WHERE toStringOrNull(n[k]) CONTAINS $id) RETURN count(n) AS n"


def test_a_pass_is_loaded_and_an_erased_account_leaves_the_graph(store, access, connection, password, tmp_path):
    days = by_day(story())
    for day, tables in list(days.items())[:8]:
        deliver(tmp_path / "fed", day, tables)
    (tmp_path / "password").write_text(password)
    (tmp_path / "password").chmod(0o600)
    config = read_job(write_job(tmp_path, neo4j_uri=access.uri, neo4j_password_file="password"))
    done = run_job(config)
    assert status(config)["outside"] == {"neo4j": done.last_pass}
    assert connection.execute(GONE, id=FARM[3])[0]["n"] > 0
    erased = erase_account(config, FARM[3])
    assert status(config)["outside"] == {"neo4j": erased.last_pass}
    assert connection.execute(GONE, id=FARM[3])[0]["n"] == 0
    assert connection.execute(GONE, id=FARM[2])[0]["n"] > 0
