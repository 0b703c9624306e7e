"""The case file of one decision: everything that a reviewer must see, for and against, as plain values.

In: a decision, its run (or none), what the ledger knows of it and of its cluster. Out: :class:`CaseFile`. Nothing is weighed here; the
page lays it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from graphscan.casework.facts import counted
from graphscan.casework.words import RULES, instant
from graphscan.ledger.records import Appeal, Decision, Entry, Ground
from graphscan.reports.clues import MOST_CLUES, UNKNOWN
from graphscan.reports.explanation import rows_by_name
from graphscan.reports.frames import Frames
from graphscan.reports.words import capital, chance, missing, number, quoted, spoken, utc

MOST_ROWS = 20
"""Rows shown behind one clue; a clue refers to no more."""

MOST_SIBLINGS = 200

FAMILIES: Mapping[str, str] = {
    "A1": "tools",
    "A2": "its clock",
    "A3": "its texts, from a template",
    "A4": "its registration",
    "A5": "orders in a chat",
    "A6": "AI labels removed",
    "B1": "acting later than others, on the same things",
    "B2": "rare things in common with others",
    "B3": "acting on each other's notes",
}
"""Families of evidence in a word, in the order in which a case tells them."""

WRITERS: Mapping[str, str] = {
    "self": "only the account itself can write this",
    "platform": "the platform's own records",
    "peer": "others can write this about it: it must not carry a measure",
    "reporter": "people who report can write this: it must not carry a measure",
}
"""Who can bring a clue into being, as the page says it."""

OTHERS = ("peer", "reporter")


@dataclass(frozen=True)
class Row:
    """One input row behind a clue: its reference, when, whose, on what, its words."""

    reference: str
    at: str
    account: str
    on: str
    words: str | None
    client: str


@dataclass(frozen=True)
class Told:
    """One clue as told: sentence, where it is from, who can write it, its numbers and rows."""

    clue: str
    family: str
    sentence: str
    writer: str
    weak: bool
    counts: bool
    value: str
    chance: str | None
    rows: tuple[Row, ...]
    rows_not_kept: int


@dataclass(frozen=True)
class Family:
    """All clues of one family of evidence."""

    code: str
    name: str
    clues: tuple[Told, ...]


@dataclass(frozen=True)
class CaseFile:
    """One decision, ready to be laid out; what needs a run is empty without one, and ``lacking`` says why."""

    decision: Decision
    headline: str
    lead: tuple[str, ...]
    against: tuple[Family, ...]
    favour: tuple[Told, ...]
    unknown: tuple[str, ...]
    changes: tuple[str, ...]
    timeline: tuple[tuple[str, str], ...]
    cluster: Mapping[str, Any] | None
    cluster_against: tuple[str, ...]
    siblings: tuple[Decision, ...]
    sibling_counts: tuple[tuple[str, int], ...]
    members: int | None
    roles: tuple[str, ...]
    reporters: int | None
    appeals: tuple[Appeal, ...]
    history: tuple[Entry, ...]
    lacking: str | None = None
    siblings_left_out: int = field(default=0)


def case_file(
    decision: Decision,
    run: Frames | None,
    *,
    history: Sequence[Entry] = (),
    appeals: Sequence[Appeal] = (),
    siblings: Sequence[Decision] = (),
    lacking: str | None = None,
) -> CaseFile:
    """Gather the case of one decision; ``siblings`` are the decisions about other members of its cluster."""
    others = [d for d in siblings if d.decision_id != decision.decision_id and d.cluster_id == decision.cluster_id]
    others = sorted(others, key=lambda d: (d.state, d.account_id, d.decision_id))
    counts = Counter(f"{d.detail}: {d.state}" for d in others)
    cluster = _cluster(decision, run)
    facts = _facts(decision, run)
    return CaseFile(
        decision=decision,
        headline=_headline(decision),
        lead=_lead(decision),
        against=_families(decision, run),
        favour=tuple(_in_favour(g, run) for g in decision.speaks_for),
        unknown=_unknown(decision, run),
        changes=tuple(capital(part) for part in (decision.counterfactual or "").split("; ") if part),
        timeline=_timeline(decision, run, cluster, appeals),
        cluster=cluster,
        cluster_against=_cluster_against(decision, run),
        siblings=tuple(others[:MOST_SIBLINGS]),
        siblings_left_out=max(len(others) - MOST_SIBLINGS, 0),
        sibling_counts=tuple(sorted(counts.items())),
        members=None if cluster is None else int(cluster["size"]),
        roles=tuple(spoken(role) for role in facts.get("roles") or ()),
        reporters=None if not facts else int(facts["reporters"]),
        appeals=tuple(appeals),
        history=tuple(history),
        lacking=lacking if run is None else None,
    )


MEASURES: Mapping[str, str] = {
    "warn": "warn",
    "limit_distribution": "limit the distribution of",
    "limit_interaction": "limit the interaction of",
    "ban": "ban",
}


def _headline(decision: Decision) -> str:
    days = "" if decision.days is None else f" for {decision.days} days"
    mark = "?" if decision.state in ("PROPOSED", "BLOCKED", "IN_REVIEW") else ""
    return f"{capital(MEASURES.get(decision.detail, decision.detail))} this account{days}{mark}"


def _lead(decision: Decision) -> tuple[str, ...]:
    rule = RULES.get(decision.reason)
    why = decision.reason if rule is None else f"{rule.what['en']} ({decision.reason}, {rule.limb['en']})"
    people = sorted({a.who for a in decision.approvals if a.word == "approve"})
    needed = {"none": 0, "one": 1, "two": 2}.get(decision.review, 2)
    decided = f"{len(people)} of {needed} people have approved it." if needed else "No person is asked about a warning."
    return (f"The policy's ground: {why}.", f"Detected by a program. {decided}", *_mode(decision))


def _mode(decision: Decision) -> tuple[str, ...]:
    if decision.mode in ("shadow", "holdout"):
        return (f"Mode {decision.mode}: whatever is decided here, nothing happens to the account.",)
    return ()


def _families(decision: Decision, run: Frames | None) -> tuple[Family, ...]:
    rests_on = counted(decision)
    order = [*FAMILIES, *sorted({g.family for g in decision.grounds} - FAMILIES.keys())]
    found = [(code, [g for g in decision.grounds if g.family == code]) for code in order]
    return tuple(
        Family(code, FAMILIES.get(code, "what surrounds it"), tuple(_told(g, run, g in rests_on) for g in grounds))
        for code, grounds in found
        if grounds
    )


def _told(ground: Ground, run: Frames | None, counts: bool = True) -> Told:
    rows = _rows(ground.rows[:MOST_ROWS], run)
    return Told(
        clue=spoken(ground.clue),
        family=ground.family,
        sentence=ground.sentence,
        writer=WRITERS.get(ground.writer, ground.writer),
        weak=ground.writer in OTHERS,
        counts=counts,
        value="no data" if ground.value is None else f"{number(ground.value)} {_unit(ground)}",
        chance=None if ground.p_value is None else chance(ground.p_value),
        rows=rows,
        rows_not_kept=len(ground.rows[:MOST_ROWS]) - len(rows),
    )


def _unit(ground: Ground) -> str:
    """Return the unit, in the singular for one."""
    return ground.unit.removesuffix("s") if ground.value == 1 and " " not in ground.unit else ground.unit


def _in_favour(ground: Ground, run: Frames | None) -> Told:
    """Tell what speaks for the account; that others had a part in it makes it no weaker."""
    told = _told(ground, run)
    return replace(told, weak=False, writer="others had a part in this" if told.weak else told.writer)


def _rows(references: Sequence[str], run: Frames | None) -> tuple[Row, ...]:
    if run is None or not references:
        return ()
    found = run.where("rows", row=set(references)).sort_values(["at", "row"], na_position="first")
    return tuple(
        Row(
            reference=r["row"],
            at=utc(r["at"]),
            account=r["account_id"],
            on="" if missing(r["on"]) else r["on"],
            words=quoted(r["text"]),
            client="" if missing(r["client"]) else r["client"],
        )
        for r in rows_by_name(found)
    )


def _facts(decision: Decision, run: Frames | None) -> Mapping[str, Any]:
    found = [] if run is None else rows_by_name(run.where("facts", account_id=[decision.account_id]))
    return found[0] if found else {}


def _cluster(decision: Decision, run: Frames | None) -> Mapping[str, Any] | None:
    if run is None or decision.cluster_id is None:
        return None
    found = rows_by_name(run.where("clusters", cluster_id=[decision.cluster_id]))
    return found[0] if found else None


def _about(run: Frames, subject: str) -> pd.DataFrame:
    return run.where("evidence", subject=[subject]).sort_values("clue", kind="stable")


def _unknown(decision: Decision, run: Frames | None) -> tuple[str, ...]:
    """Return what is not known: of the account, of its cluster, and what no log can say."""
    told: list[str] = []
    if run is not None:
        for subject in (f"account:{decision.account_id}", f"cluster:{decision.cluster_id}"):
            evidence = _about(run, subject)
            told += [s for c, s in zip(evidence["clue"], evidence["sentence"], strict=True) if c.startswith(UNKNOWN)]
    told += ["Who sits behind the account, and why. No log can say."]
    return tuple(dict.fromkeys(told))[:MOST_CLUES]


def _cluster_against(decision: Decision, run: Frames | None) -> tuple[str, ...]:
    if run is None or decision.cluster_id is None:
        return ()
    evidence = _about(run, f"cluster:{decision.cluster_id}")
    told = [s for c, s in zip(evidence["clue"], evidence["sentence"], strict=True) if c.startswith("against_")]
    return tuple(told[:MOST_CLUES])


def _timeline(
    decision: Decision, run: Frames | None, cluster: Mapping[str, Any] | None, appeals: Sequence[Appeal]
) -> tuple[tuple[str, str], ...]:
    """Return (instant, what happened), in order of time."""
    found: list[tuple[Any, str]] = []
    if run is not None:
        for seen in rows_by_name(run.where("accounts", account_id=[decision.account_id])):
            found += [(seen["registered_at"], "registered"), (seen["first_at"], "first action in the log")]
            found += [(seen["last_at"], "last action in the log")]
    if cluster is not None:
        found += [
            (cluster["first_at"], "the cluster's first meeting"),
            (cluster["last_at"], "the cluster's last meeting"),
        ]
    found += [(_at(decision.proposed_at), f"proposed ({decision.detail})"), (_at(decision.applied_at), "took effect")]
    found += [(_at(a.at), f"{a.who}: {a.word}") for a in decision.approvals]
    found += [(_at(a.received_at), f"appeal {a.appeal_id}: {a.state.lower()}") for a in appeals]
    found += [(_at(decision.expires_at), "ends by itself")]
    known = [(at, word) for at, word in found if not missing(at)]
    return tuple((utc(at), word) for at, word in sorted(known, key=lambda item: item[0]))


def _at(text: str | None) -> pd.Timestamp | None:
    return None if text is None else pd.Timestamp(instant(text)).tz_convert("UTC")
