"""The life of a decision, told: what each person may do, what each guard holds, and what a refusal says."""

import json
import stat

import pytest

from graphscan.errors import InputError, LedgerError
from graphscan.ledger import ledger as room
from graphscan.ledger.guards import need
from graphscan.ledger.states import ENDED, MOVES, STATES, find_move

from . import made


def a_run(tmp_path, *decisions, name="run", **more):
    return made.run(tmp_path / name, list(decisions), **more)


def proposed(ledger, tmp_path, *decisions, mode="live", name="run", **more):
    counts = ledger.propose(a_run(tmp_path, *decisions, name=name, **more), mode=mode, proposer="cron")
    return counts, [row["decision_id"] for row in decisions]


def sent(ledger, clock, platform=None):
    """Approve all that waits by two people, let it cool off, send it."""
    for decision in ledger.decisions(state="IN_REVIEW"):
        ledger.approve(decision.decision_id, "ann")
        if decision.measure == "ban":
            ledger.approve(decision.decision_id, "bob")
    clock.forward(hours=25)
    platform = platform or made.Platform()
    ledger.apply(ledger.plan("kim"), platform)
    return platform


# ── the table ──


def test_every_state_can_be_reached_and_left_unless_it_is_final():
    reached = {state for move in MOVES for state in move.to}
    left = {m.state for m in MOVES if m.event not in ("ack", "nack") and m.state}
    assert reached == set(STATES)
    assert set(STATES) - left == ENDED - {"SHADOWED"}


def test_whatever_may_have_left_an_effect_sends_a_reversal():
    for move in MOVES:
        if move.state in ("QUEUED", "APPLIED") and not {"QUEUED", "APPLIED"} & set(move.to):
            assert move.emits == "reverse", move


def test_a_move_that_the_table_lacks_names_what_is_allowed():
    with pytest.raises(LedgerError, match="a decision that is REJECTED cannot approve; allowed: nothing: it is final"):
        find_move("REJECTED", "approve")


# ── proposing ──


def test_proposing_twice_changes_nothing(ledger, tmp_path):
    rows = [made.decision("a1", "warn"), made.decision("a2"), made.decision("a3", "ban")]
    counts, _ = proposed(ledger, tmp_path, *rows)
    assert counts == {"proposed": 3, "known": 0, "withdrawn": 0, "approved": 1, "in_review": 2}
    head = ledger.head()
    assert ledger.propose(tmp_path / "run", mode="live", proposer="cron")["known"] == 3
    assert ledger.head() == head


def test_a_decision_carries_its_evidence(ledger, tmp_path):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1"))
    found = ledger.decision(name)
    assert [g.clue for g in found.grounds] == ["posted_by_tool"]
    assert [g.clue for g in found.speaks_for] == ["against_age"]
    assert (found.managed_probability, found.managed_share, found.membership) == (0.99, 1.0, None)
    assert found.account_id == "a1"
    assert found.automated_decision == "fully"


def test_a_shadow_touches_nobody_and_does_not_stand_in_the_way_of_a_live_run(ledger, tmp_path):
    counts, _ = proposed(ledger, tmp_path, made.decision("a1", "warn"), mode="shadow")
    assert counts["shadowed"] == 1
    with pytest.raises(LedgerError, match="no policy is in force"):
        ledger.plan("kim")
    assert ledger.propose(tmp_path / "run", mode="live", proposer="cron")["approved"] == 1


def test_a_canary_takes_its_share_and_the_same_accounts_each_time(tmp_path):
    rows = [made.decision(f"a{n}") for n in range(400)]
    run = a_run(tmp_path, *rows)
    chosen = []
    for share in (0.25, 0.25, 0.5):
        ledger = made.opened()
        ledger.propose(run, mode="canary", proposer="cron", canary_share=share)
        chosen.append({d.account_id for d in ledger.decisions(state="IN_REVIEW")})
    assert chosen[0] == chosen[1] < chosen[2]
    assert 60 <= len(chosen[0]) <= 140


