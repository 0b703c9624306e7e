"""Every table that crosses a threshold: its grain (what one row is), its columns, their meaning and units.

In: nothing. Out: declarations that the reader's checks, the run's files, the documentation and later the graph
store are derived from. A column is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

Kind = Literal["id", "text", "time", "bool", "choice", "texts", "ids", "int", "float", "ints"]

ARROW_TYPES: Mapping[Kind, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "choice": pa.string(),
    "time": pa.timestamp("ms", tz="UTC"),
    "bool": pa.bool_(),
    "texts": pa.list_(pa.string()),
    "ids": pa.list_(pa.string()),
    "int": pa.int64(),
    "ints": pa.list_(pa.int64()),
    "float": pa.float64(),
}


@dataclass(frozen=True)
class Column:
    """One column: its name, what kind of value it holds, a sentence about it, and whether it must be there."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    refers_to: str | None = None

    @property
    def arrow_type(self) -> pa.DataType:
        """The Arrow type in which this column is held and written."""
        return ARROW_TYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One table: its name, its grain, and its columns; ``key`` names the columns that identify a row."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema: the declared columns in the declared order."""
        return pa.schema([pa.field(c.name, c.arrow_type) for c in self.columns])

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(c.name for c in self.columns if c.required)

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name}")


def _id(name: str, meaning: str, required: bool = True, refers_to: str | None = None) -> Column:
    return Column(name, "id", meaning, required, refers_to=refers_to)


def _at(name: str, meaning: str, required: bool = False) -> Column:
    return Column(name, "time", meaning, required)


def _maybe(name: str, kind: Kind, meaning: str) -> Column:
    return Column(name, kind, meaning)


_CLIENT = _maybe("client", "text", "app or tool, and its version, that did it; missing is no data, never evidence")
_LINKS = _maybe("links", "texts", "URLs or product ids it carries")

ACCOUNTS = Table(
    "accounts",
    "one account of the platform",
    (
        _id("account_id", "the account's id on the platform"),
        _at("registered_at", "when it was registered"),
        _maybe("client", "text", "app or tool, and its version, that registered it"),
        _maybe("device", "text", "opaque device fingerprint at registration"),
        _maybe("network", "text", "opaque network at registration, for example a hashed /24"),
        _maybe("nickname", "text", "display name; never an identity: strangers share it"),
        _maybe("bio", "text", "the profile's own words"),
        _maybe("verified", "bool", "whether the platform verified who it is"),
    ),
    ("account_id",),
)

NOTES = Table(
    "notes",
    "one note (post)",
    (
        _id("note_id", "the note's id"),
        _id("account_id", "its author", refers_to="accounts"),
        _at("created_at", "when it was posted", True),
        _maybe("title", "text", "its title"),
        _maybe("text", "text", "its body, kept as it came"),
        _maybe("tags", "texts", "its topics in the author's order"),
        _LINKS,
        _maybe("media", "texts", "opaque perceptual hashes of its pictures and videos"),
        _CLIENT,
        _maybe("ai_declared", "bool", "the author labelled it as AI-assisted"),
        _maybe("public", "bool", "whether everyone may see it; missing means yes"),
    ),
    ("note_id",),
)

COMMENTS = Table(
    "comments",
    "one comment on a note",
    (
        _id("comment_id", "the comment's id"),
        _id("note_id", "the note it stands under", refers_to="notes"),
        _id("account_id", "its author", refers_to="accounts"),
        _at("created_at", "when it was written", True),
        _maybe("text", "text", "its words, kept as they came"),
        _id("reply_to", "the comment it answers", False, "comments"),
        _LINKS,
        _CLIENT,
    ),
    ("comment_id",),
)

CHATS = Table(
    "chats",
    "one group or private chat",
    (
        _id("chat_id", "the chat's id"),
        Column("kind", "choice", "a group or a private chat", True, ("group", "private")),
        _maybe("name", "text", "its name"),
        _at("created_at", "when it was opened"),
        _id("owner_id", "the account that owns it", False, "accounts"),
    ),
    ("chat_id",),
)

