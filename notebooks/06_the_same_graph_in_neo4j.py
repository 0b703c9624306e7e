# %% [markdown]
# # 6. The same graph in Neo4j
#
# Investigators ask Neo4j; analysts ask frames. Both look at one run. This notebook starts a server of its own (Java 17 and
# Maven are needed; it listens to this machine only and goes when the notebook ends), loads a run, asks it, and holds the answers
# against the frames. For a case with pictures in the browser, `graphscan investigate RUN` does the first half in one command.

# %%
import tempfile
from pathlib import Path

import graphscan as gs
import networkx as nx
import pandas as pd
from graphscan.graphstore.answers import ask
from graphscan.graphstore.connection import connected
from graphscan.graphstore.loading import load
from graphscan.graphstore.questions import find_question, read_questions
from graphscan.graphstore.server import running
from graphscan.graphstore.sources import open_source
from graphscan.progress import Silent

SAMPLES = Path.cwd().parent / "data" / "samples"
WORK = Path(tempfile.mkdtemp())
run = gs.run(SAMPLES / "small_world", WORK / "run")

# %% [markdown]
# `running` starts the server, `connected` never waits for ever, `load` is safe to run again: the same run gives the same graph.

# %%
server_context = running(WORK / "neo4j")
server = server_context.__enter__()
connection_context = connected(server.access)
connection = connection_context.__enter__()
report = load(open_source(WORK / "run", None, Silent()), connection, Silent())
loaded = connection.read("MATCH (n) RETURN head(labels(n)) AS label, count(*) AS nodes ORDER BY label")
pd.DataFrame(loaded)

# %% [markdown]
# ## A question from the list
#
# 33 questions that investigators ask come with graphscan, as files of Cypher that can only read.

# %%
answer = ask(find_question("cluster_ties", read_questions()), {}, connection)
print(answer.question.name, "-", answer.question.asks)
print(len(answer.rows), "paths, for example", answer.rows[0][0])

# %% [markdown]
# ## A question of your own
#
# Plain Cypher in, plain rows out: here who came later, per member of one cluster.

# %%
cluster = run.cluster(run.clusters.sort_values(["score", "cluster_id"], ascending=[False, True])["cluster_id"].iloc[0])
rows = connection.read(
    """
    MATCH (a:Account)-[:IN_CLUSTER]->(:Cluster {cluster_id: $cluster})<-[:IN_CLUSTER]-(b:Account)
    MATCH (a)-[t:CO_ACTED]->(b)
    RETURN a.account_id AS account_a, b.account_id AS account_b, t.behaviour AS behaviour, t.meetings AS meetings
    ORDER BY account_a, account_b, behaviour
    """,
    cluster=cluster.id,
)
asked = pd.DataFrame(rows)
asked.head(5)

# %% [markdown]
# ## The same graph
#
# The pairs that Neo4j holds are those of the frames, and so is the graph made of them.

# %%
columns = ["account_a", "account_b", "behaviour", "meetings"]
told = cluster.pairs[columns].sort_values(columns[:3], ignore_index=True)
assert asked[columns].to_numpy().tolist() == told.to_numpy().tolist()
graph = nx.from_pandas_edgelist(asked, "account_a", "account_b")
assert nx.utils.graphs_equal(nx.Graph(graph.edges), nx.Graph(cluster.graph().edges))
print(f"{len(asked)} ties in Neo4j, {len(told)} in the frames: the same")

# %%
connection_context.__exit__(None, None, None)
server_context.__exit__(None, None, None)

# %% [markdown]
# More: [docs/neo4j.md](../docs/neo4j.md), the list of questions in `queries/`, and `graphscan load` for a server of your own.
