"""What somebody inside or outside might try against the ledger, and what comes of it."""

import dataclasses
import json
import os
from types import SimpleNamespace

import pytest

from graphscan.decisions.policy import read_policy
from graphscan.errors import InputError, LedgerError, OutputError
from graphscan.ledger.adapters import FileAdapter, open_adapter

from .made import Platform, decision, opened, operation, run, without_caps


def proposed(ledger, folder, *decisions):
    ledger.propose(run(folder, list(decisions)), mode="live", proposer="job")
    return [d["decision_id"] for d in decisions]


def with_policy(ledger, name, **limits):
    """Let the ledger read another policy for runs from now on: its own name, hash and caps."""
    policy = read_policy()
    policy = SimpleNamespace(
        sha256=name * 64, name=f"p/{name}", limits=dataclasses.replace(policy.limits, **limits), appeal=policy.appeal
    )
    ledger.read_policy = lambda path=None: policy
    return policy


@pytest.mark.parametrize(
    "forged",
    [
        {"measure": "warn", "detail": "ban", "review": "none", "days": None},
        {"measure": "warn", "detail": "limit_interaction", "review": "none", "days": None},
        {"measure": "limit", "detail": "ban"},
        {"measure": "limit", "days": None},
        {"measure": "limit", "days": 36_500},
        {"measure": "limit", "days": -1},
    ],
    ids=str,
)
def test_a_measure_that_is_another_in_effect_is_refused_whole(ledger, tmp_path, forged):
    row = decision("a", forged["measure"]) | forged
    with pytest.raises(InputError, match=r"contradict each other|days; allowed"):
        proposed(ledger, tmp_path / "r", decision("b"), row)
    assert ledger.decisions() == []


@pytest.mark.parametrize("name", ["", "x\r\nAuthorization: none", "../../etc", "d'; DROP TABLE x --", "d" * 65, "é"])
def test_a_decision_id_that_is_a_header_a_path_or_a_statement_is_refused(ledger, tmp_path, name):
    with pytest.raises(InputError, match="decision id"):
        proposed(ledger, tmp_path / "r", decision("a") | {"decision_id": name})
    assert ledger.decisions() == []


def test_one_id_for_two_accounts_is_refused(ledger, tmp_path):
    one, other = decision("a"), decision("b")
    with pytest.raises(InputError, match="allowed is each once"):
        proposed(ledger, tmp_path / "r", one, other | {"decision_id": one["decision_id"]})


def test_account_ids_that_look_like_statements_stay_text(ledger, tmp_path):
    odd = ["a'; DROP TABLE graphscan_entries; --", '"', "%", "\\", "a\u0301", "á", "A", "a"]
    proposed(ledger, tmp_path / "r", *(decision(a) for a in odd))
    assert sorted(d.account_id for d in ledger.decisions()) == sorted(odd)
    assert [d.account_id for d in ledger.decisions(account="%")] == ["%"]
    assert [d.account_id for d in ledger.decisions(account="A")] == ["A"], "names that differ by case are two accounts"
    assert not ledger.verify().faults


def test_a_header_that_cannot_be_sent_is_refused_and_stops_nobody():
    sent = open_adapter("http://localhost:9/", {}).send(operation("d1\r\nX: y"))
    assert sent == "refused"


def test_a_run_whose_policy_was_edited_is_refused(ledger, tmp_path):
    folder = run(tmp_path / "r", [decision("a")])
    manifest = json.loads((folder / "run.json").read_text())
    manifest["outputs"]["policy.toml"] = "0" * 64
    (folder / "run.json").write_text(json.dumps(manifest))
    (folder / "policy.toml").write_text(read_policy().canonical)
    with pytest.raises(InputError, match=r"policy\.toml is not the file that run\.json names"):
        ledger.propose(folder, mode="live", proposer="job")


@pytest.mark.parametrize("twin", ["ann\ufe0f", "ann\u034f", "a\u3164nn", "ann\u2800", "ann\U000e0101"])
def test_nobody_signs_twice_with_letters_that_are_not_seen(ledger, tmp_path, twin):
    (ban,) = proposed(ledger, tmp_path / "r", decision("a", "ban"))
    ledger.approve(ban, "ann")
    with pytest.raises(LedgerError, match="printable"):
        ledger.approve(ban, twin)


@pytest.mark.parametrize("twin", ["Ann  Lee", " ann lee ", "ＡＮＮ　ＬＥＥ"])
def test_nobody_signs_twice_with_other_spaces_or_widths(ledger, tmp_path, twin):
    (ban,) = proposed(ledger, tmp_path / "r", decision("a", "ban"))
    ledger.approve(ban, "Ann Lee")
    with pytest.raises(LedgerError, match="approved it already"):
        ledger.approve(ban, twin)


def test_whose_right_was_taken_away_signs_no_plan_and_an_earlier_signature_is_gone(tmp_path, clock):
    with opened(clock=clock) as ledger:
        names = proposed(ledger, tmp_path / "r", decision("a", cluster="c1"), decision("b", cluster="c2"))
        for name in names:
            ledger.approve(name, "ann")
        plan = ledger.plan("job")
        assert plan.holds, "two of twenty active accounts are above the cap"
        ledger.sign(plan, "bob")
        ledger.revoke("bob", "gil", "left")
        with pytest.raises(LedgerError, match="may not approve"):
            ledger.sign(plan, "Bob")
        assert ledger.sign(plan, "cid") == 1
        with pytest.raises(LedgerError, match="needs the signatures of 2 people and has 1"):
            ledger.apply(plan, Platform())
        ledger.sign(plan, "dan")
        assert ledger.apply(plan, Platform())["queued"] == 2


