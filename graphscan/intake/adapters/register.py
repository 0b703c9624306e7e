"""Every foreign format that can be read, in the order in which they are tried: the most particular first."""

from __future__ import annotations

from graphscan.errors import InputError
from graphscan.intake.adapters import (
    column_map_rows,
    coordination_toolkit,
    coortweet,
    discord,
    jetstream,
    mediacrawler,
    telegram,
    web_api,
    xhs_downloader,
    zeeschuimer,
)
from graphscan.intake.adapters.adapter import Adapter

ADAPTERS: tuple[Adapter, ...] = (
    Adapter(
        "column_map",
        "any table, by a column map that says which of its columns is which (--columns)",
        column_map_rows.recognise,
        column_map_rows.read,
    ),
    Adapter(
        "mediacrawler",
        "MediaCrawler, Xiaohongshu, before and since July 2026: csv, json, jsonl, sqlite, xlsx",
        mediacrawler.recognise,
        mediacrawler.read,
    ),
    Adapter(
        "zeeschuimer",
        "Zeeschuimer NDJSON of Xiaohongshu, raw or imported into 4CAT: posts and comments",
        zeeschuimer.recognise,
        zeeschuimer.read,
    ),
    Adapter(
        "zeeschuimer_csv",
        "Zeeschuimer or 4CAT CSV: recognised and refused, it names authors by nickname only",
        zeeschuimer.recognise_csv,
        zeeschuimer.refuse_csv,
    ),
    Adapter(
        "xhs_downloader",
        "XHS-Downloader ExploreData.db",
        xhs_downloader.recognise,
        xhs_downloader.read,
    ),
    Adapter(
        "telegram",
        "Telegram Desktop result.json: one chat or all",
        telegram.recognise,
        telegram.read,
    ),
    Adapter(
        "discord",
        "DiscordChatExporter JSON",
        discord.recognise,
        discord.read,
    ),
    Adapter(
        "web_api",
        "answers of the Xiaohongshu web interface: items[].note_card, comments[]",
        web_api.recognise,
        web_api.read,
    ),
    Adapter(
        "jetstream",
        "Bluesky Jetstream JSON lines: posts, replies, likes, reposts, follows",
        jetstream.recognise,
        jetstream.read,
    ),
    Adapter(
        "coortweet",
        "CooRTweet CSV: object_id, account_id, content_id, timestamp_share",
        coortweet.recognise,
        coortweet.read,
    ),
    Adapter(
        "coordination_toolkit",
        "Coordination Network Toolkit CSV: eight columns in their order",
        coordination_toolkit.recognise,
        coordination_toolkit.read,
    ),
)
"""What ``graphscan convert`` can read. A format is added by one file and one entry here."""


def known_formats() -> str:
    """Return the formats, one a line, for people."""
    return "\n".join(f"  {adapter.name}: {adapter.sentence}" for adapter in ADAPTERS)


def adapter_named(name: str) -> Adapter:
    """Return the adapter of that name.

    Raises
    ------
    InputError
        When there is none; the message lists all.
    """
    for adapter in ADAPTERS:
        if adapter.name == name:
            return adapter
    raise InputError(f"unknown format {name!r}; known formats:\n{known_formats()}")
