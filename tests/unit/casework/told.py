"""Decisions told by hand over a told run: eight accounts that comment on the same notes, one of them half a tool.

Everything that a notice must never show is marked: ids of others, what they wrote, probabilities, thresholds.
"""

import datetime as dt
from dataclasses import replace
from itertools import combinations

import pyarrow as pa

from graphscan.ledger.records import Appeal, Approval, Decision, Entry, Ground
from graphscan.run import Run
from graphscan.tables import RUN_TABLES

START = dt.datetime(2026, 3, 10, 6, 5, 3, tzinfo=dt.UTC)
SELF = "5f3c77aa01"
OTHERS = ("6b1e00c4d2", "隔壁老王小号", "\u202e7c9d\u202c", "=cmd()|'/C calc'!A0", "<b>bold</b>", "-100123", "9x9x9x9x")
WORDS_OF_OTHERS = '<script>alert("x")</script> ]]> 加微信 vx8888 {{ 7*7 }}'
NEVER = (
    *OTHERS,
    WORDS_OF_OTHERS,
    "vx8888",
    "加微信",
    "0.9973",
    "1.7e-09",
    "0.995",
    "note000",
    "c1cafe",
    "anna",
    "boris",
)
"""What belongs to others, to reviewers, or to the method."""

MANIFEST = {
    "graphscan_version": "0.1.0",
    "settings": {},
    "seed": 1,
    "behaviours": [{"name": "note_comment", "sentence": "commented on the same note"}],
}


def at(days=0, seconds=0.0):
    return START + dt.timedelta(days=days, seconds=seconds)


def iso(days=0, seconds=0.0):
    return at(days, seconds).isoformat().replace("+00:00", "Z")


def ground(clue="posted_by_tool", family="A1", **more):
    told = {
        "clue": clue,
        "family": family,
        "writer": "self",
        "value": 14.0,
        "unit": "notes",
        "p_value": 1.7e-9,
        "sentence": f"{OTHERS[0]} and {OTHERS[1]} wrote {WORDS_OF_OTHERS}; p = 1.7e-09 under 0.995.",
        "rows": (f"notes/n-{SELF}", f"notes/n-{OTHERS[0]}"),
    }
    return Ground(**{**told, **more})


GROUNDS = (
    ground(),
    ground("regular_gaps", "A2", value=0.0371, unit="standard deviation / mean", rows=()),
    ground("acted_later_note_comment", "B1", value=42.0, unit="meetings", p_value=None, rows=()),
)
FAVOURS = (
    ground("against_sleep", "context", value=0.0043, unit="share of actions", rows=(), sentence="It rests: 0.4%."),
    ground(
        "against_talk",
        "context",
        writer="peer",
        value=3.0,
        unit="accounts",
        rows=(),
        sentence="It answered, and was answered by, 3 accounts older than half a year outside its cluster.",
    ),
)


def decision(**more):
    told = {
        "decision_id": "d" + "0a1b2c3d" * 4,
        "account_id": SELF,
        "measure": "ban",
        "detail": "ban",
        "degree": 5,
        "days": None,
        "reason": "XHS-AI-2b",
        "reasons": ("XHS-AI-2b",),
        "rule": "2b-all-notes-managed",
        "families": ("A1", "A2", "B1"),
        "review": "two",
        "blocked_by": (),
        "cluster_id": "c1cafe",
        "policy_version": "xhs-ai-managed 2026.2",
        "policy_sha256": "ab" * 32,
        "counterfactual": "Without posted_by_tool and regular_gaps: limit.",
        "follows": tuple(f"account:{SELF} {g.clue}" for g in GROUNDS),
        "managed_share": 1.0,
        "managed_probability": 0.9973,
        "membership": 0.95,
        "grounds": GROUNDS,
        "speaks_for": FAVOURS,
        "run_id": "cd" * 32,
        "run_path": "run",
        "mode": "live",
        "state": "IN_REVIEW",
        "proposer": "graphscan",
        "proposed_at": iso(12),
        "applied_at": None,
        "expires_at": None,
        "approvals": (),
        "automated_detection": True,
        "automated_decision": "fully",
    }
    return Decision(**{**told, **more})


