"""The tables of a pass: which clusters are the same from run to run, what became of them, and how the data drift.

In: nothing. Out: declarations, as :mod:`graphscan.tables` has them for a run.
"""

from __future__ import annotations

from graphscan.tables import Column, Table

EVENT_NAMES = ("new", "grown", "shrunk", "merged", "split", "gone", "back")
"""What can happen to a lineage, in the order in which a report tells it."""

LINEAGES = Table(
    "lineages",
    "one lineage: a cluster that keeps its identity from pass to pass",
    (
        Column("lineage_id", "id", "the same in every pass, starts with l", True),
        Column("cluster_id", "id", "its cluster in this pass; null while it is gone"),
        Column("status", "choice", "present, gone, or merged into another", True, ("present", "gone", "merged")),
        Column(
            "announced", "bool", "whether it ever passed the level for repeated looks; else it is only watched", True
        ),
        Column("first_pass", "text", "the pass that saw it first", True),
        Column("last_pass", "text", "the last pass that saw it", True),
        Column("size", "int", "members when last seen", True),
        Column("peak_size", "int", "most members it ever had", True),
        Column("merged_into", "id", "the lineage it went into; null if none"),
        Column("parent", "id", "the lineage it split from; null if none"),
    ),
    ("lineage_id",),
)

LINEAGE_EVENTS = Table(
    "lineage_events",
    "one thing that happened to one lineage at one pass; all passes since the first",
    (
        Column("pass_id", "text", "the pass: its day, and its revision from the second on", True),
        Column("lineage_id", "id", "the lineage", True),
        Column("event", "choice", "what happened", True, EVENT_NAMES),
        Column("cluster_id", "id", "its cluster in that pass; null when gone or merged"),
        Column("other", "id", "merged: into which lineage; split: from which; else null"),
        Column("size_before", "int", "members before, 0 when new", True),
        Column("size_after", "int", "members after, 0 when gone or merged", True),
        Column("joined", "int", "members that came", True),
        Column("left", "int", "members that went", True),
    ),
    ("pass_id", "lineage_id", "event"),
)

LINEAGE_MEMBERS = Table(
    "lineage_members",
    "one account in one lineage, as of when that lineage was last seen",
    (
        Column("lineage_id", "id", "the lineage", True),
        Column("account_id", "id", "the member", True),
        Column("first_pass", "text", "since which pass it has been a member without a break", True),
    ),
    ("lineage_id", "account_id"),
)

DRIFT = Table(
    "drift",
    "one feature of the newest day held against the other days of the window",
    (
        Column("table", "text", "the input table", True),
        Column("feature", "text", "rows, hour, client, actions per account, age, or filled: COLUMN", True),
        Column(
            "value", "float", "the day's own value: rows, or the share of rows with a value; null for distributions"
        ),
        Column("usual", "float", "median of the other days; null for distributions, or with no other day"),
        Column("psi", "float", "population stability index of the distribution; null for single values"),
        Column(
            "noise",
            "float",
            "the index of an ordinary day: of samples of these sizes without drift, or the other days' median",
        ),
        Column("flag", "bool", "whether a person should look", True),
    ),
    ("table", "feature"),
)

PASS_TABLES: tuple[Table, ...] = (LINEAGES, LINEAGE_EVENTS, LINEAGE_MEMBERS, DRIFT)
"""The tables of a pass, one Parquet file each."""