def test_one_limit_in_a_hundred_is_held_out_and_no_ban(ledger, tmp_path, clock):
    rows = [made.decision(f"a{n}", "ban" if n % 2 else "limit") for n in range(1000)]
    proposed(ledger, tmp_path, *rows)
    held_out = [d for d in ledger.decisions(state="SHADOWED") if d.mode == "holdout"]
    assert 0 < len(held_out) < 20
    assert {d.measure for d in held_out} == {"limit"}
    clock.forward(days=13)
    assert ledger.propose(tmp_path / "run", mode="live", proposer="cron")["proposed"] == 0


def test_a_later_run_withdraws_what_nobody_carried_out(ledger, tmp_path):
    _, (old,) = proposed(ledger, tmp_path, made.decision("a1", cluster="c1"), name="one")
    counts, (new,) = proposed(ledger, tmp_path, made.decision("a1", cluster="c2"), name="two")
    assert counts["withdrawn"] == 1
    assert (ledger.decision(old).state, ledger.decision(new).state) == ("WITHDRAWN", "IN_REVIEW")


def test_a_table_with_another_byte_is_refused(ledger, tmp_path):
    run = a_run(tmp_path, made.decision("a1"))
    file = run / "decisions.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"decisions\.parquet is not the file that run\.json names"):
        ledger.propose(run, mode="live", proposer="cron")
    assert ledger.entries() == []


def test_a_decision_of_another_policy_is_refused(ledger, tmp_path):
    run = a_run(tmp_path, made.decision("a1", policy_sha256="0" * 64))
    with pytest.raises(InputError, match="was made under policy 000000000000"):
        ledger.propose(run, mode="live", proposer="cron")


@pytest.mark.parametrize(
    ("measure", "families", "why"),
    [
        ("ban", ("A1",), "a ban needs 2 families of evidence, one of class A; it has A1"),
        ("ban", ("B1", "B2"), "a ban needs 2 families of evidence, one of class A; it has B1, B2"),
        ("ban", ("A1", "C4"), "a ban needs 2 families of evidence, one of class A; it has A1"),
        ("limit", ("C1",), "a limit needs evidence of the account's own; it has none"),
    ],
)
def test_thin_evidence_blocks_and_nobody_can_approve_it(ledger, tmp_path, measure, families, why):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1", measure, families=families))
    assert ledger.decision(name).blocked_by == (why,)
    assert ledger.route_review(name, "ann").state == "IN_REVIEW"
    with pytest.raises(LedgerError, match=why):
        ledger.approve(name, "ann")


# ── people ──


def test_a_ban_takes_two_people_and_neither_proposed_it(ledger, tmp_path):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1", "ban"))
    with pytest.raises(LedgerError, match="Cron proposed it"):
        ledger.approve(name, "Cron")
    assert ledger.approve(name, "ann").state == "IN_REVIEW"
    for again in ("ann", " ANN ", "Ａnn"):
        with pytest.raises(LedgerError, match="has approved it already"):
            ledger.approve(name, again)
    found = ledger.approve(name, "bob", "seen")
    assert found.state == "APPROVED"
    assert [(a.who, a.word, a.note) for a in found.approvals] == [("ann", "approve", ""), ("bob", "approve", "seen")]
    assert found.automated_decision == "partially"


def test_a_policy_cannot_ask_for_less_than_two_people_for_a_ban():
    assert need({"measure": "ban", "review": "none"}) == 2
    assert need({"measure": "limit", "review": "none"}) == 1
    assert need({"measure": "warn", "review": "none"}) == 0
    assert need({"measure": "warn", "review": "two"}) == 2


def test_a_rejection_needs_a_note(ledger, tmp_path):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1"))
    with pytest.raises(LedgerError, match="a note is required"):
        ledger.reject(name, "ann", "  ")
    assert ledger.reject(name, "ann", "a fan club").state == "REJECTED"
    with pytest.raises(LedgerError, match="a decision that is REJECTED cannot approve"):
        ledger.approve(name, "ann")


