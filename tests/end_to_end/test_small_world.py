"""The sample world, end to end: what is found, what is not, and whether the tables of the run agree with each other."""

import hashlib
import json
import subprocess

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from graphscan.cli import main
from graphscan.decisions.policy import read_policy
from graphscan.decisions.recheck import recheck
from graphscan.evaluate import evaluate
from graphscan.run import RunFolder
from graphscan.tables import RUN_TABLES


@pytest.fixture(scope="module")
def evaluation(run, small_world):
    return evaluate(run.path, small_world / "truth.csv")


def test_every_farm_is_found_whole(evaluation):
    farms = {"hire-farm-hands", "hire-farm-tool", "like-farm", "merchant-farm", "paraphrase-farm"}
    assert {r.cluster for r in evaluation.recoveries if r.found} == farms
    assert min(r.jaccard for r in evaluation.recoveries) >= 0.9


def test_nobody_who_only_looks_alike_is_flagged(evaluation):
    flagged = {r.name: r.count for r in evaluation.rates if r.section == "false flags by slice"}
    assert len(flagged) >= 15
    assert [name for name, count in flagged.items() if count] == []
    assert evaluation.rate("flagged", "precision").share == 1.0


def test_nobody_is_measured_for_acting_together(run, evaluation):
    """A farm that only likes has no evidence of its own, however surely it acts together."""
    assert all(any(f.startswith("A") for f in families) for families in run.decisions["families"])
    assert not any(proposed != "none" for (due, proposed) in evaluation.confusion if due == "none")
    likers = next(r.cluster_id for r in evaluation.recoveries if r.cluster == "like-farm")
    members = set(run.members_of(likers)["account_id"])
    assert not members & set(run.decisions["subject"])
    assert run.clusters.set_index("cluster_id").loc[likers, "measure"] == "none"


def test_proposed_measures_are_earned_and_most_that_are_due_are_proposed(evaluation):
    assert evaluation.rate("measures", "ban precision").share == 1.0
    assert evaluation.rate("measures earned", "limit, or more is due").share == 1.0
    assert evaluation.rate("measures", "warn recall").share == 1.0
    assert evaluation.rate("measures", "ban recall").share >= 0.8
    assert evaluation.rate("honest accounts hit", "ban").count == 0


def test_a_recheck_without_anybody_is_the_run(run):
    policy = read_policy(run.path / "policy.toml")
    assert recheck(RunFolder(run.path), policy, ()).equals(run.table("decisions"))


def test_every_table_has_the_declared_columns_and_a_key_that_is_one(run):
    for table in RUN_TABLES:
        found = pq.read_table(run.path / f"{table.name}.parquet")
        assert found.schema.equals(table.schema), table.name
        if table.name != "evidence":  # a subject may have one clue per behaviour
            rows = list(zip(*(found[k].to_pylist() for k in table.key), strict=True))
            assert len(set(rows)) == len(rows), table.name
        for column in table.columns:
            if column.required:
                assert found[column.name].null_count == 0, (table.name, column.name)


def test_pairs_are_ordered_bounded_and_carry_their_meetings(run):
    pairs = run.pairs
    assert len(pairs) > 100
    assert (pairs["account_a"] < pairs["account_b"]).all()
    assert pairs[["p_value", "q_value"]].to_numpy().min() >= 0
    assert (pairs["q_value"] <= run.manifest["settings"]["false_discovery_rate"]).all()
    assert (pairs["p_value"] <= pairs["q_value"]).all()
    assert (pairs["expected"] > 0).all()
    assert (pairs["objects"] <= pairs["meetings"]).all()
    assert (pairs["first_at"] <= pairs["last_at"]).all()
    assert (pairs["follower"].map(sum) <= pairs["meetings"]).all()


def test_every_meeting_lies_within_its_pairs_window_and_none_is_missing(run):
    key = ["account_a", "account_b", "behaviour"]
    meetings = run.frame("meetings").merge(run.pairs[[*key, "window_s", "first_at", "last_at"]], on=key)
    assert len(meetings) == len(run.frame("meetings"))
    gap = (meetings["a_at"] - meetings["b_at"]).abs().dt.total_seconds()
    assert (gap <= meetings["window_s"]).all()
    counted = meetings.groupby(key).size().reindex(pd.MultiIndex.from_frame(run.pairs[key]))
    assert np.array_equal(counted.to_numpy(), run.pairs["meetings"].to_numpy())
    ends = meetings.groupby(key)[["a_at", "b_at"]].agg(["min", "max"])
    expected = run.pairs.set_index(key).loc[ends.index]
    assert (ends.xs("min", axis=1, level=1).min(axis=1) == expected["first_at"]).all()
    assert (ends.xs("max", axis=1, level=1).max(axis=1) == expected["last_at"]).all()
    later = meetings.assign(a=meetings["a_at"] > meetings["b_at"], b=meetings["b_at"] > meetings["a_at"])
    follower = later.groupby(key)[["a", "b"]].sum().loc[ends.index]
    assert follower.to_numpy().tolist() == [list(f) for f in expected["follower"]]


