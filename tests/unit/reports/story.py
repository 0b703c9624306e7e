"""A small run, made by hand from a told story, as the tables of a run.

Two clusters: eight accounts that comment on the same notes (``c1``), five that share the same link (``c2``),
and one bystander without findings. Chinese texts, some hostile.
"""

import datetime as dt
from itertools import combinations

import pyarrow as pa

from graphscan.tables import RUN_TABLES

START = dt.datetime(2026, 3, 10, 14, 5, 3, tzinfo=dt.UTC)
HOSTILE = '<script>alert("x")</script> ]]> \u202egnp.exe\u202c {{ 7*7 }} $x^2$ \x1b[31m'
FORMULA = "=cmd()|' /C calc'!A0"
MANY = [f"u{n:02d}" for n in range(7)] + [FORMULA]
FEW = ["0012", "甲乙丙丁", "\u202eabc", "<b>bold</b>", "-100123"]
BYSTANDER = "bystander"

MANIFEST = {
    "graphscan_version": "0.1.0",
    "libraries": {"numpy": "2.0", "pandas": "3.1"},
    "settings": {"false_discovery_rate": 0.001, "behaviours": []},
    "seed": 1,
    "quality": {
        "files": [
            {
                "path": "comments.csv",
                "table": "comments",
                "sha256": "ab" * 32,
                "size_bytes": 1234,
                "rows_read": 203,
                "rows_set_aside": 3,
            }
        ],
        "rows": {"comments": 200, "notes": 40},
        "set_aside_rows": [
            {"table": "comments", "file": "comments.csv", "line": 7, "column": "created_at", "reason": "no time"},
            {"table": "comments", "file": "comments.csv", "line": 9, "column": "=1+1", "reason": "=1+1"},
        ],
        "set_aside": {"comments": {"created_at is no time": 2, "=1+1": 1}},
        "duplicates_equal": {"notes": 4},
        "duplicates_different": {},
        "dangling_references": {"comments.note_id": 7},
        "unknown_columns": {"notes": ["mood", "<i>"]},
        "notices": ["times of comments are whole minutes"],
    },
    "capabilities": ["No chat tables: what accounts do in chats was not looked for."],
    "behaviours": [
        {
            "name": "note_comment",
            "sentence": "commented on the same note",
            "actions": 200,
            "accounts": 60,
            "objects": 40,
            "pairs_tested": 90,
            "pairs_met": 400,
            "pairs_validated": 28,
        },
        {
            "name": "link_shared",
            "sentence": "put the same link into their notes",
            "actions": 50,
            "accounts": 20,
            "objects": 10,
            "pairs_tested": 12,
            "pairs_met": 30,
            "pairs_validated": 10,
        },
    ],
    "span": {"first_at": "2026-03-01T00:00:00Z", "last_at": "2026-03-20T00:00:00Z"},
    "history": {"source": "registered_at", "accounts_before": 10, "accounts_none": 3, "accounts_unknown": 1},
}


def tables(**rows):
    """Every table of a run; those not given have no rows."""
    return {t.name: pa.Table.from_pylist(rows.get(t.name, []), schema=t.schema) for t in RUN_TABLES}


def at(days=0, seconds=0.0):
    return START + dt.timedelta(days=days, seconds=seconds)


def occasions(accounts, behaviour, objects, seed):
    """Meetings and rows: on day ``i`` all but one of the accounts act on object ``i``, seconds apart."""
    meetings, rows = [], []
    for i, name in enumerate(objects):
        came = [a for n, a in enumerate(accounts) if (n + i) % (len(accounts) + 1)]
        when = {a: at(i, ((n * 37 + i * 11 + seed) % 97) * 4.25) for n, a in enumerate(came)}
        table = "comments" if behaviour == "note_comment" else "notes"
        for a in came:
            text = (
                HOSTILE if (i, a) == (0, came[0]) else f"这款{i}真的太好用了,回购无数次!\n姐妹们冲" * (1 + 4 * (i % 2))
            )
            links = ["https://shop.example/p/1"] if behaviour == "link_shared" else None
            rows.append(
                {
                    "row": f"{table}/{behaviour}-{i}-{a}",
                    "table": table,
                    "account_id": a,
                    "at": when[a],
                    "on": name,
                    "text": text,
                    "links": links,
                    "client": None,
                }
            )
        for a, b in combinations(sorted(came), 2):
            meetings.append(
                {
                    "account_a": a,
                    "account_b": b,
                    "behaviour": behaviour,
                    "object": name,
                    "a_at": when[a],
                    "b_at": when[b],
                    "a_row": f"{table}/{behaviour}-{i}-{a}",
                    "b_row": f"{table}/{behaviour}-{i}-{b}",
                }
            )
    return meetings, rows


