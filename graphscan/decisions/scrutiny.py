"""Scrutiny: who deserves a look because of reports, labels, and ties to accounts that do. Never evidence, never guilt.

In: the dataset's reports and labels, ties inside clusters. Out: :class:`Scrutiny`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphscan.accounts.deeds import Floats
from graphscan.behaviours.actions import Ints


@dataclass(frozen=True)
class Scrutiny:
    """One row an account: ``reporters``, independent ones (one a cluster), and ``scrutiny``, 0 to 1."""

    reporters: Ints
    scrutiny: Floats


def no_scrutiny(n_accounts: int) -> Scrutiny:
    """Return what is known without reports and labels."""
    return Scrutiny(np.zeros(n_accounts, np.int64), np.zeros(n_accounts))
