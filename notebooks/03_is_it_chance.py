# %% [markdown]
# # 3. Is it chance?
#
# Every pair of accounts that met twice gets a p-value: the chance of so many meetings by opportunity alone. Two questions
# decide whether that number can be believed. When the log is *rewired* so that nobody is coordinated, is anybody found? And do
# p-values below one in a million then come once in a million, or more often?

# %%
import tempfile
from pathlib import Path

import graphscan as gs
import numpy as np
import pandas as pd
from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.actions import find_occasions
from graphscan.behaviours.chance import learn_null, weigh
from graphscan.behaviours.extraction import extract
from graphscan.behaviours.library import behaviour
from graphscan.behaviours.meetings import all_meetings, find_meetings
from graphscan.behaviours.opportunity import learn_opportunity
from graphscan.intake import read_dataset
from graphscan.pipeline import day_cut
from graphscan.settings import make_settings
from matplotlib.figure import Figure

SAMPLES = Path.cwd().parent / "data" / "samples"
WORK = Path(tempfile.mkdtemp())

# %% [markdown]
# ## The same log, rewired
#
# Within each day the names under the comments are dealt anew. What stays: how active each account is that day, how popular
# each note is, and every burst, second by second. What goes: who with whom.

# %%
tables = {
    name: pd.read_parquet(SAMPLES / "small_world" / f"{name}.parquet") for name in ("accounts", "notes", "comments")
}


def rewired(comments: pd.DataFrame, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    dealt = comments.groupby(comments["created_at"].dt.floor("D"))["account_id"].transform(
        lambda names: rng.permutation(names.to_numpy())
    )
    return comments.assign(account_id=dealt)


def written(name: str, comments: pd.DataFrame) -> Path:
    folder = WORK / name
    folder.mkdir()
    for table, frame in {**tables, "comments": comments}.items():
        frame.to_parquet(folder / f"{table}.parquet")
    return folder


real = written("real", tables["comments"])
null = written("null", rewired(tables["comments"], seed=1))

# %%
runs = {name: gs.run(folder, behaviours=["note_comment"]) for name, folder in (("real", real), ("rewired", null))}
pd.DataFrame(
    {
        name: {
            "pairs that met": run.manifest["behaviours"][0]["pairs_met"],
            "validated pairs": len(run.pairs),
            "clusters": len(run.clusters),
            "accounts in clusters": len(run.members),
        }
        for name, run in runs.items()
    }
)

# %% [markdown]
# With friends, tastes and farms all broken up, hundreds of pairs still meet twice within an hour on the same notes. A rule such
# as "twice within the hour" flags each of them; here none is validated, and there is no cluster.
#
# ## Are the p-values honest?
#
# The steps of the method, one after the other, on all pairs and not only on those that pass.


# %%
def p_values(folder: Path) -> tuple[np.ndarray, int]:
    """p-values of the pairs that met at least twice, and how many pairs there are in all."""
    dataset, settings, looked = read_dataset(folder), make_settings(), behaviour("note_comment")
    accounts = list_accounts(dataset)
    actions = extract(dataset, accounts, looked, settings).without_owners()
    windows_ms = 1000 * np.asarray(looked.windows_s)
    occasions = find_occasions(actions.account, actions.object, actions.at_ms, day_cut(dataset))
    met = all_meetings(
        find_meetings(occasions.account, occasions.occasion, occasions.at_ms, windows_ms.tolist(), 2), len(windows_ms)
    )
    opportunity = learn_opportunity(
        occasions,
        len(accounts),
        actions.channel_of,
        accounts.has_history,
        explicit_of_object=actions.explicit_of,
        min_accounts=settings.block_min_accounts,
        min_object_accounts=settings.block_min_object_accounts,
        seed=settings.seed,
    )
    surprise = weigh(met, learn_null(occasions, opportunity, windows_ms, len(accounts)))
    return surprise.p_value, surprise.pairs_tested


levels = 10.0 ** -np.arange(2, 9)
told = {name: p_values(folder) for name, folder in (("real", real), ("rewired", null))}
table = pd.DataFrame({"p at most": [f"{level:.0e}" for level in levels]})
table["allowed by chance"] = [level * told["rewired"][1] for level in levels]
for name, (p, _) in told.items():
    table[name] = [int((p <= level).sum()) for level in levels]
table.round(1)

# %% [markdown]
# On the rewired log no level holds more pairs than chance allows: the p-values are on the safe side. On the real log the
# farms stand far above the line.

# %%
figure = Figure(figsize=(6.4, 4.0), layout="constrained")
axes = figure.add_subplot()
axes.plot(levels, levels * told["rewired"][1], color="#7b858f", linestyle="--", label="allowed by chance")
for name, colour, marker in (("real", "#D55E00", "o"), ("rewired", "#0072B2", "s")):
    p, _ = told[name]
    axes.plot(levels, [max((p <= level).sum(), 0.1) for level in levels], color=colour, marker=marker, label=name)
axes.set(xscale="log", yscale="log", xlabel="p-value at most", ylabel="pairs (0 is drawn at 0.1)")
axes.invert_xaxis()
axes.legend(frameon=False)
show = figure.savefig(WORK / "calibration.png", dpi=90)

from IPython.display import Image

Image(
    filename=WORK / "calibration.png",
    alt="Pairs by p-value: the rewired log below what chance allows, the real one above",
)

# %% [markdown]
# ## What this does not show
#
# Rewiring breaks friendships, tastes and reading habits as well as farms, so it is an easy null. Harder ones, with fans, chats,
# viral notes and readers of one author left whole, are in the [method](../docs/method.md) and `benchmarks/injection.py`. And a
# small p-value says that *this* explanation, chance, fits badly. It does not say which other one is right: two colleagues who
# lunch together are no chance either.
#
# **Next:** [a decision and its appeal](04_a_decision_and_its_appeal.ipynb)
