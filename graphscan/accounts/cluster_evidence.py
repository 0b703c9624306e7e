"""What the members' own conduct says of a cluster: how many used agent tools, keep a machine's clock, look like people.

In: :class:`Conduct` and a cluster. Out: :class:`Evidence` about the cluster. Counts of members only: each member's own evidence stands with
the member, since guilt does not spread.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphscan.accounts.conduct import Conduct
from graphscan.accounts.deeds import Floats
from graphscan.groups.clues import Evidence
from graphscan.groups.clusters import Cluster

LIKELY = 0.5  # above it an account is more likely managed than not, by the calibrated curve


def cluster_evidence(found: Conduct, probability: Floats, cluster: Cluster) -> Iterator[Evidence]:
    """Tell, for a cluster, how many of its members each kind of own evidence speaks of."""
    members = cluster.community.accounts
    for clue, family, value, words in (
        (
            "members_registered_by_tool",
            "A1",
            found.tools.registered_by_agent[members],
            "were registered by an agent tool",
        ),
        ("members_posting_by_tool", "A1", found.tools.posting_share[members], "posted notes through an agent tool"),
        ("members_interacting_by_tool", "A1", found.tools.interaction_share[members], "acted through an agent tool"),
        ("members_with_machine_clock", "A2", found.machine_cadence[members], "keep a clock that people do not keep"),
        ("members_likely_managed", "context", probability[members] > LIKELY, "are likely managed, on own evidence"),
    ):
        n = int((value > 0).sum())
        if n:
            yield _count(cluster, clue, family, n, f"{n} of {len(members)} members {words}.")
    yield from _nothing_known(found, cluster)


def _nothing_known(found: Conduct, cluster: Cluster) -> Iterator[Evidence]:
    members = cluster.community.accounts
    known = found.tools.known[members].sum(axis=1) > 0
    if not known.any():
        text = "Which app or tool the members used is not recorded; that is no evidence either way."
        yield _count(cluster, "unknown_tools", "context", 0, text)
    elif not (found.tools.agent[members].sum(axis=1) > 0).any():
        text = f"No agent tool was seen with any of the {int(known.sum())} members whose apps are known."
        yield _count(cluster, "against_no_agent_tool", "context", int(known.sum()), text)


def _count(cluster: Cluster, clue: str, family: str, n: int, sentence: str) -> Evidence:
    return Evidence(f"cluster:{cluster.cluster_id}", clue, family, "platform", float(n), "accounts", None, sentence)
