"""The life of a decision under random events: people, freezes, appeals, lost and late answers of the platform, erasure.

A quick profile runs by default; ``GRAPHSCAN_LEDGER_EXAMPLES=1000`` asks for the thorough one.
"""

import importlib.util
import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from graphscan.errors import LedgerError
from graphscan.ledger import proposing
from graphscan.ledger.guards import need, thin_evidence
from graphscan.ledger.people import approving
from graphscan.ledger.runs import read_proposals

_SPEC = importlib.util.spec_from_file_location("made_ledgers", Path(__file__).parents[1] / "unit/ledger/made.py")
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

EXAMPLES = int(os.environ.get("GRAPHSCAN_LEDGER_EXAMPLES", "25"))
STEPS = 50

ACCOUNTS = [f"a{n}" for n in range(6)]
CLUSTERS, MEASURES = ("c1", "c2"), ("warn", "limit", "ban")
FAMILIES = (("A1", "A2"), ("A1", "B1"), ("A1",), ("B1", "B2"))
PEOPLE = ("ann", "Bob", "eve", "fay", "cron")
LIMITS = {"run_ban": 1, "run_any": 3, "share_active": 10.0**6, "day_any": 4}

people, numbers = st.sampled_from(PEOPLE), st.integers(0, 60)
faults = st.lists(st.sampled_from(("ok", "before", "after", "late", "refused", "twice")), max_size=6)


@pytest.fixture(scope="module", autouse=True)
def runs(tmp_path_factory):
    """Three runs on disk, each with one decision about each account; the same account differs from run to run."""
    deal = random.Random(7)
    folder = tmp_path_factory.mktemp("runs")
    found = []
    for number in range(3):
        rows = []
        for account in ACCOUNTS:
            cluster, measure = deal.choice(CLUSTERS), deal.choice(MEASURES)
            families = FAMILIES[(ord(account[1]) + ord(cluster[1]) + len(measure)) % 4]
            rows.append(made.decision(account, measure, cluster=cluster, families=families))
        found.append(made.run(folder / f"r{number}", rows))
    reader = made.without_caps(made.opened(), **LIMITS).read_policy
    Life.runs = [read_proposals(path, reader) for path in found]
    Life.reader = staticmethod(reader)


class Faulty(made.Platform):
    """A platform that loses, delays, refuses and repeats, as it is told."""

    def __init__(self):
        super().__init__()
        self.faults, self.late = [], []

    def send(self, operation):
        fault = self.faults.pop() if self.faults else "ok"
        if fault == "late":
            self.late.append(operation)
        if fault in ("ok", "after", "twice"):
            self.carry_out(operation)
        if fault == "twice":
            self.carry_out(operation)
        return {"ok": "done", "twice": "done", "refused": "refused"}.get(fault, "unknown")


def some(*states):
    """Only when there is a decision in one of these states: a rule that does nothing tries nothing."""
    return precondition(lambda life: any(life.desk.find("decision", state=state) for state in states))


