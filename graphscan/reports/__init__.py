"""Reports: a run's tables → pictures, sentences, one HTML page, explanations, files for other tools."""

from graphscan.reports.explain import explain
from graphscan.reports.explanation import Explanation
from graphscan.reports.frames import Frames
from graphscan.reports.writing import render, rerender

__all__ = ["Explanation", "Frames", "explain", "render", "rerender"]
