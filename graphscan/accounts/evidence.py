"""Evidence about single accounts, in sentences: what speaks against an account, for it, and what is not known.

In: :class:`Conduct` and the accounts to tell about. Out: :class:`Evidence`, at most one of each clue an account. A clue without
data is told once, as unknown; a clue with data that shows nothing is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from graphscan.accounts.conduct import REGULAR_P, Conduct
from graphscan.accounts.heartbeat import BEATING
from graphscan.accounts.presence import AGED_MS
from graphscan.accounts.regularity import STREAMS
from graphscan.accounts.replies import KINDS
from graphscan.accounts.tool_list import AGENT
from graphscan.accounts.weights import told_weights
from graphscan.behaviours.actions import DAY_MS, Ints
from graphscan.groups.clues import MAX_ROWS, Evidence
from graphscan.intake.dataset import Dataset

Clue = Callable[[Conduct, Dataset, int], Iterator[Evidence]]

OWN_MEDIA = 0.8
"""Share of pictures of one's own from which they are told as a sign of a person."""


def account_evidence(found: Conduct, dataset: Dataset, codes: Ints) -> Iterator[Evidence]:
    """Tell every clue about every one of these accounts, account by account, with what it counts."""
    weights = told_weights(found)
    for code in codes:
        for clue in ACCOUNT_CLUES:
            for told in clue(found, dataset, int(code)):
                worth = float(weights[told.clue][code]) if told.clue in weights else np.nan
                yield told if np.isnan(worth) else replace(told, weight=round(worth, 6))


def _about(
    found: Conduct,
    code: int,
    clue: str,
    family: str,
    value: float | None,
    unit: str,
    sentence: str,
    *,
    p_value: float | None = None,
    writer: str = "self",
    rows: tuple[str, ...] = (),
) -> Evidence:
    subject = f"account:{found.accounts.ids[code].as_py()}"
    p = None if p_value is None or np.isnan(p_value) else float(p_value)
    return Evidence(subject, clue, family, writer, value, unit, p, sentence, rows[:MAX_ROWS])


def _itself(found: Conduct, code: int) -> tuple[str, ...]:
    return (f"accounts/{found.accounts.ids[code].as_py()}",)


