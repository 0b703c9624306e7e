"""Plans: what is to be sent, as a value and as a file that the ledger has signed.

In: a plan, or the path of its file. Out: its file, of mode 0600 because it names accounts, or the plan again.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graphscan.errors import InputError
from graphscan.ledger.seals import canonical

FORMAT = "graphscan plan 1"


@dataclass(frozen=True)
class Plan:
    """What is to be sent: decisions, counts by measure and by cluster, why others wait, and what two people must sign for.

    ``decisions`` holds, for each, its id, account, measure, detail, degree, days, cluster and run. ``holds`` is empty when the
    plan needs no signatures. ``mac`` is the ledger's code over all the rest.
    """

    format: str
    plan_id: str
    by: str
    created_at: str
    valid_until: str
    policy_version: str
    policy_sha256: str
    decisions: tuple[dict[str, Any], ...]
    measures: dict[str, int]
    clusters: dict[str, int]
    waiting: dict[str, int]
    holds: tuple[str, ...]
    mac: str = ""

    def fields(self) -> dict[str, Any]:
        """Return everything that is signed."""
        return {name: value for name, value in asdict(self).items() if name != "mac"}

    @property
    def sha256(self) -> str:
        """SHA-256 of everything that is signed."""
        return hashlib.sha256(canonical(self.fields()).encode()).hexdigest()


def write_plan(plan: Plan, out: Path) -> None:
    """Write a plan's file, readable by its owner only; FileExistsError when it is there."""
    text = json.dumps(asdict(plan), indent=1, sort_keys=True) + "\n"
    with os.fdopen(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)


def read_plan(path: Path) -> Plan:
    """Read a plan file; InputError when it is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        plan = Plan(**{**told, "decisions": tuple(told["decisions"]), "holds": tuple(told["holds"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path} is no plan file: {type(error).__name__}") from None
    if plan.format != FORMAT:
        raise InputError(f"{path} has format {plan.format!r}; allowed is {FORMAT!r}")
    return plan
