"""A server that is away, refuses, or says nothing more: a clear message, the right exit code, and in time."""

import socket
import struct
import threading
import time
from contextlib import contextmanager

import pytest

from graphscan.errors import OutsideError
from graphscan.graphstore.access import Access
from graphscan.graphstore.connection import PATIENCE_S, connected
from graphscan.graphstore.server import free_port

from .told import Store, start


class Proxy:
    """Forwards bytes both ways until it is told to lose, cut, reset or delay them (what toxiproxy calls toxics)."""

    def __init__(self, target):
        self.target, self.mode, self.passed = target, "forward", 0
        self.lose_after = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.sockets = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            self.sockets += [client, server]
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one, other):
        try:
            while data := one.recv(65536):
                self.passed += len(data)
                if self.lose_after is not None and self.passed > self.lose_after:
                    continue  # a black hole: the bytes vanish, the connection stays
                if self.mode == "slow":
                    time.sleep(0.01)
                if self.mode == "latency":
                    time.sleep(0.05)
                if self.mode in ("cut", "reset") and self.passed > 60_000:
                    if self.mode == "reset":  # no goodbye: the kernel answers with RST
                        for end in (one, other):
                            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.mode = "forward"  # once
                    one.close()
                    other.close()
                    return
                other.sendall(data)
        except OSError:
            return

    def close(self):
        self.listener.close()
        for one in self.sockets:
            one.close()


@contextmanager
def proxied(access):
    host, port = access.uri.split("://")[1].split(":")
    proxy = Proxy((host, int(port)))
    try:
        yield proxy, Access(f"bolt://127.0.0.1:{proxy.port}", access.user, access.password)
    finally:
        proxy.close()


def test_a_black_hole_ends_the_command_with_75(store, tmp_path, run_folder, dataset):
    with proxied(store.access) as (proxy, through):
        proxy.lose_after = 200_000
        began = time.monotonic()
        process = start(
            Store(through, None),
            tmp_path,
            "load",
            run_folder,
            "--dataset",
            dataset,
            "--patience",
            "4",
            "--batch-rows",
            "50",
        )
        _, said = process.communicate(timeout=60)
    assert process.returncode == 75, said
    assert "has not answered for 4 s" in said
    assert time.monotonic() - began < 30
    assert PATIENCE_S < 57  # what users get without --patience, with 3 s to leave: under a minute


def test_a_black_hole_from_the_beginning_ends_too(access):
    with proxied(access) as (proxy, through):
        proxy.lose_after = 0
        with pytest.raises(OutsideError), connected(through, patience_s=3):
            pytest.fail("nobody answered")


@pytest.mark.parametrize("mode", ["cut", "reset"])
def test_a_lost_connection_is_made_again_without_a_word(store, run_folder, dataset, mode):
    store.load(run_folder, dataset)
    whole = store.digest()
    store.wipe()
    with proxied(store.access) as (proxy, through):
        proxy.mode = mode
        with connected(through) as connection:
            Store(through, connection).load(run_folder, dataset, batch_rows=50)
        assert proxy.mode == "forward"  # it was lost once
    assert store.digest() == whole


@pytest.mark.parametrize("mode", ["slow", "latency"])
def test_a_slow_connection_is_only_slow(store, run_folder, mode):
    with proxied(store.access) as (proxy, through):
        proxy.mode = mode
        with connected(through) as connection:
            assert Store(through, connection).load(run_folder).nodes["Cluster"] == 2


def test_nobody_there_is_exit_75(store, tmp_path, run_folder):
    nowhere = Access(f"bolt://127.0.0.1:{free_port()}", "neo4j", "x")
    process = start(Store(nowhere, None), tmp_path, "load", run_folder)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "running again is safe" in said) == (75, True), said
    assert "Traceback" not in said


def test_a_wrong_password_is_the_users_to_mend(store, tmp_path, run_folder):
    wrong = Access(store.access.uri, "neo4j", "wrong-secret")
    process = start(Store(wrong, None), tmp_path, "load", run_folder)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "does not let user 'neo4j' in" in said
    assert "wrong-secret" not in said