def pairs_of(meetings, p_value):
    """One validated pair per two accounts and behaviour, counted from the meetings."""
    found = {}
    for m in meetings:
        found.setdefault((m["account_a"], m["account_b"], m["behaviour"]), []).append(m)
    return [
        {
            "account_a": a,
            "account_b": b,
            "behaviour": behaviour,
            "meetings": len(ms),
            "objects": len({m["object"] for m in ms}),
            "expected": 0.01 * len(ms),
            "p_value": p_value,
            "q_value": p_value * 1000,
            "first_at": min(min(m["a_at"], m["b_at"]) for m in ms),
            "last_at": max(max(m["a_at"], m["b_at"]) for m in ms),
            "window_s": 600,
            "follower": [sum(m["a_at"] > m["b_at"] for m in ms), sum(m["a_at"] < m["b_at"] for m in ms)],
        }
        for (a, b, behaviour), ms in sorted(found.items())
    ]


def account(name, cluster=None):
    return {
        "account_id": name,
        "cluster_id": cluster,
        "actions": 12,
        "notes": 1,
        "comments": 10,
        "messages": 0,
        "interactions": 1,
        "first_at": at(),
        "last_at": at(6),
        "registered_at": at(-3) if cluster else None,
        "history": "none" if cluster else "unknown",
        "partners": 4 if cluster else 0,
    }


def cluster(name, accounts, pairs, meetings, score, timing):
    return {
        "cluster_id": name,
        "size": len(accounts),
        "score": score,
        "first_at": at(),
        "last_at": at(9),
        "behaviours": [meetings[0]["behaviour"]],
        "pairs": len(pairs),
        "timing_p_value": timing,
        "objects": len({m["object"] for m in meetings}),
        "sentence": f"{len(accounts)} accounts met more often than opportunity explains.",
    }


def clue(subject, name, sentence, rows=()):
    return {
        "subject": subject,
        "clue": name,
        "family": "B1",
        "writer": "self",
        "value": None,
        "unit": "share",
        "p_value": 1e-9,
        "sentence": sentence,
        "rows": list(rows),
    }


def run_tables():
    """The story's run."""
    met1, rows1 = occasions(MANY, "note_comment", [f"note{n:03d}" for n in range(6)] + [HOSTILE], 3)
    met2, rows2 = occasions(FEW, "link_shared", ["https://shop.example/p/1", "口红色号|推荐"], 5)
    pairs1, pairs2 = pairs_of(met1, 1e-9), pairs_of(met2, 2.5e-5)
    members = [(c, a) for c, accounts in (("c1", MANY), ("c2", FEW)) for a in accounts]
    evidence = [
        clue("cluster:c1", "density", "27 of 28 pairs of members are validated."),
        clue("cluster:c1", "against_verified", "1 of 8 members is verified by the platform."),
        clue("cluster:c1", "unknown_client", "The tools are not known: no client in the data."),
        clue("account:u00", "later_actor", "u00 acted second on 30 of 40 occasions.", ["comments/1"]),
        clue("account:u00", "against_human_label", "u00 is labelled human by: moderators."),
    ]
    return tables(
        pairs=sorted(pairs1 + pairs2, key=lambda p: (p["account_a"], p["account_b"])),
        clusters=[cluster("c2", FEW, pairs2, met2, 0.55, None), cluster("c1", MANY, pairs1, met1, 0.9, 1e-6)],
        members=[
            {
                "cluster_id": c,
                "account_id": a,
                "membership": 1.0 if a[0] == "u" else 0.65,
                "role": "core" if a[0] == "u" else "periphery",
            }
            for c, a in members
        ],
        accounts=[account(BYSTANDER)] + [account(a, c) for c, a in members],
        evidence=evidence,
        meetings=met1 + met2,
        rows=rows1 + rows2,
    )
