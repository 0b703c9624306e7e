"""Proposed measures in words: how many, for whom, by which rule, what they rest on, what held a stronger one back.

In: the run's frames and manifest. Out: plain values and sentences. A proposal is told as one: nothing happens to anybody before review
and approval.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from graphscan.decisions.guards import FAMILY_WORDS
from graphscan.decisions.policy import Policy, policy_from
from graphscan.decisions.verdicts import judge
from graphscan.reports.clues import AGAINST
from graphscan.reports.explanation import rows_by_name
from graphscan.reports.frames import Frames
from graphscan.reports.words import capital, count, listed, missing, number
from graphscan.tables import MEASURE_NAMES

ONLY_PROPOSED = "These are proposals by a rule, before caps, review and approval. Nothing has happened to any account."
"""What stands wherever measures are told."""

REVIEWS = {
    "none": "needs no person's approval, and may be appealed",
    "one": "needs a person's approval",
    "two": "needs the approval of two people",
}

MOST_PAGES = 60
"""Accounts told one by one on the page, gravest measure first; ``graphscan explain`` tells the same of any other."""


@dataclass(frozen=True)
class AccountPage:
    """What is told of one account with a proposed measure."""

    account: str
    cluster: str | None
    measure: str
    rule: str
    review: str
    reasons: str
    families: str
    grounds: tuple[str, ...]
    speaks_for: tuple[str, ...]
    blocked_by: tuple[str, ...]
    counterfactual: str
    numbers: tuple[tuple[str, str], ...]


def measure_words(detail: str, days: object) -> str:
    """Return a measure for people: ``a warning``, ``limited distribution for 30 days``, ``a ban``."""
    words = {"warn": "a warning", "ban": "a ban"}.get(detail) or f"limited {detail.removeprefix('limit_')}"
    return words if missing(days) else f"{words} for {count(int(str(days)), 'day')}"


def proposed(frames: Frames) -> dict[str, Any]:
    """Return what stands on top of the page: the policy, and a row for each measure with how many and by which rules."""
    decisions, policy = frames.decisions, frames.manifest.get("policy") or {}
    rows = [_counted(decisions[decisions["measure"] == measure]) for measure in reversed(MEASURE_NAMES[1:])]
    return {
        "policy": policy.get("name"),
        "sha256": policy.get("sha256"),
        "sentence": proposed_sentence(frames),
        "rows": [row for row in rows if row is not None],
        "looked_at": number(frames.table("facts").num_rows),
    }


def proposed_sentence(frames: Frames) -> str:
    """Return one sentence: how many of each measure are proposed."""
    found = frames.decisions["measure"].value_counts()
    told = [count(int(found.get(m, 0)), word) for m, word in (("ban", "ban"), ("limit", "limit"), ("warn", "warning"))]
    return f"Proposed: {listed(told)}." if found.sum() else "No measure is proposed for anybody."


def _counted(of: pd.DataFrame) -> dict[str, str] | None:
    if of.empty:
        return None
    words = pd.Series([measure_words(str(d), days) for d, days in zip(of["detail"], of["days"], strict=True)])
    kinds = [f"{kind}: {n:,}" for kind, n in words.value_counts(sort=False).sort_index().items()]
    rules = [f"{rule}: {n:,}" for rule, n in of["rule"].value_counts(sort=False).sort_index().items()]
    review = listed(sorted({REVIEWS[str(r)] for r in of["review"]}))
    held = int((of["blocked_by"].map(len) > 0).sum())
    return {
        "measure": capital({"ban": "bans", "limit": "limits", "warn": "warnings"}[of["measure"].iloc[0]]),
        "accounts": number(len(of)),
        "kinds": "; ".join(kinds),
        "rules": "; ".join(rules),
        "review": review,
        "held": number(held),
    }


def account_pages(frames: Frames) -> tuple[list[AccountPage], int]:
    """Return the pages of the accounts with the gravest measures, and how many are left out."""
    ordered = graveness(frames.decisions)
    return [_page(frames, row) for row in rows_by_name(ordered.head(MOST_PAGES))], max(len(ordered) - MOST_PAGES, 0)


def graveness(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return decisions gravest first, then by account."""
    grave = decisions.assign(grave=decisions["measure"].map(MEASURE_NAMES.index))
    return grave.sort_values(["grave", "degree", "subject"], ascending=[False, False, True], ignore_index=True)


