"""Facts: what an account itself did, in sentences for its holder, from a decision and, where there is one, its run.

In: a decision's grounds; the run's rows, later acts and meetings of this account. Out: sentences. Only names of clues, families,
counts and instants of the account's own rows are read. A ground's sentence, value with a decimal, p-value and the rows of others never are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pandas as pd

from graphscan.casework.phrases import ACTS, CLUES, FAMILIES, FAVOUR, FAVOURS, FOLLOWED, ONCE, Phrase
from graphscan.casework.words import Language, day
from graphscan.errors import InputError
from graphscan.ledger.records import Decision, Ground
from graphscan.reports.frames import Frames

COUNTED_UNITS = ("notes", "actions", "minutes", "accounts", "registrations", "meetings", "occasions", "texts")
"""Units in which a value is a count of own acts; a share or a deviation is never told."""

_GAPS: tuple[tuple[float, str, str], ...] = (
    (60, "一分钟之内", "within a minute"),
    (600, "十分钟之内", "within ten minutes"),
    (3600, "一小时之内", "within an hour"),
)


def own_facts(decision: Decision, language: Language, run: Frames | None = None) -> tuple[str, ...]:
    """Return the facts that a decision rests on, each once, those with the account's own dates where the run has them.

    Raises
    ------
    InputError
        When nothing of it can be told: a notice without facts is none, and the decision should not stand.
    """
    told = [fact for ground in counted(decision) for fact in _fact(decision, ground, language, run)]
    if told and run is not None:
        told += _share_of_notes(decision, language, run)
    if not told:
        told = [FAMILIES[family][language] for family in decision.families if family in FAMILIES]
    if not told:
        raise InputError(
            f"decision {decision.decision_id} rests on nothing that its account did: "
            f"families {list(decision.families)}; allowed: {', '.join(FAMILIES)}"
        )
    return tuple(dict.fromkeys(told))


def counted(decision: Decision) -> tuple[Ground, ...]:
    """Return the grounds that a decision rests on, by family: those that it follows, or all where it names none of them."""
    follows = {reference.rpartition(" ")[2] for reference in decision.follows}
    chosen = tuple(g for g in decision.grounds if g.clue in follows) or decision.grounds
    return tuple(sorted(chosen, key=lambda g: g.family))


def in_favour(decision: Decision, language: Language) -> tuple[str, ...]:
    """Return what speaks for the account and was weighed, each once."""
    return tuple(dict.fromkeys(_say(FAVOURS.get(g.clue, FAVOUR), g, language) for g in decision.speaks_for))


def _fact(decision: Decision, ground: Ground, language: Language, run: Frames | None) -> Iterable[str]:
    if ground.family not in FAMILIES or ground.writer in ("peer", "reporter"):
        return
    if ground.clue.startswith(FOLLOWED) and ground.clue.removeprefix(FOLLOWED) in ACTS:
        yield from _followed(decision, ground, language, run)
        return
    phrase = CLUES.get(ground.clue, Phrase(FAMILIES[ground.family]))
    once = ground.clue in ONCE
    yield _added(_say(phrase, ground, language), _when(decision, ground.rows, language, run, once))


def _added(sentence: str, addition: str) -> str:
    """Put an addition before the full stop that ends a sentence."""
    return f"{sentence[:-1]}{addition}{sentence[-1]}"


def _say(phrase: Phrase, ground: Ground, language: Language) -> str:
    n = _count(ground, phrase.less)
    return phrase.plain[language] if n is None or phrase.counted is None else phrase.counted[language].format(n=n)


def _count(ground: Ground, less: int = 0) -> int | None:
    value = ground.value
    if value is None or ground.unit not in COUNTED_UNITS or value != int(value) or value <= less:
        return None
    return int(value) - less


def _when(decision: Decision, rows: Sequence[str], language: Language, run: Frames | None, once: bool) -> str:
    """Return the days of the account's own rows behind a clue, as an addition to its sentence; empty where none is known."""
    at = [] if run is None else _instants(run, decision.account_id, rows)
    if not at:
        return ""
    if once:
        return _span(at, language)
    first, last = day(min(at), language), day(max(at), language)
    if language == "zh-CN":
        return f"（例如 {first}）" if first == last else f"（例如 {first}至{last}之间）"
    return f" (for example on {first})" if first == last else f" (for example between {first} and {last})"


