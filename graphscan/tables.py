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
        Column(
            "measure",
            "text",
            "the strongest measure proposed for at least half of its members; none where there is none",
        ),
        Column("pairs", "int", "validated pairs inside the cluster, over all behaviours", True),
        Column("objects", "int", "distinct objects on which members met", True),
        Column(
            "timing_p_value",
            "float",
            "leave-cluster-out timing check; null where no outsider shows the clock",
        ),
        Column(
            "probability",
            "float",
            "0–1: how likely it is batch-operated, calibrated on simulated worlds; null: no data",
        ),
        Column(
            "confirmed_p_value", "float", "the timing check again, on occasions that had no part in finding the cluster"
        ),
        Column(
            "enforcement_ties",
            "int",
            "pairs of members tied by two independent layers, behaviour and identity or content",
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
        Column(
            "measure",
            "text",
            "none, warn, limit or ban: what the policy proposes, before caps, review and approval",
            True,
        ),
        Column("reason", "text", "reason code of the rule that proposes it; null where there is none"),
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
        Column(
            "hours",
            "ints",
            "its actions but views by hour of the UTC day, 24 counts; null where nothing is told of it",
        ),
    ),
    ("account_id",),
)

EVIDENCE = Table(
    "evidence",
    "one clue about one account or cluster",
    (
        Column("subject", "id", "account:ID or cluster:ID", True),
        Column("clue", "text", "name of the clue", True),
        Column("family", "text", "evidence family: A1 to A4, B1 to B3, or context", True),
        Column("writer", "text", "who can write such evidence: self, peer, platform or reporter", True),
        Column("value", "float", "its value; null is no data, which is not the same as no"),
        Column("unit", "text", "unit of the value"),
        Column("p_value", "float", "chance of it, where a null model gives one"),
        Column("sentence", "text", "the clue in one sentence", True),
        Column("rows", "texts", "references to input rows, at most 20: table/id, or table/its-key-values", True),
        Column(
            "weight",
            "float",
            "log-likelihood ratio (natural) it counts with in own_weight, before its family's cap; null: it does not count",
        ),
    ),
    ("subject", "clue"),
)

LATER_ACTS = Table(
    "later_acts",
    "one occasion on which a member acted, within the window, after other members of its cluster",
    (
        Column("account_id", "id", "who acted later", True),
        Column("cluster_id", "id", "its cluster", True),
        Column("behaviour", "text", "name of the behaviour", True),
        Column("object", "id", "the object both acted on", True),
        Column("at", "time", "when it acted", True),
        Column(
            "after",
            "ids",
            "the members who acted there before it within the window, the nearest first, at most 20",
            True,
        ),
        Column("explained", "bool", "whether its own earlier interests explain that it was there", True),
        Column("row", "text", "reference to its input row", True),
    ),
    ("account_id", "behaviour", "object", "at"),
)

TIES = Table(
    "ties",
    "one pair of clustered accounts, all layers together",
    (
        Column("account_a", "id", "the account whose id sorts first", True),
        Column("account_b", "id", "the account whose id sorts second", True),
        Column("cluster_id", "id", "the cluster both are in", True),
        Column("layers", "texts", "layers that tie them with p ≤ 10⁻³, the most surprising first", True),
        Column("p_value", "float", "all layers combined (Cauchy combination)", True),
        Column("q_value", "float", "false discovery rate at which it enters, over all pairs of accounts", True),
        Column(
            "enforcement", "bool", "whether two independent layers tie them, behaviour and identity or content", True
        ),
    ),
    ("account_a", "account_b"),
)

