"""Appeals, told: who may answer, what an accepted one undoes, and what it means for those beside it."""

import pytest

from graphscan.errors import LedgerError
from graphscan.ledger.appealing import MAX_FILE_BYTES

from . import made
from .test_life import proposed, sent


def in_force(ledger, tmp_path, clock, count=4, measure="limit"):
    rows = [made.decision(f"a{n}", measure) for n in range(count)]
    _, ids = proposed(ledger, tmp_path, *rows)
    return sent(ledger, clock), ids


def deciding(*rows):
    return lambda tables, policy, without: [row for row in rows if row["subject"] not in without]


def test_an_appeal_is_kept_with_its_files_under_names_that_are_no_paths(ledger, tmp_path, clock):
    _, (name, *_) = in_force(ledger, tmp_path, clock)
    file = tmp_path / "photo.png"
    file.write_bytes(b"png")
    found = ledger.open_appeal(name, "a0", "I was asleep.", [file, ("../../etc/pass\nwd", b"x"), ("..", b"y")])
    assert [a.name for a in found.attachments] == ["photo.png", "passwd", "file"]
    assert ledger.attachment(found.appeal_id, found.attachments[0].sha256) == b"png"
    assert found.due_at == "2026-03-14T09:00:00.000+00:00"
    assert ledger.appeals(decision=name) == [found]


def test_a_decision_has_one_appeal(ledger, tmp_path, clock):
    _, (name, *_) = in_force(ledger, tmp_path, clock)
    ledger.open_appeal(name, "a0", "no")
    with pytest.raises(LedgerError, match="was appealed already"):
        ledger.open_appeal(name, "a0", "no")


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_an_appeal_says_something_and_not_too_much(ledger, tmp_path, clock, text):
    _, (name, *_) = in_force(ledger, tmp_path, clock)
    with pytest.raises(LedgerError, match="allowed is 1 to 2000"):
        ledger.open_appeal(name, "a0", text)


def test_a_file_that_is_too_large_is_refused(ledger, tmp_path, clock):
    _, (name, *_) = in_force(ledger, tmp_path, clock)
    with pytest.raises(LedgerError, match=r"attachment x has 10,000,001 bytes; allowed is 10,000,000"):
        ledger.open_appeal(name, "a0", "no", [("x", b"0" * (MAX_FILE_BYTES + 1))])


def test_what_never_took_effect_cannot_be_appealed_and_neither_what_is_long_past(ledger, tmp_path, clock):
    _, (name,) = proposed(ledger, tmp_path, made.decision("a0", "warn"))
    with pytest.raises(LedgerError, match="never took effect"):
        ledger.open_appeal(name, "a0", "no")
    sent(ledger, clock)
    clock.forward(days=181)
    with pytest.raises(LedgerError, match="appeals were open for 180 days"):
        ledger.open_appeal(name, "a0", "no")


@pytest.mark.parametrize("who", ["ann", "BOB", "cron"])
def test_nobody_answers_an_appeal_about_their_own_word(ledger, tmp_path, clock, who):
    _, (name, *_) = in_force(ledger, tmp_path, clock, measure="ban")
    appeal = ledger.open_appeal(name, "a0", "no").appeal_id
    for answer in (lambda: ledger.uphold(appeal, who, "x"), lambda: ledger.overturn(appeal, who, "victim")):
        with pytest.raises(LedgerError, match="somebody else must answer"):
            answer()


def test_an_approval_that_was_set_aside_still_bars_from_answering(ledger, tmp_path, clock):
    in_force(ledger, tmp_path, clock, count=1)
    _, (other,) = proposed(ledger, tmp_path, made.decision("z", cluster="c9"), name="two")
    ledger.approve(other, "eve")
    ledger.revoke("eve", "gil", "mistake")
    ledger.reinstate("eve", "gil", "no mistake")
    ledger.approve(other, "ann")
    ledger.apply(ledger.plan("kim"), made.Platform())
    appeal = ledger.open_appeal(other, "z", "no").appeal_id
    with pytest.raises(LedgerError, match="eve proposed, approved or rejected"):
        ledger.uphold(appeal, "eve", "x")