class Life(RuleBasedStateMachine):
    """One ledger, one platform, and everybody who has something to do with them."""

    runs = ()
    reader = None

    @initialize()
    def begin(self):
        self.clock, self.platform = made.Clock(), Faulty()
        self.ledger = made.opened(clock=self.clock)
        self.ledger.read_policy = type(self).reader
        self.desk, self.plan, self.outcomes = self.ledger._desk, None, []
        self.heads = [self.ledger.head()]
        proposing.propose(self.desk, self.runs[0], "live", "cron")

    def tried(self, step, *given, **named):
        try:
            return step(*given, **named)
        except LedgerError:
            return None

    def one(self, number, *states):
        found = [d for d in self.ledger.decisions() if not states or d.state in states]
        return found[number % len(found)].decision_id if found else None

    @rule(number=numbers, mode=st.sampled_from(("live", "live", "live", "canary", "shadow")), who=people)
    def propose(self, number, mode, who):
        proposing.propose(self.desk, self.runs[number % len(self.runs)], mode, who, canary_share=0.5)

    @some("IN_REVIEW")
    @rule(number=numbers, who=people)
    def approve(self, number, who):
        self.tried(self.ledger.approve, self.one(number, "IN_REVIEW") or "none", who)

    @some("IN_REVIEW")
    @rule(number=numbers)
    def approve_by_two(self, number):
        chosen = self.one(number, "IN_REVIEW")
        for who in ("ann", "eve"):
            self.tried(self.ledger.approve, chosen or "none", who)

    @some("IN_REVIEW", "APPROVED")
    @rule(what=faults)
    def a_whole_day(self, what):
        """All in review is approved by two, cools off, is planned, signed and sent."""
        for decision in self.ledger.decisions(state="IN_REVIEW"):
            for who in ("ann", "eve"):
                self.tried(self.ledger.approve, decision.decision_id, who)
        self.clock.forward(hours=25)
        self.plan = self.tried(self.ledger.plan, "kim") or self.plan
        for who in ("ann", "eve"):
            self.plan and self.tried(self.ledger.sign, self.plan, who)
        self.apply(what)

    @some("BLOCKED")
    @rule(number=numbers, who=people)
    def route(self, number, who):
        self.tried(self.ledger.route_review, self.one(number, "BLOCKED") or "none", who)

    @some("IN_REVIEW")
    @rule(number=numbers, who=people)
    def reject(self, number, who):
        self.tried(self.ledger.reject, self.one(number) or "none", who, "no")

    @rule(number=numbers, who=people)
    def withdraw(self, number, who):
        self.tried(self.ledger.withdraw, self.one(number) or "none", who, "wrong")

    @some("APPROVED")
    @rule(who=people)
    def make_plan(self, who):
        self.plan = self.tried(self.ledger.plan, who) or self.plan

    @rule(who=people)
    def sign(self, who):
        if self.plan:
            self.tried(self.ledger.sign, self.plan, who)

    @rule(what=faults)
    def apply(self, what):
        if self.plan:
            self.platform.faults = list(what)
            self.tried(self.ledger.apply, self.plan, self.platform, sleep=lambda _: None, passes=2)

    @precondition(lambda life: life.desk.find("decision", pending=1))
    @rule(what=faults)
    def drain(self, what):
        self.platform.faults = list(what)
        self.ledger.drain(self.platform, sleep=lambda _: None, passes=2)

    @precondition(lambda life: life.platform.late)
    @rule(number=numbers)
    def a_late_call_arrives(self, number):
        self.platform.carry_out(self.platform.late.pop(number % len(self.platform.late)))

    @some("APPLY_FAILED")
    @rule(number=numbers)
    def requeue(self, number):
        self.tried(self.ledger.requeue, self.one(number, "APPLY_FAILED") or "none", "ann")

    @some("APPLIED", "REVERSING", "REVERSED")
    @rule(number=numbers)
    def appeal(self, number):
        self.tried(self.ledger.open_appeal, self.one(number, "APPLIED", "REVERSING", "REVERSED") or "none", "u", "no")

    @precondition(lambda life: life.desk.find("appeal", state="OPEN"))
    @rule(
        number=numbers,
        who=people,
        accept=st.booleans(),
        word=st.sampled_from(("same", "milder", "gone")),
        clears=st.booleans(),
    )
    def answer(self, number, who, accept, word, clears):
        waiting = self.ledger.appeals(state="OPEN")
        chosen = waiting[number % len(waiting)].appeal_id
        self.ledger.recheck = lambda tables, policy, without: decided_again(tables, without, word)
        if accept:
            self.tried(self.ledger.overturn, chosen, who, "victim" if clears else "disproportionate", "")
        else:
            self.tried(self.ledger.uphold, chosen, who, "it holds")

    @some("APPLIED")
    @rule(number=numbers, word=st.sampled_from(("same", "milder", "gone")), clears=st.booleans())
    def an_appeal_is_accepted(self, number, word, clears):
        chosen = self.one(number, "APPLIED")
        self.tried(self.ledger.open_appeal, chosen, "u", "no")
        self.ledger.recheck = lambda tables, policy, without: decided_again(tables, without, word)
        reason = "victim" if clears else "disproportionate"
        if self.tried(self.ledger.overturn, f"appeal-{chosen}", "gil", reason, ""):
            assert self.ledger.decision(chosen).state == "REVERSING"

    @rule(scope=st.sampled_from(("all", "cluster:c1")))
    def freeze(self, scope):
        self.tried(self.ledger.freeze, scope, "ann", "why")

    @precondition(lambda life: life.ledger.freezes())
    @rule()
    def thaw_everything(self):
        for scope in self.ledger.freezes():
            self.ledger.thaw(scope, "ann", "looked at")

    @rule()
    def expire(self):
        self.ledger.expire()

    @rule(hours=st.sampled_from((1, 25, 25, 31 * 24, 181 * 24)))
    def time_passes(self, hours):
        self.clock.forward(hours=hours)

    @rule(who=st.sampled_from(("ann", "Bob")), back=st.booleans())
    def rights(self, who, back):
        self.tried(self.ledger.reinstate if back else self.ledger.revoke, who, "gil", "why")

    @rule(account=st.sampled_from(ACCOUNTS))
    def erase(self, account):
        if self.tried(self.ledger.erase, account, "dpo", "asked for"):
            assert self.ledger.decisions(account=account) == []
            assert not [
                b for (b,) in self.desk.store.rows("SELECT body FROM graphscan_standing") if f'"{account}"' in b
            ]

    @invariant()
    def the_ledger_holds(self):
        """Chain, payloads, moves; what is kept equals what follows from the entries; every earlier head is still there."""
        self.heads = [self.heads[0], self.ledger.head()] if len(self.heads) > 1 else [*self.heads, self.ledger.head()]
        for head in self.heads:
            found = self.ledger.verify(head)
            assert found.ok, found.faults

    @invariant()
    def each_operation_takes_effect_at_most_once(self):
        assert len(set(self.platform.effects)) == len(self.platform.effects)

    @invariant()
    def a_measure_has_the_people_and_the_evidence_it_needs(self):
        for record in self.desk.find("decision"):
            if record["state"] in ("APPROVED", "QUEUED", "APPLIED"):
                names = {name.casefold() for name in approving(record)}
                assert record["proposer"].casefold() not in names
                assert len(names) >= need(record) >= {"warn": 0, "limit": 1, "ban": 2}[record["measure"]]
                assert thin_evidence(record) is None

    @invariant()
    def caps_hold(self):
        for run in {record["run_id"] for record in self.desk.find("decision") if record["run_id"]}:
            sent = [r for r in self.desk.find("decision", run=run) if r["queued_at"] and r["measure"] != "warn"]
            bans = sum(r["measure"] == "ban" for r in sent)
            if bans > LIMITS["run_ban"] or len(sent) > LIMITS["run_any"]:
                plans = [self.desk.book.get("plan", r["plan_id"]) for r in sent]
                assert any(len(plan["signers"]) >= 2 for plan in plans)
        since = (self.clock() - made.timedelta(hours=24)).isoformat(timespec="milliseconds")
        today = [
            r for r in self.desk.find("decision") if (r["queued_at"] or "") > since and r["measure"] not in ("warn", "")
        ]
        assert len(today) <= LIMITS["day_any"]

    @invariant()
    def when_all_is_sent_the_platform_holds_what_the_ledger_says(self):
        if not self.desk.find("decision", pending=1):
            assert set(self.platform.active) == {d.decision_id for d in self.ledger.decisions(state="APPLIED")}

    @invariant()
    def nothing_goes_on_against_a_cleared_account(self):
        for word in self.desk.find("cleared"):
            if word["until"] > self.desk.now():
                for record in self.desk.find("decision", account=word["account_id"], cluster=word["cluster_id"] or ""):
                    assert record["state"] not in ("APPROVED", "QUEUED", "APPLIED")

    @invariant()
    def nobody_answers_an_appeal_about_their_own_word(self):
        for appeal in self.desk.find("appeal"):
            decision = self.desk.decision(appeal["decision_id"])
            if appeal["state"] in ("UPHELD", "OVERTURNED"):
                assert appeal["handler"] not in (decision["proposer"], *decision["approvers"])

    def teardown(self):
        if not hasattr(self, "ledger"):
            return
        self.thaw_everything()
        self.platform.faults = []
        self.ledger.drain(self.platform, sleep=lambda _: None, passes=3)
        for operation in self.platform.late:
            self.platform.carry_out(operation)
        assert not self.desk.find("decision", pending=1)
        self.when_all_is_sent_the_platform_holds_what_the_ledger_says()
        self.ledger.close()


def decided_again(tables, without, word):
    """The run's decisions without some accounts: all the same, all one step milder, or gone."""
    rows = [row for row in tables["decisions"].to_pylist() if row["subject"] not in without]
    if word == "gone":
        return []
    if word == "same":
        return rows
    return [milder(row) for row in rows if row["measure"] != "warn"]


def milder(row):
    measure = {"ban": "limit", "limit": "warn"}[row["measure"]]
    return made.decision(row["subject"], measure, cluster=row["cluster_id"], families=row["families"])


Life.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLife = Life.TestCase
