"""The way of each member of a cluster through the policy: what is known of it, which rule, what held back, which measure.

In: the run's facts and decisions. Out: one :class:`Path` a member. A member that the policy did not look at, or of which no rule
proposes anything, has a path too: most members of most clusters end at "no measure", and that is to be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphscan.reports.frames import Frames
from graphscan.reports.words import missing, spoken

STAGES = ("members", "what is known", "rule", "held back by", "proposed")
"""The five stages of a path."""

NOT_LOOKED_AT = "not looked at"
NO_RULE = "no rule applies"
NOTHING = "nothing"
NO_MEASURE = "no measure"


@dataclass(frozen=True)
class Path:
    """The five stages of one member, in words; ``measure`` is none, warn, limit or ban."""

    account_id: str
    stages: tuple[str, ...]
    measure: str


def paths_of(frames: Frames, cluster_id: str) -> list[Path]:
    """Return the way of every member of a cluster; InputError when there is no such cluster."""
    members = sorted(frames.members_of(cluster_id)["account_id"])
    facts = {f["account_id"]: f for f in frames.where("facts", account_id=members).to_dict("records")}
    decided = {d["subject"]: d for d in frames.where("decisions", subject=members).to_dict("records")}
    return [_path(cluster_id, account, facts.get(account), decided.get(account)) for account in members]


def _path(cluster_id: str, account: str, fact: Mapping[Any, Any] | None, decision: Mapping[Any, Any] | None) -> Path:
    if decision is None:
        stages = (cluster_id, _known(fact), NOT_LOOKED_AT if fact is None else NO_RULE, NOTHING, NO_MEASURE)
        return Path(account, stages, "none")
    # the numbers after the semicolon are the account's own; with them everybody would go a way alone
    held = "; ".join(guard.partition(";")[0] for guard in decision["blocked_by"]) or NOTHING
    return Path(
        account, (cluster_id, _known(fact), spoken(decision["rule"]), held, _proposed(decision)), decision["measure"]
    )


def _known(fact: Mapping[Any, Any] | None) -> str:
    if fact is None:
        return NOT_LOOKED_AT
    families = list(fact["families"])
    roles = [spoken(role) for role in fact["roles"]]
    told = f"own evidence {', '.join(families)}" if families else "no own evidence"
    return f"{told}; {', '.join(roles)}" if roles else told


def _proposed(decision: Mapping[Any, Any]) -> str:
    days = "" if missing(decision["days"]) else f", {int(decision['days'])} days"
    return f"{spoken(decision['detail'])}{days}"
