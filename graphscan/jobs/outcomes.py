"""What became of earlier proposals, as the ledger has it: the job proposes, people decide, and the next report says what came of it.

In: the job's ledger, a run. Out: counts by measure and state, of appeals, and of what the accounts that were acted on do now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from graphscan.errors import OutsideError
from graphscan.jobs.config import JobConfig
from graphscan.ledger import Decision, Ledger
from graphscan.ledger.records import Mode
from graphscan.ledger.seals import find_key
from graphscan.ledger.states import ENDED

PROPOSER = "job"
"""Whom the ledger names as the proposer; a person of that name could not approve what the job proposes."""


def open_ledger(config: JobConfig, create: bool) -> Ledger:
    """Open the job's ledger with its key; errors are the ledger's own."""
    where = config.ledger if "://" in config.ledger else str(config.path(config.ledger))
    key_file = config.path(config.ledger_key_file) if config.ledger_key_file else None
    return Ledger.open(where, key=find_key(key_file), create=create)


def is_there(config: JobConfig) -> bool:
    """Whether a ledger is named and was begun; a database always counts as begun."""
    return bool(config.ledger) and ("://" in config.ledger or config.path(config.ledger).exists())


def outcomes(config: JobConfig, run: Mapping[str, pa.Table]) -> Mapping[str, Any] | None:
    """Return what the ledger says; None without one, and ``error`` where it cannot be reached, so that nobody takes that for "nothing"."""
    if not is_there(config):
        return None
    try:
        with open_ledger(config, create=False) as ledger:
            decisions, appeals = ledger.decisions(), ledger.appeals()
            sound = ledger.verify()
    except OutsideError as error:
        return {"error": str(error), "decisions": [], "appeals": {}, "acted_on": {}}
    counted = Counter((d.measure, d.state) for d in decisions)
    return {
        "error": None,
        "decisions": [{"measure": m, "state": s, "count": n} for (m, s), n in sorted(counted.items())],
        "appeals": dict(sorted(Counter(a.state for a in appeals).items())),
        "acted_on": _acted_on(decisions, run["accounts"]),
        "chain_sound": sound.ok,
    }


def _acted_on(decisions: Sequence[Decision], accounts: pa.Table) -> dict[str, int]:
    """Count the accounts under an applied measure: all, those in this window, those that acted since, those in a cluster."""
    applied = {d.account_id: d.applied_at for d in decisions if d.state == "APPLIED" and d.applied_at is not None}
    rows = [
        r for r in accounts.select(["account_id", "cluster_id", "last_at"]).to_pylist() if r["account_id"] in applied
    ]
    since = [r for r in rows if r["last_at"] is not None and r["last_at"].isoformat() > applied[r["account_id"]]]
    return {
        "accounts": len(applied),
        "seen_in_window": len(rows),
        "acted_since": len(since),
        "in_clusters": sum(r["cluster_id"] is not None for r in rows),
    }


def cited_runs(config: JobConfig) -> set[Path]:
    """Return the runs that a decision which has not ended rests on: an appeal reads them again, so they are not purged for their number."""
    if not is_there(config):
        return set()
    with open_ledger(config, create=False) as ledger:
        return {Path(d.run_path) for d in ledger.decisions() if d.state not in ENDED}


def propose(config: JobConfig, run: Path, watched: Sequence[str]) -> dict[str, int]:
    """Bring a run's proposals into the ledger, but for those of clusters that are only watched; safe to do again."""
    with open_ledger(config, create=True) as ledger:
        return ledger.propose(run, mode=cast(Mode, config.ledger_mode), proposer=PROPOSER, but_clusters=watched)


def erase_from_ledger(config: JobConfig, account_id: str) -> dict[str, int] | None:
    """Erase what the ledger says about an account; its chain stays valid.

    None where it knows nothing. Raises
    :class:`~graphscan.errors.LedgerError` when a measure still stands: it needs its ground until it is lifted.
    """
    if not is_there(config):
        return None
    with open_ledger(config, create=False) as ledger:
        known = ledger.decisions(account=account_id)
        return ledger.erase(account_id, PROPOSER, "erasure asked of the job") if known else None
