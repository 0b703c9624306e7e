"""Foreign exports → a dataset: one file a format, one register, one function."""

from graphscan.intake.adapters.adapter import Adapter
from graphscan.intake.adapters.convert import convert
from graphscan.intake.adapters.register import ADAPTERS
from graphscan.intake.adapters.report import ConversionReport, FileReport

__all__ = ["ADAPTERS", "Adapter", "ConversionReport", "FileReport", "convert"]