def test_the_rows_kept_are_those_that_meetings_and_evidence_point_to(run):
    kept = set(run.frame("rows")["row"])
    met = set(run.frame("meetings")["a_row"]) | set(run.frame("meetings")["b_row"])
    named = {row for rows in run.frame("evidence")["rows"] for row in rows}
    assert met and named
    assert met | named == kept


def test_kept_rows_are_rows_of_the_dataset(run, small_world):
    rows = run.frame("rows")
    for table, key in (("comments", "comment_id"), ("notes", "note_id")):
        kept = rows[rows["table"] == table]
        known = pq.read_table(small_world / f"{table}.parquet").to_pandas().set_index(key)
        source = known.loc[kept["row"].str.removeprefix(f"{table}/")]
        assert source["account_id"].tolist() == kept["account_id"].tolist()


def test_clusters_members_and_accounts_tell_the_same(run):
    members, clusters, accounts = run.members, run.clusters, run.accounts
    assert members.groupby("cluster_id").size().to_dict() == dict(
        zip(clusters["cluster_id"], clusters["size"], strict=True)
    )
    placed = accounts.dropna(subset="cluster_id")
    assert dict(zip(placed["account_id"], placed["cluster_id"], strict=True)) == dict(
        zip(members["account_id"], members["cluster_id"], strict=True)
    )
    assert members["membership"].between(0.5, 1).all() and clusters["score"].between(0, 1).all()
    subjects = {f"cluster:{c}" for c in clusters["cluster_id"]} | {f"account:{a}" for a in accounts["account_id"]}
    assert set(run.frame("evidence")["subject"]) <= subjects


def test_every_cluster_says_what_speaks_against_it(run):
    clues = run.frame("evidence").groupby("subject")["clue"].agg(set)
    for cluster in run.clusters["cluster_id"]:
        told = clues[f"cluster:{cluster}"]
        assert any(c.startswith("meetings_") for c in told)
        assert any(c.startswith(("against_", "unknown_")) for c in told)


def test_partners_are_the_accounts_of_validated_pairs(run):
    joined = zip(run.pairs["account_a"], run.pairs["account_b"], strict=True)
    ends = pd.Series([end for pair in sorted(set(joined)) for end in pair])
    partners = ends.value_counts()
    accounts = run.accounts.set_index("account_id")["partners"]
    assert accounts[accounts > 0].sort_index().to_dict() == partners.sort_index().to_dict()


def test_counts_of_accounts_add_up_to_the_datasets_rows(run):
    taken = run.manifest["quality"]["rows"]
    assert run.accounts["comments"].sum() == taken["comments"]
    assert run.accounts["notes"].sum() == taken["notes"]
    assert run.accounts["messages"].sum() == taken["chat_messages"]
    assert run.accounts["interactions"].sum() == taken["interactions"]
    assert (
        run.accounts["actions"] == run.accounts[["notes", "comments", "messages", "interactions"]].sum(axis=1)
    ).all()


def test_the_manifest_seals_every_file(run):
    files = {p.relative_to(run.path).as_posix(): p for p in run.path.rglob("*") if p.is_file()}
    assert set(run.manifest["outputs"]) == set(files) - {"run.json"}
    for name, digest in run.manifest["outputs"].items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest
    assert json.loads((run.path / "run.json").read_text(encoding="utf-8"))["steps"][0]["name"] == "reading"


def test_every_account_and_cluster_can_be_explained(run, capsys):
    cluster = run.clusters["cluster_id"].iloc[0]
    inside = run.members.loc[run.members["cluster_id"] == cluster, "account_id"].tolist()
    outside = run.accounts.loc[run.accounts["cluster_id"].isna(), "account_id"].iloc[0]
    for ids in ([cluster], [inside[0]], inside[:2], [outside], [outside, inside[0]]):
        assert main(["explain", str(run.path), *ids]) == 0
        assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("ids", [["nobody"], ["c000000000000"], ["nobody", "u1"], ["a", "b", "c"], [""]])
def test_unknown_ids_are_refused(ids, run, capsys):
    before = sorted(run.path.rglob("*"))
    assert main(["explain", str(run.path), *ids]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("graphscan: ") and "Traceback" not in told.err
    assert sorted(run.path.rglob("*")) == before


def test_a_report_made_again_is_the_same_report(run, tmp_path, capsys):
    assert main(["report", str(run.path), "--out", str(tmp_path / "again")]) == 0
    capsys.readouterr()
    for file in (tmp_path / "again").rglob("*"):
        if file.is_file():
            assert file.read_bytes() == (run.path / file.relative_to(tmp_path / "again")).read_bytes()


def test_nothing_in_the_run_names_this_machine(run, small_world):
    where = str(small_world.parents[2])
    told = subprocess.run(["grep", "-rlF", where, str(run.path)], capture_output=True, check=False)
    assert told.stdout.decode() == ""
