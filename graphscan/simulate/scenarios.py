"""The scenarios: which populations make up which world.

In: nothing. Out: :data:`SCENARIOS`, and :data:`BUILDERS`, the function behind each kind of part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphscan.simulate import attacks, chats, circles, crowds, evasions, farms
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
    "poisoned-farm": evasions.poisoned_history,
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
)


def _attack(name: str, sentence: str, *parts: Part) -> Scenario:
    return Scenario(name, sentence, 1_000, 14, (Part("fans", 40), Part("niche", 20), *parts))


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
)
"""One attack each (ENFORCEMENT section 6), at a middling strength; ``benchmarks/redteam.py`` varies it."""

SCENARIOS += ATTACKS


def scenario_named(name: str) -> Scenario | None:
    """Return the scenario of that name, or None."""
    return next((s for s in SCENARIOS if s.name == name), None)
