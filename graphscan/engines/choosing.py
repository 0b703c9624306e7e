"""The engine that the settings name.

In: settings. Out: an engine.
"""

from __future__ import annotations

import os

from graphscan.behaviours.meetings import Engine, Local
from graphscan.settings import Settings


def engine_of(settings: Settings) -> Engine:
    """Return the engine that the settings name.

    Raises
    ------
    SettingsError
        When it is Spark, and what Spark needs is not installed.
    """
    if settings.engine == "spark":
        from graphscan.engines.spark import start

        return start()
    return Local(settings.threads or os.cpu_count() or 1)
