"""Why: the evidence about one account, one cluster or one pair, sentences first, then the rows behind them.

In: the run's frames and one or two ids. Out: :class:`Explanation`. A known account without findings is told
so, with what was looked at; an unknown id is an error that says where to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graphscan.errors import InputError
from graphscan.reports.cases import MOULD_MEMBERS
from graphscan.reports.clues import evidence_lines
from graphscan.reports.explanation import Explanation, rows_by_name
from graphscan.reports.frames import Frames
from graphscan.reports.measures import measure_lines
from graphscan.reports.moulds import mould_lines
from graphscan.reports.sentences import (
    COORDINATION_ONLY,
    NOTHING_IS_NO_PROOF,
    confirmation_sentence,
    follower_sentence,
    likelihood_sentence,
    membership_sentence,
    pair_sentence,
    timing_sentence,
)
from graphscan.reports.told_meetings import MOST_ROWS, and_more, meeting_lines, with_rows
from graphscan.reports.words import count, label, listed, spoken, utc


def explain(frames: Frames, *ids: str) -> Explanation:
    """Explain one account or cluster (one id), or the pair of two accounts (two ids).

    An id may be written ``account:ID`` or ``cluster:ID``. InputError when an id is unknown, when it names
    both an account and a cluster, or when there are not one or two ids.
    """
    if len(ids) == 2:
        return explain_pair(frames, _account(frames, ids[0]), _account(frames, ids[1]))
    if len(ids) != 1:
        raise InputError(f"explain takes one id (account or cluster) or two (a pair of accounts), not {len(ids)}")
    given = ids[0]
    is_account, is_cluster = _is_account(frames, given), _is_cluster(frames, given)
    if is_account and is_cluster:
        raise InputError(f"{given!r} is an account and a cluster; write account:{given} or cluster:{given}")
    if is_cluster:
        return explain_cluster(frames, given)
    kind, _, rest = given.partition(":")
    if not is_account and kind == "cluster":
        return explain_cluster(frames, rest)
    return explain_account(frames, _account(frames, given))


def explain_account(frames: Frames, account: str) -> Explanation:
    """Explain one account: what it did, its cluster, its evidence, its pairs and meetings."""
    seen = frames.where("accounts", account_id=[account])
    if seen.empty:
        raise _unknown_account(frames, account)
    member = frames.where("members", account_id=[account])
    evidence = frames.where("evidence", subject=[f"account:{account}"])
    pairs = _touching(frames, "pairs", account).sort_values("p_value", kind="stable", ignore_index=True)
    meetings = with_rows(frames, _touching(frames, "meetings", account))
    lines = [_activity(seen.iloc[0].to_dict()), *measure_lines(frames, account)]
    lines += [membership_sentence(**m) for m in rows_by_name(member)]
    lines += evidence_lines(evidence)
    lines += mould_lines(frames, [account])
    lines += [pair_sentence(pair) for pair in pairs.head(MOST_ROWS).to_dict("records")]
    lines += meeting_lines(meetings) if len(pairs) else _nothing_found(frames)
    lines.append(COORDINATION_ONLY if len(pairs) else NOTHING_IS_NO_PROOF)
    decided = frames.where("decisions", subject=[account])
    found = {"account": seen, "members": member, "evidence": evidence, "pairs": pairs, "meetings": meetings}
    found["decisions"] = decided
    return Explanation(f"Account {label(account, 80)}", tuple(lines), found)


def explain_cluster(frames: Frames, cluster_id: str) -> Explanation:
    """Explain one cluster: its sentence, its evidence, its members, its strongest pairs and meetings."""
    members = frames.members_of(cluster_id)
    cluster = frames.where("clusters", cluster_id=[cluster_id])
    told = cluster.iloc[0]
    ids = set(members["account_id"])
    evidence = frames.where("evidence", subject=[f"cluster:{cluster_id}"])
    pairs = frames.within("pairs", ids).sort_values(
        ["p_value", "account_a", "account_b", "behaviour"], ignore_index=True
    )
    meetings = with_rows(frames, frames.within("meetings", ids))
    lines = [told["sentence"], f"Batch-operated: {likelihood_sentence(told['probability'])}."]
    lines += [timing_sentence(told["timing_p_value"]), confirmation_sentence(told["confirmed_p_value"])]
    lines += evidence_lines(evidence)
    shown = listed([label(a) for a in members["account_id"].head(MOST_ROWS)])
    lines.append(f"Members: {shown}{and_more(len(members))}.")
    lines += mould_lines(frames, ids, MOULD_MEMBERS)
    lines += [pair_sentence(pair) for pair in pairs.head(5).to_dict("records")]
    lines += [*meeting_lines(meetings), COORDINATION_ONLY]
    found = {
        "cluster": cluster,
        "members": members,
        "evidence": evidence,
        "pairs": pairs,
        "meetings": meetings,
    }
    return Explanation(f"Cluster {label(cluster_id, 80)}", tuple(lines), found)


def explain_pair(frames: Frames, one: str, other: str) -> Explanation:
    """Explain one pair of accounts: its behaviours, and each meeting with both input rows."""
    if one == other:
        raise InputError(f"a pair is two accounts; {one!r} was given twice")
    for account in (one, other):
        if not _is_account(frames, account):
            raise _unknown_account(frames, account)
    a, b = sorted((one, other))
    pairs = frames.where("pairs", account_a=[a], account_b=[b])
    meetings = with_rows(frames, frames.where("meetings", account_a=[a], account_b=[b]))
    lines: list[str] = []
    for pair in pairs.to_dict("records"):
        lines += [pair_sentence(pair), follower_sentence(a, b, pair["follower"])]
    if pairs.empty:
        lines += [
            f"{a} and {b} have no validated pair.",
            *_shared_cluster(frames, a, b),
            *_looked_at(frames),
            NOTHING_IS_NO_PROOF,
        ]
    else:
        lines += [*meeting_lines(meetings), COORDINATION_ONLY]
    return Explanation(f"Pair {label(a, 60)} and {label(b, 60)}", tuple(lines), {"pairs": pairs, "meetings": meetings})


def _activity(seen: Mapping[Any, Any]) -> str:
    parts = [(seen[name], name.removesuffix("s")) for name in ("notes", "comments", "messages", "interactions")]
    return (
        f"{seen['account_id']}: {count(seen['actions'], 'action')} looked at "
        f"between {utc(seen['first_at'])} and {utc(seen['last_at'])} "
        f"({listed([count(n, word) for n, word in parts])}); "
        f"registered {utc(seen['registered_at'])}; history: {seen['history']}."
    )


def _nothing_found(frames: Frames) -> list[str]:
    return ["No validated pair with any other account.", *_looked_at(frames)]


def _looked_at(frames: Frames) -> list[str]:
    looked = [spoken(str(b.get("name"))) for b in frames.manifest.get("behaviours", [])]
    return [f"Looked at: {listed(looked)}."] if looked else []


def _shared_cluster(frames: Frames, a: str, b: str) -> list[str]:
    members = frames.where("members", account_id=[a, b])
    shared = members["cluster_id"][members.duplicated("cluster_id")]
    return [f"Both are in cluster {cluster}, tied through other members." for cluster in shared]


def _touching(frames: Frames, name: str, account: str) -> pd.DataFrame:
    sides = [frames.where(name, **{f"account_{side}": [account]}) for side in ("a", "b")]
    filled = [side for side in sides if len(side)] or sides[:1]
    return pd.concat(filled, ignore_index=True).sort_values(["account_a", "account_b", "behaviour"], ignore_index=True)


def _is_account(frames: Frames, given: str) -> bool:
    return len(frames.where("accounts", account_id=[given])) > 0


def _is_cluster(frames: Frames, given: str) -> bool:
    return len(frames.where("clusters", cluster_id=[given])) > 0


def _account(frames: Frames, given: str) -> str:
    """Return the account's id, taken literally or after ``account:``."""
    if _is_account(frames, given):
        return given
    kind, _, rest = given.partition(":")
    if kind == "account" and _is_account(frames, rest):
        return rest
    raise _unknown_account(frames, given)


def _unknown_account(frames: Frames, given: str) -> InputError:
    accounts = frames.table("accounts").num_rows
    return InputError(
        f"no account or cluster {given!r} in this run of {count(accounts, 'account')} and "
        f"{count(len(frames.clusters), 'cluster')}; ids are exact text (letter case and leading "
        f"zeros count): see members.csv, clusters.csv or accounts.parquet"
    )