def applied(**more):
    """A ban that two people approved and that took effect."""
    told = {
        "state": "APPLIED",
        "applied_at": iso(13),
        "approvals": (
            Approval("anna", iso(12, 60), "approve", f"same text as {OTHERS[0]}"),
            Approval("boris", iso(12, 90), "approve", "agreed"),
        ),
        "automated_decision": "partially",
    }
    return decision(**{**told, **more})


def limited(detail="limit_distribution", **more):
    """A limit for thirty days that took effect."""
    told = {
        "measure": "limit",
        "detail": detail,
        "degree": 3,
        "days": 30,
        "expires_at": iso(43),
        "reason": "XHS-AI-1a",
        "reasons": ("XHS-AI-1a",),
    }
    return applied(**{**told, **more})


def warned(**more):
    """A warning without any person."""
    told = {
        "measure": "warn",
        "detail": "warn",
        "degree": 1,
        "review": "none",
        "reason": "XHS-AI-1b",
        "reasons": ("XHS-AI-1b",),
        "approvals": (),
        "automated_decision": "fully",
    }
    return applied(**{**told, **more})


def appeal(state="OPEN", **more):
    told = {
        "appeal_id": "a1",
        "decision_id": decision().decision_id,
        "by": SELF,
        "text": f"我没有用托管工具。{WORDS_OF_OTHERS}",
        "attachments": (),
        "received_at": iso(20),
        "due_at": iso(23),
        "state": state,
        "handler": None if state == "OPEN" else "chen",
        "outcome_reason": "victim" if state == "OVERTURNED" else None,
        "note": None if state == "OPEN" else f"{OTHERS[0]} is the real one",
    }
    return Appeal(**{**told, **more})


def entry(seq, action, before, after, **more):
    told = {
        "seq": seq,
        "at": iso(12, seq),
        "actor": "graphscan",
        "action": action,
        "subject": decision().decision_id,
        "before": before,
        "after": after,
        "digest": "11" * 32,
        "previous": "22" * 32,
        "mac": "33" * 32,
        "key_id": "none",
    }
    return Entry(**{**told, **more})


def _row(name, account, when, text, on, table="comments"):
    return {
        "row": name,
        "table": table,
        "account_id": account,
        "at": when,
        "on": on,
        "text": text,
        "links": None,
        "client": "openclaw/2.1" if account == SELF else None,
    }


def _meetings(members, notes):
    """On day i everybody comments on note i, seconds apart; the account is always the last but one."""
    rows, meetings, later = [], [], []
    for i, note in enumerate(notes):
        when = {a: at(i, 4.0 * n) for n, a in enumerate(members)}
        for a in members:
            text = "这款真的太好用了,回购无数次!" if a == SELF else WORDS_OF_OTHERS
            rows.append(_row(f"comments/{note}-{a}", a, when[a], text, note))
        for a, b in combinations(sorted(members), 2):
            meetings.append(
                {
                    "account_a": a,
                    "account_b": b,
                    "behaviour": "note_comment",
                    "object": note,
                    "a_at": when[a],
                    "b_at": when[b],
                    "a_row": f"comments/{note}-{a}",
                    "b_row": f"comments/{note}-{b}",
                }
            )
        before = [a for a in members if when[a] < when[SELF]]
        later.append(
            {
                "account_id": SELF,
                "cluster_id": "c1cafe",
                "behaviour": "note_comment",
                "object": note,
                "at": when[SELF],
                "after": before,
                "explained": i == 0,
                "row": f"comments/{note}-{SELF}",
            }
        )
    return rows, meetings, later


def _pairs(members, meetings):
    pairs = []
    for a, b in combinations(sorted(members), 2):
        met = [m for m in meetings if (m["account_a"], m["account_b"]) == (a, b)]
        pairs.append(
            {
                "account_a": a,
                "account_b": b,
                "behaviour": "note_comment",
                "meetings": len(met),
                "objects": len(met),
                "expected": 0.02,
                "p_value": 1e-9,
                "q_value": 1e-6,
                "first_at": min(m["a_at"] for m in met),
                "last_at": max(m["b_at"] for m in met),
                "window_s": 60,
                "follower": [3, 3],
            }
        )
    return pairs