@pytest.mark.parametrize("name", ["", " ", "system", "Platform", "a\nb", "x" * 81])
def test_a_name_that_is_none_is_refused(ledger, tmp_path, name):
    _, (decision,) = proposed(ledger, tmp_path, made.decision("a1"))
    with pytest.raises(LedgerError, match="name "):
        ledger.approve(decision, name)


def test_a_revoked_approver_counts_no_more(ledger, tmp_path, clock):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1", "ban"))
    ledger.approve(name, "ann")
    ledger.approve(name, "bob")
    assert ledger.revoke("Bob", "gil", "left") == [name]
    assert ledger.decision(name).state == "IN_REVIEW"
    with pytest.raises(LedgerError, match="bob may not approve"):
        ledger.approve(name, "bob")
    with pytest.raises(LedgerError, match="another person must"):
        ledger.reinstate("bob", "BOB", "me")


# ── plans ──


def test_a_ban_cools_off_for_a_day(ledger, tmp_path, clock):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1", "ban"))
    ledger.approve(name, "ann")
    ledger.approve(name, "bob")
    clock.forward(hours=23)
    with pytest.raises(LedgerError, match=r"nothing to send .*cooling off"):
        ledger.plan("kim")
    clock.forward(hours=1)
    assert len(ledger.plan("kim").decisions) == 1


def test_a_plan_says_what_it_would_do_and_is_not_for_all_eyes(ledger, tmp_path):
    proposed(ledger, tmp_path, made.decision("a1", "warn"), made.decision("a2", "warn", cluster="c2"))
    plan = ledger.plan("kim", tmp_path / "plan.json")
    assert plan.measures == {"warn": 2}
    assert plan.clusters == {"c1": 1, "c2": 1}
    assert stat.S_IMODE((tmp_path / "plan.json").stat().st_mode) == 0o600
    assert ledger.apply(tmp_path / "plan.json", made.Platform())["queued"] == 2
    assert ledger.apply(tmp_path / "plan.json", made.Platform())["queued"] == 0


def test_a_stale_plan_is_refused(ledger, tmp_path, clock):
    proposed(ledger, tmp_path, made.decision("a1", "warn"))
    plan = ledger.plan("kim")
    clock.forward(hours=24, seconds=1)
    with pytest.raises(LedgerError, match="was valid until"):
        ledger.apply(plan, made.Platform())


@pytest.mark.parametrize("part", ["valid_until", "decisions", "holds", "mac"])
def test_a_changed_plan_is_refused(ledger, tmp_path, part):
    proposed(ledger, tmp_path, made.decision("a1", "warn"), made.decision("a2", "warn"))
    file = tmp_path / "plan.json"
    ledger.plan("kim", file)
    told = json.loads(file.read_text())
    told[part] = {"valid_until": "2099-01-01", "decisions": told["decisions"][:1], "holds": ["x"], "mac": "0" * 64}[
        part
    ]
    file.write_text(json.dumps(told))
    with pytest.raises(LedgerError, match="is not as this ledger made it"):
        ledger.apply(file, made.Platform())


def test_a_plan_under_another_policy_is_refused(ledger, tmp_path):
    proposed(ledger, tmp_path, made.decision("a1", "warn"))
    plan = ledger.plan("kim")
    shipped = ledger.read_policy(None)
    shipped.sha256, shipped.name = "1" * 64, "another 1"
    ledger.read_policy = lambda path: shipped
    proposed(ledger, tmp_path, made.decision("a9", policy_sha256="1" * 64), name="two")
    with pytest.raises(LedgerError, match="which is no longer in force"):
        ledger.apply(plan, made.Platform())


def test_a_plan_whose_decisions_changed_is_refused(ledger, tmp_path):
    _, (one, _) = proposed(ledger, tmp_path, made.decision("a1", "warn"), made.decision("a2", "warn"))
    plan = ledger.plan("kim")
    ledger.withdraw(one, "ann", "wrong")
    with pytest.raises(LedgerError, match="1 of its 2 decisions may no longer be sent"):
        ledger.apply(plan, made.Platform())


