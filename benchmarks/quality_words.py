"""The words around the figures of docs/quality.md."""

from __future__ import annotations

PLANTED = {
    "farms for hire": "20 farms of 5–24 accounts among four kinds of honest look-alikes",
    "and two of 400": "the same, and two farms of 400",
    "one merchant each": "15 farms that serve one merchant each, among its customers and the look-alikes",
}

REAL = {
    "clusters": "{} clusters",
    "auc": "AUC {:.3f}",
    "templates": "{} templates",
    "most_users": "the largest has {} users",
    "recall_of_repeaters": "of those with two stars {:.3f}",
    "recall_of_repositories": "half of a repository's stars for {:.3f} of them",
    "background_flagged": "{} of the background",
    "cpu_s": "{:.0f} CPU s",
    "peak_mb": "{} MB",
}
"""Figures that only some sets have, in words."""

BEFORE = """# Quality: graphscan beside its rivals

All of this page is printed by one command, and so are the README's table and `docs/quality.json`:

    python3 dev.py quality --data FOLDER --graph FOLDER --write README.md

Without `--data` and `--graph` it measures what needs nothing but this repository
([where those sets come from](real-data.md#where-the-sets-come-from)). `--short` is the form for continuous integration; with `--check` it
fails where graphscan lost two points against this page. {taken} Every
method gets the same log (account, object, time) in a process of its own; where it yields pairs, all are cut into clusters in the same
way (CPM communities of at least five accounts). graphscan alone also reads when accounts were registered and whose notes or
chats the objects are; *registrations unknown* leaves the first out. Recall is over planted farm accounts, precision among planted accounts
only, since nobody knows the truth of the background; the honest columns are accounts flagged, all seeds together. CPU seconds and the peak
memory of the largest process are the operating system's, from start to end, measured on two cores. Slow rivals are
measured on the first seed only.
Farms and graphscan have the same author: a rival may do better on farms that its author had in
mind."""

ONE_GO = """The {form} form took {wall_min} minutes and {cpu_min} minutes of CPU, in one go on {cores} cores."""
PIECES = """The figures below were kept piece by piece (`--keep`) and not measured in one go."""

GOALS = """The goals are those of the design, set before anything was measured. *Shown*: the 95 % bound reaches the goal. *Not shown*: the
figure does, but too few were tried. *Missed*: not even the figure does. Accounts of one farm stand and fall together, so bounds on
recall are tighter than they should be. The goals of each attack are in [Red team](redteam.md), those of a run of your own in
[its quality report](worlds.md#quality)."""

LEVELS = """Worlds (scenario, ordinary accounts, seed): {}. [No number about one account](worlds.md) tells a farm member there: members
come to seven or eight of eighteen tasks, and half of what they do at a task is a like. Honest accounts are those for whom nothing is
due, ordinary people and every look-alike. Most farms are **not found** there by graphscan, and what it
flags is a farm less often than not. SVN finds several times as many at about the same precision, and flags several times as many honest
people; co-share, CooRTweet and CNT likewise."""

WORLDS = """Worlds (scenario, ordinary accounts, seed): {}. Rows are what is due, columns what was proposed. Measures on more accounts, with
their intervals: `python benchmarks/decisions.py`."""

AFTER = """The public graph is `Undirected_Facebook.zip` of github.com/binghuiwang/sybildetection (MIT; 8,078 vertices). Published
there for the same graph without wrong seeds: SybilRank .99, SybilBelief 1.00, SybilSCAR 1.00; with wrong seeds only as a plot.
SybilSCAR and SybilRank are re-made from their papers.

## What was left out, and why

- **CooRTweet, CooRnet** are R and are not run; CooRTweet's rule is held to its recorded outputs above. They are equal but for one
  row: the sample has no ids of posts, and with them that row is equal as well. Its `edge_symmetry_score` is not re-made, since
  it counts the posts of the wrong side. CooRnet's projection without time is not copied either.
- **coordinationz** ran with 1,000 shuffles of its 100,000.
- **FRAUDAR** has no official package; the paper's greedy peeling, blocks one after another. **SynchroTrap** has no official code;
  fixed hours instead of its sliding window, and the common cut instead of single linkage.
- **bicm**'s p values are its Poisson approximation; the exact ones were not tried.
- Detectors of single accounts (BotRGCN and the like) need labels and answer another question; BotSim-24 is leaky: no human
  in it ever answers a bot.
- The sets of *Real labels* may not be shipped; [Real data](real-data.md) says what each is."""