FACTS = Table(
    "facts",
    "one account that the policy looked at: a cluster's member, or one with own evidence; all that its rules may read",
    (
        Column("account_id", "id", "the account", True),
        Column("cluster_id", "id", "its cluster; null if none"),
        Column("cluster_size", "int", "members of that cluster"),
        Column("cluster_probability", "float", "how likely the cluster is batch-operated; null: no cluster or no data"),
        Column("membership", "float", "share of re-clusterings that keep it there; null if none"),
        Column(
            "roles",
            "texts",
            "object_owner, receiver, bridge, leader, compromised: what may explain it being here",
            True,
        ),
        Column("managed_probability", "float", "0–1, as in accounts; null: no data"),
        Column("own_weight", "float", "its own log-likelihood ratio: what its own acts and registration say", True),
        Column("families", "texts", "evidence families with own evidence: A1, A2, A3, A4, B1, B2, B3", True),
        Column("managed_share", "float", "share of its public notes judged managed; null if unknown"),
        Column("public_notes", "int", "its public notes", True),
        Column("managed_notes", "int", "of these, those judged managed", True),
        Column("span_days", "float", "days from its first public note to its last; null without notes"),
        Column("managed_events", "int", "notes, comments, messages and interactions through an agent tool", True),
        Column("managed_days", "int", "days on which it did any of these", True),
        Column("registered_by_tool", "bool", "whether an agent tool registered it; null if unknown"),
        Column(
            "posting_share", "float", "share of its notes of known client that an agent tool posted; null if unknown"
        ),
        Column("interaction_share", "float", "the same of comments, messages and interactions; null if unknown"),
        Column("template_share", "float", "share of its texts that follow a surprising template; null if unknown"),
        Column("follower_later", "int", "occasions on which it acted in the window after another member", True),
        Column("follower_unexplained", "int", "of these, those that its own earlier interests do not explain", True),
        Column("follower_share", "float", "unexplained ones through all its actions; null without actions"),
        Column("cotargets", "int", "objects shared with its cluster whatever the time, beyond chance (B2)", True),
        Column("age_days", "float", "days from its registration to the end of the log; null if unknown"),
        Column("actions", "int", "its actions of any kind", True),
        Column("declared_share", "float", "share of its public notes that it labelled as AI-assisted; null if unknown"),
        Column("exempt_share", "float", "share of its actions through exempt tools; null if unknown"),
        Column("verified", "bool", "whether the platform verified it", True),
        Column("labelled", "text", "human or managed, where a label says so"),
        Column("presence", "float", "weight of what speaks for a person, as a positive log-likelihood ratio", True),
        Column("reporters", "int", "independent reporters of it or its notes (one a cluster)", True),
        Column(
            "scrutiny",
            "float",
            "0–1: how much reports, labels and ties to such accounts ask for a look; never evidence",
            True,
        ),
        Column(
            "because",
            "texts",
            "why to look: cluster, own_evidence, tool, cotargets, reported, near_reported, labelled",
            True,
        ),
        Column("priority", "float", "0–1: whom to look at first; an order of work, which no rule may read", True),
    ),
    ("account_id",),
)

MEASURE_NAMES = ("none", "warn", "limit", "ban")

DECISIONS = Table(
    "decisions",
    "one proposed decision about one account, before caps, review and approval",
    (
        Column("decision_id", "id", "the same for the same policy version, account, cluster and measure", True),
        Column("subject", "id", "the account", True),
        Column("measure", "text", "warn, limit or ban", True),
        Column("reason", "text", "reason code of the first limb of the rule", True),
        Column("follows", "ids", "its ground: the evidence (subject and clue) it rests on", True),
        Column("cluster_id", "id", "the cluster it came from"),
        Column("policy_version", "text", "the policy's id and version", True),
        Column("automated", "bool", "whether no person has reviewed it yet", True),
        Column("rule", "text", "the policy's rule", True),
        Column("detail", "text", "warn, limit_distribution, limit_interaction or ban", True),
        Column("degree", "int", "1 to 5, as the rule's ladder has it", True),
        Column("days", "int", "days until it expires; null: it does not"),
        Column("reasons", "texts", "all reason codes that apply", True),
        Column("families", "texts", "evidence families of the account's own that it rests on", True),
        Column("review", "text", "none (a warning), one person, or two (a ban)", True, ("none", "one", "two")),
        Column("blocked_by", "texts", "guards that held a stronger measure back, in words a reviewer reads", True),
        Column("counterfactual", "text", "the smallest part of the evidence without which it would be milder"),
        Column("policy_sha256", "text", "of the policy's canonical form", True),
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

TEMPLATES = Table(
    "templates",
    "one mould that at least three accounts write from, and that hardly any established account does",
    (
        Column("template_id", "id", "made from the mould, starts with t", True),
        Column("mould", "text", "the letters its texts share; ⟨…⟩ names a typed slot, … stands where words vary", True),
        Column("texts", "int", "public texts that follow it", True),
        Column("accounts", "int", "accounts that wrote them", True),
        Column("established", "int", "of these, accounts with a history, verified or labelled human", True),
        Column("weight", "float", "0–1: how surprising it is that they share it", True),
        Column("local", "bool", "whether nearly all of it stands in one place, which then explains it", True),
        Column("first_at", "time", "its first text", True),
        Column("last_at", "time", "its last text", True),
    ),
    ("template_id",),
)

TEMPLATE_USES = Table(
    "template_uses",
    "one account that wrote from one of the templates",
    (
        Column("account_id", "id", "who wrote", True),
        Column("template_id", "id", "the template", True),
        Column("texts", "int", "how many of its texts follow it", True),
        Column("first_at", "time", "the first of them", True),
        Column("before", "int", "other accounts that had used it strictly before that", True),
    ),
    ("account_id", "template_id"),
)

RUN_TABLES: tuple[Table, ...] = (
    PAIRS,
    CLUSTERS,
    MEMBERS,
    MOTIFS,
    ACCOUNT_RESULTS,
    EVIDENCE,
    LATER_ACTS,
    TIES,
    FACTS,
    DECISIONS,
    MEETINGS,
    TEMPLATES,
    TEMPLATE_USES,
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