def test_above_a_cap_two_people_must_sign_and_the_maker_is_none_of_them(ledger, tmp_path, clock):
    made.without_caps(ledger, run_any=2)
    proposed(ledger, tmp_path, *(made.decision(f"a{n}") for n in range(3)))
    for decision in ledger.decisions(state="IN_REVIEW"):
        ledger.approve(decision.decision_id, "ann")
    plan = ledger.plan("kim")
    assert ["3 limits and bans of one run; the cap is 2" in hold for hold in plan.holds] == [True]
    with pytest.raises(LedgerError, match="needs the signatures of 2 people and has 0"):
        ledger.apply(plan, made.Platform())
    with pytest.raises(LedgerError, match="kim made it"):
        ledger.sign(plan, "kim")
    assert ledger.sign(plan, "ann") == 1
    with pytest.raises(LedgerError, match="needs the signatures of 2 people and has 1"):
        ledger.apply(plan, made.Platform())
    with pytest.raises(LedgerError, match="Ann made it or has signed it already"):
        ledger.sign(plan, "Ann")
    assert ledger.sign(plan, "bob") == 2
    assert ledger.apply(plan, made.Platform())["queued"] == 3


def test_the_share_of_active_accounts_is_a_cap_and_one_decision_is_no_mass(ledger, tmp_path):
    made.without_caps(ledger, share_active=0.0005)
    proposed(ledger, tmp_path, made.decision("a1"), made.decision("a2"), active=100)
    one, two = ledger.decisions(state="IN_REVIEW")
    ledger.approve(one.decision_id, "ann")
    assert ledger.plan("kim").holds == ()
    ledger.approve(two.decision_id, "ann")
    assert "with 100 active accounts; the cap is 1" in ledger.plan("kim").holds[0]


def test_the_days_cap_makes_the_rest_wait(ledger, tmp_path, clock):
    made.without_caps(ledger, day_any=2)
    proposed(ledger, tmp_path, *(made.decision(f"a{n}") for n in range(3)))
    for decision in ledger.decisions(state="IN_REVIEW"):
        ledger.approve(decision.decision_id, "ann")
    plan = ledger.plan("kim")
    assert (len(plan.decisions), plan.waiting) == (2, {"the day's cap of 2 is reached": 1})
    ledger.apply(plan, made.Platform())
    with pytest.raises(LedgerError, match="nothing to send"):
        ledger.plan("kim")
    clock.forward(hours=24)
    assert len(ledger.plan("kim").decisions) == 1


def test_a_plan_of_unusual_size_is_a_surprise(ledger, tmp_path, clock):
    for day in range(5):
        proposed(ledger, tmp_path, made.decision(f"b{day}"), made.decision(f"c{day}"), name=f"day{day}")
        sent(ledger, clock)
    proposed(ledger, tmp_path, *(made.decision(f"d{n}") for n in range(5)), name="mass")
    for decision in ledger.decisions(state="IN_REVIEW"):
        ledger.approve(decision.decision_id, "ann")
    assert ledger.plan("kim").holds == ("5 limits and bans, where 2 are usual (median of 5 plans in 28 days)",)


# ── time, and one decision after another ──


def test_a_limit_ends_by_itself(ledger, tmp_path, clock):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1"))
    platform = sent(ledger, clock)
    clock.forward(days=29)
    assert ledger.expire() == {"expired": 0, "lapsed": 0}
    clock.forward(days=1)
    assert ledger.expire() == {"expired": 1, "lapsed": 0}
    ledger.drain(platform)
    assert (platform.active, ledger.decision(name).state) == ({}, "REVERSED")


def test_who_does_it_again_after_a_limit_ended_is_proposed_again_and_for_new_acts_only(ledger, tmp_path, clock):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1"))
    platform = sent(ledger, clock)
    clock.forward(days=30)
    ledger.expire()
    ledger.drain(platform)
    before, after = (ledger.decision(name).applied_at, clock().isoformat())
    old = made.run(tmp_path / "old", [made.decision("a1")], begins_at="2026-01-01T00:00:00Z")
    assert ledger.propose(old, mode="live", proposer="nightly")["known"] == 1
    new = made.run(tmp_path / "new", [made.decision("a1")], begins_at=after)
    assert (ledger.propose(new, mode="live", proposer="nightly")["proposed"], before < after) == (1, True)
    assert ledger.decision(f"{name}.2").state == "IN_REVIEW"
    assert ledger.propose(new, mode="live", proposer="nightly")["known"] == 1


