# %% [markdown]
# # 1. From a foreign export to clusters
#
# Collecting tools, platforms and colleagues each have their own files. This notebook takes three of them to graphscan's own
# form, a *dataset*, says what each can and cannot show, and runs the main job on the largest.
#
# The samples are invented or simulated. Everything is written into a temporary folder.

# %%
import os
import shutil
import tempfile
from pathlib import Path

import graphscan as gs
import pandas as pd
from graphscan.cli import main as graphscan

SAMPLES = Path.cwd().parent / "data" / "samples"
os.chdir(tempfile.mkdtemp())
shutil.copytree(SAMPLES / "formats", "exports")
pd.options.display.max_colwidth = 60

# %% [markdown]
# ## A format that graphscan knows
#
# `graphscan convert` tells a format by its content, never by its name. On a command line the next cell reads
# `graphscan convert exports/mediacrawler_old --timezone Asia/Shanghai --out notes`.

# %%
status = graphscan(["convert", "exports/mediacrawler_old", "--timezone", "Asia/Shanghai", "--out", "notes", "--quiet"])

# %% [markdown]
# What a dataset has no column for is not kept, and said. `check` tells what the rest can support, before anything is
# computed. Note the last lines: what is missing is *no evidence either way*.

# %%
status = graphscan(["check", "notes", "--quiet"])

# %% [markdown]
# ## A file that is refused
#
# Some exports name authors by nickname only. Strangers share nicknames, so linking by them would accuse people of each
# other's deeds. There is no option to do it anyway.

# %%
from graphscan.errors import GraphscanError
from graphscan.intake.adapters.convert import convert

try:
    convert([Path("exports/nickname_only")], Path("refused"))
except GraphscanError as error:
    print(error)

# %% [markdown]
# ## Any other table: a column map
#
# Here a platform's own export, comments only, with Chinese headers and local times. (It is the small simulated world, told in
# other words.)

# %%
comments = pd.read_parquet(SAMPLES / "small_world" / "comments.parquet")
foreign = pd.DataFrame(
    {
        "评论编号": comments["comment_id"],
        "笔记编号": comments["note_id"],
        "用户编号": comments["account_id"],
        "时间": comments["created_at"].dt.tz_convert("Asia/Shanghai").dt.strftime("%Y/%m/%d %H:%M:%S"),
        "内容": comments["text"],
    }
)
foreign.to_csv("评论.csv", index=False)
foreign.head(3)

# %% [markdown]
# The map says what each column means, once. Ids stay text; times get the zone they were written in.

# %%
Path("columns.toml").write_text(
    """
timezone = "Asia/Shanghai"

[[table]]
name = "comments"
file = "*.csv"
[table.columns]
comment_id = "评论编号"
note_id = "笔记编号"
account_id = "用户编号"
created_at = { column = "时间", format = "%Y/%m/%d %H:%M:%S" }
text = "内容"
""",
    encoding="utf-8",
)
status = graphscan(["convert", "评论.csv", "--columns", "columns.toml", "--out", "dataset", "--quiet"])

# %% [markdown]
# ## The main job
#
# One call reads the dataset, finds, describes and leaves a folder with tables, pictures and a report. The run shows itself:

# %%
run = gs.run("dataset", "run")
run

# %% [markdown]
# With comments alone, registrations are not known: graphscan then learns interests inside the window, which can hide a
# farm, never accuse a person. The manifest keeps what this data can and cannot show:

# %%
for line in run.manifest["capabilities"][-6:]:
    print(line)

# %% [markdown]
# Was it right? Of a simulated world the truth is known. `managed` accounts are the farms'.

# %%
truth = pd.read_csv(SAMPLES / "small_world" / "truth.csv", dtype=str).set_index("account_id")
found = run.members.assign(truth=run.members["account_id"].map(truth["role"]))
found.groupby("cluster_id")["truth"].value_counts().unstack(fill_value=0)

# %% [markdown]
# Comments show the farms that comment. The farm that likes is not in this export, and no method could find it there. And a `human`
# may stand in a farm's cluster, which is one of the reasons why a cluster alone measures nobody: with registrations and clients,
# as in the next notebook, there is more to go by.
#
# **Next:** [one cluster to the bottom](02_one_cluster_to_the_bottom.ipynb).
