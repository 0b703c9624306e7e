"""The red team's grid: every attack at every strength, what each strength means, what should be reached, and what is checked.

In: the attacks of :data:`graphscan.simulate.scenarios.ATTACKS`. Out: declared values. Most goals were set before
anything was measured; those of noise, look-alike letters and poisoned history were set after their first results had been seen, from the
design's losses of at most two and five points. An attack without a goal is reported as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

Cell = tuple[str, int, float]
"""Attack, accounts of each squad, strength."""

STRENGTHS: dict[str, tuple[tuple[int, float], ...]] = {
    "framing_reactive": tuple((bots, share) for bots in (1, 5, 20, 50) for share in (0.25, 0.5, 1.0)),
    "framing_preemptive": tuple((bots, minutes) for bots in (10, 30, 60) for minutes in (5.0, 15.0, 60.0)),
    "freshmen": tuple((bots, share) for bots in (10, 20, 40) for share in (0.0, 0.5, 1.0)),
    "fandom": ((20, 0.5), (20, 1.0), (40, 1.0)),
    "phrase": ((20, 0.3), (20, 0.8), (40, 1.0)),
    "household": ((15, 0.0), (15, 1.0), (40, 1.0)),
    "report_brigade": ((10, 1.0), (100, 1.0), (1000, 1.0)),
    "bridging": ((30, 1.0), (30, 5.0)),
    "hijacked": ((15, 0.05), (15, 0.2), (15, 0.4)),
    "jitter": tuple((15, minutes) for minutes in (0.25, 1.0, 5.0, 30.0, 120.0)),
    "drip": tuple((15, minutes) for minutes in (360.0, 1440.0, 10080.0)),
    "rotation": ((15, 0.6), (15, 0.3), (15, 0.15), (15, 0.05)),
    "camouflage": ((15, 0.5), (15, 0.8), (15, 0.9), (15, 0.95)),
    "prebuilt_interest": ((20, 0.0), (20, 0.5), (20, 1.0)),
    "leader_immunity": ((20, 0.05), (20, 0.1), (20, 0.5)),
    "paraphrase": ((15, 0.0), (15, 0.33), (15, 0.66), (15, 1.0)),
    "noise": ((15, 0.0), (15, 0.1), (15, 0.3)),
    "homoglyph": ((15, 0.0), (15, 0.1), (15, 0.3), (15, 1.0)),
    "aged": ((15, 0.0), (15, 30.0), (15, 180.0)),
    "churn": ((15, 7.0), (15, 3.0), (15, 1.0)),
    "poisoned_history": ((15, 0.01), (15, 0.05), (15, 0.2)),
    "funnel": ((12, 1.0),),
    "midnight": ((15, 1.0),),
    "well_spoken": ((15, 1.0), (15, 5.0)),
    "figurehead": ((15, 1.0),),
    "declared": ((15, 0.5), (15, 1.0)),
    "private": ((15, 0.5), (15, 1.0)),
}
"""Per attack: accounts of the squad, and the attack's own strength (see the functions of ``graphscan.simulate.scenarios.BUILDERS``)."""

SAID: dict[str, str] = {
    "framing_reactive": "of the victim's comments copied",
    "framing_preemptive": "minutes over which the squad comes",
    "freshmen": "of the freshmen's comments with the slogan",
    "fandom": "of the freshmen's comments with the slogan",
    "phrase": "of the victims' comments mocked",
    "household": "chance to register in the household's hours",
    "report_brigade": "-",
    "bridging": "innocents copied by both squads",
    "hijacked": "of all acts by a tool",
    "jitter": "minutes over which members come",
    "drip": "minutes over which members come",
    "rotation": "of the members at a task",
    "camouflage": "of all acts are life besides",
    "prebuilt_interest": "of the authors visited before",
    "leader_immunity": "of the members lead",
    "paraphrase": "of the comments written afresh",
    "noise": "of the characters",
    "homoglyph": "of the letters that have a look-alike",
    "aged": "days of age before the log",
    "churn": "days until accounts are replaced",
    "poisoned_history": "of the world as a crowd",
    "funnel": "-",
    "midnight": "-",
    "well_spoken": "answers a member",
    "figurehead": "-",
    "declared": "of the notes labelled",
    "private": "of the notes private",
}

FLAGGED, HELD = "flagged", "held"

GOALS: dict[tuple[str, float], tuple[str, float]] = {
    **{("jitter", minutes): (FLAGGED, 0.9) for minutes in (0.25, 1.0, 5.0, 30.0)},
    ("jitter", 120.0): (FLAGGED, 0.7),
    ("drip", 360.0): (FLAGGED, 0.7),
    ("drip", 1440.0): (FLAGGED, 0.7),
    ("drip", 10080.0): (FLAGGED, 0.5),
    ("rotation", 0.6): (FLAGGED, 0.9),
    ("rotation", 0.3): (FLAGGED, 0.7),
    ("rotation", 0.15): (FLAGGED, 0.4),
    ("camouflage", 0.5): (FLAGGED, 0.9),
    ("camouflage", 0.8): (FLAGGED, 0.8),
    ("camouflage", 0.9): (FLAGGED, 0.5),
    **{("prebuilt_interest", share): (HELD, 0.95) for share in (0.0, 0.5, 1.0)},
    **{("leader_immunity", share): (HELD, 0.9) for share in (0.05, 0.1, 0.5)},
    **{("paraphrase", share): (FLAGGED, 0.8) for share in (0.33, 0.66, 1.0)},
    **{("hijacked", share): (FLAGGED, 0.7) for share in (0.05, 0.2)},
    **{(name, share): (FLAGGED, 0.97) for name in ("noise", "homoglyph") for share in (0.1, 0.3)},
    **{("poisoned_history", share): (FLAGGED, 0.92) for share in (0.05, 0.2)},
}
"""Least share of the squads that should be flagged, or held: the release targets of the attack suite. For noise, look-alike letters and
poisoned history they are losses of at most two and five points, here from 0.99 and 0.97, what is flagged without them."""

CHECKED: tuple[Cell, ...] = (
    ("framing_reactive", 20, 1.0),
    ("framing_preemptive", 30, 5.0),
    ("freshmen", 20, 1.0),
    ("fandom", 20, 1.0),
    ("phrase", 20, 0.8),
    ("household", 15, 1.0),
    ("report_brigade", 100, 1.0),
    ("bridging", 30, 5.0),
    ("hijacked", 15, 0.2),
    ("jitter", 15, 30.0),
    ("drip", 15, 1440.0),
    ("rotation", 15, 0.3),
    ("camouflage", 15, 0.8),
    ("prebuilt_interest", 20, 1.0),
    ("leader_immunity", 20, 0.1),
    ("paraphrase", 15, 0.66),
    ("noise", 15, 0.1),
    ("homoglyph", 15, 0.3),
    ("aged", 15, 30.0),
    ("churn", 15, 3.0),
    ("poisoned_history", 15, 0.05),
    ("funnel", 12, 1.0),
    ("midnight", 15, 1.0),
    ("well_spoken", 15, 5.0),
    ("figurehead", 15, 1.0),
    ("declared", 15, 1.0),
    ("private", 15, 1.0),
)
"""What ``check`` and the tests play again, on the first seed: one cell of every attack."""


def cells() -> Iterator[Cell]:
    """Every cell, in the order of the tables."""
    for attack, strengths in STRENGTHS.items():
        for bots, strength in strengths:
            yield attack, bots, strength
