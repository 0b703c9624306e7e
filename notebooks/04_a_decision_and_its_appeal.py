# %% [markdown]
# # 4. A decision and its appeal
#
# A run proposes; people decide; whoever is hit can appeal. This notebook follows one proposal through that life: from the facts
# to the rule, through review to the platform (here a file), to an appeal that is accepted and undone everywhere.
#
# The people are called ann, ben, cho and dan. The clock is set by hand, so that the notebook says the same tomorrow.

# %%
import json
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import graphscan as gs
import pandas as pd
from graphscan.ledger import Ledger
from graphscan.ledger.adapters import open_adapter

SAMPLES = Path.cwd().parent / "data" / "samples"
WORK = Path(tempfile.mkdtemp())
pd.options.display.max_colwidth = 100
run = gs.run(SAMPLES / "small_world", WORK / "run")
run.decisions.groupby(["cluster_id", "rule", "measure"]).size().to_frame("proposed")

# %% [markdown]
# ## From facts to measure
#
# How many members of one cluster go which way. What held a stronger measure back has its own column: it is what a reviewer
# asks first.

# %%
limits = run.decisions[run.decisions["blocked_by"].map(len) > 0].sort_values("decision_id")
proposal = limits.iloc[0]
run.plot_decisions(proposal["cluster_id"])

# %% [markdown]
# One of the limited accounts: what it rests on, what would make it milder, and what held a ban back.

# %%
print("account", proposal["subject"], "-", proposal["detail"], "for", proposal["days"], "days")
print("held back:", *proposal["blocked_by"], sep="\n  ")
print("milder:   ", proposal["counterfactual"])

# %%
run.plot_waterfall(proposal["subject"])

# %% [markdown]
# ## Into the ledger
#
# Nothing has happened to anybody yet. The ledger takes the proposals in, once each: warnings pass, everything above waits
# for people. (`graphscan decide RUN` does this on a command line.)

# %%
now = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
ledger = Ledger.open(str(WORK / "ledger.db"), key=b"only for this notebook", clock=lambda: now)
ledger.propose(run.path, mode="live", proposer="ann")
pd.Series(Counter((d.state, d.measure) for d in ledger.decisions())).to_frame("decisions")

# %% [markdown]
# Nobody approves what they proposed, and a ban needs two people:

# %%
from graphscan.errors import LedgerError

try:
    ledger.approve(proposal["decision_id"], "ann", "looks right")
except LedgerError as error:
    print(str(error).replace(proposal["decision_id"], "the decision"))

limit = ledger.approve(proposal["decision_id"], "ben", "the notes are all alike, and the tool is on the list")
ban = next(d for d in ledger.decisions(cluster=proposal["cluster_id"]) if d.measure == "ban")
first = ledger.approve(ban.decision_id, "ben", "its notes went through the tool")
second = ledger.approve(ban.decision_id, "cho", "seen, and the texts agree")
print("limit:", limit.state, "| ban, one person:", first.state, "| ban, two people:", second.state)

# %% [markdown]
# ## To the platform
#
# A plan lists what may be sent now, below every cap. The adapter here writes lines to a file; each line has a key, so that
# sending twice does nothing twice.

# %%
plan = ledger.plan("cho")
sent = ledger.apply(plan, open_adapter(f"file:{WORK / 'platform.jsonl'}"))
lines = [json.loads(line) for line in (WORK / "platform.jsonl").read_text(encoding="utf-8").splitlines()]
print(sent)
pd.DataFrame([{"op": line["op"], "measure": line["measure"]} for line in lines]).value_counts().to_frame("lines")

# %% [markdown]
# ## The appeal
#
# Two days later the limited account appeals. Somebody who approved nothing in it looks again. Say it was a person who tried a
# tool: the appeal is accepted, with a reason that clears the account.

# %%
now += timedelta(days=2)
appeal = ledger.open_appeal(
    proposal["decision_id"], by=proposal["subject"], text="I tried that tool for a week. 我是本人。"
)
try:
    ledger.overturn(appeal.appeal_id, "ben", "tester")
except LedgerError as error:
    print("ben:", str(error).replace(appeal.appeal_id, "").replace(proposal["decision_id"], ""))

outcome = ledger.overturn(appeal.appeal_id, "dan", "tester", "shown by phone")
{name: value for name, value in outcome.items() if name not in ("appeal", "decision")}

# %% [markdown]
# The cluster's other decisions were computed again without this account (`siblings`): whoever stood only by its company would
# fall with it; these stand by what they did themselves. And because every measure answered so far was overturned, the cluster and
# the policy are `frozen`: nothing more is sent under them before a person looks and thaws them.
#
# The reversal goes to the platform by the same way as the measure:

# %%
print(ledger.drain(open_adapter(f"file:{WORK / 'platform.jsonl'}")))
print(ledger.decision(proposal["decision_id"]).state)
for entry in ledger.entries(proposal["decision_id"]):
    print(entry.at[:16], entry.actor, entry.action, "→", entry.after)

# %% [markdown]
# ## Can anybody change the book?
#
# Entries are chained; a changed word breaks the chain, and `verify` says where.

# %%
print("whole:", ledger.verify().ok)
ledger.close()

# %% [markdown]
# More: the commands `decide`, `review`, `appeal`, `apply` and `audit` in [docs/run.md](../docs/run.md), and why the rules are as
# they are in [docs/limits.md](../docs/limits.md).
#
# **Next:** [your own behaviour in ten lines](05_your_own_behaviour.ipynb)