def _facts(**more):
    told = {
        "account_id": SELF,
        "cluster_id": "c1cafe",
        "cluster_size": 8,
        "cluster_probability": 0.99,
        "membership": 0.95,
        "roles": [],
        "managed_probability": 0.9973,
        "own_weight": 7.1,
        "families": ["A1", "A2", "B1"],
        "managed_share": 1.0,
        "public_notes": 14,
        "managed_notes": 14,
        "span_days": 9.0,
        "managed_events": 20,
        "managed_days": 9,
        "registered_by_tool": False,
        "posting_share": 1.0,
        "interaction_share": 0.2,
        "template_share": None,
        "follower_later": 6,
        "follower_unexplained": 5,
        "follower_share": 0.2,
        "cotargets": 0,
        "age_days": 30.0,
        "actions": 25,
        "declared_share": 0.0,
        "exempt_share": 0.0,
        "verified": False,
        "labelled": None,
        "presence": 0.5,
        "reporters": 4,
        "scrutiny": 0.6,
    }
    return {**told, **more}


def _account(name):
    return {
        "account_id": name,
        "cluster_id": "c1cafe",
        "managed_probability": 0.9973,
        "managed_share": 1.0,
        "measure": "ban",
        "reason": "XHS-AI-2b",
        "actions": 25,
        "notes": 14,
        "comments": 6,
        "messages": 0,
        "interactions": 5,
        "first_at": at(-9),
        "last_at": at(6),
        "registered_at": at(-30),
        "history": "none",
        "partners": 7,
    }


def _clue(subject, name, sentence, family="context"):
    return {
        "subject": subject,
        "clue": name,
        "family": family,
        "writer": "self",
        "value": None,
        "unit": "accounts",
        "p_value": None,
        "sentence": sentence,
        "rows": [],
    }


def tables():
    members = [*OTHERS[:6], SELF, OTHERS[6]]
    notes = [f"note{n:03d}" for n in range(6)]
    rows, meetings, later = _meetings(members, notes)
    rows += [_row(f"notes/n-{a}", a, at(-5), "早八人通勤穿搭", None, "notes") for a in (SELF, OTHERS[0])]
    rows += [_row(f"notes/n{i}-{SELF}", SELF, at(-9 + i), f"平价好物分享{i}", None, "notes") for i in range(4)]
    told = {
        "pairs": _pairs(members, meetings),
        "clusters": [
            {
                "cluster_id": "c1cafe",
                "size": 8,
                "score": 0.95,
                "behaviours": ["note_comment"],
                "first_at": at(),
                "last_at": at(6),
                "sentence": "8 accounts met on 6 notes more often than opportunity explains.",
                "measure": "ban",
                "pairs": 28,
                "objects": 6,
                "timing_p_value": 1e-6,
                "probability": 0.99,
                "confirmed_p_value": 1e-5,
                "enforcement_ties": 20,
            }
        ],
        "members": [{"cluster_id": "c1cafe", "account_id": a, "membership": 0.95, "role": "core"} for a in members],
        "accounts": [_account(a) for a in members],
        "evidence": [
            _clue(f"account:{SELF}", "posted_by_tool", "An agent tool posted 14 of its 14 notes.", "A1"),
            _clue("cluster:c1cafe", "against_one_behaviour", "Only one kind of behaviour ties the members."),
            _clue("cluster:c1cafe", "unknown_people", "Whether people or programs are behind them is not known."),
        ],
        "later_acts": later,
        "facts": [_facts()],
        "meetings": meetings,
        "rows": rows,
    }
    return {t.name: pa.Table.from_pylist(told.get(t.name, []), schema=t.schema) for t in RUN_TABLES}


def run():
    return Run.from_tables("run", tables(), MANIFEST)


def without_run_words(told):
    """The decision with everything in it that belongs to others or to the method taken away."""
    return replace(told, grounds=tuple(replace(g, sentence="", p_value=None) for g in told.grounds))
