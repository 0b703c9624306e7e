"""One real PostgreSQL a session, on a unix socket in a folder of its own, never on the network.

Its programs come from the Debian package (postgresql) or the PATH. Without them the tests skip with one line; with
GRAPHSCAN_REQUIRE_POSTGRES=1 that is a failure. PostgreSQL refuses to run as root: there it runs as the user postgres.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


def programs():
    """The folder of initdb and pg_ctl, newest version first; None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


def missing(why):
    if os.environ.get("GRAPHSCAN_REQUIRE_POSTGRES") == "1":
        pytest.fail(f"a PostgreSQL server is required here: {why}")
    pytest.skip(f"no PostgreSQL: {why}")


@pytest.fixture(scope="session")
def server():
    """Start a server; yield the folder of its socket."""
    home = programs()
    if home is None:
        missing("initdb was not found (Debian: postgresql)")
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    try:
        pwd.getpwnam(user)
    except KeyError:
        missing(f"it does not run as root, and there is no user {user}")
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 bytes
    if os.getuid() == 0:
        shutil.chown(folder, user)

    def run(*command):
        """As ``user``; pg_ctl leaves its pipes to the server, so what it says goes into a file."""
        as_user = ["runuser", "-u", user, "--"] if os.getuid() == 0 else []
        with (folder / "told").open("a", encoding="utf-8") as told:
            done = subprocess.run([*as_user, *map(str, command)], cwd=folder, stdout=told, stderr=told, check=False)
        if done.returncode:
            missing((folder / "told").read_text(encoding="utf-8").strip().splitlines()[-1])

    data, options = folder / "data", f"-k {folder} -c listen_addresses='' -c fsync=off"
    try:
        run(home / "initdb", "-D", data, "-U", "graphscan", "-A", "trust", "-E", "UTF8", "--no-sync")
        run(home / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        yield folder
    finally:
        if (data / "postmaster.pid").exists():
            run(home / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def where(server, request):
    """The address of an empty database of its own."""
    import psycopg

    name = f"t{abs(hash(request.node.nodeid))}"
    with psycopg.connect(address(server, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address(server, name)


def address(server, name):
    return f"postgresql://graphscan@/{name}?host={server}"
