"""What is proposed for whom, told as people would tell it: one town, every case of the notice, through the real main job."""

import pytest

from graphscan.decisions.policy import read_policy
from graphscan.decisions.recheck import recheck
from graphscan.pipeline import scan_dataset
from graphscan.reports.measures import measure_lines
from graphscan.run import RunFolder
from graphscan.settings import make_settings

from .town import town

TEMPLATE_FARM = [f"farm{p}" for p in range(11)]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    return scan_dataset(town().write_to(folder / "town"), folder / "run", make_settings(threads=1))


@pytest.fixture(scope="module")
def decided(run):
    return {row["subject"]: row for row in run.table("decisions").to_pylist()}


def lines(run, account):
    return "\n".join(measure_lines(run, account))


def test_the_occasional_writer_is_warned(run, decided):
    found = decided["occasional"]
    assert (found["measure"], found["reason"], found["degree"]) == ("warn", "XHS-AI-1a", 1)
    assert (found["review"], found["days"], found["cluster_id"]) == ("none", None, None)
    assert found["counterfactual"] == "without the notes posted by an agent tool: no measure"
    assert found["follows"] == ["account:occasional posted_by_tool"]
    rows = run.evidence.set_index(["subject", "clue"]).loc[("account:occasional", "posted_by_tool"), "rows"]
    assert len(rows) == 2


def test_who_does_it_more_often_is_limited_for_a_week(decided):
    found = decided["often"]
    assert (found["detail"], found["degree"], found["days"], found["review"]) == ("limit_distribution", 2, 7, "one")


def test_all_notes_managed_is_limited_as_long_as_only_the_tool_speaks_against_it(decided):
    found = decided["all-notes"]
    assert (found["measure"], found["rule"]) == ("limit", "1-heavy-notes")
    assert "rule 2b-all-notes-managed asks for managed_probability" in found["blocked_by"][0]


def test_all_notes_managed_is_banned_where_its_clock_is_a_machines_too(decided):
    found = decided["all-notes-by-clock"]
    assert (found["measure"], found["reason"], found["families"], found["review"]) == (
        "ban",
        "XHS-AI-2b",
        ["A1", "A2"],
        "two",
    )
    assert "without the machine's clock: limited distribution for 30 days" in found["counterfactual"]


def test_the_same_by_a_verified_account_is_reviewed_and_not_banned(run, decided):
    found = decided["verified"]
    assert (found["measure"], found["review"]) == ("limit", "one")


def test_a_tool_run_account_alone_is_limited_and_never_nothing(decided):
    found = decided["tool-run"]
    assert (found["detail"], found["days"], found["reason"], found["review"]) == (
        "limit_interaction",
        30,
        "XHS-AI-2a",
        "one",
    )
    assert found["blocked_by"] == ["a ban needs 2 independent evidence families, and it has 1 (A1: agent tools)"]


def test_tool_run_accounts_registered_in_a_batch_are_banned_without_any_cluster(decided):
    for p in range(6):
        found = decided[f"batch{p}"]
        assert (found["measure"], found["families"], found["cluster_id"]) == ("ban", ["A1", "A4"], None)
        assert found["counterfactual"] == (
            "without the notes posted by an agent tool: limited interaction for 30 days; "
            "without the registration batch: limited interaction for 30 days"
        )


def test_a_template_farm_run_by_hand_is_limited_where_its_own_words_show_it(run, decided):
    measured = [who for who in TEMPLATE_FARM if who in decided]
    assert len(measured) >= 7
    for who in measured:
        found = decided[who]
        assert (found["detail"], found["reasons"], found["rule"]) == (
            "limit_interaction",
            ["XHS-AI-3a", "XHS-AI-3b"],
            "3-ring",
        )
        assert {"A3", "B1"} <= set(found["families"])
        assert "without the unexplained later acts: no measure" in found["counterfactual"]
    spared = [who for who in TEMPLATE_FARM if who not in decided]
    assert all("No measure is proposed" in lines(run, who) for who in spared)


def test_the_assisted_writer_who_says_so_is_left_alone(run, decided):
    assert "assisted" not in decided
    assert "assisted" not in set(run.frame("facts")["account_id"])


def test_a_label_lowers_the_occasional_writers_warning_to_nothing_and_says_so(run, decided):
    assert "labelled" not in decided
    assert "it labelled as many notes as AI-assisted as are managed" in lines(run, "labelled")


def test_the_wrongly_accused_fan_is_looked_at_and_not_measured(run, decided):
    facts = run.frame("facts").set_index("account_id")
    assert facts.loc["fan3", "reporters"] > 20
    assert not {f"fan{p}" for p in range(12)} & decided.keys()


def test_the_framed_victim_stands_in_the_cluster_and_is_not_measured(run, decided):
    facts = run.frame("facts").set_index("account_id")
    assert facts.loc["victim", "cluster_id"] == facts.loc["bot1", "cluster_id"]
    assert facts.loc["victim", "follower_unexplained"] == 0
    assert "victim" not in decided
    assert all(decided[f"bot{p}"]["measure"] == "ban" for p in range(7))


def test_every_ban_names_a_second_family_and_every_measure_its_ground(decided):
    for found in decided.values():
        assert found["follows"] and found["families"]
        assert found["measure"] != "ban" or len(found["families"]) >= 2


def test_honest_neighbours_have_no_measure(decided):
    assert not [who for who in decided if who.startswith(("p", "fan", "idol", "victim", "assisted"))]


def test_the_runs_accounts_and_clusters_carry_what_was_decided(run, decided):
    accounts = run.accounts.set_index("account_id")
    assert accounts["measure"].to_dict() == {a: decided.get(a, {"measure": "none"})["measure"] for a in accounts.index}
    bots = accounts.loc["bot1", "cluster_id"]
    assert run.clusters.set_index("cluster_id").loc[bots, "measure"] == "ban"


def test_the_run_keeps_its_policy(run):
    kept = read_policy(run.path / "policy.toml")
    assert (kept, run.manifest["policy"]["sha256"]) == (read_policy(), kept.sha256)


def test_rechecked_without_anybody_it_is_the_run_and_without_the_victim_the_bots_stay(run, decided):
    tables, policy = RunFolder(run.path), read_policy()
    assert recheck(tables, policy, ()).equals(run.table("decisions"))
    left = {row["subject"]: row["measure"] for row in recheck(tables, policy, ["victim"]).to_pylist()}
    assert left.keys() == decided.keys()
