"""What an input format is to this tool: a name, a sentence for people, how to tell it, how to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphscan.intake.adapters.export import Export
from graphscan.intake.adapters.harvest import Harvest, Options


@dataclass(frozen=True)
class Adapter:
    """One foreign format.

    ``recognise`` tells it from an export's content; ``read`` puts the export's rows into a harvest.
    """

    name: str
    sentence: str
    recognise: Callable[[Export, Options], bool]
    read: Callable[[Export, Harvest], None]
