"""The ledger: the life of a decision, append-only and hash-chained, from proposal to reversal.

In: the proposed decisions of runs, and what people say about them. Out: :class:`Ledger`, what stands now, and operations for a platform.
"""

from graphscan.ledger.ledger import Ledger
from graphscan.ledger.records import Appeal, Decision, Entry, Head, Operation, Verdict

__all__ = ["Appeal", "Decision", "Entry", "Head", "Ledger", "Operation", "Verdict"]