def test_what_failed_under_a_revoked_approval_is_not_sent_again(ledger, tmp_path):
    class Refusing(Platform):
        def send(self, operation):
            return "refused" if operation.op == "apply" else super().send(operation)

    (name,) = proposed(ledger, tmp_path / "r", decision("a"))
    ledger.approve(name, "ann")
    ledger.apply(ledger.plan("job"), Refusing(), sleep=lambda s: None)
    ledger.drain(Platform())
    assert ledger.decision(name).state == "APPLY_FAILED"
    ledger.revoke("ann", "gil", "left")
    with pytest.raises(LedgerError, match="approved by 0 of 1 people"):
        ledger.requeue(name, "job")
    ledger.reinstate("ann", "gil", "back")
    assert ledger.requeue(name, "job").state == "QUEUED"


def test_a_cleanup_cut_into_small_runs_needs_the_same_signatures(tmp_path, clock):
    with opened(clock=clock) as ledger:
        without_caps(ledger, run_any=3)
        for k in range(2):
            rows = [decision(f"a{k}{n}", cluster=f"c{k}{n}") for n in range(2)]
            for name in proposed(ledger, tmp_path / f"r{k}", *rows):
                ledger.approve(name, "ann")
            plan = ledger.plan("job")
            if k == 0:
                assert plan.holds == ()
                ledger.apply(plan, Platform())
        assert plan.holds == ("4 limits and bans in 24 hours, of several runs; the cap of one is 3",)
        with pytest.raises(LedgerError, match="needs the signatures of 2 people"):
            ledger.apply(plan, Platform())
        clock.forward(hours=25)
        assert ledger.plan("job").holds == ()


def test_a_policy_that_raises_the_caps_is_signed_for_and_cannot_be_laundered_through_a_third(tmp_path, clock):
    with opened(clock=clock) as ledger:
        caps = {"run_any": 10**6, "run_ban": 10**6, "share_active": 10.0**6}
        for k, (name, cap) in enumerate((("a", 5), ("b", 5_000), ("c", 5_000))):
            policy = with_policy(ledger, name, day_any=cap, **caps)
            (found,) = proposed(ledger, tmp_path / f"r{k}", decision(f"x{k}", cluster=f"c{k}", policy=policy))
            ledger.approve(found, "ann")
            plan = ledger.plan("job")
            assert bool(plan.holds) == (k > 0), name
        assert plan.holds == ("the policy in force raised day_any over what was agreed before",)
        with pytest.raises(LedgerError, match="needs the signatures of 2 people"):
            ledger.apply(plan, Platform())
        for who in ("bob", "cid"):
            ledger.sign(plan, who)
        assert ledger.apply(plan, Platform())["queued"] == 1
        (found,) = proposed(ledger, tmp_path / "r9", decision("x9", cluster="c9", policy=policy))
        ledger.approve(found, "ann")
        assert ledger.plan("job").holds == (), "agreed once, it is agreed"


def test_an_old_plan_does_not_come_back_when_the_clock_does(ledger, tmp_path, clock):
    (name,) = proposed(ledger, tmp_path / "r", decision("a"))
    ledger.approve(name, "ann")
    plan = ledger.plan("job")
    clock.forward(hours=-2)
    with pytest.raises(LedgerError, match="a clock went back"):
        ledger.apply(plan, Platform())
    clock.forward(hours=3)
    platform = Platform()
    assert ledger.apply(plan, platform)["queued"] == 1
    assert ledger.apply(plan, platform)["queued"] == 0, "a plan that was sent is sent once"
    assert len(platform.effects) == 1


def test_a_clock_that_goes_back_neither_cools_a_ban_nor_breaks_the_chain(ledger, tmp_path, clock):
    (ban,) = proposed(ledger, tmp_path / "r", decision("a", "ban"))
    for who in ("ann", "bob"):
        ledger.approve(ban, who)
    clock.forward(days=-3)
    with pytest.raises(LedgerError, match="cooling off"):
        ledger.plan("job")
    assert not ledger.verify().faults


def test_a_file_of_something_else_loses_no_byte_by_its_name(tmp_path):
    file = tmp_path / "letter.txt"
    for content in (b"no newline at all", b"one line\nhalf of another"):
        file.write_bytes(content)
        with pytest.raises(InputError):
            FileAdapter(file).send(operation("d1"))
        assert file.read_bytes() == content


def test_a_link_in_the_place_of_the_operations_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    (tmp_path / "operations.jsonl").symlink_to(victim)
    with pytest.raises(OutputError, match="cannot be opened as a file of its own"):
        FileAdapter(tmp_path / "operations.jsonl").send(operation("d1"))
    assert victim.read_bytes() == b""


def test_a_pipe_in_the_place_of_the_operations_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="no plain file"):
        FileAdapter(tmp_path / "pipe").send(operation("d1"))


def test_erasing_twice_says_so_and_the_chain_holds(ledger, tmp_path):
    proposed(ledger, tmp_path / "r", decision("a"), decision("b", cluster="c2"))
    ledger.erase("a", "gil", "asked for")
    with pytest.raises(LedgerError, match="knows nothing"):
        ledger.erase("a", "gil", "asked for")
    assert not ledger.verify().faults
    ledger.propose(run(tmp_path / "again", [decision("a")]), mode="live", proposer="job")
    assert not ledger.verify().faults