CHAT_MEMBERS = Table(
    "chat_members",
    "one stay of one account in one chat",
    (
        _id("chat_id", "the chat", refers_to="chats"),
        _id("account_id", "the member", refers_to="accounts"),
        _at("joined_at", "when it joined"),
        _at("left_at", "when it left"),
    ),
    ("chat_id", "account_id", "joined_at", "left_at"),
)

CHAT_MESSAGES = Table(
    "chat_messages",
    "one message in a chat",
    (
        _id("message_id", "the message's id"),
        _id("chat_id", "the chat it was sent to", refers_to="chats"),
        _id("account_id", "its sender", refers_to="accounts"),
        _at("created_at", "when it was sent", True),
        _maybe("text", "text", "its words; may be withheld for private chats"),
        _id("reply_to", "the message it answers", False, "chat_messages"),
        _LINKS,
        _CLIENT,
    ),
    ("message_id",),
)

INTERACTIONS = Table(
    "interactions",
    "one like, collect, share, follow or view",
    (
        _id("account_id", "who did it", refers_to="accounts"),
        Column("kind", "choice", "what was done", True, ("like", "collect", "share", "follow", "view")),
        Column("target_kind", "choice", "to what kind of thing", True, ("note", "comment", "account")),
        _id("target_id", "the id of that note, comment or account"),
        _at("created_at", "when it was done", True),
        _CLIENT,
    ),
    ("account_id", "kind", "target_kind", "target_id", "created_at"),
)

REPORTS = Table(
    "reports",
    "one report by one account about an account or a note",
    (
        _id("report_id", "the report's id"),
        _id("reporter_id", "who reported", refers_to="accounts"),
        Column("target_kind", "choice", "what was reported", True, ("note", "account")),
        _id("target_id", "the id of that note or account"),
        _at("created_at", "when it was reported", True),
        _maybe("reason", "text", "the reporter's reason"),
    ),
    ("report_id",),
)

LABELS = Table(
    "labels",
    "one thing already known about one account",
    (
        _id("account_id", "the account", refers_to="accounts"),
        Column("label", "choice", "what is known of it", True, ("managed", "human")),
        Column("source", "text", "who says so", True),
        _at("decided_at", "since when it is known"),
    ),
    ("account_id", "label", "source", "decided_at"),
)

INPUT_TABLES: tuple[Table, ...] = (
    ACCOUNTS,
    NOTES,
    COMMENTS,
    CHATS,
    CHAT_MEMBERS,
    CHAT_MESSAGES,
    INTERACTIONS,
    REPORTS,
    LABELS,
)
"""The tables of a dataset, in the order in which people think of them."""

ACTION_TABLES: tuple[str, ...] = ("notes", "comments", "chat_messages", "interactions")
"""A dataset must hold at least one of these: they are what accounts did."""

_PAIR = (
    Column("account_a", "id", "the account whose id sorts first", True),
    Column("account_b", "id", "the account whose id sorts second", True),
    Column("behaviour", "text", "name of the behaviour, see docs/concepts.md", True),
)

MEETING_PAIRS = Table(
    "meeting_pairs",
    "one pair of accounts that met in one behaviour, before any validation (`graphscan pairs`)",
    (
        *_PAIR,
        Column("objects", "int", "distinct objects on which both acted within the window", True),
        Column("meetings", "int", "pairs of actions, one of each account, on one object within the window", True),
        Column("a_first", "int", "meetings in which account_a acted earlier", True),
        Column(
            "b_first",
            "int",
            "meetings in which account_b acted earlier; the rest were at the same instant",
            True,
        ),
        Column("first_at", "time", "earliest action of any of these meetings", True),
        Column("last_at", "time", "latest action of any of these meetings", True),
    ),
    ("account_a", "account_b", "behaviour"),
)

