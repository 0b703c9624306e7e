"""A small world that a story is told in: people act, minute by minute, and a real dataset comes of it.

In: calls such as ``world.comment("f1", "note 3", at=90)`` (minutes since Monday midnight). Out: a dataset read by the real reader.
"""

import datetime as dt
import json
from collections import defaultdict

from graphscan.intake import read_dataset

MONDAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
DAY = 24 * 60
HOUR = 60


class World:
    """The rows of every table, as the story adds them; row ids are counted."""

    def __init__(self):
        self.rows = defaultdict(list)

    def _add(self, table, at, **values):
        number = len(self.rows[table])
        when = (MONDAY + dt.timedelta(minutes=at)).isoformat(timespec="milliseconds")
        named = {k: v.format(n=number) if k.endswith("_id") else v for k, v in values.items()}
        self.rows[table].append({"created_at": when, **named})

    def post(self, who, at, note_id="note-{n}", **values):
        """A note."""
        self._add("notes", at, note_id=note_id, account_id=who, **values)

    def comment(self, who, on, at, comment_id="comment-{n}", **values):
        """A comment under a note."""
        self._add("comments", at, comment_id=comment_id, note_id=on, account_id=who, **values)

    def write(self, who, chat, at, message_id="message-{n}", **values):
        """A message in a chat."""
        self._add("chat_messages", at, message_id=message_id, chat_id=chat, account_id=who, **values)

    def react(self, who, kind, target, at, target_kind="note"):
        """A like, collect, share, follow or view."""
        self._add("interactions", at, account_id=who, kind=kind, target_kind=target_kind, target_id=target)

    def open_chat(self, chat, kind="group"):
        """A chat and what kind it is."""
        self.rows["chats"].append({"chat_id": chat, "kind": kind})

    def register(self, who, at):
        """An account and when it was registered."""
        when = (MONDAY + dt.timedelta(minutes=at)).isoformat()
        self.rows["accounts"].append({"account_id": who, "registered_at": when})

    def write_to(self, folder):
        """Write the tables as JSON Lines, one file each."""
        folder.mkdir()
        for table, rows in self.rows.items():
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
            (folder / f"{table}.jsonl").write_text("".join(lines), encoding="utf-8")
        return folder

    def dataset(self, folder):
        """The dataset, as the reader reads it."""
        return read_dataset(self.write_to(folder))


def meet(world, act, who=("f1", "f2"), times=8, apart=0.3, every=DAY):
    """They do the same thing so many times, ``apart`` minutes from each other, in an order that changes."""
    for what in range(times):
        for k, member in enumerate(who):
            place = (k * (2 * what + 7) + what) % len(who)
            act(world, member, what, 10 * HOUR + what * every + 37 * what % 300 + place * apart)


def passers_by(world, act, people=30, each=6, things=20):
    """People who come upon the same things, each when it suits them."""
    for p in range(people):
        for k in range(each):
            what, at = (p * 7 + k * 5) % things, (p * 1009 + k * 2503) % (9 * DAY)
            act(world, f"p{p:02d}", what, at)
