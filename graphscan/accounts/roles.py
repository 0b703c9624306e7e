"""Roles: why an account may stand in a cluster without being of it.

In: layers, clusters, conduct, direction. Out: :class:`Roles`. Victims, idols, receivers, bridges and hijacked accounts get a role of
their own, and never a measure by what others do.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from graphscan.behaviours.actions import Flags


@dataclass(frozen=True)
class Roles:
    """One row an account in each.

    ``object_owner``: the cluster acts on its notes. ``receiver``: the cluster answers it, follows it or writes to it.
    ``bridge``: without it the cluster falls apart, or it belongs to several. ``leader``: nearly always the first
    member on an occasion, so that it is charged with nothing as a follower. ``compromised``: an old, clean history and a
    sudden change of conduct: an account to be secured, not punished.
    """

    object_owner: Flags
    receiver: Flags
    bridge: Flags
    leader: Flags
    compromised: Flags

    def of(self, code: int) -> list[str]:
        """The names of one account's roles."""
        return [f.name for f in fields(self) if getattr(self, f.name)[code]]


def no_roles(n_accounts: int) -> Roles:
    """Return what is known when there is no cluster."""
    return Roles(*(np.zeros(n_accounts, np.bool_) for _ in fields(Roles)))
