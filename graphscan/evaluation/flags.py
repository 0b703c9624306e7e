"""Who was flagged, and who should have been: an account is flagged when it is in a cluster.

In: the truth and the flagged accounts. Out: rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from graphscan.evaluation.rates import Rate, rate_of, share_of
from graphscan.evaluation.truth import ROLES, Truth

FLAG_SLICES = "false flags by slice"


def flag_rates(known: Mapping[str, Truth], flagged: Set[str]) -> Iterable[Rate]:
    """Precision, recall and false flags; a flag is right when the truth calls the account managed."""
    managed = {account for account, truth in known.items() if truth.role == "managed"}
    right = len(managed & flagged)
    yield rate_of("flagged", "precision", right, len(flagged))
    yield rate_of("flagged", "recall", right, len(managed))
    yield rate_of("flagged", "false flags", len(flagged) - right, len(known) - len(managed))
    for role in ROLES:
        yield share_of("flagged by role", role, (a for a, t in known.items() if t.role == role), flagged)
    for name in sorted({truth.slice for truth in known.values() if truth.role != "managed"}):
        of = (a for a, t in known.items() if t.slice == name and t.role != "managed")
        yield share_of(FLAG_SLICES, name or "(none)", of, flagged)
    for name in sorted({truth.slice for truth in known.values() if truth.role == "managed"}):
        of = (a for a, t in known.items() if t.slice == name and t.role == "managed")
        yield share_of("recall by slice", name or "(none)", of, flagged)
