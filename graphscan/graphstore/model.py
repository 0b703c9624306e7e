"""The graph's nodes and relationships, declared over :mod:`graphscan.tables`. A new one is added here only.

In: nothing. Out: :data:`NODES` and :data:`RELATIONSHIPS`, in the order in which they are loaded.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphscan.graphstore.declarations import End, Look, Mark, Node, Relationship
from graphscan.tables import (
    ACCOUNT_RESULTS,
    ACCOUNTS,
    CHAT_MEMBERS,
    CHAT_MESSAGES,
    CHATS,
    CLUSTERS,
    COMMENTS,
    DECISIONS,
    EVIDENCE,
    INTERACTIONS,
    MEMBERS,
    MOTIFS,
    NOTES,
    PAIRS,
    REPORTS,
    Column,
    Table,
)


def _columns(table: Table, *without: str) -> tuple[Column, ...]:
    return tuple(c for c in table.columns if c.name not in without)


def _merged(*groups: Iterable[Column]) -> tuple[Column, ...]:
    """Return the columns of all groups, the first of each name."""
    found: dict[str, Column] = {}
    for column in (c for group in groups for c in group):
        found.setdefault(column.name, column)
    return tuple(found.values())


LINK = Column("link", "text", "the URL or product id", True)
HOST = Column("host", "text", "the link's host in lower case; null for a bare product id")
EVIDENCE_ID = Column("evidence_id", "text", "subject and clue, which together name it", True)
ROLE = Column("role", "text", "core or periphery of its cluster; null outside of clusters")
CARRIERS = Column("carriers", "int", "notes, comments and messages loaded that carry it", True)
LOAD_ID = Column("load_id", "text", "the same for the same run and scope", True)

_MARKS = (
    Mark("Periphery", "role", "periphery", "member by less than 0.8 of the re-clusterings", Look("#E8A33D", 46)),
    Mark("Core", "role", "core", "member by 0.8 of the re-clusterings or more", Look("#D9773A", 64)),
    Mark("Warn", "measure", "warn", "the policy proposes a warning", Look("#C95F2E", 64)),
    Mark("Limit", "measure", "limit", "the policy proposes a limit", Look("#B93A2B", 68)),
    Mark("Ban", "measure", "ban", "the policy proposes a ban", Look("#7A1F1F", 72)),
)

NODES: tuple[Node, ...] = (
    Node(
        "Account",
        ACCOUNTS.column("account_id"),
        "accounts",
        "one account",
        (*_merged(_columns(ACCOUNTS, "account_id"), _columns(ACCOUNT_RESULTS, "account_id", "hours")), ROLE),
        Look("#8FA9BF", 40),
        _MARKS,
    ),
    Node(
        "Note",
        NOTES.column("note_id"),
        "notes",
        "one note",
        _columns(NOTES, "note_id", "account_id"),
        Look("#4C8EDA", 44),
    ),
    Node(
        "Comment",
        COMMENTS.column("comment_id"),
        "comments",
        "one comment",
        _columns(COMMENTS, "comment_id", "note_id", "account_id", "reply_to"),
        Look("#7FC3E8", 32),
    ),
    Node(
        "Chat",
        CHATS.column("chat_id"),
        "chats",
        "one group or private chat",
        _columns(CHATS, "chat_id", "owner_id"),
        Look("#57A773", 56),
    ),
    Node(
        "Message",
        CHAT_MESSAGES.column("message_id"),
        "chat_messages",
        "one chat message; words of private chats are left out",
        _columns(CHAT_MESSAGES, "message_id", "chat_id", "account_id", "reply_to"),
        Look("#9BD3AE", 30),
    ),
    Node("Link", LINK, "links", "one URL or product id that was shared", (HOST, CARRIERS), Look("#8E6BBF", 42)),
    Node(
        "Cluster",
        CLUSTERS.column("cluster_id"),
        "clusters",
        "one cluster: flagged for a look, not judged",
        _columns(CLUSTERS, "cluster_id"),
        Look("#C0392B", 90),
    ),
    Node(
        "Motif",
        MOTIFS.column("motif_id"),
        "motifs",
        "one synchronized-action motif",
        _columns(MOTIFS, "motif_id"),
        Look("#B57EDC", 50),
    ),
    Node(
        "Evidence",
        EVIDENCE_ID,
        "evidence",
        "one clue about one account or cluster",
        _columns(EVIDENCE),
        Look("#F2C14E", 44),
    ),
    Node(
        "Decision",
        DECISIONS.column("decision_id"),
        "decisions",
        "one decision proposed or taken",
        _columns(DECISIONS, "decision_id"),
        Look("#2F3E4E", 54),
    ),
    Node(
        "Report",
        REPORTS.column("report_id"),
        "reports",
        "one report by an account",
        _columns(REPORTS, "report_id", "reporter_id", "target_id"),
        Look("#E0699A", 40),
    ),
)

_ACCOUNT = End("Account", "account_id")
_KINDS = (
    ("LIKED", "like"),
    ("COLLECTED", "collect"),
    ("SHARED", "share"),
    ("FOLLOWED", "follow"),
    ("VIEWED", "view"),
)
_TARGETS = (("Note", "note"), ("Comment", "comment"), ("Account", "account"))
_AT = Column("created_at", "time", "when it was done", True)


def _interactions() -> Iterable[Relationship]:
    for type_, kind in _KINDS:
        for label, target in _TARGETS:
            yield Relationship(
                type_,
                _ACCOUNT,
                End(label, "target_id"),
                "interactions",
                f"the account did a {kind} of the {target}",
                _columns(INTERACTIONS, "account_id", "kind", "target_kind", "target_id"),
                ("created_at",),
                (("kind", kind), ("target_kind", target)),
            )


RELATIONSHIPS: tuple[Relationship, ...] = (
    Relationship("POSTED", _ACCOUNT, End("Note", "note_id"), "notes", "the account wrote the note", (_AT,)),
    Relationship("WROTE", _ACCOUNT, End("Comment", "comment_id"), "comments", "the account wrote it", (_AT,)),
    Relationship("ON", End("Comment", "comment_id"), End("Note", "note_id"), "comments", "it stands under the note"),
    Relationship(
        "REPLY_TO",
        End("Comment", "comment_id"),
        End("Comment", "reply_to"),
        "comments",
        "it answers that comment",
    ),
    Relationship(
        "MEMBER_OF",
        _ACCOUNT,
        End("Chat", "chat_id"),
        "chat_members",
        "one stay in the chat",
        _columns(CHAT_MEMBERS, "chat_id", "account_id"),
        ("joined_at", "left_at"),
    ),
    Relationship("OWNS", End("Account", "owner_id"), End("Chat", "chat_id"), "chats", "the account owns the chat"),
    Relationship("SENT", _ACCOUNT, End("Message", "message_id"), "chat_messages", "the account sent it", (_AT,)),
    Relationship("IN", End("Message", "message_id"), End("Chat", "chat_id"), "chat_messages", "it was sent there"),
    Relationship(
        "REPLY_TO",
        End("Message", "message_id"),
        End("Message", "reply_to"),
        "chat_messages",
        "it answers that message",
    ),
    *_interactions(),
    *(
        Relationship(
            "CARRIES",
            End(label, "carrier_id"),
            End("Link", "link"),
            "carried",
            "it carries the link",
            only=(("carrier", label),),
            look=Look("#8E6BBF", 2, "<type>"),
        )
        for label in ("Note", "Comment", "Message")
    ),
    Relationship(
        "CO_ACTED",
        End("Account", "account_a"),
        End("Account", "account_b"),
        "pairs",
        "a validated pair: met more often than opportunity explains",
        _columns(PAIRS, "account_a", "account_b"),
        ("behaviour",),
        look=Look("#D9773A", 3, "{behaviour}"),
    ),
    Relationship(
        "IN_CLUSTER",
        _ACCOUNT,
        End("Cluster", "cluster_id"),
        "members",
        "the account is a member",
        _columns(MEMBERS, "cluster_id", "account_id"),
        look=Look("#C0392B", 2, "{role}"),
    ),
    Relationship("ABOUT", End("Evidence", "evidence_id"), _ACCOUNT, "evidence", "the clue is about the account"),
    Relationship(
        "ABOUT",
        End("Evidence", "evidence_id"),
        End("Cluster", "cluster_id"),
        "evidence",
        "the clue is about the cluster",
    ),
    *(
        Relationship(
            "RESTS_ON",
            End("Evidence", "evidence_id"),
            End(label, "row_id"),
            "evidence_rows",
            "the clue rests on this input row",
            only=(("label", label),),
        )
        for label in ("Note", "Comment", "Message")
    ),
    Relationship("FOUND_IN", End("Motif", "motif_id"), End("Cluster", "cluster_id"), "motifs", "where it was found"),
    Relationship("TOOK_PART", _ACCOUNT, End("Motif", "motif_id"), "motif_accounts", "the account took part"),
    Relationship("ABOUT", End("Decision", "decision_id"), _ACCOUNT, "decisions", "whom it is about"),
    Relationship("CAME_FROM", End("Decision", "decision_id"), End("Cluster", "cluster_id"), "decisions", "its cluster"),
    Relationship(
        "FOLLOWS",
        End("Decision", "decision_id"),
        End("Decision", "follows"),
        "decision_grounds",
        "it rests on that one",
    ),
    Relationship(
        "FOLLOWS",
        End("Decision", "decision_id"),
        End("Evidence", "evidence_id"),
        "decision_evidence",
        "it rests on that clue",
    ),
    Relationship("FILED", End("Account", "reporter_id"), End("Report", "report_id"), "reports", "who reported"),
    *(
        Relationship(
            "ABOUT",
            End("Report", "report_id"),
            End(label, "target_id"),
            "reports",
            "what was reported",
            only=(("target_kind", target),),
        )
        for label, target in (("Account", "account"), ("Note", "note"))
    ),
)


def node(label: str) -> Node:
    """Return the node declared with that label; KeyError when there is none."""
    for declared in NODES:
        if declared.label == label:
            return declared
    raise KeyError(label)


def relationship_types() -> tuple[str, ...]:
    """The types, each once, in the order of their first declaration."""
    return tuple(dict.fromkeys(r.type for r in RELATIONSHIPS))
