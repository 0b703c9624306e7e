"""The scenarios: which populations make up which world.

In: nothing. Out: :data:`SCENARIOS`, and :data:`BUILDERS`, the function behind each kind of part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphscan.simulate import attacks, chats, circles, crowds, evasions, farms, framings, hidings, hosted
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
    "jitter-farm": hidings.jitter,
    "rotation-farm": hidings.rotation,
    "camouflage-farm": hidings.camouflage,
    "rewritten-farm": hidings.paraphrase_share,
    "noise-farm": hidings.noise,
    "aged-farm": hidings.aged,
    "midnight-farm": hidings.midnight,
    "well-spoken-farm": hidings.well_spoken,
    "figurehead-farm": hidings.figurehead,
    "declared-farm": hidings.declared,
    "private-farm": hidings.private_notes,
    "freshmen-farm": framings.freshmen,
    "fandom-farm": framings.fandom,
    "phrase-farm": framings.stock_phrase,
    "household-farm": framings.borrowed_identity,
}
"""The builder of each kind of part; its docstring says what such people do."""


@dataclass(frozen=True)
class Scenario:
    """One world to simulate: its name, a sentence about it, its ordinary accounts, its days and its parts."""

    name: str
    sentence: str
    people: int
    days: int
    parts: tuple[Part, ...]


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
        "five farms among 1,400 ordinary accounts and every honest look-alike, fourteen days",
        1_400,
        14,
        (*LOOK_ALIKES, OCCASIONAL, *FARMS),
    ),
    Scenario(
        "quiet",
        "no farm at all: ordinary accounts and every honest look-alike",
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
        "aged",
        "two farms of accounts registered a month before the log",
        *_both("aged-farm", 30.0),
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
"""One attack each (ENFORCEMENT section 6), at a middling strength; ``benchmarks/redteam.py`` varies it."""

SCENARIOS += ATTACKS


def scenario_named(name: str) -> Scenario | None:
    """Return the scenario of that name, or None."""
    return next((s for s in SCENARIOS if s.name == name), None)
