"""Rows of facts told in a line, for tests of rules: an account of which nothing is known but what is said."""

import pyarrow as pa

from graphscan.decisions.policy import read_policy
from graphscan.decisions.verdicts import judge
from graphscan.tables import EVIDENCE, FACTS, from_rows

POLICY = read_policy()

NOTHING = {
    "account_id": "ann",
    "cluster_id": None,
    "cluster_size": None,
    "cluster_probability": None,
    "membership": None,
    "roles": [],
    "managed_probability": 0.05,
    "own_weight": 0.0,
    "families": [],
    "managed_share": None,
    "public_notes": 0,
    "managed_notes": 0,
    "span_days": None,
    "managed_events": 0,
    "managed_days": 0,
    "registered_by_tool": None,
    "posting_share": None,
    "interaction_share": None,
    "template_share": None,
    "follower_later": 0,
    "follower_unexplained": 0,
    "follower_share": 0.0,
    "cotargets": 0,
    "age_days": 400.0,
    "actions": 60,
    "declared_share": 0.0,
    "exempt_share": 0.0,
    "verified": False,
    "labelled": None,
    "presence": 0.0,
    "reporters": 0,
    "scrutiny": 0.0,
    "because": [],
    "priority": 0.0,
}

TOOL_LIFE = {
    "families": ["A1"],
    "own_weight": 11.0,
    "managed_probability": 0.9999,
    "registered_by_tool": True,
    "posting_share": 1.0,
    "interaction_share": 1.0,
    "public_notes": 8,
    "managed_notes": 8,
    "managed_share": 1.0,
    "span_days": 5.0,
    "managed_events": 60,
    "managed_days": 9,
}
"""Everything by an agent tool, from registration on."""

ALL_NOTES = {
    "families": ["A1"],
    "own_weight": 5.0,
    "managed_probability": 0.998,
    "posting_share": 1.0,
    "interaction_share": 0.0,
    "public_notes": 9,
    "managed_notes": 9,
    "managed_share": 1.0,
    "span_days": 12.0,
    "managed_events": 9,
    "managed_days": 9,
}
"""Every note by an agent tool, all else by hand."""

RING = {
    "cluster_id": "c1",
    "cluster_size": 12,
    "cluster_probability": 0.997,
    "membership": 0.95,
    "families": ["A3", "B1"],
    "own_weight": 3.0,
    "managed_probability": 0.97,
    "follower_later": 12,
    "follower_unexplained": 9,
    "follower_share": 0.4,
    "actions": 24,
}
"""A member of a ring run by hand, with texts from a shared template."""


def row(*parts, **given):
    """A row of facts: nothing known but these parts."""
    told = dict(NOTHING)
    for part in (*parts, given):
        told.update(part)
    assert set(told) == {c.name for c in FACTS.columns}
    return told


def verdict(*parts, policy=POLICY, **given):
    return judge(row(*parts, **given), policy)


def facts(*rows):
    return pa.Table.from_pylist(list(rows), schema=FACTS.schema)


def evidence(*clues):
    """Clues as (account, clue, family, value)."""
    return from_rows(
        [
            (f"account:{a}", clue, family, "self", value, "", None, f"{clue}.", [], None)
            for a, clue, family, value in clues
        ],
        EVIDENCE,
    )