def test_a_stronger_decision_supersedes_a_weaker_one_and_never_the_other_way(ledger, tmp_path, clock):
    _, (limit,) = proposed(ledger, tmp_path, made.decision("a1"), name="one")
    platform = sent(ledger, clock)
    _, (ban,) = proposed(ledger, tmp_path, made.decision("a1", "ban"), name="two")
    sent(ledger, clock, platform)
    ledger.drain(platform)
    assert platform.active == {ban: "ban"}
    assert ledger.decision(limit).state == "SUPERSEDED"
    counts, _ = proposed(ledger, tmp_path, made.decision("a1", "limit", cluster="c2"), name="three")
    assert counts == {"proposed": 0, "known": 1, "withdrawn": 0}


def test_a_ban_that_cools_off_is_not_begun_anew_by_the_next_days_run(ledger, tmp_path, clock):
    """The cluster grew by one and has another id: the same account, the same measure, another decision by its name."""
    _, (first,) = proposed(ledger, tmp_path, made.decision("a1", "ban", cluster="c1"), name="one")
    ledger.approve(first, "ann")
    counts, _ = proposed(ledger, tmp_path, made.decision("a1", "ban", cluster="c2"), name="two")
    assert counts == {"proposed": 0, "known": 1, "withdrawn": 0}
    ledger.approve(first, "bob")
    counts, _ = proposed(ledger, tmp_path, made.decision("a1", "ban", cluster="c3"), name="three")
    assert counts["known"] == 1
    platform = sent(ledger, clock)
    counts, _ = proposed(ledger, tmp_path, made.decision("a1", "ban", cluster="c4"), name="four")
    assert counts["known"] == 1
    assert platform.active == {first: "ban"}


def test_an_approved_measure_gives_way_to_another_one(ledger, tmp_path, clock):
    _, (ban,) = proposed(ledger, tmp_path, made.decision("a1", "ban"), name="one")
    for who in ("ann", "bob"):
        ledger.approve(ban, who)
    proposed(ledger, tmp_path, made.decision("a1", "limit"), name="two")
    assert ledger.decision(ban).state == "WITHDRAWN"


def test_what_a_person_rejected_is_not_laid_before_them_again_each_day(ledger, tmp_path, clock):
    _, (first,) = proposed(ledger, tmp_path, made.decision("a1", cluster="c1"), name="one")
    ledger.reject(first, "ann", "a fan")
    _, (again,) = proposed(ledger, tmp_path, made.decision("a1", cluster="c2"), name="two")
    assert ledger.decision(again).blocked_by == (f"decision {first} about the account was rejected on 2026-03-10",)
    assert ledger.route_review(again, "bob").state == "IN_REVIEW"
    _, (ban,) = proposed(ledger, tmp_path, made.decision("a1", "ban", cluster="c3"), name="three")
    assert ledger.decision(ban).state == "IN_REVIEW"


def test_a_freeze_undoes_what_is_under_way_and_stops_what_is_not(ledger, tmp_path):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a1", "warn"))
    plan = ledger.plan("kim")
    ledger.freeze("cluster:c1", "ann", "look")
    with pytest.raises(LedgerError, match="may no longer be sent"):
        ledger.apply(plan, made.Platform())
    ledger.thaw("cluster:c1", "ann", "looked")
    assert ledger.apply(plan, made.Platform())["done"] == 1
    assert ledger.decision(name).state == "APPLIED"
    with pytest.raises(LedgerError, match="scope 'everything'; allowed is all, cluster:ID, or policy:VERSION"):
        ledger.freeze("everything", "ann", "x")


def test_the_public_face_of_the_ledger_is_documented():
    public = [name for name in vars(room.Ledger) if not name.startswith("_")]
    assert all(getattr(room.Ledger, name).__doc__ for name in public)
