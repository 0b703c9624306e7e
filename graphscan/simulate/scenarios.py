"""The scenarios: which populations make up which world.

In: nothing. Out: :data:`SCENARIOS`, and :data:`BUILDERS`, the function behind each kind of part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphscan.simulate import (
    attacks,
    chat_farms,
    chats,
    circles,
    crowds,
    evasions,
    farms,
    framings,
    hidden,
    hidings,
    hosted,
    lives,
    substitutes,
    trades,
)
from graphscan.simulate.parts import Part, Stage

BUILDERS: Mapping[str, Callable[[Stage], None]] = {
    "fans": crowds.fans,
    "viral": crowds.viral,
    "habit": crowds.habit,
    "group-buy": crowds.group_buy,
    "festival": crowds.festival,
    "group-chat": chats.group_chat,
    "night-shift": circles.night_shift,
    "school-club": circles.school_club,
    "scheduled": circles.scheduled,
    "brand": circles.brand,
    "niche": circles.niche,
    "aided": circles.aided,
    "occasional": circles.occasional,
    "new-club": circles.new_club,
    "hire-farm": farms.hire,
    "merchant-farm": farms.merchant,
    "drip-farm": farms.drip,
    "paraphrase-farm": farms.paraphrase,
    "like-farm": farms.likes,
    "funnel-farm": farms.funnel,
    "reactive-farm": attacks.framing_reactive,
    "preemptive-farm": attacks.framing_preemptive,
    "report-brigade": attacks.report_brigade,
    "bridging-farm": attacks.bridging,
    "led-farm": evasions.leader_immunity,
    "prebuilt-farm": evasions.prebuilt_interest,
    "hijacked-farm": evasions.hijacked,
    "often": hosted.often,
    "all-notes": hosted.all_notes,
    "tool-life": hosted.tool_life,
    "aided-undeclared": hosted.aided_undeclared,
    "poisoned-farm": evasions.poisoned_history,
    "steady": hosted.steady,
    "incessant": hosted.incessant,
    "agency": trades.agency,
    "newsroom": trades.newsroom,
    "flash-sale": trades.flash_sale,
    "lottery": trades.lottery,
    "share-template": trades.share_template,
    "translation": trades.translation,
    "family": lives.families,
    "dormant": lives.dormant,
    "heavy": lives.heavy,
    "few-posts": lives.few_posts,
    "newcomer": lives.newcomers,
    "victim": lives.wooed,
    "commuter": lives.commuters,
    "aged-farm": hidden.aged_farm,
    "batch-farm": hidden.batch_farm,
    "trickle-farm": hidden.trickle_farm,
    "camouflaged-farm": hidden.camouflaged_farm,
    "rotating-farm": hidden.rotating_farm,
    "heartbeat-farm": hidden.heartbeat_farm,
    "dedicated-farm": hidden.dedicated_farm,
    "ring-farm": hidden.ring_farm,
    "chorus-farm": chat_farms.chorus_farm,
    "group-funnel-farm": chat_farms.group_funnel,
    "jitter-farm": hidings.jitter,
    "rotation-farm": hidings.rotation,
    "camouflage-farm": hidings.camouflage,
    "rewritten-farm": hidings.paraphrase_share,
    "noise-farm": hidings.noise,
    "bought-farm": hidings.aged,
    "midnight-farm": hidings.midnight,
    "well-spoken-farm": hidings.well_spoken,
    "figurehead-farm": hidings.figurehead,
    "declared-farm": hidings.declared,
    "private-farm": hidings.private_notes,
    "freshmen-farm": framings.freshmen,
    "fandom-farm": framings.fandom,
    "phrase-farm": framings.stock_phrase,
    "household-farm": framings.borrowed_identity,
    "homoglyph-farm": substitutes.homoglyphs,
    "churn-farm": substitutes.churn,
}
"""The builder of each kind of part; its docstring says what such people do."""


@dataclass(frozen=True)
class Scenario:
    """One world to simulate: its name, a sentence about it, its ordinary accounts, its days and its parts.

    ``level`` worlds let ordinary people follow everybody, so that a lack of followers gives nobody away.
    """

    name: str
    sentence: str
    people: int
    days: int
    parts: tuple[Part, ...]
    level: bool = False


LOOK_ALIKES = (
    Part("fans", 40),
    Part("viral", 80),
    Part("habit", 30),
    Part("group-buy", 60),
    Part("festival", 60),
    Part("group-chat", 50),
    Part("night-shift", 30),
    Part("school-club", 60),
    Part("scheduled", 40),
    Part("brand", 6),
    Part("niche", 20),
    Part("aided", 40),
)

FARMS = (
    Part("hire-farm", 12, "tool", measure="ban"),
    Part("hire-farm", 18, "hands", measure="limit"),
    Part("merchant-farm", 15, measure="ban"),
    Part("paraphrase-farm", 10, measure="ban"),
    Part("like-farm", 20, measure="limit"),
)

OCCASIONAL = Part("occasional", 12, measure="warn")


def _for_every(ordinary: int, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(Part(p.kind, p.size, p.tag, ordinary, p.measure) for p in parts)


SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "small_world",
        "five farms among 1,400 ordinary accounts and twelve kinds of honest look-alikes, fourteen days",
        1_400,
        14,
        (*LOOK_ALIKES, OCCASIONAL, *FARMS),
    ),
    Scenario(
        "quiet",
        "no farm at all: ordinary accounts and thirteen kinds of honest look-alikes",
        1_400,
        14,
        (*LOOK_ALIKES, Part("new-club", 20)),
    ),
    Scenario(
        "city",
        "farms and look-alikes in proportion to the number of ordinary accounts, all kinds of both",
        20_000,
        14,
        (
            *_for_every(10_000, (*LOOK_ALIKES, OCCASIONAL)),
            *_for_every(
                4_000,
                (*FARMS, Part("drip-farm", 10, measure="limit"), Part("funnel-farm", 10, measure="ban")),
            ),
        ),
    ),
    Scenario(
        "mega",
        "two farms of four hundred accounts each, large enough to look like an interest of their own",
        5_000,
        14,
        (
            *LOOK_ALIKES,
            Part("hire-farm", 400, "first", measure="ban"),
            Part("hire-farm", 400, "second", measure="limit"),
        ),
    ),
    Scenario(
        "merchant",
        "farms that serve one merchant each, among honest customers, and an honest new club much like them",
        2_000,
        14,
        (
            *LOOK_ALIKES,
            Part("new-club", 20),
            *(Part("merchant-farm", size, f"shop{size}", measure="ban") for size in (8, 12, 15, 20)),
        ),
    ),
    Scenario(
        "slow",
        "farms that avoid bursts or shared words: drip, paraphrase and chat funnel",
        2_000,
        14,
        (
            *LOOK_ALIKES,
            Part("drip-farm", 12, measure="limit"),
            Part("paraphrase-farm", 12, measure="ban"),
            Part("funnel-farm", 12, measure="ban"),
        ),
    ),
    Scenario(
        "notice",
        "the cases of the platform's notice that need no farm: managed now and then, often, in all notes, in everything",
        1_400,
        14,
        (
            *LOOK_ALIKES,
            Part("aided-undeclared", 40),
            Part("occasional", 20, measure="warn"),
            Part("often", 20, measure="limit"),
            Part("all-notes", 12, measure="ban"),
            Part("tool-life", 12, measure="ban"),
            Part("hire-farm", 18, "hands", measure="limit"),
        ),
    ),
)


def _attack(name: str, sentence: str, *parts: Part) -> Scenario:
    return Scenario(name, sentence, 1_000, 14, (Part("fans", 40), Part("niche", 20), *parts))


def _both(kind: str, strength: float) -> tuple[Part, Part]:
    """A farm that people run by hand, due for a limit, and one that a tool runs, due for a ban."""
    return (
        Part(kind, 15, "hands", measure="limit", strength=strength),
        Part(kind, 15, "tool", measure="ban", strength=strength),
    )


ATTACKS: tuple[Scenario, ...] = (
    _attack(
        "framing_reactive",
        "three squads, each of which comments seconds after one innocent, wherever it comments",
        *(Part("reactive-farm", 20, tag, measure="limit") for tag in ("first", "second", "third")),
    ),
    _attack(
        "framing_preemptive",
        "a squad sits on every new note of an idol, so that the idol's fans come later",
        Part("preemptive-farm", 30, measure="limit", strength=15.0),
    ),
    _attack(
        "report_brigade",
        "a hundred accounts report one author and every note of the author's",
        Part("report-brigade", 100),
    ),
    _attack(
        "bridging",
        "two squads with work of their own copy the same innocents, who so join them",
        Part("bridging-farm", 30, measure="limit", strength=5.0),
    ),
    _attack(
        "leader_immunity",
        "a farm in which one account in ten always comes first",
        Part("led-farm", 20, measure="limit", strength=0.1),
    ),
    _attack(
        "prebuilt_interest",
        "a farm of bought accounts that first visits the authors it will praise",
        Part("prebuilt-farm", 20, measure="limit"),
    ),
    _attack(
        "hijacked",
        "old accounts of real people, of which a tool does one action in five in the last days",
        Part("hijacked-farm", 15, measure="limit", strength=0.2),
    ),
    _attack(
        "poisoned_history",
        "a farm whose owner sends a crowd of old accounts to its targets, to make them look popular",
        Part("poisoned-farm", 15, measure="limit", strength=0.05),
    ),
    _attack(
        "jitter",
        "two farms whose members come to each task over half an hour",
        *_both("jitter-farm", 30.0),
    ),
    _attack(
        "drip",
        "two farms whose members come to each task over a whole day",
        *_both("jitter-farm", 1440.0),
    ),
    _attack(
        "rotation",
        "two farms of which three members in ten come to each task",
        *_both("rotation-farm", 0.3),
    ),
    _attack(
        "camouflage",
        "two farms that live so much besides that tasks are half of what they do",
        *_both("camouflage-farm", 0.5),
    ),
    _attack(
        "paraphrase",
        "two farms that let a model write two comments in three afresh",
        *_both("rewritten-farm", 0.66),
    ),
    _attack(
        "noise",
        "two farms that strew unseen marks and pictures into their mould",
        *_both("noise-farm", 0.1),
    ),
    _attack(
        "homoglyph",
        "two farms that write their mould with letters that look like others",
        *_both("homoglyph-farm", 0.3),
    ),
    _attack(
        "churn",
        "two farms that throw their accounts away after three days, and go on with fresh ones",
        *_both("churn-farm", 3.0),
    ),
    _attack(
        "aged",
        "two farms of accounts registered a month before the log",
        *_both("bought-farm", 30.0),
    ),
    _attack(
        "midnight",
        "two farms that do every task across the hour in which the day is cut",
        *_both("midnight-farm", 1.0),
    ),
    _attack(
        "well_spoken",
        "two farms whose members answer each other, as people do with people",
        *_both("well-spoken-farm", 3.0),
    ),
    _attack(
        "figurehead",
        "two farms of old accounts with one verified account in each",
        *_both("figurehead-farm", 1.0),
    ),
    _attack(
        "declared",
        "two farms that label every note of theirs as made with AI",
        *_both("declared-farm", 1.0),
    ),
    _attack(
        "private",
        "two farms all of whose notes are private",
        *_both("private-farm", 1.0),
    ),
    _attack(
        "funnel",
        "a chat funnel: friendly comments, then private messages with a contact to strangers",
        Part("funnel-farm", 12, measure="ban"),
    ),
    _attack(
        "freshmen",
        "a squad that takes itself for freshmen of one school: their network, their singer, their slogan, and always first",
        Part("freshmen-farm", 20, measure="ban", strength=0.5),
    ),
    _attack(
        "fandom",
        "the same squad around freshmen who follow a group of four singers and write one slogan under all their notes",
        Part("fandom-farm", 20, measure="ban", strength=0.5),
    ),
    _attack(
        "phrase",
        "a squad that writes its victims' stock phrases, also before them",
        Part("phrase-farm", 20, measure="ban", strength=0.8),
    ),
    _attack(
        "household",
        "a squad behind a new household's network that copies whatever the household does",
        Part("household-farm", 15, measure="ban"),
    ),
)
"""One attack each, at a middling strength; ``benchmarks/redteam.py`` varies it."""

ODD_LIVES = (
    Part("agency", 8),
    Part("newsroom", 6),
    Part("flash-sale", 60),
    Part("lottery", 60),
    Part("share-template", 60),
    Part("translation", 40),
    Part("family", 40),
    Part("dormant", 40),
    Part("heavy", 30),
    Part("few-posts", 40),
    Part("newcomer", 40),
    Part("victim", 20),
    Part("commuter", 30),
)
"""Honest look-alikes that the first worlds lack."""

EVERY_HONEST = (*LOOK_ALIKES, Part("new-club", 20), Part("aided-undeclared", 40), *ODD_LIVES)


def _hidden(*kinds: str, size: int = 20, measure: str = "limit", strength: float = 0.4) -> tuple[Part, ...]:
    return tuple(Part(kind, size, measure=measure, strength=strength) for kind in kinds)


LEVEL: tuple[Scenario, ...] = (
    Scenario(
        "honest",
        "no farm, and every honest look-alike there is, for counting whom a run would harm",
        5_000,
        14,
        _for_every(5_000, EVERY_HONEST),
        level=True,
    ),
    Scenario(
        "hidden",
        "farms whose members differ from people in nothing that one can count about one of them, among every look-alike",
        3_000,
        14,
        (
            *EVERY_HONEST,
            *_hidden("batch-farm", "aged-farm", "trickle-farm", "dedicated-farm"),
            *_hidden("camouflaged-farm", strength=0.25),
            *_hidden("rotating-farm", size=50),
        ),
        level=True,
    ),
    Scenario(
        "adaptive",
        "farms that know the detector: a machine's heartbeat, a mutual ring, a chat chorus, a funnel into a group",
        3_000,
        14,
        (*EVERY_HONEST, *_hidden("heartbeat-farm", "ring-farm", "chorus-farm", "group-funnel-farm")),
        level=True,
    ),
    Scenario(
        "hidden_mega",
        "one farm of four hundred bought accounts, of ordinary age and habits",
        5_000,
        14,
        (*EVERY_HONEST, Part("aged-farm", 400, measure="limit", strength=0.4)),
        level=True,
    ),
    Scenario(
        "degrees",
        "ordinary people who use an agent tool at every degree, or AI as an aid, declared and not; no farm",
        3_000,
        14,
        (
            *EVERY_HONEST,
            Part("occasional", 60, measure="warn"),
            Part("often", 60, measure="limit"),
            Part("steady", 40, measure="limit"),
            Part("incessant", 40, measure="limit"),
            Part("all-notes", 12, measure="ban"),
            Part("tool-life", 12, measure="ban"),
        ),
        level=True,
    ),
)
"""Level worlds: what one can count about an account by itself tells nobody apart, but for marks that are declared."""

SCENARIOS += (*ATTACKS, *LEVEL)


def scenario_named(name: str) -> Scenario | None:
    """Return the scenario of that name, or None."""
    return next((s for s in SCENARIOS if s.name == name), None)
