"""Intake: a dataset folder → clean tables in canonical order, and what can and cannot be said with them."""

from graphscan.intake.check import Capabilities, check_dataset
from graphscan.intake.dataset import Dataset, FileRead, Quality, SetAside
from graphscan.intake.reader import read_dataset
from graphscan.intake.shelf import Shelf

__all__ = [
    "Capabilities",
    "Dataset",
    "FileRead",
    "Quality",
    "SetAside",
    "Shelf",
    "check_dataset",
    "read_dataset",
]
