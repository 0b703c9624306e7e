"""Every sentence that a run says to a person, as pure functions: calm, exact, no verdicts.

In: counts, times and probabilities. Out: English text. A sentence says what was measured and against what; it
never calls an account fake.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from graphscan.reports.words import capital, chance, count, day, duration, listed, missing, number, spoken

COORDINATION_ONLY = (
    "Coordination alone measures nobody: friends, fans, colleagues and neighbours coordinate too. "
    "A cluster is flagged for a look, not judged."
)
"""What a cluster does not mean; said wherever clusters are counted."""

NOTHING_IS_NO_PROOF = (
    "Nothing found is not proof of nothing there: accounts that act rarely, slowly, or in ways that were not "
    "looked for leave no validated pair."
)
"""What an empty result does not mean; said wherever nothing was found."""


def cluster_sentence(
    size: int,
    pairs: int,
    objects: int,
    behaviours: Sequence[str],
    first_at: dt.datetime | None,
    last_at: dt.datetime | None,
) -> str:
    """Return a cluster in one sentence: who, how many pairs, on what, when."""
    return (
        f"{count(size, 'account')}, tied by {count(pairs, 'validated pair')} "
        f"({listed([spoken(name) for name in behaviours])}), met on {count(objects, 'object')} "
        f"{days_between(first_at, last_at)}, more often than opportunity explains."
    )


def days_between(first_at: dt.datetime | None, last_at: dt.datetime | None) -> str:
    """Return a span of days as ``on 2026-03-10`` or ``between 2026-03-10 and 2026-03-14``."""
    first, last = day(first_at), day(last_at)
    return f"on {first}" if first == last else f"between {first} and {last}"


def headline(clusters: int, accounts: int, seen: int) -> str:
    """Return the run's result in one sentence of counts."""
    if clusters == 0:
        return f"Nothing was found among {count(seen, 'account')}"
    stand = "stands" if clusters == 1 else "stand"
    return (
        f"{count(clusters, 'cluster')} with {count(accounts, 'account')} in all {stand} out "
        f"among the {count(seen, 'account')} seen"
    )


def surprise_sentence(meetings: int, expected: float, worst_p: float | None, rate: float | None) -> str:
    """Return how surprising the clusters' pairs are, taken together and for the weakest of them."""
    rated = "" if missing(rate) else f", at a false discovery rate of {number(rate)} over all pairs"
    return (
        f"The pairs inside the clusters met {count(meetings, 'time')} in all "
        f"where opportunity alone leads one to expect {number(expected)}; "
        f"the weakest single pair has a chance of {chance(worst_p)}{rated}."
    )


def pair_sentence(pair: dict[Any, Any]) -> str:
    """Return one validated pair in a sentence; ``pair`` is a row of the pairs table."""
    return (
        f"{capital(spoken(pair['behaviour']))}: {pair['account_a']} and {pair['account_b']} met on "
        f"{count(pair['meetings'], 'occasion')} ({count(pair['objects'], 'object')}) within "
        f"{duration(pair['window_s'])}; opportunity alone leads one to expect {number(pair['expected'])}. "
        f"The chance of so many or more is {chance(pair['p_value'])} (q = {number(pair['q_value'])})."
    )


def follower_sentence(a: str, b: str, later: Sequence[int]) -> str:
    """Return who came second how often; ``later`` counts the occasions where a, then where b, acted later."""
    times_a, times_b = later
    if times_a == times_b == 0:
        return f"{a} and {b} always acted at the same instant, as far as the times can tell."
    if times_a == times_b:
        return f"Each of them came second {count(times_a, 'time')}: neither leads."
    often, first, second = (times_a, b, a) if times_a > times_b else (times_b, a, b)
    return f"{second} came second on {often:,} of {times_a + times_b:,} occasions, after {first}."


def timing_sentence(p_value: float | None) -> str:
    """Return the leave-cluster-out timing check in a sentence; None says that nothing can be said."""
    if missing(p_value):
        return "No timing information: too few outsiders acted on these objects to show how fast people come to them."
    return (
        f"Held against outsiders who acted on the same objects, members this close together have a chance of "
        f"{chance(p_value)}."
    )


LIKELIHOOD_WORDS = ((0.95, "very likely"), (0.8, "likely"), (0.5001, "more likely than not"), (0.2, "cannot be told"))
"""From which probability a cluster is called what; below the last it is "unlikely". One half is where coordination alone ends."""


def likelihood_sentence(probability: float | None) -> str:
    """Return a cluster's probability in words and percent; None says that nothing but coordination is known."""
    if probability is None or missing(probability):
        return "not known: nothing but coordination is known of its members"
    words = next((word for least, word in LIKELIHOOD_WORDS if probability >= least), "unlikely")
    return f"{words} ({min(max(round(100 * probability), 1), 99)} %, by simulated worlds)"


def confirmation_sentence(p_value: float | None) -> str:
    """Return the timing check on held-out occasions in a sentence; None says that there are too few."""
    if p_value is None or missing(p_value):
        return "Too few occasions are left to test it on ones that had no part in finding it."
    held = "holds" if p_value <= 0.01 else "does not hold"
    return f"It {held} on occasions that had no part in finding it: a chance of {chance(p_value)}."


def membership_sentence(account_id: str, cluster_id: str, membership: float, role: str) -> str:
    """Return an account's place in its cluster; membership is a share of seeded re-clusterings."""
    return (
        f"{account_id} is in cluster {cluster_id} as {role}: "
        f"{membership:.0%} of the seeded re-clusterings keep it there."
    )
