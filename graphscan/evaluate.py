"""A run held against a known truth, under the name it is called by: see :mod:`graphscan.evaluation`.

In: a RUN folder and a ``truth.csv``. Out: :class:`Evaluation`.
"""

from graphscan.evaluation import *  # noqa: F403  all that the room offers, under its older name
from graphscan.evaluation import __all__ as __all__
