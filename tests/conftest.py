"""When pytest runs in several processes (``-n``): long files first, and for each process compiled loops of its own.

Numba's cache knows one writer at a time. Without ``-n`` this changes nothing.
"""

import os
from pathlib import Path

TESTS = Path(__file__).parent
LONG = ("graphdb", "engines", "end_to_end", "browser", "laws")
"""Begun first, so that no process is left with a long file at the end."""

worker = os.environ.get("PYTEST_XDIST_WORKER")
if worker:
    os.environ.setdefault("NUMBA_CACHE_DIR", str(TESTS.parent / ".pytest_cache" / f"numba-{worker}"))


def pytest_collection_modifyitems(items):
    if worker:
        items.sort(key=lambda item: place_of(item.path))


def place_of(file):
    """When the tests of a file are begun."""
    folder = file.relative_to(TESTS).parts[0] if file.is_relative_to(TESTS) else ""
    return LONG.index(folder) if folder in LONG else len(LONG)