def _instants(run: Frames, account: str, rows: Sequence[str]) -> list[dt.datetime]:
    if not rows:
        return []
    found = run.where("rows", row=set(rows), account_id=[account])
    return [at.to_pydatetime() for at in found["at"] if not pd.isna(at)]


def _followed(decision: Decision, ground: Ground, language: Language, run: Frames | None) -> Iterable[str]:
    """Tell co-action as the later one; by objects where the run lists them, else by times. Never with whom."""
    behaviour = ground.clue.removeprefix(FOLLOWED)
    objects = None if run is None else _own_later(run, decision.account_id, behaviour)
    if objects is not None and len(objects) and run is not None:
        gap = _usual_gap(run, decision.account_id, behaviour)
        days = _span([at.to_pydatetime() for at in objects["at"]], language)
        yield _added(_on_objects(behaviour, objects["object"].nunique(), gap, language), days)
    elif (n := _count(ground)) is not None:
        yield _times(behaviour, n, language)


def _own_later(run: Frames, account: str, behaviour: str) -> pd.DataFrame:
    """Return the later acts charged to the account: those that its own earlier interests do not explain."""
    acts = run.where("later_acts", account_id=[account], behaviour=[behaviour])
    return acts[~acts["explained"].astype(bool)]


def _usual_gap(run: Frames, account: str, behaviour: str) -> float | None:
    """Return the median gap, in seconds, of the meetings at which the account was the later one; None where it was none."""
    gaps: list[float] = []
    for own, other in (("a", "b"), ("b", "a")):
        met = run.where("meetings", **{f"account_{own}": [account]}, behaviour=[behaviour])
        after = (met[f"{own}_at"] - met[f"{other}_at"]).dt.total_seconds()
        gaps += [float(s) for s in after if s > 0]
    return float(pd.Series(gaps).median()) if gaps else None


def _on_objects(behaviour: str, n: int, gap_s: float | None, language: Language) -> str:
    act = ACTS[behaviour]
    near = next(((zh, en) for most, zh, en in _GAPS if gap_s is not None and gap_s <= most), None)
    if language == "zh-CN":
        verb, noun = act.zh
        mostly = f"，大多相隔在{near[0]}" if near else ""
        return f"有 {n} {noun}，一批账号{verb}后不久，您的账号也去{verb}{mostly}。"
    past, one, many = act.en
    mostly = f", mostly {near[1]}" if near else ""
    return f"You {past} {n} {one if n == 1 else many} shortly after a group of accounts had done the same{mostly}."


def _times(behaviour: str, n: int, language: Language) -> str:
    act = ACTS[behaviour]
    if language == "zh-CN":
        verb, noun = act.zh
        return f"您的账号紧跟在一批账号之后{verb}同样的{_noun(noun)}，这样的情形按账号逐一计算共有 {n} 次。"
    past, _, many = act.en
    return (
        f"You {past} the same {many} as a group of accounts, shortly after them: {n} times, counted account by account."
    )


def _noun(measured: str) -> str:
    """Drop the measure word: 篇笔记 is 笔记."""
    return measured[1:]


def _span(at: Sequence[dt.datetime], language: Language) -> str:
    first, last = day(min(at), language), day(max(at), language)
    if language == "zh-CN":
        return f"（{first}）" if first == last else f"（{first}至{last}之间）"
    return f" (on {first})" if first == last else f" (between {first} and {last})"


def _share_of_notes(decision: Decision, language: Language, run: Frames) -> list[str]:
    """Return how many of the account's public notes are managed, from the facts that the policy read."""
    facts = run.where("facts", account_id=[decision.account_id])
    if facts.empty or not int(facts.iloc[0]["managed_notes"]):
        return []
    managed, public = int(facts.iloc[0]["managed_notes"]), int(facts.iloc[0]["public_notes"])
    if language == "zh-CN":
        return [f"您一共有 {public} 篇公开笔记，其中 {managed} 篇是由自动化工具代写代发的。"]
    return [f"Of your {public} public notes, {managed} were written or posted by an automatic tool."]
