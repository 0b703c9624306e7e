# %% [markdown]
# # 5. Your own behaviour in ten lines
#
# A behaviour is a value: where its actions come from, what counts as the same object, how far apart two actions may be, and
# why a viral object does not make strangers a pair. Declare one, hand it to `gs.run`, and everything else is as for the built-in
# ones: exact meetings, the null model, clusters, pictures, sentences. The package is not touched.

# %%
import os
import tempfile
from pathlib import Path

import graphscan as gs
import pandas as pd

SAMPLES = Path.cwd().parent / "data" / "samples"
os.chdir(tempfile.mkdtemp())
pd.options.display.max_colwidth = 100

# %% [markdown]
# What is built in keeps comments, likes and collects apart. A farm that splits the work, some like while others comment,
# leaves fewer meetings in each. So: *anything at all done to the same note*.

# %%
note_touched = gs.Behaviour(
    name="note_touched",
    title="same note touched",
    sentence="commented on, liked or collected the same note",
    sources=(
        gs.Source("comments", "note_id"),
        gs.Source("interactions", "target_id", "like", "note"),
        gs.Source("interactions", "target_id", "collect", "note"),
    ),
    popularity="a viral note's own burst, its topic's crowd and its author's readers are what chance is made of",
    channel="author of note",
)

run = gs.run(SAMPLES / "small_world", "run", behaviours=["note_comment", "note_like", "note_collect", note_touched])
run

# %% [markdown]
# What did it add? Pairs by behaviour, and pairs that only the new one ties; and who they are, which in a simulated world is
# known.

# %%
names = run.pairs.groupby(["account_a", "account_b"])["behaviour"].agg(set)
truth = pd.read_csv(SAMPLES / "small_world" / "truth.csv", dtype=str).set_index("account_id")["role"]
farm = names.index.map(lambda pair: {truth[pair[0]], truth[pair[1]]} == {"managed"})
table = pd.DataFrame({b: names.map(lambda found, b=b: b in found) for b in sorted(set().union(*names))})
table["only note_touched"] = names.map(lambda found: found == {"note_touched"})
pd.DataFrame({"pairs": table.sum(), "of a farm": table[farm].sum()})

# %% [markdown]
# Here the farms do not split their work: the new behaviour sees what the others see, and no pair more. That is an answer too. Look at
# who they are before you keep a behaviour: one that adds pairs of honest people has a wrong answer to the viral note, whatever it
# finds besides.

# %%
busiest = run.clusters.sort_values(["size", "cluster_id"], ascending=[False, True])["cluster_id"].iloc[0]
run.plot_layers(busiest)

# %% [markdown]
# The declaration is kept in the run's manifest, so that the run can be repeated:

# %%
run.manifest["own_behaviours"][0]

# %% [markdown]
# ## What is refused
#
# A declaration is checked before anything is read, and every fault is told at once. There is no behaviour without an answer to
# the viral note, and the words of private chats are never compared.

# %%
careless = gs.Behaviour(
    name="Same words in chats",
    title="same words",
    sentence="wrote the same words",
    sources=(gs.Source("chat_messages", "text"),),
    popularity="",
)
try:
    gs.run(SAMPLES / "small_world", behaviours=[careless])
except gs.SettingsError as error:
    print(error)

# %% [markdown]
# To give a behaviour to everybody, see *To add …* in `CONTRIBUTING.md`: one entry in the register, and a folder with the smallest
# story that fires and the nearest that does not.
#
# **Next:** [the same graph in Neo4j](06_the_same_graph_in_neo4j.ipynb)
