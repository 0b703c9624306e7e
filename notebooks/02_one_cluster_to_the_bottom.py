# %% [markdown]
# # 2. One cluster to the bottom
#
# A cluster is a reason to look, not a verdict. This notebook looks: who, when, together with whom, how surprising that is, what
# each account did by itself, and what speaks against it, down to the rows of the log.

# %%
import tempfile
from pathlib import Path

import graphscan as gs
import pandas as pd

SAMPLES = Path.cwd().parent / "data" / "samples"
pd.options.display.max_colwidth = 90
run = gs.run(SAMPLES / "small_world", Path(tempfile.mkdtemp()) / "run")
run.clusters[["cluster_id", "size", "score", "behaviours", "pairs", "objects", "timing_p_value", "probability"]]

# %% [markdown]
# ## The case on one card

# %%
likeliest = run.clusters.sort_values(["probability", "cluster_id"], ascending=[False, True])
cluster = run.cluster(likeliest["cluster_id"].iloc[0])
cluster

# %% [markdown]
# ## Who came when
#
# Each column is one occasion. Crowds spread over hours and days (the scale is logarithmic); these members are there within
# minutes, note after note.

# %%
cluster.plot_timeline()

# %% [markdown]
# ## Who comes first
#
# Read a row from left to right: dark from end to end would be a leader. Here the places are mixed, as they are when one
# program works through a list of accounts in changing order.

# %%
cluster.plot_relay()

# %% [markdown]
# ## At which hours
#
# The platform's day in grey, the cluster's in red, each member's in blue; white is an hour without any action. A program that
# never rests has no white band; one that keeps office hours has one like everybody.

# %%
cluster.plot_clocks()

# %% [markdown]
# ## The layers
#
# Another cluster of this run is tied by likes and by collects. Everybody stands at the same place in each panel.

# %%
layered = run.clusters.loc[run.clusters["behaviours"].map(lambda names: "note_like" in names), "cluster_id"].iloc[0]
run.plot_layers(layered)

# %% [markdown]
# ## The evidence
#
# About the cluster as a whole first. `p_value` is the chance of it where a null model gives one; `writer` says who could have
# written such evidence: what others can write about somebody counts for less.

# %%
evidence = cluster.evidence
evidence.loc[evidence["subject"].str.startswith("cluster:"), ["clue", "family", "writer", "p_value", "sentence"]]

# %% [markdown]
# ## One account by itself
#
# Guilt does not spread: what an account's neighbours do says nothing about it. Its *own* acts and registration are weighed,
# clue by clue, against what speaks for a person. Below the dashed line there is no own evidence, and the managed probability
# stays at one half or less.

# %%
members = cluster.accounts.sort_values(["managed_probability", "account_id"])
run.plot_waterfall(members["account_id"].iloc[-1])

# %% [markdown]
# The same of a member of the cluster that likes: in it nobody is known to use a tool, and being in a cluster alone lifts
# nobody above one half.

# %%
others = run.cluster(layered).accounts.sort_values(["managed_probability", "account_id"])
run.plot_waterfall(others["account_id"].iloc[0])

# %% [markdown]
# ## Down to the rows
#
# Two accounts: how often they met, where opportunity leads one to expect how much, and the first occasions with their rows.

# %%
pair = cluster.pairs.sort_values(["p_value", "account_a", "account_b"]).iloc[0]
why = run.explain(pair["account_a"], pair["account_b"])
print("\n".join(str(why).splitlines()[:12]))

# %% [markdown]
# The sentences rest on frames, which go on where the sentences end:

# %%
why.frames["meetings"][["object", "a_at", "b_at", "gap_s", "later"]].head(5)

# %% [markdown]
# ## As a graph
#
# networkx for one cluster, igraph for all of them in layers; every edge carries its numbers.

# %%
graph = cluster.graph()
a, b = sorted(graph.edges)[0]
print(graph)
graph.edges[a, b]

# %% [markdown]
# **Next:** [is it chance?](03_is_it_chance.ipynb)