PAIRS = Table(
    "pairs",
    "one pair of accounts in one behaviour that survived validation: met more often than opportunity explains",
    (
        *_PAIR,
        Column("meetings", "int", "occasions (object-days) on which both acted within window_s seconds", True),
        Column("objects", "int", "distinct objects among these occasions", True),
        Column(
            "expected",
            "float",
            "occasions expected by chance from opportunity, burst shape and latency",
            True,
        ),
        Column("p_value", "float", "chance of so many occasions or more, over all windows tried", True),
        Column(
            "q_value",
            "float",
            "false discovery rate at which the pair enters, over all pairs of accounts",
            True,
        ),
        Column("first_at", "time", "earliest action of these occasions", True),
        Column("last_at", "time", "latest action of these occasions", True),
        Column("follower", "ints", "two counts: occasions where account_a acted later, where account_b did", True),
        Column("window_s", "int", "the window in seconds that was the most surprising", True),
    ),
    ("account_a", "account_b", "behaviour"),
)

CLUSTERS = Table(
    "clusters",
    "one cluster: accounts whose validated pairs form a community; flagged for a look, not judged",
    (
        Column("cluster_id", "id", "stable for the same members, starts with c", True),
        Column("size", "int", "number of members", True),
        Column(
            "score",
            "float",
            "coordination score 0–1: internal density of validated pairs times mean membership",
        ),
        Column("behaviours", "texts", "behaviours that tie its members, most pairs first", True),
        Column("first_at", "time", "earliest meeting inside the cluster", True),
        Column("last_at", "time", "latest meeting inside the cluster", True),
        Column("sentence", "text", "the cluster in one sentence", True),
        Column("measure", "text", "what the policy proposes; null until decisions are in place"),
        Column("pairs", "int", "validated pairs inside the cluster, over all behaviours", True),
        Column("objects", "int", "distinct objects on which members met", True),
        Column(
            "timing_p_value",
            "float",
            "leave-cluster-out timing check; null where no outsider shows the clock",
        ),
    ),
    ("cluster_id",),
)

MEMBERS = Table(
    "members",
    "one account in one cluster",
    (
        Column("cluster_id", "id", "the cluster", True),
        Column("account_id", "id", "the member", True),
        Column("membership", "float", "share (0–1) of seeded re-clusterings that keep the account in it", True),
        Column("role", "text", "core (membership ≥ 0.8) or periphery", True),
    ),
    ("cluster_id", "account_id"),
)

MOTIFS = Table(
    "motifs",
    "one occurrence of a synchronized-action motif that is beyond chance in its cluster",
    (
        Column("motif_id", "id", "the motif's id", True),
        Column("kind", "text", "which motif", True),
        Column("cluster_id", "id", "the cluster it was found in"),
        Column("accounts", "ids", "who took part", True),
        Column("objects", "ids", "on what", True),
        Column("started_at", "time", "its first action", True),
        Column("ended_at", "time", "its last action", True),
        Column("p_value", "float", "chance, under the motif's null, of all its occurrences in the cluster together"),
    ),
    ("motif_id",),
)

ACCOUNT_RESULTS = Table(
    "accounts",
    "one account seen anywhere in the dataset",
    (
        Column("account_id", "id", "the account", True),
        Column("cluster_id", "id", "its cluster; null if none"),
        Column(
            "managed_probability",
            "float",
            "0–1: how likely a program manages it, by own evidence and membership; null: no data",
        ),
        Column("managed_share", "float", "share of its public notes judged managed; null if unknown"),
        Column("measure", "text", "null until decisions are in place: evidence alone measures nobody"),
        Column("reason", "text", "null until decisions are in place"),
        Column("actions", "int", "actions of any behaviour", True),
        Column("notes", "int", "notes posted", True),
        Column("comments", "int", "comments written", True),
        Column("messages", "int", "chat messages sent", True),
        Column("interactions", "int", "likes, collects, shares, follows and views", True),
        Column("first_at", "time", "its first action"),
        Column("last_at", "time", "its last action"),
        Column("registered_at", "time", "when it was registered, where known"),
        Column("history", "text", "before (it had a life before the window), none, or unknown", True),
        Column("partners", "int", "accounts it has a validated pair with", True),
    ),
    ("account_id",),
)

