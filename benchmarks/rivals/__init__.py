"""Rivals: what others use to find coordination, behind one kind of function, on the same input and with the same cut.

In: a log (account, object, at_ms) and, for real packages, a folder for their throw-away environments. Out: clusters of accounts with
the seconds and the peak memory they took, or the reason why a method did not run.
"""

from rivals.cut import communities
from rivals.register import RIVALS, Rival
from rivals.rules import co_share, svn, tf_idf
from rivals.running import Outcome, did_not_run, flag, graphscan

__all__ = ["RIVALS", "Outcome", "Rival", "co_share", "communities", "did_not_run", "flag", "graphscan", "svn", "tf_idf"]
