"""Runs: what a ledger takes from a run's folder: its proposed decisions, with the evidence they rest on.

In: a run's folder, held against its manifest. Out: :class:`Proposals`. A table whose bytes are not those that the manifest names is
refused: one flipped bit in a Parquet file can be another account's id.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.decisions.policy import MEASURE_OF, read_policy
from graphscan.errors import InputError
from graphscan.ledger.standing import Record
from graphscan.ledger.times import text_of
from graphscan.publishing import sha256_of
from graphscan.run import RunFolder

READ = ("decisions", "evidence", "facts", "accounts")
ACTIVE_DAYS = 7
"""G2: what counts as an active account."""

MOST_DAYS = 365
"""The longest limit that a policy may name."""

ID = re.compile(r"[0-9A-Za-z_.-]{1,64}")
"""What a decision's id may be: it becomes a key of the platform's and a header of a request."""

ReadPolicy = Callable[[Path | None], Any]
Rows = Any


@dataclass(frozen=True)
class Proposals:
    """The decisions a run proposes, each as a record's fields.

    ``active`` is how many accounts acted in its last 7 days, ``begins_at`` when its log begins (None: its manifest does not say).
    """

    run_id: str
    path: Path
    decisions: tuple[Record, ...]
    active: int
    policy: Any
    begins_at: str | None = None


def read_shipped_policy(path: Path | None) -> Any:
    """Read a policy file, or with None the one that comes with graphscan."""
    return read_policy(path)


def open_run(run: Path) -> tuple[str, Mapping[str, pa.Table]]:
    """Return a run's id (the SHA-256 of its manifest) and its tables, after their bytes were checked.

    Raises
    ------
    InputError
        When the run is missing, incomplete, or one of the tables is not the one its manifest names.
    """
    manifest = run / "run.json"
    if not manifest.is_file():
        raise InputError(f"{run} is no run: run.json is missing; name the folder that `graphscan run … --out` made")
    folder = RunFolder(run)
    try:
        outputs = json.loads(manifest.read_text(encoding="utf-8")).get("outputs", {})
    except (ValueError, AttributeError):
        raise InputError(f"{manifest} holds no JSON object; it is no run's manifest") from None
    for name in READ:
        file = f"{name}.parquet"
        if sha256_of(run / file) != outputs.get(file):
            raise InputError(f"{run / file} is not the file that run.json names (SHA-256 differs); make the run again")
    if "policy.toml" in outputs and sha256_of(run / "policy.toml") != outputs["policy.toml"]:
        raise InputError(
            f"{run / 'policy.toml'} is not the file that run.json names (SHA-256 differs); make the run again"
        )
    return sha256_of(manifest), folder


def policy_of(run: Path, reader: ReadPolicy = read_shipped_policy) -> Any:
    """Return the policy of a run: its own ``policy.toml``, else the one that comes with graphscan."""
    own = run / "policy.toml"
    return reader(own if own.is_file() else None)


def read_proposals(run: Path, reader: ReadPolicy = read_shipped_policy) -> Proposals:
    """Read what a run proposes.

    Raises
    ------
    InputError
        As :func:`open_run`, and when a decision was made under another policy than the run's, or contradicts itself.
    """
    run_id, tables = open_run(run)
    policy = policy_of(run, reader)
    rows = tables["decisions"].to_pylist()
    _check_rows(rows)
    for row in rows:
        if row["policy_sha256"] != policy.sha256:
            raise InputError(
                f"decision {row['decision_id']} was made under policy {row['policy_sha256'][:12]}, and the policy of the run is"
                f" {policy.sha256[:12]}; allowed is the same (copy the policy file into the run as policy.toml)"
            )
    accounts = sorted({row["subject"] for row in rows})
    told, facts = _evidence(tables["evidence"], accounts), _facts(tables["facts"], accounts)
    decisions = tuple(
        {**as_record(row), **told.get(row["subject"], {}), **facts.get(row["subject"], {})} for row in rows
    )
    home = {"run_id": run_id, "run_path": str(run.resolve())}
    active, begins_at = _active(tables["accounts"]), _begins_at(run)
    return Proposals(run_id, run, tuple({**d, **home} for d in decisions), active, policy, begins_at)


def _begins_at(run: Path) -> str | None:
    """When the run's log begins, as its manifest says; None where it does not."""
    span = json.loads((run / "run.json").read_text(encoding="utf-8")).get("span") or {}
    try:
        return text_of(datetime.fromisoformat(str(span["first_at"])))
    except (KeyError, ValueError):
        return None


def _check_rows(rows: list[dict[str, Any]]) -> None:
    """Refuse what no run writes: a warning in name that is a ban in effect would pass by the people who must agree to a ban."""
    seen: set[str] = set()
    for row in rows:
        name, measure, detail = row["decision_id"], row["measure"], row["detail"]
        if not ID.fullmatch(name) or name in seen:
            raise InputError(f"decision id {name[:64]!r}; allowed is each once, 1 to 64 letters, digits, _, . or -")
        if MEASURE_OF.get(detail) != measure or (measure == "limit") != (row["days"] is not None):
            told = f"measure {measure!r} with detail {detail!r} and days {row['days']!r}"
            raise InputError(f"decision {name}: {told} contradict each other; make the run again")
        if row["days"] is not None and not 1 <= row["days"] <= MOST_DAYS:
            raise InputError(f"decision {name}: {row['days']} days; allowed are 1 to {MOST_DAYS}")
        seen.add(name)


def as_record(row: Mapping[str, Any]) -> Record:
    """Return a row of DECISIONS as the fields of a record."""
    named = {"subject": "account_id"}
    return {named.get(name, name): value for name, value in row.items() if name not in ("automated", "decision_id")} | {
        "id": row["decision_id"]
    }


def _evidence(table: pa.Table, accounts: list[str]) -> dict[str, Record]:
    subjects = pa.array([f"account:{account}" for account in accounts], pa.string())
    rows = table.filter(pc.is_in(table["subject"], value_set=subjects)).to_pylist()
    told: dict[str, Record] = {account: {"grounds": [], "speaks_for": []} for account in accounts}
    for row in rows:
        ground = {
            name: _plain(row[name]) for name in ("clue", "family", "writer", "value", "unit", "p_value", "sentence")
        }
        ground["unit"], ground["rows"] = row["unit"] or "", list(row["rows"] or ())
        told[row["subject"].removeprefix("account:")][_side(row)].append(ground)
    return told


def _side(row: Mapping[str, Any]) -> str:
    """Clues named ``against_…`` speak against managing, that is for the account; context speaks for nobody."""
    return "speaks_for" if row["clue"].startswith("against_") else "grounds"


def _facts(table: pa.Table, accounts: list[str]) -> dict[str, Record]:
    rows = table.filter(pc.is_in(table["account_id"], value_set=pa.array(accounts, pa.string()))).to_pylist()
    names = ("managed_share", "managed_probability", "membership")
    return {row["account_id"]: {name: _plain(row[name]) for name in names} for row in rows}


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _active(accounts: pa.Table) -> int:
    last = pc.max(accounts["last_at"]).as_py()
    if last is None:
        return 0
    since = pa.scalar(last - timedelta(days=ACTIVE_DAYS), accounts["last_at"].type)
    return int(pc.sum(pc.greater_equal(accounts["last_at"], since)).as_py() or 0)
