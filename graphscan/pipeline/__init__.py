"""The main job: a dataset folder → a run. The only room that knows every other.

In: a dataset folder and settings. Out: a published run. ``running`` is the order of the stages, ``stages`` what they do,
``describing`` the tables made of what they found, ``manifest`` the run's own record.
"""

from graphscan.pipeline.running import scan_dataset
from graphscan.pipeline.stages import Decided, Fused, Own, day_cut, decide, find_layers, fuse, look_at_accounts

__all__ = [
    "Decided",
    "Fused",
    "Own",
    "day_cut",
    "decide",
    "find_layers",
    "fuse",
    "look_at_accounts",
    "scan_dataset",
]
