"""Engines: where the tasks of the meetings stage run, on one machine or on Spark; the answer is the same, byte for byte.

In: the name of an engine. Out: an :class:`~graphscan.behaviours.meetings.Engine`.
"""

from graphscan.engines.choosing import engine_of

__all__ = ["engine_of"]
