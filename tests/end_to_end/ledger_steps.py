"""One pass over a ledger, step by step and safe to run again: what the interrupted tests kill and start anew.

In: ledger, run, operations file, plan file. Out: all decisions approved, sent to the file, one appeal accepted, its reversals sent.
"""

import importlib.util
import sys
from pathlib import Path

from graphscan.errors import GraphscanError
from graphscan.ledger.adapters import FileAdapter

_SPEC = importlib.util.spec_from_file_location("made_ledgers", Path(__file__).parents[1] / "unit/ledger/made.py")
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

VICTIM = "a000"


def main(where, run, operations, plan):
    """Do all that is not done yet; a clock of its own makes the outcome the same whenever it runs."""
    print("ready", flush=True)
    clock = made.Clock()
    with made.opened(where, clock) as ledger:
        made.without_caps(ledger)
        ledger.recheck = without_half
        adapter = FileAdapter(Path(operations))
        ledger.propose(run, mode="live", proposer="cron")
        for decision in ledger.decisions(state="IN_REVIEW"):
            if decision.applied_at is None and not ledger.appeals():
                approve(ledger, decision.decision_id)
        clock.forward(hours=25)
        if ledger.decisions(state="APPROVED") and not ledger.appeals():
            send(ledger, adapter, Path(plan))
        ledger.drain(adapter)
        accept(ledger)
        ledger.drain(adapter)


def approve(ledger, decision_id):
    for who in ("ann", "bob"):
        try:
            ledger.approve(decision_id, who)
        except GraphscanError as error:
            if "already" not in str(error) and "APPROVED" not in str(error):
                raise


def send(ledger, adapter, plan):
    plan.unlink(missing_ok=True)  # of a pass that was killed before it queued anything
    ledger.plan("kim", plan)
    ledger.apply(plan, adapter)


def accept(ledger):
    (decision,) = ledger.decisions(account=VICTIM)
    if decision.state == "APPLIED" and not ledger.appeals():
        ledger.open_appeal(decision.decision_id, "u", "not me")
    for appeal in ledger.appeals(state="OPEN"):
        ledger.overturn(appeal.appeal_id, "dora", "victim")


def without_half(tables, policy, without):
    """Every other sibling loses its ground."""
    rows = tables["decisions"].to_pylist()
    return [row for n, row in enumerate(rows) if n % 2 and row["subject"] not in without]


if __name__ == "__main__":
    main(*sys.argv[1:])
