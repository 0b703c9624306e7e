"""Every threshold that is not a setting, with its reason: what a reader should be able to question.

In: the constants where they are used. Out: :data:`THRESHOLDS`, which the documentation prints.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphscan.accounts import bridges, change, own_choice, roles, visits
from graphscan.behaviours import accounts, interests, meetings, null_kernel, opportunity, windows, wordings
from graphscan.decisions import diffusion, facts, guards, scrutiny, seeds
from graphscan.fusion import axes, confirmation, strength, ties
from graphscan.groups import clues, clusters, communities, cotargets, timing


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
        "SCREENED_PAIRS",
        meetings.SCREENED_PAIRS,
        "pairs that may have met up to which every pair is weighed; above, those that cannot be found are left out",
        "half a minute of one core; the screen finds the same pairs, and only counts how many were weighed",
    ),
    Threshold(
        "WORLD_ACCOUNTS",
        opportunity.WORLD_ACCOUNTS,
        "accounts from which a part of the log that nothing joins to the rest is a world of its own",
        "what people come upon does not depend on how much happens on another platform; smaller parts may be farms on "
        "objects of their own, which must not explain themselves away",
    ),
    Threshold(
        "LEVELS",
        interests.LEVELS,
        "levels of blocks inside blocks",
        "one partition cannot show both a city's crowds and a club inside one",
    ),
    Threshold(
        "LEARNT_ACTIONS",
        interests.LEARNT_ACTIONS,
        "actions of people with a history that interest blocks are learnt from at most; of more, so many accounts teach",
        "igraph takes some hundred bytes for each; the rest of the log takes the block that its neighbours are in",
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
        "ALWAYS_MS",
        windows.ALWAYS_MS,
        "windows up to which (in milliseconds) every log is looked at",
        "an hour is the widest window of acts; wider ones are for links, texts and pictures, which spread more slowly",
    ),
    Threshold(
        "MOST_CLOSE_ACTIONS",
        windows.MOST_CLOSE_ACTIONS,
        "pairs of actions on one object-day up to which a wider window is looked at",
        "about a minute of one core; in a denser log a farm shows in the shorter windows",
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
        "LAYER_P",
        ties.LAYER_P,
        "p-value from which one layer ties a pair by itself",
        "an enforcement tie needs two such layers of different sorts: one in a million together, were they independent",
    ),
    Threshold(
        "ENFORCEMENT_RATE",
        ties.ENFORCEMENT_RATE,
        "false discovery rate of an enforcement tie, over all pairs",
        "ten times stricter than what is only looked at",
    ),
    Threshold(
        "MIN_TIED",
        confirmation.MIN_TIED,
        "members that one half of the objects must tie again",
        "two are a pair, no cluster",
    ),
    Threshold(
        "CONFIRMED_P",
        confirmation.CONFIRMED_P,
        "p-value on the other half from which a cluster is confirmed",
        "the rate of the timing check",
    ),
    Threshold(
        "CAPS",
        ", ".join(f"{cap:g}" for cap in axes.CAPS.values()),
        "most that coordination, automation, commerce and presence count of a cluster",
        "no axis alone makes a cluster certain",
    ),
    Threshold(
        "COORDINATION_ALONE",
        strength.COORDINATION_ALONE,
        "most that a cluster's probability can be by coordination alone",
        "a small new club and a small new farm look the same in co-action",
    ),
    Threshold(
        "LEAST_OTHER",
        strength.LEAST_OTHER,
        "automation and commerce a member, below which a cluster stands on coordination alone",
        "a third of the members in a batch, or at one shop, reach it",
    ),
    Threshold(
        "REPORT_WORTH",
        seeds.REPORT_WORTH,
        "what a report counts of a reporter who was always right",
        "half of it without a record: four independent reporters reach the cap, one does not",
    ),
    Threshold(
        "SEED_CAP",
        seeds.SEED_CAP,
        "most that all reports of one account, or a label, count",
        "no number of reports makes certain",
    ),
    Threshold(
        "ALPHA, ITERATIONS",
        f"{diffusion.ALPHA}, {diffusion.ITERATIONS}",
        "length of the walk that spreads scrutiny",
        "a long walk averages over many seeds: with 30 % wrong ones AUC 0.977 on the public Sybil graph (measured)",
    ),
    Threshold(
        "MOST_OF_ONE",
        scrutiny.MOST_OF_ONE,
        "share of an account's scrutiny that one voice may make up",
        "three voices can get nobody looked at",
    ),
    Threshold(
        "ACROSS, PERIPHERY",
        f"{scrutiny.ACROSS}, {scrutiny.PERIPHERY}",
        "what a tie carries between clusters, and at a periphery member",
        "who hangs on by little is not spoken of by many",
    ),
    Threshold(
        "MAX_ROWS",
        clues.MAX_ROWS,
        "input rows that one clue refers to at most",
        "a reviewer reads examples; `meetings.parquet` has all",
    ),
    Threshold(
        "A3_WEIGHT",
        facts.A3_WEIGHT,
        "template evidence from which it is a family of evidence",
        "natural logarithm: e to one against the account; one text of an everyday template is far below",
    ),
    Threshold(
        "B1_UNEXPLAINED",
        facts.B1_UNEXPLAINED,
        "later acts that own interests do not explain, for them to be a family",
        "guard G8; of fans whose idol a squad sat on, none had so many (measured)",
    ),
    Threshold(
        "B2_COTARGETS",
        facts.B2_COTARGETS,
        "shared targets beyond chance, for them to be a family; never towards a ban",
        "two may be one evening's taste; repetition over several objects is what precise methods ask for",
    ),
    Threshold(
        "OWN_NET",
        guards.OWN_NET,
        "own weight, after what speaks for a person, for a ring's limit with three families",
        "a petition's supporters copy words too; their ages, pictures and talks outweigh that",
    ),
    Threshold(
        "HOT_SHARE",
        cotargets.HOT_SHARE,
        "share of objects, the most popular with old accounts, that count for no group of shared rare objects",
        "what everybody chooses tells nothing about two; old accounts only, so that a farm makes nothing popular by itself",
    ),
    Threshold(
        "MOST_ACCOUNTS",
        cotargets.MOST_ACCOUNTS,
        "accounts on an object beyond which it is not rare, whatever the platform's size",
        "what 200 chose within a week tells nothing about two of them, and their pairs are what the look costs",
    ),
    Threshold(
        "COTARGET_OBJECTS",
        cotargets.COTARGET_OBJECTS,
        "rare objects that two accounts must share within a week",
        "among a million pairs three in common are no surprise",
    ),
    Threshold(
        "COTARGET_RATE",
        cotargets.COTARGET_RATE,
        "false discovery rate over pairs that share rare objects",
        "a tenth of what clusters are made with: this look has no clock to check it by",
    ),
    Threshold(
        "COTARGET_RECLUSTERINGS",
        cotargets.COTARGET_RECLUSTERINGS,
        "re-clusterings of groups of shared rare objects",
        "enough to tell members from passers-by; how firmly each belongs is not asked of a mere look",
    ),
    Threshold(
        "KNOWN_OBJECTS",
        visits.KNOWN_OBJECTS,
        "objects of an author, chat or site that an account acted on before its cluster came there, to count as knowing it",
        "one is a chance visit, two are a return; an idol posts one or two notes a day, and a short log shows few",
    ),
    Threshold(
        "NEWCOMERS",
        visits.NEWCOMERS,
        "newcomers of a cluster on a channel from which theirs is its first touch, whatever older members did there",
        "fans lumped together with a squad are not measured against each other; one token newcomer opens no books",
    ),
    Threshold(
        "BLIND_DAYS",
        own_choice.BLIND_DAYS,
        "days at the log's beginning of which nothing can be seen that was before: old accounts have the benefit of the doubt",
        "an idol that posts once a day shows two notes in them, with some left out",
    ),
    Threshold(
        "BLOCK_ACTS, BLOCK_SHARE",
        (own_choice.BLOCK_ACTS, own_choice.BLOCK_SHARE),
        "earlier acts in an interest block, and their least share of all earlier ones, that make it an own interest",
        "a main topic, not a chance visit: people in simulated worlds read 60 % their first topic, 25 % their second",
    ),
    Threshold(
        "POPULAR_SHARE",
        own_choice.POPULAR_SHARE,
        "share of objects, the most popular with old accounts outside every cluster, that are explained for everyone",
        "guard G13: popular objects carry no weight",
    ),
    Threshold(
        "CHARGED",
        roles.CHARGED,
        "unexplained later acts from which on an account has no role by what others do",
        "members of a farm that boost and answer each other would all be owners and receivers",
    ),
    Threshold(
        "LEADS, LEADS_SHARE",
        (roles.LEADS, roles.LEADS_SHARE),
        "joint occasions on which an account was the first, and their share, that make it a leader",
        "in a group of five without order, one is first on five of six once in 800",
    ),
    Threshold(
        "SPLIT",
        bridges.SPLIT,
        "modularity from which a cluster is two groups",
        "0.5 is two groups without a tie between them; 0.3 to 0.7 is a strong structure (Newman and Girvan 2004)",
    ),
    Threshold(
        "AWAY",
        bridges.AWAY,
        "share of its ties, into another group, that makes a member a bridge",
        "of twenty ties five, which chance ties do not reach",
    ),
    Threshold(
        "OLD_DAYS",
        change.OLD_DAYS,
        "days from registration to its first suspicious deed that an account needs to pass for taken over",
        "guard G12",
    ),
    Threshold(
        "CHANGE_P",
        change.CHANGE_P,
        "chance that so many deeds of two kinds, dealt out at random, would all stand late",
        "the role excuses, so it need not be surer than this; it never sends anybody to a ban",
    ),
)
"""In the order in which the data flow."""