def test_an_upheld_decision_stands(ledger, tmp_path, clock):
    platform, (name, *_) = in_force(ledger, tmp_path, clock)
    appeal = ledger.open_appeal(name, "a0", "no").appeal_id
    found = ledger.uphold(appeal, "dora", "posted by tool, as its client says")
    assert (found.state, found.handler) == ("UPHELD", "dora")
    ledger.drain(platform)
    assert name in platform.active
    with pytest.raises(LedgerError, match="is UPHELD; allowed is OPEN"):
        ledger.overturn(appeal, "dora", "victim")


def test_a_reason_that_is_none_names_those_that_are(ledger, tmp_path, clock):
    _, (name, *_) = in_force(ledger, tmp_path, clock)
    appeal = ledger.open_appeal(name, "a0", "no").appeal_id
    with pytest.raises(LedgerError, match="reason 'nice'; allowed is not_member, victim, compromised"):
        ledger.overturn(appeal, "dora", "nice")


def test_siblings_are_checked_again_same_milder_and_gone(ledger, tmp_path, clock):
    platform, ids = in_force(ledger, tmp_path, clock)
    appeal = ledger.open_appeal(ids[0], "a0", "no").appeal_id
    ledger.recheck = deciding(made.decision("a0"), made.decision("a1"), made.decision("a2", "warn"))
    told = ledger.overturn(appeal, "dora", "victim", "framed")
    assert told["siblings"] == {"gone": 1, "milder": 1, "same": 1}
    assert (told["cleared"], told["stayed"], told["reversed"]) == (True, 2, True)
    assert told["frozen"] == ["cluster:c1", "policy:xhs-ai-managed 2026.2"]
    ledger.drain(platform)
    assert platform.active == {ids[1]: "limit"}
    assert [ledger.decision(i).state for i in ids] == ["REVERSED", "APPLIED", "REVERSED", "IN_REVIEW"]
    (warning,) = [d for d in ledger.decisions(account="a2") if d.measure == "warn"]
    assert warning.state == "IN_REVIEW"
    assert [e.action for e in ledger.entries(ids[1])][-1] == "recheck"


def test_what_lost_its_ground_cannot_be_approved_again(ledger, tmp_path, clock):
    platform, ids = in_force(ledger, tmp_path, clock)
    ledger.recheck = deciding()
    ledger.overturn(ledger.open_appeal(ids[0], "a0", "no").appeal_id, "dora", "not_member")
    ledger.drain(platform)
    with pytest.raises(LedgerError, match="was checked again after a sibling's appeal and is gone"):
        ledger.approve(ids[1], "eve")


def test_who_answered_the_appeal_has_no_word_when_the_decision_comes_back(ledger, tmp_path, clock):
    platform, ids = in_force(ledger, tmp_path, clock)
    ledger.uphold(ledger.open_appeal(ids[1], "a1", "no").appeal_id, "eve", "it holds")
    ledger.recheck = deciding()
    ledger.overturn(ledger.open_appeal(ids[0], "a0", "no").appeal_id, "dora", "victim")
    ledger.drain(platform)
    assert ledger.decision(ids[1]).state == "IN_REVIEW"
    for word in (ledger.approve, ledger.reject):
        with pytest.raises(LedgerError, match="Eve answered its appeal; somebody else must decide"):
            word(ids[1], "Eve", "once more")
    assert ledger.reject(ids[1], "gil", "no ground left").state == "REJECTED"


def test_queued_siblings_are_fenced(ledger, tmp_path, clock):
    _, ids = in_force(ledger, tmp_path, clock, count=2)
    proposed(ledger, tmp_path, made.decision("b1"), made.decision("b2"), name="two")
    for decision in ledger.decisions(state="IN_REVIEW"):
        ledger.approve(decision.decision_id, "ann")

    class Deaf(made.Platform):
        def send(self, operation):
            self.carry_out(operation)
            return "unknown"

    deaf = Deaf()
    ledger.apply(ledger.plan("kim"), deaf, passes=1)
    assert len(deaf.active) == 2
    ledger.recheck = deciding()
    told = ledger.overturn(ledger.open_appeal(ids[0], "a0", "no").appeal_id, "dora", "victim")
    assert told["held"] == 2
    deaf.send = lambda operation: (deaf.carry_out(operation), "done")[1]
    ledger.drain(deaf)
    assert deaf.active == {}


