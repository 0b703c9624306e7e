"""Worlds with known truth: a scenario's name, a size and a seed → a dataset folder with ``truth.csv``.

This room stands apart from the detector: it imports none of its rooms and knows none of its thresholds.
"""

from graphscan.simulate.scenarios import SCENARIOS, Scenario
from graphscan.simulate.simulation import WorldSummary, simulate

__all__ = ["SCENARIOS", "Scenario", "WorldSummary", "simulate"]
