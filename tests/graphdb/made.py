"""A small run and its dataset, made by hand: every kind of node and relationship occurs, and so does hostile text."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq

from graphscan.tables import INPUT_TABLES, RUN_TABLES

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
LONG_ID = "长" * 150 + "x" * 150
HOSTILE = (
    "`}) DETACH DELETE n //",
    "' OR 1=1; MATCH (n) DETACH DELETE n; //",
    "\\u0027}) RETURN 1 // \\u0060",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    '=HYPERLINK("http://evil.example")',
    "tab\tnew\nline\r\x01\x07\x1b[31m\x7f\u202ereversed\u2028",
    "🧑‍🤝‍🧑 很好看，链接在这里 e\u0301 ␛ ␛d800",
    "$rows {} UNWIND %s %n",
)
MEMBERS = {"c0a": [f"a{i:02d}" for i in range(6)], "c0b": [f"b{i:02d}" for i in range(4)] + [LONG_ID]}


def at(minutes):
    return START + timedelta(minutes=minutes, milliseconds=7)


def dataset_tables(crowd=20):
    people = [*MEMBERS["c0a"], *MEMBERS["c0b"], *(f"h{i:03d}" for i in range(crowd)), *HOSTILE]
    return {
        "accounts": [
            {
                "account_id": p,
                "registered_at": at(-5000 + i),
                "device": f"d{i // 2}",
                "network": "n1",
                "client": "app/1",
                "nickname": HOSTILE[i % len(HOSTILE)],
                "bio": "",
                "verified": i % 3 == 0,
            }
            for i, p in enumerate(people)
        ],
        "notes": [
            {
                "note_id": f"n{i}",
                "account_id": p,
                "created_at": at(i),
                "title": f"题目 {i}",
                "text": HOSTILE[i % len(HOSTILE)],
                "tags": ["穿搭", HOSTILE[0]],
                "links": ["https://Mall.example/item/1", "4711"] if i < 8 else None,
                "media": [],
                "client": "app/1",
                "public": True,
            }
            for i, p in enumerate(people)
        ],
        "comments": [
            {
                "comment_id": f"k{i}-{p}",
                "note_id": f"n{i}" if i < 4 else "unknown-note",
                "account_id": p,
                "created_at": at(100 + i * 10 + j),
                "text": "求链接" if j < 4 else HOSTILE[j % len(HOSTILE)],
                "reply_to": f"k0-{people[0]}" if i == 1 else None,
                "links": ["https://mall.example/item/2"] if j < 5 else None,
                "client": "openclaw/0.9",
            }
            for i in range(5)
            for j, p in enumerate(people)
        ],
        "chats": [
            {"chat_id": "t1", "kind": "group", "name": "打卡群", "created_at": at(0), "owner_id": "a00"},
            {"chat_id": "t2", "kind": "private", "name": None, "created_at": at(0), "owner_id": "h000"},
        ],
        "chat_members": [
            {"chat_id": "t1", "account_id": p, "joined_at": at(i), "left_at": None} for i, p in enumerate(people[:9])
        ],
        "chat_messages": [
            {
                "message_id": f"m{i}",
                "chat_id": ("t1", "t2", "t-unknown")[i % 3],
                "account_id": people[i % 6],
                "created_at": at(90 + i),
                "text": f"secret words {i}",
                "reply_to": "m0" if i == 3 else None,
                "links": ["https://mall.example/item/2"],
                "client": None,
            }
            for i in range(12)
        ],
        "interactions": [
            {
                "account_id": p,
                "kind": kind,
                "target_kind": target,
                "target_id": id_,
                "created_at": at(50 + j),
                "client": "app/2",
            }
            for j, p in enumerate(people)
            for kind, target, id_ in (
                ("like", "note", "n1"),
                ("collect", "note", "n2"),
                ("share", "note", "n2"),
                ("like", "comment", "k0-a00"),
                ("follow", "account", "h001"),
                ("view", "note", "n3"),
            )
        ],
        "reports": [
            {
                "report_id": "r1",
                "reporter_id": "h002",
                "target_kind": "account",
                "target_id": "a01",
                "created_at": at(300),
                "reason": "刷评论",
            },
            {
                "report_id": "r2",
                "reporter_id": "a02",
                "target_kind": "note",
                "target_id": "n15",
                "created_at": at(301),
                "reason": None,
            },
        ],
    }


def run_tables(data):
    people = [row["account_id"] for row in data["accounts"]]
    cluster_of = {a: c for c, members in MEMBERS.items() for a in members}
    pairs = [pair(a, b) for members in MEMBERS.values() for a in members for b in members if a < b]
    return {
        "pairs": [*pairs, pair("a00", "b00"), pair("a05", "h000")],
        "clusters": [
            {
                "cluster_id": c,
                "size": len(members),
                "score": 0.9,
                "behaviours": ["note_comment"],
                "first_at": at(100),
                "last_at": at(150),
                "sentence": "several accounts met",
                "measure": "ban",
                "pairs": 15,
                "objects": 4,
                "timing_p_value": None,
            }
            for c, members in MEMBERS.items()
        ],
        "members": [
            {
                "cluster_id": c,
                "account_id": a,
                "membership": 1.0 if i else 0.4,
                "role": "core" if i else "periphery",
            }
            for c, members in MEMBERS.items()
            for i, a in enumerate(members)
        ],
        "motifs": [
            {
                "motif_id": "f1",
                "kind": "chain",
                "cluster_id": "c0a",
                "accounts": ["a00", "a01"],
                "objects": ["n1"],
                "started_at": at(1),
                "ended_at": at(2),
                "p_value": 1e-6,
            }
        ],
        "accounts": [
            {
                "account_id": a,
                "cluster_id": cluster_of.get(a),
                "measure": "ban" if a == "a01" else None,
                "actions": 9,
                "notes": 1,
                "comments": 5,
                "messages": 2,
                "interactions": 6,
                "first_at": at(0),
                "last_at": at(200),
                "registered_at": at(-5000),
                "history": "before",
                "partners": 5 if a in cluster_of else 0,
            }
            for a in people
        ],
        "evidence": [
            clue("cluster:c0a", "meetings_note_comment", ["comments/k0-a00", "notes/n1", "chat_messages/m0"]),
            clue(
                "account:a01",
                "acted_later_note_comment",
                ["comments/k0-a01", "interactions/a01|like|note|n1"],
            ),
            clue(f"account:{LONG_ID}", "acted_later_note_comment", []),
        ],
        "decisions": [
            decision("d1", "a01", ["cluster:c0a meetings_note_comment"]),
            decision("d2", "account:a02", ["d1"]),
            decision("d3", "a03", ["d2", "c0a"]),
        ],
        "meetings": [],
        "rows": kept_rows(data),
    }


def pair(a, b):
    return {
        "account_a": a,
        "account_b": b,
        "behaviour": "note_comment",
        "meetings": 4,
        "objects": 4,
        "expected": 0.1,
        "p_value": 1e-9,
        "q_value": 1e-6,
        "first_at": at(100),
        "last_at": at(150),
        "follower": [1, 3],
        "window_s": 600,
    }


def clue(subject, name, rows):
    return {
        "subject": subject,
        "clue": name,
        "family": "B1",
        "writer": "self",
        "value": 4.0,
        "unit": "occasions",
        "p_value": 1e-9,
        "sentence": f"{HOSTILE[3]} they met",
        "rows": rows,
    }


def decision(name, subject, follows):
    return {
        "decision_id": name,
        "subject": subject,
        "measure": "ban",
        "reason": "R1",
        "follows": follows,
        "cluster_id": "c0a",
        "policy_version": "1",
        "automated": True,
    }


def kept_rows(data):
    """What a run keeps of the input: here, all comments and likes of members."""
    members = {a for group in MEMBERS.values() for a in group}
    comments = [
        {
            "row": f"comments/{c['comment_id']}",
            "table": "comments",
            "account_id": c["account_id"],
            "at": c["created_at"],
            "on": c["note_id"],
            "text": c["text"],
            "links": c["links"],
            "client": c["client"],
        }
        for c in data["comments"]
    ]
    likes = [
        {
            "row": f"interactions/{i['account_id']}|{i['kind']}|{i['target_kind']}|{i['target_id']}|2026",
            "table": "interactions",
            "account_id": i["account_id"],
            "at": i["created_at"],
            "on": i["target_id"],
            "text": i["kind"],
            "links": None,
            "client": i["client"],
        }
        for i in data["interactions"]
    ]
    return [row for row in [*comments, *likes] if row["account_id"] in members]


def write_dataset(folder, data):
    folder.mkdir()
    for table in INPUT_TABLES:
        if data.get(table.name):
            pq.write_table(
                pa.Table.from_pylist(data[table.name], schema=table.schema), folder / f"{table.name}.parquet"
            )
    return folder


def write_run(folder, tables, last_at="2026-03-02T00:00:00.000Z"):
    folder.mkdir()
    outputs = {}
    for table in RUN_TABLES:
        path = folder / f"{table.name}.parquet"
        pq.write_table(pa.Table.from_pylist(tables.get(table.name, []), schema=table.schema), path)
        outputs[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = {
        "graphscan_version": "0.1.0",
        "outputs": outputs,
        "settings": {"timezone": "UTC", "epoch_unit": ""},
        "span": {"first_at": "2026-03-01T08:00:00.000Z", "last_at": last_at},
    }
    (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
