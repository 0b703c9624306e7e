"""A run held against a known truth: who was flagged, who should have been, which clusters were found, and at what harm.

In: RUN folders and ``truth.csv`` files. Out: :class:`Evaluation`, as text, as JSON, and as a page (:mod:`graphscan.evaluation.writing`).
"""

from graphscan.evaluation.clusters import FOUND_JACCARD, Purity, Recovery
from graphscan.evaluation.evaluation import Evaluation, evaluate
from graphscan.evaluation.rates import Rate, SliceGap, rate_of, slice_gap
from graphscan.evaluation.truth import MEASURES, ROLES, TRUTH_COLUMNS, Truth, read_truth

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