def decisions_of(frames: Frames, accounts: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the decisions about some accounts, by account, with the measure in words."""
    found = rows_by_name(frames.where("decisions", subject=accounts))
    return {row["subject"]: row | {"words": measure_words(row["detail"], row["days"])} for row in found}


def _page(frames: Frames, row: Mapping[str, Any]) -> AccountPage:
    account = row["subject"]
    clues = frames.where("evidence", subject=[f"account:{account}"])
    rests = {reference.partition(f"account:{account} ")[2] for reference in row["follows"]}
    facts = frames.where("facts", account_id=[account])
    return AccountPage(
        account=account,
        cluster=row["cluster_id"],
        measure=measure_words(row["detail"], row["days"]),
        rule=rule_words(frames, row["rule"]),
        review=REVIEWS[row["review"]],
        reasons=listed(row["reasons"]),
        families=family_words(row["families"]),
        grounds=tuple(clues.loc[clues["clue"].isin(rests), "sentence"]),
        speaks_for=tuple(clues.loc[clues["clue"].str.startswith(AGAINST), "sentence"]),
        blocked_by=tuple(row["blocked_by"]),
        counterfactual=row["counterfactual"] or "",
        numbers=_numbers(rows_by_name(facts)[0]) if len(facts) else (),
    )


def family_words(families: Collection[str]) -> str:
    """Return evidence families with their names: ``A1 (agent tools) and B1 (unexplained later acts)``."""
    return listed([f"{f} ({FAMILY_WORDS[f]})" for f in families])


def rule_words(frames: Frames, rule: str) -> str:
    """Return a rule's name, with what it says where the manifest holds the policy."""
    policy = policy_of(frames)
    known = {r.id: r.says for r in policy.rules} if policy else {}
    return f"{rule}: {known[rule]}" if rule in known else rule


def _numbers(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    managed = f"{facts['managed_notes']:,} of {facts['public_notes']:,}"
    return (
        ("managed public notes", managed),
        ("actions through agent tools", f"{facts['managed_events']:,} on {count(facts['managed_days'], 'day')}"),
        ("managed probability", _probability(facts["managed_probability"])),
        ("unexplained later acts", f"{facts['follower_unexplained']:,} of {facts['actions']:,} actions"),
        ("membership of its cluster", "none" if missing(facts["membership"]) else f"{facts['membership']:.0%}"),
        (
            "registered",
            "not known" if missing(facts["age_days"]) else f"{facts['age_days']:,.0f} days before the log ends",
        ),
    )


def _probability(value: float | None) -> str:
    """A probability is never told as one: no curve is that sure."""
    return "above 0.999" if value is not None and value > 0.999 else number(value)


def policy_of(frames: Frames) -> Policy | None:
    """Return the policy that the manifest holds, None where it holds none."""
    text = (frames.manifest.get("policy") or {}).get("canonical")
    return policy_from(tomllib.loads(text), "the run's policy") if text else None


def measure_lines(frames: Frames, account: str) -> list[str]:
    """Return sentences about what is proposed for one account and why, or why nothing is."""
    found = decisions_of(frames, [account]).get(account)
    if found is None:
        return _no_measure(frames, account)
    lines = [
        f"Proposed: {found['words']} ({listed(found['reasons'])}), by rule {rule_words(frames, found['rule'])}",
        f"It rests on {family_words(found['families'])}; it {REVIEWS[found['review']]}.",
        f"Smallest difference: {found['counterfactual']}.",
    ]
    return lines + [f"Held back from a stronger measure: {words}." for words in found["blocked_by"]] + [ONLY_PROPOSED]


def _no_measure(frames: Frames, account: str) -> list[str]:
    rows, policy = frames.where("facts", account_id=[account]), policy_of(frames)
    if rows.empty or policy is None:
        return ["No measure is proposed."]
    table = frames.table("facts")
    facts = table.filter(pc.equal(table["account_id"], account)).to_pylist()[0]
    held = judge(facts, policy).blocked_by
    if not held:
        alone = "; acting together alone measures nobody" if facts["cluster_id"] else ""
        return [f"No measure is proposed: no rule of the policy speaks of it{alone}."]
    return [f"No measure is proposed: {words}." for words in held]
