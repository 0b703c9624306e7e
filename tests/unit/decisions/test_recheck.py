"""The same run without some accounts: what is proposed for the others then."""

import pyarrow as pa
import pytest

from graphscan.decisions.deciding import decide_all
from graphscan.decisions.recheck import recheck
from graphscan.tables import LATER_ACTS, MEMBERS, PAIRS

from .told import POLICY, RING, TOOL_LIFE, evidence, facts, row

NAMES = ["a", "b", "c", "d", "e", "f"]


def table(declared, rows):
    return pa.Table.from_pylist(
        [{f.name: r.get(f.name) for f in declared.schema} for r in rows], schema=declared.schema
    )


def run(*, tied=None, after=None, **given):
    """A ring of six; each acted nine times after others (by default after all of the others)."""
    tied = [(x, y) for x in NAMES for y in NAMES if x < y] if tied is None else tied
    rows = [row(RING, account_id=name, cluster_size=6, **given) for name in NAMES]
    acts = [
        {
            "account_id": name,
            "cluster_id": "c1",
            "after": sorted(set(NAMES) - {name}) if after is None else after(name, k),
            "explained": k >= 9,
            "row": f"comments/{name}{k}",
        }
        for name in NAMES
        for k in range(12)
    ]
    tables = {
        "facts": facts(*rows, row(TOOL_LIFE, account_id="z")),
        "evidence": evidence(*((name, "template", "A3", 3.0) for name in NAMES)),
        "members": table(MEMBERS, [{"cluster_id": "c1", "account_id": name, "membership": 0.95} for name in NAMES]),
        "pairs": table(PAIRS, [{"account_a": x, "account_b": y} for x, y in tied]),
        "later_acts": table(LATER_ACTS, acts),
    }
    return tables | {"decisions": decide_all(tables["facts"], tables["evidence"], POLICY)}


def subjects(found):
    return found["subject"].to_pylist()


def test_nobody_taken_out_gives_the_runs_own_decisions():
    tables = run()
    assert recheck(tables, POLICY, ()).equals(tables["decisions"])
    assert recheck(tables, POLICY, ["z", "stranger"]).equals(tables["decisions"])


def test_whoever_is_taken_out_is_judged_by_itself_and_the_others_stay():
    found = recheck(run(cluster_probability=0.9999), POLICY, ["a"])
    assert subjects(found) == ["b", "c", "d", "e", "f", "z"]
    assert set(found["cluster_id"].to_pylist()) == {"c1", None}


def test_a_cluster_that_becomes_too_small_is_none():
    assert subjects(recheck(run(cluster_probability=0.9999), POLICY, ["a", "b"])) == ["z"]


def test_later_acts_after_the_one_who_is_gone_no_longer_count():
    """All of b's acts followed a alone; those of the others followed everybody."""

    def after(name, k):
        return ["a"] if name == "b" else sorted(set(NAMES) - {name})

    found = recheck(run(cluster_probability=0.9999, after=after), POLICY, ["a"])
    assert subjects(found) == ["c", "d", "e", "f", "z"]


def test_a_cluster_held_together_by_the_one_who_is_gone_falls_apart():
    star = [("a", other) for other in NAMES if other != "a"]
    assert subjects(recheck(run(cluster_probability=0.9999, tied=star), POLICY, ["a"])) == ["z"]


def test_a_clusters_probability_shrinks_with_its_ties():
    """Of 15 ties ten remain: 0.955 falls below the ring's threshold, 0.9999 does not."""
    assert subjects(recheck(run(cluster_probability=0.955), POLICY, ["a"])) == ["z"]
    assert "b" in subjects(recheck(run(cluster_probability=0.9999), POLICY, ["a"]))


def test_the_order_of_names_does_not_matter():
    tables = run(cluster_probability=0.9999)
    assert recheck(tables, POLICY, ["b", "a"]).equals(recheck(tables, POLICY, ("a", "b")))


@pytest.mark.parametrize("gone", ["a", "f"])
def test_own_conduct_survives_the_loss_of_the_cluster(gone):
    tables = run(
        cluster_probability=0.9999, families=["A1", "A3", "B1"], managed_events=2, managed_notes=2, public_notes=9
    )
    found = {r["subject"]: r for r in recheck(tables, POLICY, [gone]).to_pylist()}
    assert (found[gone]["measure"], found[gone]["rule"], found[gone]["cluster_id"]) == ("warn", "1-occasional", None)
