"""What neo4j-admin makes of the exported files is the graph that a load makes."""

import os
import secrets
import shlex
import subprocess

import pytest

from graphscan.graphstore.connection import connected
from graphscan.graphstore.exporting import export
from graphscan.graphstore.jars import find_java, server_jars
from graphscan.graphstore.server import running
from graphscan.graphstore.sources import open_source
from graphscan.progress import Silent

from .told import Store

pytestmark = pytest.mark.skipif("NEO4J_URI" in os.environ, reason="needs the tools of a server of our own")


def arguments(folder):
    """The command line that import.sh holds."""
    text = (folder / "import.sh").read_text(encoding="utf-8").split("exec neo4j-admin")[1]
    return shlex.split(text[: text.index('"$@"')].replace("\\\n", " "))


def run_import(home, folder):
    """What import.sh does, with the server's jars in place of an installed neo4j-admin."""
    (home / "conf").mkdir(parents=True)
    (home / "conf" / "neo4j.conf").touch()
    (home / "lib").symlink_to(server_jars())
    command = [find_java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", f"{server_jars()}/*"]
    command += ["org.neo4j.server.startup.Neo4jAdminBoot", *arguments(folder), "--max-off-heap-memory=1G"]
    places = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf"), "HEAP_SIZE": "512m"}
    environment = {**os.environ, **places}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False
    )


def test_an_import_equals_a_load(store, tmp_path, run_folder, dataset):
    report = store.load(run_folder, dataset)
    loaded = store.everything()
    written = export(open_source(run_folder, dataset, Silent()), tmp_path / "files", Silent())
    assert (written.nodes, written.relationships) == (report.nodes, report.relationships)
    ended = run_import(tmp_path / "home", tmp_path / "files")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    with (
        running(tmp_path / "home", password=secrets.token_hex(8)) as server,
        connected(server.access) as connection,
    ):
        imported = Store(server.access, connection)
        assert imported.everything() == loaded
        for statement in (tmp_path / "files" / "afterwards.cypher").read_text(encoding="utf-8").split(";\n")[:-1]:
            connection.execute(statement)
        again = imported.load(run_folder, dataset)
        assert imported.everything() == loaded
        assert not any(again.deleted.values())