def registered_by_tool(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """An agent tool registered it."""
    if found.tools.registered[code] == AGENT:
        text = "It was registered by an agent tool."
        yield _about(found, code, "registered_by_tool", "A1", 1.0, "registrations", text, rows=_itself(found, code))


def posted_by_tool(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Notes that an agent tool posted, of those whose client is known."""
    n, known = int(found.tools.agent[code, 0]), int(found.tools.known[code, 0])
    if n:
        text = f"An agent tool posted {n:,} of its {known:,} notes whose client is known."
        rows = found.deeds.references(dataset, code, ("notes",), AGENT)
        yield _about(found, code, "posted_by_tool", "A1", float(n), "notes", text, rows=rows)


def interacted_by_tool(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Comments, messages and interactions through an agent tool."""
    comments, messages, others = (int(x) for x in found.tools.agent[code, 1:])
    if n := comments + messages + others:
        known = int(found.tools.known[code, 1:].sum())
        parts = ((comments, "comments"), (messages, "messages"), (others, "likes, shares and the like"))
        named = ", ".join(f"{k:,} {what}" for k, what in parts if k)
        text = f"An agent tool did {n:,} of its {known:,} other actions whose client is known: {named}."
        rows = found.deeds.references(dataset, code, ("comments", "chat_messages", "interactions"), AGENT)
        yield _about(found, code, "interacted_by_tool", "A1", float(n), "actions", text, rows=rows)


def unknown_tool(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """No client is known of anything it did."""
    if not found.tools.known[code].any() and found.tools.registered[code] < 0:
        text = "Which app or tool it used is not recorded; that is no evidence either way."
        yield _about(found, code, "unknown_tool", "context", None, "actions", text, writer="platform")


def exempt_tool(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Deeds through exempt tools; they were left out of every clock."""
    if n := int(found.tools.exempt[code].sum()):
        text = (
            f"{n:,} of its actions went through a scheduler, an accessibility aid or a licensed tool, which is allowed."
        )
        yield _about(found, code, "against_exempt_tool", "context", float(n), "actions", text, writer="platform")


def regular_gaps(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Gaps more even than chance allows."""
    regular = found.regularity
    if regular.p_value[code] <= REGULAR_P:
        text = (
            f"Its {regular.words(code)} come at even intervals: {regular.gaps[code]:,} gaps around "
            f"{_span(regular.median_ms[code] / 1000)} spread by {regular.cov[code]:.0%} of their mean, where random "
            "posting spreads by about 100%."
        )
        rows = found.deeds.references(dataset, code, STREAMS[int(regular.look[code]) // 2][1])
        yield _about(
            found,
            code,
            "regular_gaps",
            "A2",
            float(regular.cov[code]),
            "standard deviation / mean",
            text,
            p_value=float(regular.p_value[code]),
            rows=rows,
        )


def no_sleep(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """No quiet hours, or, for the account, quiet hours."""
    quiet = found.sleep.quiet_share[code]
    if found.sleep.sleepless[code] == 1:
        text = (
            f"It never rests: even the quietest five hours of its day hold {quiet:.1%} of its actions, and still "
            f"{found.sleep.drifting_share[code]:.1%} when those hours may move every second day as shifts do."
        )
        rows = found.deeds.references(dataset, code)
        yield _about(found, code, "no_sleep", "A2", float(quiet), "share of actions", text, rows=rows)
    elif quiet <= 0.01:
        text = f"It rests: five hours of its day hold {quiet:.1%} of its actions."
        yield _about(found, code, "against_sleep", "context", float(quiet), "share of actions", text)


def constant_replies(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Answering times that hardly differ."""
    told = found.replies
    if told.constant[code] == 1:
        text = (
            f"Its {told.replies[code]:,} {KINDS[int(told.kind[code])]} come after nearly the same time, around "
            f"{_span(told.median_s[code])}."
        )
        p = float(told.p_value[code])
        value = float(told.log_sd[code])
        rows = found.deeds.references(dataset, code, ("comments", "chat_messages"))
        yield _about(found, code, "constant_replies", "A2", value, "deviation of ln(s)", text, p_value=p, rows=rows)


def heartbeats(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Visits on the beat of a clock."""
    heart = found.heartbeat
    if heart.beats[code] == 1:
        period = int(heart.period_min[code])
        text = (
            f"Its visits begin on the beat of {period} minutes, {heart.phase_min[code]:.1f} minutes after it (counted "
            "from midnight UTC), at many hours of the day; notes, which people schedule, are left out."
        )
        rows = found.deeds.references(dataset, code, BEATING)
        p = float(heart.p_value[code])
        yield _about(found, code, "heartbeat", "A2", float(period), "minutes", text, p_value=p, rows=rows)


def registration_batch(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Registered with others on one place within an hour."""
    made = found.registration
    if made.in_batch[code] == 1:
        batch = made.batches[int(made.batch[code])]
        text = (
            f"It was registered within an hour with {len(batch.accounts) - 1:,} other accounts on one {batch.kind}, "
            f"where about {batch.usual:.2g} are usual; a school or a club may do the same, so this never counts alone."
        )
        yield _about(
            found,
            code,
            "registration_batch",
            "A4",
            float(len(batch.accounts)),
            "accounts",
            text,
            p_value=batch.p_value,
            rows=_itself(found, code),
        )


def template_texts(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Texts from moulds that others had used before."""
    use = found.templates
    if use is None:
        return
    if np.isnan(use.share[code]) and use.texts[code]:
        text = "Which shared wordings are surprising is not known, for want of registrations; that is no evidence either way."
        yield _about(found, code, "unknown_template", "context", None, "share of texts", text, writer="platform")
    elif found.template_llr[code] > 0:
        moulds = "one mould" if use.moulds[code] == 1 else f"{use.moulds[code]:,} moulds"
        text = (
            f"{use.later[code]:,} of its {use.texts[code]:,} public texts follow {moulds} that up to "
            f"{use.most_before[code]:,} other accounts had used before it did, and that hardly any established account uses."
        )
        rows = use.references(dataset, code)
        yield _about(found, code, "template", "A3", float(use.share[code]), "share of texts", text, rows=rows)


def declared_notes(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Notes that it labelled as AI-assisted."""
    if n := int(found.notes.declared[code]):
        text = f"It labelled {n:,} of its {found.notes.public[code]:,} public notes as AI-assisted; that speaks for it."
        yield _about(found, code, "against_declared", "context", float(n), "notes", text)


def somebody_known(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Verified by the platform, or labelled as human."""
    for flags, clue, words in (
        (found.presence.verified, "against_verified", "The platform verified who it is."),
        (
            found.presence.labelled_human,
            "against_labelled_human",
            "It was already found to be a person's account.",
        ),
    ):
        if flags[code]:
            yield _about(found, code, clue, "context", 1.0, "accounts", words, writer="platform")


def long_history(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Registered half a year or more before the log begins."""
    age = found.presence.age_days[code]
    if age >= AGED_MS / DAY_MS:
        text = f"It was registered {int(age):,} days before the log begins."
        yield _about(found, code, "against_age", "context", float(age), "days", text, writer="platform")


def own_media(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Pictures that nobody else used."""
    share = found.presence.own_media_share[code]
    if share >= OWN_MEDIA:
        text = f"{share:.0%} of its pictures and videos appear with no other account."
        yield _about(found, code, "against_own_media", "context", float(share), "share of pictures", text)


def two_way_talk(found: Conduct, dataset: Dataset, code: int) -> Iterator[Evidence]:
    """Aged accounts outside its cluster with which it talks both ways."""
    partners = found.presence.partners[code]
    if partners > 0:
        text = (
            f"It answered, and was answered by, {int(partners):,} accounts older than half a year outside its cluster."
        )
        yield _about(found, code, "against_talk", "context", float(partners), "accounts", text, writer="peer")


ACCOUNT_CLUES: tuple[Clue, ...] = (
    registered_by_tool,
    posted_by_tool,
    interacted_by_tool,
    unknown_tool,
    regular_gaps,
    no_sleep,
    constant_replies,
    heartbeats,
    template_texts,
    registration_batch,
    exempt_tool,
    declared_notes,
    somebody_known,
    long_history,
    own_media,
    two_way_talk,
)
"""Clues about one account, in the order in which its page tells them."""


def _span(seconds: float) -> str:
    """A length of time for people.

    >>> _span(95), _span(5400)
    ('1.6 minutes', '1.5 hours')
    """
    for size, unit in ((3600, "hours"), (60, "minutes")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} seconds"
