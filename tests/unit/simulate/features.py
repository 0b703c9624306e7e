"""What one can count about one account: every number that a rule of one feature could use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from graphscan.progress import Silent
from graphscan.simulate.scenarios import Scenario
from graphscan.simulate.simulation import build

Frames = Mapping[str, pd.DataFrame]


def crowded(plan: Scenario, copies: int) -> Scenario:
    """Return the scenario with each small farm several times: with twenty members alone, chance gives an area of 0.6."""
    parts = []
    for part in plan.parts:
        many = copies if part.size < 100 and part.measure != "none" else 1
        parts += [replace(part, tag=f"{part.tag}{k}") for k in range(many)]
    return replace(plan, parts=tuple(parts))


def told(plan: Scenario, people: int, seed: int) -> pd.DataFrame:
    """Return one row an account that is managed or human: its features, its slice, and whether it is managed."""
    world = build(plan, people, seed, Silent())
    tables = {name: table.to_pandas() for name, table in world.tables().items()}
    truth = world.truth().to_pandas().set_index("account_id")
    truth = truth[truth["role"].isin(["managed", "human"])]
    begin = pd.Timestamp(world.begin_ms, unit="ms", tz="UTC")
    return features(tables, truth.index, begin).assign(slice=truth["slice"], managed=truth["role"] == "managed")


def features(tables: Frames, accounts: pd.Index, begin: pd.Timestamp) -> pd.DataFrame:
    """Return the features of these accounts, empty where an account gives no number."""
    return pd.concat([_counts(tables, accounts, begin), _manners(tables, accounts)], axis=1)


def _times(table: pd.DataFrame, accounts: pd.Index) -> pd.Series:
    return table["account_id"].value_counts().reindex(accounts, fill_value=0)


def _counts(tables: Frames, accounts: pd.Index, begin: pd.Timestamp) -> pd.DataFrame:
    notes, comments, acts = (tables[n] for n in ("notes", "comments", "interactions"))
    whole = pd.concat([t[["account_id", "created_at"]] for t in (notes, comments, acts, tables["chat_messages"])])
    whole = whole[whole["created_at"] >= begin].sort_values(["account_id", "created_at"])
    at_s = whole["created_at"].astype("int64") / 1000.0
    hour = ((at_s // 3600) + 8) % 24
    owner, info = whole["account_id"], tables["accounts"].set_index("account_id").reindex(accounts)
    kinds = {f"{k}s": _times(acts[acts["kind"] == k], accounts) for k in ("like", "collect", "share", "follow")}
    present = (whole["created_at"].max() - info["registered_at"].clip(lower=begin)).dt.total_seconds() / 86400
    total = _times(whole, accounts)
    written = _times(comments, accounts)
    public = written + _times(notes, accounts) + _times(acts, accounts)
    return pd.DataFrame(
        {
            **kinds,
            "notes": _times(notes, accounts),
            "comments": written,
            "messages": _times(tables["chat_messages"], accounts),
            "chats": _times(tables["chat_members"], accounts),
            "actions": total,
            "actions a day": total / present,
            "active days": (at_s // 86400).groupby(owner).nunique().reindex(accounts),
            "median gap": at_s.groupby(owner).diff().groupby(owner).median().reindex(accounts),
            "mean hour": hour.groupby(owner).mean().reindex(accounts),
            "night share": (hour < 6).groupby(owner).mean().reindex(accounts),
            "comment share": written / public.replace(0, np.nan),
            "age": -info["registered_at"].astype("int64"),
        }
    )


def _manners(tables: Frames, accounts: pd.Index) -> pd.DataFrame:
    notes, comments, acts, info = (tables[n] for n in ("notes", "comments", "interactions", "accounts"))
    info = info.set_index("account_id").reindex(accounts)
    wrote, posted = comments["account_id"], notes["account_id"]
    followers = acts.loc[acts["target_kind"] == "account", "target_id"].value_counts()
    seen = pd.concat([comments["note_id"], acts["target_id"]]).value_counts()
    answered = comments["reply_to"].map(comments.set_index("comment_id")["account_id"]).value_counts()
    client = pd.concat([t[["account_id", "client"]] for t in (notes, comments, acts)])
    columns = {
        "comment length": comments["text"].str.len().groupby(wrote).mean(),
        "note length": notes["text"].str.len().groupby(posted).mean(),
        "reply share": comments["reply_to"].notna().groupby(wrote).mean(),
        "link share": comments["links"].notna().groupby(wrote).mean(),
        "note link share": notes["links"].notna().groupby(posted).mean(),
        "received": notes["note_id"].map(seen).fillna(0).groupby(posted).mean(),
        "answered": answered / wrote.value_counts(),
        "followers": followers.reindex(accounts).fillna(0),
        "tool share": (client["client"] == "openclaw/0.9.4").groupby(client["account_id"]).mean(),
        "name length": info["nickname"].str.len(),
        "bio length": info["bio"].str.len(),
        "verified": info["verified"].fillna(value=False).astype(float),
    }
    return pd.DataFrame({name: column.reindex(accounts) for name, column in columns.items()})


def area(scores: pd.Series, positive: pd.Series) -> float:
    """Return the chance that a member scores above a human, ties counted half; a half where nobody scores."""
    known = scores.notna()
    ranks, farm = scores[known].rank(), positive[known]
    if not farm.any() or farm.all():
        return 0.5
    above = ranks[farm].sum() - farm.sum() * (farm.sum() + 1) / 2
    return float(above / (farm.sum() * (~farm).sum()))
