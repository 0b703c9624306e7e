"""Which tests go to one process when pytest runs in several (``-n``): a file's together, and a server's together.

A folder whose tests share a server (Neo4j, PostgreSQL, Spark) keeps to one process, so that it is started once. All others go by
file, as their fixtures do. Each process has compiled loops of its own, since Numba's cache knows one writer at a time. Without ``-n``
this changes nothing.
"""

import os
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SHARE_A_SERVER = frozenset({"engines", "graphdb", "postgres"})
LONG = ("graphdb", "engines", "end_to_end", "browser", "laws")
"""Begun first, so that no process is left with a long one at the end."""

worker = os.environ.get("PYTEST_XDIST_WORKER")
if worker:
    os.environ.setdefault("NUMBA_CACHE_DIR", str(TESTS.parent / ".pytest_cache" / f"numba-{worker}"))


def group_of(file):
    """The name of the group that the tests of ``file`` go with."""
    if not file.is_relative_to(TESTS):
        return file.as_posix()  # doctests of the package
    inside = file.relative_to(TESTS)
    return inside.parts[0] if inside.parts[0] in SHARE_A_SERVER else inside.with_suffix("").as_posix()


def _place(file):
    folder = file.relative_to(TESTS).parts[0] if file.is_relative_to(TESTS) else ""
    return LONG.index(folder) if folder in LONG else len(LONG)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    if worker:
        items.sort(key=lambda item: _place(item.path))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item.path)))
