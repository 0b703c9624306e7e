"""One real Neo4j a session: a server of the user's own (NEO4J_URI), or one that Maven fetches and Java runs.

Without either the tests skip with one line; with GRAPHSCAN_REQUIRE_NEO4J=1 a missing server is a failure. A server
of the user's own is only used when GRAPHSCAN_NEO4J_MAY_BE_WIPED=1, because the tests empty it.
"""

import os
import secrets

import pytest

from graphscan.errors import GraphscanError
from graphscan.graphstore.access import find_access
from graphscan.graphstore.connection import connected
from graphscan.graphstore.server import running

from . import made
from .told import Store


@pytest.fixture(scope="session")
def password():
    """A secret that must never be seen again, wherever one looks."""
    return os.environ.get("NEO4J_PASSWORD") or f"canary-{secrets.token_hex(8)}"


@pytest.fixture(scope="session")
def access(tmp_path_factory, password):
    if os.environ.get("NEO4J_URI"):
        if os.environ.get("GRAPHSCAN_NEO4J_MAY_BE_WIPED") != "1":
            pytest.skip("NEO4J_URI is set; the tests empty that server only with GRAPHSCAN_NEO4J_MAY_BE_WIPED=1")
        yield find_access(None)
        return
    try:
        pytest.importorskip("neo4j", reason="no Neo4j: the driver is not installed (graphscan[neo4j])")
        context = running(tmp_path_factory.mktemp("neo4j"), password=password)
        server = context.__enter__()
    except (GraphscanError, pytest.skip.Exception) as error:
        if os.environ.get("GRAPHSCAN_REQUIRE_NEO4J") == "1":
            pytest.fail(f"a Neo4j server is required here: {error}")
        pytest.skip(f"no Neo4j: {error}")
    try:
        yield server.access
    finally:
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def connection(access):
    with connected(access) as found:
        yield found


@pytest.fixture
def store(access, connection):
    """An empty database."""
    found = Store(access, connection)
    found.wipe()
    return found


@pytest.fixture(scope="session")
def dataset(tmp_path_factory):
    return made.write_dataset(tmp_path_factory.mktemp("made") / "dataset", made.dataset_tables())


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    return made.write_run(tmp_path_factory.mktemp("made") / "run", made.run_tables(made.dataset_tables()))
