"""A load killed at any moment, several at once, and a server killed under it: the next load makes the same graph."""

import json
import os
import random
import secrets
import signal
import time

import pytest

from graphscan.graphstore.connection import connected
from graphscan.graphstore.server import running

from .told import Store, start

KILLS = int(os.environ.get("GRAPHSCAN_LOADER_KILLS", "20"))
SERVER_KILLS = int(os.environ.get("GRAPHSCAN_SERVER_KILLS", "1"))


@pytest.fixture(scope="module")
def expected(access, connection, run_folder, dataset):
    store = Store(access, connection)
    store.wipe()
    store.load(run_folder, dataset)
    return store.digest()


def loader(store, cwd, run_folder, dataset, *more):
    return start(store, cwd, "load", run_folder, "--dataset", dataset, "--batch-rows", "20", "--json", *more)


def kill_somewhere(process, moments):
    """Let a loader say so many lines of progress, then kill it at any moment of the next step; whether it died."""
    for _ in range(moments.randrange(8, 40)):
        if not process.stderr.readline():
            break
    time.sleep(moments.uniform(0, 0.15))
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


def test_a_loader_killed_anywhere_is_completed_by_the_next(store, expected, tmp_path, run_folder, dataset):
    moments, died = random.Random(4), 0
    for kill in range(KILLS):
        killed = kill_somewhere(loader(store, tmp_path, run_folder, dataset), moments)
        died += killed
        if not killed or kill % 5 == 4:
            store.load(run_folder, dataset)
            assert store.digest() == expected, f"after {kill + 1} kills"
            store.wipe()
    assert died > KILLS // 2, "else nothing was tested"
    store.load(run_folder, dataset)
    assert store.digest() == expected


def test_four_loaders_at_once_make_one_graph(store, expected, tmp_path, run_folder, dataset):
    processes = [loader(store, tmp_path, run_folder, dataset, "--quiet") for _ in range(4)]
    told = [p.communicate(timeout=180) for p in processes]
    assert [p.returncode for p in processes] == [0] * 4, told
    assert store.digest() == expected
    reports = [json.loads(out) for out, _ in told]
    assert len({r["load_id"] for r in reports}) == 1


@pytest.mark.skipif("NEO4J_URI" in os.environ, reason="kills the server, so it must be one of our own")
def test_a_server_killed_under_the_loader_loses_nothing(access, expected, tmp_path, run_folder, dataset):
    home, password = tmp_path / "home", secrets.token_hex(8)
    moments = random.Random(5)
    for _ in range(SERVER_KILLS):
        with running(home, password=password) as server:
            process = loader(Store(server.access, None), tmp_path, run_folder, dataset, "--patience", "8")
            time.sleep(moments.uniform(1, 6))
            server.process.kill()
            _, said = process.communicate(timeout=90)
            assert process.returncode in (0, 75), said
            assert "Traceback" not in said
    with running(home, password=password) as server, connected(server.access) as connection:
        store = Store(server.access, connection)
        store.load(run_folder, dataset)
        assert store.digest() == expected
