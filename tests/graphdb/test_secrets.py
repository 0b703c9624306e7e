"""The password never shows: not in what the command says, not in its arguments, not in the server's logs."""

import time
from pathlib import Path

import pytest

from .told import start


def command_lines():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:  # the process ended meanwhile
            continue


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc here")
def test_the_password_is_never_seen(store, password, tmp_path, tmp_path_factory, run_folder):
    process = start(store, tmp_path, "load", run_folder, "--batch-rows", "20")
    seen = set()
    while process.poll() is None:
        seen |= set(command_lines())
        time.sleep(0.02)
    out, said = process.communicate()
    assert process.returncode == 0, said
    assert any(b"graphscan" in line and b"load" in line for line in seen)
    assert not [line for line in seen if password.encode() in line]
    assert password not in out + said
    logs = [p for p in tmp_path_factory.getbasetemp().glob("neo4j*/logs/*") if p.is_file()]
    assert not [p.name for p in logs if password.encode() in p.read_bytes()]


def test_a_password_file_lets_in(store, password, tmp_path, run_folder):
    secret = tmp_path / "secret"
    secret.write_text(f"{password}\n")
    secret.chmod(0o600)
    process = start(store, tmp_path, "queries", "biggest_clusters", "--password-file", secret)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "The clusters, and why each is one" in out
