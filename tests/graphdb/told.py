"""What the tests ask of a database, in sets of tuples, and how they start the command."""

import hashlib
import json
import os
import subprocess
import sys

from graphscan.graphstore.loading import load
from graphscan.graphstore.sources import open_source
from graphscan.graphstore.texts import unescape
from graphscan.progress import Silent


class Store:
    def __init__(self, access, connection):
        self.access, self.connection = access, connection

    def wipe(self):
        while self.connection.execute("MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n")[0]["n"]:
            pass

    def load(self, run, dataset=None, **options):
        return load(open_source(run, dataset, Silent()), self.connection, Silent(), **options)

    def rows(self, cypher, **parameters):
        found = self.connection.read(cypher, **parameters)
        return {tuple(unescape(v) if isinstance(v, str) else v for v in row.values()) for row in found}

    def column(self, cypher, **parameters):
        return [next(iter(row.values())) for row in self.connection.read(cypher, **parameters)]

    def digest(self):
        """SHA-256 of the ordered graph."""
        return hashlib.sha256("\n".join(self.everything()).encode()).hexdigest()

    def everything(self):
        """Every node and relationship with everything it holds, one text each, sorted."""
        nodes = self.connection.read("MATCH (n) RETURN labels(n) AS labels, properties(n) AS held")
        ties = self.connection.read(
            "MATCH (a)-[r]->(b) RETURN type(r) AS type, properties(r) AS held, properties(a) AS a, properties(b) AS b"
        )
        for node in nodes:
            node["labels"].sort()
        return sorted(json.dumps(row, sort_keys=True, default=str) for row in [*nodes, *ties])


def command(store, *arguments):
    return [sys.executable, "-m", "graphscan", *map(str, arguments), "--uri", store.access.uri]


def environment(store):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NEO4J_")}
    return {**kept, "NEO4J_PASSWORD": store.access.password or "", "NEO4J_USER": store.access.user}


def start(store, cwd, *arguments):
    return subprocess.Popen(
        command(store, *arguments),
        env=environment(store),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
