"""Telegram Desktop, DiscordChatExporter, Jetstream: messages, members that are sure, events that are none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphscan.intake.adapters import ConversionReport, convert

AT = {"date": "2026-05-28T01:00:00", "date_unixtime": "1780000000"}


def converted(tmp_path: Path, document: object) -> tuple[ConversionReport, dict[str, list[dict]]]:
    file = tmp_path / "export"
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    out = tmp_path / "dataset"
    report = convert([file], out)
    return report, {path.stem: pq.read_table(path).to_pylist() for path in out.iterdir()}


def telegram(*messages: dict, **changes: object) -> dict:
    return {
        "name": "群",
        "type": "private_supergroup",
        "id": 12345678901,
        "messages": list(messages),
    } | changes


def message(number: int = 1, **changes: object) -> dict:
    base = {
        "id": number,
        "type": "message",
        "from": "甲",
        "from_id": "user1",
        "text": "hi",
        "text_entities": [],
    }
    return base | AT | changes


def service(action: str, **changes: object) -> dict:
    base = {"id": 9, "type": "service", "actor": "甲", "actor_id": "user1", "action": action, "text": ""}
    return base | AT | changes


def test_text_is_joined_from_its_entities_and_links_are_found(tmp_path: Path) -> None:
    entities = [
        {"type": "plain", "text": "看 "},
        {"type": "link", "text": "http://e.invalid/1"},
        {"type": "text_link", "text": "这", "href": "http://e.invalid/2"},
    ]
    _, tables = converted(tmp_path, telegram(message(text=["看 ", entities[1]], text_entities=entities)))
    [row] = tables["chat_messages"]
    assert row["text"] == "看 http://e.invalid/1这"
    assert row["links"] == ["http://e.invalid/1", "http://e.invalid/2"]
    assert row["created_at"] == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)


def test_old_exports_mix_strings_and_objects_and_number_their_senders(tmp_path: Path) -> None:
    old = message(text=["a ", {"type": "link", "text": "http://e.invalid/1"}], from_id=4443324)
    del old["text_entities"]
    report, tables = converted(tmp_path, telegram(old))
    assert tables["chat_messages"][0]["text"] == "a http://e.invalid/1"
    assert tables["chat_messages"][0]["account_id"] == "user4443324"
    assert any("before 2021" in warning for warning in report.files[0].warnings)


def test_message_ids_of_two_chats_do_not_collide(tmp_path: Path) -> None:
    chats = [
        telegram(message(1), message(2, reply_to_message_id=1)),
        telegram(message(1), id=2, type="personal_chat"),
    ]
    _, tables = converted(tmp_path, {"about": "", "chats": {"about": "", "list": chats}})
    assert {(m["message_id"], m["reply_to"]) for m in tables["chat_messages"]} == {
        ("12345678901:1", None),
        ("12345678901:2", "12345678901:1"),
        ("2:1", None),
    }
    assert {(c["chat_id"], c["kind"]) for c in tables["chats"]} == {
        ("12345678901", "group"),
        ("2", "private"),
    }


def test_only_members_known_by_id_become_members(tmp_path: Path) -> None:
    rows = [
        service("create_group", actor_id="user7", members=["乙", "丙"]),
        service("join_group_by_link", actor_id="user8", inviter="甲"),
        service("invite_members", members=["甲"]),
        service("pin_message"),
        message(),
    ]
    report, tables = converted(tmp_path, telegram(*rows))
    assert {m["account_id"] for m in tables["chat_members"]} == {"user7", "user8"}
    assert tables["chats"][0]["owner_id"] == "user7"
    told = [warning for warning in report.files[0].warnings if "display name" in warning]
    assert len(told) == 2
    assert report.files[0].set_aside == {"service row 'pin_message': no row of a dataset": 1}


def test_a_time_without_an_offset_is_china_time_and_said_so(tmp_path: Path) -> None:
    old = message()
    del old["date_unixtime"]
    report, tables = converted(tmp_path, telegram(old))
    assert tables["chat_messages"][0]["created_at"] == datetime(2026, 5, 27, 17, 0, tzinfo=UTC)
    assert any("Asia/Shanghai" in warning for warning in report.files[0].warnings)


def test_a_message_without_a_sender_is_set_aside_by_its_place(tmp_path: Path) -> None:
    report, tables = converted(tmp_path, telegram(message(1), message(2, from_id=None)))
    assert len(tables["chat_messages"]) == 1
    assert report.files[0].first_set_aside == ((2, "account_id", "no value"),)


def discord(*messages: dict, kind: str = "GuildTextChat") -> dict:
    return {
        "guild": {"id": "1", "name": "g"},
        "channel": {"id": "2", "type": kind, "name": "c"},
        "messages": list(messages),
    }


def post(number: str, **changes: object) -> dict:
    author = {"id": "77", "name": "a", "nickname": "momo"}
    base = {"id": number, "type": "Default", "timestamp": "2026-05-28T20:26:40.123+00:00", "content": "hi"}
    return base | {"author": author} | changes


def test_answers_are_answers_only_within_their_channel(tmp_path: Path) -> None:
    rows = [
        post("10"),
        post("11", type="Reply", reference={"messageId": "10", "channelId": "2"}),
        post("12", type="Reply", reference={"messageId": "10", "channelId": "99"}),
        post("13", reference={"type": "Forward", "messageId": "10", "channelId": "2"}),
    ]
    _, tables = converted(tmp_path, discord(*rows))
    assert {m["message_id"]: m["reply_to"] for m in tables["chat_messages"]} == {
        "10": None,
        "11": "10",
        "12": None,
        "13": None,
    }
    assert tables["chat_messages"][0]["created_at"].microsecond == 123_000


def test_joins_are_members_and_reactions_are_counted(tmp_path: Path) -> None:
    reaction = {"emoji": {"name": "x"}, "count": 2, "users": [{"id": "1"}, {"id": "2"}]}
    rows = [
        post("10", type="GuildMemberJoin"),
        post("11", reactions=[reaction]),
        post("12", type="ChannelPinnedMessage"),
    ]
    report, tables = converted(tmp_path, discord(*rows))
    assert [(m["chat_id"], m["account_id"]) for m in tables["chat_members"]] == [("2", "77")]
    assert any("reactions" in w and w.endswith(": 2") for w in report.files[0].warnings)
    assert report.files[0].set_aside == {"service message 'ChannelPinnedMessage': no row of a dataset": 1}


@pytest.mark.parametrize(("channel", "kind"), [("DirectTextChat", "private"), ("DirectGroupTextChat", "group")])
def test_only_a_chat_of_two_is_private(tmp_path: Path, channel: str, kind: str) -> None:
    _, tables = converted(tmp_path, discord(post("10"), kind=channel))
    assert tables["chats"][0]["kind"] == kind


def event(collection: str, record: dict, **changes: object) -> dict:
    commit = {"operation": "create", "collection": collection, "rkey": "k", "record": record} | changes
    return {"did": "did:plc:a", "time_us": 1780000000000999, "kind": "commit", "commit": commit}


def test_events_of_jetstream_become_notes_comments_and_interactions(tmp_path: Path) -> None:
    uri = "at://did:plc:z/app.bsky.feed.post/1"
    reply = {"root": {"uri": uri}, "parent": {"uri": uri}}
    rows = [
        event("app.bsky.feed.post", {"text": "hi", "createdAt": "1999-01-01T00:00:00Z"}),
        event("app.bsky.feed.post", {"text": "re", "reply": reply}, rkey="k2"),
        event("app.bsky.feed.like", {"subject": {"uri": uri}}),
        event("app.bsky.graph.follow", {"subject": "did:plc:z"}),
        event("app.bsky.feed.like", {}, operation="delete"),
    ]
    file = tmp_path / "export"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    report = convert([file], tmp_path / "dataset")
    assert report.rows == {"notes": 1, "comments": 1, "interactions": 2}
    [note] = pq.read_table(tmp_path / "dataset" / "notes.parquet").to_pylist()
    assert note["created_at"] == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC), "the relay's clock, not the client's"
    [comment] = pq.read_table(tmp_path / "dataset" / "comments.parquet").to_pylist()
    assert (comment["note_id"], comment["reply_to"]) == (uri, None)
    assert report.files[0].set_aside == {"an event that makes no post, like, repost or follow": 1}
