"""Every threshold that is not a setting, with its reason: what a reader should be able to question.

In: the constants where they are used. Out: :data:`THRESHOLDS`, which the documentation prints.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphscan.behaviours import accounts, null_kernel, opportunity, wordings
from graphscan.groups import clues, clusters, communities, timing


@dataclass(frozen=True)
class Threshold:
    """One threshold: its name in the code, its value, what it decides, and why it has this value."""

    name: str
    value: object
    decides: str
    reason: str


THRESHOLDS: tuple[Threshold, ...] = (
    Threshold(
        "HISTORY_DAYS",
        accounts.HISTORY_DAYS,
        "days before the log from which on an account counts as old",
        "farms are registered shortly before they are used; with 0 days a farm whose first burst opens the log passes "
        "for old, and a large one explains itself away (seen in the injection study)",
    ),
    Threshold(
        "BLOCK_ACCOUNTS",
        opportunity.BLOCK_ACCOUNTS,
        "old accounts that an interest block needs (setting `block_min_accounts`)",
        "with 200, fan groups of 80 in a world of 6,000 look coordinated; newcomers do not teach, so small blocks hide "
        "no new farm: same recall with 25 as with 200 (measured)",
    ),
    Threshold(
        "OBJECT_ACCOUNTS",
        opportunity.OBJECT_ACCOUNTS,
        "old accounts that an object-day needs to inform blocks",
        "with 30, small worlds have no blocks at all (measured)",
    ),
    Threshold(
        "OBJECT_ACCOUNTS_UNKNOWN",
        opportunity.OBJECT_ACCOUNTS_UNKNOWN,
        "the same where no registration is known and everybody teaches",
        "farms of 5–24 would otherwise teach that they are an interest: recall 0.99 with 25, 0.32–0.46 with 12 (measured)",
    ),
    Threshold(
        "LEVELS",
        opportunity.LEVELS,
        "levels of blocks inside blocks",
        "one partition cannot show both a city's crowds and a club inside one",
    ),
    Threshold(
        "KAPPA",
        opportunity.KAPPA,
        "pseudo-occasions of a channel",
        "taking part in two of two occasions is not yet being a regular",
    ),
    Threshold(
        "LOCAL_SHARE",
        wordings.LOCAL_SHARE,
        "share of a template's texts in one place (below one author's notes, in one chat) from which the place explains it",
        "people who sign up below an announcement follow its form, whoever they are",
    ),
    Threshold(
        "PRIOR_PAIRS",
        null_kernel.PRIOR_PAIRS,
        "pseudo-pairs at the object-day's own rate, per strata",
        "a handful of pairs says little about a stratum",
    ),
    Threshold(
        "LATENCY_CUTS",
        opportunity.LATENCY_CUTS,
        "mean rank inside object-days below which an account is fast, or of middling speed",
        "about thirds of all accounts; people with notifications on meet often because they are fast",
    ),
    Threshold(
        "RESOLUTIONS",
        (min(communities.RESOLUTIONS), max(communities.RESOLUTIONS)),
        "range of resolutions tried for communities",
        "a resolution is a least density: from loose groups to half of all pairs tied",
    ),
    Threshold(
        "DEFAULT_RESOLUTION",
        communities.DEFAULT_RESOLUTION,
        "resolution that wins when several are equally stable",
        "what the injection study used",
    ),
    Threshold(
        "DROPPED_SHARE",
        communities.DROPPED_SHARE,
        "share of pairs left out of each re-clustering",
        "an account that stays without a tenth of the evidence does not hang on one pair",
    ),
    Threshold(
        "HANGER_ON",
        communities.HANGER_ON,
        "share of the median member's meetings below which an account is no member",
        "a passer-by near a burst meets each of its accounts once or twice, those who made it again and again (measured)",
    ),
    Threshold("CORE", clusters.CORE, "membership from which a member is core", "four of five re-clusterings keep it"),
    Threshold(
        "MIN_JOINT_OCCASIONS",
        clusters.MIN_JOINT_OCCASIONS,
        "occasions of three or more members that a cluster needs",
        "a single flash is never evidence; a greeting that a crowd sends on two feast days is two flashes",
    ),
    Threshold(
        "TIMING_RATE",
        clusters.TIMING_RATE,
        "false discovery rate of the timing check, over all communities",
        "a hundredth of what passes may be shared taste after all",
    ),
    Threshold(
        "MIN_OUTSIDERS",
        timing.MIN_OUTSIDERS,
        "outsiders that an object-day needs to show its own clock",
        "fewer do not show how fast people come to it; the platform's own day stands in",
    ),
    Threshold(
        "SIMULATIONS",
        timing.SIMULATIONS,
        "draws of the members' times from that clock",
        "enough to see one in a hundred; what lies beyond all draws is extrapolated",
    ),
    Threshold(
        "LEAST_P",
        timing.LEAST_P,
        "smallest p-value the timing check gives",
        "it is extrapolated, and no smaller one would be credible",
    ),
    Threshold(
        "MAX_ROWS",
        clues.MAX_ROWS,
        "input rows that one clue refers to at most",
        "a reviewer reads examples; `meetings.parquet` has all",
    ),
)
"""In the order in which the data flow."""
