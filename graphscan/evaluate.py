"""A run held against a known truth, under the name it is called by: see :mod:`graphscan.evaluation`.

In: a RUN folder and a ``truth.csv``. Out: :class:`Evaluation`.
"""

from graphscan.evaluation import (
    FOUND_JACCARD,
    MEASURES,
    ROLES,
    TRUTH_COLUMNS,
    Evaluation,
    Purity,
    Rate,
    Recovery,
    SliceGap,
    Truth,
    evaluate,
    rate_of,
    read_truth,
    slice_gap,
)

__all__ = [
    "FOUND_JACCARD",
    "MEASURES",
    "ROLES",
    "TRUTH_COLUMNS",
    "Evaluation",
    "Purity",
    "Rate",
    "Recovery",
    "SliceGap",
    "Truth",
    "evaluate",
    "rate_of",
    "read_truth",
    "slice_gap",
]