EVIDENCE = Table(
    "evidence",
    "one clue about one account or cluster",
    (
        Column("subject", "id", "account:ID or cluster:ID", True),
        Column("clue", "text", "name of the clue", True),
        Column("family", "text", "evidence family, B1: windowed co-action as the later actor", True),
        Column("writer", "text", "who can write such evidence: self, peer, platform or reporter", True),
        Column("value", "float", "its value; null is no data, which is not the same as no"),
        Column("unit", "text", "unit of the value"),
        Column("p_value", "float", "chance of it, where a null model gives one"),
        Column("sentence", "text", "the clue in one sentence", True),
        Column("rows", "texts", "references to input rows, at most 20: table/id, or table/its-key-values", True),
    ),
    ("subject", "clue"),
)

DECISIONS = Table(
    "decisions",
    "one proposed decision (this version proposes none: the table is empty)",
    (
        Column("decision_id", "id", "the decision's id", True),
        Column("subject", "id", "the account", True),
        Column("measure", "text", "warn, limit or ban", True),
        Column("reason", "text", "reason code", True),
        Column("follows", "ids", "its ground", True),
        Column("cluster_id", "id", "the cluster it came from"),
        Column("policy_version", "text", "the policy", True),
        Column("automated", "bool", "whether no person has reviewed it yet", True),
    ),
    ("decision_id",),
)

MEETINGS = Table(
    "meetings",
    "one occasion (object-day) on which the two accounts of a validated pair met",
    (
        *_PAIR,
        Column("object", "id", "the object both acted on", True),
        Column("a_at", "time", "when account_a acted first on that occasion", True),
        Column("b_at", "time", "when account_b acted first on that occasion", True),
        Column("a_row", "text", "reference to account_a's input row", True),
        Column("b_row", "text", "reference to account_b's input row", True),
    ),
    ("account_a", "account_b", "behaviour", "object", "a_at", "b_at"),
)

ROWS = Table(
    "rows",
    "one input row that a pair or a clue refers to, kept so that a run can be read without its dataset",
    (
        Column("row", "text", "the reference", True),
        Column("table", "text", "the input table", True),
        Column("account_id", "id", "who acted", True),
        Column("at", "time", "when; for an account, when it was registered"),
        Column("on", "text", "what it was done to (note, chat, account), where there is such a thing"),
        Column("text", "text", "title and words, kept as they came; empty for private chats"),
        Column("links", "texts", "links it carried"),
        Column("client", "text", "app or tool, where known"),
    ),
    ("row",),
)

RUN_TABLES: tuple[Table, ...] = (
    PAIRS,
    CLUSTERS,
    MEMBERS,
    MOTIFS,
    ACCOUNT_RESULTS,
    EVIDENCE,
    DECISIONS,
    MEETINGS,
    ROWS,
)
"""The tables of a run, one Parquet file each."""


def from_rows(rows: Sequence[Sequence[Any]], table: Table) -> pa.Table:
    """Return an Arrow table of a declared schema from rows of plain values in the declared order."""
    columns = zip(*rows, strict=True) if rows else [()] * len(table.columns)
    arrays = [pa.array(list(values), field.type) for values, field in zip(columns, table.schema, strict=True)]
    return pa.table(arrays, schema=table.schema)


def input_table(name: str) -> Table:
    """Return the input table of that name; KeyError when there is none."""
    for table in INPUT_TABLES:
        if table.name == name:
            return table
    raise KeyError(f"{name!r} is no table of a dataset; allowed: {', '.join(t.name for t in INPUT_TABLES)}")