def test_a_reason_that_clears_nobody_checks_nobody(ledger, tmp_path, clock):
    _, ids = in_force(ledger, tmp_path, clock)
    told = ledger.overturn(ledger.open_appeal(ids[0], "a0", "no").appeal_id, "dora", "disproportionate")
    assert (told["cleared"], told["siblings"]) == (False, {})


def test_when_the_run_is_gone_what_is_not_in_force_waits_and_the_cluster_is_frozen(ledger, tmp_path, clock):
    _, ids = in_force(ledger, tmp_path, clock, count=60, measure="ban")
    (tmp_path / "run" / "run.json").write_text("{}", encoding="utf-8")
    told = ledger.overturn(ledger.open_appeal(ids[0], "a0", "no").appeal_id, "dora", "victim")
    assert told["siblings"] == {"unknown": 59}
    assert "cluster:c1" in told["frozen"]
    assert ledger.decision(ids[1]).state == "APPLIED"


def test_a_large_cluster_is_frozen_at_the_second_overturn(ledger, tmp_path, clock):
    _, ids = in_force(ledger, tmp_path, clock, count=150, measure="ban")
    rows = [made.decision(f"a{n}", "ban") for n in range(150)]
    ledger.recheck = deciding(*rows)
    first = ledger.overturn(ledger.open_appeal(ids[0], "a0", "no").appeal_id, "dora", "victim")
    assert first["frozen"] == []
    second = ledger.overturn(ledger.open_appeal(ids[1], "a1", "no").appeal_id, "dora", "victim")
    assert second["frozen"] == ["cluster:c1", "policy:xhs-ai-managed 2026.2"]


def test_a_cleared_account_is_left_alone_for_180_days(ledger, tmp_path, clock):
    _, ids = in_force(ledger, tmp_path, clock, count=1)
    ledger.overturn(ledger.open_appeal(ids[0], "a0", "no").appeal_id, "dora", "victim")
    rows = made.decision("a0", "ban"), made.decision("a0", "warn", cluster="c2")
    _, (same,) = proposed(ledger, tmp_path, rows[0], name="two")
    with pytest.raises(LedgerError, match="was cleared in this cluster"):
        ledger.route_review(same, "ann")
    _, (other,) = proposed(ledger, tmp_path, rows[1], name="three")
    assert ledger.decision(other).blocked_by[0].startswith("the account was cleared in another cluster (victim) until")
    assert ledger.route_review(other, "ann").state == "IN_REVIEW"
    clock.forward(days=181)
    _, (later,) = proposed(ledger, tmp_path, made.decision("a0", "warn", cluster="c3"), name="four")
    assert ledger.decision(later).state == "APPROVED"


def test_an_appeal_that_nobody_answers_lapses_after_its_whole_time(ledger, tmp_path, clock):
    _, ids = in_force(ledger, tmp_path, clock, measure="ban")
    ledger.open_appeal(ids[0], "a0", "no")
    clock.forward(days=181)
    assert ledger.expire() == {"expired": 0, "lapsed": 1}
    assert ledger.appeals()[0].state == "LAPSED"
    assert ledger.decision(ids[0]).state == "APPLIED"


def test_whatever_else_is_under_way_against_a_cleared_account_is_undone(ledger, tmp_path, clock):
    """Its limit ran out and is appealed; meanwhile a ban is queued and one more waits for people."""
    platform, (old,) = in_force(ledger, tmp_path, clock, count=1)
    clock.forward(days=30)
    ledger.expire()
    ledger.drain(platform)
    _, (ban,) = proposed(ledger, tmp_path, made.decision("a0", "ban", cluster="c2"), name="two")
    for who in ("ann", "bob"):
        ledger.approve(ban, who)
    clock.forward(hours=25)
    platform.send = lambda operation: (platform.carry_out(operation), "unknown")[1]
    ledger.apply(ledger.plan("kim"), platform, passes=1)
    assert platform.active == {ban: "ban"}
    ledger.overturn(ledger.open_appeal(old, "a0", "no").appeal_id, "dora", "compromised")
    platform.send = lambda operation: (platform.carry_out(operation), "done")[1]
    ledger.drain(platform)
    assert platform.active == {}
    assert ledger.decision(ban).state == "REVERSED"
    (held,) = [e for e in ledger.entries(ban) if e.action == "hold"]
    assert ledger.payload(held.seq)["because"] == f"decision {old} about the account was overturned"
